//! All watched sources and probes, with lookups.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ids::{ProbeKey, SourceId};
use super::probe::Probe;
use super::source::Source;
use super::timeline::TimelineEvent;

/// All sources and their probes, in the order of their ids.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    pub sources: BTreeMap<SourceId, Source>,
    /// Shared with everything that is compiled from them.
    pub probes: BTreeMap<ProbeKey, Arc<Probe>>,
    /// Known past events of these sources, oldest first.
    pub timeline: Vec<TimelineEvent>,
    /// Patterns of cells that hold no value (`probes/placeholders.csv`). Empty: the shipped
    /// patterns apply.
    pub placeholders: Vec<String>,
}

impl Catalogue {
    /// The probe with this key.
    #[must_use]
    pub fn probe(&self, key: &ProbeKey) -> Option<&Probe> {
        self.probes.get(key).map(Arc::as_ref)
    }

    /// The source with this id.
    #[must_use]
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.get(id)
    }

    /// Probes that are switched on.
    pub fn enabled(&self) -> impl Iterator<Item = &Probe> {
        self.all().filter(|probe| probe.enabled)
    }

    /// The probes of one source.
    pub fn probes_of<'a>(&'a self, source: &'a SourceId) -> impl Iterator<Item = &'a Probe> {
        let from = ProbeKey::new(source.as_str(), "");
        let own = self.probes.range(from..).map(|(_, probe)| probe.as_ref());
        own.take_while(move |p| p.source == *source)
    }

    /// Known past events of one source up to `by`, oldest first.
    pub fn known_of<'a>(
        &'a self,
        source: &'a SourceId,
        by: chrono::NaiveDate,
    ) -> impl Iterator<Item = &'a TimelineEvent> {
        let of_source = self.timeline.iter().filter(move |e| e.source == *source);
        of_source.filter(move |e| e.date <= by)
    }

    /// All probes, in the order of their keys.
    pub fn all(&self) -> impl Iterator<Item = &Probe> {
        self.probes.values().map(Arc::as_ref)
    }
}
