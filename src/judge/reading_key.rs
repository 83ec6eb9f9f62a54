//! The key of a reading: a hash of everything that the reading of a proven page depends on. A page
//! with the key of the last reading of its probe is not read again.
//!
//! The verdict is not taken over. It is decided anew, with the history, the calendars and the time.

use std::fmt::{self, Write};

use sha2::{Digest as _, Sha256};

use super::plan::ProbePlan;
use super::value::date;
use super::value::plan::ValuePlan;
use crate::model::measurement::{Request, Response};
use crate::model::signature::SignatureRow;
use crate::model::{Measurement, Probe};

/// The program that reads: its version, and the hash of the sources that reading is made of.
const PROGRAM: &str = concat!(
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("ACCESSWATCH_READING_SOURCES")
);

/// The headers that the reading of a proven page depends on, besides those that the probe names:
/// the others are only searched for signatures of pages that are not proven.
const HEADERS: [&str; 4] = [
    "content-type",
    "content-length",
    "content-encoding",
    "location",
];

/// What all probes have in common: the program, the signatures, and the placeholders.
pub(super) fn of_rules(signatures: &[SignatureRow], placeholders: &[String]) -> [u8; 32] {
    let mut key = KeyHasher::default();
    key.text(PROGRAM);
    key.debug(&signatures);
    key.debug(&placeholders);
    key.end()
}

/// The key of the reading of a measurement that this process made; `None` when its reading rests on
/// more than the last answer, or when the answer did not come whole.
pub(super) fn of_answer(
    m: &Measurement,
    probe: &Probe,
    plan: &ProbePlan,
    rules: &[u8; 32],
) -> Option<[u8; 32]> {
    let extra = m.extra().filter(|extra| extra.references.is_empty())?;
    let last = m.last_request()?;
    let response = &last.response;
    let is_whole = last.failure.is_none()
        && !response.body_is_truncated
        && !response.body.0.is_empty()
        && plan.has_page_markers();
    let body = extra.body_sha256.as_deref().filter(|_| is_whole)?;
    let mut key = KeyHasher::default();
    key.0.update(rules);
    key.debug(probe);
    key.text(&m.input);
    key.text(&m.test_name);
    key.text(body);
    key.number(response.body.0.len() as u64);
    key.number(extra.body_bytes);
    if plan.asks_day() {
        key.debug(&date::local(m.started()).date());
    }
    for request in &m.test_keys.requests {
        key.hop(request);
    }
    let named = plan.values.iter().filter_map(ValuePlan::header);
    for name in HEADERS.into_iter().chain(named) {
        key.header(response, name);
    }
    Some(key.end())
}

/// A hash of parts; each part is separated from the next.
#[derive(Default)]
struct KeyHasher(Sha256);

impl KeyHasher {
    fn number(&mut self, number: u64) {
        self.0.update(number.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.update(text);
    }

    /// A value by all of its fields.
    fn debug(&mut self, value: &impl fmt::Debug) {
        // Writing to a hash does not fail.
        let _ = write!(self, "{value:?}");
        self.0.update([0]);
    }

    /// One request of the chain and how it was answered.
    fn hop(&mut self, request: &Request) {
        self.text(&request.request.url);
        self.text(&request.request.method);
        self.number(u64::from(request.response.code));
        self.debug(&request.tags);
        self.debug(&request.failure);
        self.header(&request.response, "location");
    }

    fn header(&mut self, response: &Response, name: &str) {
        self.text(name);
        for value in response.headers(name) {
            self.text(value);
        }
        self.0.update([0]);
    }

    fn end(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl Write for KeyHasher {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text);
        Ok(())
    }
}
