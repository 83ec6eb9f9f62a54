//! One notice when a probe starts to flap. Its single changes are not mailed meanwhile; without
//! this notice that silence would look as if nothing happened.

use std::collections::BTreeSet;

use crate::model::mail::Notice;
use crate::model::{Code, ProbeKey, Status, Time};
use crate::track::compare::is_program_refusal;

use super::muting::is_provisional;
use super::state_transaction::{PairKey, StateTransaction};

/// The severity that is mailed at once (`docs/verdicts.md`, What is mailed).
const GRAVE: u8 = 3;

/// Requests a notice for each flapping probe that was not notified yet. When another vantage of the
/// probe already flaps, people know, and one more vantage is not news.
pub(super) fn update(transaction: &mut StateTransaction<'_>, now: Time) {
    let untold = |s: &&Status| s.flapping && s.flapping_notified.is_none();
    let fresh: Vec<PairKey> = transaction
        .tracker
        .statuses
        .values()
        .filter(untold)
        .filter(|s| is_worth_a_mail(transaction, s, now))
        .map(Status::key)
        .collect();
    if fresh.is_empty() {
        return; // The common case; this runs after every pass.
    }
    let known: BTreeSet<ProbeKey> = fresh
        .iter()
        .map(|(probe, _)| probe)
        .filter(|probe| {
            let mut others = transaction.tracker.statuses_of(probe);
            others.any(|s| s.flapping && s.flapping_notified.is_some())
        })
        .cloned()
        .collect();
    for key in fresh {
        transaction.edit_status(&key, |s| s.flapping_notified = Some(now));
        let (probe, vantage) = key;
        if !known.contains(&probe) {
            transaction
                .notices
                .push(Notice::Flapping { probe, vantage });
        }
    }
}

/// Whether single changes of the status would be mailed if it did not flap.
fn is_worth_a_mail(transaction: &StateTransaction<'_>, status: &Status, now: Time) -> bool {
    let key = &status.probe;
    let Some(probe) = transaction.probe(key).filter(|p| p.enabled) else {
        return false;
    };
    let parent_is_down = probe
        .depends_on
        .as_ref()
        .is_some_and(|parent| transaction.open_of(parent).is_some());
    let silenced = transaction
        .open_of(key)
        .and_then(|id| transaction.incident(id))
        .is_some_and(|i| i.is_silenced(now));
    worst(status).is_some_and(is_mailed)
        && status.folded_into.is_none()
        && transaction.tracker.is_usable(&status.vantage)
        && !parent_is_down
        && !silenced
        && !is_provisional(transaction.tracker, transaction.catalogue, key)
}

fn is_mailed(code: Code) -> bool {
    code.severity().is_some_and(|s| s >= GRAVE) && !is_program_refusal(code, None)
}

/// The worst of the states between which the status flaps, when it is worse than normal.
#[must_use]
pub fn worst(status: &Status) -> Option<Code> {
    let normal = status.baseline.map_or(Some(0), Code::severity);
    status
        .settled
        .iter()
        .copied()
        .filter(|code| code.severity() > normal)
        .max_by_key(|code| code.severity())
}
