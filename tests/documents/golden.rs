//! The files of `tests/testdata/links/office`, which `make_office.py` makes with the formats' own
//! libraries, `LibreOffice`, pandoc and `XeLaTeX`. What each cites follows from the data it was
//! made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use accesswatch::links::read::{ReadError, block::RawDocument, citations};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    title: Option<String>,
    date: Option<String>,
    error: Option<String>,
    citations: Vec<ExpectedCitation>,
}

#[derive(Deserialize)]
struct ExpectedCitation {
    url: String,
    place: String,
    count: u32,
}

/// What was found over all files.
#[derive(Debug, Default)]
struct Score {
    expected: usize,
    found: usize,
    right: usize,
    right_places: usize,
    misses: Vec<String>,
}

/// `DOCUMENTS` names another folder, such as a bigger one that the script made.
fn folder() -> PathBuf {
    std::env::var_os("DOCUMENTS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testdata/links/office"),
        PathBuf::from,
    )
}

fn expectations() -> BTreeMap<String, Expected> {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn read(name: &str) -> Result<RawDocument, ReadError> {
    accesswatch::links::read::read(&std::fs::read(folder().join(name)).unwrap(), name)
}

fn score_file(name: &str, expected: &Expected, score: &mut Score) {
    let found: Vec<(String, String, u32)> = match read(name) {
        Ok(document) => citations(&document)
            .into_iter()
            .map(|c| (c.url, c.place.to_string(), c.occurrences))
            .collect(),
        Err(error) => {
            score.misses.push(format!("{name}: {error}"));
            Vec::new()
        }
    };
    score.found += found.len();
    score.expected += expected.citations.len();
    for citation in &expected.citations {
        let same_link: Vec<_> = found
            .iter()
            .filter(|(url, ..)| *url == citation.url)
            .collect();
        let is_exact = same_link
            .iter()
            .any(|(_, place, count)| *place == citation.place && *count == citation.count);
        score.right += usize::from(!same_link.is_empty());
        score.right_places += usize::from(is_exact);
        if !is_exact {
            let places: Vec<_> = same_link
                .iter()
                .map(|(_, p, n)| format!("{p} x{n}"))
                .collect();
            score.misses.push(format!(
                "{name}: {} at {} x{}, found at {places:?}",
                citation.url, citation.place, citation.count
            ));
        }
    }
    let is_expected = |url: &String| expected.citations.iter().any(|c| c.url == *url);
    for (url, place, _) in found.iter().filter(|(url, ..)| !is_expected(url)) {
        score
            .misses
            .push(format!("{name}: {url} at {place} is not cited"));
    }
}

#[test]
fn links_and_their_places_are_found_in_files_of_all_formats() {
    let expectations = expectations();
    assert!(expectations.len() >= 60, "{} files", expectations.len());
    let mut score = Score::default();
    for (name, expected) in &expectations {
        if expected.error.is_none() {
            score_file(name, expected, &mut score);
        }
    }
    println!(
        "{} files: of {} citations {} are found, {} of them with place and count; {} in all",
        expectations.len(),
        score.expected,
        score.right,
        score.right_places,
        score.found
    );
    for miss in &score.misses {
        println!("{miss}");
    }
    let is_nearly_all = |part: usize, whole: usize| part * 100 >= whole * 99;
    assert!(is_nearly_all(score.right, score.expected), "recall");
    assert!(is_nearly_all(score.right, score.found), "precision");
    assert!(is_nearly_all(score.right_places, score.expected), "places");
}

#[test]
fn titles_and_dates_come_from_the_metadata() {
    for (name, expected) in &expectations() {
        if expected.error.is_some() {
            continue;
        }
        let document = read(name).unwrap();
        if expected.title.is_some() {
            assert_eq!(document.title, expected.title, "{name}");
        }
        if expected.date.is_some() {
            let date = document.date.map(|date| date.to_string());
            assert_eq!(date, expected.date, "{name}");
        }
    }
}

#[test]
fn files_that_cannot_be_read_are_named_with_the_reason() {
    let mut refused = 0;
    for (name, expected) in &expectations() {
        let Some(reason) = &expected.error else {
            continue;
        };
        let error = read(name).expect_err(name);
        let found = match error {
            ReadError::Encrypted => "encrypted",
            ReadError::Scanned => "scanned",
            ReadError::Unsupported { advice, .. } => {
                assert!(!advice.is_empty());
                "unsupported"
            }
            _ => "other",
        };
        assert_eq!(found, reason, "{name}");
        refused += 1;
    }
    assert!(refused >= 8, "{refused}");
}

/// A file that is cut anywhere is read in part or refused; nothing panics.
#[test]
fn files_that_are_cut_anywhere_do_no_harm() {
    for (name, expected) in &expectations() {
        if expected.error.is_some() || !name.starts_with("zh-Hans-") {
            continue;
        }
        let bytes = std::fs::read(folder().join(name)).unwrap();
        for part in 1..8 {
            let _ = accesswatch::links::read::read(&bytes[..bytes.len() * part / 8], name);
            let mut broken = bytes.clone();
            let at = bytes.len() * part / 8;
            for byte in &mut broken[at..(at + 16).min(bytes.len())] {
                *byte ^= 0x5a;
            }
            let _ = accesswatch::links::read::read(&broken, name);
        }
    }
}
