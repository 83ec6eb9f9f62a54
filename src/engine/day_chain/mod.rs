//! The day chain of a workspace (evidence.md section 4): days are closed, their files written, their
//! values stamped, and all of it verified.
//!
//! Order of writing: what the store's transaction holds comes first, and reaches the disk before the
//! files do. `chain.csv` and `changes.tsv` only repeat what the store has; whatever a killed process
//! did not write, the next pass writes. So a day is closed once, wherever the process ends.

mod close;
mod files;
mod stamps;
mod verify;
mod verify_files;

pub use close::{DayChainError, close_days, prepare, write_files};
pub use files::{CHAIN, CHANGES, STAMPS};
pub use stamps::{StampError, StampReport, last_fault, missing_stamps, stamp_days};
pub use verify::{LinesError, day_leaves, lines, workspace};
