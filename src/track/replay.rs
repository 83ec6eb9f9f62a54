//! Replays stored passes: the result is the same tracker state as when they were made, with the
//! same incident numbers.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::slice;

use crate::model::event::{Event, PassOutcome};
use crate::model::round::Pass;
use crate::model::state::DoubtedRound;
use crate::model::tracker_state::TrackerState;
use crate::model::{Catalogue, Incident, Settings, Time};
use crate::track::sibling;
use crate::track::sibling::SiblingVerdict;

use super::operator_actions::OperatorAction;
use super::pass::track;

/// The result of a replay.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replayed {
    /// The tracker state at the end.
    pub tracker: TrackerState,
    /// Every incident that was ever in the state, including dropped and folded ones.
    pub incidents: BTreeMap<i64, Incident>,
    /// Every event on the way.
    pub events: Vec<Event>,
    /// Every round whose code does not show what readers get.
    pub doubted: Vec<DoubtedRound>,
    /// Verdicts that were changed by looking at the whole pass.
    pub reconsidered: Vec<SiblingVerdict>,
}

impl Replayed {
    fn from_state(tracker: TrackerState) -> Self {
        Self {
            incidents: tracker.incidents.clone(),
            tracker,
            ..Self::default()
        }
    }

    /// Applies the actions of people before `until`.
    fn apply_until(
        &mut self,
        actions: &mut Peekable<slice::Iter<'_, OperatorAction>>,
        until: Option<Time>,
        catalogue: &Catalogue,
        settings: &Settings,
    ) {
        while let Some(action) = actions.next_if(|d| until.is_none_or(|until| d.at() < until)) {
            // An action whose object no longer exists is skipped: the rules have changed since.
            if let Ok(outcome) = action.apply(&mut self.tracker, catalogue, settings) {
                self.record(&outcome);
            }
        }
    }

    fn record(&mut self, outcome: &PassOutcome) {
        let moved = outcome.incidents.iter().map(|i| (i.id, i.clone()));
        self.incidents.extend(moved);
        self.events.extend(outcome.events.iter().cloned());
        self.doubted.extend(outcome.doubted.iter().cloned());
    }
}

/// Replays passes in the given order, from the tracker state before the first of them. The actions
/// of people (`actions`, in order of time) are applied between the passes.
///
/// As in a live pass, the rounds of each pass are first looked at together
/// ([`sibling::reconsider`]).
pub fn replay(
    before: TrackerState,
    passes: impl IntoIterator<Item = Pass>,
    actions: &[OperatorAction],
    catalogue: &Catalogue,
    settings: &Settings,
) -> Replayed {
    let mut replayed = Replayed::from_state(before);
    let mut actions = actions.iter().peekable();
    for mut pass in passes {
        replayed.apply_until(&mut actions, Some(pass.at), catalogue, settings);
        let changed = sibling::reconsider(&mut pass.rounds, catalogue, &replayed.tracker);
        replayed.reconsidered.extend(changed);
        let outcome = track(&mut replayed.tracker, &pass, catalogue, settings);
        replayed.record(&outcome);
    }
    replayed.apply_until(&mut actions, None, catalogue, settings);
    replayed
}
