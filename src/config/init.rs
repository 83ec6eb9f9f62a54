//! The embedded shipped workspace, written to a folder without one.

use std::io::Write;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static CONFIG: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/config");
static PROBES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/probes");

/// What [`init`] did, relative to the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InitReport {
    pub written: Vec<PathBuf>,
    /// Existing files, which were left unchanged.
    pub kept: Vec<PathBuf>,
}

/// A file or folder could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}; choose a folder that you may write to", path.display())]
pub struct InitError {
    pub path: PathBuf,
    pub source: std::io::Error,
}

/// Writes the shipped `config/` and `probes/` into `dir`, which is created if needed. Never
/// overwrites: existing files are kept and reported.
///
/// # Errors
/// The first file that cannot be written; earlier ones stay.
pub fn init(dir: &Path) -> Result<InitReport, InitError> {
    let mut report = InitReport::default();
    write(
        &CONFIG,
        &dir.join("config"),
        Path::new("config"),
        &mut report,
    )?;
    write(
        &PROBES,
        &dir.join("probes"),
        Path::new("probes"),
        &mut report,
    )?;
    report.written.sort();
    report.kept.sort();
    Ok(report)
}

/// The text of the shipped settings.
pub(super) fn shipped_settings() -> &'static str {
    CONFIG
        .get_file("accesswatch.toml")
        .and_then(include_dir::File::contents_utf8)
        .unwrap_or_default()
}

/// The shipped files of a folder below `probes`, with their paths in a workspace.
pub(super) fn shipped(folder: &str) -> Vec<(PathBuf, String)> {
    let within = folder.strip_prefix("probes/").unwrap_or(folder);
    let files = PROBES.get_dir(within).into_iter().flat_map(Dir::files);
    files
        .filter_map(|file| {
            let path = Path::new("probes").join(file.path());
            Some((path, file.contents_utf8()?.to_owned()))
        })
        .collect()
}

/// Writes `from` into `to`; paths in an embedded folder are relative to its root, which is `name`.
fn write(from: &Dir<'_>, to: &Path, name: &Path, report: &mut InitReport) -> Result<(), InitError> {
    for file in from.files() {
        let path = to.join(file.path());
        let shown = name.join(file.path());
        let failed = |source| InitError {
            path: path.clone(),
            source,
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let mut options = std::fs::OpenOptions::new();
        match options.write(true).create_new(true).open(&path) {
            Ok(mut new) => {
                new.write_all(file.contents()).map_err(failed)?;
                report.written.push(shown);
            }
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => report.kept.push(shown),
            Err(e) => return Err(failed(e)),
        }
    }
    for folder in from.dirs() {
        write(folder, to, name, report)?;
    }
    Ok(())
}
