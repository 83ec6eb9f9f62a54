//! The withdrawal of one document type, or a change of all types: a second check over a family of
//! document types.
//!
//! Probes of several types (dissertations, proceedings, newspapers) name one control among them as
//! their `sibling` (journals). When the control and a type lose the full-text marker in the same
//! pass, the site was redesigned, or it closed the full text of everything. The code is then
//! `content.unproven` instead of `content.withdrawn`, for the control too (`docs/verdicts.md`,
//! Details). This does not apply when another type of the family still shows its button, or when
//! the button was already gone before.

use std::collections::BTreeSet;

use crate::model::round::Round;
use crate::model::rule::Saying;
use crate::model::tracker_state::TrackerState;
use crate::model::{
    Catalogue, Code, MeasurementUid, Observation, Probe, ProbeKey, RuleId, VantageId,
};

/// The rule id of a verdict that was changed here.
pub const RULE: &str = "content.unproven.siblings";

/// The same rule in stores of earlier versions; its code was `content.changed`.
const EARLIER_RULE: &str = "content.sibling_redesigned";

/// How many types of a family are checked out of turn when the control lost its button; more would
/// load the site.
const MOST: usize = 8;

/// The observation of a measurement that was changed here.
pub type SiblingVerdict = (MeasurementUid, Observation);

/// Changes `content.withdrawn` to `content.unproven` in every attempt of the rounds of families
/// that lost all their markers. Returns the changes. `tracker_state` is the state before the pass.
pub fn reconsider(
    rounds: &mut [Round],
    catalogue: &Catalogue,
    tracker: &TrackerState,
) -> Vec<SiblingVerdict> {
    let seen = MarkerRounds::of(&rounds.iter(), catalogue, tracker);
    let lost_all: BTreeSet<Place> = seen
        .lost
        .iter()
        .filter(|(control, vantage)| seen.lost_everywhere(control, vantage))
        .cloned()
        .collect();
    let mut changed = Vec::new();
    for round in rounds {
        let own = (round.probe.clone(), round.vantage.clone());
        if !seen.lost.contains(&own) {
            continue;
        }
        let of_control = lost_all.contains(&own);
        let sibling = catalogue.probe(&own.0).and_then(|p| p.sibling.clone());
        let of_type = sibling.is_some_and(|control| lost_all.contains(&(control, own.1)));
        if !of_control && !of_type {
            continue;
        }
        for attempt in &mut round.attempts {
            let observed = &mut attempt.observed;
            if observed.code == Code::ContentWithdrawn && is_gone(observed) {
                observed.code = Code::ContentUnproven;
                observed.rule = Some(RuleId::row(RULE));
                observed.saying = Saying::OfCode;
                changed.push((attempt.uid.clone(), observed.clone()));
            }
        }
    }
    changed
}

/// The members of a family that must be checked before these rounds mean a withdrawal, and were
/// not: the control of a type that lost its button, and the types of a control that lost its
/// button.
#[must_use]
pub fn unseen<'r>(
    rounds: &(impl Iterator<Item = &'r Round> + Clone),
    catalogue: &Catalogue,
    tracker: &TrackerState,
) -> BTreeSet<Place> {
    let seen = MarkerRounds::of(rounds, catalogue, tracker);
    let mut wanted = BTreeSet::new();
    for (key, vantage) in &seen.lost {
        let control = catalogue.probe(key).and_then(|p| p.sibling.as_ref());
        let types = seen.family(key).map(Probe::key).take(MOST);
        for other in control.cloned().into_iter().chain(types) {
            let place = (other, vantage.clone());
            let there = catalogue.probe(&place.0);
            let fit = there.is_some_and(|p| p.enabled && p.runs_from(vantage));
            if fit && !seen.all.contains(&place) && !was_withdrawn(tracker, &place) {
                wanted.insert(place);
            }
        }
    }
    wanted
}

/// Whether a probe belongs to a family: it names a control, or it is one.
#[must_use]
pub fn has_family(catalogue: &Catalogue, probe: &Probe) -> bool {
    let key = probe.key();
    probe.sibling.is_some() || catalogue.all().any(|p| p.sibling.as_ref() == Some(&key))
}

/// A probe from a vantage.
type Place = (ProbeKey, VantageId);

/// What the rounds of a pass show of full-text markers.
struct MarkerRounds<'a> {
    catalogue: &'a Catalogue,
    all: BTreeSet<Place>,
    /// Only the marker of the next level is gone, and it was there before.
    lost: BTreeSet<Place>,
    /// Everything is there.
    shown: BTreeSet<Place>,
}

impl<'a> MarkerRounds<'a> {
    /// Usually nothing is lost, and then nothing else is collected.
    fn of<'r>(
        rounds: &(impl Iterator<Item = &'r Round> + Clone),
        catalogue: &'a Catalogue,
        tracker: &TrackerState,
    ) -> Self {
        let with = |holds: fn(&Round) -> bool| {
            let rounds = rounds.clone().filter(|r| holds(r));
            rounds
                .map(|r| (r.probe.clone(), r.vantage.clone()))
                .collect::<BTreeSet<Place>>()
        };
        let mut seen = Self {
            catalogue,
            all: BTreeSet::new(),
            lost: with(|r| last(r).is_some_and(is_gone)),
            shown: BTreeSet::new(),
        };
        seen.lost.retain(|place| !was_withdrawn(tracker, place));
        if !seen.lost.is_empty() {
            seen.all = with(|_| true);
            seen.shown = with(|r| last(r).is_some_and(|seen| seen.code == Code::Ok));
        }
        seen
    }

    /// The probes that name this one as their sibling.
    fn family(&self, control: &ProbeKey) -> impl Iterator<Item = &'a Probe> {
        let of = control.clone();
        let named = move |p: &&Probe| p.sibling.as_ref() == Some(&of);
        self.catalogue.all().filter(named)
    }

    /// The control and at least one type lost their buttons together, and no type of the family
    /// shows one.
    fn lost_everywhere(&self, control: &ProbeKey, vantage: &VantageId) -> bool {
        let place = |p: &Probe| (p.key(), vantage.clone());
        self.family(control).any(|p| self.lost.contains(&place(p)))
            && !self.family(control).any(|p| self.shown.contains(&place(p)))
    }
}

/// The result of a round.
fn last(round: &Round) -> Option<&Observation> {
    round.attempts.last().map(|a| &a.observed)
}

/// Only the marker of the next level is gone, also when all types lost it together. A page that
/// says in words that it is closed does not count.
fn is_gone(observed: &Observation) -> bool {
    let says_so = observed.signature.is_some();
    let is_redesign = |rule: &RuleId| *rule == RULE || *rule == EARLIER_RULE;
    observed.code == Code::ContentWithdrawn && !says_so
        || observed.rule.as_ref().is_some_and(is_redesign)
}

/// The button was already gone before, so its absence is nothing new.
fn was_withdrawn(tracker: &TrackerState, place: &Place) -> bool {
    let status = tracker.statuses.get(place);
    status.is_some_and(|s| s.observed.code == Code::ContentWithdrawn)
}
