//! `docs/sources.md` lists what is shipped: every source and the state of its probes, as the files have it.

use std::collections::BTreeSet;
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

/// The line that the page has for a source.
fn row(workspace: &Workspace, source: &Source) -> String {
    let mut probes: Vec<&Probe> = workspace.catalogue.of(&source.id).collect();
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
