//! L4: the pipeline. A pass takes what is due, checks each vantage by its controls, measures, judges,
//! confirms, records, tracks and tells; the daemon repeats it on the schedule; `ingest` and
//! `rejudge` enter after the network.
//!
//! It decides nothing itself: what a measurement means is `judge`'s, how it is made is `probe`'s,
//! how it is kept is `store`'s, how it is told is `alert`'s.

pub mod again;
pub mod catch_up;
pub mod clock;
pub mod controls;
pub mod daemon;
pub mod deliver;
pub mod derive;
pub mod due;
pub mod error;
pub mod ground;
mod healthy;
pub mod ingest;
pub mod judgement;
mod measure;
mod misread;
pub mod observer;
pub mod pass;
pub mod propose;
pub mod records;
pub mod references;
pub mod round;
pub mod series;
pub mod setup;
pub mod timetable;

pub use clock::{ClockDoubt, SystemClock};
pub use due::{Job, Selection};
pub use error::EngineError;
pub use observer::{Observer, Quiet};
pub use pass::{PassOptions, PassReport};
pub use setup::Engine;
pub use timetable::Timetable;
