//! Files and functions stay short enough to be read at once.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::source_tree::{SourceTree, rust_files};

/// The most lines of a source file.
const LONGEST_FILE: usize = 450;
/// A function must have fewer lines than this.
const TOO_LONG: usize = 60;

/// Comments and documents wrap at this column. `rustfmt` wraps only code.
const COLUMNS: usize = 100;

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

/// The lines of comments or of a document that are too long. A line of a table cannot wrap, nor can
/// an image, nor a line between fences.
fn long_lines(text: &str, is_prose: fn(&str) -> bool) -> Vec<usize> {
    let mut is_fenced = false;
    let mut long = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        is_fenced ^= line.starts_with("```");
        if !is_fenced && line.chars().count() > COLUMNS && is_prose(line) {
            long.push(number);
        }
    }
    long
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") && !line.trim_start_matches(['/', '!', ' ']).starts_with('|')
}

fn is_sentence(line: &str) -> bool {
    let starts = ["|", "    ", "![", "`"];
    !starts.iter().any(|start| line.starts_with(start))
}

#[test]
fn comments_and_documents_wrap() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code: Vec<PathBuf> = Vec::new();
    for folder in ["src", "tests", "examples", "benches"] {
        rust_files(&root.join(folder), &mut code);
    }
    assert!(code.len() > 1000, "the test reads {} files", code.len());
    let documents = crate::conventions::docs::pages();
    let code = code
        .into_iter()
        .map(|file| (file, is_comment as fn(&str) -> bool));
    let documents = documents
        .into_iter()
        .map(|file| (file, is_sentence as fn(&str) -> bool));
    let mut faults = Vec::new();
    for (file, is_prose) in code.chain(documents) {
        let text = fs::read_to_string(&file).unwrap();
        let long = long_lines(&text, is_prose);
        faults.extend(
            long.iter()
                .map(|number| format!("{}:{number}", file.display())),
        );
    }
    assert!(
        faults.is_empty(),
        "lines of over {COLUMNS} columns:\n{}",
        faults.join("\n")
    );
}

#[test]
fn a_long_comment_is_found() {
    let long = "x".repeat(COLUMNS);
    for (line, is_prose, want) in [
        (format!("    /// {long}"), is_comment as fn(&str) -> bool, 1),
        (format!("/// | {long} |"), is_comment, 0),
        (format!("let a = \"{long}\";"), is_comment, 0),
        (format!("- {long}"), is_sentence, 1),
        (format!("```\n- {long}\n```"), is_sentence, 0),
        (format!("```\n```\n- {long}"), is_sentence, 1),
        (format!("| {long} |"), is_sentence, 0),
        (long[4..].to_owned(), is_sentence, 0),
    ] {
        assert_eq!(long_lines(&line, is_prose).len(), want, "{line}");
    }
}
