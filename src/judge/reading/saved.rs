//! The reading of a healthy page in the form in which it is kept, for an answer that is the same
//! byte for byte ([`crate::judge::reading_key`]).

use serde::{Deserialize, Serialize};

use super::{PAGE_SERIES, Reading};
use crate::judge::exact;
use crate::judge::page_diagnosis::PageDiagnosis;
use crate::model::measurement::CharsetFacts;
use crate::model::page::Value;

/// A longer one is not kept.
const MAX_BYTES: usize = 64 << 10;

/// A reading without what follows from its parts.
#[derive(Serialize, Deserialize)]
struct SavedReading<R> {
    title: Option<String>,
    charset: Option<CharsetFacts>,
    /// The figures of the whole page.
    #[serde(with = "exact::named_values")]
    of_page: Vec<(String, Value)>,
    reading: R,
}

impl Reading {
    /// The reading as it is kept. `None` for one that rests on more than the answer and the probe
    /// (a comparison, a known page, the hour), and for a page that is not proven to be the right
    /// one.
    pub(in crate::judge) fn saved(&self) -> Option<Vec<u8>> {
        let rests_on_the_hour = || self.extracted.values().any(|value| value.asks_hour);
        let is_plain = self.is_proven()
            && self.has_page_markers
            && self.hits.is_empty()
            && self.similarities.is_empty()
            && self.diagnosis == PageDiagnosis::default();
        if !is_plain || rests_on_the_hour() {
            return None;
        }
        let of_page = PAGE_SERIES.iter().filter_map(|name| {
            let value = self.facts.values.get(*name)?;
            Some(((*name).to_owned(), value.clone()))
        });
        let saved = SavedReading {
            title: self.facts.title.clone(),
            charset: self.facts.charset.clone(),
            of_page: of_page.collect(),
            reading: self,
        };
        let bytes = serde_json::to_vec(&saved).ok()?;
        // A reading that does not survive being written is never taken over.
        let is_whole = || Self::from_saved(&bytes).as_ref() == Some(self);
        (bytes.len() <= MAX_BYTES && is_whole()).then_some(bytes)
    }

    /// The reading from its kept form; `None` for bytes of another form.
    pub(in crate::judge) fn from_saved(bytes: &[u8]) -> Option<Self> {
        let saved: SavedReading<Self> = serde_json::from_slice(bytes).ok()?;
        let mut reading = saved.reading;
        let taken = reading.extracted.iter();
        reading.taken = taken
            .map(|(name, value)| (name.clone(), value.taken.clone()))
            .collect();
        reading.facts = super::facts(&reading, saved.title, saved.charset);
        reading.facts.values.extend(saved.of_page);
        Some(reading)
    }
}
