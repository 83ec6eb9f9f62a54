//! The tracker state during a pass: changed rows are recorded, so that the outcome contains exactly
//! the differences.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::event::{Event, EventKind, PassOutcome};
use crate::model::incident::MailState;
use crate::model::mail::Notice;
use crate::model::state::DoubtedRound;
use crate::model::tracker_state::{TrackerState, VantageStatus};
use crate::model::{Catalogue, Settings};
use crate::model::{Incident, IncidentKind, Probe, ProbeKey, Status, Time, VantageId};

pub(super) type PairKey = (ProbeKey, VantageId);

/// A tracker state that is being changed.
pub(super) struct StateTransaction<'a> {
    pub tracker: &'a mut TrackerState,
    pub catalogue: &'a Catalogue,
    pub settings: &'a Settings,
    pub notices: Vec<Notice>,
    /// Open incidents with changes that readers of their opening must know.
    pub updated: BTreeSet<i64>,
    pub doubted: Vec<DoubtedRound>,
    events: Vec<Event>,
    open: BTreeMap<ProbeKey, i64>,
    statuses: BTreeMap<PairKey, Option<Status>>,
    incidents: BTreeMap<i64, Option<Incident>>,
    vantages: BTreeMap<VantageId, Option<VantageStatus>>,
}

impl<'a> StateTransaction<'a> {
    pub fn new(
        tracker: &'a mut TrackerState,
        catalogue: &'a Catalogue,
        settings: &'a Settings,
    ) -> Self {
        let open = tracker
            .incidents
            .values()
            .filter(|i| i.is_open())
            .filter_map(|i| Some((i.probe.clone()?, i.id)))
            .collect();
        Self {
            tracker,
            catalogue,
            settings,
            notices: Vec::new(),
            updated: BTreeSet::new(),
            doubted: Vec::new(),
            events: Vec::new(),
            open,
            statuses: BTreeMap::new(),
            incidents: BTreeMap::new(),
            vantages: BTreeMap::new(),
        }
    }

    pub fn probe(&self, key: &ProbeKey) -> Option<&'a Probe> {
        self.catalogue.probe(key)
    }

    pub fn status(&self, key: &PairKey) -> Option<&Status> {
        self.tracker.statuses.get(key)
    }

    /// Replaces the status with the same key.
    pub fn put_status(&mut self, status: Status) {
        let key = status.key();
        let old = self.tracker.statuses.insert(key.clone(), status);
        self.statuses.entry(key).or_insert(old);
    }

    /// Changes an existing status.
    pub fn edit_status(&mut self, key: &PairKey, change: impl FnOnce(&mut Status)) {
        if let Some(status) = self.tracker.statuses.get_mut(key) {
            self.statuses
                .entry(key.clone())
                .or_insert_with(|| Some(status.clone()));
            change(status);
        }
    }

    pub fn put_vantage(&mut self, vantage: VantageStatus) {
        let id = vantage.vantage.clone();
        let old = self.tracker.vantages.insert(id.clone(), vantage);
        self.vantages.entry(id).or_insert(old);
    }

    /// The open incident of a probe.
    pub fn open_of(&self, probe: &ProbeKey) -> Option<i64> {
        self.open.get(probe).copied()
    }

    /// The open incident of a vantage itself, of one of these kinds.
    pub fn open_at(&self, vantage: &VantageId, kinds: &[IncidentKind]) -> Option<i64> {
        self.tracker
            .incidents
            .values()
            .find(|i| i.is_open() && kinds.contains(&i.kind) && i.vantages.contains_key(vantage))
            .map(|i| i.id)
    }

    pub fn open_incidents(&self) -> Vec<i64> {
        self.tracker
            .incidents
            .values()
            .filter(|i| i.is_open())
            .map(|i| i.id)
            .collect()
    }

    /// Ended incidents whose last mail was not decided yet: those of this pass, and those that a
    /// pass without mails left to a later one.
    pub fn ended_and_undecided(&self) -> Vec<i64> {
        self.tracker
            .incidents
            .values()
            .filter(|i| !i.is_open())
            .filter(|i| i.mail == MailState::Mailed || self.incidents.contains_key(&i.id))
            .map(|i| i.id)
            .collect()
    }

    pub fn incident(&self, id: i64) -> Option<&Incident> {
        self.tracker.incidents.get(&id)
    }

    /// Opens an incident under the next number; numbers are never used again.
    pub fn open_incident(&mut self, kind: IncidentKind, first_bad: Time, confirmed: Time) -> i64 {
        let newest = self
            .tracker
            .incidents
            .keys()
            .next_back()
            .copied()
            .unwrap_or(0);
        let id = self
            .tracker
            .next_incident
            .max(newest.saturating_add(1))
            .max(1);
        self.tracker.next_incident = id.saturating_add(1);
        let incident = Incident::new(id, kind, first_bad, confirmed);
        self.tracker.incidents.insert(id, incident);
        self.incidents.insert(id, None);
        id
    }

    /// Changes an existing incident and updates the index of open ones.
    pub fn edit_incident(&mut self, id: i64, change: impl FnOnce(&mut Incident)) {
        let Some(incident) = self.tracker.incidents.get_mut(&id) else {
            return;
        };
        self.incidents
            .entry(id)
            .or_insert_with(|| Some(incident.clone()));
        change(incident);
        if let Some(probe) = &incident.probe {
            if incident.is_open() {
                self.open.insert(probe.clone(), id);
            } else if self.open.get(probe) == Some(&id) {
                self.open.remove(probe);
            }
        }
    }

    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The differences, in the order of keys; events and notices in the order in which they
    /// happened.
    pub fn finish(self) -> PassOutcome {
        let Self { tracker, .. } = self;
        PassOutcome {
            statuses: changed(&self.statuses, &tracker.statuses),
            incidents: changed(&self.incidents, &tracker.incidents),
            vantages: changed(&self.vantages, &tracker.vantages),
            events: self.events,
            notices: self.notices,
            doubted: self.doubted,
        }
    }
}

/// The rows that were touched and differ now.
fn changed<K: Ord, V: Clone + PartialEq>(
    before: &BTreeMap<K, Option<V>>,
    now: &BTreeMap<K, V>,
) -> Vec<V> {
    before
        .iter()
        .filter_map(|(key, old)| now.get(key).filter(|new| old.as_ref() != Some(new)))
        .cloned()
        .collect()
}

/// An event without a subject yet.
pub(super) fn event(at: Time, kind: EventKind, text: String) -> Event {
    Event {
        at,
        kind,
        probe: None,
        vantage: None,
        incident: None,
        from: None,
        to: None,
        text,
        detail: None,
    }
}
