//! The earlier good values of a probe, and the time of the answer that is compared with them.

use crate::model::Time;
use crate::model::page::{History, PastValue};

/// How many of the newest good values make a range.
const NEWEST: usize = 30;
/// How many of all good values that are kept, those of some weeks, are the first ones.
const FIRST: usize = 8;

/// The earlier good answers.
#[derive(Clone, Copy)]
pub(super) struct PastAnswers<'a> {
    pub history: &'a History,
    pub now: Time,
}

/// The least and the most of some earlier good values.
#[derive(Debug, Clone, Copy)]
pub(super) struct PastRange {
    pub least: f64,
    pub most: f64,
}

impl<'a> PastAnswers<'a> {
    /// The least and the most of the newest good values of this name.
    pub(super) fn range(&self, name: &str) -> Option<PastRange> {
        let newest = self.past(name).iter().rev().take(NEWEST);
        let mut figures = newest.filter_map(|past| past.value.number());
        let first = figures.next()?;
        let (least, most) = figures.fold((first, first), |(least, most), x| {
            (f64::min(least, x), f64::max(most, x))
        });
        Some(PastRange { least, most })
    }

    /// The least and the most of the first good values that are kept. A loss that comes little by
    /// little moves the range of the last answers along with it.
    pub(super) fn first_range(&self, name: &str) -> Option<PastRange> {
        let past = self.past(name);
        let figures = past.iter().filter_map(|past| past.value.number());
        let figures: Vec<f64> = figures.collect();
        let first = figures
            .get(..FIRST)
            .filter(|_| figures.len() >= 2 * FIRST)?;
        let least = first.iter().copied().fold(f64::INFINITY, f64::min);
        let most = first.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Some(PastRange { least, most })
    }

    /// The earlier good values of this name, oldest first.
    pub(super) fn past(&self, name: &str) -> &'a [PastValue] {
        self.history.get(name).map_or(&[][..], Vec::as_slice)
    }
}
