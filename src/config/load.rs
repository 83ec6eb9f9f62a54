//! Loads the whole workspace, or reports every fault in it.

use std::path::{Path, PathBuf};

use super::check::{self, CheckedSource};
use super::doc::{DiagnosedFile, problem};
use super::explain::{Diagnostic, Diagnostics, Severity};
use super::needs::SecretNeeds;
use super::secrets::{Environment, Secrets};
use super::signatures::{self, SignatureFile};
use super::{calendars, placeholders, timeline};
use crate::model::probe::ValueSpec;
use crate::model::signature::SignatureRow;
use crate::model::{Catalogue, Probe, ProbeKey, Settings};
use crate::schedule::calendar::Calendars;

/// A checked workspace.
#[derive(Debug, Clone, PartialEq)]
pub struct Workspace {
    /// Absolute.
    pub dir: PathBuf,
    pub settings: Settings,
    pub catalogue: Catalogue,
    pub signatures: Vec<SignatureRow>,
    /// The files with the signatures, and what was left out of each.
    pub signature_files: Vec<SignatureFile>,
    /// Working and trading days.
    pub calendars: Calendars,
    /// Warnings: the workspace runs, but a person should know.
    pub warnings: Vec<Diagnostic>,
}

/// A calendar that soon ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingCalendar {
    pub name: String,
    /// The last day that it covers.
    pub last: chrono::NaiveDate,
    /// The probes whose values use it.
    pub probes: Vec<ProbeKey>,
}

impl Workspace {
    /// The calendars that a probe uses and that cover no day after `by`.
    #[must_use]
    pub fn ending_calendars(&self, by: chrono::NaiveDate) -> Vec<EndingCalendar> {
        let uses = |probe: &&Probe, name: &str| {
            let named = |v: &ValueSpec| v.calendar.as_deref() == Some(name);
            probe.values.iter().any(named)
        };
        let ending = |name: &str| {
            let last = self.calendars.get(name)?.ends();
            let using = self.catalogue.enabled().filter(|p| uses(p, name));
            let probes: Vec<ProbeKey> = using.map(Probe::key).collect();
            (last <= by && !probes.is_empty()).then(|| EndingCalendar {
                name: name.to_owned(),
                last,
                probes,
            })
        };
        self.calendars.names().filter_map(ending).collect()
    }
}

/// The workspace's folder: `--dir`, or else `$ACCESSWATCH_DIR`, or else the current folder.
#[must_use]
pub fn workspace_dir(dir: Option<&Path>) -> PathBuf {
    let named = dir.map(Path::to_path_buf);
    let set = || std::env::var_os("ACCESSWATCH_DIR").filter(|v| !v.is_empty());
    named
        .or_else(|| set().map(PathBuf::from))
        .unwrap_or_else(|| PathBuf::from("."))
}

/// Reads `config/accesswatch.toml`, `probes/**/*.toml`, `probes/signatures/*.{csv,json,jsonl}`,
/// `probes/calendars/*.csv`, `probes/timeline.csv` and `probes/placeholders.csv`.
///
/// # Errors
/// Every fault and warning of every file at once, in the order of files and lines.
pub fn load(dir: &Path) -> Result<Workspace, Diagnostics> {
    load_with(dir, &|name| std::env::var(name).ok())
}

/// [`load`], with only the secrets that the current command needs.
///
/// # Errors
/// As [`load`].
pub fn load_for(dir: &Path, needs: &SecretNeeds) -> Result<Workspace, Diagnostics> {
    load_from(dir, &|name| std::env::var(name).ok(), needs)
}

/// [`load`], with an environment from the caller for `env:` secrets.
///
/// # Errors
/// As [`load`].
pub fn load_with(dir: &Path, environment: Environment<'_>) -> Result<Workspace, Diagnostics> {
    load_from(dir, environment, &SecretNeeds::all())
}

fn load_from(
    dir: &Path,
    environment: Environment<'_>,
    needs: &SecretNeeds,
) -> Result<Workspace, Diagnostics> {
    let dir = std::path::absolute(dir).unwrap_or_else(|_| dir.to_path_buf());
    let config = DiagnosedFile::read(&dir, PathBuf::from("config/accesswatch.toml"));
    let secrets = Secrets {
        dir: &dir,
        environment,
        needs,
    };
    let settings = check::settings(&config, secrets);
    let (sources, mut found) = sources(&dir);
    let (paths, of_folder) = files(&dir, calendars::FOLDER, &["csv"]);
    found.extend(of_folder);
    let calendars = calendars::load(&dir, paths);
    let mut catalogue = check::links(
        &config,
        settings.as_ref(),
        &sources,
        &calendars.names,
        found.is_empty(),
    );
    found.extend(calendars.faults);
    let (paths, of_folder) = files(&dir, SIGNATURES, &["csv", "json", "jsonl"]);
    found.extend(of_folder);
    let (timeline, of_timeline) = timeline::load(&dir, &catalogue);
    catalogue.timeline = timeline;
    found.extend(of_timeline);
    let (patterns, of_placeholders) = placeholders::load(&dir);
    catalogue.placeholders = patterns;
    found.extend(of_placeholders);
    let known = signatures::load(&dir, paths);
    let mut all = config.finish();
    all.extend(sources.into_iter().flat_map(|(doc, _)| doc.finish()));
    all.append(&mut found);
    all.extend(known.faults);
    // Each file's diagnostics are in the order of its lines; the files are in the order of their
    // names.
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let sound = all.iter().all(|f| f.severity == Severity::Warning);
    match settings {
        Some(checked) if sound => Ok(Workspace {
            dir,
            settings: checked.settings,
            catalogue,
            signatures: known.rows,
            signature_files: known.files,
            calendars: calendars.calendars,
            warnings: all,
        }),
        _ => Err(Diagnostics(all)),
    }
}

/// The source files as read and checked, and the faults of their folder.
fn sources(dir: &Path) -> (Vec<(DiagnosedFile, Option<CheckedSource>)>, Vec<Diagnostic>) {
    let (paths, faults) = files(dir, "probes", &["toml"]);
    let sources = paths.into_iter().map(|path| {
        let doc = DiagnosedFile::read(dir, path);
        let checked = check::source(&doc);
        (doc, checked)
    });
    (sources.collect(), faults)
}

const SIGNATURES: &str = "probes/signatures";

/// The files below `start` with one of these extensions, sorted, relative to the workspace, and
/// faults for unreadable folders. Hidden files, and signatures among sources, are left out.
fn files(dir: &Path, start: &str, extensions: &[&str]) -> (Vec<PathBuf>, Vec<Diagnostic>) {
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    if dir.join(start).exists() {
        walk(dir, Path::new(start), &mut found, &mut faults);
    }
    let wanted = |p: &PathBuf| {
        let extension = p.extension().and_then(|e| e.to_str());
        extension.is_some_and(|e| extensions.contains(&e))
    };
    found.retain(wanted);
    found.sort();
    (found, faults)
}

pub(super) fn walk(
    dir: &Path,
    folder: &Path,
    found: &mut Vec<PathBuf>,
    faults: &mut Vec<Diagnostic>,
) {
    let entries = match std::fs::read_dir(dir.join(folder)) {
        Ok(entries) => entries,
        Err(e) => {
            let doc = DiagnosedFile::new(folder.to_path_buf(), String::new());
            let help = "let accesswatch's user read this folder";
            doc.fault(0..0, problem(format!("cannot be read: {e}"), help));
            faults.extend(doc.finish());
            return;
        }
    };
    for entry in entries.flatten() {
        let path = folder.join(entry.file_name());
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if hidden || path == Path::new(SIGNATURES) {
            continue;
        }
        // Links to folders are not followed, because they could form a cycle.
        if entry.file_type().is_ok_and(|t| t.is_dir()) {
            walk(dir, &path, found, faults);
        } else {
            found.push(path);
        }
    }
}
