//! What a value is judged with: the other values of its answer, the good ones so far, the calendars, the time.

use std::collections::BTreeMap;

use super::extract::{ExtractedValue, Extraction};
use crate::model::Time;
use crate::model::page::{History, PastValue};
use crate::model::probe::ValueSpec;
use crate::schedule::calendar::Calendars;

/// What a value is held against beside its own limits.
#[derive(Clone, Copy)]
pub(in crate::judge) struct ValueContext<'a> {
    /// All values of the same answer.
    pub taken: &'a BTreeMap<String, Extraction>,
    pub told: &'a BTreeMap<String, ExtractedValue>,
    /// What the probe says of all of them.
    pub specs: &'a [ValueSpec],
    /// The good values so far.
    pub history: &'a History,
    pub calendars: &'a Calendars,
    pub now: Time,
}

impl<'a> ValueContext<'a> {
    /// The good values of this name, oldest first.
    pub(super) fn past(&self, name: &str) -> &'a [PastValue] {
        self.history.get(name).map_or(&[][..], Vec::as_slice)
    }
}
