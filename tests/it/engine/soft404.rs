//! Errors that answer 200: the host is asked for a made-up address, once a month, and never for a
//! healthy page.

use accesswatch::model::{Code, ProbeKey};

use crate::support::engine::{SetClock, engine_with, job, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const RECORD: &str =
    "<title>论文题名_某某学报</title><h1>论文题名</h1><p>摘要：本文讨论乡村治理中的若干问题。</p>";
const GONE: &str = "<title>某某学报</title><p>抱歉，{path} 所指的资源已经无法打开，可能已经移动或者更名，请返回首页或者使用检索。</p>";
const HOME: &str = "<title>某某学报</title><p>欢迎访问本刊网站。本刊创刊于一九五六年，双月出版，刊登农业经济与乡村治理方面的研究论文。</p>";

const PROBES: &str = "
[[probe]]
id = 'one'
level = 'abstract'
url = '{one}'
[probe.expect]
contains = ['摘要']

[[probe]]
id = 'two'
level = 'abstract'
url = '{two}'
[probe.expect]
contains = ['摘要']
";

fn watch_of(site: &Site) -> TestWorkspace {
    site.set("/control", Answer::html("works"));
    site.set("/art/one_1.html", Answer::html(RECORD));
    site.set("/art/two_2.html", Answer::html(RECORD));
    let watch = TestWorkspace::new(&site.url("/control"));
    let probes = PROBES
        .replace("{one}", &site.url("/art/one_1.html"))
        .replace("{two}", &site.url("/art/two_2.html"));
    watch.write(
        "probes/test/own.toml",
        &format!("[source]\nid = 'own'\nname = 'Own'\ngroup = 'test'\naccess = 'public'\n{probes}"),
    );
    watch
}

/// Requested paths that belong to no probe and no control.
fn made_up(site: &Site) -> Vec<String> {
    let named = ["/control", "/art/one_1.html", "/art/two_2.html"];
    let mut asked = site.asked();
    asked.retain(|path| !named.contains(&path.as_str()));
    asked
}

#[tokio::test]
async fn a_record_that_became_a_soft_error() {
    let site = Site::start();
    let watch = watch_of(&site);
    let clock = SetClock::at("2026-03-02T03:00:00Z");
    let engine = engine_with(&watch, clock.clone()).await;
    let both = || vec![job("own/one"), job("own/two")];
    let key = |id: &str| (ProbeKey::new("own", id), "here".into());
    let report = make(&engine, both()).await;
    assert_eq!(report.tracker.statuses[&key("one")].observed.code, Code::Ok);
    assert_eq!(
        made_up(&site),
        [""; 0],
        "a healthy page is compared with nothing"
    );

    site.set("*", Answer::html(GONE));
    site.set("/", Answer::html(HOME));
    let gone = |path: &str| Answer::html(&GONE.replace("{path}", path));
    site.set("/art/one_1.html", gone("/art/one_1.html"));
    let report = make(&engine, vec![job("own/one")]).await;
    assert_eq!(
        report.tracker.statuses[&key("one")].observed.code,
        Code::ContentSoft404
    );
    let asked = made_up(&site);
    assert_eq!(
        asked.len(),
        2,
        "it and the home page once, however often it is confirmed: {asked:?}"
    );
    assert_eq!(asked[1], "/");
    assert!(
        regex::Regex::new(r"^/art/[a-z]{3}_\d{13}\.html$")
            .unwrap()
            .is_match(&asked[0]),
        "{asked:?}"
    );

    // Another record of the host on another day: what is known about the host survives a restart
    // too.
    site.set("/art/two_2.html", gone("/art/two_2.html"));
    clock.set("2026-03-20T03:00:00Z");
    drop(engine);
    let engine = engine_with(&watch, clock.clone()).await;
    let report = make(&engine, both()).await;
    assert_eq!(
        report.tracker.statuses[&key("two")].observed.code,
        Code::ContentSoft404
    );
    assert_eq!(made_up(&site), ["/"], "a home page is good for a day");
    // After a month the made-up address is fetched again.
    clock.set("2026-04-05T03:00:00Z");
    make(&engine, both()).await;
    assert_eq!(made_up(&site).len(), 2);

    // The reference page is not a measurement, and the verdicts follow from the records.
    drop(engine);
    let stored = watch
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0)
        .out;
    let inputs =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["input"].to_string();
    let strange: Vec<String> = stored
        .lines()
        .map(inputs)
        .filter(|i| {
            !["one_1", "two_2", "control"]
                .iter()
                .any(|known| i.contains(known))
        })
        .collect();
    assert_eq!(strange, [""; 0]);
    let told = watch.run(&["rejudge"]).ends(0);
    let said = format!("{}{}", told.out, told.err);
    assert!(said.contains("nothing changes"), "{said}");
}

#[tokio::test]
async fn a_record_that_became_the_home_page() {
    let site = Site::start();
    let watch = watch_of(&site);
    let clock = SetClock::at("2026-03-02T03:00:00Z");
    let engine = engine_with(&watch, clock).await;
    make(&engine, vec![job("own/one")]).await;
    site.set("/", Answer::html(HOME));
    site.set("/art/one_1.html", Answer::html(HOME));
    let report = make(&engine, vec![job("own/one")]).await;
    let key = (ProbeKey::new("own", "one"), "here".into());
    assert_eq!(
        report.tracker.statuses[&key].observed.code,
        Code::ContentRedirectedHome
    );
    let asked = made_up(&site);
    assert_eq!(
        asked.len(),
        2,
        "an address that answers 404, then the home page: {asked:?}"
    );
    assert_eq!(asked[1], "/");
}

#[tokio::test]
async fn a_redesigned_record_of_a_site_with_soft_errors_is_only_changed() {
    let site = Site::start();
    let watch = watch_of(&site);
    let clock = SetClock::at("2026-03-02T03:00:00Z");
    let engine = engine_with(&watch, clock).await;
    make(&engine, vec![job("own/one")]).await;
    site.set("*", Answer::html(GONE));
    site.set("/", Answer::html(HOME));
    let redesigned = "<title>某某学报</title><p>内容提要：本文讨论乡村治理中的若干问题，并根据三省十二县的调查材料提出改进的办法，供有关部门参考。</p>";
    site.set("/art/one_1.html", Answer::html(redesigned));
    let report = make(&engine, vec![job("own/one")]).await;
    let key = (ProbeKey::new("own", "one"), "here".into());
    assert_eq!(
        report.tracker.statuses[&key].observed.code,
        Code::ContentChanged
    );
    assert!(report.tracker.incidents.is_empty());
}
