//! What happens to an incident's mail, from the tracker state alone. The tracker asks after every
//! pass; views of an incident ask why nothing was mailed.

use crate::model::tracker_state::TrackerState;
use crate::model::{Catalogue, Incident, ProbeKey, Settings, Time};

use super::alert_policy::{AlertCase, AlertDecision, AlertReason, decide};

/// The current decision for an open incident that was not mailed yet.
#[must_use]
pub fn expected_end(
    incident: &Incident,
    tracker: &TrackerState,
    catalogue: &Catalogue,
    settings: &Settings,
    now: Time,
) -> AlertDecision {
    let case = AlertCase {
        kind: incident.kind,
        severity: incident.severity,
        finding: incident.finding,
        muted: muted(incident, tracker, catalogue, now),
        ambiguous: incident
            .worsened()
            .all(|(_, part)| part.observed.is_ambiguous()),
        first_bad: incident.first_bad,
        last_bad: incident.last_bad.unwrap_or(incident.first_bad),
    };
    decide(&case, &settings.confirm)
}

/// What keeps an incident quiet, also after its opening was mailed.
#[must_use]
pub fn muted(
    incident: &Incident,
    tracker: &TrackerState,
    catalogue: &Catalogue,
    now: Time,
) -> Option<AlertReason> {
    let provisional = |probe| is_provisional(tracker, catalogue, probe);
    if incident.is_silenced(now) {
        Some(AlertReason::Silenced)
    } else if flaps(incident, tracker) {
        Some(AlertReason::Flapping)
    } else if incident.probe.as_ref().is_some_and(provisional) {
        Some(AlertReason::Provisional)
    } else {
        None
    }
}

/// The probe's markers are not confirmed, and it has never been `ok` from any vantage.
pub(super) fn is_provisional(
    tracker: &TrackerState,
    catalogue: &Catalogue,
    probe: &ProbeKey,
) -> bool {
    catalogue.probe(probe).is_some_and(|p| p.provisional)
        && !tracker.statuses_of(probe).any(|s| s.was_ok)
}

/// One of the incident's vantages flaps.
fn flaps(incident: &Incident, tracker: &TrackerState) -> bool {
    incident.probe.as_ref().is_some_and(|probe| {
        tracker
            .statuses_of(probe)
            .any(|s| s.flapping && incident.vantages.contains_key(&s.vantage))
    })
}
