//! Discriminators: which failures they are asked of, where, and what their answers say
//! (`docs/verdicts.md`, Discriminators). Everything is read from the stored record, so that it can be
//! judged again.
//!
//! * `suspect`: the host that failed, and the address that is in question
//! * `outcome`: passed or failed, and alike or not
//! * `told`: the rows, and what they prove

mod outcome;
mod suspect;
mod told;

pub use suspect::{Suspect, concerns, is_public};
pub use told::told;
pub(super) use told::{FORGED, forged, proof, rows};
