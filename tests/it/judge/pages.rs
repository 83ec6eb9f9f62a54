//! Golden pages: `tests/pages/*.toml`, judged with the shipped signatures.

use std::collections::BTreeSet;

use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::signature::{Location, PatternType, SignatureRow};
use accesswatch::model::{Catalogue, Code, Locus};

use super::golden::{Page, pages};
use super::record::{answer, answered, now, shipped};

#[test]
fn golden_pages() {
    let faults: Vec<String> = pages()
        .iter()
        .filter_map(|page| page.check().err())
        .collect();
    assert!(
        faults.is_empty(),
        "{} of {} pages:\n{}",
        faults.len(),
        pages().len(),
        faults.join("\n")
    );
}

/// Each shipped row decides at least one page, and every row that a page names is shipped.
#[test]
fn every_row_has_its_page() {
    let shown: BTreeSet<&str> = pages()
        .iter()
        .filter_map(|page| page.signature.as_deref())
        .filter(|name| !name.is_empty())
        .collect();
    let rows: BTreeSet<&str> = shipped().iter().map(|row| row.name.as_str()).collect();
    let missing: Vec<&&str> = rows.difference(&shown).collect();
    assert!(
        missing.is_empty(),
        "{} rows without a page: {missing:?}",
        missing.len()
    );
    let unknown: Vec<&&str> = shown.difference(&rows).collect();
    assert!(
        unknown.is_empty(),
        "pages of rows that are not there: {unknown:?}"
    );
    assert!(rows.len() >= 250, "{} rows", rows.len());
}

/// Good pages that could be taken for others: each contains the pattern of a row, or words of its
/// page.
#[test]
fn traps_are_many_and_could_snap() {
    let traps: Vec<&Page> = pages()
        .iter()
        .filter(|page| !page.trap.is_empty() || !page.near.is_empty())
        .collect();
    assert!(traps.len() >= 100, "{} traps", traps.len());
    let mut faults = Vec::new();
    for page in traps {
        if page.signature.as_deref() != Some("") {
            faults.push(format!("{}: a trap has `signature = \"\"`", page.title()));
        }
        for name in &page.trap {
            match shipped().iter().find(|row| row.name == *name) {
                None => faults.push(format!("{}: no row {name}", page.title())),
                Some(row) if !holds(page, row) => {
                    faults.push(format!("{}: {name} could never match", page.title()));
                }
                Some(_) => {}
            }
        }
        for words in &page.near {
            let said = |p: &Page| p.body.contains(words) || p.url.contains(words);
            let of_row = |p: &Page| p.signature.as_deref().is_some_and(|s| !s.is_empty());
            if !said(page) || !pages().iter().any(|p| of_row(p) && said(p)) {
                faults.push(format!("{}: no known page says `{words}`", page.title()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Whether the bare pattern of a row, without its bounds, occurs where the row searches.
fn holds(page: &Page, row: &SignatureRow) -> bool {
    let pattern = match row.pattern_type {
        PatternType::Regexp => row.pattern.clone(),
        _ => regex::escape(&row.pattern),
    };
    let regex = regex::RegexBuilder::new(&pattern)
        .case_insensitive(true)
        .multi_line(true)
        .build()
        .unwrap();
    let of_headers = |wanted: &str| -> Vec<String> {
        let named = page
            .headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(wanted));
        named.map(|(_, value)| value.clone()).collect()
    };
    let texts: Vec<String> = match &row.location {
        // Tags split words in the source that readers see as one.
        Location::Body => vec![page.body.clone(), untagged(&page.body)],
        Location::Title => untagged(&page.body).lines().map(str::to_owned).collect(),
        Location::Header => page
            .headers
            .iter()
            .map(|(n, v)| format!("{n}: {v}"))
            .collect(),
        Location::HeaderNamed(name) => of_headers(name),
        Location::Cookie => of_headers("set-cookie")
            .iter()
            .filter_map(|cookie| Some(cookie.split('=').next()?.to_owned()))
            .collect(),
        Location::Url => {
            let quoted = page.body.split(['"', '\'']).map(str::to_owned);
            quoted
                .chain([page.url.clone()])
                .chain(page.final_url.clone())
                .collect()
        }
        Location::Dns => Vec::new(),
    };
    texts.iter().any(|text| regex.is_match(text))
}

fn untagged(html: &str) -> String {
    regex::Regex::new("<[^>]*>")
        .unwrap()
        .replace_all(html, "\n")
        .into_owned()
}

/// A page that is known only to look like a refusal does not match unconfirmed rows.
#[test]
fn a_false_positive_rules_out_what_is_not_confirmed() {
    let row = |name: &str, scope: &str, pattern: &str, confirmed: bool| SignatureRow {
        name: name.to_owned(),
        scope: scope.to_owned(),
        location: Location::Body,
        pattern_type: PatternType::Contains,
        pattern: pattern.to_owned(),
        code: Code::SiteWafBlock,
        locus: Locus::Unknown,
        status: Vec::new(),
        max_bytes: None,
        unless: None,
        confirmed,
        removed_by: None,
        source: String::new(),
        notes: String::new(),
    };
    let m = answered(
        "https://a.example/",
        answer("https://a.example/", 403, &[], "<b id=x7>no</b><i id=y8>"),
    );
    let signature = |rows: &[SignatureRow]| {
        let judge = Judge::new(&Catalogue::default(), rows);
        let reading = judge.read(&m, None);
        judge
            .decide(&reading, &m, None, &History::new(), now())
            .signature
    };
    let imported = row("imported", "prod", "<b id=x7>", false);
    let good = row("good", "fp", "<i id=y8>", false);
    let elsewhere = row("elsewhere", "fp", "<i id=z9>", false);
    let known = row("known", "serv", "<b id=x7>", true);
    assert_eq!(
        signature(std::slice::from_ref(&imported)).as_deref(),
        Some("imported")
    );
    assert_eq!(signature(std::slice::from_ref(&good)), None);
    assert_eq!(signature(&[imported.clone(), good.clone()]), None);
    assert_eq!(
        signature(&[imported, elsewhere]).as_deref(),
        Some("imported")
    );
    assert_eq!(signature(&[good, known]).as_deref(), Some("known"));
}
