//! Whether the passes that were due have been made.

use std::collections::{BTreeMap, BTreeSet};

use super::interval::{next_due, overdue_from};
use super::state::{PairState, StateInput};
use crate::model::{Probe, Time, VantageId};

/// The time since when a pass is overdue at `known.as_of`.
#[must_use]
pub fn overdue_since(known: &StateInput<'_>, pairs: &[PairState<'_>]) -> Option<Time> {
    overdue_passes(known, pairs, None).first().copied()
}

/// When the passes were due that are overdue at `known.as_of`, earliest first. A round from a
/// vantage that did not work counts as made. From a vantage that never measured, what was due after
/// `begun` counts, or nothing without it.
#[must_use]
pub fn overdue_passes(
    known: &StateInput<'_>,
    pairs: &[PairState<'_>],
    begun: Option<Time>,
) -> BTreeSet<Time> {
    let mut newest: BTreeMap<(Option<&str>, &VantageId), (&Probe, Time)> = BTreeMap::new();
    for pair in pairs {
        let Some(last) = last_made(known, pair).or(begun) else {
            continue;
        };
        let key = (pair.probe.schedule.as_deref(), &pair.vantage);
        let entry = newest.entry(key).or_insert((pair.probe, last));
        entry.1 = entry.1.max(last);
    }
    let overdue = newest.into_values().filter_map(|(probe, last)| {
        let due = next_due(Some(probe), known.settings, last)?;
        (known.as_of > overdue_from(known.settings, due)?).then_some(due)
    });
    overdue.collect()
}

fn last_made(known: &StateInput<'_>, pair: &PairState<'_>) -> Option<Time> {
    let vantage = known.tracker.vantages.get(&pair.vantage);
    pair.last_checked.max(vantage.map(|v| v.last_checked))
}
