//! How far a reader gets from each vantage: from the home page through the search and the abstract
//! to the full text.

use std::collections::BTreeSet;

use super::state::PairState;
use crate::model::state::State;
use crate::model::{Code, Level, Probe, ProbeKey, Time, VantageId};

/// The levels of a ladder, lowest first.
pub const RUNGS: [Level; 4] = [Level::Home, Level::Search, Level::Abstract, Level::Fulltext];

/// How far a reader gets at one kind of record.
#[derive(Debug, Clone)]
pub struct Ladder<'a> {
    /// The probe that the kind of record is named after; `None` for a source without such a probe.
    pub record: Option<&'a Probe>,
    pub columns: Vec<LadderColumn>,
}

/// One vantage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderColumn {
    pub vantage: VantageId,
    /// In the order of [`RUNGS`].
    pub rungs: [Rung; 4],
}

/// One level from one vantage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rung {
    /// No probe watches it.
    #[default]
    NotWatched,
    Seen {
        state: State,
        /// Since when it has this state.
        since: Option<Time>,
        /// Our own end does not work.
        own_end: bool,
    },
}

impl Rung {
    /// Its state, where it is watched.
    #[must_use]
    pub fn state(self) -> Option<State> {
        match self {
            Self::NotWatched => None,
            Self::Seen { state, .. } => Some(state),
        }
    }

    /// The worse of two rungs; a rung that is not watched does not count.
    fn worse(self, other: Self) -> Self {
        match (self.state(), other.state()) {
            (None, _) => other,
            (Some(own), Some(others)) if badness(others) > badness(own) => other,
            (Some(_), _) => self,
        }
    }
}

/// A known loss counts before an unknown state.
fn badness(state: State) -> u8 {
    match state {
        State::Open => 0,
        State::Unknown => 1,
        State::Less => 2,
        State::Closed => 3,
    }
}

impl Ladder<'_> {
    /// How many of all levels are watched from anywhere.
    #[must_use]
    pub fn watched(&self) -> usize {
        let is_watched = |at: &usize| {
            self.columns
                .iter()
                .any(|c| c.rungs[*at] != Rung::NotWatched)
        };
        (0..RUNGS.len()).filter(is_watched).count()
    }
}

/// The ladders of a source, over its pairs: one for each kind of record.
#[must_use]
pub fn ladders<'a>(pairs: &[&PairState<'a>]) -> Vec<Ladder<'a>> {
    let stands_on_it = |pair: &&&PairState<'a>| RUNGS.contains(&pair.probe.level);
    let own: Vec<&PairState<'a>> = pairs.iter().filter(stands_on_it).copied().collect();
    if own.is_empty() {
        return Vec::new();
    }
    let records = records(&own);
    let shared = |p: &&&PairState<'a>| matches!(p.probe.level, Level::Home | Level::Search);
    let kinds: Vec<Option<&'a Probe>> = match records.len() {
        0 => vec![None],
        _ => records.into_iter().map(Some).collect(),
    };
    kinds
        .into_iter()
        .map(|record| {
            let is_of = |p: &&&PairState<'a>| {
                shared(p) || record.is_some_and(|record| belongs(p.probe, record))
            };
            let of_record: Vec<&PairState<'a>> = own.iter().filter(is_of).copied().collect();
            ladder(record, &of_record)
        })
        .collect()
}

/// The probes that kinds of records are named after.
fn records<'a>(pairs: &[&PairState<'a>]) -> Vec<&'a Probe> {
    let mut seen: BTreeSet<ProbeKey> = BTreeSet::new();
    let probes = pairs.iter().map(|pair| pair.probe);
    let distinct: Vec<&Probe> = probes.filter(|probe| seen.insert(probe.key())).collect();
    let abstracts: BTreeSet<ProbeKey> = distinct
        .iter()
        .filter(|probe| probe.level == Level::Abstract)
        .map(|probe| probe.key())
        .collect();
    let stands_alone = |probe: &&&Probe| match probe.level {
        Level::Abstract => true,
        Level::Fulltext => !probe
            .depends_on
            .as_ref()
            .is_some_and(|key| abstracts.contains(key)),
        _ => false,
    };
    distinct.iter().filter(stands_alone).copied().collect()
}

/// A full text belongs to the record that it depends on.
fn belongs(probe: &Probe, record: &Probe) -> bool {
    let key = record.key();
    probe.key() == key || probe.level == Level::Fulltext && probe.depends_on == Some(key)
}

fn ladder<'a>(record: Option<&'a Probe>, pairs: &[&PairState<'a>]) -> Ladder<'a> {
    let vantages: BTreeSet<&VantageId> = pairs.iter().map(|pair| &pair.vantage).collect();
    let columns = vantages.into_iter().map(|vantage| {
        let mut rungs = [Rung::NotWatched; 4];
        for pair in pairs.iter().filter(|pair| pair.vantage == *vantage) {
            let (own, next) = spoken(pair);
            let at = position(pair.probe.level);
            rungs[at] = rungs[at].worse(own);
            if let Some(level) = pair.probe.next_level().filter(|l| RUNGS.contains(l)) {
                let at = position(level);
                rungs[at] = rungs[at].worse(next);
            }
        }
        LadderColumn {
            vantage: vantage.clone(),
            rungs,
        }
    });
    Ladder {
        record,
        columns: columns.collect(),
    }
}

fn position(level: Level) -> usize {
    RUNGS.iter().position(|l| *l == level).unwrap_or(0)
}

/// What a pair shows of its probe's own level, and of the next one.
fn spoken(pair: &PairState<'_>) -> (Rung, Rung) {
    let seen = |state: State| Rung::Seen {
        state,
        since: pair.since,
        own_end: pair.reason == Some(super::state::UnknownReason::OwnEnd),
    };
    let by_program = pair.reason.is_none();
    let code = pair.status.map(|s| s.observed.code).filter(|_| by_program);
    let (own, next) = match (code, pair.state) {
        (Some(Code::ContentWithdrawn), State::Less) => (State::Open, State::Closed),
        (Some(Code::ContentUnproven), State::Less) => (State::Open, State::Unknown),
        // The page is incomplete, so the link to the next level was not checked.
        (_, State::Less) => (State::Less, State::Unknown),
        (_, State::Open | State::Closed | State::Unknown) => (pair.state, pair.state),
    };
    (seen(own), seen(next))
}
