//! `ingest`: records made elsewhere give the same result as live passes.

use serde_json::{Value, json};

use crate::support::cli_fixture::{self, CliFixture, GOOD, earlier};
use crate::support::pages::Answer;
use crate::support::workspace::{Ran, TestWorkspace};

/// A library with a history in `run --jsonl` files: two ended incidents, and one that is still
/// open. Returns all lines.
pub fn with_a_past(fixture: &CliFixture) -> Vec<String> {
    let withdrawn = || Answer::html(&GOOD.replace(" id=\"pdfDown\"", ""));
    let gone = || Answer::html("<p>gone</p>").with_status(404);
    let good = || Answer::html(GOOD);
    let mut lines = Vec::new();
    for (turn, answer) in [
        good(),
        withdrawn(),
        good(),
        gone(),
        withdrawn(),
        good(),
        gone(),
    ]
    .into_iter()
    .enumerate()
    {
        fixture.serves(answer);
        let file = fixture.watch.file(&format!("{turn}.jsonl"));
        let args = ["run", "--all", "--jsonl", file.to_str().unwrap()];
        fixture.watch.run(&args).ends(0);
        let text = std::fs::read_to_string(file).unwrap();
        lines.extend(text.lines().map(str::to_owned));
    }
    lines
}

fn ingest(watch: &TestWorkspace, lines: &[String]) -> Ran {
    watch.write("in.jsonl", &(lines.join("\n") + "\n"));
    watch.run(&["ingest", watch.file("in.jsonl").to_str().unwrap()])
}

/// Every table of conclusions.
fn told(watch: &TestWorkspace) -> Vec<String> {
    let tables: [&[&str]; 6] = [
        &["export", "incidents"],
        &["export", "uptime"],
        &["export", "freshness"],
        &["export", "measurements"],
        &["status", "--format", "csv"],
        &["baseline", "show", "--format", "csv"],
    ];
    tables
        .iter()
        .map(|args| watch.run(args).ends(0).out)
        .collect()
}

/// The lines in another order, the same each time.
fn shuffled(lines: &[String]) -> Vec<String> {
    let mut lines = lines.to_vec();
    lines.sort_by_key(|line| {
        line.bytes().fold(7_u64, |hash, byte| {
            hash.wrapping_mul(0x100_0000_01b3) ^ u64::from(byte)
        })
    });
    lines
}

#[test]
fn the_jsonl_of_runs_gives_a_fresh_workspace_the_same_statuses_and_incidents() {
    let fixture = CliFixture::new();
    let lines = with_a_past(&fixture);
    let twin = fixture.twin();
    let first = ingest(&twin, &lines).ends(0);
    assert!(
        first.err.contains(&format!(
            "{} records taken, 0 known already, 0 of no probe here",
            lines.len()
        )),
        "{}",
        first.err
    );
    let lived = told(&fixture.watch);
    assert_eq!(told(&twin), lived);
    assert_eq!(
        cli_fixture::json(&twin, &["incidents"])
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(twin.mails(), Vec::<String>::new(), "mails nothing");

    let second = ingest(&twin, &lines).ends(0);
    assert!(
        second
            .err
            .contains(&format!("0 records taken, {} known already", lines.len())),
        "{}",
        second.err
    );
    assert_eq!(told(&twin), lived, "the same record twice counts once");

    let other = fixture.twin();
    ingest(&other, &shuffled(&lines)).ends(0);
    assert_eq!(told(&other), lived, "the order of lines tells nothing");
}

#[test]
fn what_comes_late_and_in_parts_comes_to_the_same() {
    let fixture = CliFixture::new();
    let lines = with_a_past(&fixture);
    let twin = fixture.twin();
    let (early, late) = lines.split_at(lines.len() / 2);
    ingest(&twin, late).ends(0);
    ingest(&twin, early).ends(0);
    let statuses = |watch: &TestWorkspace| {
        let mut all = cli_fixture::json(watch, &["status"]);
        all[0]["note"] = Value::Null;
        all
    };
    assert_eq!(statuses(&twin), statuses(&fixture.watch));
    // An id is assigned only once, so only the contents are compared.
    let incidents = |watch: &TestWorkspace| {
        let mut all = cli_fixture::json(watch, &["incidents"]);
        for incident in all.as_array_mut().unwrap() {
            incident["id"] = Value::Null;
        }
        all
    };
    assert_eq!(incidents(&twin), incidents(&fixture.watch));
}

#[test]
fn the_living_workspace_takes_its_own_records_as_known() {
    let fixture = CliFixture::new();
    let lines = with_a_past(&fixture);
    let before = told(&fixture.watch);
    let ran = ingest(&fixture.watch, &lines).ends(0);
    assert!(ran.err.contains("0 records taken"), "{}", ran.err);
    assert_eq!(told(&fixture.watch), before);
}

/// A value that is compared with its history: shuffled or late lines must not change the verdict.
#[test]
fn a_fall_against_history_is_found_in_any_order_of_lines() {
    let fixture = CliFixture::new();
    let url = fixture.site.url("/hits");
    fixture.watch.write(
        "probes/academic/hits.toml",
        &format!(
            "[source]\nid = \"hits\"\nname = \"Hits\"\ngroup = \"academic\"\naccess = \"public\"\n[[probe]]\nid = \"search\"\nname = \"Search\"\nlevel = \"search\"\nurl = \"{url}\"\n[probe.value.hits]\nselect = \"em\"\nas = \"number\"\nmax_drop = \"30%\"\n"
        ),
    );
    let twin = fixture.twin();
    let text = std::fs::read_to_string(fixture.watch.file("probes/academic/hits.toml")).unwrap();
    twin.write("probes/academic/hits.toml", &text);
    let mut lines = Vec::new();
    for hits in [100, 101, 99, 102, 100, 98, 100, 103, 101, 40] {
        fixture.site.set(
            "/hits",
            Answer::html(&format!("<p>found <em>{hits}</em></p>")),
        );
        let file = fixture.watch.file("run.jsonl");
        let args = [
            "run",
            "--all",
            "--source",
            "hits",
            "--jsonl",
            file.to_str().unwrap(),
        ];
        fixture.watch.run(&args).ends(0);
        let text = std::fs::read_to_string(file).unwrap();
        lines.extend(text.lines().map(str::to_owned));
    }
    let lived = told(&fixture.watch);
    assert!(lived[0].contains("content.shrunk"), "{}", lived[0]);
    lines.reverse();
    ingest(&twin, &lines).ends(0);
    assert_eq!(told(&twin), lived);
}

#[test]
fn a_bad_line_is_told_by_its_number_and_the_others_are_taken() {
    let fixture = CliFixture::observed();
    let mut lines: Vec<String> = fixture.records().lines().map(str::to_owned).collect();
    let good = lines.len();
    lines.insert(1, "{\"input\": \"\u{1b}[31mred\"}".to_owned());
    lines.insert(0, "not json".to_owned());
    lines.push("[]".to_owned());
    let twin = fixture.twin();
    let ran = ingest(&twin, &lines).ends(3);
    for number in [1, 3, lines.len()] {
        assert!(
            ran.err
                .contains(&format!("in.jsonl:{number}: not a measurement record")),
            "{}",
            ran.err
        );
    }
    assert!(
        ran.err.contains(&format!("{good} records taken")),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains("3 lines are no measurement record; the others were taken"),
        "{}",
        ran.err
    );
    assert!(!ran.err.contains('\u{1b}'), "{:?}", ran.err);
    assert_eq!(cli_fixture::json(&twin, &["status"])[0]["code"], "ok");
}

#[test]
fn standard_input_and_files_that_are_not_there() {
    let fixture = CliFixture::observed();
    let twin = fixture.twin();
    twin.write("in.jsonl", &fixture.records());
    let input = std::fs::File::open(twin.file("in.jsonl")).unwrap();
    let ran = Ran::from(
        twin.command(&["ingest", "-"])
            .stdin(input)
            .output()
            .unwrap(),
    )
    .ends(0);
    assert!(ran.err.contains("2 records taken"), "{}", ran.err);
    for command in ["ingest", "judge"] {
        let ran = twin.run(&[command, "nowhere.jsonl"]).ends(3);
        assert!(ran.err.contains("cannot read nowhere.jsonl"), "{}", ran.err);
        let folder = twin.path().to_str().unwrap();
        twin.run(&[command, folder]).ends(3);
    }
}

#[test]
fn records_of_sources_that_are_not_watched_here_are_counted_and_left() {
    let fixture = CliFixture::observed();
    let empty = TestWorkspace::new(&fixture.site.url("/control"));
    let lines: Vec<String> = fixture.records().lines().map(str::to_owned).collect();
    let ran = ingest(&empty, &lines).ends(0);
    assert!(
        ran.err
            .contains("1 record taken, 0 known already, 1 of no probe here"),
        "{}",
        ran.err
    );
}

/// A `web_connectivity` record as OONI publishes it: newest request first, with the control,
/// without a uid.
pub fn ooni(url: &str, hour: u32, status: u16, body: &str) -> String {
    let test_keys = json!({
        "agent": "redirect", "client_resolver": "172.16.0.1", "retries": null, "socksproxy": null,
        "queries": [{ "answers": [{ "answer_type": "A", "asn": 15169, "as_org_name": "Google LLC", "ipv4": "93.184.215.14", "ttl": null }],
            "engine": "system", "failure": null, "hostname": "papers.example", "query_type": "A",
            "resolver_hostname": null, "resolver_port": null, "resolver_address": "", "t": 0.021 }],
        "dns_experiment_failure": null, "dns_consistency": "consistent",
        "control_failure": null,
        "control": {
            "tcp_connect": { "93.184.215.14:80": { "status": true, "failure": null } },
            "http_request": { "body_length": 300, "failure": null, "title": "论文", "headers": {}, "status_code": 200 },
            "dns": { "failure": null, "addrs": ["93.184.215.14"] } },
        "tcp_connect": [{ "ip": "93.184.215.14", "port": 80, "status": { "blocked": false, "failure": null, "success": true }, "t": 0.041 }],
        "tls_handshakes": [],
        "requests": [{ "failure": null,
            "request": { "body": "", "body_is_truncated": false, "headers": { "Accept": "*/*" },
                "headers_list": [["Accept", "*/*"]], "method": "GET", "tor": { "exit_ip": null, "exit_name": null, "is_tor": false }, "url": url, "x_transport": "tcp" },
            "response": { "body": body, "body_is_truncated": false, "code": status,
                "headers": { "Content-Type": "text/html; charset=utf-8" },
                "headers_list": [["Content-Type", "text/html; charset=utf-8"]] },
            "t": 0.3 }],
        "http_experiment_failure": null, "body_length_match": true, "headers_match": true,
        "status_code_match": true, "title_match": true, "accessible": true, "blocking": false, "x_status": 1
    });
    json!({
        "annotations": { "engine_name": "ooniprobe-engine", "platform": "linux" },
        "data_format_version": "0.2.0",
        "input": url,
        "measurement_start_time": format!("2026-03-02 {hour:02}:14:05"),
        "test_start_time": format!("2026-03-02 {hour:02}:14:00"),
        "probe_asn": "AS3320", "probe_cc": "DE", "probe_ip": "127.0.0.1", "probe_network_name": "Deutsche Telekom AG",
        "report_id": "20260302T011400Z_webconnectivity_DE_3320_n1_abcdef",
        "resolver_asn": "AS3320", "resolver_ip": "172.16.0.1",
        "software_name": "ooniprobe-cli", "software_version": "3.20.0",
        "test_name": "web_connectivity", "test_version": "0.4.3", "test_runtime": 2.31,
        "test_keys": test_keys
    })
    .to_string()
}

#[test]
fn ooni_records_are_matched_by_url_and_stand_for_a_vantage_of_their_own() {
    let fixture = CliFixture::observed();
    let url = fixture.site.url("/article");
    let lines = vec![
        ooni(&url, 1, 200, GOOD),
        ooni("http://elsewhere.example/", 1, 200, GOOD),
    ];
    let ran = ingest(&fixture.watch, &lines).ends(0);
    assert!(
        ran.err
            .contains("1 record taken, 0 known already, 1 of no probe here"),
        "{}",
        ran.err
    );
    let again = ingest(&fixture.watch, &lines).ends(0);
    assert!(
        again.err.contains("0 records taken, 1 known already"),
        "{}",
        again.err
    );
    let of_ooni = |fixture: &CliFixture| {
        let all = fixture.json(&["status"]);
        let found = all
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["vantage"] == "ooni:DE:AS3320");
        found.cloned().unwrap_or_else(|| panic!("{all}"))
    };
    assert_eq!(of_ooni(&fixture)["code"], "ok");
    assert_eq!(
        of_ooni(&fixture)["last_checked"],
        "2026-03-02T01:14:05Z",
        "its own time"
    );

    // Two hours of a refusal are too few; three in a row are enough.
    let refused = |hour| ooni(&url, hour, 451, "<p>unavailable for legal reasons</p>");
    ingest(&fixture.watch, &[refused(2), refused(3)]).ends(0);
    assert_eq!(of_ooni(&fixture)["code"], "ok");
    ingest(&fixture.watch, &[refused(4)]).ends(0);
    assert_eq!(of_ooni(&fixture)["code"], "site.legal_block");
    let incidents = fixture.json(&["incidents", "--open"]);
    assert_eq!(incidents[0]["vantages"], "ooni:DE:AS3320", "{incidents}");
    let csv = fixture
        .watch
        .run(&["export", "measurements", "--until", "2026-03-03"])
        .ends(0)
        .out;
    assert_eq!(csv.lines().count(), 5, "{csv}");
}

#[test]
fn records_of_long_ago_are_tracked_at_their_own_times() {
    let fixture = CliFixture::new();
    let lines: Vec<String> = with_a_past(&fixture)
        .iter()
        .map(|l| earlier(l, 100))
        .collect();
    let twin = fixture.twin();
    ingest(&twin, &lines).ends(0);
    let incidents = cli_fixture::json(&twin, &["incidents"]);
    let cutoff = (chrono::Utc::now() - chrono::TimeDelta::days(99)).to_rfc3339();
    for incident in incidents.as_array().unwrap() {
        assert!(
            incident["first_bad"].as_str().unwrap() < cutoff.as_str(),
            "{incident}"
        );
    }
    assert_eq!(incidents.as_array().unwrap().len(), 3);
}
