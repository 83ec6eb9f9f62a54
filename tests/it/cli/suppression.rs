//! What is kept back is reported: mails that are held, and a database that is gone.

use crate::support::cli_fixture::{CliFixture, GOOD};
use crate::support::pages::Answer;

/// Incident #1 is held: a server error that may be over soon.
fn held() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture
        .watch
        .edit("config/accesswatch.toml", "hold = \"0s\"", "hold = \"90m\"");
    fixture.serves(Answer::html("<p>oops</p>").with_status(503));
    // Over plain HTTP nobody can tell who caused the error.
    fixture
}

#[test]
fn a_held_mail_is_shown_as_held_with_its_time_and_its_reason() {
    let fixture = held();
    let ran = fixture.watch.run(&["run", "--all"]).ends(0);
    assert!(
        ran.err
            .contains("incident #1 papers/article: mail held until 20"),
        "{}",
        ran.err
    );
    assert!(
        ran.err
            .contains("because a failure like this is often over soon"),
        "{}",
        ran.err
    );
    let status = fixture.watch.run(&["status"]).ends(0);
    assert!(status.out.contains("mail held until 20"), "{}", status.out);
    let note = fixture.json(&["status"])[0]["note"].clone();
    assert!(
        note.as_str()
            .unwrap()
            .contains("incident #1; mail held until 20"),
        "{note}"
    );
    let listed = fixture.json(&["incidents"])[0]["mail"].clone();
    assert!(
        listed.as_str().unwrap().starts_with("mail held until 20"),
        "{listed}"
    );
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0);
    assert!(
        shown.out.contains("\nMail: mail held until 20"),
        "{}",
        shown.out
    );

    let queue = fixture.json(&["mail", "queue"]);
    let first = &queue[0];
    assert_eq!(first["state"], "held", "{queue:#}");
    assert_eq!(
        first["subject"],
        "Papers 论文, Article: cannot tell (report #1)"
    );
    assert!(
        first["next_try"]
            .as_str()
            .unwrap()
            .starts_with("when it fails again from 20")
    );
    assert!(
        first["because"]
            .as_str()
            .unwrap()
            .contains("often over soon")
    );

    fixture.mends();
    let over = fixture.watch.run(&["run", "--all"]).ends(0);
    assert!(!over.err.contains("held"), "{}", over.err);
}

#[test]
fn a_night_is_named_and_so_is_what_is_left_to_the_digest() {
    let fixture = held();
    // It is night all day long, so the failure began at night.
    fixture.watch.edit(
        "config/accesswatch.toml",
        "night = \"\"",
        "night = \"00:00-23:59\"",
    );
    let ran = fixture.watch.run(&["run", "--all"]).ends(0);
    // In the one minute of the day that is not night, the hold is the reason.
    let reasons = ["it began in the site's night", "often over soon"];
    assert!(reasons.iter().any(|r| ran.err.contains(r)), "{}", ran.err);

    let fixture = CliFixture::observed();
    fixture.serves(Answer::html("<p>no</p>").with_status(403));
    let ran = fixture.watch.run(&["run", "--all"]).ends(0);
    assert!(
        ran.err.contains("incident #1 papers/article: mail left to the digest, because the site declines our program"),
        "{}",
        ran.err
    );
    fixture
        .watch
        .run(&["incidents", "silence", "1", "--until", "2100-01-01"])
        .ends(0);
    let listed = fixture.watch.run(&["incidents"]).ends(0);
    assert!(
        listed
            .err
            .contains("because somebody silenced it until 2100-01-02T00:00:00Z"),
        "{}",
        listed.err
    );
}

#[test]
fn silence_until_a_day_that_is_over_is_refused_with_the_first_that_is_not() {
    let fixture = CliFixture::observed();
    fixture.breaks();
    fixture.run_all();
    let ran = fixture
        .watch
        .run(&["incidents", "silence", "1", "--until", "2020-01-01"])
        .ends(2);
    assert!(
        ran.err.contains("`--until 2020-01-01` is over"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("give a day from 20"), "{}", ran.err);
    let silenced = &fixture.json(&["incidents"])[0]["mail"];
    assert_eq!(silenced, "", "nothing was silenced");
}

#[test]
fn a_database_that_is_gone_while_its_mails_are_there_is_told() {
    let fixture = CliFixture::observed();
    let fresh = CliFixture::new();
    fresh.watch.run(&["mail", "test"]).ends(0);
    let first = fresh.watch.run(&["run", "--all"]).ends(0);
    assert!(
        !first.err.contains("moved or deleted"),
        "a test mail is no pass: {}",
        first.err
    );

    for file in ["accesswatch.db", "accesswatch.db-wal", "accesswatch.db-shm"] {
        let _ = std::fs::remove_file(fixture.watch.file("data").join(file));
    }
    // Nothing is created or fetched until somebody passes `--begin-anew`.
    let hits = fixture.site.hits();
    for (args, status) in [
        (&["status"][..], 0),
        (&["incidents"], 0),
        (&["run", "--all"], 3),
        (&["run"], 3),
        (&["daemon"], 3),
        (&["doctor", "--offline"], 3),
        (&["note", "list"], 0),
        (&["run", "--all"], 3),
    ] {
        let ran = fixture.watch.run(args).ends(status);
        assert!(
            ran.err
                .contains("the database data/accesswatch.db holds nothing"),
            "{args:?}: {}",
            ran.err
        );
        assert!(ran.err.contains("accesswatch backup"), "{}", ran.err);
        assert!(ran.err.contains("--begin-anew"), "{}", ran.err);
    }
    assert_eq!(fixture.site.hits(), hits, "nothing was asked");
    let anew = fixture.watch.run(&["run", "--all", "--begin-anew"]).ends(0);
    assert!(!anew.err.contains("holds nothing"), "{}", anew.err);
    fixture.watch.run(&["run", "--all"]).ends(0);
    let after = fixture.watch.run(&["status"]).ends(0);
    assert!(!after.err.contains("holds nothing"), "{}", after.err);
}

#[test]
fn one_is_counted_as_one() {
    let fixture = CliFixture::observed();
    let status = fixture.watch.run(&["status"]).ends(0);
    assert!(
        status
            .err
            .contains("0 new mails in data/outbox (1 in all), none sent"),
        "{}",
        status.err
    );
    let checked = fixture.watch.run(&["check"]).ends(0);
    for words in ["1 source,", "1 probe (0", "1 vantage,", "0 signatures"] {
        assert!(checked.err.contains(words), "{words}: {}", checked.err);
    }
    let doctor = fixture.watch.run(&["doctor", "--offline"]);
    assert!(
        doctor.out.contains("1 source, 0 signatures, 1 round on"),
        "{}",
        doctor.out
    );
}

#[test]
fn the_value_that_broke_its_limit_is_in_the_mail_with_the_limit() {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html(&GOOD.replace(" class=\"row\"", "")));
    fixture.run_all();
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Limit: value `rows`: 0 rows; at least 1 expected"),
        "{shown}"
    );
}

/// Removes the database with its log.
fn without_database(fixture: &CliFixture) {
    for file in ["accesswatch.db", "accesswatch.db-wal", "accesswatch.db-shm"] {
        let _ = std::fs::remove_file(fixture.watch.file("data").join(file));
    }
}

#[test]
fn a_used_workspace_is_known_by_its_mark_whatever_else_is_gone_and_a_backup_is_no_loss() {
    let fixture = CliFixture::observed();
    let copy = fixture.watch.file("copy.db");
    fixture
        .watch
        .run(&["backup", copy.to_str().unwrap()])
        .ends(0);
    fixture.breaks();
    fixture.run_all();
    // The locks and the mails are gone too, and a new database already holds something else.
    without_database(&fixture);
    std::fs::remove_dir_all(fixture.watch.file("data/outbox")).unwrap();
    for lock in ["accesswatch.lock", "accesswatch.book.lock"] {
        let _ = std::fs::remove_file(fixture.watch.file("data").join(lock));
    }
    fixture.watch.run(&["run", "--all"]).ends(3);
    let note = [
        "note",
        "add",
        "--source",
        "papers",
        "--from",
        "2026-01-01",
        "--text",
        "x",
    ];
    fixture.watch.run(&note).ends(0);
    fixture.watch.run(&["run", "--all"]).ends(3);
    std::fs::write(fixture.watch.file("data/accesswatch.db"), "").unwrap();
    fixture.watch.run(&["run", "--all"]).ends(3);
    // An older backup serves as the database again.
    without_database(&fixture);
    std::fs::copy(&copy, fixture.watch.file("data/accesswatch.db")).unwrap();
    let ran = fixture.watch.run(&["run", "--all"]).ends(0);
    assert!(!ran.err.contains("holds nothing"), "{}", ran.err);
    assert_eq!(fixture.json(&["incidents"]).as_array().unwrap().len(), 1);

    // `doctor` can begin anew too, and refuses when nothing is lost.
    fixture
        .watch
        .run(&["doctor", "--offline", "--begin-anew"])
        .ends(2);
    without_database(&fixture);
    fixture
        .watch
        .run(&["doctor", "--offline", "--begin-anew"])
        .ends(0);
    fixture.mends();
    fixture.run_all();
}
