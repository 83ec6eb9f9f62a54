//! Switches probes on and off in their file, without changing comments and blank lines.
//!
//! `disable` marks what it switched off, so that `enable` of the whole source restores what was on
//! before, and leaves alone what the file itself keeps off for a reason.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, value};

use crate::disk;
use crate::model::{ProbeId, Source};

/// Follows `enabled = false` where this program wrote it.
const MARK: &str = " # by `accesswatch source disable`";

/// Why nothing was switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    #[error("{path}: {source}; let accesswatch's user read and write it")]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path} is no longer a probe file; `accesswatch check` says where")]
    NotToml { path: PathBuf },
    #[error("{path} has no probe `{probe}`")]
    NoProbe { path: PathBuf, probe: ProbeId },
}

/// The result of a switch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Switched {
    /// Probes that changed.
    pub changed: Vec<ProbeId>,
    /// Probes that stay off because the file says so, with the reason.
    pub kept_off: Vec<(ProbeId, String)>,
}

/// Switches the probes of a source, or one of them, on or off. The file is replaced atomically.
///
/// # Errors
/// The file cannot be read or written, or has no such probe.
pub fn switch(
    dir: &Path,
    source: &Source,
    probe: Option<&ProbeId>,
    on: bool,
) -> Result<Switched, SwitchError> {
    let path = dir.join(&source.file);
    let io = |source| SwitchError::Io {
        path: path.clone(),
        source,
    };
    let text = std::fs::read_to_string(&path).map_err(io)?;
    let (text, switched) = edited(&text, probe, on).map_err(|fault| match fault {
        SwitchFault::NotToml => SwitchError::NotToml { path: path.clone() },
        SwitchFault::NoProbe(probe) => SwitchError::NoProbe {
            path: path.clone(),
            probe,
        },
    })?;
    if !switched.changed.is_empty() {
        disk::write_whole(&path, text.as_bytes()).map_err(io)?;
    }
    Ok(switched)
}

#[derive(Debug, PartialEq)]
enum SwitchFault {
    NotToml,
    NoProbe(ProbeId),
}

fn edited(
    text: &str,
    probe: Option<&ProbeId>,
    on: bool,
) -> Result<(String, Switched), SwitchFault> {
    let mut document: DocumentMut = text.parse().map_err(|_| SwitchFault::NotToml)?;
    let tables = document
        .get_mut("probe")
        .and_then(Item::as_array_of_tables_mut)
        .ok_or(SwitchFault::NotToml)?;
    let mut work = Work {
        probe,
        on,
        found: false,
        switched: Switched::default(),
    };
    for table in tables.iter_mut() {
        let shared = Shared {
            enabled: table.get("enabled").and_then(Item::as_bool),
            why: remark(table),
        };
        let records = table.get_mut("record");
        match records.and_then(Item::as_array_of_tables_mut) {
            Some(records) => records.iter_mut().for_each(|r| work.one(r, &shared)),
            None => work.one(table, &Shared::default()),
        }
    }
    match probe {
        Some(probe) if !work.found => Err(SwitchFault::NoProbe(probe.clone())),
        _ => Ok((document.to_string(), work.switched)),
    }
}

/// What a family of records states for all of them.
#[derive(Default)]
struct Shared {
    enabled: Option<bool>,
    why: String,
}

/// The state of switching one file.
struct Work<'a> {
    /// Only this probe.
    probe: Option<&'a ProbeId>,
    on: bool,
    found: bool,
    switched: Switched,
}

impl Work<'_> {
    /// Switches a probe, or a record of a family, if it is selected.
    fn one(&mut self, table: &mut Table, shared: &Shared) {
        let Some(id) = table.get("id").and_then(Item::as_str).map(ProbeId::from) else {
            return;
        };
        if self.probe.is_some_and(|wanted| *wanted != id) {
            return;
        }
        self.found = true;
        let own = table.get("enabled").and_then(Item::as_bool);
        if own.or(shared.enabled).unwrap_or(true) == self.on {
            return;
        }
        let why = own.map_or_else(|| shared.why.clone(), |_| remark(table));
        if self.on && self.probe.is_none() && why != MARK.trim() {
            self.switched.kept_off.push((id, why));
            return;
        }
        // The file's reason stays in it, so that the probe keeps its exception when it is switched
        // off again.
        let reason = Some(remark(table)).filter(|r| !r.is_empty() && r != MARK.trim());
        if self.on && shared.enabled != Some(false) && reason.is_none() {
            table.remove("enabled");
        } else {
            let mut switch = value(self.on);
            let behind = match reason {
                Some(reason) => format!(" {reason}"),
                None if self.on => String::new(),
                None => MARK.to_owned(),
            };
            if let Some(switch) = switch.as_value_mut() {
                switch.decor_mut().set_suffix(behind);
            }
            table.insert("enabled", switch);
        }
        self.switched.changed.push(id);
    }
}

/// The comment after `enabled = false`.
fn remark(table: &Table) -> String {
    let value = table.get("enabled").and_then(Item::as_value);
    let suffix = value.and_then(|v| v.decor().suffix()?.as_str());
    suffix.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Head\n[source]\nid = \"s\"\n\n# On\n[[probe]]\nid = \"a\"\nurl = \"x\" # why\n\n[probe.expect]\nstatus = [200]\n\n\
        [[probe]]\nid = \"b\"\nenabled = false # no address is known\n";

    #[test]
    fn off_and_on_again_is_the_file_as_it_was() {
        let (off, switched) = edited(FILE, None, false).unwrap();
        assert_eq!(switched.changed, [ProbeId::from("a")]);
        assert!(
            off.contains("enabled = false # by `accesswatch source disable`\n"),
            "{off}"
        );
        assert!(off.contains("# Head") && off.contains("url = \"x\" # why"));
        let (on, switched) = edited(&off, None, true).unwrap();
        assert_eq!(on, FILE);
        let reason = "# no address is known".to_owned();
        assert_eq!(switched.kept_off, [(ProbeId::from("b"), reason)]);
    }

    #[test]
    fn what_the_file_keeps_off_goes_on_by_its_name() {
        let (on, switched) = edited(FILE, Some(&"b".into()), true).unwrap();
        assert_eq!(switched.changed, [ProbeId::from("b")]);
        let expected = "enabled = true # no address is known\n";
        assert!(on.contains(expected), "{on}");
        // Switched off by its name, it counts as off in the file: it is not switched on with its
        // source.
        let (off, _) = edited(&on, Some(&"b".into()), false).unwrap();
        assert_eq!(off, FILE);
    }

    #[test]
    fn records_of_a_family_are_switched_one_by_one() {
        let file = "[source]\nid = \"s\"\n\n[[probe]]\nlevel = \"home\"\n\n[[probe.record]]\nid = \"a\"\nurl = \"x\"\n\n\
            [[probe.record]]\nid = \"b\"\nurl = \"y\"\nenabled = false # not known\n";
        let (off, switched) = edited(file, None, false).unwrap();
        assert_eq!(switched.changed, [ProbeId::from("a")]);
        let (on, switched) = edited(&off, None, true).unwrap();
        assert_eq!(on, file);
        assert_eq!(switched.kept_off.len(), 1);
        let (on, _) = edited(file, Some(&"b".into()), true).unwrap();
        assert!(on.contains("enabled = true # not known\n"), "{on}");
        // A probe that is off for the whole family is switched on when it is named.
        let all = file.replace("level = ", "enabled = false # all\nlevel = ");
        let (on, switched) = edited(&all, Some(&"a".into()), true).unwrap();
        assert!(on.contains("url = \"x\"\nenabled = true\n"), "{on}");
        assert_eq!(switched.changed, [ProbeId::from("a")]);
    }

    #[test]
    fn what_is_so_already_changes_nothing() {
        let (text, switched) = edited(FILE, Some(&"a".into()), true).unwrap();
        assert_eq!((text.as_str(), switched), (FILE, Switched::default()));
    }

    #[test]
    fn faults_are_told() {
        assert_eq!(
            edited("[[probe", None, true).unwrap_err(),
            SwitchFault::NotToml
        );
        assert_eq!(
            edited("x = 1", None, true).unwrap_err(),
            SwitchFault::NotToml
        );
        let unknown = edited(FILE, Some(&"c".into()), true).unwrap_err();
        assert_eq!(unknown, SwitchFault::NoProbe("c".into()));
    }
}
