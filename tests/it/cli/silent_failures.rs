//! Silent failures are reported: missing recipients, placeholders, files that are not read, the
//! heartbeat, mails that nobody accepts.

use rusqlite::Connection;

use crate::support::cli_fixture::CliFixture;
use crate::support::pages::{Answer, Site};
use crate::support::skipped::skip;

use crate::cli::bad_input::SmallDisk;

const CONFIG: &str = "config/accesswatch.toml";

#[test]
fn that_nobody_hears_of_a_source_is_said_by_check_doctor_and_run() {
    let whole = "address = \"Librarian <librarian@example.org>\"\nsources = [\"*\"]\non = [\"regression\", \"recovery\", \"improvement\", \"vantage\"]";
    let to = |rest: &str| format!("address = \"a@example.org\"\n{rest}");
    for (case, new, unheard) in [
        ("none", None, true),
        ("no sources", Some(to("sources = []")), true),
        ("another group", Some(to("sources = [\"group:law\"]")), true),
        ("recovery alone", Some(to("on = [\"recovery\"]")), true),
        ("nothing at once", Some(to("on = []")), true),
        ("by id", Some(to("sources = [\"papers\"]")), false),
        (
            "by group",
            Some(to("sources = [\"group:academic\"]")),
            false,
        ),
        (
            "by glob, regressions alone",
            Some(to("sources = [\"p*\"]\non = [\"regression\"]")),
            false,
        ),
    ] {
        let fixture = CliFixture::new();
        fixture.watch.write(
            "probes/law/laws.toml",
            "[source]\nid = \"laws\"\nname = \"Laws\"\ngroup = \"law\"\naccess = \"public\"\n\n[[probe]]\nid = \"home\"\nname = \"Home\"\nlevel = \"home\"\nurl = \"http://laws.test/\"\nenabled = false\n",
        );
        match new {
            Some(new) => fixture.watch.edit(CONFIG, whole, &new),
            None => fixture
                .watch
                .edit(CONFIG, &format!("[[alerts.to]]\n{whole}\n"), ""),
        }
        fixture.run_all();
        fixture.breaks();
        let run = fixture.watch.run(&["run", "--all"]).ends(0).err;
        let check = fixture.watch.run(&["check"]);
        let status = if unheard { 3 } else { 0 };
        let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(status).out;
        let said = |text: &str| {
            text.contains("no mail is written")
                || text.contains("no recipient hears of a regression of 1 source: papers")
        };
        assert_eq!(said(&check.err), unheard, "{case}: {}", check.err);
        assert_eq!(said(&doctor), unheard, "{case}: {doctor}");
        assert_eq!(
            run.contains("no mail reports incident #1 papers/article"),
            unheard,
            "{case}: {run}"
        );
    }
}

#[test]
fn placeholders_are_said_where_mails_are_sent_and_the_shipped_country_is_a_reminder() {
    let fixture = CliFixture::new();
    for args in [&["check"][..], &["doctor", "--offline"]] {
        let told = fixture.watch.run(args).ends(0);
        assert!(!(told.err + &told.out).contains("placeholder"));
    }
    fixture.watch.edit(
        CONFIG,
        "transport = \"folder:data/outbox\"",
        "transport = \"smtp://localhost:25?tls=none\"",
    );
    fixture.watch.edit(
        CONFIG,
        "name = \"Here\"\ncountry = \"DE\"",
        "name = \"This computer\"\ncountry = \"US\"",
    );
    let check = fixture.watch.run(&["check"]).ends(0).err;
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(3).out;
    for told in [&check, &doctor] {
        for part in [
            "mails say that they come from accesswatch <accesswatch@example.org>",
            "Librarian <librarian@example.org> is a placeholder",
            "still as it was shipped",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
    fixture
        .watch
        .edit(CONFIG, "accesswatch@example.org", "accesswatch@lib.test");
    fixture
        .watch
        .edit(CONFIG, "librarian@example.org", "ana@lib.test");
    fixture.watch.run(&["doctor", "--offline"]).ends(0);
}

#[test]
fn files_among_the_probes_that_are_not_read_are_named() {
    let fixture = CliFixture::new();
    for name in ["y.tml", "x.TOML", "y.toml.txt"] {
        fixture.watch.write(&format!("probes/own/{name}"), "");
    }
    for name in ["y.toml~", "y.toml.bak", "._x.toml", "#x.toml#", "README.md"] {
        fixture.watch.write(&format!("probes/own/{name}"), "");
    }
    let told = fixture.watch.run(&["check"]).ends(0).err;
    for name in ["y.tml", "x.TOML", "y.toml.txt"] {
        let line = format!("probes/own/{name} is not read: probe files end in .toml");
        assert!(told.contains(&line), "{line}: {told}");
    }
    assert_eq!(told.matches("is not read").count(), 3, "{told}");
    fixture.watch.run(&["doctor", "--offline"]).ends(3);
}

#[test]
fn a_heartbeat_that_is_not_reached_is_said_by_run_and_doctor() {
    let switch = Site::start();
    switch.set("/beat", Answer::html("ok"));
    let fixture = CliFixture::new();
    let beat = format!("[alerts]\nheartbeat = \"{}\"", switch.url("/beat"));
    fixture.watch.edit(CONFIG, "[alerts]", &beat);
    let run = fixture.watch.run(&["run", "--all"]).ends(0).err;
    assert!(!run.contains("heartbeat"), "{run}");
    let doctor = fixture.watch.run(&["doctor"]).ends(0).out;
    assert!(
        doctor.contains("heartbeat: 127.0.0.1 takes the signal"),
        "{doctor}"
    );
    switch.set("/beat", Answer::html("no").with_status(404));
    let run = fixture.watch.run(&["run", "--all"]).ends(0).err;
    assert!(
        run.contains("did not take the signal: it answered 404"),
        "{run}"
    );
    let doctor = fixture.watch.run(&["doctor"]).ends(3).out;
    assert!(doctor.contains("did not take the signal"), "{doctor}");
}

#[test]
fn while_no_letter_is_accepted_for_a_day_it_is_said_and_the_heartbeat_is_no_success() {
    let switch = Site::start();
    switch.set("/beat", Answer::html("ok"));
    switch.set("/beat/fail", Answer::html("ok"));
    let fixture = CliFixture::new();
    // A port without a listener.
    let dead = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = dead.local_addr().unwrap().port();
    drop(dead);
    fixture.watch.edit(
        CONFIG,
        "transport = \"folder:data/outbox\"",
        &format!(
            "heartbeat = \"{}\"\ntransport = \"smtp://127.0.0.1:{port}?tls=none\"",
            switch.url("/beat")
        ),
    );
    let run = fixture.watch.run(&["run", "--all"]).ends(3).err;
    assert!(!run.contains("no mail was accepted"), "{run}");
    assert_eq!(switch.asked(), ["/beat"]);
    let db = Connection::open(fixture.watch.file("data/accesswatch.db")).unwrap();
    db.execute(
        "UPDATE outbox SET created_us = created_us - 90000000000",
        [],
    )
    .unwrap();
    drop(db);
    let run = fixture.watch.run(&["run", "--all"]).err;
    let status = fixture.watch.run(&["status"]).ends(0).err;
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(3).out;
    for told in [&run, &status, &doctor] {
        assert!(told.contains("no mail was accepted since"), "{told}");
    }
    assert_eq!(switch.asked(), ["/beat/fail"]);
}

#[test]
fn the_disk_is_told_and_mailed_to_admin_when_it_is_nearly_full() {
    let fixture = CliFixture::new();
    fixture
        .watch
        .edit(CONFIG, "[alerts]", "[alerts]\nadmin = \"it@lib.test\"");
    let data = fixture.watch.file("data");
    let Some(_disk) = SmallDisk::mount(&data, "20m") else {
        skip("no right to mount a small disk here");
        return;
    };
    fixture.run_all();
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(0).out;
    assert!(doctor.contains("ok     disk: "), "{doctor}");
    std::fs::write(data.join("filler"), vec![7_u8; 18_800_000]).unwrap();
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(3).out;
    assert!(doctor.contains("fix    disk: "), "{doctor}");
    for _ in 0..2 {
        let run = fixture.watch.run(&["run", "--all"]).ends(0).err;
        assert!(
            run.contains("when it is full, nothing is recorded"),
            "{run}"
        );
    }
    let told = fixture.watch.mails();
    let told: Vec<_> = told
        .iter()
        .filter(|m| m.contains("To: it@lib.test"))
        .collect();
    assert_eq!(told.len(), 1, "once a day");
    assert!(told[0].contains("the disk is nearly full"), "{}", told[0]);
}

#[test]
fn a_fresh_workspace_counts_what_was_not_observed_and_init_what_it_kept() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_accesswatch"));
        command
            .arg("--dir")
            .arg(dir.path())
            .args(args)
            .env_remove("ACCESSWATCH_DIR");
        let out = command.output().unwrap();
        assert!(out.status.success(), "{args:?}");
        (
            String::from_utf8(out.stdout).unwrap(),
            String::from_utf8(out.stderr).unwrap(),
        )
    };
    run(&["init"]);
    let (_, again) = run(&["init"]);
    assert!(
        again.contains("files were there and are kept as they are"),
        "{again}"
    );
    assert!(again.lines().count() < 6, "{again}");
    let (table, told) = run(&["status"]);
    assert_eq!(table, "");
    assert!(told.contains("was observed yet"), "{told}");
    assert!(told.lines().count() < 8, "{told}");
    let (csv, _) = run(&["status", "--format", "csv"]);
    assert!(csv.lines().count() > 50);
}
