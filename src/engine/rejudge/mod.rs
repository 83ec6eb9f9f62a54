//! The past, derived again from the stored measurements: what `rejudge` shows and writes, what `ingest` writes
//! after records that may be late, and what a killed process left underived.
//!
//! * `records`: every stored record in order, judged again or with its stored verdict
//! * `history`: the values that were known when a record was made
//! * `passes`: the passes that the records were made in
//! * `checkpoint`: the tracker state at the start of the retained measurements, and the replay from there
//! * `plan`: what differs from what is stored
//! * `catch_up`: what was committed and not derived, and the removal of what a wrong clock dated

pub mod catch_up;
pub mod checkpoint;
pub mod history;
mod passes;
mod plan;
mod records;

pub(super) use plan::apply;
pub use plan::{RejudgePlan, plan};
pub use records::RejudgeScope;
