//! L5: the pipeline. A pass takes what is due, checks each vantage by its controls, measures,
//! judges, confirms, records, tracks and notifies; the daemon repeats it on the schedule; `ingest`
//! and `rejudge` enter after the network.
//!
//! It makes no decisions itself: `judge` interprets measurements, `probe` makes them, `store` keeps
//! them, and `alert` words the mails.

pub mod agents;
pub mod clock;
pub mod clock_check;
pub mod controls;
pub mod copies;
pub mod daemon;
mod daemon_orders;
pub mod day_chain;
pub mod deliver;
pub mod due;
pub mod edits;
pub mod error;
pub mod evidence;
mod healthy;
pub mod ingest;
pub mod intake;
pub mod jsonl;
pub mod judgement;
pub mod link_check;
pub mod link_import;
mod link_letters;
mod link_record;
pub mod link_repair;
pub mod link_watch;
pub mod look;
mod nightly_import;
pub mod observer;
pub mod pack;
mod page_fetcher;
pub mod page_import;
mod pages_left;
mod pairs;
pub mod pass;
pub mod ports;
mod record_errors;
pub mod rejudge;
pub mod schedule_index;
pub mod setup;
mod unstored_hosts;

pub use clock::{ClockDoubt, SystemClock};
pub use due::{Job, Selection};
pub use error::EngineError;
pub use nightly_import::IMPORT_PART;
pub use observer::{Observer, SilentObserver};
pub use pass::{PassOptions, PassReport};
pub use ports::{Measurer, PassStore};
pub use schedule_index::ScheduleIndex;
pub use setup::Engine;
