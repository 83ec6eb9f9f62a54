//! The day chain of a workspace (evidence.md section 4): days are closed, their files written,
//! their values stamped, and all of it verified.
//!
//! The store's transaction is on disk before the files are written. `chain.csv` and `changes.tsv`
//! only repeat what the store holds, and the next pass writes what a killed process did not write.
//! A day is therefore closed once, at whatever point the process ends.

mod close;
mod files;
mod stamps;
mod verify;
mod verify_files;

pub use close::{DayChainError, close_days, prepare, write_files};
pub use files::{CHAIN, CHANGES, STAMPS};
pub use stamps::{StampError, StampReport, last_fault, missing_stamps, stamp_days};
pub use verify::{LinesError, day_leaves, lines, workspace};
