//! Files that `file:` probes read and that do not exist. In a verdict that is our own end and says
//! nothing about a source. But somebody must fix a job that stopped, so the file is named.

use std::path::{Path, PathBuf};

use crate::config::Workspace;
use crate::model::ProbeKey;
use crate::model::probe::Target;
use crate::probe::open_watched;
use crate::text::clean;

/// A probe's file that cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct UnreadableFile {
    pub probe: ProbeKey,
    path: PathBuf,
    why: &'static str,
}

impl UnreadableFile {
    /// What is wrong, without a full stop.
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

/// The files of enabled probes that cannot be read now.
#[must_use]
pub fn unreadable(workspace: &Workspace) -> Vec<UnreadableFile> {
    let enabled = workspace.catalogue.enabled();
    enabled
        .filter_map(|probe| {
            let Target::File(path) = &probe.target else {
                return None;
            };
            let why = why(&workspace.dir, path)?;
            Some(UnreadableFile {
                probe: probe.key(),
                path: path.clone(),
                why,
            })
        })
        .collect()
}

fn why(dir: &Path, path: &Path) -> Option<&'static str> {
    let error = open_watched(dir, path).err()?;
    Some(match error.kind() {
        std::io::ErrorKind::NotFound => "is not there",
        _ => {
            "cannot be read: it is not a plain file in the workspace, or this user may not read it"
        }
    })
}
