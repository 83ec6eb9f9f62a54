//! A name of a type means one thing in the whole crate.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::source_tree::{SourceTree, shown};

/// Names that several types rightly share, with the reason.
const SHARED: &[(&str, &str)] = &[];

#[test]
fn a_type_name_means_one_thing() {
    let tree = SourceTree::of_this_crate();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for module in tree.code() {
        for name in &module.visible_types {
            places
                .entry(name.clone())
                .or_default()
                .push(shown(&module.path));
        }
    }
    assert!(places.len() > 300, "the test reads {} types", places.len());
    let shared: BTreeSet<&str> = SHARED.iter().map(|(name, _)| *name).collect();
    let twice = places.iter().filter(|(_, modules)| modules.len() > 1);
    let faults: Vec<String> = twice
        .filter(|(name, _)| !shared.contains(name.as_str()))
        .map(|(name, modules)| format!("{name}: {}", modules.join(", ")))
        .collect();
    assert!(
        faults.is_empty(),
        "names of several types:\n{}",
        faults.join("\n")
    );
}

/// Names that say nothing of what a function does.
const EMPTY_NAMES: [&str; 6] = ["again", "keep", "made", "of", "take", "told"];

#[test]
fn a_public_function_says_what_it_does() {
    let tree = SourceTree::of_this_crate();
    let mut seen = 0;
    let mut faults = Vec::new();
    for module in tree.code() {
        seen += module.visible_functions.len();
        for name in &module.visible_functions {
            if EMPTY_NAMES.contains(&name.as_str()) {
                faults.push(format!("{}: {name}", shown(&module.path)));
            }
        }
    }
    assert!(seen > 1500, "the test reads {seen} functions");
    assert!(
        faults.is_empty(),
        "names that say nothing:\n{}",
        faults.join("\n")
    );
}
