//! A name of a type means one thing in the whole crate.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::source_tree::{SourceTree, shown};

/// Names that several types rightly have, and why.
const SHARED: &[(&str, &str)] = &[
    ("Again", "to be renamed"),
    ("Answer", "to be renamed"),
    ("Asked", "to be renamed"),
    ("At", "to be renamed"),
    ("Beside", "to be renamed"),
    ("Case", "to be renamed"),
    ("Check", "to be renamed"),
    ("Clock", "to be renamed"),
    ("Column", "to be renamed"),
    ("Command", "to be renamed"),
    ("Draft", "to be renamed"),
    ("Expected", "to be renamed"),
    ("Failed", "to be renamed"),
    ("Fault", "to be renamed"),
    ("Field", "to be renamed"),
    ("Finding", "to be renamed"),
    ("Form", "to be renamed"),
    ("Format", "to be renamed"),
    ("Found", "to be renamed"),
    ("Frame", "to be renamed"),
    ("Ground", "to be renamed"),
    ("Group", "to be renamed"),
    ("Io", "to be renamed"),
    ("Job", "to be renamed"),
    ("Kind", "to be renamed"),
    ("Known", "to be renamed"),
    ("Line", "to be renamed"),
    ("Loaded", "to be renamed"),
    ("Login", "to be renamed"),
    ("Names", "to be renamed"),
    ("Next", "to be renamed"),
    ("Page", "to be renamed"),
    ("Piece", "to be renamed"),
    ("Place", "to be renamed"),
    ("Plan", "to be renamed"),
    ("Question", "to be renamed"),
    ("Quiet", "to be renamed"),
    ("Reach", "to be renamed"),
    ("Redactor", "to be renamed"),
    ("Reply", "to be renamed"),
    ("Request", "to be renamed"),
    ("Resolver", "to be renamed"),
    ("Row", "to be renamed"),
    ("Scene", "to be renamed"),
    ("Settled", "to be renamed"),
    ("Standing", "to be renamed"),
    ("Step", "to be renamed"),
    ("Table", "to be renamed"),
    ("Target", "to be renamed"),
    ("Texts", "to be renamed"),
    ("Told", "to be renamed"),
    ("Transport", "to be renamed"),
    ("UnderWay", "to be renamed"),
    ("Value", "to be renamed"),
    ("Way", "to be renamed"),
    ("Wire", "to be renamed"),
];

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
