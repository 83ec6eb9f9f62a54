//! What readers get from all sources, in one line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::config::Workspace;
use crate::model::incident::HumanCheck;
use crate::model::state::State;
use crate::model::tracker_state::TrackerState;
use crate::model::{ProbeKey, Time};
use crate::store::NewestRounds;
use crate::track::state;
use crate::track::state::{PairState, StateInput};

/// The input of the states, as it is at `now`.
#[must_use]
pub fn known<'a>(
    workspace: &'a Workspace,
    tracker: &'a TrackerState,
    rounds: &'a NewestRounds,
    observations: &'a [(ProbeKey, HumanCheck)],
    now: Time,
) -> StateInput<'a> {
    StateInput {
        tracker,
        catalogue: &workspace.catalogue,
        settings: &workspace.settings,
        rounds,
        observations,
        as_of: now,
    }
}

/// `sources for readers: 12 open, 1 gives less, 2 closed, 3 not known`.
#[must_use]
pub fn count_sources(known: &StateInput<'_>, pairs: &[PairState<'_>]) -> String {
    let mut counts: BTreeMap<State, usize> = BTreeMap::new();
    let mut usual = 0_u64;
    for source in known.catalogue.sources.values() {
        let own = pairs.iter().filter(|p| p.probe.source == source.id);
        let found = state::source(known, source, &own.collect::<Vec<_>>());
        if let Some(state) = found.state {
            *counts.entry(state).or_default() += 1;
            usual += u64::from(found.usual);
        }
    }
    let of = |state: State| counts.get(&state).copied().unwrap_or(0);
    let less = match of(State::Less) {
        1 => "1 gives less".to_owned(),
        n => format!("{n} give less"),
    };
    let mut text = format!(
        "sources for readers: {} open, {less}, {} closed, {} not known",
        of(State::Open),
        of(State::Closed),
        of(State::Unknown)
    );
    if usual > 0 {
        let _ = write!(text, "; {usual} of them restricted as is normal here");
    }
    text
}
