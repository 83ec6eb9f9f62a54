//! The whole demo: what was played is what was seen, and a workspace remains to look at.

use assert_cmd::cargo::CommandCargoExt as _;
use std::process::Command;

use crate::support::workspace::Ran;

fn accesswatch(args: &[&str]) -> Ran {
    let mut command = Command::cargo_bin("accesswatch").unwrap();
    Ran::from(command.args(args).env("NO_COLOR", "1").output().unwrap())
}

#[test]
fn the_demo_sees_what_it_plays_and_leaves_a_workspace() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("demo");
    let place = place.to_str().unwrap();
    let played = accesswatch(&["demo", place]).ends(0);
    assert!(!played.err.contains("DIFFERS"), "{}", played.err);
    assert!(
        played
            .out
            .contains("All of it was reported, and nothing else."),
        "{}",
        played.out
    );
    // The output reports the last days in sentences, and names one mail to read first.
    let first = played.out.lines().find(|line| line.contains(".eml"));
    let mail = std::fs::read_to_string(first.unwrap().trim()).unwrap();
    assert!(mail.contains("Dissertation"), "{mail}");
    let incidents = std::fs::read_to_string(format!("{place}/tables/incidents.csv")).unwrap();
    assert!(incidents.contains("2026-03-0"), "{incidents}");
    for part in ["expected", "content.withdrawn", "site.geo_block"] {
        assert!(!played.out.contains(part), "{}", played.out);
    }

    let mails = std::fs::read_dir(format!("{place}/data/outbox"))
        .unwrap()
        .count();
    assert!(mails >= 8, "{mails} mails");
    for table in ["incidents", "uptime", "freshness", "measurements"] {
        let text = std::fs::read_to_string(format!("{place}/tables/{table}.csv")).unwrap();
        assert!(text.lines().count() > 5, "{table}: {text}");
    }
    let serve = format!("accesswatch --dir {place} serve");
    assert!(played.out.contains(&serve), "{}", played.out);
    // One library is measured by an agent, which keeps nothing that the hub has taken.
    let sent = std::fs::read_to_string(format!("{place}/agent/workspace.json")).unwrap();
    assert!(sent.contains("\"singapore\"") && !sent.contains("\"berlin\""));
    let measured = std::fs::read_to_string(format!("{place}/tables/measurements.csv")).unwrap();
    assert!(measured.contains(",singapore,"));
    // The gravest incident is packed, and the last words say how to check it.
    let check = played
        .out
        .lines()
        .find(|line| line.contains("accesswatch verify "));
    let pack = check.unwrap().trim().rsplit(' ').next().unwrap();
    let verified = accesswatch(&["verify", pack]).ends(0).out;
    assert!(verified.contains("everything holds"), "{verified}");
    let whole = accesswatch(&["--dir", place, "verify"]).ends(0).out;
    assert!(whole.contains("WARC record"), "{whole}");
    let again = accesswatch(&["--dir", place, "rejudge"]).ends(0);
    assert!(
        again.err.contains("nothing changes"),
        "{}{}",
        again.out,
        again.err
    );

    // The links of its report died, moved, drifted and came back.
    let links = accesswatch(&["--dir", place, "links", "status", "--document", "D1"]).ends(0);
    for state in ["gone", "moved", "drifted", "alive"] {
        assert!(links.out.contains(state), "{state}: {}", links.out);
    }
    let shown = accesswatch(&["--dir", place, "links", "show", "L3"]).ends(0);
    assert!(shown.err.contains("back: alive, was gone"), "{}", shown.err);

    let refused = accesswatch(&["demo", place]).ends(2);
    assert!(
        refused.err.contains("holds files already"),
        "{}",
        refused.err
    );
}

#[test]
fn init_takes_its_folder_by_position_or_by_dir() {
    let dir = tempfile::tempdir().unwrap();
    let (one, other) = (dir.path().join("one"), dir.path().join("other"));
    accesswatch(&["init", one.to_str().unwrap()]).ends(0);
    accesswatch(&["--dir", other.to_str().unwrap(), "init"]).ends(0);
    for place in [one, other] {
        assert!(place.join("config/accesswatch.toml").is_file());
        accesswatch(&["check", "--dir", place.to_str().unwrap()]).ends(0);
    }
}
