//! What a pass writes: the exchange that decided and the last healthy one before it, each once, as
//! they stood on the wire.

use std::io::Write as _;

use accesswatch::model::Code;

use crate::kept::{changes, entries, exchanges, files, hold_together, read_back, reader};
use crate::pages::{Answer, Site};
use crate::workspace::TestWorkspace;

const GOOD: &str = "<title>目录</title><h1>目录</h1><p>正常页面，供读者查阅。</p>";
const GONE: &str = "<title>Gone</title><p>the page was withdrawn</p>";

fn watched() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    site.set("/page", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source("papers", &[site.url("/page")], "contains = [\"正常页面\"]");
    (site, watch)
}

fn gone() -> Answer {
    Answer::html(GONE).with_status(410)
}

fn run(watch: &TestWorkspace) -> String {
    watch.run(&["run", "--all"]).ends(0).err
}

#[test]
fn a_change_keeps_what_decided_and_the_last_healthy_exchange_each_once() {
    let (site, watch) = watched();
    run(&watch);
    let first = exchanges(&watch);
    assert_eq!(first.len(), 1, "first sight");
    // A healthy pass writes no file of evidence, but it replaces the exchange that is kept.
    let written = || {
        std::fs::metadata(&files(&watch.file("data/evidence"))[0])
            .unwrap()
            .len()
    };
    let before = written();
    site.set("/page", Answer::html(&GOOD.replace("供", "請")));
    run(&watch);
    assert_eq!(written(), before);

    site.set("/page", gone());
    run(&watch);
    let kept = exchanges(&watch);
    let codes: Vec<Code> = kept.iter().map(|e| e.code).collect();
    assert_eq!(codes, [Code::Ok, Code::Ok, Code::HttpGone]);
    let change = &changes(&watch)[1];
    assert_eq!((change.from, change.to), (Some(Code::Ok), Code::HttpGone));
    assert_eq!(change.healthy.as_ref(), Some(&kept[1].uid));
    let healthy = read_back(&watch, &kept[1]);
    assert!(String::from_utf8_lossy(&healthy["response"].block).contains("請读者"));
    let bad = read_back(&watch, &kept[2]);
    let text = String::from_utf8_lossy(&bad["response"].block).into_owned();
    assert!(text.starts_with("HTTP/1.1 410 X\r\n"), "{text}");
    assert!(text.ends_with(GONE), "{text}");
    let metadata = String::from_utf8_lossy(&bad["metadata"].block).into_owned();
    assert!(metadata.contains("\"verdict\":\"http.gone\""), "{metadata}");

    // It comes back with the page that is kept already.
    site.set("/page", Answer::html(GOOD));
    run(&watch);
    let kept = exchanges(&watch);
    assert_eq!(kept.len(), 4, "the last healthy one is not written again");
    let back = read_back(&watch, &kept[3]);
    let refers = back["revisit"].field("WARC-Refers-To").unwrap().to_owned();
    let held = first[0]
        .records
        .iter()
        .find(|r| r.kind == "response")
        .unwrap();
    assert_eq!(refers, format!("<{}>", held.id));
    hold_together(&watch);
}

/// `text` as gzip.
fn zipped(text: &str) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_body_keeps_its_coding_and_loses_its_chunks() {
    let (site, watch) = watched();
    let wire = zipped(GOOD);
    let mut answer = Answer::html(GOOD);
    for (name, value) in [
        ("Content-Encoding", "gzip"),
        ("Transfer-Encoding", "chunked"),
    ] {
        answer.headers.push((name.to_owned(), value.to_owned()));
    }
    let (first, rest) = wire.split_at(20);
    answer.body.clear();
    for chunk in [first, rest, b""] {
        answer
            .body
            .extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        answer.body.extend_from_slice(chunk);
        answer.body.extend_from_slice(b"\r\n");
    }
    site.set("/page", answer);
    run(&watch);
    let kept = exchanges(&watch);
    let response = &read_back(&watch, &kept[0])["response"];
    assert_eq!(response.payload(), wire);
    let head = String::from_utf8_lossy(&response.block).into_owned();
    let head = head.split("\r\n\r\n").next().unwrap().to_ascii_lowercase();
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(
        head.contains(&format!("content-length: {}", wire.len())),
        "{head}"
    );
    assert!(!head.contains("transfer-encoding"), "{head}");
    hold_together(&watch);
}

#[test]
fn a_page_that_may_not_be_kept_leaves_its_head_alone() {
    let (site, watch) = watched();
    watch.edit(
        "probes/test/papers.toml",
        "access = \"public\"",
        "access = \"public\"\nstore_body = \"never\"",
    );
    run(&watch);
    site.set("/page", gone());
    run(&watch);
    let kept = exchanges(&watch);
    assert_eq!(kept.len(), 2);
    for exchange in &kept {
        let records = read_back(&watch, exchange);
        assert_eq!(records["response"].payload(), b"");
        let metadata = String::from_utf8_lossy(&records["metadata"].block).into_owned();
        assert!(
            metadata.contains("\"body_left_out\":\"store_body\""),
            "{metadata}"
        );
        assert!(metadata.contains("\"body_sha256\":\""), "{metadata}");
    }
    for entry in entries(&watch) {
        let text = String::from_utf8_lossy(&entry.block).into_owned();
        assert!(
            !text.contains("供读者查阅") && !text.contains("withdrawn"),
            "{text}"
        );
    }
}

#[test]
fn the_last_healthy_exchange_outlives_its_measurement() {
    let (site, watch) = watched();
    run(&watch);
    let tomorrow = (chrono::Utc::now() + chrono::TimeDelta::days(1)).date_naive();
    watch
        .run(&["purge", "--before", &tomorrow.to_string()])
        .ends(0);
    site.set("/page", gone());
    run(&watch);
    let kept = exchanges(&watch);
    assert_eq!(kept.len(), 2);
    hold_together(&watch);
}

#[test]
fn records_made_elsewhere_leave_evidence_of_what_they_changed() {
    let (site, watch) = watched();
    run(&watch);
    site.set("/page", gone());
    run(&watch);
    let lines = watch
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0);
    let other = TestWorkspace::new(&site.url("/control"));
    other.source("papers", &[site.url("/page")], "contains = [\"正常页面\"]");
    other.write("elsewhere.jsonl", &lines.out);
    let file = other.file("elsewhere.jsonl").display().to_string();
    other.run(&["ingest", &file]).ends(0);
    let kept = exchanges(&other);
    assert_eq!(kept.last().map(|e| e.code), Some(Code::HttpGone));
    let text = String::from_utf8_lossy(&read_back(&other, &kept[1])["response"].block).into_owned();
    assert!(text.ends_with(GONE), "{text}");
    hold_together(&other);
}

#[test]
fn a_torn_end_is_moved_aside_at_the_next_start_and_reported() {
    let (site, watch) = watched();
    run(&watch);
    let file = files(&watch.file("data/evidence")).remove(0);
    let whole = std::fs::read(&file).unwrap();
    let torn = [&whole[..], &whole[..40]].concat();
    std::fs::write(&file, torn).unwrap();
    site.set("/page", gone());
    let said = run(&watch);
    let aside = file.with_extension("gz.torn");
    assert!(said.contains(&aside.display().to_string()), "{said}");
    assert_eq!(std::fs::read(&aside).unwrap(), &whole[..40]);
    hold_together(&watch);
}

#[test]
fn a_folder_that_cannot_be_written_costs_no_pass_and_the_next_one_makes_up_for_it() {
    let (site, watch) = watched();
    watch.write("data/evidence", "not a folder");
    let said = run(&watch);
    assert!(said.contains("evidence: "), "{said}");
    assert_eq!(exchanges(&watch), []);
    assert_eq!(reader(&watch).missing_evidence().unwrap().len(), 1);
    site.set("/page", gone());
    run(&watch);
    run(&watch);
    std::fs::remove_file(watch.file("data/evidence")).unwrap();
    let said = run(&watch);
    assert!(!said.contains("evidence: "), "{said}");
    assert_eq!(exchanges(&watch).len(), 2, "what waited is written");
    hold_together(&watch);
}

#[test]
fn a_full_disk_costs_no_pass() {
    let (site, watch) = watched();
    run(&watch);
    let file = files(&watch.file("data/evidence")).remove(0);
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    let first = std::fs::read(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/full", &file).unwrap();
    site.set("/page", gone());
    let said = run(&watch);
    assert!(
        said.contains(&name) && said.contains("cannot be written"),
        "{said}"
    );
    let incidents = watch.run(&["incidents", "--format", "json"]).ends(0).out;
    assert!(incidents.contains("papers/page0"), "{incidents}");
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, first).unwrap();
    run(&watch);
    assert_eq!(exchanges(&watch).len(), 2);
    hold_together(&watch);
}
