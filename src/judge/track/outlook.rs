//! What is to be done with an incident's mail, from the book alone: the tracker asks after every pass, and
//! whoever shows an incident asks why nothing was mailed.

use crate::model::book::Book;
use crate::model::{Catalogue, Incident, ProbeKey, Settings, Time};

use super::mailing::{Case, Decision, Why, decide};

/// What would be decided of an open incident that was not mailed yet.
#[must_use]
pub fn outlook(
    incident: &Incident,
    book: &Book,
    catalogue: &Catalogue,
    settings: &Settings,
    now: Time,
) -> Decision {
    let case = Case {
        kind: incident.kind,
        severity: incident.severity,
        finding: incident.finding,
        muted: muted(incident, book, catalogue, now),
        ambiguous: incident
            .worse()
            .all(|(_, part)| part.observed.is_ambiguous()),
        first_bad: incident.first_bad,
        last_bad: incident.last_bad.unwrap_or(incident.first_bad),
    };
    decide(&case, &settings.confirm)
}

/// What keeps an incident quiet, also after its opening was mailed.
#[must_use]
pub fn muted(incident: &Incident, book: &Book, catalogue: &Catalogue, now: Time) -> Option<Why> {
    let provisional = |probe| is_provisional(book, catalogue, probe);
    if incident.is_silenced(now) {
        Some(Why::Silenced)
    } else if flaps(incident, book) {
        Some(Why::Flapping)
    } else if incident.probe.as_ref().is_some_and(provisional) {
        Some(Why::Provisional)
    } else {
        None
    }
}

/// The probe's markers are not confirmed, and it has never been `ok` from anywhere.
pub(super) fn is_provisional(book: &Book, catalogue: &Catalogue, probe: &ProbeKey) -> bool {
    catalogue.probe(probe).is_some_and(|p| p.provisional)
        && !book.statuses_of(probe).any(|s| s.was_ok)
}

/// One of the incident's vantages flaps.
fn flaps(incident: &Incident, book: &Book) -> bool {
    incident.probe.as_ref().is_some_and(|probe| {
        book.statuses_of(probe)
            .any(|s| s.flapping && incident.vantages.contains_key(&s.vantage))
    })
}
