//! Unedited proposals of `source new` against losses and harmless changes: pages of many kinds are
//! seen once, the drafts go into a workspace unchanged, and the binary judges the next visit.

use std::collections::BTreeMap;

use crate::support::cli_fixture::json;
use crate::support::drafts::{Case, Expected, Kind, kinds};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

/// The results that differ from what is wanted, one line each.
#[derive(Debug, Default)]
struct Tally {
    losses: usize,
    harmless: usize,
    missed: Vec<String>,
    cried: Vec<String>,
}

fn answer(media: &str, body: &str) -> Answer {
    let mut answer = Answer::html(body);
    answer.headers = vec![("Content-Type".to_owned(), media.to_owned())];
    answer
}

/// Each kind has its own host, and each case its own address there.
fn sites(kinds: &[Kind]) -> Vec<Site> {
    let site = |(n, kind): (usize, &Kind)| {
        let site = Site::start_at(&format!("127.0.1.{}", n + 1));
        site.set("/", Answer::html(&kind.home()));
        site
    };
    kinds.iter().enumerate().map(site).collect()
}

fn address(kind: &Kind, case: &Case) -> String {
    format!("/{}{}", case.id, kind.path)
}

/// The source of a case: the draft of its page, with its own id and address.
fn source(draft: &str, site: &Site, kind: &Kind, case: &Case) -> String {
    let (old, new) = (site.url(&kind.path), site.url(&address(kind, case)));
    assert!(draft.contains(&old), "{draft}");
    draft.replace(&old, &new).replace(
        "id = \"draft\"",
        &format!("id = \"{}.{}\"", kind.name, case.id),
    )
}

fn workspace() -> TestWorkspace {
    let control = Site::start();
    control.set("/control", Answer::html("works"));
    let watch = TestWorkspace::new(&control.url("/control"));
    watch.edit(
        "config/accesswatch.toml",
        "robots = false",
        "robots = false\nback_off = \"0s\"",
    );
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in std::fs::read_dir(root.join("probes/signatures")).unwrap() {
        let entry = entry.unwrap();
        let name = format!("probes/signatures/{}", entry.file_name().to_string_lossy());
        watch.write(&name, &std::fs::read_to_string(entry.path()).unwrap());
    }
    watch
}

/// The source that a row of a table is about.
fn source_of(row: &serde_json::Value) -> String {
    let probe = row["probe"].as_str().unwrap_or_default();
    probe.split('/').next().unwrap_or_default().to_owned()
}

/// The code of each source.
fn codes(watch: &TestWorkspace) -> BTreeMap<String, String> {
    let status = json(watch, &["status"]);
    let rows = status.as_array().unwrap().iter();
    rows.map(|row| (source_of(row), row["code"].as_str().unwrap().to_owned()))
        .collect()
}

fn play(folder: &str) -> Tally {
    let kinds = kinds(folder);
    let sites = sites(&kinds);
    let watch = workspace();
    let today = chrono::Local::now().date_naive();
    for (kind, site) in kinds.iter().zip(&sites) {
        let healthy = kind.healthy(today);
        site.set(&kind.path, answer(&kind.r#type, &healthy));
        let args = ["source", "new", &site.url(&kind.path), "--id", "draft"];
        let draft = watch.run(&args).ends(0).out;
        if let Ok(dir) = std::env::var("DRAFTS") {
            std::fs::write(format!("{dir}/{}.toml", kind.name), &draft).unwrap();
            std::fs::write(format!("{dir}/{}.html", kind.name), &healthy).unwrap();
        }
        for case in &kind.case {
            site.set(&address(kind, case), answer(&kind.r#type, &healthy));
            let name = format!("probes/drafts/{}.{}.toml", kind.name, case.id);
            watch.write(&name, &source(&draft, site, kind, case));
        }
    }
    watch.run(&["run", "--all"]).ends(0);
    let first = codes(&watch);
    let amiss: Vec<_> = first.iter().filter(|(_, code)| *code != "ok").collect();
    assert!(amiss.is_empty(), "{amiss:?}");
    for (kind, site) in kinds.iter().zip(&sites) {
        for case in &kind.case {
            let media = case.type_after.as_ref().unwrap_or(&kind.r#type);
            let after = kind.after(case, today);
            assert_ne!(after, kind.healthy(today), "{}/{}", kind.name, case.id);
            site.set(&address(kind, case), answer(media, &after));
        }
    }
    watch.run(&["run", "--all"]).ends(0);
    count(&watch, &kinds)
}

/// Compares the sources that have an open incident with those that should have one.
fn count(watch: &TestWorkspace, kinds: &[Kind]) -> Tally {
    let codes = codes(watch);
    let incidents = json(watch, &["incidents", "--open"]);
    let incidents = incidents.as_array().unwrap();
    let mut tally = Tally::default();
    for (kind, case) in kinds
        .iter()
        .flat_map(|k| k.case.iter().map(move |c| (k, c)))
    {
        let id = format!("{}.{}", kind.name, case.id);
        let told = incidents.iter().any(|i| source_of(i) == id);
        let line = format!("{id}: {}", codes[&id]);
        match case.expect {
            Expected::Incident => {
                tally.losses += 1;
                tally.missed.extend((!told).then_some(line));
            }
            Expected::Quiet => {
                tally.harmless += 1;
                tally.cried.extend(told.then_some(line));
            }
        }
    }
    tally
}

#[test]
fn untouched_drafts_catch_losses_and_leave_changes_alone() {
    let tally = play("drafts");
    println!("{tally:#?}");
    assert!(tally.losses >= 60 && tally.harmless >= 60);
    assert!(tally.missed.is_empty(), "{:#?}", tally.missed);
    assert!(tally.cried.is_empty(), "{:#?}", tally.cried);
}
