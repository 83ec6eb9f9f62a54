//! The context for judging a value: the other values of its answer, earlier good values, calendars,
//! the time.

use std::collections::BTreeMap;

use super::extract::{ExtractedValue, Extraction};
use super::past_answers::PastAnswers;
use crate::model::Time;
use crate::model::page::{History, PastValue};
use crate::model::probe::ValueSpec;
use crate::schedule::calendar::Calendars;

/// What a value is compared with, apart from its own limits.
#[derive(Clone, Copy)]
pub(in crate::judge) struct ValueContext<'a> {
    /// All values of the same answer.
    pub taken: &'a BTreeMap<String, Extraction>,
    /// The same values, with what was seen next to each.
    pub extracted: &'a BTreeMap<String, ExtractedValue>,
    /// The probe's definitions of all values.
    pub specs: &'a [ValueSpec],
    /// The earlier good values.
    pub history: &'a History,
    pub calendars: &'a Calendars,
    pub now: Time,
}

impl<'a> ValueContext<'a> {
    /// The earlier good answers alone.
    pub(super) fn answers(&self) -> PastAnswers<'a> {
        PastAnswers {
            history: self.history,
            now: self.now,
        }
    }

    /// The earlier good values of this name, oldest first.
    pub(super) fn past(&self, name: &str) -> &'a [PastValue] {
        self.answers().past(name)
    }
}
