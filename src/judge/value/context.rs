//! The context for judging a value: the other values of its answer, earlier good values, calendars,
//! the time.

use std::collections::BTreeMap;

use super::extract::{ExtractedValue, Extraction};
use crate::model::Time;
use crate::model::page::{History, PastValue};
use crate::model::probe::ValueSpec;
use crate::schedule::calendar::Calendars;

/// How many of the newest good values make a range.
const NEWEST: usize = 30;

/// What a value is compared with, apart from its own limits.
#[derive(Clone, Copy)]
pub(in crate::judge) struct ValueContext<'a> {
    /// All values of the same answer.
    pub taken: &'a BTreeMap<String, Extraction>,
    pub told: &'a BTreeMap<String, ExtractedValue>,
    /// The probe's definitions of all values.
    pub specs: &'a [ValueSpec],
    /// The earlier good values.
    pub history: &'a History,
    pub calendars: &'a Calendars,
    pub now: Time,
}

/// The least and the most of some earlier good values.
#[derive(Debug, Clone, Copy)]
pub(super) struct PastRange {
    pub least: f64,
    pub most: f64,
}

impl<'a> ValueContext<'a> {
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

    /// The earlier good values of this name, oldest first.
    pub(super) fn past(&self, name: &str) -> &'a [PastValue] {
        self.history.get(name).map_or(&[][..], Vec::as_slice)
    }
}
