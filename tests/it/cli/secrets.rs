//! A secret is read only by the commands that use it.

use crate::support::cli_fixture::CliFixture;

const UNSET: &str = "ACCESSWATCH_TEST_NO_SUCH_SECRET";

/// Mails go to a server that asks for a password, and the password is missing.
fn without_password() -> CliFixture {
    let fixture = CliFixture::observed();
    fixture.watch.edit(
        "config/accesswatch.toml",
        "transport = \"folder:data/outbox\"",
        &format!("transport = \"smtp://me@127.0.0.1:9\"\npassword = \"env:{UNSET}\""),
    );
    fixture
}

#[test]
fn what_neither_fetches_nor_mails_works_without_the_mail_servers_password() {
    let fixture = without_password();
    let records = fixture.records();
    fixture.watch.write("records.jsonl", &records);
    let file = fixture.watch.file("records.jsonl");
    let file = file.to_str().unwrap();
    let backup = fixture.watch.file("copy.db");
    for args in [
        &["status"][..],
        &["incidents"],
        &["export", "uptime"],
        &["baseline", "show"],
        &["note", "list"],
        &["judge", file],
        &["ingest", file],
        &["rejudge"],
        &["mail", "queue"],
        &["backup", backup.to_str().unwrap()],
        &["purge", "--before", "2001-01-01"],
        &["probe", &fixture.site.url("/article")],
        &["run", "--all", "--no-alerts"],
    ] {
        let ran = fixture.watch.run(args).ends(0);
        assert!(!ran.err.contains(UNSET), "{args:?}: {}", ran.err);
    }
}

#[test]
fn what_mails_names_the_missing_password_and_check_warns_of_it() {
    let fixture = without_password();
    for args in [&["run", "--all"][..], &["daemon"], &["mail", "test"]] {
        let ran = fixture.watch.run(args).ends(2);
        assert!(
            ran.err.contains(&format!(
                "error: the environment variable `{UNSET}` is not set"
            )),
            "{args:?}: {}",
            ran.err
        );
        assert!(ran.err.contains("config/accesswatch.toml:"), "{}", ran.err);
    }
    let checked = fixture.watch.run(&["check"]).ends(0);
    let warned = format!("warning: the environment variable `{UNSET}` is not set");
    assert!(checked.err.contains(&warned), "{}", checked.err);
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(3);
    assert!(doctor.out.contains("password"), "{}", doctor.out);
    let set = fixture
        .watch
        .command(&["check"])
        .env(UNSET, "x")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&set.stderr);
    assert!(!told.contains(UNSET), "{told}");
    // The only warnings are about the placeholder addresses of the test's configuration.
    let mut warnings = told.lines().filter(|l| l.contains("warning"));
    assert!(warnings.all(|l| l.contains("placeholder")), "{told}");
}

#[test]
fn a_proxys_password_is_asked_for_where_that_vantage_is_used() {
    let fixture = CliFixture::observed();
    fixture.watch.append(
        "config/accesswatch.toml",
        &format!(
            "\n[[vantage]]\nid = \"away\"\ncountry = \"KR\"\nvia = \"socks5://me@127.0.0.1:9\"\npassword = \"env:{UNSET}\"\ncontrols = [\"{}\"]\n",
            fixture.site.url("/control")
        ),
    );
    let url = fixture.site.url("/article");
    for args in [
        &["status"][..],
        &["probe", &url],
        &["probe", &url, "--vantage", "here"],
        &["run", "--all", "--vantage", "here"],
    ] {
        let ran = fixture.watch.run(args).ends(0);
        assert!(!ran.err.contains(UNSET), "{args:?}: {}", ran.err);
    }
    for args in [
        &["run", "--all"][..],
        &["run", "--all", "--vantage", "away"],
        &["probe", &url, "--vantage", "away"],
        &["daemon"],
    ] {
        let ran = fixture.watch.run(args).ends(2);
        assert!(ran.err.contains(UNSET), "{args:?}: {}", ran.err);
    }
}
