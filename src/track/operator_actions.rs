//! Actions of people, read from the store, so that a replay can apply them too: accepted baselines
//! and observations in a browser change statuses and findings.
//!
//! Acknowledgements and silences change neither; [`super::reconcile()`] keeps them.

use crate::model::event::{Event, EventKind, PassOutcome};
use crate::model::incident::HumanCheck;
use crate::model::tracker_state::TrackerState;
use crate::model::{Catalogue, Incident, ProbeKey, Settings, Status, Time, VantageId};

use super::edit::{EditError, accept_all, observe};

/// One action of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OperatorAction {
    /// `baseline accept`, for one vantage or several at once.
    Accepted {
        at: Time,
        probe: ProbeKey,
        vantages: Vec<VantageId>,
    },
    /// `incidents observe`.
    Observed { probe: ProbeKey, check: HumanCheck },
}

impl OperatorAction {
    /// When it was done.
    #[must_use]
    pub fn at(&self) -> Time {
        match self {
            OperatorAction::Accepted { at, .. } => *at,
            OperatorAction::Observed { check, .. } => check.at,
        }
    }

    /// Applies the action again. An observation goes to the probe's open incident, whatever its
    /// number is now.
    pub(super) fn apply(
        &self,
        tracker: &mut TrackerState,
        catalogue: &Catalogue,
        settings: &Settings,
    ) -> Result<PassOutcome, EditError> {
        match self {
            OperatorAction::Accepted {
                at,
                probe,
                vantages,
            } => {
                let there = |s: &&Status| vantages.contains(&s.vantage);
                let accepted = tracker.statuses_of(probe).filter(there).cloned().collect();
                accept_all(tracker, probe, accepted, *at, catalogue, settings)
            }
            OperatorAction::Observed { probe, check } => {
                let open = tracker.open_incident_of(probe).map(|i| i.id);
                let id = open.ok_or(EditError::NoIncident(0))?;
                observe(tracker, id, check.clone(), catalogue, settings)
            }
        }
    }
}

/// The actions in stored events and incidents, in order of time.
#[must_use]
pub fn operator_actions<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    incidents: impl IntoIterator<Item = &'a Incident>,
) -> Vec<OperatorAction> {
    let mut all: Vec<OperatorAction> = Vec::new();
    for event in events.into_iter().filter(|e| e.kind == EventKind::Accepted) {
        let (Some(of), Some(there)) = (&event.probe, &event.vantage) else {
            continue;
        };
        match all.last_mut() {
            Some(OperatorAction::Accepted {
                at,
                probe,
                vantages,
            }) if (&*at, &*probe) == (&event.at, of) => vantages.push(there.clone()),
            _ => all.push(OperatorAction::Accepted {
                at: event.at,
                probe: of.clone(),
                vantages: vec![there.clone()],
            }),
        }
    }
    let observed = incidents.into_iter().flat_map(|incident| {
        let probe = incident.probe.clone();
        let checks = incident.human_checks.iter().cloned();
        checks.filter_map(move |check| {
            Some(OperatorAction::Observed {
                probe: probe.clone()?,
                check,
            })
        })
    });
    all.extend(observed);
    all.sort_by_key(OperatorAction::at);
    all
}
