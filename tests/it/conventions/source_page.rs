//! `docs/sources.md` lists what is shipped: every source and the state of its probes as in the
//! files, the fact that confirms each probe or the reason why it is provisional, and the markers
//! that could be better.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use accesswatch::config::{self, Workspace};
use accesswatch::model::Probe;
use accesswatch::model::probe::Level;
use accesswatch::model::source::Source;

const LEVELS: [Level; 6] = [
    Level::Home,
    Level::Search,
    Level::Abstract,
    Level::Fulltext,
    Level::Data,
    Level::Api,
];

fn shipped() -> Workspace {
    config::load_with(Path::new(env!("CARGO_MANIFEST_DIR")), &|_| None)
        .unwrap_or_else(|faults| panic!("{faults}"))
}

fn page() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sources.md")).unwrap()
}

/// The line of a source on the page.
fn row(workspace: &Workspace, source: &Source) -> String {
    let mut probes: Vec<&Probe> = workspace.catalogue.probes_of(&source.id).collect();
    probes.sort_by_key(|p| p.id.to_string());
    let levels: Vec<&str> = LEVELS
        .into_iter()
        .filter(|level| probes.iter().any(|p| p.level == *level))
        .map(Level::as_str)
        .collect();
    let states = ["enabled", "provisional", "off"].into_iter();
    let states: Vec<String> = states
        .filter_map(|wanted| {
            let ids: Vec<String> = probes
                .iter()
                .filter(|p| state(p) == wanted)
                .map(|p| p.id.to_string())
                .collect();
            (!ids.is_empty()).then(|| format!("{wanted}: {}", ids.join(", ")))
        })
        .collect();
    let names = [
        Some(&source.name),
        source.name_zh.as_ref(),
        source.name_ko.as_ref(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
    format!(
        "| `{}` | {} | {} | {} | {} |",
        source.id,
        names.join(" · "),
        source.access.as_str(),
        levels.join(", "),
        states.join("; ")
    )
}

fn state(probe: &Probe) -> &'static str {
    match (probe.enabled, probe.provisional) {
        (false, _) => "off",
        (true, true) => "provisional",
        (true, false) => "enabled",
    }
}

#[test]
fn every_source_has_its_row_under_its_group_and_no_row_is_left_over() {
    let (workspace, page) = (shipped(), page());
    for source in workspace.catalogue.sources.values() {
        let wanted = row(&workspace, source);
        let heading = format!("## {}\n", source.group);
        let section = page.split_once(&heading).map(|(_, rest)| rest);
        let section = section.and_then(|rest| rest.split("\n## ").next());
        let has = section.is_some_and(|text| text.lines().any(|line| line == wanted));
        assert!(
            has,
            "docs/sources.md lacks, under `{}`:\n{wanted}",
            heading.trim()
        );
    }
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    let off = workspace.catalogue.all().filter(|p| !p.enabled).count();
    assert_eq!(rows.count(), workspace.catalogue.sources.len() + off);
}

#[test]
fn what_is_off_says_why() {
    let (workspace, page) = (shipped(), page());
    let (_, reasons) = page.split_once("## Off, and why").unwrap();
    let told: BTreeSet<String> = reasons
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter(|(_, why)| why.len() > 8)
        .map(|(key, _)| key.to_owned())
        .collect();
    let off = workspace.catalogue.all().filter(|p| !p.enabled);
    let off: BTreeSet<String> = off.map(|p| p.key().to_string()).collect();
    assert_eq!(told, off);
}

#[test]
fn the_page_counts_right() {
    let workspace = shipped();
    let of = |wanted: &str| {
        workspace
            .catalogue
            .all()
            .filter(|p| state(p) == wanted)
            .count()
    };
    let wanted = format!(
        "{} sources with {} probes: {} enabled, {} enabled and provisional, {} off.",
        workspace.catalogue.sources.len(),
        workspace.catalogue.probes.len(),
        of("enabled"),
        of("provisional"),
        of("off")
    );
    assert!(page().contains(&wanted), "{wanted}");
}

/// The section of the page under a heading.
fn section(page: &str, heading: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("docs/sources.md has no `{heading}`"));
    rest.split("\n## ").next().unwrap_or_default().to_owned()
}

/// Why each probe is provisional, as the remark in its file says.
fn remarks(workspace: &Workspace) -> BTreeMap<String, String> {
    let mut remarks = BTreeMap::new();
    for source in workspace.catalogue.sources.values() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(&source.file);
        let text = std::fs::read_to_string(path).unwrap();
        let mut probe = "";
        for line in text.lines() {
            if let Some(id) = line.strip_prefix("id = \"") {
                probe = id.trim_end_matches('"');
            }
            if let Some(why) = line.strip_prefix("provisional = true # ") {
                remarks.insert(format!("{}/{probe}", source.id), why.to_owned());
            }
        }
    }
    remarks
}

/// Each enabled probe has its row: the fact with its day, or the remark in its file.
#[test]
fn every_probe_says_by_which_fact_it_is_confirmed_or_why_it_is_provisional() {
    let (workspace, page) = (shipped(), page());
    let remarks = remarks(&workspace);
    let facts = section(&page, "By which fact");
    let rows: BTreeMap<&str, (&str, &str)> = facts
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"))
        .filter_map(|line| {
            let mut cells = line.splitn(3, " | ");
            Some((cells.next()?, (cells.next()?, cells.next()?)))
        })
        .filter(|(key, _)| key.contains('/'))
        .collect();
    let day = regex::Regex::new(r"\b20\d\d(?:-\d\d)?(?:-\d\d)?\b").unwrap();
    let mut faults = Vec::new();
    for probe in workspace.catalogue.enabled() {
        let key = probe.key().to_string();
        let Some((said, why)) = rows.get(key.as_str()) else {
            faults.push(format!("{key}: no row"));
            continue;
        };
        if *said != state(probe) {
            faults.push(format!("{key}: is {}, the page says {said}", state(probe)));
        }
        if probe.provisional && remarks.get(&key).map(String::as_str) != Some(why) {
            faults.push(format!("{key}: its file says {:?}", remarks.get(&key)));
        }
        if !probe.provisional && !day.is_match(why) {
            faults.push(format!("{key}: a fact has its day: {why}"));
        }
    }
    for key in rows.keys() {
        let on = workspace.catalogue.enabled();
        if !on.map(|p| p.key().to_string()).any(|k| k == **key) {
            faults.push(format!("{key}: a row of no probe that is on"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// How many of a probe's expectations are its own: title, words, selectors, values.
fn own(probe: &Probe) -> (usize, usize) {
    let expect = &probe.expect;
    let inside = expect.contains.len() + expect.select.len() + probe.values.len();
    (expect.title.len(), inside)
}

#[test]
fn markers_that_could_be_better_are_all_named() {
    let (workspace, page) = (shipped(), page());
    let named = section(&page, "Where a marker could be better");
    let lists: Vec<BTreeSet<String>> = named
        .split("\n\n")
        .filter(|part| part.starts_with('`'))
        .map(|part| {
            let keys = part.trim().trim_end_matches('.').split(", ");
            keys.map(|k| k.trim_matches('`').to_owned()).collect()
        })
        .collect();
    let of = |wanted: &dyn Fn(&Probe) -> bool| -> BTreeSet<String> {
        let probes = workspace.catalogue.enabled().filter(|p| wanted(p));
        probes.map(|p| p.key().to_string()).collect()
    };
    let title_alone =
        of(&|p| own(p).0 > 0 && own(p).1 == 0 && p.expect.min_bytes.unwrap_or(0) == 0);
    let nothing = of(&|p| own(p) == (0, 0));
    assert_eq!(lists, [title_alone, nothing]);
}
