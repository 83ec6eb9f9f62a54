//! Builds again when a shipped file comes or goes: `init` embeds `config/` and `probes/`, and the compiler
//! itself only notices files that were there before.
//!
//! Hashes the sources that the reading of a page is made of: a kept reading is taken over only by the
//! program that made it (`src/judge/reading_key.rs`).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// What reading a page is made of: our own code, the data in it, and the versions of the libraries.
const READING: [&str; 5] = [
    "src/judge",
    "src/text",
    "src/model",
    "probes/placeholders.csv",
    "Cargo.lock",
];

fn main() {
    println!("cargo:rerun-if-changed=config");
    println!("cargo:rerun-if-changed=probes");
    let mut files = Vec::new();
    for place in READING {
        println!("cargo:rerun-if-changed={place}");
        collect(Path::new(place), &mut files);
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        std::fs::read(&file).unwrap_or_default().hash(&mut hasher);
    }
    println!(
        "cargo:rustc-env=ACCESSWATCH_READING_SOURCES={:016x}",
        hasher.finish()
    );
}

fn collect(place: &Path, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(place) {
        Ok(entries) => entries
            .flatten()
            .for_each(|entry| collect(&entry.path(), files)),
        Err(_) => files.push(place.to_owned()),
    }
}
