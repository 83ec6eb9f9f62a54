//! Whom the pass makes speak: openings that are due, updates of what was mailed, recoveries of what was
//! mailed, improvements, and the first letter. What is said is `alert`'s.

use crate::model::event::{Event, EventKind};
use crate::model::mail::Notice;
use crate::model::{Code, IncidentKind, Time};

use super::incidents::severity;
use super::ledger::{Ledger, event};
use super::mailing::{Happens, Say, Why, follow};
use super::outlook::{muted, outlook};
use super::rounds::Applied;
use super::transition::{Standing, Step};

/// Decides for every incident that is open, or that ended in this pass.
pub(super) fn of_incidents(ledger: &mut Ledger<'_>, now: Time) {
    for id in ledger.ended_untold() {
        end(ledger, id);
    }
    for id in ledger.open_incidents() {
        raise(ledger, id, now);
        of_incident(ledger, id, now);
    }
}

/// Decides for one open incident.
pub(super) fn of_incident(ledger: &mut Ledger<'_>, id: i64, now: Time) {
    let Some(incident) = ledger.incident(id) else {
        return;
    };
    let (book, catalogue) = (&*ledger.book, ledger.catalogue);
    let quiet = muted(incident, book, catalogue, now);
    let happens = Happens::Open {
        decision: outlook(incident, book, catalogue, ledger.settings, now),
        changed: ledger.updated.contains(&id),
        quiet: matches!(quiet, Some(Why::Silenced | Why::Flapping)),
    };
    tell(ledger, id, happens);
}

/// Says what is to be said of an incident that is over.
pub(super) fn end(ledger: &mut Ledger<'_>, id: i64) {
    tell(ledger, id, Happens::Ended);
}

fn tell(ledger: &mut Ledger<'_>, id: i64, happens: Happens) {
    let Some(was) = ledger.incident(id).map(|i| i.mail) else {
        return;
    };
    let (mail, say) = follow(was, happens);
    let notice = match say {
        Say::Nothing => None,
        Say::Opening => Some(Notice::Opened { incident: id }),
        Say::Update => Some(Notice::Updated { incident: id }),
        Say::Recovery => Some(Notice::Recovered { incident: id }),
    };
    ledger.notices.extend(notice);
    ledger.edit_incident(id, |i| i.mail = mail);
}

/// Time alone may raise a severity (a maintenance that does not end).
fn raise(ledger: &mut Ledger<'_>, id: i64, now: Time) {
    let Some(incident) = ledger
        .incident(id)
        .filter(|i| i.kind == IncidentKind::Probe)
    else {
        return;
    };
    let (old, new) = (incident.severity, severity(incident, now));
    if new > old {
        ledger.edit_incident(id, |i| i.severity = new);
        ledger.updated.insert(id);
    }
}

/// Events of statuses, and improvements.
pub(super) fn of_statuses(ledger: &mut Ledger<'_>, applied: &[Applied]) {
    for round in applied {
        for (kind, text) in told(round) {
            let (from, to) = match kind {
                EventKind::NotConfirmed => (round.codes().0, suspected(round)),
                _ => round.codes(),
            };
            ledger.event(Event {
                probe: Some(round.key.0.clone()),
                vantage: Some(round.key.1.clone()),
                incident: (kind == EventKind::Changed)
                    .then(|| standing_in(ledger, round))
                    .flatten(),
                from,
                to,
                ..event(round.at, kind, text)
            });
        }
        improve(ledger, round);
    }
}

/// The incident whose course a round changes: the vantage takes part in it, and stays in it.
fn standing_in(ledger: &Ledger<'_>, round: &Applied) -> Option<i64> {
    let id = ledger.open_of(&round.key.0)?;
    let part = ledger.incident(id)?.vantages.get(&round.key.1)?;
    let stays = part.back.is_none() && round.standing() == Some(Standing::Bad);
    stays.then_some(id)
}

/// What was seen and did not hold.
fn suspected(round: &Applied) -> Option<Code> {
    round.after.as_ref().and_then(|status| status.suspected)
}

/// What a round tells of, without incidents.
fn told(round: &Applied) -> Vec<(EventKind, String)> {
    let Some(after) = &round.after else {
        return Vec::new();
    };
    let (from, to) = round.codes();
    let kind = match round.step {
        Step::FirstSight | Step::FirstRestricted => Some(EventKind::FirstSeen),
        Step::Suspect => Some(EventKind::NotConfirmed),
        Step::Note | Step::Lapse => Some(EventKind::Changed),
        Step::Stay if from != to => Some(EventKind::Changed),
        Step::Restore => Some(EventKind::Restored),
        Step::Improve | Step::RecoverBeyond => Some(EventKind::Improved),
        _ => None,
    };
    let name = format!("{} from {}", round.key.0, round.key.1);
    let text = match (kind, after.suspected) {
        (Some(EventKind::NotConfirmed), Some(code)) => format!("{name}: {code} was not confirmed"),
        _ => format!("{name}: {}", super::incidents::sentence(after)),
    };
    let flapped = round.before.as_ref().is_some_and(|s| s.flapping);
    let flap = match (flapped, after.flapping) {
        (false, true) => Some((EventKind::Flapping, format!("{name} keeps changing"))),
        (true, false) => Some((EventKind::Steady, format!("{name} is steady again"))),
        _ => None,
    };
    kind.map(|kind| (kind, text))
        .into_iter()
        .chain(flap)
        .collect()
}

/// An improvement over the baseline is mailed, but for changes of looks, flapping, and probes whose
/// markers were never confirmed.
fn improve(ledger: &mut Ledger<'_>, round: &Applied) {
    let (Some(before), Some(after)) = (&round.before, &round.after) else {
        return;
    };
    let unconfirmed = ledger.probe(&round.key.0).is_some_and(|p| p.provisional) && !before.was_ok;
    let from = match round.step {
        Step::Improve => before.observed.code,
        Step::RecoverBeyond => before.baseline.unwrap_or(before.observed.code),
        _ => return,
    };
    if from.severity() > Code::ContentChanged.severity() && !after.flapping && !unconfirmed {
        let (probe, vantage) = round.key.clone();
        ledger.notices.push(Notice::Improved {
            probe,
            vantage,
            from,
            to: after.observed.code,
        });
    }
}

/// The state of access today, once, after the first pass that settled something.
pub(super) fn first_letter(ledger: &mut Ledger<'_>) {
    if !ledger.book.first_letter && !ledger.book.statuses.is_empty() {
        ledger.book.first_letter = true;
        ledger.notices.push(Notice::FirstLetter);
    }
}
