//! The whole workspace, or every fault in it.

use std::path::{Path, PathBuf};

use super::check::{self, CheckedSource};
use super::doc::{Doc, wrong};
use super::explain::{Fault, Faults, Severity};
use super::secrets::{Environment, Vault};
use super::signatures;
use crate::model::signature::SignatureRow;
use crate::model::{Catalogue, Settings};

/// A checked workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    /// Absolute.
    pub dir: PathBuf,
    pub settings: Settings,
    pub catalogue: Catalogue,
    pub signatures: Vec<SignatureRow>,
    /// What someone should know although it runs.
    pub warnings: Vec<Fault>,
}

/// The workspace's folder: `--dir`, else `$ACCESSWATCH_DIR`, else the current folder.
#[must_use]
pub fn workspace_dir(dir: Option<&Path>) -> PathBuf {
    let named = dir.map(Path::to_path_buf);
    let set = || std::env::var_os("ACCESSWATCH_DIR").filter(|v| !v.is_empty());
    named
        .or_else(|| set().map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("."))
}

/// Reads `config/accesswatch.toml`, `probes/**/*.toml` and `probes/signatures/*.csv`.
///
/// # Errors
/// Every fault of every file at once, in the order of files and lines.
pub fn load(dir: &Path) -> Result<Workspace, Faults> {
    load_with(dir, &|name| std::env::var(name).ok())
}

/// [`load`], with an environment of the caller's for `env:` secrets.
///
/// # Errors
/// As [`load`].
pub fn load_with(dir: &Path, environment: Environment<'_>) -> Result<Workspace, Faults> {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let config = Doc::read(&dir, PathBuf::from("config/accesswatch.toml"));
    let vault = Vault {
        dir: &dir,
        environment,
    };
    let settings = check::settings(&config, vault);
    let (paths, mut found) = files(&dir, "toml");
    let sources: Vec<(Doc, Option<CheckedSource>)> = paths
        .into_iter()
        .map(|path| {
            let doc = Doc::read(&dir, path);
            let checked = check::source(&doc);
            (doc, checked)
        })
        .collect();
    let catalogue = check::links(&config, settings.as_ref(), &sources);
    let (signatures, of_signatures) = signatures::load(&dir);
    let mut all = config.finish();
    all.extend(sources.into_iter().flat_map(|(doc, _)| doc.finish()));
    all.append(&mut found);
    all.extend(of_signatures);
    let (errors, warnings): (Vec<Fault>, Vec<Fault>) =
        all.into_iter().partition(|f| f.severity == Severity::Error);
    match settings {
        Some(checked) if errors.is_empty() => Ok(Workspace {
            dir,
            settings: checked.settings,
            catalogue,
            signatures,
            warnings,
        }),
        _ => Err(Faults(errors)),
    }
}

/// The files below `probes/` with this extension, sorted, relative to the workspace, and the folders
/// that could not be read. Hidden ones are left out; CSV files count in `signatures` only, and nothing
/// else does there.
pub(super) fn files(dir: &Path, extension: &str) -> (Vec<PathBuf>, Vec<Fault>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let start = match extension {
        "csv" => PathBuf::from("probes/signatures"),
        _ => PathBuf::from("probes"),
    };
    if dir.join(&start).exists() {
        walk(dir, &start, extension, &mut found, &mut faults);
    }
    found.sort();
    (found, faults)
}

fn walk(
    dir: &Path,
    folder: &Path,
    extension: &str,
    found: &mut Vec<PathBuf>,
    faults: &mut Vec<Fault>,
) {
    let entries = match std::fs::read_dir(dir.join(folder)) {
        Ok(entries) => entries,
        Err(e) => {
            let doc = Doc::new(folder.to_path_buf(), String::new());
            let mend = "let accesswatch's user read this folder";
            doc.fault(0..0, wrong(format!("cannot be read: {e}"), mend));
            faults.extend(doc.finish());
            return;
        }
    };
    for entry in entries.flatten() {
        let path = folder.join(entry.file_name());
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        // Links to folders are not followed: they could lead in a circle.
        let is_dir = entry.file_type().is_ok_and(|t| t.is_dir());
        if hidden || path == Path::new("probes/signatures") {
            continue;
        }
        if is_dir {
            walk(dir, &path, extension, found, faults);
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push(path);
        }
    }
}
