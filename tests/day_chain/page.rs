//! The Python of docs/verify.md, run as it stands on the page.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use accesswatch::evidence::chain;
use accesswatch::evidence::pack::{Pack, PackDescription, Page};
use accesswatch::evidence::proof::InclusionProof;
use accesswatch::evidence::warc::{Record, RecordId, RecordKind, digest};
use accesswatch::model::Time;
use accesswatch::store::{EntryContent, RowFilter, Store};

use crate::chained::Chained;
use crate::support::skipped::skip;

const PAGE: &str = include_str!("../../docs/verify.md");

/// The code blocks of the page.
fn programs() -> Vec<&'static str> {
    let blocks = PAGE.split("```python\n").skip(1);
    blocks.map(|b| b.split("```").next().unwrap()).collect()
}

/// What Python prints, and whether it ended well; `None` where there is no Python.
fn python(program: &Path, args: &[&str], input: &str) -> Option<(bool, String)> {
    let mut child = Command::new("python3")
        .arg(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    // A program that does not read its input may be gone.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    Some((output.status.success(), text))
}

/// A pack of every record in the store, with an exchange.
fn pack(chained: &Chained) -> Vec<u8> {
    let store = Store::open_read_only(&chained.store()).unwrap();
    let reader = store.reader().unwrap();
    let newest = reader.newest_closed_day().unwrap().unwrap().day.day;
    let (mut lines, mut proofs) = (Vec::new(), Vec::new());
    reader
        .visit_entries(&RowFilter::default(), |entry| {
            let day = entry.day.unwrap();
            let leaves = reader.day_leaves(day).unwrap();
            let index = leaves.records.iter().position(|(uid, _)| *uid == entry.uid);
            let closed = Some(day).filter(|day| *day <= newest);
            let uid = entry.uid.as_str();
            proofs.push(InclusionProof::new(uid, closed, &leaves.all(), index.unwrap()).unwrap());
            let EntryContent::Line(line) = entry.content else {
                panic!("{uid} cannot be read");
            };
            lines.extend([line, b"\n".to_vec()].concat());
            true
        })
        .unwrap();
    assert!(proofs.iter().any(|proof| proof.day.is_none()));
    assert!(proofs.iter().any(|proof| proof.path.len() > 1));
    let at: Time = "2026-11-29T14:04:26Z".parse().unwrap();
    let url = "https://example.org/";
    let description = PackDescription {
        title: "Report #12".to_owned(),
        description: "The full-text button is not shown.".to_owned(),
        created: at,
        pages: vec![Page {
            url: url.to_owned(),
            title: "Record".to_owned(),
            at,
        }],
    };
    let mut pack = Pack::new(
        std::io::Cursor::new(Vec::new()),
        &description,
        &exchange(at),
    )
    .unwrap();
    pack.file("records.jsonl", &lines).unwrap();
    pack.file("proof.json", &serde_json::to_vec(&proofs).unwrap())
        .unwrap();
    pack.file("chain.csv", chained.read("chain.csv").as_bytes())
        .unwrap();
    pack.finish(&description).unwrap().into_inner()
}

/// The members of a request and its response.
fn exchange(at: Time) -> Vec<Vec<u8>> {
    let record = |kind, content: &'static str, block: &str, payload: &str| {
        let id = RecordId::derived("a", 0, kind);
        let record = Record::new(id, kind, at, content, block.as_bytes().to_vec());
        record
            .target("https://example.org/")
            .with("WARC-Payload-Digest", &digest(payload.as_bytes()))
            .member()
            .unwrap()
    };
    let page = "<title>Record</title><p>The abstract.</p>";
    let response = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    );
    let request = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
    vec![
        record(
            RecordKind::Response,
            "application/http;msgtype=response",
            &response,
            page,
        ),
        record(
            RecordKind::Request,
            "application/http;msgtype=request",
            request,
            "",
        ),
    ]
}

/// The pack with one file changed.
fn changed(pack: &[u8], name: &str, from: &str, to: &str) -> Vec<u8> {
    let mut read = zip::ZipArchive::new(std::io::Cursor::new(pack)).unwrap();
    let mut write = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..read.len() {
        let mut file = read.by_index(index).unwrap();
        let path = file.name().unwrap().into_owned();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut file, &mut content).unwrap();
        if path == name {
            let text = String::from_utf8(content).unwrap();
            assert!(text.contains(from), "{name}: {text}");
            content = text.replacen(from, to, 1).into_bytes();
        }
        let options = zip::write::SimpleFileOptions::default();
        write.start_file(&path, options).unwrap();
        write.write_all(&content).unwrap();
    }
    write.finish().unwrap().into_inner()
}

#[test]
fn the_python_of_the_page_says_what_verify_says() {
    let chained = Chained::new();
    let folder = tempfile::tempdir().unwrap();
    let (verify_pack, day_root) = match programs()[..] {
        [pack, day] => (pack, day),
        ref other => panic!("{} programs", other.len()),
    };
    assert_eq!(verify_pack.lines().count(), 20, "twenty lines");
    let script = folder.path().join("verify_pack.py");
    fs::write(&script, verify_pack).unwrap();
    // The gate hands the pack to other programs.
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("evidence");
    fs::create_dir_all(&kept).unwrap();
    let file = kept.join("report-12.wacz");
    let whole = pack(&chained);
    fs::write(&file, &whole).unwrap();
    let name = file.to_str().unwrap();
    chained.verify(&[name]).ends(0);
    let Some((is_well, text)) = python(&script, &[name], "") else {
        skip("there is no python3 here");
        return;
    };
    assert!(is_well && text == "everything holds\n", "{text}");
    let (days, _) = chain::read(&chained.read("chain.csv"));
    let root = chain::hex(&days[0].root);
    for (path, from, to) in [
        ("accesswatch/records.jsonl", "127.0.0.1", "127.0.0.2"),
        ("accesswatch/chain.csv", root.as_str(), &"0".repeat(64)),
        ("accesswatch/proof.json", "\"index\":0", "\"index\":1"),
    ] {
        let bad = folder.path().join("bad.wacz");
        fs::write(&bad, changed(&whole, path, from, to)).unwrap();
        let bad = bad.to_str().unwrap();
        chained.verify(&[bad]).ends(1);
        let (is_well, text) = python(&script, &[bad], "").unwrap();
        assert!(
            !is_well && text.contains("AssertionError"),
            "{path}: {text}"
        );
    }
    let script = folder.path().join("root.py");
    fs::write(&script, day_root).unwrap();
    for day in days {
        let leaves = chained.verify(&["--leaves", &day.day.to_string()]);
        let (is_well, text) = python(&script, &[], &leaves.ends(0).out).unwrap();
        assert!(
            is_well && text.trim_end() == chain::hex(&day.root),
            "{text}"
        );
    }
}
