//! The documentation says what the code does: every code and finding, every relative link.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use accesswatch::model::state::{Doubt, State, of_check};
use accesswatch::model::{Code, Finding};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// The first cell of each row of the tables in a page, without its back-quotes.
fn first_cells(page: &str) -> BTreeSet<&str> {
    page.lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|rest| rest.split_once('`'))
        .map(|(cell, _)| cell)
        .collect()
}

#[test]
fn every_code_stands_in_a_table_with_its_severity() {
    let page = read("docs/verdicts.md");
    for code in Code::ALL {
        let start = match code.severity() {
            Some(severity) => format!("| `{code}` | {severity} | "),
            None => format!("| `{code}` | "),
        };
        assert!(
            page.lines().any(|line| line.starts_with(&start)),
            "docs/verdicts.md has no row `{start}`"
        );
    }
}

#[test]
fn no_table_names_a_code_that_is_not_there() {
    let codes: BTreeSet<&str> = Code::ALL.iter().map(|c| c.as_str()).collect();
    let rules = accesswatch::judge::rules().map(|rule| rule.id);
    let known: BTreeSet<&str> = codes.iter().copied().chain(rules).collect();
    let page = read("docs/verdicts.md");
    let layers: BTreeSet<&str> = known
        .iter()
        .filter_map(|c| c.split_once('.'))
        .map(|(l, _)| l)
        .collect();
    let dotted: Vec<&str> = first_cells(&page)
        .into_iter()
        .filter(|cell| {
            cell.split_once('.')
                .is_some_and(|(layer, _)| layers.contains(layer))
        })
        .collect();
    assert!(dotted.len() > 20, "the test reads no rows");
    for cell in dotted {
        assert!(known.contains(cell), "docs/verdicts.md names {cell}");
    }
}

#[test]
fn every_rule_is_explained() {
    let page = read("docs/verdicts.md");
    for rule in accesswatch::judge::rules() {
        assert!(
            page.contains(&format!("`{}`", rule.id)),
            "docs/verdicts.md does not explain the rule `{}`",
            rule.id
        );
    }
}

#[test]
fn every_finding_has_a_row() {
    let page = read("docs/verdicts.md");
    let cells = first_cells(&page);
    for finding in Finding::ALL {
        assert!(
            cells.contains(finding.as_str()),
            "docs/verdicts.md has no row for {finding}"
        );
    }
}

#[test]
fn every_code_is_counted_in_one_column_of_uptime() {
    let page = read("docs/data-dictionary.md");
    let table = page
        .split_once("**The accounting.**")
        .and_then(|(_, rest)| rest.split_once("Availability is"))
        .unwrap()
        .0;
    for code in Code::ALL {
        let times = table
            .lines()
            .filter_map(|line| line.split_once("` | "))
            .map(|(_, codes)| codes.matches(&format!("`{code}`")).count())
            .sum::<usize>();
        assert_eq!(times, 1, "{code} is counted in {times} columns");
    }
}

#[test]
fn the_states_of_codes_are_those_of_the_page() {
    let page = read("docs/data-dictionary.md");
    let table = page
        .split_once("**The states.**")
        .and_then(|(_, rest)| rest.split_once("The two differ"))
        .unwrap()
        .0;
    for state in [State::Open, State::Less] {
        let start = format!("| `{}` | ", state.as_str());
        let row = table.lines().find_map(|line| line.strip_prefix(&start));
        let named: BTreeSet<&str> = row.unwrap().split('`').skip(1).step_by(2).collect();
        let codes = Code::ALL.iter().copied();
        let have = codes.filter(|code| of_check(*code, Doubt::default()) == state);
        let have: BTreeSet<&str> = have.map(Code::as_str).collect();
        assert_eq!(
            named,
            have,
            "docs/data-dictionary.md on `{}`",
            state.as_str()
        );
    }
}

/// Every page of documentation.
pub fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ]
    .iter()
    .map(|name| root().join(name))
    .collect();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "md") {
            pages.push(path);
        }
    }
    pages
}

/// The targets of `[text](target)` and `![alt](target)`.
fn links(page: &str) -> impl Iterator<Item = &str> {
    page.split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
}

/// The id of a heading: lower case, hyphens for spaces, no punctuation.
fn anchor(heading: &str) -> String {
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn relative_links_lead_to_files_and_headings() {
    let mut checked = 0;
    let mut faults = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        for target in links(&text).filter(|t| !t.contains("://")) {
            checked += 1;
            let (path, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if path.is_empty() {
                page.clone()
            } else {
                page.parent().unwrap().join(path)
            };
            let found = fs::read_to_string(&file).is_ok_and(|there| {
                heading.is_empty()
                    || there
                        .lines()
                        .any(|l| l.starts_with('#') && anchor(l) == heading)
            });
            let is_there = found || heading.is_empty() && file.exists();
            if !is_there {
                faults.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(checked > 20, "the test reads no links");
    assert!(
        faults.is_empty(),
        "links that lead nowhere:\n{}",
        faults.join("\n")
    );
}

/// The keys of a TOML file, including those in comments, `[[vantage]]` and inline tables.
fn keys(text: &str) -> BTreeSet<&str> {
    text.lines()
        .map(|line| line.trim_start_matches('#').trim())
        .filter_map(|line| line.split_once(" = "))
        .map(|(key, _)| key)
        .filter(|key| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        .collect()
}

#[test]
fn every_key_of_the_shipped_configuration_is_explained() {
    let page = read("docs/configuration.md");
    let cells = first_cells(&page);
    let config = read("config/accesswatch.toml");
    let keys = keys(&config);
    assert!(keys.len() > 40, "the test reads {} keys", keys.len());
    for key in keys {
        assert!(
            cells.contains(key),
            "docs/configuration.md has no row for `{key}`"
        );
    }
}

#[test]
fn every_key_of_the_shipped_probes_is_explained() {
    let page = read("docs/probes.md");
    let mut files = Vec::new();
    let mut folders = vec![root().join("probes")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                files.push(path);
            }
        }
    }
    assert!(files.len() >= 11);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for key in keys(&text) {
            // The first cell of a table may name several keys.
            let row = format!("`{key}`");
            let example = format!("`{key} = ");
            let explained = page.lines().any(|line| {
                line.split(" | ")
                    .next()
                    .is_some_and(|cell| cell.starts_with('|') && cell.contains(&row))
                    || line.starts_with("| `") && line.contains(&example)
            }) || page.contains(&format!("    {key} = "));
            assert!(
                explained,
                "{}: docs/probes.md does not explain `{key}`",
                file.display()
            );
        }
    }
}

/// The file that a page shows in full: the indented lines below the comment with its path.
fn shown(page: &str, path: &str) -> String {
    let start = page.find(&format!("    # {path}\n")).unwrap();
    page[start..]
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with("    "))
        .map(|line| line.trim_start_matches("    ").to_owned() + "\n")
        .collect()
}

#[test]
fn the_probe_file_that_is_shown_is_sound() {
    let path = "probes/own/yearbooks.toml";
    let text = shown(&read("docs/probes.md"), path);
    let (source, probes) = accesswatch::config::single::source(Path::new(path), &text)
        .unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(source.alternatives.len(), 2);
    assert_eq!(probes.len(), 2);
}

#[test]
fn the_examples_of_a_sources_keys_are_sound() {
    let page = read("docs/probes.md");
    let table = page
        .split_once("\n## `[source]`\n")
        .and_then(|(_, rest)| rest.split_once("\n## "))
        .unwrap()
        .0;
    let examples: Vec<&str> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| {
            code.split_once(" = ")
                .is_some_and(|(key, _)| table.contains(&format!("| `{key}`")))
        })
        .collect();
    assert!(examples.len() >= 2, "{examples:?}");
    for example in examples {
        let text = format!("[source]\nid = 'x'\nname = 'X'\n{example}\n");
        let read = accesswatch::config::single::source(Path::new("probes/x.toml"), &text);
        read.unwrap_or_else(|faults| panic!("{example}: {faults}"));
    }
}
