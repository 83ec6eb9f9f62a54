//! The feed, the calendar, the badges and the metrics, as other programs read them.

use std::collections::{BTreeMap, BTreeSet};

use accesswatch::model::note::Note;
use accesswatch::store::Store;
use accesswatch::web::WebLimits;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::client::{get, request};
use crate::site::{
    READ_TOKEN, TOKENS, demonstration, demonstration_with, folder_with, serve, small,
};

/// The text of every element with this name, in order; the document must be well-formed.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut open, mut found, mut inside) = (Vec::new(), Vec::new(), None::<String>);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let own = start.name().as_ref().to_owned();
                if own == name {
                    inside = Some(String::new());
                }
                open.push(own);
            }
            Event::End(end) => {
                let own = end.name().as_ref().to_owned();
                assert_eq!(open.pop().as_ref(), Some(&own));
                if own == name {
                    found.extend(inside.take());
                }
            }
            Event::Text(text) => {
                if let Some(inside) = &mut inside {
                    inside.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(inside) = &mut inside {
                    let shown = reference.resolve_char_ref().unwrap();
                    inside.push(shown.unwrap_or('&'));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    found
}

#[test]
fn the_feed_has_an_entry_for_each_event() {
    let at = demonstration();
    let answer = get(at, "/feed.atom", &[]);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("application/atom+xml")
    );
    let feed = answer.text();
    let ids = texts(&feed, "id");
    let distinct: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| id.starts_with("tag:accesswatch,2026:")));
    let times: Vec<String> = texts(&feed, "updated");
    assert_eq!(times.len(), ids.len());
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first");
    let titles = texts(&feed, "title");
    for part in ["(report #1)", "open again", "own end down"] {
        assert!(
            titles.iter().any(|title| title.contains(part)),
            "{part}: {titles:?}"
        );
    }
    for word in ["opened", "spread", "ended"] {
        assert!(feed.contains(&format!("term=\"{word}\"")), "{word}");
    }
    // In another language the same events, worded anew.
    let korean = get(at, "/feed.atom?lang=ko", &[]).text();
    assert_eq!(texts(&korean, "id"), ids);
    assert!(korean.contains("xml:lang=\"ko\"") && texts(&korean, "title") != titles);
    // An address of a source or a group has only its events.
    let of_source = get(at, "/feed.atom?source=papers", &[]).text();
    let own = texts(&of_source, "id");
    assert!(own.len() > 1 && own.len() < ids.len());
    assert!(own[1..].iter().all(|id| ids.contains(id)), "{own:?}");
    assert!(own[0].ends_with("?source=papers"));
    let none = get(at, "/feed.atom?group=none", &[]).text();
    assert_eq!(texts(&none, "id").len(), 1);
    let tag = answer.header("etag");
    let known = get(at, "/feed.atom", &[&format!("If-None-Match: {tag}")]);
    assert_eq!(known.status, 304);
}

#[test]
fn a_badge_says_what_the_pages_say() {
    let at = demonstration();
    let sources = get(at, "/api/v1/sources?limit=1000", &[]);
    let sources: Value = serde_json::from_slice(&sources.body).unwrap();
    for row in sources["items"].as_array().unwrap() {
        let id = row["source_id"].as_str().unwrap();
        let answer = get(at, &format!("/badge/{id}.svg"), &[]);
        assert_eq!(answer.status, 200, "{id}");
        assert_eq!(answer.header("content-type"), "image/svg+xml");
        assert!(answer.header("cache-control").starts_with("no-cache"));
        assert!(!answer.header("etag").is_empty());
        let text = texts(&answer.text(), "text").join("");
        let word = match (row["state"].as_str(), row["reason"].as_str()) {
            (Some("open"), _) => "open",
            (Some("less"), _) => "gives less",
            (Some("closed"), _) => "closed",
            (Some("unknown"), Some("own_end")) => "own end down",
            (Some("unknown"), _) => "cannot tell",
            _ => "not watched",
        };
        assert!(text.starts_with(word), "{id}: {text}");
        if row["state"].is_string() {
            let day = text.rsplit(' ').next().unwrap();
            assert!(day.parse::<chrono::NaiveDate>().is_ok(), "{id}: {text}");
        }
    }
    for missing in ["/badge/none.svg", "/badge/papers", "/badge/%3Csvg%3E.svg"] {
        let answer = get(at, missing, &[]);
        assert_eq!(answer.status, 404, "{missing}");
        assert_eq!(answer.header("content-type"), "image/svg+xml");
        assert_eq!(texts(&answer.text(), "text"), ["404"]);
    }
    assert_eq!(
        request(at, "POST", "/badge/papers.svg", &[], "").status,
        405
    );
}

#[test]
fn the_calendar_holds_planned_events_only() {
    let folder = folder_with(TOKENS, crate::site::SOURCE);
    let store = Store::open(&folder.path().join("data/accesswatch.db")).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (text, planned) in [
        ("Maintenance; with, marks\\ and\r\nBEGIN:VEVENT", true),
        ("Only a remark", false),
    ] {
        let note = Note {
            id: 0,
            written: None,
            source: "papers".into(),
            from: "2026-04-01".parse().unwrap(),
            to: "2026-04-03".parse().ok(),
            text: format!("{text} {}", "论文".repeat(40)),
            reference: Some("https://papers.example/notice".to_owned()),
            planned,
        };
        runtime.block_on(store.add_note(note)).unwrap();
    }
    drop(store);
    let served = serve(folder.path(), WebLimits::default());
    let answer = get(served.at, "/calendar.ics", &[]);
    assert!(answer.header("content-type").starts_with("text/calendar"));
    let text = answer.text();
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    let unfolded = text.replace("\r\n ", "");
    let lines: Vec<&str> = unfolded.lines().collect();
    let count = |wanted: &str| lines.iter().filter(|line| **line == wanted).count();
    assert_eq!(
        (count("BEGIN:VEVENT"), count("END:VEVENT")),
        (1, 1),
        "{text}"
    );
    assert_eq!(count("DTSTART;VALUE=DATE:20260401"), 1);
    assert_eq!(
        count("DTEND;VALUE=DATE:20260404"),
        1,
        "the end is exclusive"
    );
    let summary = "SUMMARY:Papers: Maintenance\\; with\\, marks\\\\ and BEGIN:VEVENT 论文";
    assert!(unfolded.contains(summary), "{unfolded}");
}

#[test]
fn a_key_opens_these_and_nothing_else() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"");
    let served = demonstration_with(&web);
    let secret = |text: &str| Some(accesswatch::model::vantage::Secret(text.to_owned()));
    let read = secret(READ_TOKEN).unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, read.0.as_bytes());
    let key = ring::hmac::sign(&key, b"feed");
    let key = data_encoding::BASE64URL_NOPAD.encode(key.as_ref());
    let mut wrong = key.clone();
    let last = wrong.pop().unwrap();
    wrong.insert(0, last);
    for path in ["/feed.atom", "/calendar.ics", "/badge/papers.svg"] {
        let status = |query: &str| get(served.at, &format!("{path}{query}"), &[]).status;
        assert_eq!(status(""), 401, "{path}");
        assert_eq!(status(&format!("?key={key}")), 200, "{path}");
        for wrong in [&wrong, "", READ_TOKEN, "feed"] {
            assert_eq!(status(&format!("?key={wrong}")), 401, "{path} {wrong}");
        }
    }
    for path in ["/api/v1/sources", "/metrics"] {
        let answer = get(served.at, &format!("{path}?key={key}"), &[]);
        assert_eq!(answer.status, 401, "{path}");
    }
    assert_eq!(get(served.at, &format!("/?key={key}"), &[]).status, 303);
    let feed = get(served.at, &format!("/feed.atom?key={key}"), &[]).text();
    assert!(
        !feed.contains(&key),
        "an entry is handed on without the key"
    );
    assert!(feed.contains("href=\"https://access.example/incidents/"));
}

#[test]
fn visitors_get_a_feed_without_names() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"\npublic = true");
    let served = demonstration_with(&web);
    let bearer = format!("Authorization: Bearer {READ_TOKEN}");
    let all = get(served.at, "/api/v1/vantages", &[&bearer]);
    let all: Value = serde_json::from_slice(&all.body).unwrap();
    let open = get(served.at, "/feed.atom", &[]).text();
    let own = get(served.at, "/feed.atom", &[&bearer]).text();
    assert_eq!(texts(&open, "id"), texts(&own, "id"));
    for row in all["items"].as_array().unwrap() {
        let name = row["name"].as_str().unwrap();
        assert!(own.contains(name), "{name}");
        assert!(!open.contains(&format!("from {name}")), "{name}");
    }
    let calendar = get(served.at, "/calendar.ics", &[]).text();
    assert!(
        !calendar.contains("BEGIN:VEVENT"),
        "notes are the library's own"
    );
    assert_eq!(get(served.at, "/metrics", &[]).status, 401);
}

/// A sample: its name, its labels, its value.
type Sample = (String, BTreeMap<String, String>, f64);

/// The text format of Prometheus, read strictly.
fn samples(text: &str) -> Vec<Sample> {
    let mut known = BTreeSet::new();
    let mut current = None::<String>;
    let mut found = Vec::new();
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(known.insert(name.to_owned()), "{name} comes twice");
            assert!(!help.is_empty());
            current = Some(name.to_owned());
            continue;
        }
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let expected = format!("{} gauge", current.as_ref().unwrap());
            assert_eq!(rest, expected);
            continue;
        }
        let (head, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = head.split_once('{').unwrap_or((head, "}"));
        assert_eq!(Some(name), current.as_deref(), "{line}");
        let labels = labels.strip_suffix('}').unwrap();
        let pairs = labels.split(',').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (label, text) = pair.split_once("=\"").unwrap();
            (label.to_owned(), text.strip_suffix('"').unwrap().to_owned())
        });
        found.push((name.to_owned(), pairs.collect(), value.parse().unwrap()));
    }
    let keys: BTreeSet<_> = found
        .iter()
        .map(|(name, labels, _)| (name, labels))
        .collect();
    assert_eq!(keys.len(), found.len(), "a series comes twice");
    found
}

#[test]
fn metrics_are_the_states_of_the_api() {
    let at = demonstration();
    let answer = get(at, "/metrics", &[]);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let found = samples(&answer.text());
    let page = get(at, "/api/v1/status?limit=1000", &[]);
    let page: Value = serde_json::from_slice(&page.body).unwrap();
    let rows = page["items"].as_array().unwrap();
    assert!(rows.len() > 5);
    for row in rows {
        let of_row = |(_, labels, _): &&Sample| {
            [
                ("source", "source_id"),
                ("probe", "probe_id"),
                ("vantage", "vantage"),
            ]
            .iter()
            .all(|(label, column)| labels.get(*label).map(String::as_str) == row[column].as_str())
        };
        let own: Vec<&Sample> = found.iter().filter(of_row).collect();
        let value = |name: &str| own.iter().find(|s| s.0 == name).map(|s| s.2);
        let state = row["state"].as_str().unwrap();
        let up = match state {
            "open" => Some(1.0),
            "unknown" => None,
            _ => Some(0.0),
        };
        assert_eq!(value("accesswatch_probe_up"), up, "{row}");
        let states: Vec<_> = own
            .iter()
            .filter(|s| s.0 == "accesswatch_probe_state")
            .collect();
        assert_eq!(states.len(), 4, "{row}");
        for sample in states {
            assert_eq!(sample.2 > 0.0, sample.1["state"] == state, "{row}");
        }
        assert_eq!(
            value("accesswatch_probe_severity").is_some(),
            up.is_some(),
            "{row}"
        );
        let last = value("accesswatch_probe_last_ok_timestamp_seconds");
        assert_eq!(last.is_some(), row["last_ok_utc"].is_string(), "{row}");
    }
    for name in [
        "accesswatch_probe_phase_duration_seconds",
        "accesswatch_vantage_usable",
        "accesswatch_last_pass_timestamp_seconds",
        "accesswatch_mails_waiting",
        "accesswatch_build_info",
    ] {
        assert!(found.iter().any(|sample| sample.0 == name), "{name}");
    }
}

#[test]
fn without_records_they_are_empty_and_without_a_store_that_can_be_read_unavailable() {
    let served = small("", WebLimits::default());
    let feed = get(served.at, "/feed.atom", &[]).text();
    assert_eq!(texts(&feed, "id").len(), 1);
    let found = samples(&get(served.at, "/metrics", &[]).text());
    assert!(
        found
            .iter()
            .all(|sample| sample.0 != "accesswatch_probe_up")
    );
    let badge = get(served.at, "/badge/papers.svg", &[]).text();
    assert_eq!(texts(&badge, "text"), ["cannot tell"]);
    let store = served.folder().join("data/accesswatch.db");
    std::fs::create_dir_all(store.parent().unwrap()).unwrap();
    std::fs::write(&store, "this is no database of anybody, and was never one").unwrap();
    for path in [
        "/feed.atom",
        "/calendar.ics",
        "/badge/papers.svg",
        "/metrics",
    ] {
        assert_eq!(get(served.at, path, &[]).status, 503, "{path}");
    }
}
