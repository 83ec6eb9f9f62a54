//! What else an administrator needs: doctor, backup, purge, completions, manual pages, help.

use crate::support::cli_fixture::{self, CliFixture, GOOD, earlier};
use crate::support::pages::Answer;
use crate::support::workspace::TestWorkspace;

#[test]
fn the_doctor_finds_all_well_and_names_each_mend_where_not() {
    let fixture = CliFixture::observed();
    let well = fixture.watch.run(&["doctor"]).ends(0);
    for part in [
        "ok     workspace",
        "ok     store: intact",
        "vantage here: 1 of 1 controls pass",
    ] {
        assert!(well.out.contains(part), "{part}:\n{}", well.out);
    }
    assert!(well.err.contains("all well"));
    let hits = fixture.site.hits();
    let offline = fixture.watch.run(&["doctor", "--offline"]).ends(0);
    assert!(
        offline.out.contains("not looked at (--offline)"),
        "{}",
        offline.out
    );
    assert_eq!(fixture.site.hits(), hits);

    let path = "config/accesswatch.toml";
    let text = std::fs::read_to_string(fixture.watch.file(path)).unwrap();
    let text = text.replace("contact = \"test@example.org\"\n", "");
    // Without recipients: the text from the first recipient to the vantage is removed.
    let (head, rest) = text.split_once("[[alerts.to]]").unwrap();
    let (_, vantage) = rest.split_once("[[vantage]]").unwrap();
    fixture
        .watch
        .write(path, &format!("{head}[[vantage]]{vantage}"));
    std::fs::remove_dir_all(fixture.watch.file("probes")).unwrap();
    let ill = fixture.watch.run(&["doctor", "--offline"]).ends(3);
    for fault in [
        "nothing is watched",
        "sites do not learn who asks",
        "no mail is written",
    ] {
        let at = ill
            .out
            .find(&format!("fix    {fault}"))
            .or_else(|| ill.out.find(fault));
        let at = at.unwrap_or_else(|| panic!("{fault}:\n{}", ill.out));
        let help = ill.out[at..].lines().nth(1).unwrap();
        assert!(
            help.starts_with("       ") && help.len() > 20,
            "{fault}: {help}"
        );
    }
    assert!(ill.err.contains("see what is marked `fix`"), "{}", ill.err);
}

#[test]
fn the_doctor_names_a_control_that_fails() {
    let fixture = CliFixture::new();
    // A port that was free a moment ago and has no listener.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let dead = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let path = "config/accesswatch.toml";
    let text = std::fs::read_to_string(fixture.watch.file(path)).unwrap();
    let good = fixture.site.url("/control");
    fixture.watch.write(
        path,
        &text.replace(
            &format!("[\"{good}\"]"),
            &format!("[\"{good}\", \"{dead}\"]"),
        ),
    );
    let found = fixture.watch.run(&["doctor"]).ends(3);
    assert!(
        found
            .out
            .contains(&format!("fix    vantage here: control {dead} fails")),
        "{}",
        found.out
    );
}

#[test]
fn a_backup_opens_as_a_store_and_never_overwrites() {
    let fixture = CliFixture::observed();
    let copy = fixture.watch.file("copy.db");
    let name = copy.to_str().unwrap();
    fixture.watch.run(&["backup", name]).ends(0);
    let again = fixture.watch.run(&["backup", name]).ends(3);
    assert!(again.err.contains("never overwrites"), "{}", again.err);
    let twin = fixture.twin();
    std::fs::create_dir(twin.file("data")).unwrap();
    std::fs::copy(&copy, twin.file("data/accesswatch.db")).unwrap();
    let records = twin
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0)
        .out;
    assert_eq!(records, fixture.records());
    twin.run(&["doctor", "--offline"]).ends(0);
    let nowhere = fixture
        .watch
        .run(&["backup", "/no/such/folder/x.db"])
        .ends(3);
    assert!(nowhere.err.contains("/no/such/folder"), "{}", nowhere.err);
}

/// The button in a page within a line of JSON; expectations name it without `id=`.
const BUTTON: &str = "id=\\\"pdfDown";

/// A library whose article was well and then withdrawn: incident #1 is open.
fn withdrawn() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html(&GOOD.replace(" id=\"pdfDown\"", "")));
    fixture.run_all();
    fixture
}

/// A killed process leaves its incomplete files; those that may still be written are left.
#[test]
fn a_pass_removes_incomplete_files_of_a_day_ago() {
    let fixture = CliFixture::observed();
    let file = |name: &str| {
        let path = fixture.watch.file(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "half of a file").unwrap();
        path
    };
    let old = [
        "data/outbox/.a.eml.7.0.part",
        "data/evidence/.chain.csv.7.1.part",
        "data/evidence/tsr/.2026-11-01.tsr.7.2.part",
    ];
    let old = old.map(file);
    let two_days_ago = std::time::SystemTime::now() - std::time::Duration::from_hours(48);
    for path in &old {
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(two_days_ago).unwrap();
    }
    let others = ["data/outbox/.b.eml.7.3.part", "data/outbox/b.eml"].map(file);
    fixture.watch.run(&["run"]).ends(0);
    for path in old {
        assert!(!path.exists(), "{}", path.display());
    }
    for path in others {
        assert!(path.exists(), "{}", path.display());
    }
}

#[test]
fn purge_removes_what_was_measured_and_keeps_what_was_concluded() {
    let fixture = withdrawn();
    let kept = |fixture: &CliFixture| {
        let tables: [&[&str]; 5] = [
            &["export", "uptime"],
            &["export", "freshness"],
            &["incidents", "--format", "csv"],
            &["status", "--format", "csv"],
            &["baseline", "show", "--format", "csv"],
        ];
        tables.map(|args| fixture.watch.run(args).ends(0).out)
    };
    let before = kept(&fixture);
    let none = fixture
        .watch
        .run(&["purge", "--before", "2020-01-01"])
        .ends(0);
    assert!(
        none.err
            .contains("0 measurements, 0 bodies and 0 mails that were sent or given up removed"),
        "{}",
        none.err
    );
    let soon = chrono::Utc::now() + chrono::TimeDelta::hours(1);
    let soon = soon.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let all = fixture.watch.run(&["purge", "--before", &soon]).ends(0);
    assert!(
        all.err.contains("roll-ups, incidents and notes stay"),
        "{}",
        all.err
    );
    assert_eq!(fixture.records(), "");
    assert_eq!(kept(&fixture), before);
    // `rejudge` has nothing to derive, so it changes nothing.
    fixture.watch.run(&["rejudge", "--apply"]).ends(0);
    assert_eq!(kept(&fixture), before);
    // Later checks continue from there: the incident ends, and no other begins.
    fixture.run_all();
    assert_eq!(fixture.json(&["incidents"]).as_array().unwrap().len(), 1);
    fixture.mends();
    fixture.run_all();
    assert_eq!(fixture.json(&["incidents"])[0]["state"], "ended");
    fixture.watch.run(&["doctor", "--offline"]).ends(0);
    fixture.watch.run(&["purge", "--before", "then"]).ends(2);
    let slip = fixture
        .watch
        .run(&["purge", "--before", "2100-01-01"])
        .ends(2);
    assert!(slip.err.contains("still to come"), "{}", slip.err);
}

#[test]
fn an_incident_older_than_what_is_kept_survives_what_is_derived_again() {
    let fixture = withdrawn();
    let twin = fixture.twin();
    let records = fixture.records();
    let days = |bad: &str| if bad.contains(BUTTON) { 20 } else { 10 };
    let mut lines: Vec<String> = records
        .lines()
        .filter(|line| line.contains("\"probe\":\"article\""))
        .map(|line| earlier(line, days(line)))
        .collect();
    twin.write("past.jsonl", &lines.join("\n"));
    twin.run(&["ingest", twin.file("past.jsonl").to_str().unwrap()])
        .ends(0);
    let incident = || cli_fixture::json(&twin, &["incidents"]);
    assert_eq!(incident()[0]["state"], "open", "{}", incident());
    // The purge deletes the healthy past; the kept records begin with the incident.
    let before = (chrono::Utc::now() - chrono::TimeDelta::days(15))
        .format("%Y-%m-%d")
        .to_string();
    let purged = twin.run(&["purge", "--before", &before]).ends(0);
    assert!(purged.err.starts_with("1 measurement"), "{}", purged.err);
    let told = incident();
    twin.run(&["rejudge", "--apply"]).ends(0);
    assert_eq!(incident(), told, "after rejudge");
    // The incident also survives later records.
    lines = records
        .lines()
        .filter(|line| line.contains("\"probe\":\"article\"") && !line.contains(BUTTON))
        .map(|line| earlier(line, 5))
        .collect();
    twin.write("later.jsonl", &lines.join("\n"));
    twin.run(&["ingest", twin.file("later.jsonl").to_str().unwrap()])
        .ends(0);
    assert_eq!(incident(), told, "after ingest");
    assert_eq!(
        cli_fixture::json(&twin, &["baseline", "show"])[0]["baseline"],
        "ok"
    );
    // The page recovers: the incident ends once.
    fixture.mends();
    twin.run(&["run", "--all"]).ends(0);
    let ended = incident();
    assert_eq!(ended.as_array().unwrap().len(), 1, "{ended}");
    assert_eq!(ended[0]["state"], "ended", "{ended}");
}

const COMMANDS: &[&[&str]] = &[
    &["init"],
    &["check"],
    &["run"],
    &["daemon"],
    &["probe"],
    &["status"],
    &["incidents"],
    &["incidents", "show"],
    &["incidents", "ack"],
    &["incidents", "silence"],
    &["incidents", "observe"],
    &["baseline"],
    &["baseline", "show"],
    &["baseline", "accept"],
    &["note"],
    &["note", "add"],
    &["note", "list"],
    &["export"],
    &["judge"],
    &["ingest"],
    &["rejudge"],
    &["mail"],
    &["mail", "test"],
    &["mail", "preview"],
    &["mail", "queue"],
    &["doctor"],
    &["backup"],
    &["purge"],
    &["evidence"],
    &["evidence", "list"],
    &["evidence", "show"],
    &["evidence", "pack"],
    &["verify"],
    &["links"],
    &["links", "check"],
    &["links", "import"],
    &["links", "status"],
    &["links", "show"],
    &["serve"],
    &["demo"],
    &["completions"],
    &["man"],
];

#[test]
fn every_command_has_help_that_teaches() {
    let watch = TestWorkspace::new("http://127.0.0.1:1/");
    for command in COMMANDS {
        let help = watch.run(&[*command, &["--help"][..]].concat()).ends(0).out;
        assert!(help.contains("Usage: accesswatch "), "{help}");
        let first = help.lines().next().unwrap();
        assert!(
            first.len() >= 8 && !first.starts_with("Usage"),
            "what it does: {help}"
        );
        if command.len() == 1 {
            assert!(
                help.contains("Example"),
                "{command:?} has no example:\n{help}"
            );
            assert!(
                help.contains(&format!("accesswatch {}", command[0])) || help.contains(command[0])
            );
        }
        assert!(
            !help.contains('`') || !help.contains("`ACCESSWATCH"),
            "{help}"
        );
    }
    let main = watch.run(&["--help"]).ends(0).out;
    for command in COMMANDS {
        assert!(main.contains(&format!("\n  {}", command[0])), "{command:?}");
    }
    for status in ["0 done", "1 done", "2 usage", "3 the work"] {
        assert!(main.contains(status), "{status}: {main}");
    }
    assert!(
        watch
            .run(&["--version"])
            .ends(0)
            .out
            .starts_with("accesswatch ")
    );
}

#[test]
fn a_command_that_is_none_ends_with_2_and_the_nearest_name() {
    let watch = TestWorkspace::new("http://127.0.0.1:1/");
    let typo = watch.run(&["statsu"]).ends(2);
    assert!(typo.err.contains("status"), "{}", typo.err);
    watch.run(&["run", "--al"]).ends(2);
    watch.run(&[]).ends(2);
    // Commands that do not exist yet are not listed.
    for later in ["agent", "fleet", "report"] {
        watch.run(&[later]).ends(2);
    }
}

#[test]
fn completions_for_every_shell_name_every_command() {
    let watch = TestWorkspace::new("http://127.0.0.1:1/");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = watch.run(&["completions", shell]).ends(0).out;
        for command in COMMANDS {
            assert!(text.contains(command[0]), "{shell}: {command:?}");
        }
    }
    watch.run(&["completions", "cmd"]).ends(2);
    let script = watch.run(&["completions", "bash"]).ends(0).out;
    watch.write("completions.bash", &script);
    let checked = std::process::Command::new("bash")
        .args(["-n", watch.file("completions.bash").to_str().unwrap()])
        .status();
    assert!(checked.is_ok_and(|s| s.success()), "bash reads it");
}

#[test]
fn manual_pages_are_written_for_every_command() {
    let watch = TestWorkspace::new("http://127.0.0.1:1/");
    let main = watch.run(&["man"]).ends(0).out;
    assert!(main.contains(".TH accesswatch 1"), "{main}");
    let dir = watch.file("man1");
    watch.run(&["man", "-o", dir.to_str().unwrap()]).ends(0);
    for command in COMMANDS {
        let page = dir.join(format!("accesswatch-{}.1", command.join("-")));
        let text =
            std::fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
        assert!(text.contains(".SH NAME"), "{text}");
    }
    watch.run(&["man", "-o", "/dev/null/x"]).ends(3);
}
