//! The states at a time in the past, from the daily figures and the incidents of that time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::no_data;
use super::state::{NewestRound, PairState, UnknownReason};
use super::state_transaction::PairKey;
use crate::i18n::weight;
use crate::model::incident::VantagePart;
use crate::model::state::State;
use crate::model::tracker_state::{TrackerState, VantageStatus};
use crate::model::verdict::Locus;
use crate::model::{Catalogue, Code, Incident, IncidentKind, Probe, Status, Time, VantageId};

/// The newest day of a pair on which something was due, at the time of the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastDay {
    pub day: NaiveDate,
    pub open: u32,
    pub less: u32,
    pub closed: u32,
    /// Checks that do not tell, and rounds that were not made.
    pub unknown: u32,
    pub offline: u32,
}

impl PastDay {
    /// What most of the day was; of equal shares the worse. `None` is our own end.
    fn main_state(&self) -> Option<State> {
        let by_state = [
            (self.unknown, Some(State::Unknown)),
            (self.offline, None),
            (self.open, Some(State::Open)),
            (self.less, Some(State::Less)),
            (self.closed, Some(State::Closed)),
        ];
        let most = by_state.iter().max_by_key(|(n, _)| *n);
        most.map_or(Some(State::Unknown), |(_, state)| *state)
    }
}

/// What is stored about a time in the past.
pub struct PastRecords {
    pub at: Time,
    pub days: BTreeMap<PairKey, PastDay>,
    /// Pairs that were open at least once until then.
    pub once_open: BTreeSet<PairKey>,
    /// The newest round of each pair, where it is still stored.
    pub rounds: BTreeMap<PairKey, NewestRound>,
    pub incidents: Vec<Incident>,
}

/// What is known of one pair at that time.
struct PastPair {
    state: State,
    reason: Option<UnknownReason>,
    since: Option<Time>,
    incident: Option<i64>,
}

impl PastRecords {
    /// Statuses, vantages and ongoing incidents as they were then, as far as it is stored.
    #[must_use]
    pub fn tracker(&self) -> TrackerState {
        let mut tracker = TrackerState::default();
        for incident in self.incidents.iter().filter(|i| self.is_ongoing(i)) {
            let mut then = incident.clone();
            then.ended = None;
            tracker.incidents.insert(then.id, then);
        }
        for key in self.days.keys() {
            let vantage = &key.1;
            if !tracker.vantages.contains_key(vantage) {
                let status = self.vantage(vantage);
                tracker.vantages.insert(vantage.clone(), status);
            }
            if let Some(status) = self.status(key) {
                tracker.statuses.insert(key.clone(), status);
            }
        }
        tracker
    }

    /// The pairs that were watched then; `tracker` is [`PastRecords::tracker`].
    #[must_use]
    pub fn pairs<'a>(
        &self,
        tracker: &'a TrackerState,
        catalogue: &'a Catalogue,
    ) -> Vec<PairState<'a>> {
        let known = self.days.iter().filter_map(|(key, day)| {
            let probe = catalogue.probe(&key.0)?;
            Some(self.pair(key, day, probe, tracker))
        });
        known.collect()
    }

    fn pair<'a>(
        &self,
        key: &PairKey,
        day: &PastDay,
        probe: &'a Probe,
        tracker: &'a TrackerState,
    ) -> PairState<'a> {
        let seen = self.seen(key, day);
        PairState {
            probe,
            vantage: key.1.clone(),
            status: tracker.statuses.get(key),
            usual: seen.state != State::Open && !self.once_open.contains(key),
            state: seen.state,
            reason: seen.reason,
            since: seen.since,
            last_checked: self.rounds.get(key).map(|(at, _)| *at),
            incident: seen.incident,
            seen_from: None,
        }
    }

    fn seen(&self, key: &PairKey, day: &PastDay) -> PastPair {
        let unknown = |reason, since| PastPair {
            state: State::Unknown,
            reason: Some(reason),
            since,
            incident: None,
        };
        if let Some((incident, _)) = self.own_end_of(&key.1) {
            return unknown(UnknownReason::OwnEnd, Some(incident.first_bad));
        }
        if self.at.date_naive() - day.day >= no_data::AFTER {
            return unknown(UnknownReason::NoData, None);
        }
        if let Some((incident, part)) = self.incident_of(key) {
            let (code, since) = code_at(part, self.at);
            let state = weight::state(code, incident.finding);
            return PastPair {
                state,
                reason: (state == State::Unknown).then_some(UnknownReason::Declined),
                since: Some(since),
                incident: Some(incident.id),
            };
        }
        match day.main_state() {
            None => unknown(UnknownReason::OwnEnd, None),
            Some(State::Unknown) => unknown(UnknownReason::Declined, None),
            Some(state) => PastPair {
                state,
                reason: None,
                since: None,
                incident: None,
            },
        }
    }

    /// The verdict at that time: the incident's, otherwise that of the newest round if that round
    /// shows the state of its day.
    fn status(&self, key: &PairKey) -> Option<Status> {
        let (at, measured) = *self.rounds.get(key)?;
        let (code, since) = match self.incident_of(key) {
            Some((_, part)) => code_at(part, self.at),
            None => (measured?, at),
        };
        let mut status = Status::new(key.0.clone(), key.1.clone(), code, Locus::Unknown, since);
        status.last_checked = at;
        Some(status)
    }

    fn vantage(&self, id: &VantageId) -> VantageStatus {
        let down = self.own_end_of(id);
        let own = self.rounds.iter().filter(|((_, v), _)| v == id);
        let newest = own.map(|(_, (at, _))| *at).max().unwrap_or(self.at);
        VantageStatus {
            vantage: id.clone(),
            usable: down.is_none(),
            code: down.map(|(_, part)| code_at(part, self.at).0),
            in_trouble: false,
            text: String::new(),
            since: down.map_or(newest, |(incident, _)| incident.first_bad),
            last_checked: newest,
            controls_passed: 0,
            controls: 0,
        }
    }

    fn is_ongoing(&self, incident: &Incident) -> bool {
        incident.confirmed <= self.at
            && incident.folded_into.is_none()
            && incident.ended.is_none_or(|ended| ended > self.at)
    }

    fn incident_of(&self, key: &PairKey) -> Option<(&Incident, &VantagePart)> {
        let of_probe = |i: &&Incident| {
            i.kind == IncidentKind::Probe && i.probe.as_ref() == Some(&key.0) && self.is_ongoing(i)
        };
        let mut own = self.incidents.iter().filter(of_probe);
        own.find_map(|incident| Some((incident, self.part(incident, &key.1)?)))
    }

    fn own_end_of(&self, vantage: &VantageId) -> Option<(&Incident, &VantagePart)> {
        let of_vantage = |i: &&Incident| i.kind != IncidentKind::Probe && self.is_ongoing(i);
        let mut own = self.incidents.iter().filter(of_vantage);
        own.find_map(|incident| Some((incident, self.part(incident, vantage)?)))
    }

    /// The part of a vantage, if it took part then.
    fn part<'i>(&self, incident: &'i Incident, vantage: &VantageId) -> Option<&'i VantagePart> {
        let part = incident.vantages.get(vantage)?;
        let takes_part = part.first_bad <= self.at && part.back.is_none_or(|at| at > self.at);
        takes_part.then_some(part)
    }
}

/// The code that a vantage saw at a time, and since when.
fn code_at(part: &VantagePart, at: Time) -> (Code, Time) {
    let phase = part.phases.iter().rev().find(|phase| phase.from <= at);
    match phase {
        Some(phase) => (phase.code, phase.from),
        None => (part.observed.code, part.first_bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::phase::Phase;
    use crate::model::{Finding, Observation, ProbeKey};

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn key() -> PairKey {
        (ProbeKey::new("s", "p"), VantageId::from("here"))
    }

    fn day(open: u32, closed: u32) -> PastDay {
        PastDay {
            day: "2026-03-10".parse().unwrap(),
            open,
            less: 0,
            closed,
            unknown: 0,
            offline: 0,
        }
    }

    fn records(at: &str, day: PastDay) -> PastRecords {
        PastRecords {
            at: time(at),
            days: BTreeMap::from([(key(), day)]),
            once_open: BTreeSet::from([key()]),
            rounds: BTreeMap::new(),
            incidents: Vec::new(),
        }
    }

    fn incident(from: &str, to: Option<&str>) -> Incident {
        let from = time(from);
        let mut incident = Incident::new(7, IncidentKind::Probe, from, from);
        incident.probe = Some(key().0);
        incident.finding = Finding::Withdrawn;
        incident.ended = to.map(time);
        let part = VantagePart {
            from: Code::Ok,
            observed: Observation::new(Code::SiteGeoBlock, Locus::Site),
            last_good: None,
            first_bad: from,
            back: to.map(time),
            left_as: None,
            phases: vec![
                Phase::begin(Code::ContentWithdrawn, from),
                Phase::begin(Code::SiteGeoBlock, time("2026-03-10T12:00:00Z")),
            ],
        };
        incident.vantages.insert(key().1, part);
        incident
    }

    #[test]
    fn a_day_without_an_incident_is_what_most_of_it_was() {
        let seen = |open, closed| {
            let day = day(open, closed);
            records("2026-03-11T00:00:00Z", day)
                .seen(&key(), &day)
                .state
        };
        assert_eq!(seen(3, 1), State::Open);
        assert_eq!(seen(2, 2), State::Closed);
    }

    #[test]
    fn an_incident_decides_by_its_phase_of_that_time() {
        let mut known = records("2026-03-10T06:00:00Z", day(3, 1));
        known.incidents = vec![incident(
            "2026-03-10T00:00:00Z",
            Some("2026-03-12T00:00:00Z"),
        )];
        let state = |known: &PastRecords| known.seen(&key(), &day(3, 1)).state;
        assert_eq!(state(&known), State::Less);
        known.at = time("2026-03-11T06:00:00Z");
        assert_eq!(state(&known), State::Closed);
        assert_eq!(known.tracker().incidents.len(), 1);
        known.at = time("2026-03-12T06:00:00Z");
        assert_eq!(state(&known), State::Open);
        assert!(known.tracker().incidents.is_empty());
    }

    #[test]
    fn our_own_end_and_silence_are_not_the_source() {
        let mut known = records("2026-03-11T06:00:00Z", day(0, 4));
        let mut down = incident("2026-03-11T00:00:00Z", None);
        down.kind = IncidentKind::Vantage;
        known.incidents = vec![down];
        let seen = known.seen(&key(), &day(0, 4));
        assert_eq!(seen.reason, Some(UnknownReason::OwnEnd));
        assert!(!known.tracker().vantages[&key().1].usable);
        known.incidents.clear();
        known.at = time("2026-03-24T00:00:00Z");
        let seen = known.seen(&key(), &day(0, 4));
        assert_eq!(seen.reason, Some(UnknownReason::NoData));
    }
}
