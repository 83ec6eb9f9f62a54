//! The printable report, from the command line and from the pages.

use std::path::Path;
use std::process::{Command, Output};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use crate::client::get;
use crate::site::{demonstration, demonstration_folder, folder_with};

const TABLES: [&str; 8] = [
    "sources",
    "status",
    "vantages",
    "incidents",
    "uptime",
    "freshness",
    "links",
    "documents",
];

fn accesswatch(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_accesswatch"))
        .arg("--dir")
        .arg(dir)
        .args(args)
        .output()
        .unwrap()
}

fn report(args: &[&str]) -> String {
    let mut all = vec!["report"];
    all.extend(args);
    let made = accesswatch(demonstration_folder(), &all);
    assert!(made.status.success(), "{made:?}");
    String::from_utf8(made.stdout).unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

const WHOLE: [&str; 4] = ["--from", "2026-03-02", "--to", "2026-03-13"];

#[test]
fn the_same_period_gives_the_same_bytes_and_says_its_hash() {
    let made = accesswatch(
        demonstration_folder(),
        &["report", WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[3]],
    );
    let again = report(&WHOLE);
    assert_eq!(made.stdout, again.as_bytes());
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(said.contains(&sha256(&made.stdout)), "{said}");
}

#[test]
fn it_states_the_hash_of_every_table_and_of_their_list() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("q1.html");
    let file = file.to_str().unwrap();
    report(&[
        WHOLE[0],
        WHOLE[1],
        WHOLE[2],
        WHOLE[3],
        "-o",
        file,
        "--with-tables",
    ]);
    let text = std::fs::read_to_string(file).unwrap();
    let mut list = String::new();
    for table in TABLES {
        let path = folder.path().join(format!("q1-{table}.csv"));
        let bytes = std::fs::read(path).unwrap();
        let line = format!("{}  {table}.csv", sha256(&bytes));
        assert!(text.contains(&line), "{line}");
        list = list + &line + "\n";
        // At the end of the records the tables are those of `export`.
        let mut arguments = vec!["export", table];
        if ["incidents", "incident_phases", "uptime", "freshness"].contains(&table) {
            arguments.extend(["--since", "2026-03-01"]);
        }
        let exported = accesswatch(demonstration_folder(), &arguments);
        assert_eq!(exported.stdout, bytes, "{table}");
    }
    assert!(text.contains(&sha256(list.as_bytes())));
    let book = std::fs::read(folder.path().join("q1.xlsx")).unwrap();
    assert!(book.starts_with(b"PK"));
}

#[test]
fn it_stands_for_itself_and_runs_nothing() {
    for language in ["en", "ko", "zh"] {
        let text = report(&[WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[3], "--lang", language]);
        let low = text.to_lowercase();
        for wrong in [
            "<script",
            " style=",
            " onload",
            "href=\"http",
            "src=",
            "url(",
        ] {
            assert!(!low.contains(wrong), "{language}: {wrong}");
        }
        let (_, rest) = text.split_once("<style>").unwrap();
        let (style, _) = rest.split_once("</style>").unwrap();
        let hash = data_encoding::BASE64.encode(&Sha256::digest(style));
        assert!(text.contains(&format!("style-src 'sha256-{hash}'")));
        assert!(!text.contains("(a text is missing)") && !text.contains("{ $"));
    }
}

#[test]
fn a_past_period_shows_the_states_of_its_own_end() {
    // On 9 March the law database was down, and customs refused two of three places.
    let text = report(&["--from", "2026-03-08", "--to", "2026-03-09"]);
    let row = |name: &str| {
        let (_, rest) = text.split_once("Sources whose state changed").unwrap();
        let (_, rest) = rest.split_once(name).unwrap();
        rest.split_once("</tr>").unwrap().0.to_owned()
    };
    assert!(row("Demo Law Database").contains("closed-state"));
    assert!(!text.contains("The period ends on"), "it is whole");
    // At the end of the records it was open again.
    let text = report(&["--from", "2026-03-08", "--to", "2026-03-20"]);
    assert!(text.contains("The period ends on 20 March 2026, but the records end on"));
}

#[test]
fn an_empty_period_is_a_report() {
    let text = report(&["--from", "2025-01-01", "--to", "2025-01-31"]);
    assert!(text.contains("The first check was made on 2 March 2026"));
    assert!(text.contains("Nothing was checked in this period."));
    let folder = folder_with(
        "",
        "[source]\nid = \"s\"\nname = \"S\"\ngroup = \"g\"\naccess = \"public\"\n",
    );
    let made = accesswatch(
        folder.path(),
        &["report", "--from", "2025-01-01", "--to", "2025-01-31"],
    );
    assert!(made.status.success(), "{made:?}");
    let text = String::from_utf8(made.stdout).unwrap();
    assert!(text.contains("Nothing has been checked yet."));
}

#[test]
fn groups_and_sources_leave_others_out() {
    let text = report(&[WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[3], "--source", "papers"]);
    assert!(text.contains("Demo Papers") && !text.contains("Demo Law Database"));
    let folder = demonstration_folder();
    for wrong in [
        vec!["report", "--from", "2026-03-03", "--to", "2026-03-02"],
        vec![
            "report",
            "--from",
            "2026-03-02",
            "--to",
            "2026-03-02",
            "--group",
            "none",
        ],
        vec![
            "report",
            "--from",
            "2026-03-02",
            "--to",
            "2026-03-02",
            "--with-tables",
        ],
        vec!["report", "--from", "yesterday", "--to", "2026-03-02"],
    ] {
        let refused = accesswatch(folder, &wrong);
        assert_ne!(refused.status.code(), Some(0), "{wrong:?}");
        assert!(refused.stdout.is_empty());
    }
}

#[test]
fn the_pages_give_the_same_report_as_a_file() {
    let at = demonstration();
    let page = get(at, "/reports?lang=en", &[]).text();
    assert!(page.contains("action=\"/reports/report.html\""));
    assert!(page.contains("/feed.atom") && page.contains("/calendar.ics"));
    let path = "/reports/report.html?from=2026-03-02&to=2026-03-13&lang=en&group=&source=";
    let answer = get(at, path, &[]);
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment")
    );
    assert_eq!(answer.text(), report(&WHOLE));
    for wrong in [
        "from=2026-03-13&to=2026-03-02",
        "from=x&to=2026-03-02",
        "from=2026-03-02&to=2026-03-02&source=nobody",
        "",
    ] {
        let answer = get(at, &format!("/reports/report.html?{wrong}"), &[]);
        assert_eq!(answer.status, 400, "{wrong}");
    }
}
