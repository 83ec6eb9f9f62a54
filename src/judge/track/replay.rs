//! Living through stored passes again: the same book, numbers included.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::slice;

use crate::model::book::Book;
use crate::model::event::{Event, PassOutcome};
use crate::model::round::Pass;
use crate::model::state::DoubtedRound;
use crate::model::{Catalogue, Incident, Settings, Time};

use super::deeds::Deed;
use super::pass::track;

/// What a replay comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replay {
    /// The book at the end.
    pub book: Book,
    /// Every incident there ever was in it, also those the book let go of; folded ones included.
    pub incidents: BTreeMap<i64, Incident>,
    /// Everything that was told of on the way.
    pub events: Vec<Event>,
    /// Every round whose code does not tell what readers get.
    pub doubted: Vec<DoubtedRound>,
}

impl Replay {
    fn of(book: Book) -> Self {
        Self {
            incidents: book.incidents.clone(),
            book,
            events: Vec::new(),
            doubted: Vec::new(),
        }
    }

    /// Goes through one more pass.
    pub fn step(&mut self, pass: &Pass, catalogue: &Catalogue, settings: &Settings) -> PassOutcome {
        let outcome = track(&mut self.book, pass, catalogue, settings);
        self.keep(&outcome);
        outcome
    }

    /// Goes through what people did up to a time.
    fn live_through(
        &mut self,
        deeds: &mut Peekable<slice::Iter<'_, Deed>>,
        until: Option<Time>,
        catalogue: &Catalogue,
        settings: &Settings,
    ) {
        while let Some(deed) = deeds.next_if(|d| until.is_none_or(|until| d.at() < until)) {
            // What finds nothing to act on any more is let go: the rules have changed.
            if let Ok(outcome) = deed.apply(&mut self.book, catalogue, settings) {
                self.keep(&outcome);
            }
        }
    }

    fn keep(&mut self, outcome: &PassOutcome) {
        let moved = outcome.incidents.iter().map(|i| (i.id, i.clone()));
        self.incidents.extend(moved);
        self.events.extend(outcome.events.iter().cloned());
        self.doubted.extend(outcome.doubted.iter().cloned());
    }
}

/// Goes through passes in the order given, from an empty book.
pub fn replay<'p>(
    passes: impl IntoIterator<Item = &'p Pass>,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Replay {
    replay_with(passes, &[], catalogue, settings)
}

/// As [`replay`], with what people did in between, each at its time (`deeds` in that order).
pub fn replay_with<'p>(
    passes: impl IntoIterator<Item = &'p Pass>,
    deeds: &[Deed],
    catalogue: &Catalogue,
    settings: &Settings,
) -> Replay {
    replay_from(Book::default(), passes, deeds, catalogue, settings)
}

/// As [`replay_with`], from the book as it stood before the first pass.
pub fn replay_from<'p>(
    book: Book,
    passes: impl IntoIterator<Item = &'p Pass>,
    deeds: &[Deed],
    catalogue: &Catalogue,
    settings: &Settings,
) -> Replay {
    let mut replay = Replay::of(book);
    let mut deeds = deeds.iter().peekable();
    for pass in passes {
        replay.live_through(&mut deeds, Some(pass.at), catalogue, settings);
        replay.step(pass, catalogue, settings);
    }
    replay.live_through(&mut deeds, None, catalogue, settings);
    replay
}

/// As [`replay_from`]; each pass is first handed to `mend` with the book as it stands then, as a living
/// pass looks at its rounds as a whole before it is written.
pub fn replay_mending(
    book: Book,
    passes: &mut [Pass],
    deeds: &[Deed],
    (catalogue, settings): (&Catalogue, &Settings),
    mut mend: impl FnMut(&Book, &mut Pass),
) -> Replay {
    let mut replay = Replay::of(book);
    let mut deeds = deeds.iter().peekable();
    for pass in passes {
        replay.live_through(&mut deeds, Some(pass.at), catalogue, settings);
        mend(&replay.book, pass);
        replay.step(pass, catalogue, settings);
    }
    replay.live_through(&mut deeds, None, catalogue, settings);
    replay
}
