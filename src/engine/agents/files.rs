//! The files of a workspace, as far as the agent of one vantage needs them. They are written from
//! the values of the files, so that no comment, no recipient, no secret and no other vantage leaves
//! the hub.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::config::Workspace;
use crate::model::probe::Target;
use crate::model::{Probe, ProbeKey, SourceId, Vantage};

/// The settings.
pub const SETTINGS: &str = "config/accesswatch.toml";
/// Further roots of the vantage.
pub const ROOTS: &str = "config/roots.pem";
const SIGNATURES: &str = "probes/signatures";
const CALENDARS: &str = "probes/calendars";
const PLACEHOLDERS: &str = "probes/placeholders.csv";

/// The sections of the settings that an agent uses.
pub const SECTIONS: [&str; 5] = ["schedule", "politeness", "confirm", "dns", "path"];
/// The section of cited links, and its keys that an agent uses.
pub const LINKS: &str = "links";
pub const LINK_KEYS: [&str; 2] = ["robots", "per_domain_interval"];
/// The keys of a vantage that its agent uses. Whether the risk is accepted is said where the agent
/// runs.
pub const VANTAGE_KEYS: [&str; 8] = [
    "id", "name", "country", "resolver", "bind", "exit", "network", "controls",
];
/// Keys of a source that only its keepers need.
const SOURCE_KEYS: [&str; 7] = [
    "note",
    "consent",
    "licence_until",
    "vendor_contact",
    "catalogue_ids",
    "catalogue_note",
    "alternatives",
];

/// A file of the workspace cannot be sent.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    #[error("{path} cannot be read: {source}")]
    Read { path: PathBuf, source: io::Error },
    #[error("{path} is not as it was loaded: {why}; reload the workspace")]
    Changed { path: PathBuf, why: String },
}

/// The enabled probes that may run from an agent of `vantage`. A watched file is only at the hub.
#[must_use]
pub fn probes(workspace: &Workspace, vantage: &Vantage) -> Vec<ProbeKey> {
    let runs = |probe: &&Probe| {
        let source = workspace.catalogue.source(&probe.source);
        probe.runs_from(&vantage.id)
            && matches!(probe.target, Target::Url(_))
            && source.is_some_and(|source| source.may_be_probed_from(vantage))
    };
    let enabled = workspace.catalogue.enabled();
    enabled.filter(runs).map(Probe::key).collect()
}

/// The files by their paths.
pub fn files(
    workspace: &Workspace,
    vantage: &Vantage,
    probes: &[ProbeKey],
) -> Result<BTreeMap<String, String>, FilesError> {
    let dir = &workspace.dir;
    let mut files = BTreeMap::new();
    let roots = match &vantage.ca {
        Some(path) => Some(read(dir, path)?),
        None => None,
    };
    let path = Path::new(SETTINGS);
    let settings = settings(&table(dir, path)?, vantage, roots.is_some())
        .ok_or_else(|| changed(path, "the vantage is not there"))?;
    files.insert(SETTINGS.to_owned(), print(path, &settings)?);
    files.extend(roots.map(|text| (ROOTS.to_owned(), text)));
    let sources: BTreeSet<_> = probes.iter().map(|key| &key.source).collect();
    for source in sources.iter().copied() {
        if let Some(source) = workspace.catalogue.source(source) {
            let mut file = without_keepers(table(dir, &source.file)?);
            drop_references(&mut file, &sources);
            let text = print(&source.file, &file)?;
            files.insert(name_of(&source.file), text);
        }
    }
    let named = workspace
        .signature_files
        .iter()
        .map(|file| file.path.clone());
    let mut others: Vec<PathBuf> = named.collect();
    for folder in [SIGNATURES, CALENDARS] {
        others.extend(lists(dir, Path::new(folder))?);
    }
    if dir.join(PLACEHOLDERS).exists() {
        others.push(PLACEHOLDERS.into());
    }
    for path in others {
        if let Entry::Vacant(place) = files.entry(name_of(&path)) {
            place.insert(read(dir, &path)?);
        }
    }
    Ok(files)
}

/// The sections that an agent uses, with one vantage.
fn settings(all: &Table, vantage: &Vantage, has_roots: bool) -> Option<Table> {
    let vantages = all.get("vantage")?.as_array()?;
    let id = Some(vantage.id.as_str());
    let is_it = |one: &&Value| one.get("id").and_then(Value::as_str) == id;
    let own = vantages.iter().find(is_it)?.as_table()?;
    let mut kept: Table = own
        .iter()
        .filter(|(key, _)| VANTAGE_KEYS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    kept.insert("via".to_owned(), "direct".into());
    if has_roots {
        kept.insert("ca".to_owned(), ROOTS.into());
    }
    let sections = all
        .iter()
        .filter(|(key, _)| SECTIONS.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()));
    let mut settings: Table = sections.collect();
    let links = all.get(LINKS).and_then(Value::as_table).cloned();
    if let Some(mut links) = links {
        links.retain(|key, _| LINK_KEYS.contains(&key));
        settings.insert(LINKS.to_owned(), Value::Table(links));
    }
    let list = Value::Array(vec![Value::Table(kept)]);
    settings.insert("vantage".to_owned(), list);
    Some(settings)
}

/// A file of probes without what only its keepers need, and without the names of vantages.
fn without_keepers(mut file: Table) -> Table {
    if let Some(Value::Table(source)) = file.get_mut("source") {
        source.retain(|key, _| !SOURCE_KEYS.contains(&key));
        // Which licensed address may ask is decided at the hub.
        if source.get("access").and_then(Value::as_str) == Some("subscription") {
            source.insert("consent".to_owned(), "stated at the hub".into());
        }
    }
    if let Some(Value::Array(probes)) = file.get_mut("probe") {
        for probe in probes.iter_mut().filter_map(Value::as_table_mut) {
            probe.remove("vantages");
            if let Some(Value::Array(records)) = probe.get_mut("record") {
                for record in records.iter_mut().filter_map(Value::as_table_mut) {
                    record.remove("vantages");
                }
            }
        }
    }
    file
}

/// Takes out what leads to probes of sources that are not sent.
fn drop_references(file: &mut Table, sources: &BTreeSet<&SourceId>) {
    let Some(Value::Array(probes)) = file.get_mut("probe") else {
        return;
    };
    for probe in probes.iter_mut().filter_map(Value::as_table_mut) {
        for key in ["depends_on", "sibling"] {
            let target = probe.get(key).and_then(Value::as_str);
            let source = target
                .and_then(|target| target.split_once('/'))
                .map(|(s, _)| s);
            if source.is_some_and(|s| !sources.iter().any(|known| known.as_str() == s)) {
                probe.remove(key);
            }
        }
    }
}

/// The lists of a folder; a folder that is not there has none.
fn lists(dir: &Path, folder: &Path) -> Result<Vec<PathBuf>, FilesError> {
    let entries = match std::fs::read_dir(dir.join(folder)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => {
            let path = folder.to_owned();
            return Err(FilesError::Read { path, source });
        }
    };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .map(|entry| folder.join(entry.file_name()))
        .filter(|path| {
            let extension = path.extension().and_then(|e| e.to_str());
            matches!(extension, Some("csv" | "json" | "jsonl"))
        })
        .collect();
    found.sort();
    Ok(found)
}

fn name_of(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn read(dir: &Path, path: &Path) -> Result<String, FilesError> {
    std::fs::read_to_string(dir.join(path)).map_err(|source| FilesError::Read {
        path: path.to_owned(),
        source,
    })
}

fn table(dir: &Path, path: &Path) -> Result<Table, FilesError> {
    let text = read(dir, path)?;
    text.parse()
        .map_err(|error: toml::de::Error| changed(path, error.message()))
}

fn print(path: &Path, table: &Table) -> Result<String, FilesError> {
    toml::to_string(table).map_err(|error| changed(path, &error.to_string()))
}

fn changed(path: &Path, why: &str) -> FilesError {
    FilesError::Changed {
        path: path.to_owned(),
        why: why.to_owned(),
    }
}
