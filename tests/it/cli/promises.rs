//! What the specification of commands promises: filters that are applied or refused, one incident
//! for programs, the library's own facts in reports, mails that were given up.

use serde_json::Value;

use crate::cli::incidents::broken;
use crate::support::cli_fixture::CliFixture;
use crate::support::pages::Answer;

#[test]
fn a_filter_that_a_table_does_not_have_is_refused() {
    let fixture = CliFixture::observed();
    for (table, filter, value) in [
        ("links", "--since", "2026-01-01"),
        ("copies", "--until", "2026-01-01"),
        ("status", "--since", "2026-01-01"),
        ("sources", "--until", "2026-01-01"),
        ("vantages", "--source", "papers"),
        ("citations", "--source", "papers"),
        ("dictionary", "--source", "papers"),
    ] {
        let refused = fixture.watch.run(&["export", table, filter, value]).ends(2);
        let said = format!("`{filter}` is not for `export {table}`");
        assert!(refused.err.contains(&said), "{}", refused.err);
        assert_eq!(refused.out, "");
    }
    for args in [
        ["status", "--source", "papers"],
        ["incident_phases", "--since", "2026-01-01"],
    ] {
        let args = [&["export"], args.as_slice()].concat();
        fixture.watch.run(&args).ends(0);
    }
}

#[test]
fn a_day_of_a_table_is_a_utc_day() {
    let fixture = CliFixture::observed();
    let records = fixture.records();
    let record = records
        .lines()
        .find(|line| line.contains("\"probe\":\"article\""));
    let mut record: Value = serde_json::from_str(record.unwrap()).unwrap();
    let own = record["test_keys"]["x_accesswatch"].as_object_mut();
    own.unwrap().remove("started_us");
    let mut lines = String::new();
    // In Beijing, where the schedule is read, the first of these is the day after.
    for time in ["2026-03-04 20:00:00", "2026-03-05 20:00:00"] {
        record["measurement_start_time"] = time.into();
        record["test_start_time"] = time.into();
        record["measurement_uid"] = format!("uid {time}").into();
        lines += &record.to_string();
        lines.push('\n');
    }
    fixture.watch.write("old.jsonl", &lines);
    let file = fixture.watch.file("old.jsonl");
    let file = file.to_str().unwrap();
    fixture.watch.run(&["ingest", file]).ends(0);
    let day = ["--since", "2026-03-05", "--until", "2026-03-05"];
    for table in ["measurements", "uptime"] {
        let args = [&["export", table], day.as_slice()].concat();
        let rows = fixture.watch.run(&args).ends(0).out;
        assert_eq!(rows.lines().count(), 2, "{table}: {rows}");
        assert!(rows.contains("2026-03-05"), "{table}: {rows}");
    }
}

#[test]
fn one_incident_is_an_object_for_programs() {
    let fixture = broken();
    let shown = fixture.json(&["incidents", "show", "1"]);
    assert_eq!(shown["incident_id"], 1);
    assert_eq!(shown["source_id"], "papers");
    assert_eq!(shown["to_code"], "http.not_found");
    assert!(shown["checks_bad"].is_u64(), "{shown}");
    assert!(shown["ended_utc"].is_null(), "{shown}");
    assert_eq!(shown["vantages"], serde_json::json!(["here"]));
    assert_eq!(shown["phases"][0]["code"], "http.not_found");
    assert!(shown["story"].is_array(), "{shown}");
    let letter = shown["letter"].as_str().unwrap();
    assert!(letter.contains("Verdict: http.not_found"), "{letter}");
}

#[test]
fn a_report_has_what_the_library_wrote_about_its_source() {
    let fixture = CliFixture::new();
    fixture.watch.edit(
        "probes/academic/papers.toml",
        "access = \"public\"",
        "access = \"public\"\nlicence_until = \"2031-12-30\"\nvendor_contact = \"sales@papers.example\"\n\
         catalogue_ids = [\"b7654321\"]\nalternatives = [\"the microfilm\"]\ncatalogue_note = \"Ask at the <desk>.\"",
    );
    fixture.run_all();
    fixture.breaks();
    fixture.run_all();
    let today = chrono::Utc::now().format("%Y-%m-%d").to_string();
    let args = ["report", "--from", &today, "--to", &today, "--lang", "en"];
    let report = fixture.watch.run(&args).ends(0).out;
    for own in [
        "Licence until: 2031-12-30",
        "Whom to ask: sales@papers.example",
        "Catalogue records: b7654321",
        "Alternatives: the microfilm",
        "Your own wording: Ask at the &#60;desk&#62;.",
    ] {
        assert!(report.contains(own), "{own} is missing: {report}");
    }
}

#[test]
fn status_calls_the_last_usual_check_verified_and_a_skipped_round_made() {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html("<p>no</p>").with_status(401));
    fixture.run_all();
    let accept = ["baseline", "accept", "papers/article"];
    fixture.watch.run(&accept).ends(0);
    let status = fixture.watch.run(&["status"]).ends(0);
    assert!(status.out.contains("LAST VERIFIED"), "{}", status.out);
    assert!(!status.out.contains("LAST OK"), "{}", status.out);
    let usual = "1 of them restricted as is normal here";
    assert!(status.err.contains(usual), "{}", status.err);
    assert!(!status.err.contains("as long as"), "{}", status.err);
}

#[test]
fn rounds_that_are_skipped_in_back_off_are_no_silence() {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html("<p>too many</p>").with_status(429));
    fixture.run_all();
    fixture.run_all();
    // The last answer is older than any patience; the rounds since were made, and skipped.
    let store = rusqlite::Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
    let old = (chrono::Utc::now() - chrono::TimeDelta::days(900)).to_rfc3339();
    let sql = "UPDATE statuses SET detail = json_set(detail, '$.last_checked', ?1)";
    store.execute(sql, [&old]).unwrap();
    let status = fixture.watch.run(&["status"]).ends(0);
    assert!(status.out.contains("asked for quiet"), "{}", status.out);
    assert!(!status.err.contains("daemon"), "{}", status.err);
}

#[test]
fn a_mail_that_was_given_up_is_named_for_a_week() {
    let fixture = broken();
    let given_up = |days: i64| {
        let store = rusqlite::Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
        let at = (chrono::Utc::now() - chrono::TimeDelta::days(days)).timestamp_micros();
        let sql = "UPDATE outbox SET sent_us = NULL, settled_us = ?1, settled_as = 'unanswered'
             WHERE id = (SELECT max(id) FROM outbox)";
        assert_eq!(store.execute(sql, [at]).unwrap(), 1);
        let status = fixture.watch.run(&["status"]).ends(0).err;
        let run = fixture.watch.run(&["run"]).ends(0).err;
        let doctor = fixture.watch.run(&["doctor", "--offline"]).out;
        [status, run, doctor].map(|text| text.contains("1 mail given up in the last 7 days"))
    };
    assert_eq!(given_up(1), [true; 3]);
    assert_eq!(given_up(8), [false; 3]);
}
