//! A small watched library, for tests of the command line: one source, `papers`, whose probe
//! `article` expects an abstract, a list, and the way on to the full text.

use serde_json::Value;

use super::pages::{Answer, Site};
use super::workspace::TestWorkspace;

/// A page on which every expectation holds.
pub const GOOD: &str = "<title>论文</title><h1>论文</h1><p>摘要：正文若干。</p>\
    <a id=\"pdfDown\" href=\"#\">PDF</a><ul><li class=\"row\">甲</li><li class=\"row\">乙</li></ul>";

/// The site and the workspace that watches it.
pub struct CliFixture {
    pub site: Site,
    pub watch: TestWorkspace,
}

impl CliFixture {
    /// Every page is healthy, and nothing was observed yet.
    pub fn new() -> Self {
        let site = Site::start();
        site.set("/control", Answer::html("<p>works</p>"));
        site.set("/article", Answer::html(GOOD));
        let watch = TestWorkspace::new(&site.url("/control"));
        let fixture = Self { site, watch };
        fixture.probe("contains = [\"摘要\"]", "");
        fixture
    }

    /// The article was observed once, as `ok`.
    pub fn observed() -> Self {
        let fixture = Self::new();
        fixture.run_all();
        fixture
    }

    /// Writes the source again, with this line in `[probe.expect]` and these lines in `[[probe]]`.
    /// The probe is due only once a year, so that nothing is due by chance while a test runs.
    pub fn probe(&self, expect: &str, more: &str) {
        self.watch.write(
            "probes/academic/papers.toml",
            &format!(
                r##"[source]
id = "papers"
name = "Papers"
name_zh = "论文"
group = "academic"
access = "public"

[[probe]]
id = "article"
name = "Article"
level = "abstract"
url = "{}"
schedule = "{}"
{more}

[probe.expect]
status = [200]
{expect}

[probe.expect.level]
fulltext = ["#pdfDown"]

[probe.value.rows]
select = ".row"
as = "count"
min = 1
"##,
                self.site.url("/article"),
                far_off(),
            ),
        );
    }

    /// From now on the article gives this answer.
    pub fn serves(&self, answer: Answer) {
        self.site.set("/article", answer);
    }

    /// The article is healthy.
    pub fn mends(&self) {
        self.serves(Answer::html(GOOD));
    }

    /// The article is gone.
    pub fn breaks(&self) {
        self.serves(Answer::html("<title>404</title><p>gone</p>").with_status(404));
    }

    /// One pass over everything.
    #[track_caller]
    pub fn run_all(&self) {
        self.watch.run(&["run", "--all"]).ends(0);
    }

    /// What a command prints as JSON.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        json(&self.watch, args)
    }

    /// The records in the store, one per line.
    #[track_caller]
    pub fn records(&self) -> String {
        let args = ["export", "measurements", "--format", "jsonl"];
        self.watch.run(&args).ends(0).out
    }

    /// Another workspace with the same configuration and probes, and nothing observed.
    pub fn twin(&self) -> TestWorkspace {
        let twin = TestWorkspace::new(&self.site.url("/control"));
        for file in ["config/accesswatch.toml", "probes/academic/papers.toml"] {
            let text = std::fs::read_to_string(self.watch.file(file)).unwrap();
            twin.write(file, &text);
        }
        twin
    }
}

/// What a command prints with `--format json`.
#[track_caller]
pub fn json(watch: &TestWorkspace, args: &[&str]) -> Value {
    let mut args = args.to_vec();
    args.extend(["--format", "json"]);
    serde_json::from_str(&watch.run(&args).ends(0).out).unwrap()
}

/// A yearly schedule that is half a year away from today.
fn far_off() -> String {
    let day = chrono::Utc::now() - chrono::TimeDelta::days(180);
    day.format("0 0 %-d %-m *").to_string()
}

/// The record as if it had been made this many days earlier: another measurement of another round.
pub fn earlier(record: &str, days: i64) -> String {
    let mut record: Value = serde_json::from_str(record).unwrap();
    let shift = chrono::TimeDelta::days(days);
    for key in ["measurement_start_time", "test_start_time"] {
        let time = record[key].as_str().unwrap();
        let time =
            chrono::NaiveDateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S").unwrap() - shift;
        record[key] = time.format("%Y-%m-%d %H:%M:%S").to_string().into();
    }
    let uid = format!("{}-{days}", record["measurement_uid"].as_str().unwrap());
    record["measurement_uid"] = uid.into();
    let extra = &mut record["test_keys"]["x_accesswatch"];
    let us = extra["started_us"].as_i64().unwrap() - shift.num_microseconds().unwrap();
    extra["started_us"] = us.into();
    extra["round"] = format!("{}-{days}", extra["round"].as_str().unwrap()).into();
    record.to_string()
}
