//! The workspace that the hub sends, as files that are read and checked like any other workspace.
//! Nothing of it is trusted: paths stay in their folder, sizes are bounded, and a workspace with
//! faults leaves the one before in force.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use toml::{Table, Value};

use super::error::AgentError;
use super::overrides::Overrides;
use crate::config::{self, SecretNeeds, Workspace};
use crate::disk::write_whole;
use crate::model::agent::{AGENT_FORMAT, AgentWorkspace};
use crate::model::{ProbeKey, VantageId};

/// The workspace as it was sent last.
const SENT: &str = "workspace.json";
/// The folders of workspaces that were accepted begin with this.
const FOLDER: &str = "workspace-";
const SETTINGS: &str = "config/accesswatch.toml";
/// More files, or more bytes, are refused.
const MOST_FILES: usize = 5_000;
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// A vantage in one of these countries needs the word of whoever runs it.
const RISKY: &str = "CN";

/// The workspace that was accepted last, if it can be read.
#[must_use]
pub fn stored(dir: &Path) -> Option<AgentWorkspace> {
    let bytes = std::fs::read(dir.join(SENT)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Writes the files of a workspace, reads and checks them, and keeps it as the one to go on with.
pub fn accept(
    dir: &Path,
    sent: &AgentWorkspace,
    own: &VantageId,
    overrides: &Overrides,
) -> Result<Workspace, AgentError> {
    check(sent, own)?;
    let folder = dir.join(format!("{FOLDER}{}", sent.version));
    for (name, text) in &sent.files {
        let text = if name == SETTINGS {
            with_overrides(text, overrides)?
        } else {
            text.clone()
        };
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(AgentError::of_file(parent))?;
        }
        std::fs::write(&path, text).map_err(AgentError::of_file(&path))?;
    }
    let needs = SecretNeeds::none().and_vantages(None);
    let mut workspace = config::load_for(&folder, &needs).map_err(AgentError::Config)?;
    keep_probes(&mut workspace, &sent.probes);
    let path = dir.join(SENT);
    let text = serde_json::to_vec(sent).map_err(|e| AgentError::Unusable(e.to_string()))?;
    write_whole(&path, &text).map_err(AgentError::of_file(&path))?;
    remove_others(dir, &folder);
    Ok(workspace)
}

/// Refuses what this program does not read, or may not write.
fn check(sent: &AgentWorkspace, own: &VantageId) -> Result<(), AgentError> {
    if sent.format > AGENT_FORMAT {
        let (hub, format) = (sent.hub.clone(), sent.format);
        return Err(AgentError::Newer { hub, format });
    }
    if sent.vantage != *own {
        return Err(AgentError::OtherVantage {
            sent: sent.vantage.to_string(),
            own: own.to_string(),
        });
    }
    let unusable = |why: String| Err(AgentError::Unusable(why));
    let is_plain = |c: char| c.is_ascii_alphanumeric();
    if sent.version.is_empty() || sent.version.len() > 64 || !sent.version.chars().all(is_plain) {
        return unusable("its version is no name".to_owned());
    }
    let bytes: usize = sent.files.values().map(String::len).sum();
    if sent.files.len() > MOST_FILES || bytes > MOST_BYTES {
        return unusable(format!("{} files of {bytes} bytes", sent.files.len()));
    }
    match sent.files.keys().find(|name| !is_of_workspace(name)) {
        Some(name) => unusable(format!("`{name}` is no file of a workspace")),
        None => Ok(()),
    }
}

/// Whether a name leads to a file of a workspace, and nowhere else.
fn is_of_workspace(name: &str) -> bool {
    let path = Path::new(name);
    let stays = path.components().all(|c| matches!(c, Component::Normal(_)));
    let begins = ["config/", "probes/"]
        .iter()
        .any(|start| name.starts_with(start));
    let extension = path.extension().and_then(|e| e.to_str());
    let is_known = matches!(extension, Some("toml" | "csv" | "json" | "jsonl" | "pem"));
    stays && begins && is_known && name.len() <= 200
}

/// The settings with what is said here. The risk under local law is accepted here or not at all.
fn with_overrides(text: &str, overrides: &Overrides) -> Result<String, AgentError> {
    let unusable = |why: &str| AgentError::Unusable(format!("{SETTINGS}: {why}"));
    let parsed: Result<Table, toml::de::Error> = text.parse();
    let mut settings = parsed.map_err(|error| unusable(error.message()))?;
    let vantages = settings.get_mut("vantage").and_then(Value::as_array_mut);
    let vantage = vantages
        .and_then(|list| list.first_mut())
        .and_then(Value::as_table_mut)
        .ok_or_else(|| unusable("it has no vantage"))?;
    vantage.remove("accept_local_risk");
    let country = vantage.get("country").and_then(Value::as_str);
    if let Some(RISKY) = country.filter(|_| !overrides.accepts_local_risk) {
        return Err(AgentError::LocalRisk(RISKY.to_owned()));
    }
    overrides.apply(vantage);
    toml::to_string(&settings).map_err(|error| unusable(&error.to_string()))
}

/// Only the probes of the list run here.
fn keep_probes(workspace: &mut Workspace, probes: &[ProbeKey]) {
    let wanted: BTreeSet<&ProbeKey> = probes.iter().collect();
    for (key, probe) in &mut workspace.catalogue.probes {
        if probe.enabled != wanted.contains(key) {
            Arc::make_mut(probe).enabled = wanted.contains(key);
        }
    }
}

/// Folders of earlier workspaces are removed; one that cannot be removed only takes room.
fn remove_others(dir: &Path, folder: &Path) {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    let is_old = |path: &PathBuf| {
        let name = path.file_name().and_then(|n| n.to_str());
        name.is_some_and(|n| n.starts_with(FOLDER)) && path != folder && path.is_dir()
    };
    for path in paths.filter(is_old) {
        let _ = std::fs::remove_dir_all(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_no_files_of_a_workspace() {
        for name in [
            "config/accesswatch.toml",
            "probes/a/b.toml",
            "probes/signatures/s.csv",
        ] {
            assert!(is_of_workspace(name), "{name}");
        }
        for name in [
            "../config/a.toml",
            "config/../../a.toml",
            "/config/a.toml",
            "config/a.sh",
            "agent.toml",
            "config/",
            "",
        ] {
            assert!(!is_of_workspace(name), "{name}");
        }
    }

    #[test]
    fn the_risk_is_accepted_here_and_not_at_the_hub() {
        let hub = "[[vantage]]\nid = \"a\"\ncountry = \"CN\"\naccept_local_risk = true\n";
        let mut overrides = Overrides::read(Path::new("/nowhere")).unwrap();
        let refused = with_overrides(hub, &overrides).unwrap_err();
        assert!(
            refused.to_string().contains("accept_local_risk"),
            "{refused}"
        );
        overrides.accepts_local_risk = true;
        let text = with_overrides(hub, &overrides).unwrap();
        assert!(text.contains("accept_local_risk = true"), "{text}");
    }
}
