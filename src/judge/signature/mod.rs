//! Known pages, from the rows of `probes/signatures/*.csv` (`docs/verdicts.md`, Signatures).
//!
//! * [`field`]: thousands of patterns over one text in one pass; [`literal`]: when an expression
//!   can be skipped
//! * [`set`]: all rows, sorted into fields; what matches a page
//! * [`weigh`]: whether a match counts, and for how much

mod field;
mod found;
mod literal;
mod set;
mod weigh;

pub(super) use found::AnswerFacts;
pub use found::Hit;
pub(super) use set::Signatures;
