//! Hostile input, and properties of every row and every rule.

use crate::support::english::English as _;
use accesswatch::judge::{Judge, Reading};
use accesswatch::model::page::History;
use accesswatch::model::probe::{Expect, ValueFrom, ValueKind, ValueSpec};
use accesswatch::model::settings::Language;
use accesswatch::model::signature::PatternType;
use accesswatch::model::{Catalogue, Code, Measurement};
use proptest::prelude::*;

use super::record::{answer, answered, judge, now, probe, shipped, verdict};

const URL: &str = "https://www.example.cn/x";

fn html(body: impl Into<Vec<u8>>) -> Measurement {
    answered(
        URL,
        answer(URL, 200, &[("Content-Type", "text/html")], body),
    )
}

#[test]
fn a_judge_and_its_readings_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<Judge>();
    crosses::<Reading>();
}

#[test]
fn nothing_is_shown_raw() {
    let body = "<title>\u{1b}[31mowned\u{202e}\u{7}</title><p>页面不存在";
    let m = html(body);
    let reading = judge().read(&m, None);
    assert_eq!(reading.facts.title.as_deref(), Some("owned"));
    let got = verdict(&m, None);
    assert_eq!(got.code, Code::ContentSoft404);
    for fact in got.evidence {
        assert!(fact.english().chars().all(|c| !c.is_control()), "{fact:?}");
    }
}

#[test]
fn two_megabytes_of_anything_are_judged() {
    let value = ValueSpec {
        name: "v".to_owned(),
        from: ValueFrom::Select("td".to_owned()),
        regex: Some("([0-9]+)x".to_owned()),
        kind: ValueKind::Number,
        format: None,
        min: Some(1.0),
        max: None,
        max_drop: None,
        max_age: None,
        calendar: None,
        must_change: None,
        changes_with: None,
    };
    let expect = Expect {
        select: vec!["div > p:not(.x) a".to_owned()],
        contains: vec!["摘要".to_owned()],
        ..Expect::default()
    };
    let p = probe(URL, expect, vec![value]);
    for piece in [
        "<div>",
        "&amp",
        "<a b='",
        "\0",
        "访问过于频繁",
        "<table><td>1x",
        "[",
        "{\"a\":",
        "\u{301}",
        "<h1>",
    ] {
        let body = piece.repeat(2 * 1024 * 1024 / piece.len());
        let m = html(body);
        let got = verdict(&m, Some(&p));
        assert!(got.code.severity().is_some(), "{piece}: {got:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_answer_is_judged(
        status in 0u16..1000,
        name in "[ -~]{0,20}",
        value in "\\PC{0,40}",
        body in proptest::collection::vec(any::<u8>(), 0..400),
        url in "(https?|file|x)://[a-z.%@:\\[\\]]{0,20}/\\PC{0,10}",
    ) {
        let m = answered(&url, answer(&url, status, &[(&name, &value), ("Content-Type", &value)], body));
        let p = probe(URL, Expect { contains: vec!["x".to_owned()], final_host: vec!["*".to_owned()], ..Expect::default() }, Vec::new());
        for probe in [None, Some(&p)] {
            let got = verdict(&m, probe);
            prop_assert!(!got.evidence.is_empty() && !got.english().is_empty());
        }
    }
}

#[test]
fn every_shipped_row_can_match_and_its_code_is_decided() {
    let decided: Vec<Code> = accesswatch::judge::rules().map(|rule| rule.code).collect();
    for row in shipped() {
        assert!(
            decided.contains(&row.code),
            "{}: no rule gives {}",
            row.name,
            row.code
        );
        if row.pattern_type == PatternType::Regexp {
            assert!(regex::Regex::new(&row.pattern).is_ok(), "{}", row.name);
        }
    }
}

#[test]
fn rule_ids_are_unique_and_cover_every_code_of_one_measurement() {
    let rules: Vec<_> = accesswatch::judge::rules().collect();
    let mut ids: Vec<&str> = rules.iter().map(|r| r.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), rules.len());
    // These need controls or a vantage's history.
    let elsewhere = [
        Code::VantageCaptive,
        Code::VantageIntercepted,
        Code::VantageClock,
        Code::VantageMoved,
    ];
    for code in Code::ALL.iter().filter(|c| !elsewhere.contains(c)) {
        assert!(
            rules.iter().any(|r| r.code == *code),
            "no rule gives {code}"
        );
    }
}

#[test]
fn records_of_ooni_are_matched_by_address() {
    let p = probe("https://www.example.cn/x/", Expect::default(), Vec::new());
    let mut catalogue = Catalogue::default();
    catalogue.probes.insert(p.key(), p.clone().into());
    let judge = Judge::new(&catalogue, &[]);
    assert_eq!(
        judge
            .probe_for(&html("x"))
            .map(accesswatch::model::Probe::key),
        Some(p.key())
    );
    let mut other = html("x");
    other.input = "http://www.example.cn/y".to_owned();
    assert!(judge.probe_for(&other).is_none());
    let reading = judge.read(&html("x"), None);
    let line_of = judge.decide(&reading, &html("x"), None, &History::new(), now());
    let m = html("x");
    let line = serde_json::to_value(accesswatch::judge::verdict_json::VerdictJson::new(
        &m,
        None,
        &line_of,
        Language::En,
    ))
    .unwrap();
    assert_eq!(line["vantage"], "ooni:US:AS0");
    assert_eq!(line["severity"], 0);
    assert_eq!(line["evidence"][0]["where"], "requests[0].response");
}

/// Selectors that would take minutes on an ordinary page: the verdict comes quickly and says
/// nothing about the source.
#[test]
fn selectors_that_take_too_long_are_a_fault_of_the_probe() {
    let rows = "<tr><td class=a><b>1</b><td class=b>2</tr>".repeat(1_500);
    let page = format!("<title>Prices</title><div><div><table>{rows}</table></div></div>");
    let m = html(page);
    let nested = |unit: &str, n: usize| (0..n).fold("i".to_owned(), |s, _| unit.replace('%', &s));
    for dear in [
        nested(":is(% *)", 10),
        nested(":not(.x %, .y % > b)", 12),
        nested(":is(% ~ *)", 9),
    ] {
        for in_level in [false, true] {
            let mut expect = Expect {
                title: vec!["Prices".to_owned()],
                ..Expect::default()
            };
            let list = vec![dear.clone()];
            if in_level {
                expect
                    .level
                    .insert(accesswatch::model::Level::Fulltext, list);
            } else {
                expect.select = list;
            }
            let probe = probe(URL, expect, vec![]);
            let begun = std::time::Instant::now();
            let got = verdict(&m, Some(&probe));
            assert_eq!(got.rule, "record.not_evaluated", "{dear:.60}");
            assert_eq!(got.code, Code::Insufficient);
            assert!(got.evidence[0].english().contains("write fewer"), "{got:?}");
            assert!(begun.elapsed().as_secs() < 20, "{dear:.60}");
            let reading = judge().read(&m, Some(&probe));
            assert!(reading.not_evaluated && reading.checks.iter().all(|c| c.fact.held));
        }
    }
    // A thousand simple selectors are no problem.
    let select: Vec<String> = (0..1_000).map(|n| format!("td.b:not(.n{n})")).collect();
    let probe = probe(
        URL,
        Expect {
            select,
            ..Expect::default()
        },
        vec![],
    );
    assert_eq!(verdict(&m, Some(&probe)).code, Code::Ok);
}
