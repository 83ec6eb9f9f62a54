//! Derives the past again from the stored measurements: for `rejudge`, for `ingest` with records
//! that may be late, and after a killed process.
//!
//! * `records`: every stored record in order, rejudged or with its stored verdict
//! * `history`: the values that were known when a record was made
//! * `passes`: the passes that the records were made in
//! * `checkpoint`: the tracker state at the start of the retained measurements, and the replay from
//!   there
//! * `plan`: the differences from the stored results
//! * `catch_up`: committed records without results, and the removal of records dated by a wrong
//!   clock

pub mod catch_up;
pub mod checkpoint;
pub mod history;
mod passes;
mod plan;
mod records;

pub(super) use passes::PassHistory;
pub(super) use plan::apply;
pub use plan::{RejudgePlan, plan, write};
pub use records::RejudgeScope;
pub(super) use records::load_judged;
