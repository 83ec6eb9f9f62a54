//! Known events of the past: loaded with the workspace, shown where people look, faulty rows
//! reported with their lines.

use std::path::Path;

use accesswatch::config;
use accesswatch::model::timeline::TimelineKind;
use assert_cmd::Command;

use crate::support::cli_fixture::CliFixture;

fn shipped() -> config::Workspace {
    config::load_with(Path::new(env!("CARGO_MANIFEST_DIR")), &|_| None)
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn workspace() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    config::init(dir.path()).unwrap();
    dir
}

fn accesswatch(dir: &Path, args: &[&str]) -> (String, String, i32) {
    let mut command = Command::cargo_bin("accesswatch").unwrap();
    let out = command.arg("--dir").arg(dir).args(args).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        text(out.stdout),
        text(out.stderr),
        out.status.code().unwrap(),
    )
}

#[test]
fn what_is_shipped_is_dated_in_order_and_says_where_it_is_known_from() {
    let timeline = shipped().catalogue.timeline;
    assert!(timeline.len() >= 35, "{} events", timeline.len());
    assert!(timeline.is_sorted_by_key(|e| e.date));
    assert!(timeline.iter().all(|e| !e.reference.is_empty()));
    let restored = timeline.iter().filter(|e| e.kind == TimelineKind::Restored);
    assert!(restored.count() >= 3, "a return is an event too");
}

#[test]
fn every_row_of_the_file_is_of_a_shipped_source_and_in_the_docs() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rows = std::fs::read_to_string(root.join("probes/timeline.csv")).unwrap();
    let docs = std::fs::read_to_string(root.join("docs/timeline.md")).unwrap();
    let timeline = shipped().catalogue.timeline;
    assert_eq!(rows.lines().count() - 1, timeline.len());
    for event in &timeline {
        let row = docs
            .lines()
            .find(|l| l.contains(&event.date.to_string()) && l.contains(&event.event));
        assert!(row.is_some(), "not in docs/timeline.md: {}", event.line());
    }
}

#[test]
fn people_see_it_in_notes_and_in_the_status_of_a_source() {
    let dir = workspace();
    let (notes, _, _) = accesswatch(dir.path(), &["note", "list", "--format", "csv"]);
    assert!(notes.contains("timeline,cnki,2023-04-01"), "{notes}");
    let (_, status, code) = accesswatch(dir.path(), &["status", "--source", "customs"]);
    assert_eq!(code, 0);
    assert!(
        status.contains(
            "known: 2024-04-17: Reported open to foreign addresses again (RSSHub #15271)"
        ),
        "{status}"
    );
    assert!(!status.contains("2023-04-01"), "another source's: {status}");
}

#[test]
fn faulty_rows_are_told_each_with_its_line_and_mend() {
    let dir = workspace();
    let file = dir.path().join("probes/timeline.csv");
    let rows = "date,source,event,kind,reference\n\
        2023-04-01,cnki,Good,restriction,x\n\
        1 April,cnki,No day,restriction,x\n\
        2023-04-01,cnki,No kind,restrict,x\n\
        2023-04-01,,No source,other,x\n";
    std::fs::write(&file, rows).unwrap();
    let (_, faults, code) = accesswatch(dir.path(), &["check"]);
    assert_eq!(code, 2);
    for told in [
        "probes/timeline.csv:3:1: error: `1 April` is not a day",
        "probes/timeline.csv:4:1: error: `restrict` is not a kind of event",
        "did you mean `restriction`?",
        "probes/timeline.csv:5:1: error: a row names its source",
    ] {
        assert!(faults.contains(told), "{told} is not in {faults}");
    }
    std::fs::write(&file, "when,what\n").unwrap();
    let (_, faults, _) = accesswatch(dir.path(), &["check"]);
    assert!(
        faults.contains("these are not the columns of a timeline"),
        "{faults}"
    );
}

#[test]
fn a_workspace_without_the_file_has_no_timeline_and_own_sources_may_have_one() {
    let dir = workspace();
    std::fs::remove_file(dir.path().join("probes/timeline.csv")).unwrap();
    let loaded = config::load_with(dir.path(), &|_| None).unwrap_or_else(|f| panic!("{f}"));
    assert!(loaded.catalogue.timeline.is_empty());
}

#[test]
fn incidents_their_mails_and_statuses_show_what_is_known_of_the_source() {
    let fixture = CliFixture::observed();
    let file = "date,source,event,kind,reference\n\
        2023-04-01,papers,Theses suspended,restriction,Notice of 2023-03-17\n\
        2023-05-01,others,Not of this source,restriction,x\n\
        2099-01-01,papers,Not yet,announced,x\n";
    fixture.watch.write("probes/timeline.csv", file);
    fixture.breaks();
    fixture.run_all();
    let told = "1 April 2023: Theses suspended (Notice of 2023-03-17)";
    let listed = "2023-04-01: Theses suspended (Notice of 2023-03-17)";
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    let status = fixture.watch.run(&["status", "--source", "papers"]).ends(0);
    let mails = fixture.watch.mails();
    let mail = mails
        .iter()
        .find(|m| m.contains("closed (report #1)"))
        .unwrap();
    for (place, text, known) in [
        ("incident", &shown, told),
        ("status", &status.err, listed),
        ("mail", mail, told),
    ] {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(known), "{place}: {text}");
        for other in ["Not of this source", "Not yet"] {
            assert!(!text.contains(other), "{place} tells of {other}");
        }
    }
}

/// A library's own source may have the id of a shipped one: the shipped source's events are not its
/// own.
#[test]
fn a_row_is_of_an_id_at_its_host() {
    let dir = workspace();
    let path = dir.path().join("probes/timeline.csv");
    let rows = "date,source,event,kind,reference,host\n\
        2023-04-01,customs,Of the real one,restriction,x,customs.gov.cn\n\
        2023-04-02,customs,Of another host,restriction,x,toms.gov.cn\n\
        2023-04-03,customs,Of any host,restriction,x,\n";
    std::fs::write(&path, rows).unwrap();
    let known = || {
        let loaded = config::load_with(dir.path(), &|_| None).unwrap_or_else(|f| panic!("{f}"));
        let events = loaded.catalogue.timeline.into_iter();
        events.map(|e| e.event).collect::<Vec<_>>()
    };
    assert_eq!(known(), ["Of the real one", "Of any host"]);
    let own = std::fs::read_dir(dir.path().join("probes")).unwrap();
    let folders = own.map(|f| f.unwrap().path()).filter(|f| f.is_dir());
    let files = folders.flat_map(|f| std::fs::read_dir(f).unwrap().map(|f| f.unwrap().path()));
    let is_customs = |f: &std::path::PathBuf| {
        std::fs::read_to_string(f).is_ok_and(|text| text.contains("id = \"customs\""))
    };
    let file = files
        .filter(|f| f.extension().is_some_and(|e| e == "toml"))
        .find(is_customs);
    let file = file.unwrap();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("customs.gov.cn", "own.example")).unwrap();
    assert_eq!(known(), ["Of any host"]);
}
