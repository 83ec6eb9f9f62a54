//! The shipped settings and signatures, for commands that need no workspace of one's own.

use std::path::{Path, PathBuf};

use super::doc::DiagnosedFile;
use super::explain::{Diagnostics, Severity};
use super::load::Workspace;
use super::needs::SecretNeeds;
use super::secrets::Secrets;
use super::{check, init, signatures};
use crate::model::Catalogue;
use crate::schedule::calendar::Calendars;

/// The shipped settings and signatures without any source. Nothing is written and no secret is
/// looked up.
///
/// # Errors
/// What `check` finds wrong with the shipped files; a test proves that it is nothing.
pub fn shipped() -> Result<Workspace, Diagnostics> {
    let dir = PathBuf::from(".");
    let text = init::shipped_settings().to_owned();
    let config = DiagnosedFile::new(PathBuf::from("config/accesswatch.toml"), text);
    let needs = SecretNeeds::none();
    let secrets = Secrets {
        dir: &dir,
        environment: &|_| None,
        needs: &needs,
    };
    let settings = check::settings(&config, secrets);
    let files = init::shipped("probes/signatures");
    let is_table = |path: &Path| path.extension().is_some_and(|e| e == "csv" || e == "jsonl");
    let docs = files
        .into_iter()
        .filter(|(path, _)| is_table(path))
        .map(|(path, text)| DiagnosedFile::new(path, text));
    let known = signatures::load_docs(docs);
    let mut all = config.finish();
    all.extend(known.faults);
    match settings {
        Some(checked) if all.iter().all(|f| f.severity == Severity::Warning) => Ok(Workspace {
            dir,
            settings: checked.settings,
            catalogue: Catalogue::default(),
            signatures: known.rows,
            signature_files: known.files,
            calendars: Calendars::default(),
            warnings: all,
        }),
        _ => Err(Diagnostics(all)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_files_are_sound() {
        let workspace = shipped().unwrap();
        assert!(workspace.signatures.len() > 100);
        assert_eq!(workspace.settings.vantages.len(), 1);
        assert!(!workspace.settings.links.private);
    }
}
