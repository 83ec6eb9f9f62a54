//! The one note of a probe that began to go back and forth. While it does, its single changes are not
//! mailed; without this note that silence would look like nothing having happened.

use std::collections::BTreeSet;

use crate::judge::compare::is_program_refusal;
use crate::model::mail::Notice;
use crate::model::{Code, ProbeKey, Status, Time};

use super::ledger::{Key, Ledger};
use super::outlook::is_provisional;

/// What is mailed at once (`docs/verdicts.md`, What is mailed).
const GRAVE: u8 = 3;

/// Asks for a note of each probe that flaps and was not told of. Another vantage of it that flaps already
/// was told of; one more is no news.
pub(super) fn take(ledger: &mut Ledger<'_>, now: Time) {
    let untold = |s: &&Status| s.flapping && s.flapping_told.is_none();
    let fresh: Vec<Key> = ledger
        .book
        .statuses
        .values()
        .filter(untold)
        .filter(|s| is_worth_a_mail(ledger, s, now))
        .map(Status::key)
        .collect();
    if fresh.is_empty() {
        return; // The common case, and this runs after every pass.
    }
    let known: BTreeSet<ProbeKey> = fresh
        .iter()
        .map(|(probe, _)| probe)
        .filter(|probe| {
            let mut others = ledger.book.statuses_of(probe);
            others.any(|s| s.flapping && s.flapping_told.is_some())
        })
        .cloned()
        .collect();
    for key in fresh {
        ledger.edit_status(&key, |s| s.flapping_told = Some(now));
        let (probe, vantage) = key;
        if !known.contains(&probe) {
            ledger.notices.push(Notice::Flapping { probe, vantage });
        }
    }
}

/// Its changes would be mailed, were they not so many.
fn is_worth_a_mail(ledger: &Ledger<'_>, status: &Status, now: Time) -> bool {
    let key = &status.probe;
    let Some(probe) = ledger.probe(key).filter(|p| p.enabled) else {
        return false;
    };
    let parent_is_down = probe
        .depends_on
        .as_ref()
        .is_some_and(|parent| ledger.open_of(parent).is_some());
    let silenced = ledger
        .open_of(key)
        .and_then(|id| ledger.incident(id))
        .is_some_and(|i| i.is_silenced(now));
    worst(status).is_some_and(is_mailed)
        && status.folded_into.is_none()
        && ledger.book.is_usable(&status.vantage)
        && !parent_is_down
        && !silenced
        && !is_provisional(ledger.book, ledger.catalogue, key)
}

fn is_mailed(code: Code) -> bool {
    code.severity().is_some_and(|s| s >= GRAVE) && !is_program_refusal(code, None)
}

/// The gravest of the states that it goes back and forth between, when it is worse than normal.
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
