//! The names that other files may refer to, from everything that could be read.

use std::collections::BTreeSet;

use super::source::CheckedSource;
use crate::config::doc::DiagnosedFile;
use crate::config::table::nearest;
use crate::model::{ProbeKey, SourceId};

/// The ids of sources and probes, including invalid ones: a reference to one of them is not a
/// fault. An id that may be in an unreadable part of a file does not count as missing either.
#[derive(Default)]
pub(super) struct KnownNames {
    pub sources: BTreeSet<String>,
    pub groups: BTreeSet<String>,
    pub probes: BTreeSet<ProbeKey>,
    /// Sources that may have further probes.
    open: BTreeSet<SourceId>,
    /// There may be further sources.
    more_sources: bool,
    /// There may be further groups.
    more_groups: bool,
}

impl KnownNames {
    /// The names in all of these files; `whole` is false when there may be more files.
    pub(super) fn collect(files: &[(DiagnosedFile, Option<CheckedSource>)], whole: bool) -> Self {
        let mut names = Self {
            more_sources: !whole,
            more_groups: !whole,
            ..Self::default()
        };
        for (_, checked) in files {
            let Some(checked) = checked else {
                names.more_sources = true;
                names.more_groups = true;
                continue;
            };
            names.more_groups |= checked.group.is_none();
            names.groups.extend(checked.group.clone());
            let probes = checked.probes.iter().filter_map(|p| p.key.clone());
            names.probes.extend(probes);
            match &checked.id {
                None => names.more_sources = true,
                Some(id) => {
                    names.sources.insert(id.to_string());
                    if checked.more {
                        names.open.insert(id.clone());
                    }
                }
            }
        }
        names
    }

    pub(super) fn lacks_source(&self, id: &str) -> bool {
        !self.more_sources && !self.sources.contains(id)
    }

    pub(super) fn lacks_group(&self, group: &str) -> bool {
        !self.more_groups && !self.groups.contains(group)
    }

    /// A probe of a source that was completely read cannot be in an unreadable file.
    pub(super) fn lacks_probe(&self, key: &ProbeKey) -> bool {
        let more = if self.sources.contains(key.source.as_str()) {
            self.open.contains(&key.source)
        } else {
            self.more_sources
        };
        !more && !self.probes.contains(key)
    }

    /// Whether no id matches, and every id is known.
    pub(super) fn none_matches(&self, glob: &globset::GlobMatcher) -> bool {
        !self.more_sources && !self.sources.iter().any(|id| glob.is_match(id))
    }
}

/// The fix for an unknown name.
pub(super) fn did_you_mean(text: &str, names: &[String]) -> String {
    match nearest(text, names.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() || names.len() > 12 => "name one that exists".to_owned(),
        None => format!("there are {}", names.join(", ")),
    }
}
