//! `export`: the tables as docs/data-dictionary.md defines them, in every format, in full and in
//! part.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::cli_fixture::{CliFixture, GOOD, earlier};
use crate::support::pages::Answer;

const MEASUREMENTS: &str = "measurement_uid, time_utc, time_beijing, source_id, probe_id, level, vantage, country, url, final_url, code, locus, rule, signature, failure, http_status, dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms, body_bytes, body_sha256, ip, attempt, link_id";
const INCIDENTS: &str = "incident_id, source_id, name, name_zh, group, probe_id, level, url, vantages, finding, from_code, to_code, layer, locus, signature, http_status, last_good_utc, first_bad_utc, confirmed_utc, ended_utc, ended_beijing, duration_hours, checks, checks_bad, controls_ok, still_works, evidence, acknowledged_by, note, note_ref, state, severity, summary, finding_text, countries, planned, last_good_beijing, first_bad_beijing, confirmed_beijing, human_check";
const UPTIME: &str = "source_id, probe_id, level, vantage, day, checks, ok, limited, blocked, rot, stale, failed, vantage_offline, gaps, availability_pct, coverage_pct, p50_ms, p95_ms, longest_outage_hours, withdrawn, empty, moved, open, less, closed, unknown";
const FRESHNESS: &str =
    "source_id, probe_id, value, day, latest, expected_by, days_late, rows, null_share, changed";
const PHASES: &str =
    "incident_id, source_id, probe_id, vantage, code, from_utc, to_utc, checks, checks_bad";
const SOURCES: &str = "source_id, name, name_zh, name_ko, group, access, homepage, state, usual, since_utc, as_of_utc, open_incidents, probes, probes_known, last_verified_home_utc, last_verified_search_utc, last_verified_abstract_utc, last_verified_fulltext_utc, last_verified_data_utc, last_verified_api_utc, watched, why_not, note, reason";
const STATUS: &str = "source_id, probe_id, level, vantage, code, state, usual, since_utc, last_ok_utc, last_checked_utc, incident_id, reason";
const VANTAGES: &str = "vantage, name, country, network, usable, code, since_utc, last_checked_utc, controls_ok, controls, coverage_pct_30d";
const DICTIONARY: &str = "table, column, type, meaning";

const TABLES: [(&str, &str); 9] = [
    ("measurements", MEASUREMENTS),
    ("incidents", INCIDENTS),
    ("uptime", UPTIME),
    ("freshness", FRESHNESS),
    ("incident_phases", PHASES),
    ("sources", SOURCES),
    ("status", STATUS),
    ("vantages", VANTAGES),
    ("dictionary", DICTIONARY),
];

/// A library whose article was well and then withdrawn.
fn with_rows() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html(&GOOD.replace(" id=\"pdfDown\"", "")));
    fixture.run_all();
    fixture
}

#[test]
fn csv_has_exactly_the_columns_that_were_promised() {
    let fixture = with_rows();
    for (table, columns) in TABLES {
        let csv = fixture.watch.run(&["export", table]).ends(0).out;
        let header = csv
            .strip_prefix('\u{feff}')
            .expect("a byte order mark for spreadsheets");
        let header = header.split("\r\n").next().unwrap();
        assert_eq!(header, columns.replace(", ", ","), "{table}");
        let rows = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes())
            .into_records()
            .collect::<Result<Vec<_>, _>>()
            .unwrap();
        assert!(!rows.is_empty(), "{table} has rows");
    }
}

#[test]
fn uptime_counts_what_was_withdrawn_or_replaced_against_availability() {
    let fixture = with_rows();
    let notice = "<title>提示</title><p>应有关方面要求，本页内容暂不展示。</p>";
    fixture.serves(Answer::html(notice));
    fixture.run_all();
    let csv = fixture.watch.run(&["export", "uptime"]).ends(0).out;
    let mut reader = csv::Reader::from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    // Two rows when midnight passed meanwhile.
    let sum = |name: &str| {
        let at = columns.iter().position(|column| column == name).unwrap();
        rows.iter()
            .map(|row| row[at].parse::<u32>().unwrap())
            .sum::<u32>()
    };
    let counts = [
        "checks",
        "ok",
        "blocked",
        "withdrawn",
        "open",
        "less",
        "closed",
        "unknown",
    ];
    assert_eq!(counts.map(sum), [3, 1, 2, 1, 1, 1, 1, 0], "{csv}");
    if let [row] = &rows[..] {
        let at = |name: &str| &row[columns.iter().position(|c| c == name).unwrap()];
        assert_eq!(
            (at("availability_pct"), at("coverage_pct")),
            ("33.33", "100.00")
        );
    }
}

#[test]
fn json_lines_carry_the_same_columns_and_measurements_are_whole_records() {
    let fixture = with_rows();
    for (table, columns) in TABLES {
        let args = ["export", table, "--format", "jsonl"];
        let lines = fixture.watch.run(&args).ends(0).out;
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            if table == "measurements" {
                assert!(row["test_keys"]["x_accesswatch"]["vantage"].is_string());
                continue;
            }
            let keys = columns
                .split(", ")
                .map(|c| row.get(c).unwrap_or_else(|| panic!("{c}: {line}")));
            assert_eq!(keys.count(), row.as_object().unwrap().len(), "{line}");
        }
        assert!(lines.ends_with('\n'));
    }
}

#[test]
fn xlsx_is_a_workbook_in_a_file_and_through_a_pipe() {
    let fixture = with_rows();
    for (table, _) in TABLES {
        let file = fixture.watch.file(&format!("{table}.xlsx"));
        let args = [
            "export",
            table,
            "--format",
            "xlsx",
            "-o",
            file.to_str().unwrap(),
        ];
        let ran = fixture.watch.run(&args).ends(0);
        assert!(
            ran.out.is_empty() && ran.err.contains(" row"),
            "{}",
            ran.err
        );
        let bytes = std::fs::read(&file).unwrap();
        assert!(bytes.starts_with(b"PK\x03\x04"), "{table}");
        let needle = b"xl/worksheets/sheet1.xml";
        assert!(bytes.windows(needle.len()).any(|w| w == needle), "{table}");
        let piped = fixture
            .watch
            .command(&["export", table, "--format", "xlsx"])
            .output()
            .unwrap();
        assert_eq!(piped.status.code(), Some(0));
        assert!(piped.stdout.starts_with(b"PK\x03\x04"));
        assert!(
            piped.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&piped.stderr)
        );
    }
}

#[test]
fn a_file_holds_what_standard_output_gets() {
    let fixture = with_rows();
    for (table, _) in TABLES {
        let file = fixture.watch.file(&format!("{table}.csv"));
        let args = ["export", table, "-o", file.to_str().unwrap()];
        fixture.watch.run(&args).ends(0);
        let out = fixture.watch.run(&["export", table]).ends(0).out;
        assert_eq!(std::fs::read_to_string(file).unwrap(), out, "{table}");
    }
    let nowhere = ["export", "uptime", "-o", "/no/such/folder/x.csv"];
    let ran = fixture.watch.run(&nowhere).ends(3);
    assert!(
        ran.err.contains("cannot write /no/such/folder/x.csv"),
        "{}",
        ran.err
    );
    let full = fixture
        .watch
        .run(&["export", "measurements", "-o", "/dev/full"])
        .ends(3);
    assert!(full.err.contains("disk with room"), "{}", full.err);
}

#[test]
fn since_until_and_source_choose_rows() {
    let fixture = with_rows();
    let old: Vec<String> = fixture
        .records()
        .lines()
        .flat_map(|line| [earlier(line, 10), earlier(line, 20)])
        .collect();
    fixture.watch.write("old.jsonl", &old.join("\n"));
    let file = fixture.watch.file("old.jsonl");
    fixture
        .watch
        .run(&["ingest", file.to_str().unwrap()])
        .ends(0);
    fixture.site.set("/other", Answer::html(GOOD));
    fixture
        .watch
        .source("other", &[fixture.site.url("/other")], "");
    fixture
        .watch
        .run(&["run", "--all", "--source", "other"])
        .ends(0);

    let rows = |args: &[&str]| {
        fixture
            .watch
            .run(&[&["export"], args].concat())
            .ends(0)
            .out
            .lines()
            .count()
            - 1
    };
    let day = |days: i64| {
        (chrono::Utc::now() - chrono::TimeDelta::days(days))
            .format("%Y-%m-%d")
            .to_string()
    };
    // Five measurements of the article each time: one, and one with three confirmations.
    assert_eq!(rows(&["measurements"]), 3 * 5 + 1);
    assert_eq!(rows(&["measurements", "--source", "papers"]), 3 * 5);
    assert_eq!(rows(&["measurements", "--source", "other"]), 1);
    assert_eq!(
        rows(&["measurements", "--since", &day(15), "--source", "papers"]),
        2 * 5
    );
    assert_eq!(rows(&["measurements", "--until", &day(15)]), 5);
    assert_eq!(
        rows(&["measurements", "--since", &day(15), "--until", &day(5)]),
        5
    );
    let instant = format!("{}T00:00Z", day(5));
    assert_eq!(rows(&["measurements", "--since", &instant]), 5 + 1);
    assert_eq!(rows(&["uptime"]), 4);
    assert_eq!(
        rows(&["uptime", "--since", &day(15), "--source", "papers"]),
        2
    );
    assert_eq!(rows(&["freshness", "--until", &day(15)]), 1);
    assert_eq!(rows(&["incidents", "--source", "other"]), 0);
    let open = rows(&["incidents", "--source", "papers"]);
    assert!(open >= 1);

    let unknown = fixture
        .watch
        .run(&["export", "uptime", "--source", "paper"])
        .ends(2);
    assert!(
        unknown.err.contains("did you mean `papers`?"),
        "{}",
        unknown.err
    );
    let wrong = fixture
        .watch
        .run(&["export", "uptime", "--since", "31.1.2026"])
        .ends(2);
    assert!(wrong.err.contains("2026-01-31"), "{}", wrong.err);
    let nothing = [
        "export",
        "uptime",
        "--since",
        "2026-02-01",
        "--until",
        "2026-01-01",
    ];
    let nothing = fixture.watch.run(&nothing).ends(2);
    assert!(
        nothing.err.contains("--until lies before --since"),
        "{}",
        nothing.err
    );
}

#[test]
fn a_reader_that_takes_one_line_and_goes_is_no_fault() {
    let fixture = with_rows();
    let uses: [&[&str]; 8] = [
        &["export", "dictionary"],
        &["export", "dictionary", "--format", "jsonl"],
        &["export", "dictionary", "--format", "xlsx"],
        &["export", "measurements", "--format", "jsonl"],
        &["status", "--format", "json"],
        &["incidents"],
        &["completions", "bash"],
        &["man"],
    ];
    for args in uses {
        let mut child = fixture
            .watch
            .command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = Vec::new();
        let mut out = BufReader::with_capacity(16, child.stdout.take().unwrap());
        out.read_until(b'\n', &mut first).unwrap();
        drop(out);
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {err}");
        assert!(
            !err.contains("ipe") && !err.contains("panic"),
            "{args:?}: {err}"
        );
    }
    // The reader is gone from the start.
    for args in uses
        .into_iter()
        .chain([&["doctor", "--offline"][..], &["--help"]])
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = fixture.watch.command(args).stdout(writer).output().unwrap();
        let err = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(0), "{args:?}: {err}");
        assert!(
            !err.contains("ipe") && !err.contains("panic"),
            "{args:?}: {err}"
        );
    }
}

#[test]
fn an_anonymous_export_names_no_vantage() {
    let fixture = with_rows();
    for format in ["csv", "jsonl"] {
        let args = ["export", "measurements", "--anonymous", "--format", format];
        let out = fixture.watch.run(&args).ends(0).out;
        assert!(
            !out.contains(",here,") && !out.contains("\"here\""),
            "{out}"
        );
    }
}

#[test]
fn a_workspace_that_observed_nothing_exports_headers() {
    let fixture = CliFixture::new();
    for (table, columns) in TABLES.into_iter().take(5) {
        let csv = fixture.watch.run(&["export", table]).ends(0).out;
        assert_eq!(
            csv.trim_start_matches('\u{feff}').trim_end(),
            columns.replace(", ", ",")
        );
    }
}
