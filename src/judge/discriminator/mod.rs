//! Discriminators: which failures they are asked of, where, and what their answers say
//! (`docs/verdicts.md`, Discriminators). Everything is read from the stored record, so that it can be
//! judged again.
//!
//! * `suspect_host`: the host that failed, and the address that is in question
//! * `outcome`: passed or failed, and alike or not
//! * `attribution`: the rows, and what they prove

mod attribution;
mod outcome;
mod suspect_host;

pub use attribution::attribution;
pub(super) use attribution::{FORGED, forged, proven_cause, statement_rows};
pub use suspect_host::{SuspectHost, concerns, is_public};
