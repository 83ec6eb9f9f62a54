//! Verdicts that become others after their records were stored: within a pass, and by `rejudge`.

use std::fmt::Write as _;

use accesswatch::model::Code;
use serde_json::Value;

use crate::kept::{changes, exchanges, hold_together, read_back, reader};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

const WITH: &str = "<title>论文</title><h1>论文</h1><p>摘要</p><a id=pdfDown href=/pdf/1>下载</a>";
const WITHOUT: &str = "<title>论文</title><h1>论文</h1><p>摘要</p>";
const TYPES: [&str; 2] = ["journal", "thesis"];

const FAMILY: &str = "[source]\nid = \"cnki\"\nname = \"CNKI\"\nname_zh = \"知网\"\ngroup = \"test\"\n\
     access = \"public\"\n\n[[probe]]\nlevel = \"abstract\"\nsibling = \"cnki/journal\"\n\
     [probe.expect]\ncontains = [\"摘要\"]\n[probe.expect.level]\nfulltext = [\"#pdfDown\"]\n";

/// Each type loses its full text, which is a withdrawal until the whole family is seen.
#[test]
fn a_verdict_that_its_own_pass_changes_enters_the_chain_and_is_the_one_in_the_evidence() {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    let watch = TestWorkspace::new(&site.url("/control"));
    let mut text = FAMILY.to_owned();
    for id in TYPES {
        site.set(&format!("/{id}"), Answer::html(WITH));
        let url = site.url(&format!("/{id}"));
        let _ = write!(
            text,
            "\n[[probe.record]]\nid = \"{id}\"\nname = \"Type {id}\"\nurl = \"{url}\"\n"
        );
    }
    watch.write("probes/test/cnki.toml", &text);
    watch.run(&["run", "--all"]).ends(0);
    assert_eq!(reader(&watch).verdict_changes().unwrap(), []);
    for id in TYPES {
        site.set(&format!("/{id}"), Answer::html(WITHOUT));
    }
    watch.run(&["run", "--all"]).ends(0);

    let entries = reader(&watch).verdict_changes().unwrap();
    let kept = exchanges(&watch);
    let unproven: Vec<_> = kept
        .iter()
        .filter(|exchange| exchange.code == Code::ContentUnproven)
        .collect();
    assert_eq!(unproven.len(), 2, "{kept:#?}");
    for exchange in unproven {
        let records = read_back(&watch, exchange);
        let facts: Value = serde_json::from_slice(&records["metadata"].block).unwrap();
        assert_eq!(facts["verdict"], "content.unproven");
        assert_eq!(facts["rule"], "content.unproven.siblings");
        let own = |entry: &&(_, String)| entry.1.starts_with(exchange.uid.as_str());
        let own: Vec<_> = entries.iter().filter(own).collect();
        assert_eq!(own.len(), 1, "{entries:#?}");
        let fields: Vec<&str> = own[0].1.split('\t').collect();
        let expected = [
            "content.unproven.siblings",
            "content.withdrawn",
            "content.unproven",
        ];
        assert_eq!(fields[2..], expected);
    }
    let file = std::fs::read_to_string(watch.file("data/evidence/changes.tsv")).unwrap();
    assert_eq!(file.lines().count(), entries.len());
    watch.run(&["rejudge", "--apply"]).ends(0);
    assert_eq!(reader(&watch).verdict_changes().unwrap(), entries);
    hold_together(&watch);
    watch.run(&["verify"]).ends(0);
}

#[test]
fn a_status_that_rejudge_changes_has_evidence() {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    // A short page would be compared with a healthy one, which there never was.
    let lines = (0..300).map(|n| format!("<p>第 {n} 条，供读者查阅。</p>"));
    let page = lines.collect::<String>() + "<title>目录</title><p>正常页面</p>";
    site.set("/page", Answer::html(&page));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source("papers", &[site.url("/page")], "contains = [\"别的页面\"]");
    watch.run(&["run", "--all"]).ends(0);
    watch.run(&["run", "--all"]).ends(0);
    let before = exchanges(&watch);
    assert_eq!(before.len(), 1, "first sight");
    assert_ne!(before[0].code, Code::Ok);

    watch.edit("probes/test/papers.toml", "别的页面", "正常页面");
    watch.run(&["rejudge"]).ends(0);
    assert_eq!(
        exchanges(&watch),
        before,
        "nothing is written without --apply"
    );
    watch.run(&["rejudge", "--apply"]).ends(0);
    let change = changes(&watch).pop().unwrap();
    assert_eq!((change.from, change.to), (Some(before[0].code), Code::Ok));
    let kept = exchanges(&watch);
    let decided = kept.iter().find(|exchange| exchange.uid == change.uid);
    let records = read_back(&watch, decided.unwrap());
    let page = records.get("response").or(records.get("revisit"));
    assert!(page.is_some_and(|answer| answer.block.starts_with(b"HTTP/1.1 200")));
    hold_together(&watch);
    watch.run(&["verify"]).ends(0);
}
