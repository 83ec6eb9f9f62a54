//! What readers get today from all sources: the content of the first sentence of the pages and of
//! `status`.

use super::overdue_since;
use super::state::{self, PairState, SourceState, StateInput};
use crate::model::state::State;
use crate::model::tracker_state::TrackerState;
use crate::model::{Time, VantageId};

/// Watched sources by what readers get. Each is in one count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccessCounts {
    pub open: usize,
    /// Give less, and did not always.
    pub less: usize,
    /// Are closed, and were not always.
    pub closed: usize,
    pub unknown: usize,
    /// Give less or are closed, as for as long as they are watched.
    pub usual: usize,
}

impl AccessCounts {
    /// Every watched source.
    #[must_use]
    pub fn total(&self) -> usize {
        self.open + self.less + self.closed + self.unknown + self.usual
    }

    /// Takes a source into the counts; one that is not watched is in none.
    pub fn add(&mut self, source: &SourceState) {
        match source.state {
            None => {}
            Some(State::Open) => self.open += 1,
            Some(State::Unknown) => self.unknown += 1,
            Some(State::Less | State::Closed) if source.usual => self.usual += 1,
            Some(State::Less) => self.less += 1,
            Some(State::Closed) => self.closed += 1,
        }
    }

    /// Counts all sources of the catalogue.
    #[must_use]
    pub fn count(known: &StateInput<'_>, pairs: &[PairState<'_>]) -> Self {
        let mut counts = Self::default();
        for source in known.catalogue.sources.values() {
            let own: Vec<&PairState<'_>> = pairs
                .iter()
                .filter(|p| p.probe.source == source.id)
                .collect();
            counts.add(&state::source(known, source, &own));
        }
        counts
    }
}

/// The one sentence of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headline {
    NothingWatched,
    NothingChecked,
    /// No vantage works; before, it was so.
    OwnEndDown {
        vantages: usize,
        before: AccessCounts,
    },
    /// Passes stopped; when the newest was made, it was so.
    Stopped {
        since: Time,
        then: AccessCounts,
    },
    /// Nothing is known about any.
    AllUnknown {
        sources: usize,
    },
    AllOpen {
        sources: usize,
    },
    Mixed(AccessCounts),
}

impl Headline {
    /// The first that fits. `known.as_of` is the reader's clock, and `as_of` the time of the newest
    /// pass.
    #[must_use]
    pub fn choose(known: &StateInput<'_>, pairs: &[PairState<'_>], as_of: Option<Time>) -> Self {
        let counts = AccessCounts::count(known, pairs);
        if counts.total() == 0 {
            return Self::NothingWatched;
        }
        let Some(as_of) = as_of else {
            return Self::NothingChecked;
        };
        let used = vantages_in_use(known, pairs);
        if used.total > 0 && used.usable == 0 {
            return Self::OwnEndDown {
                vantages: used.total,
                before: without_own_end(known, as_of),
            };
        }
        let nothing_known = counts.unknown == counts.total();
        if nothing_known && overdue_since(known, pairs).is_some() {
            let then = StateInput { as_of, ..*known };
            return Self::Stopped {
                since: as_of,
                then: AccessCounts::count(&then, &state::pairs(&then)),
            };
        }
        match () {
            () if nothing_known => Self::AllUnknown {
                sources: counts.total(),
            },
            () if counts.open == counts.total() => Self::AllOpen {
                sources: counts.total(),
            },
            () => Self::Mixed(counts),
        }
    }
}

/// The vantages of the watched pairs, and how many of them work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsableVantages {
    pub usable: usize,
    pub total: usize,
}

/// Counts the vantages of the watched pairs.
#[must_use]
pub fn vantages_in_use(known: &StateInput<'_>, pairs: &[PairState<'_>]) -> UsableVantages {
    let mut all: Vec<&VantageId> = pairs.iter().map(|p| &p.vantage).collect();
    all.sort_unstable();
    all.dedup();
    let usable = all.iter().filter(|v| known.tracker.is_usable(v));
    UsableVantages {
        usable: usable.count(),
        total: all.len(),
    }
}

/// The counts as if our own end had not failed.
fn without_own_end(known: &StateInput<'_>, as_of: Time) -> AccessCounts {
    let mut tracker: TrackerState = known.tracker.clone();
    for vantage in tracker.vantages.values_mut() {
        vantage.usable = true;
    }
    for status in tracker.statuses.values_mut() {
        status.folded_into = None;
    }
    let before = StateInput {
        tracker: &tracker,
        as_of,
        ..*known
    };
    AccessCounts::count(&before, &state::pairs(&before))
}
