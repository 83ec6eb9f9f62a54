//! Blindness: a level that nobody could look at for 14 days (challenge, gaps, robots, back-off) is
//! neither well nor ill, and people are told so, once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::model::event::{Event, EventKind};
use crate::model::mail::Notice;
use crate::model::{Level, Settings, SourceId, Status, Time, VantageId};

use super::state_transaction::{PairKey, StateTransaction, event};

/// Unobserved for so long, a level is blind.
pub const AFTER: TimeDelta = TimeDelta::days(14);

/// Since when the level behind a status went unobserved; rounds that were never made count too.
#[must_use]
pub fn unobserved_since(status: &Status) -> Time {
    status.no_data_since.unwrap_or(status.last_checked)
}

/// Whether a status is blind at `now`.
#[must_use]
pub fn is_without_data(status: &Status, now: Time) -> bool {
    now - unobserved_since(status) >= AFTER
}

/// Tells of levels that became blind: those of which no probe is seen from anywhere.
pub(super) fn update(transaction: &mut StateTransaction<'_>, now: Time) {
    let untold = |s: &Status| s.no_data_notified.is_none() && is_without_data(s, now);
    if !transaction.tracker.statuses.values().any(untold) {
        return; // The common case, and this runs after every pass.
    }
    let mut seen: BTreeSet<(&SourceId, Level)> = BTreeSet::new();
    let mut blind: BTreeMap<(&SourceId, Level), Vec<PairKey>> = BTreeMap::new();
    for status in transaction.tracker.statuses.values() {
        let Some(probe) = watched(transaction, status) else {
            continue;
        };
        let level = (&status.probe.source, probe.level);
        if !is_without_data(status, now) {
            seen.insert(level);
        } else if status.no_data_notified.is_none() {
            blind.entry(level).or_default().push(status.key());
        }
    }
    let fresh: Vec<Vec<PairKey>> = blind
        .into_iter()
        .filter(|(level, _)| !seen.contains(level))
        .map(|(_, keys)| keys)
        .collect();
    for keys in fresh {
        tell(transaction, &keys, now);
    }
}

/// The probe of a status, while it is switched on and made from that vantage.
fn watched<'a>(
    transaction: &StateTransaction<'a>,
    status: &Status,
) -> Option<&'a crate::model::Probe> {
    let configured = |settings: &Settings| {
        settings
            .vantages
            .iter()
            .any(|vantage| vantage.id == status.vantage)
    };
    transaction
        .probe(&status.probe)
        .filter(|p| p.enabled && p.runs_from(&status.vantage) && configured(transaction.settings))
}

/// A notice for the level from each vantage, by its first probe there; every one of them is marked as told.
fn tell(transaction: &mut StateTransaction<'_>, keys: &[PairKey], now: Time) {
    let mut named: BTreeSet<&VantageId> = BTreeSet::new();
    for key in keys {
        let Some(since) = transaction.status(key).map(unobserved_since) else {
            continue;
        };
        transaction.edit_status(key, |s| {
            s.no_data_notified = Some(now);
            s.no_data_since = Some(since);
        });
        if !named.insert(&key.1) {
            continue;
        }
        let (probe, vantage) = key.clone();
        transaction.event(Event {
            probe: Some(probe.clone()),
            vantage: Some(vantage.clone()),
            ..event(
                now,
                EventKind::Blind,
                format!("{probe} was not observed from {vantage} for 14 days"),
            )
        });
        transaction.notices.push(Notice::Blind {
            probe,
            vantage,
            since,
        });
    }
}
