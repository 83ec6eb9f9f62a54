//! Queries and entries: status, baselines, notes, the queue; tables, JSON and CSV.

use std::process::Command;

use serde_json::Value;

use crate::support::cli_fixture::{CliFixture, GOOD};
use crate::support::pages::Answer;
use crate::support::skipped::skip;
use crate::support::workspace::Ran;

use crate::cli::incidents::broken;

#[test]
fn status_and_incidents_are_printed_as_table_json_and_csv() {
    let fixture = broken();
    let table = fixture.watch.run(&["status"]).ends(0);
    assert!(table.out.contains("LAST VERIFIED"), "{}", table.out);
    assert!(table.out.contains("not found (404)"), "{}", table.out);
    assert!(table.err.contains("none sent"), "{}", table.err);
    let same = fixture.watch.run(&["status", "--format", "table"]).ends(0);
    assert_eq!(same.out, table.out);

    let status = fixture.json(&["status"]);
    for key in [
        "source",
        "probe",
        "vantage",
        "state",
        "code",
        "since",
        "last_verified",
        "last_checked",
        "note",
    ] {
        assert!(status[0][key].is_string(), "{key}: {status}");
    }
    let csv = fixture.watch.run(&["status", "--format", "csv"]).ends(0);
    let header = csv.out.lines().next().unwrap();
    assert_eq!(
        header.trim_start_matches('\u{feff}'),
        "source,probe,vantage,state,code,since,last_verified,last_checked,note,access,reason"
    );
    let csv = fixture.watch.run(&["incidents", "--format", "csv"]).ends(0);
    let rows: Vec<&str> = csv.out.lines().collect();
    assert!(
        rows[0]
            .trim_start_matches('\u{feff}')
            .starts_with("id,state,source,probe,finding,")
    );
    assert!(
        rows[1].starts_with("1,open,Papers 论文,papers/article,rot,"),
        "{rows:?}"
    );

    let empty = CliFixture::new();
    let none = empty.watch.run(&["incidents"]).ends(0);
    assert_eq!(
        (none.out.as_str(), none.err.contains("no incidents")),
        ("", true)
    );
    assert_eq!(empty.json(&["incidents"]), Value::Array(Vec::new()));
}

#[test]
fn nothing_is_coloured_in_a_pipe_and_no_color_is_heeded_on_a_terminal() {
    let fixture = broken();
    fixture
        .watch
        .write("probes/academic/bad.toml", "[source]\nid = 1\n");
    for args in [&["status"][..], &["incidents"], &["check"], &["--help"]] {
        let piped = fixture
            .watch
            .command(args)
            .env_remove("NO_COLOR")
            .output()
            .unwrap();
        let piped = Ran::from(piped);
        assert!(!(piped.out + &piped.err).contains('\u{1b}'), "{args:?}");
    }
    // A terminal made by script(1), where it is installed.
    if Command::new("script").arg("--version").output().is_err() {
        skip("no script(1) to make a terminal with");
        return;
    }
    let on_terminal = |variable: Option<&str>| {
        let line = format!(
            "{} --dir {} check",
            env!("CARGO_BIN_EXE_accesswatch"),
            fixture.watch.path().display()
        );
        let mut command = Command::new("script");
        command
            .args(["-qec", &line, "/dev/null"])
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR")
            .env("TERM", "xterm-256color");
        if let Some(value) = variable {
            command.env("NO_COLOR", value);
        }
        Ran::from(command.output().unwrap()).out
    };
    assert!(
        on_terminal(None).contains("\u{1b}["),
        "colours on a terminal"
    );
    let plain = on_terminal(Some("1"));
    assert!(!plain.contains("\u{1b}["), "{plain}");
    assert!(plain.contains("bad.toml:2:6"), "{plain}");
}

#[test]
fn an_accepted_baseline_ends_the_incident_and_stays_after_rejudge() {
    let fixture = CliFixture::observed();
    fixture.serves(Answer::html(&GOOD.replace(" id=\"pdfDown\"", "")));
    fixture.run_all();
    let baseline =
        |fixture: &CliFixture| fixture.json(&["baseline", "show", "papers/article"])[0].clone();
    assert_eq!(baseline(&fixture)["baseline"], "ok");
    let accepted = fixture
        .watch
        .run(&["baseline", "accept", "papers/article"])
        .ends(0);
    assert!(
        accepted
            .err
            .contains("papers/article from here: content.withdrawn is normal from now on"),
        "{}",
        accepted.err
    );
    assert_eq!(baseline(&fixture)["baseline"], "content.withdrawn");
    assert_eq!(baseline(&fixture)["set_by"], "confirmed or accepted");
    let accepted = fixture
        .watch
        .run(&["baseline", "accept", "papers/article"])
        .ends(0);
    assert_eq!(
        accepted.err.trim_end(),
        "papers/article from here: content.withdrawn is normal already; nothing was changed"
    );
    assert_eq!(
        fixture
            .json(&["incidents", "--open"])
            .as_array()
            .unwrap()
            .len(),
        0
    );
    fixture.watch.run(&["run", "--all", "--exit-code"]).ends(0);
    let again = fixture.watch.run(&["rejudge", "--apply"]).ends(0);
    assert!(
        again.err.contains("nothing changes"),
        "{}\n{}",
        again.out,
        again.err
    );
    assert_eq!(baseline(&fixture)["baseline"], "content.withdrawn");
}

#[test]
fn a_baseline_of_what_is_not_there_is_refused_with_the_nearest_name() {
    let fixture = broken();
    let unknown = fixture
        .watch
        .run(&["baseline", "accept", "papers/artikel"])
        .ends(2);
    assert!(
        unknown.err.contains("did you mean `papers/article`?"),
        "{}",
        unknown.err
    );
    let form = fixture.watch.run(&["baseline", "accept", "papers"]).ends(2);
    assert!(form.err.contains("SOURCE/PROBE"), "{}", form.err);
    let vantage = ["baseline", "accept", "papers/article", "--vantage", "there"];
    let vantage = fixture.watch.run(&vantage).ends(2);
    assert!(vantage.err.contains("there"), "{}", vantage.err);
}

#[test]
fn notes_are_kept_listed_shown_and_guarded() {
    let fixture = broken();
    let add = [
        "note",
        "add",
        "--source",
        "papers",
        "--from",
        "2026-01-01",
        "--text",
        "=1+1 \u{1b}[2J公告",
        "--ref",
        "https://example.org/n",
    ];
    fixture.watch.run(&add).ends(0);
    let list = fixture.json(&["note", "list"]);
    assert_eq!(list[0]["source"], "papers");
    let table = fixture.watch.run(&["note", "list"]).ends(0).out;
    assert!(
        table.contains("公告") && !table.contains('\u{1b}'),
        "{table:?}"
    );
    let csv = fixture
        .watch
        .run(&["note", "list", "--format", "csv"])
        .ends(0)
        .out;
    assert!(!csv.contains(",=1+1"), "guarded against formulas: {csv}");
    let shown = fixture.watch.run(&["incidents", "show", "1"]).ends(0).out;
    assert!(
        shown.contains("公告") && !shown.contains('\u{1b}'),
        "{shown:?}"
    );

    let unknown = [
        "note",
        "add",
        "--source",
        "paper",
        "--from",
        "2026-01-01",
        "--text",
        "x",
    ];
    assert!(
        fixture
            .watch
            .run(&unknown)
            .ends(2)
            .err
            .contains("did you mean `papers`?")
    );
    let backwards = [
        "note",
        "add",
        "--source",
        "papers",
        "--from",
        "2026-02-01",
        "--to",
        "2026-01-01",
        "--text",
        "x",
    ];
    assert!(
        fixture
            .watch
            .run(&backwards)
            .ends(2)
            .err
            .contains("--to lies before --from")
    );
}

#[test]
fn the_mail_queue_shows_what_was_sent_and_a_preview_is_the_mail() {
    let fixture = broken();
    let queue = fixture.json(&["mail", "queue"]);
    assert_eq!(queue.as_array().unwrap().len(), fixture.watch.mails().len());
    assert!(
        queue
            .as_array()
            .unwrap()
            .iter()
            .all(|mail| mail["state"] == "in the folder")
    );
    // A mail in the folder is never called sent. When the file was moved away, nobody knows.
    let table = fixture.watch.run(&["mail", "queue"]).ends(0).out;
    assert!(table.contains("in the folder"), "{table}");
    assert!(
        !table.replace("sent_or_written", "").contains("sent "),
        "{table}"
    );
    let preview = fixture.watch.run(&["mail", "preview", "1"]).ends(0).out;
    assert!(
        preview.starts_with("Subject: Papers 论文, Article: closed (report #1)\n"),
        "{preview}"
    );
    let html = fixture
        .watch
        .run(&["mail", "preview", "1", "--html"])
        .ends(0)
        .out;
    assert!(html.contains("<html"), "{html}");
    let before = fixture.watch.mails().len();
    fixture.watch.run(&["mail", "test"]).ends(0);
    assert_eq!(fixture.watch.mails().len(), before + 1);
    fixture.watch.run(&["mail", "preview", "5"]).ends(2);
}
