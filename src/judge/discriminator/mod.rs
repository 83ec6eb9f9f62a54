//! Discriminators: which failures they apply to, which addresses they ask, and what the answers
//! mean (`docs/verdicts.md`, Discriminators). Everything is read from the stored record, so that it
//! can be rejudged.
//!
//! * `suspect_host`: the host that failed, and the address in question
//! * `outcome`: passed or failed, and in the same way or not
//! * `attribution`: the rows, and what they prove

mod attribution;
mod outcome;
mod suspect_host;

pub use attribution::attribution;
pub(super) use attribution::{FORGED, forged, proven_cause, statement_rows};
pub use suspect_host::{SuspectHost, concerns, is_public};
