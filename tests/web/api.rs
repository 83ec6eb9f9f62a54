//! The API: its pages, its CSV, what it refuses, and what visitors do not see.

use std::io::Read as _;
use std::net::SocketAddr;
use std::process::Command;

use accesswatch::web::WebLimits;
use serde_json::Value;

use crate::client::{Answer, get, request};
use crate::site::{
    READ_TOKEN, TOKENS, demonstration, demonstration_folder, demonstration_with, small,
};

const TABLES: [&str; 7] = [
    "sources",
    "status",
    "vantages",
    "incidents",
    "uptime",
    "freshness",
    "measurements",
];

fn json(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    serde_json::from_slice(&answer.body).unwrap()
}

fn items(at: SocketAddr, path: &str) -> Vec<Value> {
    let page = json(&get(at, path, &[]));
    page["items"].as_array().unwrap().clone()
}

/// The rows of every page, by the addresses in `Link`.
fn all_pages(at: SocketAddr, first: &str) -> Vec<Value> {
    let (mut rows, mut path) = (Vec::new(), first.to_owned());
    loop {
        let answer = get(at, &path, &[]);
        let page = json(&answer);
        rows.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else {
            assert_eq!(answer.header("link"), "");
            return rows;
        };
        let link = answer.header("link");
        let address = link.strip_prefix('<').unwrap().split('>').next().unwrap();
        assert!(
            link.ends_with("; rel=\"next\"") && address.contains(next),
            "{link}"
        );
        address.clone_into(&mut path);
    }
}

fn exported(table: &str) -> Vec<u8> {
    let folder = demonstration_folder().to_str().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
        .args(["--dir", folder, "export", table, "--format", "csv"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    made.stdout
}

/// A cell of JSON as CSV writes it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(" | "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_same(ours: &str, cell: &str) -> bool {
    let clean = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    clean(ours) == clean(cell.trim_start_matches('\''))
        || ours.parse::<f64>().is_ok_and(|a| cell.parse() == Ok(a))
}

#[test]
fn pages_together_are_the_table_that_export_writes() {
    let at = demonstration();
    for table in TABLES {
        let csv = exported(table);
        let served = get(at, &format!("/api/v1/{table}.csv"), &[]);
        assert_eq!(served.status, 200, "{table}");
        assert!(served.body == csv, "{table}: the CSV is that of export");
        let preferred = get(at, &format!("/api/v1/{table}"), &["Accept: text/csv"]);
        assert!(preferred.body == csv, "{table}: by Accept");
        assert!(preferred.header("content-type").starts_with("text/csv"));
        let whole = items(at, &format!("/api/v1/{table}?limit=1000"));
        let paged = all_pages(at, &format!("/api/v1/{table}?limit=7"));
        assert_eq!(paged.len().min(1000), whole.len(), "{table}");
        assert!(
            paged.starts_with(&whole),
            "{table}: pages differ by their size"
        );
        let mut reader = csv::Reader::from_reader(&csv[3..]);
        let head: Vec<String> = reader
            .headers()
            .unwrap()
            .iter()
            .map(str::to_owned)
            .collect();
        let mut rows: Vec<Vec<String>> = reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect();
        assert_eq!(rows.len(), paged.len(), "{table}");
        for row in &paged {
            assert_eq!(row.as_object().unwrap().len(), head.len(), "{table}");
            let cells: Vec<String> = head.iter().map(|name| plain(&row[name])).collect();
            let same = |other: &Vec<String>| {
                cells
                    .iter()
                    .zip(other)
                    .all(|(ours, cell)| is_same(ours, cell))
            };
            let found = rows.iter().position(same);
            rows.remove(found.unwrap_or_else(|| panic!("{table}: {cells:?} is not exported")));
        }
    }
}

#[test]
fn tables_over_time_are_newest_first_and_the_others_by_key() {
    let at = demonstration();
    for (table, key, is_descending) in [
        ("sources", "source_id", false),
        ("vantages", "vantage", false),
        ("uptime", "day", true),
        ("freshness", "day", true),
        ("measurements", "time_utc", true),
    ] {
        let keys: Vec<String> = items(at, &format!("/api/v1/{table}?limit=1000"))
            .iter()
            .map(|row| plain(&row[key]))
            .collect();
        let mut sorted = keys.clone();
        sorted.sort();
        if is_descending {
            sorted.reverse();
        }
        assert_eq!(keys, sorted, "{table}");
    }
    let ids = items(at, "/api/v1/incidents");
    let ids: Vec<i64> = ids
        .iter()
        .map(|row| row["incident_id"].as_i64().unwrap())
        .collect();
    assert!(ids.len() > 1 && ids.is_sorted_by(|a, b| a > b), "{ids:?}");
}

#[test]
fn filters_select_in_pages_and_in_csv() {
    let at = demonstration();
    let all = items(at, "/api/v1/uptime?limit=1000");
    let first = &all[0];
    let (source, vantage) = (plain(&first["source_id"]), plain(&first["vantage"]));
    let (probe, day) = (plain(&first["probe_id"]), plain(&all[all.len() / 2]["day"]));
    for query in [
        format!("source={source}"),
        format!("source={source}&probe={probe}"),
        format!("vantage={vantage}"),
        format!("since={day}"),
        format!("until={day}"),
        format!("source={source}&since={day}&until={day}"),
        "group=market".to_owned(),
        "source=none".to_owned(),
    ] {
        let found = items(at, &format!("/api/v1/uptime?limit=1000&{query}"));
        let csv = get(at, &format!("/api/v1/uptime.csv?{query}"), &[]).text();
        assert_eq!(csv.lines().count(), found.len() + 1, "{query}");
        let holds = |row: &Value| {
            url::form_urlencoded::parse(query.as_bytes()).all(|(key, value)| match &*key {
                "since" => plain(&row["day"]) >= value.into_owned(),
                "until" => plain(&row["day"]) <= value.into_owned(),
                "group" => true,
                key => plain(&row[format!("{key}_id")]) == value || plain(&row[key]) == value,
            })
        };
        assert!(found.iter().all(holds), "{query}");
        if !query.starts_with("group") {
            let count = all.iter().filter(|row| holds(row)).count();
            assert_eq!(found.len(), count, "{query}");
        }
    }
    let open = items(at, "/api/v1/incidents?open=true");
    let ended = items(at, "/api/v1/incidents?open=false");
    assert!(!ended.is_empty() && open.iter().all(|row| row["state"] == "open"));
    assert!(ended.iter().all(|row| row["state"] == "ended"));
    let every = items(at, "/api/v1/incidents").len();
    assert_eq!(open.len() + ended.len(), every);
    let closed = items(at, "/api/v1/status?state=closed&limit=1000");
    assert!(closed.iter().all(|row| row["state"] == "closed"));
}

#[test]
fn single_objects_have_their_parts() {
    let at = demonstration();
    for row in items(at, "/api/v1/sources") {
        let id = plain(&row["source_id"]);
        let source = json(&get(at, &format!("/api/v1/sources/{id}"), &[]));
        for (name, value) in row.as_object().unwrap() {
            assert!(&source[name] == value || name == "probes", "{id}: {name}");
        }
        let probes = items(at, &format!("/api/v1/status?source={id}&limit=1000"));
        assert_eq!(source["probes"], Value::Array(probes), "{id}");
    }
    for row in items(at, "/api/v1/incidents?limit=1000") {
        let id = &row["incident_id"];
        let incident = json(&get(at, &format!("/api/v1/incidents/{id}"), &[]));
        assert_eq!(incident["summary"], row["summary"]);
        assert!(!incident["phases"].as_array().unwrap().is_empty(), "{id}");
        assert!(!incident["story"].as_array().unwrap().is_empty(), "{id}");
    }
    let path = "/api/v1/incidents/1";
    let korean = json(&get(at, &format!("{path}?lang=ko"), &[]));
    assert_ne!(korean["story"], json(&get(at, path, &[]))["story"]);
}

#[test]
fn what_is_wrong_is_a_problem_with_the_fix() {
    let at = demonstration();
    for (method, path, status, said) in [
        ("GET", "/api/v1/nope", 404, "openapi.json"),
        ("GET", "/api/", 404, "openapi.json"),
        ("GET", "/api/v1/sources/", 404, "openapi.json"),
        ("GET", "/api//v1", 404, "openapi.json"),
        ("GET", "/api/v1/sources/none", 404, "/api/v1/sources"),
        ("GET", "/api/v1/sources/a%00", 400, "NUL"),
        ("GET", "/api/v1/incidents/01", 404, "/api/v1/incidents"),
        ("GET", "/api/v1/incidents/x", 404, "/api/v1/incidents"),
        ("GET", "/api/v1/uptime?colour=red", 400, "`colour`"),
        ("GET", "/api/v1/uptime?limit=0", 400, "from 1 to 1000"),
        ("GET", "/api/v1/uptime?cursor=AAAA", 400, "`next`"),
        ("GET", "/api/v1/uptime.csv?limit=5", 400, "`limit`"),
        ("GET", "/api/v1/sources/cnki?x=1", 400, "no parameters"),
        ("GET", "/api/v1/openapi.json?x=1", 400, "no parameters"),
        ("POST", "/api/v1/sources", 405, "Allow"),
        ("GET", "/api/v1/uptime?source=%FF%00", 400, "NUL"),
    ] {
        let answer = request(at, method, path, &[], "");
        assert_eq!(answer.status, status, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["status"], status);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(said), "{path}: {detail}");
        assert!(!problem["title"].as_str().unwrap().is_empty());
        if status == 405 {
            assert_eq!(answer.header("allow"), "GET,HEAD");
        }
    }
    // A cursor of another table, and one that was tampered with.
    let next = |path: &str| plain(&json(&get(at, path, &[]))["next"]);
    let of_uptime = next("/api/v1/uptime?limit=1");
    for path in ["/api/v1/freshness?cursor=", "/api/v1/measurements?cursor="] {
        assert_eq!(get(at, &format!("{path}{of_uptime}"), &[]).status, 400);
    }
}

#[test]
fn an_answer_is_packed_and_not_sent_twice() {
    let at = demonstration();
    for path in ["/api/v1/uptime?limit=1000", "/api/v1/uptime.csv"] {
        let whole = get(at, path, &[]);
        let packed = get(at, path, &["Accept-Encoding: gzip"]);
        assert_eq!(packed.header("content-encoding"), "gzip", "{path}");
        assert!(packed.header("vary").contains("Accept-Encoding"));
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&packed.body[..]);
        decoder.read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == whole.body, "{path}");
        let tag = whole.header("etag");
        assert_ne!(tag, packed.header("etag"), "{path}");
        let known = get(at, path, &[&format!("If-None-Match: {tag}")]);
        assert_eq!((known.status, known.body.len()), (304, 0), "{path}");
        let head = request(at, "HEAD", path, &[], "");
        assert_eq!((head.status, head.body.len()), (200, 0), "{path}");
    }
}

#[test]
fn visitors_see_no_names_and_nothing_that_people_said() {
    let web = format!("{TOKENS}\nbase_url = \"https://access.example\"\npublic = true");
    let served = demonstration_with(&web);
    let bearer = format!("Authorization: Bearer {READ_TOKEN}");
    for hidden in ["vantages", "measurements"] {
        for ending in ["", ".csv"] {
            let path = format!("/api/v1/{hidden}{ending}");
            assert_eq!(get(served.at, &path, &[]).status, 401, "{path}");
            assert_eq!(get(served.at, &path, &[&bearer]).status, 200, "{path}");
        }
    }
    let all = json(&get(served.at, "/api/v1/vantages", &[&bearer]));
    let vantages: Vec<String> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| plain(&row["vantage"]))
        .collect();
    for path in [
        "/api/v1/sources",
        "/api/v1/status?limit=1000",
        "/api/v1/status.csv",
        "/api/v1/incidents",
        "/api/v1/incidents.csv",
        "/api/v1/incidents/1",
        "/api/v1/uptime?limit=1000",
        "/api/v1/uptime.csv",
        "/api/v1/freshness",
    ] {
        let answer = get(served.at, path, &[]);
        assert_eq!(answer.status, 200, "{path}");
        let text = answer.text();
        for name in &vantages {
            let quoted = [
                format!("\"{name}\""),
                format!(",{name},"),
                format!("({name}"),
            ];
            assert!(quoted.iter().all(|q| !text.contains(q)), "{path}: {name}");
        }
    }
    let page = json(&get(served.at, "/api/v1/incidents", &[]));
    for row in page["items"].as_array().unwrap() {
        for column in ["url", "acknowledged_by", "note"] {
            assert_eq!(row[column], Value::Null, "{column}");
        }
        assert_eq!(row["human_check"], Value::Array(Vec::new()));
    }
    let one = json(&get(served.at, "/api/v1/incidents/1", &[]));
    assert_eq!(one["story"], Value::Null);
    // Whoever reads with a token sees them.
    let page = json(&get(served.at, "/api/v1/status", &[&bearer]));
    assert!(vantages.contains(&plain(&page["items"][0]["vantage"])));
}

#[test]
fn an_empty_workspace_and_a_damaged_store_are_told_apart() {
    let served = small("", WebLimits::default());
    for table in TABLES {
        let page = json(&get(served.at, &format!("/api/v1/{table}"), &[]));
        assert_eq!(
            (&page["next"], &page["as_of"]),
            (&Value::Null, &Value::Null)
        );
        let rows = page["items"].as_array().unwrap().len();
        let expected = usize::from(matches!(table, "sources" | "status" | "vantages"));
        assert_eq!(rows, expected, "{table}");
        assert_eq!(
            get(served.at, &format!("/api/v1/{table}.csv"), &[]).status,
            200
        );
    }
    let store = served.folder().join("data/accesswatch.db");
    std::fs::create_dir_all(store.parent().unwrap()).unwrap();
    std::fs::write(&store, "this is no database of anybody, and was never one").unwrap();
    for table in TABLES {
        for ending in ["", ".csv"] {
            let answer = get(served.at, &format!("/api/v1/{table}{ending}"), &[]);
            assert_eq!(answer.status, 503, "{table}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
        }
    }
}

/// Every table, every column and every filter is described.
#[test]
fn the_description_is_of_what_is_served() {
    let at = demonstration();
    let description = json(&get(at, "/api/v1/openapi.json", &[]));
    assert_eq!(description["openapi"], "3.1.0");
    for table in TABLES {
        let schema = &description["components"]["schemas"][table];
        let columns = schema["properties"].as_object().unwrap();
        for row in items(at, &format!("/api/v1/{table}?limit=1000")) {
            for (name, value) in row.as_object().unwrap() {
                let kinds = &columns[name]["type"];
                let kind = match value {
                    Value::Null => "null",
                    Value::Bool(_) => "boolean",
                    Value::Number(_) => "number",
                    Value::String(_) => "string",
                    Value::Array(_) => "array",
                    Value::Object(_) => "object",
                };
                let all = kinds
                    .as_array()
                    .cloned()
                    .unwrap_or_else(|| vec![kinds.clone()]);
                assert!(all.contains(&Value::from(kind)), "{table}.{name}: {value}");
            }
            assert_eq!(columns.len(), row.as_object().unwrap().len(), "{table}");
        }
        let path = format!("/api/v1/{table}");
        let parameters = &description["paths"][&path]["get"]["parameters"];
        for parameter in parameters.as_array().unwrap() {
            let name = plain(&parameter["name"]);
            let value = match name.as_str() {
                "cursor" => continue,
                "limit" => "5",
                "open" => "true",
                "state" => parameter["schema"]["enum"][0].as_str().unwrap(),
                "since" | "until" => "2026-03-05",
                "lang" => "ko",
                _ => "none",
            };
            let answer = get(at, &format!("{path}?{name}={value}"), &[]);
            assert_eq!(answer.status, 200, "{path}: {name}");
        }
    }
}
