//! Files that `file:` probes read and that are not there. Judged, that is our own end and says nothing of any source;
//! but a job that stopped is somebody's to mend, so it is named.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::config::Workspace;
use crate::model::ProbeKey;
use crate::model::probe::Target;
use crate::text::clean;

/// A probe's file that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub probe: ProbeKey,
    path: PathBuf,
    why: &'static str,
}

impl Unreadable {
    /// What is wrong, without its stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!(
            "{}: its file {} {}; nothing is known of it until a job writes it again",
            self.probe,
            clean::line(&self.path.to_string_lossy(), 200),
            self.why
        )
    }
}

/// The files of probes that are on, which cannot be read now.
#[must_use]
pub fn unreadable(workspace: &Workspace) -> Vec<Unreadable> {
    let enabled = workspace.catalogue.enabled();
    enabled
        .filter_map(|probe| {
            let Target::File(path) = &probe.target else {
                return None;
            };
            let why = why(&workspace.dir.join(path))?;
            Some(Unreadable {
                probe: probe.key(),
                path: path.clone(),
                why,
            })
        })
        .collect()
}

fn why(path: &Path) -> Option<&'static str> {
    match path.metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some("is not there"),
        Ok(facts) if !facts.is_file() => Some("is no file"),
        Ok(_) if File::open(path).is_ok() => None,
        _ => Some("cannot be read by this user"),
    }
}
