//! The pages for contributors name what is there: files, modules, types and functions.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::source_tree::{SourceTree, rust_files};

const PAGES: [&str; 2] = ["ARCHITECTURE.md", "CONTRIBUTING.md"];

/// Names of Rust itself.
const OF_RUST: [&str; 3] = ["Err", "None", "Some"];

/// What the repository holds.
struct Repository {
    /// Files and folders, relative to the root.
    paths: BTreeSet<String>,
    /// The text of every Rust file.
    code: String,
}

impl Repository {
    fn read() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths = BTreeSet::new();
        collect(root, root, &mut paths);
        let mut files = Vec::new();
        for folder in ["src", "tests"] {
            rust_files(&root.join(folder), &mut files);
        }
        let code = files.iter().map(|file| fs::read_to_string(file).unwrap());
        Self {
            code: code.collect(),
            paths,
        }
    }

    /// Whether a file or folder has this path, or ends with it; `*` is any text within a name.
    fn has_path(&self, named: &str) -> bool {
        let pattern = regex::escape(named.trim_end_matches('/')).replace(r"\*", "[^/]*");
        let pattern = Regex::new(&format!("(^|/){pattern}$")).unwrap();
        self.paths.iter().any(|path| pattern.is_match(path))
    }

    fn defines(&self, kinds: &str, name: &str) -> bool {
        let pattern = format!(r"\b({kinds}) {}\b", regex::escape(name));
        Regex::new(&pattern).unwrap().is_match(&self.code)
    }

    /// Whether what a code span names is there; `None` for a span that names nothing in the
    /// repository.
    fn has(&self, span: &str) -> Option<bool> {
        const TYPES: &str = "struct|enum|trait|type|const|static";
        let is_word = |text: &str| text.chars().all(|c| c.is_alphanumeric() || c == '_');
        let folders = || SourceTree::of_this_crate().modules.keys();
        let file = Regex::new(r"\.(rs|md|html|sql|ftl|toml|py)$").unwrap();
        if span.contains(char::is_whitespace) || OF_RUST.contains(&span) {
            return None;
        }
        if let Some(name) = span.strip_suffix('!').filter(|name| is_word(name)) {
            return Some(self.defines("macro_rules!", name));
        }
        if let Some(name) = span.strip_suffix("()").filter(|name| is_word(name)) {
            return Some(self.defines("fn", name));
        }
        if span.contains('/') || file.is_match(span) {
            return Some(self.has_path(span));
        }
        let is_type = span.starts_with(char::is_uppercase);
        match span.split_once("::") {
            Some((name, method)) if is_type => {
                Some(self.defines(TYPES, name) && self.defines("fn|pub", method))
            }
            Some((folder, _)) => {
                let is_ours = folders().any(|path| path.first().is_some_and(|own| own == folder));
                is_ours.then(|| has_item(span))
            }
            None if is_type && is_word(span) => Some(self.defines(TYPES, span)),
            None => None,
        }
    }
}

/// Whether a path in code leads to a module, or to something that its module names.
fn has_item(named: &str) -> bool {
    let tree = SourceTree::of_this_crate();
    let path: Vec<String> = named.split("::").map(str::to_owned).collect();
    let (last, module) = path.split_last().unwrap();
    let Some(module) = tree.modules.get(module) else {
        return false;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    tree.modules.contains_key(&path)
        || Regex::new(&format!(r"\b{}\b", regex::escape(last)))
            .unwrap()
            .is_match(&fs::read_to_string(root.join(&module.file)).unwrap())
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let relative = path.strip_prefix(root).unwrap().to_str().unwrap();
        if matches!(relative, "target" | ".git") {
            continue;
        }
        found.insert(relative.to_owned());
        if path.is_dir() {
            collect(root, &path, found);
        }
    }
}

/// The texts between back-quotes.
fn code_spans(page: &str) -> impl Iterator<Item = &str> {
    page.split('`').skip(1).step_by(2)
}

#[test]
fn the_pages_for_contributors_name_what_is_there() {
    let repository = Repository::read();
    let mut seen = 0;
    let mut faults = Vec::new();
    for page in PAGES {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        for span in code_spans(&text) {
            let is_there = repository.has(span);
            seen += usize::from(is_there.is_some());
            if is_there == Some(false) {
                faults.push(format!("{page}: `{span}`"));
            }
        }
    }
    assert!(seen > 120, "the test reads {seen} names");
    assert!(
        faults.is_empty(),
        "named, and not there:\n{}",
        faults.join("\n")
    );
}

#[test]
fn a_name_that_is_not_there_is_found() {
    let repository = Repository::read();
    for (span, want) in [
        ("src/model/verdict.rs", Some(true)),
        ("src/model/verdicts.rs", Some(false)),
        ("locales/*/letters.ftl", Some(true)),
        ("locales/*/posts.ftl", Some(false)),
        ("conventions/guides.rs", Some(true)),
        ("ventions/guides.rs", Some(false)),
        ("engine::pass::order", Some(true)),
        ("engine::pass::disorder", Some(false)),
        ("store::Store", Some(true)),
        ("store::Shop", Some(false)),
        ("Measurement", Some(true)),
        ("Measurements9", Some(false)),
        ("codes!", Some(true)),
        ("decodes!", Some(false)),
        ("axum::serve", None),
        ("Some", None),
        ("cargo test", None),
    ] {
        assert_eq!(repository.has(span), want, "{span}");
    }
}
