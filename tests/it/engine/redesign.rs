//! A full-text button that is gone: withdrawn, or redesigned, as its sibling shows.

use accesswatch::engine::due::Job;
use accesswatch::model::{Code, ProbeKey, VantageId};

use crate::support::engine::{engine, jobs, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const WITH: &str = "<title>论文</title><h1>论文</h1><p>摘要</p><a id=pdfDown>下载</a>";
const WITHOUT: &str = "<title>论文</title><h1>论文</h1><p>摘要</p>";

fn record(id: &str, url: &str, more: &str) -> String {
    format!(
        "[[probe]]\nid = \"{id}\"\nname = \"{id}\"\nlevel = \"abstract\"\nurl = \"{url}\"\n{more}\n\
         [probe.expect]\ncontains = [\"摘要\"]\n[probe.expect.level]\nfulltext = [\"#pdfDown\"]\n"
    )
}

/// Journals and dissertations, each of which distinguishes a redesign from a withdrawal of the
/// other.
fn library(site: &Site) -> TestWorkspace {
    site.set("/control", Answer::html("works"));
    site.set("/journal", Answer::html(WITH));
    site.set("/thesis", Answer::html(WITH));
    let watch = TestWorkspace::new(&site.url("/control"));
    let notices = include_str!("../../../probes/signatures/notices.csv");
    watch.write("probes/signatures/notices.csv", notices);
    let source = "[source]\nid = \"cnki\"\nname = \"CNKI\"\nname_zh = \"知网\"\ngroup = \"test\"\naccess = \"public\"\n";
    let journal = record("journal", &site.url("/journal"), "");
    let thesis = record("thesis", &site.url("/thesis"), "sibling = \"cnki/journal\"");
    watch.write(
        "probes/test/cnki.toml",
        &format!("{source}{journal}{thesis}"),
    );
    watch
}

/// The code of the dissertations: both are measured, the pages change, and then only the
/// dissertations are due.
async fn seen_after(journal: &str, thesis: &str) -> (Code, Vec<String>) {
    let site = Site::start();
    let watch = library(&site);
    let engine = engine(&watch).await;
    make(&engine, jobs(&engine).await).await;
    site.set("/journal", Answer::html(journal));
    site.set("/thesis", Answer::html(thesis));
    let alone = Job {
        probe: ProbeKey::new("cnki", "thesis"),
        vantage: VantageId::from("here"),
        since: None,
        slot: None,
        gaps: Vec::new(),
    };
    let report = make(&engine, vec![alone]).await;
    let key = (ProbeKey::new("cnki", "thesis"), VantageId::from("here"));
    let status = &report.tracker.statuses[&key];
    let code = status.observed.code;
    if code == Code::ContentWithdrawn && status.observed.signature.is_none() {
        let missing: Vec<String> = status
            .observed
            .missing
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(missing, ["level fulltext: #pdfDown"], "for the mail");
    }
    drop(engine);
    let told = watch.run(&["rejudge"]).ends(0);
    assert!(
        told.err.contains("nothing changes"),
        "{}{}",
        told.out,
        told.err
    );
    let stored = watch
        .run(&["export", "measurements", "--format", "csv"])
        .ends(0);
    let codes = stored
        .out
        .lines()
        .filter(|line| line.contains("/thesis"))
        .map(|line| line.split(',').nth(10).unwrap().to_owned())
        .collect();
    (code, codes)
}

#[tokio::test]
async fn gone_from_one_kind_alone_it_is_withdrawn() {
    let (code, stored) = seen_after(WITH, WITHOUT).await;
    assert_eq!(code, Code::ContentWithdrawn);
    assert!(
        stored[1..].iter().all(|c| c == "content.withdrawn"),
        "{stored:?}"
    );
}

#[tokio::test]
async fn gone_from_the_sibling_too_the_level_is_unproven_though_the_sibling_was_not_due() {
    let (code, stored) = seen_after(WITHOUT, WITHOUT).await;
    assert_eq!(code, Code::ContentUnproven);
    assert!(
        stored[1..].iter().all(|c| c == "content.unproven"),
        "{stored:?}"
    );
}

/// A database that closes all its types at once says so, and a redesign never does.
#[tokio::test]
async fn a_notice_of_closing_in_the_place_of_both_is_no_redesign() {
    const CLOSED: &str = "<title>公告</title><p>本数据库已于2026年11月1日起停止对外服务。</p>";
    let (code, stored) = seen_after(CLOSED, CLOSED).await;
    assert_eq!(code, Code::ContentWithdrawn);
    assert!(
        stored[1..].iter().all(|c| c == "content.withdrawn"),
        "{stored:?}"
    );
}
