//! Tests and checks leave nothing in the tree: each works in a temporary folder of its own.

use std::collections::BTreeSet;
use std::path::Path;

/// What stands at the root of the repository, and the folder that Cargo builds in.
const ROOT: &[&str] = &[
    ".cargo",
    ".ci",
    ".git",
    ".gitignore",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "assets",
    "benches",
    "build.rs",
    "clippy.toml",
    "config",
    "deny.toml",
    "docs",
    "examples",
    "locales",
    "probes",
    "rustfmt.toml",
    "src",
    "target",
    "templates",
    "tests",
];

#[test]
fn nothing_else_stands_at_the_root() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known: BTreeSet<&str> = ROOT.iter().copied().collect();
    let entries = std::fs::read_dir(root).unwrap().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let other: Vec<String> = names
        .filter(|name| !known.contains(name.as_str()))
        .collect();
    assert!(
        other.is_empty(),
        "a test or a check left {other:?} at the root; it needs a folder of its own"
    );
}
