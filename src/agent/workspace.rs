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
use crate::engine::agents::files::{LINK_KEYS, LINKS, ROOTS, SECTIONS, SETTINGS, VANTAGE_KEYS};
use crate::model::agent::{AGENT_FORMAT, AgentWorkspace, LONGEST_WORKSPACE};
use crate::model::probe::Target;
use crate::model::{ProbeKey, VantageId};

/// The workspace as it was sent last.
const SENT: &str = "workspace.json";
/// The folders of workspaces that were accepted begin with this.
const FOLDER: &str = "workspace-";
/// More files are refused.
const MOST_FILES: usize = 5_000;
/// A vantage in one of these countries needs the consent of the person who runs it.
const RISKY: &str = "CN";

/// The workspace that was accepted last, if it can be read.
#[must_use]
pub fn stored(dir: &Path) -> Option<AgentWorkspace> {
    let bytes = std::fs::read(dir.join(SENT)).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Writes the files of a workspace, reads and checks them, and keeps it for the next start.
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
    // A hub does not look into the network of this computer.
    workspace.settings.links.private = overrides.has_private_links;
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
    if sent.files.len() > MOST_FILES || bytes > LONGEST_WORKSPACE {
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
    let is_used =
        |section: &str| ["vantage", LINKS].contains(&section) || SECTIONS.contains(&section);
    settings.retain(|section, _| is_used(section));
    if let Some(Value::Table(links)) = settings.get_mut(LINKS) {
        links.retain(|key, _| LINK_KEYS.contains(&key));
    }
    let vantages = settings.get_mut("vantage").and_then(Value::as_array_mut);
    let vantage = vantages
        .filter(|list| list.len() == 1)
        .and_then(|list| list.first_mut())
        .and_then(Value::as_table_mut)
        .ok_or_else(|| unusable("it does not have one vantage"))?;
    keep_settings_of_hub(vantage).map_err(|why| unusable(&why))?;
    let country = vantage.get("country").and_then(Value::as_str);
    if let Some(RISKY) = country.filter(|_| !overrides.accepts_local_risk) {
        return Err(AgentError::LocalRisk(RISKY.to_owned()));
    }
    overrides.apply(vantage);
    toml::to_string(&settings).map_err(|error| unusable(&error.to_string()))
}

/// Keeps only the keys of a vantage that its hub may set. No such key reads a file of this
/// computer, or sends what is fetched through another computer.
fn keep_settings_of_hub(vantage: &mut Table) -> Result<(), String> {
    let text = |key: &str| vantage.get(key).map(|value| value.as_str().unwrap_or("?"));
    if let Some(via) = text("via").filter(|via| *via != "direct") {
        return Err(format!(
            "the hub may not say `via = \"{via}\"`, only \"direct\""
        ));
    }
    if let Some(ca) = text("ca").filter(|ca| *ca != ROOTS) {
        return Err(format!(
            "the hub may not say `ca = \"{ca}\"`, only \"{ROOTS}\""
        ));
    }
    if let Some((key, _)) = vantage.iter().find(|(_, value)| is_reference(value)) {
        return Err(format!(
            "`{key}` refers to a file or a variable of this computer"
        ));
    }
    let is_known = |key: &str| ["via", "ca"].contains(&key) || VANTAGE_KEYS.contains(&key);
    vantage.retain(|key, _| is_known(key));
    Ok(())
}

/// Whether a value is a secret by reference.
fn is_reference(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with("file:") || text.starts_with("env:"),
        Value::Array(list) => list.iter().any(is_reference),
        Value::Table(table) => table.iter().any(|(_, value)| is_reference(value)),
        _ => false,
    }
}

/// Only the probes of the list run here. A watched file is only at the hub.
fn keep_probes(workspace: &mut Workspace, probes: &[ProbeKey]) {
    let wanted: BTreeSet<&ProbeKey> = probes.iter().collect();
    let catalogue = &mut workspace.catalogue;
    catalogue
        .probes
        .retain(|_, probe| matches!(probe.target, Target::Url(_)));
    for (key, probe) in &mut catalogue.probes {
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

    fn of_hub(lines: &str) -> Result<String, String> {
        let text = format!("[[vantage]]\nid = \"a\"\ncountry = \"KR\"\n{lines}\n");
        let overrides = Overrides::read(Path::new("/nowhere")).unwrap();
        with_overrides(&text, &overrides).map_err(|error| error.to_string())
    }

    #[test]
    fn a_hub_says_nothing_that_leads_to_a_file_or_a_proxy() {
        let fine = "via = \"direct\"\nca = \"config/roots.pem\"\nresolver = \"system\"";
        let text = of_hub(fine).unwrap();
        assert!(
            text.contains("roots.pem") && text.contains("system"),
            "{text}"
        );
        for (lines, part) in [
            ("via = \"socks5://203.0.113.7:1080\"", "`via = "),
            ("via = [\"direct\"]", "`via = "),
            ("ca = \"/etc/ssl/private/key.pem\"", "`ca = "),
            ("ca = \"config/../../token\"", "`ca = "),
            (
                "password = \"file:/home/reader/.netrc\"",
                "`password` refers",
            ),
            ("password = \"env:HOME\"", "`password` refers"),
            ("controls = [\"file:/etc/passwd\"]", "`controls` refers"),
            ("[[vantage]]\nid = \"b\"\ncountry = \"KR\"", "one vantage"),
        ] {
            let why = of_hub(lines).unwrap_err();
            assert!(why.contains(part), "{lines}: {why}");
        }
    }

    #[test]
    fn what_an_agent_does_not_need_of_its_hub_is_left_out() {
        let text = of_hub(
            "token = \"a\"\nlicensed = true\n[store]\npath = \"/home/reader/other.db\"\n\
             [links]\ndocuments = [\"/home/reader\"]\n[schedule]\ntimezone = \"UTC\"",
        );
        let text = text.unwrap();
        for part in ["token", "licensed", "store", "documents"] {
            assert!(!text.contains(part), "{text}");
        }
        assert!(text.contains("timezone"), "{text}");
    }

    #[test]
    fn a_file_of_this_computer_is_no_probe_of_a_hub() {
        let folder = tempfile::tempdir().unwrap();
        let probe = |id: &str, url: &str| {
            format!(
                "[[probe]]\nid = \"{id}\"\nname = \"{id}\"\nlevel = \"data\"\nurl = \"{url}\"\n\
                 schedule = \"0 0 * * *\"\n[probe.expect]\nstatus = [200]\n"
            )
        };
        let file =
            probe("secret", "file:/etc/hostname").replace("status = [200]", "contains = [\"a\"]");
        let source = format!(
            "[source]\nid = \"papers\"\nname = \"Papers\"\ngroup = \"academic\"\naccess = \"public\"\n\n{}{file}",
            probe("page", "https://papers.example/"),
        );
        let settings = "[[vantage]]\nid = \"a\"\ncountry = \"KR\"\nvia = \"direct\"\n\
                        controls = [\"https://control.example/\"]\n";
        let keys = ["page", "secret"].map(|id| ProbeKey::new("papers", id));
        let sent = AgentWorkspace {
            format: AGENT_FORMAT,
            version: "v1".to_owned(),
            hub: "0.1.0".to_owned(),
            vantage: "a".into(),
            files: [
                (SETTINGS.to_owned(), settings.to_owned()),
                ("probes/academic/papers.toml".to_owned(), source),
            ]
            .into(),
            probes: keys.to_vec(),
            statuses: Vec::new(),
            silenced: Vec::new(),
        };
        let overrides = Overrides::read(folder.path()).unwrap();
        let taken = accept(folder.path(), &sent, &"a".into(), &overrides);
        let taken = taken.unwrap_or_else(|error| panic!("{error}"));
        let left: Vec<&ProbeKey> = taken.catalogue.probes.keys().collect();
        assert_eq!(left, [&keys[0]]);
    }
}
