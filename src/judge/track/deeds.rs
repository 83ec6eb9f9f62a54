//! What people did, read back from what is stored, so that a replay can live through it too: accepted
//! baselines and looks into a browser move statuses and findings.
//!
//! Acknowledgements and silences move neither; [`super::reconcile()`] carries them over.

use crate::model::book::Book;
use crate::model::event::{Event, EventKind, PassOutcome};
use crate::model::incident::HumanCheck;
use crate::model::{Catalogue, Incident, ProbeKey, Settings, Time, VantageId};

use super::edit::{EditError, accept, observe};

/// One thing a person did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// `baseline accept`.
    Accepted {
        at: Time,
        probe: ProbeKey,
        vantage: VantageId,
    },
    /// `incidents observe`.
    Observed { probe: ProbeKey, check: HumanCheck },
}

impl Deed {
    /// When it was done.
    #[must_use]
    pub fn at(&self) -> Time {
        match self {
            Deed::Accepted { at, .. } => *at,
            Deed::Observed { check, .. } => check.at,
        }
    }

    /// Does it again. A look goes to the probe's open incident, whatever its number is now.
    pub(super) fn apply(
        &self,
        book: &mut Book,
        catalogue: &Catalogue,
        settings: &Settings,
    ) -> Result<PassOutcome, EditError> {
        match self {
            Deed::Accepted { at, probe, vantage } => {
                accept(book, probe, Some(vantage), *at, catalogue, settings)
            }
            Deed::Observed { probe, check } => {
                let open = book.open_incident_of(probe).map(|i| i.id);
                let id = open.ok_or(EditError::NoIncident(0))?;
                observe(book, id, check.clone(), catalogue, settings)
            }
        }
    }
}

/// The deeds in stored events and incidents, in the order of their times.
#[must_use]
pub fn deeds<'a>(
    events: impl IntoIterator<Item = &'a Event>,
    incidents: impl IntoIterator<Item = &'a Incident>,
) -> Vec<Deed> {
    let accepted = events
        .into_iter()
        .filter(|e| e.kind == EventKind::Accepted)
        .filter_map(|e| {
            Some(Deed::Accepted {
                at: e.at,
                probe: e.probe.clone()?,
                vantage: e.vantage.clone()?,
            })
        });
    let observed = incidents.into_iter().flat_map(|incident| {
        let probe = incident.probe.clone();
        let checks = incident.human_checks.iter().cloned();
        checks.filter_map(move |check| {
            Some(Deed::Observed {
                probe: probe.clone()?,
                check,
            })
        })
    });
    let mut all: Vec<Deed> = accepted.chain(observed).collect();
    all.sort_by_key(Deed::at);
    all
}
