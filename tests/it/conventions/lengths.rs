//! Files and functions stay short enough to be read at once.

use crate::support::source_tree::SourceTree;

/// The most lines of a source file.
const LONGEST_FILE: usize = 450;
/// A function must have fewer lines than this.
const TOO_LONG: usize = 60;

/// Functions that are long because they are one table.
const LONG_FUNCTIONS: &[&str] = &[
    "i18n/evidence.rs all",
    "i18n/evidence.rs gaps",
    "track/uptime_category.rs uptime_category",
];

#[test]
fn files_are_short() {
    let tree = SourceTree::of_this_crate();
    let mut lines: Vec<usize> = tree.modules.values().map(|module| module.lines).collect();
    lines.sort_unstable();
    let (median, high) = (lines[lines.len() / 2], lines[lines.len() * 9 / 10]);
    let all: usize = lines.iter().sum();
    println!(
        "{} files, {all} lines: median {median}, 90th percentile {high}",
        lines.len()
    );
    assert!(median < 150, "the median file has {median} lines");
    assert!(high < 400, "the 90th percentile of files has {high} lines");
    let long: Vec<String> = tree
        .modules
        .values()
        .filter(|module| module.lines > LONGEST_FILE)
        .map(|module| format!("{}: {} lines", module.file.display(), module.lines))
        .collect();
    assert!(
        long.is_empty(),
        "files over {LONGEST_FILE} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn functions_are_short() {
    let tree = SourceTree::of_this_crate();
    let mut long = Vec::new();
    let mut seen = 0;
    for module in tree.code() {
        seen += module.functions.len();
        for (name, lines) in module
            .functions
            .iter()
            .filter(|(_, lines)| *lines >= TOO_LONG)
        {
            let place = format!("{} {name}", module.file.display());
            if !LONG_FUNCTIONS.contains(&place.as_str()) {
                long.push(format!("{place}: {lines} lines"));
            }
        }
    }
    assert!(seen > 2000, "the test reads {seen} functions");
    assert!(
        long.is_empty(),
        "functions of {TOO_LONG} lines or more:\n{}",
        long.join("\n")
    );
}
