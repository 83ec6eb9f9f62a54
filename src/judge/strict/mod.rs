//! Whether a record is well formed, more strictly than for reading: the output of `judge --strict`.
//!
//! Reading is lenient, because a verdict can rest on half a record, and OONI's own reader only
//! checks shapes. Here every value is checked against ooni/spec (df-000 to df-007) and
//! `docs/data-dictionary.md`.
//!
//! * `found`: a place in a record, and the violations so far
//! * `record`: the top level and our own keys
//! * `steps`: lookups, connects, handshakes and requests
//! * `words`: the values that ooni/spec enumerates

mod found;
mod record;
mod steps;
mod words;

pub use found::FormatViolation;
pub use record::faults;
