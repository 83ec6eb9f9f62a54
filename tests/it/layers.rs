//! Imports go down the layers of ARCHITECTURE.md only, and never sideways between folders of one layer.

use std::fs;
use std::path::{Path, PathBuf};

const LAYERS: &[&[&str]] = &[
    &["model"],
    &["text", "schedule", "i18n"],
    &["judge"],
    &["config", "net", "store"],
    &["probe", "alert", "report"],
    &["engine"],
    &["demo"],
    &["cli"],
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The modules of this crate that a line of code names.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("crate::").flat_map(move |(at, _)| {
        let rest = &line[at + "crate::".len()..];
        let inner = rest.strip_prefix('{').map_or(rest, |list| list);
        let parts: Vec<&str> = if rest.starts_with('{') {
            inner.split(',').map(str::trim).collect()
        } else {
            vec![inner]
        };
        parts.into_iter().map(|p| {
            p.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or("")
        })
    })
}

#[test]
fn imports_go_down_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    let mut faults = Vec::new();
    let mut seen = 0;
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let Some(own) = relative.iter().next().and_then(|c| c.to_str()) else {
            continue;
        };
        let Some(own_layer) = layer(own) else {
            continue;
        };
        let code = fs::read_to_string(&file).unwrap();
        for (number, line) in code.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for used in named(line) {
                let Some(used_layer) = layer(used) else {
                    continue;
                };
                seen += 1;
                if used != own && used_layer >= own_layer {
                    faults.push(format!(
                        "{}:{}: {own} uses {used}",
                        relative.display(),
                        number + 1
                    ));
                }
            }
        }
    }
    assert!(seen > 0, "the test reads no imports");
    assert!(
        faults.is_empty(),
        "imports that go up or sideways:\n{}",
        faults.join("\n")
    );
}

#[test]
fn every_module_has_a_layer() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    for line in lib.lines() {
        if let Some(name) = line.strip_prefix("pub mod ") {
            let name = name.trim_end_matches(';');
            assert!(layer(name).is_some(), "{name} is in no layer");
        }
    }
}
