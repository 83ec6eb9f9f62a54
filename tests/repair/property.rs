//! Nothing but the repaired places changes, in every document of the tests.

use std::path::{Path, PathBuf};

use accesswatch::links::read::{citations, read};
use accesswatch::links::repair::RepairOptions;
use accesswatch::model::link::LinkState;
use accesswatch::model::repair::RepairAction;
use proptest::prelude::*;

use crate::support::repaired;

fn documents() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/links");
    let mut all = Vec::new();
    for sub in ["text", "office"] {
        for entry in std::fs::read_dir(folder.join(sub)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_list = name
                .strip_suffix(".json")
                .is_some_and(|d| path.with_file_name(d).exists());
            if !is_list && name != "expected.json" {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

/// A fate for each link, by its bytes: all kinds of them in every document.
#[allow(clippy::unnecessary_wraps)] // a fate may be unknown
fn by_hash(identity: &str) -> Option<LinkState> {
    let sum: u32 = identity.bytes().map(u32::from).sum();
    Some(match sum % 4 {
        0 => LinkState::Alive,
        1 => LinkState::Moved,
        _ => LinkState::Gone,
    })
}

/// Whether `after` is `before` with insertions only: each byte is found again in order.
fn is_subsequence(before: &[u8], after: &[u8]) -> bool {
    let mut rest = after.iter();
    before.iter().all(|byte| rest.any(|other| other == byte))
}

/// Fails with the first lines that a second repair changed.
#[track_caller]
fn assert_same(name: &str, first: &[u8], second: Option<&[u8]>) {
    let Some(second) = second else { return };
    let (first, second) = (
        String::from_utf8_lossy(first),
        String::from_utf8_lossy(second),
    );
    let lines = first.lines().zip(second.lines());
    let differ: Vec<_> = lines.filter(|(a, b)| a != b).take(3).collect();
    panic!("{name} changes again: {differ:#?}");
}

#[test]
fn every_document_keeps_its_other_bytes_and_is_repaired_once() {
    let options = RepairOptions::default();
    let (mut changed, mut written) = (0, 0);
    for path in documents() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let before = std::fs::read(&path).unwrap();
        if read(&before, &name).is_err() {
            continue;
        }
        // Copies are insertions only; new addresses replace.
        let gone = |_: &str| Some(LinkState::Gone);
        let archived = repaired(&before, &name, &options, gone);
        if let Some(after) = &archived.bytes {
            written += 1;
            if !before.starts_with(b"PK") {
                assert!(is_subsequence(&before, after), "{name}");
            }
            let again = repaired(after, &name, &options, gone);
            assert_same(&name, after, again.bytes.as_deref());
        }
        let mixed = repaired(&before, &name, &options, by_hash);
        let count = |action| mixed.rows.iter().filter(|row| row.action == action).count();
        changed += count(RepairAction::Changed);
        if let Some(after) = &mixed.bytes {
            let again = repaired(after, &name, &options, by_hash);
            assert_same(&name, after, again.bytes.as_deref());
            let links = |bytes: &[u8]| citations(&read(bytes, &name).unwrap()).len();
            assert!(links(after) >= links(&before), "{name}");
        }
        if std::env::var_os("SHOW").is_some() {
            println!(
                "{name}: {} changed, {} listed, {} left",
                count(RepairAction::Changed),
                count(RepairAction::Listed),
                count(RepairAction::Left)
            );
        }
    }
    assert!(written >= 30, "{written} documents were written");
    assert!(changed >= 200, "{changed} links were repaired");
}

/// Documents of every text format with any text around their links.
fn any_document() -> impl Strategy<Value = (String, String)> {
    let link = prop::sample::select(vec![
        "http://a.example/x",
        "https://moves.example/a_b?c=1&d=2",
        "http://b.example/路径/(1)",
        "https://alive.example/",
        "https://web.archive.org/web/2020/http://a.example/x",
    ]);
    let noise = "[a-c \n\r\t,;{}\"'<>&\\[\\]()#|=@*_`.。中é]{0,12}";
    let piece = (noise, link, noise).prop_map(|(a, link, b)| format!("{a}{link}{b}"));
    let pieces = prop::collection::vec(piece, 1..4);
    let format = prop::sample::select(vec![
        ("x.bib", "@misc{k, title={", "}, url={", "}}\n"),
        ("x.ris", "TY  - ELEC\nN1  - ", "\nUR  - ", "\nER  - \n"),
        ("x.csv", "url,title\n\"", "\",", "\n"),
        ("x.md", "# A\n\n", " [x](", ")\n\n"),
        ("x.html", "<!DOCTYPE html><p>", "<a href=\"", "\">x</a></p>"),
        (
            "x.json",
            "[{\"id\":\"1\",\"note\":\"",
            "\",\"URL\":\"",
            "\"}]",
        ),
    ]);
    (format, pieces, link_only()).prop_map(|((name, open, middle, close), pieces, link)| {
        let text = pieces.concat();
        (
            name.to_owned(),
            format!("{open}{text}{middle}{link}{close}"),
        )
    })
}

fn link_only() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "http://a.example/x",
        "https://moves.example/y",
        "http://c.example/a,b",
    ])
}

proptest! {
    #[test]
    fn any_document_is_repaired_once((name, text) in any_document(), wide in any::<bool>()) {
        let bytes = if wide {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [0xff, 0xfe].into_iter().chain(units).collect()
        } else {
            text.into_bytes()
        };
        let options = RepairOptions::default();
        let facts = |written: &str| crate::support::facts(written, crate::support::by_name);
        // Broken JSON is no document.
        if let Ok(found) = accesswatch::links::repair::repair(&bytes, &name, &options, &facts)
            && let Some(after) = found.bytes
        {
            let again = accesswatch::links::repair::repair(&after, &name, &options, &facts).unwrap();
            prop_assert_eq!(again.bytes, None, "{:?}", String::from_utf8_lossy(&after));
        }
    }
}
