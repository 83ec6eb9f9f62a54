//! Whether a record is well formed, more strictly than it is read: what `judge --strict` tells.
//!
//! Reading is lenient, since a verdict can rest on half a record; OONI's own reader checks shapes alone. Here
//! every value is held against ooni/spec (df-000 to df-007) and `docs/data-dictionary.md`.
//!
//! * `found`: where one is in a record, and the faults found so far
//! * `record`: the top level and our own keys
//! * `steps`: look-ups, connects, handshakes and requests
//! * `words`: the values that ooni/spec enumerates

mod found;
mod record;
mod steps;
mod words;

pub use found::FormatViolation;
pub use record::faults;
