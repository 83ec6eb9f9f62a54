//! What a pass requests mails for: openings that are due, updates and recoveries of mailed
//! incidents, improvements, and the initial report. `alert` writes the mails.

use crate::model::event::{Event, EventKind};
use crate::model::mail::Notice;
use crate::model::{Code, IncidentKind, Time};

use super::alert_policy::{AlertReason, FollowUp, IncidentProgress, follow};
use super::incidents::severity;
use super::muting::{expected_end, muted};
use super::rounds::AppliedRound;
use super::state_transaction::{StateTransaction, event};
use super::transition::{BaselineComparison, StatusTransition};

/// Decides on the mails of every incident that is open or ended in this pass.
pub(super) fn of_incidents(transaction: &mut StateTransaction<'_>, now: Time) {
    for id in transaction.ended_and_undecided() {
        end(transaction, id);
    }
    for id in transaction.open_incidents() {
        raise_severity(transaction, id, now);
        of_incident(transaction, id, now);
    }
}

/// Decides on the mail of one open incident.
pub(super) fn of_incident(transaction: &mut StateTransaction<'_>, id: i64, now: Time) {
    let Some(incident) = transaction.incident(id) else {
        return;
    };
    let (tracker, catalogue) = (&*transaction.tracker, transaction.catalogue);
    let quiet = muted(incident, tracker, catalogue, now);
    let happens = IncidentProgress::Open {
        decision: expected_end(incident, tracker, catalogue, transaction.settings, now),
        changed: transaction.updated.contains(&id),
        quiet: matches!(quiet, Some(AlertReason::Silenced | AlertReason::Flapping)),
    };
    follow_up(transaction, id, happens);
}

/// Requests the last mail of an incident that is over.
pub(super) fn end(transaction: &mut StateTransaction<'_>, id: i64) {
    follow_up(transaction, id, IncidentProgress::Ended);
}

fn follow_up(transaction: &mut StateTransaction<'_>, id: i64, happens: IncidentProgress) {
    let Some(was) = transaction.incident(id).map(|i| i.mail) else {
        return;
    };
    let (mail, say) = follow(was, happens);
    let notice = match say {
        FollowUp::Nothing => None,
        FollowUp::Opening => Some(Notice::Opened { incident: id }),
        FollowUp::Update => Some(Notice::Updated { incident: id }),
        FollowUp::Recovery => Some(Notice::Recovered { incident: id }),
    };
    transaction.notices.extend(notice);
    transaction.edit_incident(id, |i| i.mail = mail);
}

/// Raises the severity of an incident that time alone makes worse (a long maintenance).
fn raise_severity(transaction: &mut StateTransaction<'_>, id: i64, now: Time) {
    let Some(incident) = transaction
        .incident(id)
        .filter(|i| i.kind == IncidentKind::Probe)
    else {
        return;
    };
    let (old, new) = (incident.severity, severity(incident, now));
    if new > old {
        transaction.edit_incident(id, |i| i.severity = new);
        transaction.updated.insert(id);
    }
}

/// Records the events of statuses, and requests the mails on improvements.
pub(super) fn of_statuses(transaction: &mut StateTransaction<'_>, applied: &[AppliedRound]) {
    for round in applied {
        for (kind, text) in events_without_incident(round) {
            let (from, to) = match kind {
                EventKind::NotConfirmed => (round.codes().0, suspected(round)),
                _ => round.codes(),
            };
            transaction.event(Event {
                probe: Some(round.key.0.clone()),
                vantage: Some(round.key.1.clone()),
                incident: (kind == EventKind::Changed)
                    .then(|| incident_changed_by(transaction, round))
                    .flatten(),
                from,
                to,
                ..event(round.at, kind, text)
            });
        }
        improve(transaction, round);
    }
}

/// The incident that a round changes, where the vantage takes part in that incident and stays in
/// it.
fn incident_changed_by(transaction: &StateTransaction<'_>, round: &AppliedRound) -> Option<i64> {
    let id = transaction.open_of(&round.key.0)?;
    let part = transaction.incident(id)?.vantages.get(&round.key.1)?;
    let stays = part.back.is_none() && round.standing() == Some(BaselineComparison::Bad);
    stays.then_some(id)
}

/// The code that the round suspected and did not confirm.
fn suspected(round: &AppliedRound) -> Option<Code> {
    round.after.as_ref().and_then(|status| status.suspected)
}

/// The events of a round about its status. Openings and ends of incidents are recorded elsewhere.
fn events_without_incident(round: &AppliedRound) -> Vec<(EventKind, String)> {
    let Some(after) = &round.after else {
        return Vec::new();
    };
    let (from, to) = round.codes();
    let kind = match round.step {
        StatusTransition::FirstSight | StatusTransition::FirstRestricted => {
            Some(EventKind::FirstSeen)
        }
        StatusTransition::Suspect => Some(EventKind::NotConfirmed),
        StatusTransition::Note | StatusTransition::Lapse => Some(EventKind::Changed),
        StatusTransition::Stay if from != to => Some(EventKind::Changed),
        StatusTransition::Restore => Some(EventKind::Restored),
        StatusTransition::Improve | StatusTransition::RecoverBeyond => Some(EventKind::Improved),
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

/// Requests a mail on an improvement over the baseline, except from a severity as low as that of
/// `content.changed`, while the status flaps, and for probes whose markers were never confirmed.
fn improve(transaction: &mut StateTransaction<'_>, round: &AppliedRound) {
    let (Some(before), Some(after)) = (&round.before, &round.after) else {
        return;
    };
    let unconfirmed = transaction
        .probe(&round.key.0)
        .is_some_and(|p| p.provisional)
        && !before.was_ok;
    let from = match round.step {
        StatusTransition::Improve => before.observed.code,
        StatusTransition::RecoverBeyond => before.baseline.unwrap_or(before.observed.code),
        _ => return,
    };
    if from.severity() > Code::ContentChanged.severity() && !after.flapping && !unconfirmed {
        let (probe, vantage) = round.key.clone();
        transaction.notices.push(Notice::Improved {
            probe,
            vantage,
            from,
            to: after.observed.code,
        });
    }
}

/// Requests the initial report once, after the first pass that settled something.
pub(super) fn initial_report(transaction: &mut StateTransaction<'_>) {
    if !transaction.tracker.initial_report && !transaction.tracker.statuses.is_empty() {
        transaction.tracker.initial_report = true;
        transaction.notices.push(Notice::FirstLetter);
    }
}
