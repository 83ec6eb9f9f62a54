//! Living through stored passes again: the same book, numbers included.

use std::collections::BTreeMap;

use crate::model::book::Book;
use crate::model::event::PassOutcome;
use crate::model::round::Pass;
use crate::model::{Catalogue, Incident, Settings};

use super::pass::track;

/// What a replay comes to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Replay {
    /// The book at the end.
    pub book: Book,
    /// Every incident there ever was in it, also those the book let go of; folded ones included.
    pub incidents: BTreeMap<i64, Incident>,
}

impl Replay {
    /// Goes through one more pass.
    pub fn step(&mut self, pass: &Pass, catalogue: &Catalogue, settings: &Settings) -> PassOutcome {
        let outcome = track(&mut self.book, pass, catalogue, settings);
        let moved = outcome.incidents.iter().map(|i| (i.id, i.clone()));
        self.incidents.extend(moved);
        outcome
    }
}

/// Goes through passes in the order given, from an empty book.
pub fn replay<'p>(
    passes: impl IntoIterator<Item = &'p Pass>,
    catalogue: &Catalogue,
    settings: &Settings,
) -> Replay {
    let mut replay = Replay::default();
    for pass in passes {
        replay.step(pass, catalogue, settings);
    }
    replay
}
