//! No data: a level that could not be observed for 14 days (challenge, gaps, robots, back-off) is
//! neither healthy nor failing. People are notified of this once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::model::event::{Event, EventKind};
use crate::model::mail::Notice;
use crate::model::{Level, Settings, SourceId, Status, Time, VantageId};

use super::state_transaction::{PairKey, StateTransaction, event};

/// A level without an observation for this long has no data.
pub const AFTER: TimeDelta = TimeDelta::days(14);

/// Since when the level of a status was not observed; missed rounds count too.
#[must_use]
pub fn unobserved_since(status: &Status) -> Time {
    status.no_data_since.unwrap_or(status.last_checked)
}

/// Whether a status has no data at `now`.
#[must_use]
pub fn is_without_data(status: &Status, now: Time) -> bool {
    now - unobserved_since(status) >= AFTER
}

/// Requests notices for levels without data: no probe of the level is observed from any vantage.
pub(super) fn update(transaction: &mut StateTransaction<'_>, now: Time) {
    let untold = |s: &Status| s.no_data_notified.is_none() && is_without_data(s, now);
    if !transaction.tracker.statuses.values().any(untold) {
        return; // The common case; this runs after every pass.
    }
    let mut seen: BTreeSet<(&SourceId, Level)> = BTreeSet::new();
    let mut unobserved: BTreeMap<(&SourceId, Level), Vec<PairKey>> = BTreeMap::new();
    for status in transaction.tracker.statuses.values() {
        let Some(probe) = watched(transaction, status) else {
            continue;
        };
        let level = (&status.probe.source, probe.level);
        if !is_without_data(status, now) {
            seen.insert(level);
        } else if status.no_data_notified.is_none() {
            unobserved.entry(level).or_default().push(status.key());
        }
    }
    let fresh: Vec<Vec<PairKey>> = unobserved
        .into_iter()
        .filter(|(level, _)| !seen.contains(level))
        .map(|(_, keys)| keys)
        .collect();
    for keys in fresh {
        tell(transaction, &keys, now);
    }
}

/// The probe of a status, if it is switched on and runs from that vantage.
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

/// Requests one notice per vantage for the level, by its first probe there, and marks all of them
/// as notified.
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
                EventKind::NoData,
                format!("{probe} was not observed from {vantage} for 14 days"),
            )
        });
        transaction.notices.push(Notice::NoData {
            probe,
            vantage,
            since,
        });
    }
}
