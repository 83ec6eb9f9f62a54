//! Files among the probes that are ignored because of their names, so that nobody watches their
//! sources.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::load::walk;

/// The most bytes of a file that are read.
const LOOKED_AT: u64 = 64 * 1024;

/// Endings of files from editors and packagers, and of files that people disable or keep as
/// examples.
const PUT_ASIDE: [&str; 17] = [
    "bak",
    "backup",
    "old",
    "orig",
    "rej",
    "save",
    "swp",
    "swo",
    "tmp",
    "part",
    "dpkg-old",
    "dpkg-new",
    "dpkg-dist",
    "disabled",
    "off",
    "sample",
    "example",
];

/// Files below `probes/` that look like probe files and are not read, relative to the workspace,
/// sorted.
#[must_use]
pub fn not_read(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    if dir.join("probes").exists() {
        walk(dir, Path::new("probes"), &mut found, &mut Vec::new());
    }
    found.retain(|path| is_mistaken(dir, path));
    found.sort();
    found
}

fn is_mistaken(dir: &Path, path: &Path) -> bool {
    let Some(name) = path.file_name().map(std::ffi::OsStr::to_string_lossy) else {
        return false;
    };
    if name.ends_with(".toml") || is_put_aside(&name) {
        return false;
    }
    let whole = dir.join(path);
    // A link to a folder is not followed.
    whole.is_dir() || is_almost_toml(&name) || (whole.is_file() && holds_probes(&whole))
}

fn is_put_aside(name: &str) -> bool {
    let lower = name.to_lowercase();
    let extension = lower.rsplit_once('.').map(|(_, extension)| extension);
    lower.ends_with('~')
        || lower.starts_with(['#', '~', '.'])
        || extension.is_some_and(|e| PUT_ASIDE.contains(&e))
}

/// `y.TOML`, `y.tml`, `y.tomll`, `y.toml.txt`, `y.toml (1)`.
fn is_almost_toml(name: &str) -> bool {
    let lower = name.to_lowercase();
    let extension = lower
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension.trim());
    let near = extension.starts_with('t') && strsim::osa_distance(extension, "toml") <= 1;
    lower == "toml" || lower.contains(".toml") || near
}

/// Whether the file has the sections of a probe file, whatever its name.
fn holds_probes(path: &Path) -> bool {
    let mut text = Vec::new();
    let read = File::open(path).and_then(|file| file.take(LOOKED_AT).read_to_end(&mut text));
    let is_section = |line: &str| matches!(line.trim(), "[source]" | "[[probe]]");
    read.is_ok() && String::from_utf8_lossy(&text).lines().any(is_section)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, text: &str) -> bool {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().join("probes/own");
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join(name), text).unwrap();
        not_read(dir.path()) == [Path::new("probes/own").join(name)]
    }

    #[test]
    fn what_was_meant_as_probes_is_told_from_what_editors_leave() {
        for name in [
            "y.tml",
            "x.TOML",
            "y.toml.txt",
            "y.Toml",
            "y.tomll",
            "y.tom",
            "y.toml.",
            "y.toml (1)",
            "y.toml ",
            "toml",
        ] {
            assert!(named(name, ""), "{name}");
        }
        for name in [
            "y.toml",
            "y.toml~",
            "y.toml.bak",
            "#y.toml#",
            "~y.toml",
            "._y.toml",
            ".y.toml.swp",
            "y.toml.orig",
            "y.toml.tmp",
            "y.toml.disabled",
            "README.md",
            "notes.txt",
            "list.json",
            "README",
            "y.tmp",
            "x.tar",
            "x.tsv",
        ] {
            assert!(!named(name, ""), "{name}");
        }
    }

    #[test]
    fn a_probe_file_is_known_by_what_is_in_it() {
        let probes = "# own\n[source]\nid = \"x\"\n\n[[probe]]\n";
        for name in ["y", "y.txt", "y.conf", "y.ini", "y_toml"] {
            assert!(named(name, probes), "{name}");
        }
        for name in ["y~", "y.bak", "y.off"] {
            assert!(!named(name, probes), "{name}");
        }
        assert!(!named("notes.txt", "the [source] of this is unknown"));
    }
}
