//! A page that is the same as the last one, byte for byte, is not read again; whatever its reading
//! depends on, a change of it has the page read again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use accesswatch::judge::{Judge, Reading};
use accesswatch::model::last_reading::LastReading;
use accesswatch::model::measurement::Body;
use accesswatch::model::probe::{Expect, ValueFrom, ValueKind, ValueSpec};
use accesswatch::model::signature::{Location, PatternType, SignatureRow};
use accesswatch::model::{Catalogue, Code, Locus, Measurement, Probe, Time};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::record::{answer, answered, extra, probe};

const URL: &str = "https://lib.example.cn/list.html";
const MORNING: &str = "2026-11-23T01:00:00Z";

fn value(name: &str, kind: ValueKind, css: &str) -> ValueSpec {
    ValueSpec {
        name: name.to_owned(),
        from: ValueFrom::Select(css.to_owned()),
        regex: None,
        kind,
        format: None,
        min: None,
        max: None,
        max_drop: None,
        max_age: None,
        calendar: None,
        must_change: None,
        changes_with: None,
    }
}

/// A list with dates, and a share that is no short decimal.
fn watched() -> Probe {
    let expect = Expect {
        contains: vec!["目录".to_owned()],
        select: vec!["h1".to_owned()],
        ..Expect::default()
    };
    let values = vec![
        value("rows", ValueKind::Count, "li"),
        value("empty", ValueKind::NullShare, "b"),
        value("newest", ValueKind::Date, "i"),
    ];
    probe(URL, expect, values)
}

fn page(more: &str) -> String {
    let rows: Vec<String> = (0..12)
        .map(|n| {
            format!(
                "<li><a href=/{n}>第{n}条</a> <i>2026-11-{:02}</i></li>",
                n + 1
            )
        })
        .collect();
    format!(
        "<html><head><title>目录</title></head><body><h1>目录</h1><ul>{}</ul>\
         <b>1</b><b></b><b>3</b>{more}</body></html>",
        rows.concat()
    )
}

fn measured(at: &str, body: &str) -> Measurement {
    let headers = [("Content-Type", "text/html; charset=utf-8"), ("Date", at)];
    let mut m = answered(URL, answer(URL, 200, &headers, body));
    let mut extra = extra();
    extra.body_sha256 = Some(HEXLOWER.encode(&Sha256::digest(body)));
    extra.body_bytes = body.len() as u64;
    m.test_keys.x_accesswatch = Some(extra);
    m.measurement_start_time = at.parse::<Time>().unwrap();
    if let Some(extra) = &mut m.test_keys.x_accesswatch {
        extra.started_us = m.measurement_start_time.timestamp_micros();
    }
    m
}

fn judge_with(signatures: &[SignatureRow], placeholders: &[&str]) -> Judge {
    let catalogue = Catalogue {
        placeholders: placeholders.iter().map(|&text| text.to_owned()).collect(),
        ..Catalogue::default()
    };
    Judge::new(&catalogue, signatures)
}

fn judge() -> Judge {
    judge_with(&[], &[])
}

fn read(
    judge: &Judge,
    m: &Measurement,
    last: Option<&LastReading>,
) -> (Reading, Option<LastReading>) {
    judge.read_unless_known(m, &watched(), last)
}

/// The key of the page, with the reading of another page: whoever takes it over is wrong, and
/// builds of tests notice it.
fn poisoned() -> LastReading {
    let of = |body: &str| read(&judge(), &measured(MORNING, body), None).1.unwrap();
    LastReading {
        reading: of(&page("<p>又一段</p><ul><li>又一条</li></ul>")).reading,
        ..of(&page(""))
    }
}

/// Whether the page is read, and the reading of another page is not taken over for it.
fn is_read(judge: &Judge, probe: &Probe, m: &Measurement) -> bool {
    let last = poisoned();
    let made = catch_unwind(AssertUnwindSafe(|| {
        judge.read_unless_known(m, probe, Some(&last)).0
    }));
    made.is_ok_and(|reading| reading == judge.read(m, Some(probe)))
}

#[test]
fn the_same_page_is_not_read_again() {
    let (first, new) = read(&judge(), &measured(MORNING, &page("")), None);
    let last = new.expect("a proven page is kept");
    let later = measured("2026-11-23T07:30:00Z", &page(""));
    let (again, new) = read(&judge(), &later, Some(&last));
    assert_eq!((again, new), (first, None));
    assert!(!is_read(&judge(), &watched(), &later), "it is taken over");
}

#[test]
fn a_change_of_the_answer_has_it_read() {
    let same = || measured(MORNING, &page(""));
    let changed = |change: &dyn Fn(&mut Measurement)| {
        let mut m = same();
        change(&mut m);
        is_read(&judge(), &watched(), &m)
    };
    assert!(is_read(
        &judge(),
        &watched(),
        &measured(MORNING, &page(" "))
    ));
    assert!(changed(&|m| m.test_keys.requests[0].response.code = 203));
    assert!(changed(&|m| m.test_keys.requests[0].request.url.push('#')));
    assert!(changed(&|m| m.input.push('#')));
    assert!(changed(&|m| m.test_name = "web_connectivity".to_owned()));
    assert!(changed(&|m| m.test_keys.requests[0]
        .response
        .body_is_truncated = true));
    assert!(changed(
        &|m| m.test_keys.requests[0].failure = Some("eof_error".into())
    ));
    assert!(changed(
        &|m| m.test_keys.requests[0].response.body = Body::default()
    ));
    assert!(changed(&|m| {
        let headers = &mut m.test_keys.requests[0].response.headers_list;
        headers[0].1.0 = "text/html; charset=gbk".to_owned();
    }));
    assert!(changed(&|m| {
        let before = m.test_keys.requests[0].clone();
        m.test_keys.requests.push(before);
    }));
    assert!(changed(&|m| {
        let extra = m.test_keys.x_accesswatch.as_mut().unwrap();
        extra.body_bytes += 1;
    }));
}

#[test]
fn a_change_of_the_probe_has_it_read() {
    let m = measured(MORNING, &page(""));
    let changed = |change: &dyn Fn(&mut Probe)| {
        let mut probe = watched();
        change(&mut probe);
        is_read(&judge(), &probe, &m)
    };
    assert!(changed(&|probe| probe.expect.title = vec!["目".to_owned()]));
    assert!(changed(
        &|probe| probe.expect.not_contains = vec!["第1条".to_owned()]
    ));
    assert!(changed(&|probe| probe.expect.min_bytes = Some(1)));
    assert!(changed(&|probe| probe.charset = Some("gbk".to_owned())));
    assert!(changed(
        &|probe| probe.values[0].from = ValueFrom::Select("i".to_owned())
    ));
    assert!(changed(
        &|probe| probe.values[1].regex = Some("1".to_owned())
    ));
    assert!(changed(
        &|probe| probe.values[2].format = Some("%Y-%m-%d".to_owned())
    ));
    assert!(changed(&|probe| probe.values.truncate(2)));
}

#[test]
fn a_new_signature_and_a_new_placeholder_have_it_read() {
    let row = SignatureRow {
        name: "test.list".to_owned(),
        scope: "test".to_owned(),
        location: Location::Url,
        pattern_type: PatternType::Contains,
        pattern: "list.html".to_owned(),
        code: Code::SiteWafBlock,
        locus: Locus::Site,
        status: Vec::new(),
        max_bytes: None,
        unless: None,
        confirmed: true,
        removed_by: None,
        source: String::new(),
        notes: String::new(),
    };
    let m = measured(MORNING, &page(""));
    let signed = judge_with(std::slice::from_ref(&row), &[]);
    assert!(is_read(&signed, &watched(), &m));
    let (reading, new) = read(&signed, &m, None);
    assert_eq!(
        (reading.hits.len(), new),
        (1, None),
        "a known page is not kept"
    );
    let status = SignatureRow {
        status: vec![404],
        ..row
    };
    assert!(is_read(&judge_with(&[status], &[]), &watched(), &m));
    let masked = judge_with(&[], &["[13]"]);
    assert!(is_read(&masked, &watched(), &m));
    assert_ne!(read(&masked, &m, None).0, read(&judge(), &m, None).0);
}

/// Dates are read anew on each day of Beijing, and numbers of hours at each time.
#[test]
fn what_depends_on_the_time_is_read_anew() {
    for (at, is_other_day) in [
        ("2026-11-23T15:59:59Z", false),
        ("2026-11-23T16:00:00Z", true),
        ("2026-11-22T15:59:59Z", true),
        ("2027-11-23T01:00:00Z", true),
    ] {
        let m = measured(at, &page(""));
        assert_eq!(is_read(&judge(), &watched(), &m), is_other_day, "{at}");
    }
    let hours = page("<i>3小时前</i>");
    assert_eq!(read(&judge(), &measured(MORNING, &hours), None).1, None);
    // The dates in rows are read when they matter, from what is kept.
    let undated = |at: &str, body: &str| {
        let mut probe = watched();
        probe.values.truncate(2);
        let kept = judge().read_unless_known(&measured(at, body), &probe, None);
        kept.1.unwrap().key
    };
    let rows = page("<ul><li><a href=/x>第x条</a> 3小时前</li></ul>");
    let later = "2027-01-02T03:00:00Z";
    assert_eq!(undated(MORNING, &rows), undated(later, &rows));
}

/// A page that lacks something is always read.
#[test]
fn a_page_that_is_not_proven_is_not_kept() {
    for body in [
        page("").replace("<h1>目录</h1>", ""),
        page("").replace("<i>", "<u>"),
    ] {
        assert_eq!(read(&judge(), &measured(MORNING, &body), None).1, None);
    }
}

/// Bytes that are no reading (of another version, or damaged) have the page read.
#[test]
fn a_reading_that_cannot_be_read_is_made_again() {
    let m = measured(MORNING, &page(""));
    let last = read(&judge(), &m, None).1.unwrap();
    for bytes in [&b""[..], b"{}", &last.reading[..last.reading.len() / 2]] {
        let damaged = LastReading {
            reading: bytes.to_vec(),
            ..last.clone()
        };
        let (reading, new) = read(&judge(), &m, Some(&damaged));
        assert_eq!(
            (reading, new.as_ref()),
            (judge().read(&m, Some(&watched())), Some(&last))
        );
    }
}
