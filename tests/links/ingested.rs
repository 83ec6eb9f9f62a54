//! Records of links that were checked elsewhere: they move the states of links as a check here
//! does, in whatever order they come, and once.

use accesswatch::model::Measurement;
use accesswatch::model::document::LinkRow;
use accesswatch::model::link::{LinkId, LinkState};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::check::Library;
use crate::over_time::{block_on, import, link, open};

/// A healthy record of the link to `/page`, as an agent makes it.
fn template(library: &Library) -> Value {
    library.watch.run(&["links", "check"]).ends(0);
    let export = ["export", "measurements", "--format", "jsonl"];
    let lines = library.watch.run(&export).ends(0).out;
    let mut records = lines
        .lines()
        .map(|l| serde_json::from_str::<Value>(l).unwrap());
    let is_page = |record: &Value| record["input"].as_str().unwrap().ends_with("/page");
    let mut record = records.find(is_page).unwrap();
    // Bodies are in another form of the export.
    record["test_keys"]["requests"][0]["response"]["body"] =
        json!("<title>rivers</title><p>rivers");
    record
}

/// The record of a check from `vantage`, so many days before now.
fn record(template: &Value, now: DateTime<Utc>, vantage: &str, days: i64, status: u16) -> Value {
    let at = now - TimeDelta::days(days);
    let mut record = template.clone();
    let name = format!("{vantage}-{days}-{status}");
    record["measurement_uid"] = json!(format!("uid-{name}"));
    for key in ["measurement_start_time", "test_start_time"] {
        record[key] = json!(at.format("%Y-%m-%d %H:%M:%S").to_string());
    }
    let extra = &mut record["test_keys"]["x_accesswatch"];
    extra["started_us"] = json!(at.timestamp_micros());
    extra["vantage"] = json!(vantage);
    extra["round"] = json!(format!("round-{name}"));
    extra["pass"] = json!(format!("links-{days}"));
    extra["body_sha256"] = Value::Null;
    record["test_keys"]["requests"][0]["response"]["code"] = json!(status);
    record
}

fn ingest(library: &Library, records: &[Value]) {
    let lines: Vec<String> = records.iter().map(|r| r.to_string() + "\n").collect();
    let file = library.document("in.jsonl", &lines.concat());
    library.watch.run(&["ingest", &file]).ends(0);
}

fn state(library: &Library, path: &str) -> LinkRow {
    let store = open(library);
    block_on(link(&store, path))
}

/// A library that cites these pages of the site of another one.
fn citing(library: &Library, paths: &[&str]) -> Library {
    let other = Library::new();
    let lines: Vec<String> = paths.iter().map(|p| library.site.url(p)).collect();
    let document = other.document("links.txt", &lines.join("\n\n"));
    other.watch.run(&["links", "import", &document]).ends(0);
    other
}

fn source() -> (Library, Value) {
    let library = Library::new();
    library.article("/page", "rivers");
    library.article("/other", "lakes");
    import(&library, &["/page"]);
    let template = template(&library);
    (library, template)
}

#[test]
fn records_from_elsewhere_move_a_state_whatever_their_order() {
    let (library, template) = source();
    let now = Utc::now();
    let checks = [(20, 200), (12, 404), (8, 404), (4, 404)];
    let records: Vec<Value> = checks
        .iter()
        .map(|(days, status)| record(&template, now, "away", *days, *status))
        .collect();
    let in_order = citing(&library, &["/page"]);
    for one in &records {
        ingest(&in_order, std::slice::from_ref(one));
    }
    let row = state(&in_order, "/page");
    assert_eq!(row.state, LinkState::Gone);
    assert_eq!(row.vantages, ["away=http.not_found"]);
    assert_eq!(
        row.since.unwrap().timestamp(),
        (now - TimeDelta::days(12)).timestamp()
    );
    let shuffled = citing(&library, &["/page"]);
    let order = [2, 0, 3, 1].map(|at| records[at].clone());
    ingest(&shuffled, &order);
    assert_eq!(state(&shuffled, "/page").state, LinkState::Gone);
    // Records that come again change nothing, and the checks from here go on.
    ingest(&in_order, &records);
    assert_eq!(state(&in_order, "/page"), row);
    let checked = in_order.watch.run(&["links", "check"]).ends(0);
    assert!(checked.err.contains("1 link checked"), "{}", checked.err);
    // The page is served here, and was not found from there.
    assert_eq!(state(&in_order, "/page").state, LinkState::Blocked);
    // Newest first, one file a record: nothing is confirmed by what comes late.
    let backwards = citing(&library, &["/page"]);
    for one in records.iter().rev() {
        ingest(&backwards, std::slice::from_ref(one));
    }
    assert_ne!(state(&backwards, "/page").state, LinkState::Gone);
}

/// Two vantages that see rot in one pass, and again in the next one, confirm it.
#[test]
fn the_records_of_one_pass_are_one_check() {
    let (library, template) = source();
    let now = Utc::now();
    let other = citing(&library, &["/page"]);
    let mut records = Vec::new();
    for days in [2, 1] {
        for (vantage, network) in [("kr", "AS1"), ("us", "AS2")] {
            let mut one = record(&template, now, vantage, days, 404);
            one["probe_asn"] = json!(network);
            records.push(one);
        }
    }
    ingest(&other, &records);
    assert_eq!(state(&other, "/page").state, LinkState::Gone);
}

/// The number of a link belongs to its store.
#[test]
fn a_record_is_of_the_link_of_its_address() {
    let (library, template) = source();
    let now = Utc::now();
    let other = citing(&library, &["/other", "/page"]);
    assert_eq!(template["test_keys"]["x_accesswatch"]["link"], "L1");
    ingest(&other, &[record(&template, now, "away", 3, 404)]);
    assert_eq!(state(&other, "/other").last_checked, None);
    assert!(state(&other, "/page").last_checked.is_some());
    // Without a number it is the link of its address.
    let third = citing(&library, &["/other", "/page"]);
    let mut unnamed = record(&template, now, "away", 3, 404);
    let extra = &mut unnamed["test_keys"]["x_accesswatch"];
    extra["link"] = Value::Null;
    (extra["source"], extra["probe"]) = (json!("elsewhere"), json!("page"));
    ingest(&third, &[unnamed]);
    assert!(state(&third, "/page").last_checked.is_some());
    assert_eq!(state(&third, "/other").last_checked, None);
    // So is the record of another program, whose vantage is its country and network.
    let fourth = citing(&library, &["/other", "/page"]);
    let mut foreign = record(&template, now, "away", 3, 404);
    foreign["test_keys"]
        .as_object_mut()
        .unwrap()
        .remove("x_accesswatch");
    (foreign["probe_cc"], foreign["probe_asn"]) = (json!("KR"), json!("AS9318"));
    ingest(&fourth, &[foreign]);
    assert_eq!(
        state(&fourth, "/page").vantages,
        ["ooni:KR:AS9318=http.not_found"]
    );
    assert_eq!(state(&fourth, "/other").last_checked, None);
    // A page that no document cites is stored, and moves nothing.
    let neither = citing(&library, &["/other"]);
    ingest(&neither, &[record(&template, now, "away", 3, 404)]);
    assert_eq!(state(&neither, "/other").last_checked, None);
}

/// A failure at our end is held against no link, and a time that is still to come proves nothing.
#[test]
fn records_of_a_vantage_that_did_not_work_move_nothing() {
    let (library, template) = source();
    let now = Utc::now();
    let other = citing(&library, &["/page"]);
    let mut control = record(&template, now, "away", 3, 503);
    control["measurement_uid"] = json!("uid-control");
    control["test_keys"]["x_accesswatch"]["control"] = json!(true);
    control["test_keys"]["x_accesswatch"]["link"] = Value::Null;
    ingest(&other, &[control, record(&template, now, "away", 3, 404)]);
    assert_eq!(state(&other, "/page").last_checked, None);
    ingest(&other, &[record(&template, now, "away", -1, 404)]);
    assert_eq!(state(&other, "/page").last_checked, None);
}

/// A pass may have many records; its controls count for all of them.
#[test]
fn controls_that_failed_count_for_every_record_of_their_pass() {
    let (library, template) = source();
    let now = Utc::now();
    let other = citing(&library, &["/page"]);
    let of_pass = |nth: i64, status: u16| {
        let at = now - TimeDelta::hours(1) + TimeDelta::seconds(nth);
        let mut one = record(&template, at, "away", 0, status);
        one["measurement_uid"] = json!(format!("uid-{nth}"));
        one
    };
    let mut control = of_pass(0, 503);
    control["test_keys"]["x_accesswatch"]["control"] = json!(true);
    control["test_keys"]["x_accesswatch"]["link"] = Value::Null;
    let mut records = vec![control];
    records.extend((1..1_010).map(|nth| of_pass(nth, 404)));
    ingest(&other, &records);
    assert_eq!(state(&other, "/page").last_checked, None);
}

/// Two vantages of one pass are one check, wherever their records stand.
#[test]
fn a_pass_with_many_records_is_one_check() {
    let (library, template) = source();
    let now = Utc::now();
    let other = citing(&library, &["/page"]);
    for days in [2, 1] {
        let mut records = Vec::new();
        for (vantage, network) in [("kr", "AS1"), ("us", "AS2")] {
            for nth in 0..150 {
                let at = now + TimeDelta::seconds(nth);
                let mut one = record(&template, at, vantage, days, 404);
                one["probe_asn"] = json!(network);
                one["measurement_uid"] = json!(format!("uid-{vantage}-{days}-{nth}"));
                records.push(one);
            }
        }
        ingest(&other, &records);
    }
    assert_eq!(state(&other, "/page").state, LinkState::Gone);
}

/// A check from one named vantage does not take in what agents found.
#[test]
fn records_of_agents_wait_while_one_vantage_is_named() {
    let (library, template) = source();
    let found = record(&template, Utc::now(), "away", 1, 200);
    let found: Measurement = serde_json::from_value(found).unwrap();
    let uid = found.measurement_uid.clone().unwrap();
    let store = open(&library);
    let added = block_on(store.add_link_result(uid, LinkId(1), found));
    assert_eq!(added.unwrap(), Some(true));
    let named = ["links", "check", "--vantage", "here"];
    library.watch.run(&named).ends(0);
    assert!(block_on(store.has_link_results()).unwrap());
    library.watch.run(&["links", "check"]).ends(0);
    assert!(!block_on(store.has_link_results()).unwrap());
}
