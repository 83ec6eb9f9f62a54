//! Copies in the store: `links copies`, and the table.

use serde_json::Value;

use crate::archives::{Archive, Mood};
use crate::desk::{article, challenge, watch};
use crate::own::library;
use crate::pages::{Answer, Site};
use crate::workspace::{Ran, TestWorkspace};

pub fn import(watch: &TestWorkspace, entries: &[(&str, &str)]) {
    use std::fmt::Write as _;
    let mut text = String::new();
    for (number, (url, day)) in entries.iter().enumerate() {
        let day = if day.is_empty() {
            String::new()
        } else {
            format!(",\n  urldate = {{{day}}}")
        };
        let _ = writeln!(
            text,
            "@online{{e{number},\n  title = {{A}},\n  url = {{{url}}}{day}\n}}"
        );
    }
    watch.write("references.bib", &text);
    let path = watch.file("references.bib").to_string_lossy().into_owned();
    run(watch, &["links", "import", &path]).ends(0);
}

pub fn run(watch: &TestWorkspace, args: &[&str]) -> Ran {
    tokio::task::block_in_place(|| watch.run(args))
}

pub fn rows(ran: &Ran) -> Vec<Value> {
    serde_json::from_str(&ran.out).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_are_found_kept_listed_and_exported() {
    let archive = Archive::start().await;
    let (one, other) = ("https://a.example/one", "https://b.example/other");
    archive.holds(one, "20230501000000", &article("one"));
    archive.holds(other, "20230501000000", &challenge());
    let watch = watch(&archive.as_wayback());
    import(&watch, &[(one, "2023-05-08"), (other, "")]);
    let ran = run(&watch, &["links", "copies", "--format", "json"]);
    assert_eq!(rows(&ran.ends(0)).len(), 0);
    let ran = run(&watch, &["links", "copies", "--find", "--format", "json"]).ends(0);
    let found = rows(&ran);
    assert_eq!(found.len(), 2, "{}", ran.out);
    assert_eq!(found[0]["link_id"], "L1");
    assert_eq!(found[0]["judged"], "good");
    assert_eq!(found[0]["used"], true);
    assert_eq!(found[0]["url"], archive.capture("20230501000000", one));
    assert_eq!(found[1]["judged"], "bad");
    assert_eq!(found[1]["code"], "content.unproven");
    assert_eq!(found[1]["used"], false);
    assert!(
        ran.err.contains("2 links looked up: 1 with a good copy"),
        "{}",
        ran.err
    );
    let table = run(&watch, &["export", "copies"]).ends(0).out;
    let head = table.trim_start_matches('\u{feff}').lines().next().unwrap();
    assert_eq!(
        head,
        "link_id,archive,url,time,judged,code,found_utc,kind,job,used"
    );
    assert_eq!(table.lines().count(), 3);
    let links = run(&watch, &["export", "links", "--format", "jsonl"])
        .ends(0)
        .out;
    let first: Value = serde_json::from_str(links.lines().next().unwrap()).unwrap();
    assert_eq!(first["archive_url"], archive.capture("20230501000000", one));
    assert_eq!(first["archive_judged"], "good");
    let shown = run(&watch, &["links", "show", "L1"]).ends(0);
    assert!(shown.err.contains("copy: http"), "{}", shown.err);
    // A second look-up leaves out what has a copy, and never looks at what was bad.
    let before = archive.asked().len();
    let ran = run(&watch, &["links", "copies", "--find", "--document", "D1"]).ends(0);
    assert!(ran.err.contains("1 link looked up"), "{}", ran.err);
    let again = &archive.asked()[before..];
    assert!(!again.iter().any(|p| p.contains("a.example")), "{again:?}");
    assert!(
        !again
            .iter()
            .any(|p| p.starts_with("/web/2023") && p.contains("b.example")),
        "{again:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn one_page_under_three_links_of_a_host_is_a_copy_of_none() {
    let archive = Archive::start().await;
    let links = [
        "https://a.example/1",
        "https://a.example/2",
        "https://a.example/3",
        "https://b.example/1",
    ];
    for link in links {
        archive.holds(link, "20230501000000", &article("our new portal"));
    }
    let watch = watch(&archive.as_wayback());
    import(&watch, &links.map(|link| (link, "2023-05-08")));
    let ran = run(&watch, &["links", "copies", "--find", "--format", "json"]).ends(0);
    let judged: Vec<(Value, Value)> = rows(&ran)
        .into_iter()
        .map(|row| (row["judged"].clone(), row["used"].clone()))
        .collect();
    let bad = (Value::from("bad"), Value::from(false));
    let good = (Value::from("good"), Value::from(true));
    assert_eq!(judged, [bad.clone(), bad.clone(), bad, good]);
}

#[tokio::test(flavor = "multi_thread")]
async fn links_that_could_not_be_looked_up_are_named() {
    let archive = Archive::start().await;
    archive.is(Mood::Down);
    let watch = watch(&archive.as_wayback());
    import(
        &watch,
        &[
            ("https://a.example/1", "2023"),
            ("https://a.example/2", "2023"),
        ],
    );
    let ran = run(&watch, &["links", "copies", "--find"]).ends(3);
    assert!(
        ran.err.contains("2 links: an archive did not answer"),
        "{}",
        ran.err
    );
    assert_eq!(archive.asked().len(), 1, "the second link found it resting");
    // Another process leaves it alone too.
    archive.is(Mood::Well);
    run(&watch, &["links", "copies", "--find"]).ends(3);
    assert_eq!(archive.asked().len(), 1, "its rest is in the store");
}

/// A repair leaves an archive alone that another process found failing, and the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn a_repair_keeps_the_rest_of_an_archive() {
    let (site, archive, watch) = library("own = \"never\"\n").await;
    import(&watch, &[(&site.url("/gone"), "2023")]);
    archive.is(Mood::Down);
    let path = |name: &str| watch.file(name).display().to_string();
    let (from, to) = (path("references.bib"), path("out.bib"));
    let repair = ["links", "repair", &from, "-o", &to, "--force"];
    run(&watch, &repair).ends(0);
    assert_eq!(archive.asked().len(), 1, "it was asked, and failed");
    archive.is(Mood::Well);
    run(&watch, &repair).ends(0);
    assert_eq!(
        archive.asked().len(),
        1,
        "the second repair leaves it alone"
    );
    run(&watch, &["links", "copies", "--find"]).ends(3);
    assert_eq!(archive.asked().len(), 1, "so does a look-up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_names_the_archives_whose_key_is_missing() {
    let archive = Archive::start().await;
    let site = Site::start();
    site.set("/control", Answer::html("<p>works</p>"));
    let settings = archive.as_wayback();
    let keys = "[links.copies]\nsave = [\"wayback\", \"perma\"]\nwayback = \"env:NO_SUCH_KEY\"\n\
                perma = \"env:NO_SUCH_KEY\"\n";
    let watch = watch(&settings.replace("[links.copies]\n", keys));
    watch.edit(
        "config/accesswatch.toml",
        "http://127.0.0.1:9/",
        &site.url("/control"),
    );
    watch.source("here", &[site.url("/control")], "contains = [\"works\"]");
    import(&watch, &[("https://a.example/1", "")]);
    let ran = run(&watch, &["run", "--no-alerts"]);
    for target in ["wayback", "perma"] {
        let note = format!("nothing is saved to {target}");
        assert!(ran.err.contains(&note), "{}", ran.err);
    }
    assert_eq!(archive.desk().posts, 0);
}

#[test]
fn archives_that_cannot_be_asked_are_faults_of_the_configuration() {
    for (lines, fault) in [
        ("[[links.archive]]\nname = \"A\"\n", "needs `timegate`"),
        (
            "[[links.archive]]\nname = \"A\"\ntimegate = \"ftp://a.example/\"\n",
            "not fetched",
        ),
        (
            "[[links.archive]]\nname = \"A\"\ntimegate = \"https://archive.ph/timegate/\"\n",
            "never asked",
        ),
        (
            "[[links.archive]]\nname = \"A\"\ntimegate = \"https://a.example/\"\n[[links.archive]]\nname = \"A\"\ntimegate = \"https://b.example/\"\n",
            "there twice",
        ),
        ("[links.copies]\nsave = [\"wayback\"]\n", "needs a key"),
        (
            "[links.copies]\nsave = [\"own\"]\n",
            "is not an archive that saves",
        ),
        ("[links.copies]\nown = \"always\"\n", "does not say when"),
        (
            "[links.copies]\nsave = [\"perma\"]\nperma = \"abcdefgh12345678\"\n",
            "does not belong in this file",
        ),
    ] {
        let watch = watch(&format!("\n{lines}"));
        let ran = watch.run(&["check"]);
        assert_ne!(ran.status, Some(0), "{lines}");
        let text = format!("{}{}", ran.out, ran.err);
        assert!(text.contains(fault), "{lines}: {text}");
        assert!(!text.contains("abcdefgh12345678"), "{text}");
    }
}
