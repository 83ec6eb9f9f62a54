//! Imports go only down the layers of ARCHITECTURE.md, never sideways between folders of one layer,
//! and files form no circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::source_tree::{ModulePath, SourceTree, shown};

const LAYERS: &[&[&str]] = &[
    &["model"],
    &["text", "schedule", "i18n"],
    &["judge"],
    &["track", "disk"],
    &["config", "net", "store", "evidence"],
    &["probe", "alert", "report", "scaffold", "links", "fleet"],
    &["engine"],
    &["agent", "demo", "web"],
    &["cli"],
];

/// Files that import each other: a type and its implementation, as ARCHITECTURE.md lists them.
const CIRCLES: &[&[&str]] = &[
    &["model::incident", "model::phase"],
    &["model::measurement", "model::ooni"],
    &[
        "probe::discriminate",
        "probe::discriminator",
        "probe::prober",
    ],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

#[test]
fn imports_go_down_only() {
    let tree = SourceTree::of_this_crate();
    let mut faults = Vec::new();
    let mut seen = 0;
    for module in tree.code() {
        let Some(own) = module.path.first() else {
            continue;
        };
        for used in tree.imports_of(module) {
            let Some(name) = used.first().filter(|name| *name != own) else {
                continue;
            };
            seen += 1;
            if layer(name) >= layer(own) {
                faults.push(format!(
                    "{}: {own} uses {}",
                    module.file.display(),
                    shown(&used)
                ));
            }
        }
    }
    assert!(seen > 500, "the test reads {seen} imports between folders");
    assert!(
        faults.is_empty(),
        "imports that go up or sideways:\n{}",
        faults.join("\n")
    );
}

#[test]
fn every_module_has_a_layer() {
    let tree = SourceTree::of_this_crate();
    let unknown: BTreeSet<&String> = tree
        .modules
        .keys()
        .filter_map(|path| path.first())
        .filter(|name| layer(name).is_none())
        .collect();
    assert!(unknown.is_empty(), "folders in no layer: {unknown:?}");
}

#[test]
fn files_import_each_other_in_no_circle() {
    let tree = SourceTree::of_this_crate();
    let imports: BTreeMap<ModulePath, BTreeSet<ModulePath>> = tree
        .code()
        .map(|module| (module.path.clone(), tree.imports_of(module)))
        .collect();
    let mut faults = Vec::new();
    for circle in circles(&imports) {
        let names: Vec<String> = circle.iter().map(|path| shown(path)).collect();
        let is_known = CIRCLES
            .iter()
            .any(|known| names.iter().all(|name| known.contains(&name.as_str())));
        if !is_known {
            faults.push(described(&circle, &imports));
        }
    }
    assert!(
        faults.is_empty(),
        "circles of files:\n{}",
        faults.join("\n")
    );
}

fn described(
    circle: &BTreeSet<ModulePath>,
    imports: &BTreeMap<ModulePath, BTreeSet<ModulePath>>,
) -> String {
    let lines = circle.iter().map(|path| {
        let used: Vec<String> = imports[path]
            .intersection(circle)
            .map(|path| shown(path))
            .collect();
        format!("    {} imports {}", shown(path), used.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Groups of files in which each file reaches every other by imports.
fn circles(imports: &BTreeMap<ModulePath, BTreeSet<ModulePath>>) -> Vec<BTreeSet<ModulePath>> {
    let reached: BTreeMap<&ModulePath, BTreeSet<&ModulePath>> = imports
        .keys()
        .map(|path| (path, reached_from(path, imports)))
        .collect();
    let mut found: Vec<BTreeSet<ModulePath>> = Vec::new();
    for path in imports.keys().filter(|path| reached[path].contains(path)) {
        if !found.iter().any(|circle| circle.contains(path)) {
            let both_ways = reached[path]
                .iter()
                .filter(|other| reached[*other].contains(path));
            found.push(both_ways.map(|path| (*path).clone()).collect());
        }
    }
    found
}

fn reached_from<'a>(
    path: &ModulePath,
    imports: &'a BTreeMap<ModulePath, BTreeSet<ModulePath>>,
) -> BTreeSet<&'a ModulePath> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&ModulePath> = imports[path].iter().collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(imports.get(next).into_iter().flatten());
        }
    }
    reached
}

#[test]
fn circles_and_imports_are_found_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("lib.rs", "pub mod a; pub mod b;");
    write(
        "a/mod.rs",
        "mod deep; mod other; mod quiet; pub use deep::{Deep, made as built};",
    );
    write(
        "a/deep.rs",
        "use super::super::b;\npub struct Deep(b::Row); pub fn made() {}",
    );
    write(
        "a/other.rs",
        "use crate::{\n    b::{\n        Row,\n    },\n};\nfn f(_: super::Deep) {}",
    );
    write(
        "a/quiet.rs",
        "#[cfg(test)]\nmod tests { use crate::b::Row; }\n// use crate::b::Row;",
    );
    write(
        "b.rs",
        "pub struct Row; fn g() { println!(\"{:?}\", crate::a::built()); }",
    );
    let tree = SourceTree::read(dir.path());
    let imports = |name: &str| -> Vec<String> {
        let path: ModulePath = name.split("::").map(str::to_owned).collect();
        tree.imports_of(&tree.modules[&path])
            .iter()
            .map(|path| shown(path))
            .collect()
    };
    assert_eq!(imports("a::deep"), ["b"]);
    assert_eq!(
        imports("a::other"),
        ["a::deep", "b"],
        "through the re-export"
    );
    assert_eq!(
        imports("a::quiet"),
        [""; 0],
        "tests and comments are left out"
    );
    assert_eq!(
        imports("b"),
        ["a::deep"],
        "within a macro, under another name"
    );
    let all = tree
        .code()
        .map(|module| (module.path.clone(), tree.imports_of(module)));
    let found = circles(&all.collect());
    let names: Vec<String> = found.iter().flatten().map(|path| shown(path)).collect();
    assert_eq!(names, ["a::deep", "b"]);
}
