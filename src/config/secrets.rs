//! Secrets are never in the configuration: a value is a reference (`env:NAME`, `file:PATH`).

use std::path::Path;

use super::doc::{Problem, problem};
use super::needs::{Requirement, SecretNeeds};
use super::table::TomlValue;
use crate::model::vantage::Secret;

/// Looks up an environment variable. It is a parameter so that tests do not change the process's
/// own.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The places where secrets are looked up.
#[derive(Clone, Copy)]
pub(super) struct Secrets<'e> {
    pub dir: &'e Path,
    pub environment: Environment<'e>,
    pub needs: &'e SecretNeeds,
}

impl Secrets<'_> {
    /// The secret that `value` refers to. `want` decides about a missing one. Every fault is
    /// reported with the value hidden.
    pub(super) fn look_up(&self, value: &TomlValue<'_>, want: Requirement) -> Option<Secret> {
        match self.find(value.get().as_str().unwrap_or_default()) {
            Ok(secret) => Some(Secret(secret)),
            Err(Missing::NoReference) => {
                let what = problem(
                    "a secret does not belong in this file",
                    "write \"env:NAME\" for an environment variable or \"file:PATH\" for a file",
                );
                value.doc.secret_fault(value.span(), what);
                None
            }
            Err(Missing::NotThere(wrong)) => {
                match want {
                    Requirement::Needed => value.doc.fault(value.span(), wrong),
                    Requirement::Warned => value.doc.warn(value.span(), wrong),
                    Requirement::Unasked => {}
                }
                None
            }
        }
    }

    fn find(&self, text: &str) -> Result<String, Missing> {
        let (found, absent) = if let Some(name) = text.strip_prefix("env:") {
            let absent = problem(
                format!("the environment variable `{name}` is not set"),
                format!("set it where accesswatch runs, such as `export {name}=…`"),
            );
            ((self.environment)(name), absent)
        } else if let Some(path) = text.strip_prefix("file:") {
            let read = std::fs::read_to_string(self.dir.join(path));
            let reason = match &read {
                Ok(_) => "it is empty".to_owned(),
                Err(e) => e.to_string(),
            };
            let absent = problem(
                format!("the secret's file `{path}` cannot be used: {reason}"),
                "write the secret into it, readable by accesswatch's user alone",
            );
            (read.ok(), absent)
        } else {
            return Err(Missing::NoReference);
        };
        match found.map(|s| s.trim_end_matches(['\r', '\n']).to_owned()) {
            Some(secret) if !secret.is_empty() => Ok(secret),
            _ => Err(Missing::NotThere(absent)),
        }
    }
}

/// Why there is no secret.
enum Missing {
    /// Neither `env:` nor `file:`; possibly the secret itself.
    NoReference,
    NotThere(Problem),
}
