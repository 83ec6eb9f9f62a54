//! What the tests share: pages, a workspace whose archives are on loopback, a clock that jumps.

use std::sync::Arc;

use accesswatch::config;
use accesswatch::engine::copies::{CopyAnswer, CopyFinder, CopyQuestion};
use accesswatch::model::citation::PartialDate;
use accesswatch::model::clock::Clock;
use accesswatch::model::copy::CopyJudgement;

pub use crate::jumping_clock::JumpingClock;
use crate::workspace::TestWorkspace;

pub const LINK: &str = "https://library.example/reports/rivers-2019";

/// A page about something.
pub fn article(about: &str) -> String {
    format!(
        "<title>{about} - Institute</title><h1>{about}</h1><p>The report on {about} says at some length what is \
         known of {about}, who measured it in the spring of 2019, by which method, and which of the older figures \
         no longer hold. A table of all stations follows, with the names of those who keep them.</p>"
    )
}

pub fn soft_404() -> String {
    "<title>页面不存在</title><h1>404</h1><p>抱歉，您访问的页面不存在或已被删除。返回首页</p>"
        .to_owned()
}

pub fn challenge() -> String {
    "<html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and cookies to continue</noscript>\
     <script src=\"/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1\"></script></body></html>"
        .to_owned()
}

/// A workspace, a clock and a finder of copies.
pub struct Desk {
    /// Holds the folder.
    _watch: TestWorkspace,
    pub clock: Arc<JumpingClock>,
    pub finder: CopyFinder,
}

impl Desk {
    pub fn new(archives: &str) -> Self {
        let watch = watch(archives);
        let clock = JumpingClock::start();
        let workspace = config::load(watch.path()).unwrap();
        let finder = CopyFinder::new(&workspace, Arc::clone(&clock) as Arc<dyn Clock>).unwrap();
        Self {
            _watch: watch,
            clock,
            finder,
        }
    }

    pub async fn find(&self, question: &CopyQuestion) -> CopyAnswer {
        self.finder.find(question).await
    }
}

pub fn watch(archives: &str) -> TestWorkspace {
    let watch = TestWorkspace::new("http://127.0.0.1:9/");
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("probes/signatures");
    for file in std::fs::read_dir(shipped).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        watch.write(
            &format!("probes/signatures/{name}"),
            &std::fs::read_to_string(&path).unwrap(),
        );
    }
    watch.append("config/accesswatch.toml", archives);
    watch
}

pub fn question(cited_on: Option<&str>) -> CopyQuestion {
    CopyQuestion {
        cited_on: cited_on.map(|day| PartialDate::parse(day).unwrap()),
        ..CopyQuestion::of_link(LINK.parse().unwrap())
    }
}

/// What was looked at: the time stamp, the judgement and the code of each.
pub fn looks(answer: &CopyAnswer) -> Vec<String> {
    let shown = answer.copies.iter().map(|copy| {
        let stamp = copy.time.unwrap().format("%Y%m%d");
        let judged = copy.judged.map_or("-".to_owned(), |j| j.to_string());
        format!("{stamp} {judged} {}", copy.code.as_deref().unwrap_or("-"))
    });
    shown.collect()
}

/// The time stamp and the judgement of the chosen copy.
pub fn chosen(answer: &CopyAnswer, cited_on: Option<&str>) -> Option<(String, CopyJudgement)> {
    let day = cited_on.map(|day| PartialDate::parse(day).unwrap());
    let copy = answer.chosen(day)?;
    Some((copy.time?.format("%Y%m%d").to_string(), copy.judged?))
}
