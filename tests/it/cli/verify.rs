//! `verify FILE`: packs, WARC files and day chains, intact and damaged, through the binary.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use accesswatch::evidence::chain::{self, Day};
use accesswatch::evidence::merkle;
use accesswatch::evidence::pack::{Pack, PackDescription, Page};
use accesswatch::evidence::proof::InclusionProof;
use accesswatch::evidence::warc::{Record, RecordId, RecordKind, Series, WarcWriter, digest};
use accesswatch::model::Time;
use assert_cmd::Command;

fn at() -> Time {
    "2026-11-29T14:04:26Z".parse().unwrap()
}

fn response() -> Record {
    let kind = RecordKind::Response;
    let block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\npage".to_vec();
    let id = RecordId::derived("a", 0, kind);
    Record::new(id, kind, at(), "application/http;msgtype=response", block)
        .target("https://example.org/")
        .with("WARC-Payload-Digest", &digest(b"page"))
}

fn day() -> Day {
    let leaf = merkle::leaf(br#"{"measurement_uid":"a"}"#);
    Day::close(at().date_naive(), &[leaf], &[], chain::GENESIS)
}

fn chain_file() -> String {
    format!("{}\n{}\n", chain::HEAD.join(","), day().line())
}

fn pack_file() -> Vec<u8> {
    let page = Page {
        url: "https://example.org/".to_owned(),
        title: "Record".to_owned(),
        at: at(),
    };
    let about = PackDescription {
        title: "Report #12".to_owned(),
        description: "The full-text button is not shown.".to_owned(),
        created: at(),
        pages: vec![page],
    };
    let members = [response().member().unwrap()];
    let mut pack = Pack::new(Cursor::new(Vec::new()), &about, &members).unwrap();
    let line = br#"{"measurement_uid":"a"}"#;
    let proof = InclusionProof::new("a", Some(day().day), &[merkle::leaf(line)], 0).unwrap();
    pack.file("records.jsonl", &[line.as_slice(), b"\n"].concat())
        .unwrap();
    pack.file("proof.json", &serde_json::to_vec(&[proof]).unwrap())
        .unwrap();
    pack.file("chain.csv", chain_file().as_bytes()).unwrap();
    pack.finish(&about).unwrap().into_inner()
}

fn warc_file(folder: &Path) -> Vec<u8> {
    let mut writer = WarcWriter::new(folder, Series::Status);
    let place = writer.append(&response(), at()).unwrap();
    writer.sync().unwrap();
    fs::read(folder.join(place.file)).unwrap()
}

/// The exit status and the output of both streams.
fn verify(path: &Path, more: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("accesswatch").unwrap();
    // No workspace is near: a file is verified by itself.
    command.current_dir(path.parent().unwrap());
    let output = command.arg("verify").arg(path).args(more).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code().unwrap(),
        String::from_utf8(text).unwrap(),
    )
}

#[test]
fn whole_files_hold() {
    let folder = tempfile::tempdir().unwrap();
    let warc = warc_file(folder.path());
    for (name, content, said) in [
        (
            "report-12.wacz",
            pack_file(),
            "1 measurement record, 1 day of the chain checked; everything holds",
        ),
        (
            "a.warc.gz",
            warc,
            "1 file, 2 WARC records checked; everything holds",
        ),
        (
            "chain.csv",
            chain_file().into_bytes(),
            "1 file, 1 day of the chain checked; everything holds",
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let (status, text) = verify(&path, &[]);
        assert_eq!(status, 0, "{text}");
        assert!(text.contains(said), "{text}");
        let (status, json) = verify(&path, &["--format", "json"]);
        assert_eq!(status, 0, "{json}");
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["faults"], serde_json::json!([]));
    }
}

#[test]
fn what_does_not_hold_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut warc = warc_file(folder.path());
    let last = warc.len() - 30;
    warc.truncate(last);
    let chain = chain_file().replace("2026-11-29", "2026-11-28");
    for (name, content, said) in [
        ("torn.warc.gz", warc, "torn.warc.gz: byte "),
        (
            "chain.csv",
            chain.into_bytes(),
            "2026-11-28: the value is not made of",
        ),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let (status, text) = verify(&path, &[]);
        assert_eq!(status, 1, "{text}");
        assert!(text.contains("1 thing does not hold:"), "{text}");
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_file_of_another_kind_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in [
        ("empty", ""),
        ("text.wacz", "some text"),
        ("broken.wacz", "PK\u{3}\u{4}no"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        let (status, text) = verify(&path, &[]);
        assert_eq!(status, 3, "{text}");
        assert!(text.contains(name), "{text}");
    }
    let (status, text) = verify(&folder.path().join("missing.wacz"), &[]);
    assert_eq!(status, 3, "{text}");
}
