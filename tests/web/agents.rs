//! Records from agents: whose they may be, how much at once, and that none is lost or counts twice.

use std::fmt::Write as _;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::Command;

use accesswatch::model::asked_round::AskedRound;
use accesswatch::model::{ProbeKey, Time};
use accesswatch::store::{Lock, LockScope, RowFilter, Store};
use accesswatch::web::WebLimits;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::client::{Answer, connect, get, read_answer};
use crate::site::{TOKEN, TOKENS, folder_with, serve};

const AGENT: &str = "a-token-of-the-agent-in-seoul";
const OTHER: &str = "a-token-of-the-agent-in-osaka";

const SOURCE: &str = r#"[source]
id = "papers"
name = "Papers"
group = "academic"
access = "public"

[[probe]]
id = "article"
name = "Article"
level = "abstract"
url = "https://papers.example/article"
schedule = "0 0 1 1 *"

[probe.expect]
status = [200]
"#;

fn folder() -> tempfile::TempDir {
    let agents = "[[vantage]]\nid = \"seoul\"\ncountry = \"KR\"\nvia = \"agent\"\ntoken = \"file:seoul\"\n\
        [[vantage]]\nid = \"osaka\"\ncountry = \"JP\"\nvia = \"agent\"\ntoken = \"file:osaka\"";
    let folder = folder_with(&format!("{TOKENS}\n{agents}"), SOURCE);
    std::fs::write(folder.path().join("seoul"), AGENT).unwrap();
    std::fs::write(folder.path().join("osaka"), OTHER).unwrap();
    folder
}

/// A record of a page that was served.
fn record(number: u32, vantage: &str) -> Value {
    json!({
        "data_format_version": "0.2.0",
        "input": "https://papers.example/article",
        "measurement_start_time": format!("2026-03-{:02} {:02}:00:00", 2 + number / 8, number % 8 * 3),
        "test_start_time": "2026-03-02 08:00:00",
        "measurement_uid": format!("uid-{vantage}-{number}"),
        "probe_cc": "KR",
        "probe_asn": "AS0",
        "report_id": "",
        "software_name": "accesswatch",
        "software_version": "0.1.0",
        "test_name": "accesswatch",
        "test_version": "0.1.0",
        "test_runtime": 1.0,
        "annotations": {},
        "test_keys": {
            "queries": [], "tcp_connect": [], "tls_handshakes": [],
            "requests": [{
                "request": { "method": "GET", "url": "https://papers.example/article", "headers_list": [] },
                "response": {
                    "code": 200,
                    "headers_list": [["Content-Type", "text/html"]],
                    "body": "<html><title>t</title><body>An article</body></html>",
                    "body_is_truncated": false,
                },
                "failure": null, "t0": 0.0, "t": 1.0, "transaction_id": 1,
            }],
            "x_accesswatch": {
                "source": "papers", "probe": "article", "vantage": vantage,
                "round": format!("round-{number}"), "attempt": 0, "via": "direct",
            },
        },
    })
}

fn lines(records: &[Value]) -> Vec<u8> {
    let lines = records.iter().map(|record| format!("{record}\n"));
    lines.collect::<String>().into_bytes()
}

fn send(to: SocketAddr, token: &str, lines: &[&str], body: &[u8]) -> Answer {
    let mut head = format!(
        "POST /api/v1/measurements HTTP/1.1\r\nHost: {to}\r\nConnection: close\r\n\
         Authorization: Bearer {token}\r\nContent-Length: {}\r\n",
        body.len()
    );
    if !lines.iter().any(|line| line.starts_with("Content-Type")) {
        head += "Content-Type: application/x-ndjson\r\n";
    }
    for line in lines {
        write!(head, "{line}\r\n").unwrap();
    }
    let mut stream = connect(to);
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"\r\n").unwrap();
    // A body that is refused need not be taken whole.
    let _ = stream.write_all(body);
    read_answer(&mut stream).expect("no answer")
}

fn object(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text());
    serde_json::from_slice(&answer.body).unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_was_answered_is_stored_once_and_judged() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let records: Vec<Value> = (0..5).map(|n| record(n, "seoul")).collect();
    let first = object(&send(served.at, AGENT, &[], &lines(&records)));
    assert_eq!(first, json!({ "taken": 5, "known": 0, "refused": [] }));
    let more: Vec<Value> = (3..8).map(|n| record(n, "seoul")).collect();
    let gzip = "Content-Encoding: gzip";
    let again = object(&send(served.at, AGENT, &[gzip], &packed(&lines(&more))));
    assert_eq!(again, json!({ "taken": 3, "known": 2, "refused": [] }));
    let reader = format!("Authorization: Bearer {TOKEN}");
    let rows = object(&get(
        served.at,
        "/api/v1/measurements?vantage=seoul",
        &[&reader],
    ));
    let uids: Vec<&str> = rows["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["measurement_uid"].as_str().unwrap())
        .collect();
    let expected: Vec<String> = (0..8).rev().map(|n| format!("uid-seoul-{n}")).collect();
    assert_eq!(uids, expected, "each once, newest first");
    let status = object(&get(served.at, "/api/v1/status?vantage=seoul", &[&reader]));
    let status = &status["items"][0];
    assert_eq!(status["code"], "ok", "{status}");
    assert_eq!(
        status["last_checked_utc"], "2026-03-02T21:00:00Z",
        "{status}"
    );
    drop(served);
    // Another process finds them too.
    let store = Store::open_read_only(&folder.path().join("data/accesswatch.db")).unwrap();
    let mut count = 0;
    let reader = store.reader().unwrap();
    let each = |_| {
        count += 1;
        true
    };
    reader
        .visit_measurements(&RowFilter::default(), each)
        .unwrap();
    assert_eq!(count, 8);
}

#[test]
fn lines_that_are_not_its_own_are_refused_and_the_others_are_taken() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let mut foreign = record(2, "seoul");
    foreign["input"] = json!("https://other.example/");
    foreign["test_keys"]["x_accesswatch"]["source"] = json!("other");
    let mut control = record(3, "osaka");
    control["test_keys"]["x_accesswatch"]["control"] = json!(true);
    let mut late = record(4, "seoul");
    late["measurement_start_time"] = json!("2099-01-01 00:00:00");
    let mut bare = record(5, "seoul");
    bare["test_keys"]["x_accesswatch"] = Value::Null;
    let mut body = lines(&[
        record(0, "seoul"),
        record(1, "osaka"),
        foreign,
        control,
        late,
        bare,
    ]);
    body.extend_from_slice(b"{\"no\": \"record\"}\n\n\xff\xfe\n");
    body.extend(lines(&[record(9, "seoul")]));
    let answer = object(&send(served.at, AGENT, &[], &body));
    assert_eq!(
        (&answer["taken"], &answer["known"]),
        (&json!(2), &json!(0)),
        "{answer}"
    );
    let refused = answer["refused"].as_array().unwrap();
    let numbers: Vec<u64> = refused
        .iter()
        .map(|r| r["line"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, [2, 3, 4, 5, 6, 7, 9], "{answer}");
    for (at, said) in [
        (0, "another vantage"),
        (1, "no probe"),
        (2, "another vantage"),
    ] {
        assert!(
            refused[at]["why"].as_str().unwrap().contains(said),
            "{answer}"
        );
    }
    let many = b"x\n".repeat(150);
    let answer = object(&send(served.at, AGENT, &[], &many));
    assert_eq!(answer["refused"].as_array().unwrap().len(), 100);
}

#[test]
fn only_the_token_of_an_agent_sends_and_it_opens_nothing_else() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let body = lines(&[record(0, "seoul")]);
    for (token, status) in [(TOKEN, 403), (crate::site::READ_TOKEN, 403), ("wrong", 401)] {
        let answer = send(served.at, token, &[], &body);
        assert_eq!(answer.status, status, "{token}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    let bearer = format!("Authorization: Bearer {AGENT}");
    for path in ["/", "/api/v1/sources", "/api/v1/measurements", "/metrics"] {
        let answer = get(served.at, path, &[&bearer]);
        assert!(
            matches!(answer.status, 401 | 429),
            "{path}: {}",
            answer.status
        );
    }
    assert_eq!(object(&send(served.at, OTHER, &[], &body))["taken"], 0);
}

#[test]
fn bodies_have_limits() {
    let folder = folder();
    let limits = WebLimits {
        records_bytes: 40_000,
        records_unpacked: 100_000,
        records_line: 20_000,
        ..WebLimits::default()
    };
    let served = serve(folder.path(), limits);
    let gzip = "Content-Encoding: gzip";
    let bomb = packed(&b"\n".repeat(10_000_000));
    let long = "x".repeat(20_001);
    for (what, lines, body, status) in [
        ("as sent", vec![], b"{}\n".repeat(20_000), 413),
        ("unpacked", vec![gzip], bomb, 413),
        ("a line", vec![], long.clone().into_bytes(), 413),
        ("a packed line", vec![gzip], packed(long.as_bytes()), 413),
        ("no gzip", vec![gzip], b"{}\n".to_vec(), 400),
        (
            "brotli",
            vec!["Content-Encoding: br"],
            b"{}\n".to_vec(),
            415,
        ),
        (
            "twice",
            vec!["Content-Encoding: gzip, gzip"],
            b"{}\n".to_vec(),
            415,
        ),
        (
            "json",
            vec!["Content-Type: application/json"],
            b"{}\n".to_vec(),
            415,
        ),
        ("nothing", vec![], Vec::new(), 200),
    ] {
        let answer = send(served.at, AGENT, &lines, &body);
        assert_eq!(answer.status, status, "{what}: {}", answer.text());
    }
    let torn = &packed(&lines(&[record(0, "seoul")]))[..60];
    assert_eq!(send(served.at, AGENT, &[gzip], torn).status, 400);
    let reader = format!("Authorization: Bearer {TOKEN}");
    let rows = object(&get(served.at, "/api/v1/measurements", &[&reader]));
    assert_eq!(
        rows["items"],
        json!([]),
        "nothing of what was refused is stored"
    );
}

#[test]
fn during_a_pass_the_agent_is_asked_to_come_again() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let path = folder.path().join("data/accesswatch.db");
    let now: Time = "2026-03-02T09:00:00Z".parse().unwrap();
    let pass = Lock::acquire(LockScope::Pass, &path, "a pass", now).unwrap();
    let body = lines(&[record(0, "seoul")]);
    let busy = send(served.at, AGENT, &[], &body);
    assert_eq!(busy.status, 503);
    assert!(busy.header("retry-after").parse::<u64>().unwrap() > 0);
    assert!(busy.text().contains("A pass is being made"));
    drop(pass);
    assert_eq!(object(&send(served.at, AGENT, &[], &body))["taken"], 1);
}

#[test]
fn a_token_is_of_an_agent_and_never_shown() {
    let folder = folder();
    let file = folder.path().join("config/accesswatch.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let direct = text.replacen("via = \"agent\"", "via = \"direct\"", 1);
    std::fs::write(&file, direct).unwrap();
    let checked = Command::new(env!("CARGO_BIN_EXE_accesswatch"))
        .args(["--dir", folder.path().to_str().unwrap(), "check"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert_eq!(checked.status.code(), Some(2), "{said}");
    assert!(said.contains("only an agent sends a token"), "{said}");
    assert!(!said.contains(AGENT));
}

#[test]
fn what_an_agent_reports_is_shown_at_its_vantage() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let now = chrono::Utc::now();
    let body = json!({
        "version": "0.9.<b>", "clock": now, "spool": 12_345,
        "last_round": now - chrono::TimeDelta::hours(3),
    });
    let body = body.to_string();
    let head = format!(
        "POST /api/v1/agent/hello HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
         Authorization: Bearer {AGENT}\r\nAccesswatch-Format: 1\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        served.at,
        body.len()
    );
    let mut stream = connect(served.at);
    stream.write_all(head.as_bytes()).unwrap();
    let answer = object(&read_answer(&mut stream).unwrap());
    assert!(answer["clock"].is_string(), "{answer}");
    let reader = format!("Authorization: Bearer {TOKEN}");
    let page = get(served.at, "/vantages/seoul?lang=en", &[&reader]).text();
    for part in ["version 0.9.&#60;b&#62;", "13 kB of records", "3 hours ago"] {
        assert!(page.contains(part), "`{part}` is not in\n{page}");
    }
    let other = get(served.at, "/vantages/osaka?lang=en", &[&reader]).text();
    assert!(!other.contains("kB of records"), "{other}");
}

/// What an agent gets to do.
fn tasks(to: SocketAddr, token: &str) -> Value {
    let bearer = format!("Authorization: Bearer {token}");
    object(&get(to, "/api/v1/agent/tasks?wait=0", &[&bearer]))
}

#[test]
fn what_a_person_asks_for_goes_to_the_agent_of_its_vantage_once() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let store = Store::open(&folder.path().join("data/accesswatch.db")).unwrap();
    let now = chrono::Utc::now();
    let round = |probe: &str, vantage: &str| AskedRound {
        probe: ProbeKey::new("papers", probe),
        vantage: vantage.into(),
        incident: 1,
        asked: now,
        by: "Ana".to_owned(),
        leased: None,
    };
    // The second is of a probe that the vantage may not make.
    let asked = vec![round("article", "seoul"), round("other", "seoul")];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(store.ask_rounds(asked)).unwrap();
    assert_eq!(tasks(served.at, OTHER)["rounds"], json!([]));
    let given = tasks(served.at, AGENT);
    assert_eq!(given["rounds"], json!(["papers/article"]), "{given}");
    assert_eq!(given["lease_seconds"], 600);
    assert_eq!(tasks(served.at, AGENT)["rounds"], json!([]), "it is leased");
    for token in [TOKEN, "nobody"] {
        let bearer = format!("Authorization: Bearer {token}");
        let refused = get(served.at, "/api/v1/agent/tasks", &[&bearer]);
        assert!([401, 403].contains(&refused.status), "{}", refused.status);
    }
}

#[test]
fn an_agent_of_another_format_is_told_what_to_install() {
    let folder = folder();
    let served = serve(folder.path(), WebLimits::default());
    let bearer = format!("Authorization: Bearer {AGENT}");
    for (format, part) in [
        ("0", "install accesswatch"),
        ("99", "or a newer version at the hub"),
    ] {
        let stated = format!("Accesswatch-Format: {format}");
        let body = lines(&[record(0, "seoul")]);
        let mut answers = vec![send(served.at, AGENT, &[&stated], &body)];
        for path in ["/api/v1/agent/workspace", "/api/v1/agent/tasks"] {
            answers.push(get(served.at, path, &[&bearer, &stated]));
        }
        for answer in answers {
            assert_eq!(answer.status, 426, "{}", answer.text());
            assert!(answer.text().contains(part), "{}", answer.text());
        }
    }
    let store = Store::open_read_only(&folder.path().join("data/accesswatch.db")).unwrap();
    let mut records = 0;
    let count = |_| {
        records += 1;
        true
    };
    let reader = store.reader().unwrap();
    reader.visit_records(&RowFilter::default(), count).unwrap();
    assert_eq!(records, 0, "nothing was let in");
}
