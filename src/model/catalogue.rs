//! What is watched: all sources and probes, with look-ups.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ids::{ProbeKey, SourceId};
use super::probe::Probe;
use super::source::Source;

/// All sources and their probes, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    pub sources: BTreeMap<SourceId, Source>,
    /// Shared with what is compiled from them.
    pub probes: BTreeMap<ProbeKey, Arc<Probe>>,
}

impl Catalogue {
    /// The probe of this name.
    #[must_use]
    pub fn probe(&self, key: &ProbeKey) -> Option<&Probe> {
        self.probes.get(key).map(Arc::as_ref)
    }

    /// The source of this name.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.get(id)
    }

    /// Probes that are switched on.
    pub fn enabled(&self) -> impl Iterator<Item = &Probe> {
        self.all().filter(|probe| probe.enabled)
    }

    /// The probes of one source.
    pub fn of<'a>(&'a self, source: &'a SourceId) -> impl Iterator<Item = &'a Probe> {
        self.all().filter(move |p| p.source == *source)
    }

    /// All probes, in the order of their keys.
    pub fn all(&self) -> impl Iterator<Item = &Probe> {
        self.probes.values().map(Arc::as_ref)
    }
}
