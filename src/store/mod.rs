//! L3: SQLite; the only code with SQL.
//!
//! The engine holds a [`Store`]: one writer thread, and readers. Read-only commands use a
//! [`Reader`]. Measurements are committed as they are made ([`Store::add`]); everything that a pass
//! derives from them goes into one transaction ([`Store::commit`]), including daily roll-ups.
//! `judge` and `track` define statuses and incidents; `docs/schema.md` explains the tables.

mod agents;
mod asked_rounds;
mod clock;
mod copies;
#[cfg(test)]
mod document_counts_tests;
mod document_edits;
mod documents;
mod error;
mod handle;
#[cfg(test)]
mod joined_links_tests;
mod link_checks;
#[cfg(test)]
mod link_checks_tests;
mod link_discriminators;
mod link_records;
mod link_references;
mod link_tasks;
mod mail_threads;
mod open;
mod read;
mod rollup;
mod rows;
mod save_jobs;
mod write;

pub use clock::{MisdatedRecords, no_later_than};
pub use error::StoreError;
pub use handle::Store;
pub use link_checks::{LinkCommit, OwnCopy, SharedDecline};
pub use link_records::{ForeignCheck, ForeignPolicy};
pub use link_references::{CitedPage, PageFinding};
pub use open::connect::Options;
pub use open::generation::StoreGeneration;
pub use open::lock::{Lock, LockError, LockScope};
pub use open::migrate::SCHEMA_VERSION;
pub use open::migration_progress::MigrationProgress;
pub use open::read_only::may_write;
pub use open::space;
pub use open::stamp::{stamp, stamp_of};
pub use open::stats::StoreStats;
pub use read::cited::{LinkDetail, ListPart};
pub use read::day_chain::DayLeaves;
pub use read::evidence::EvidenceFilter;
pub use read::long::LongAnswer;
pub use read::mails::IncidentMail;
pub use read::newest::{NewestRounds, PhaseDurations};
pub use read::paged::{DayPosition, MeasurementPosition, StoredSeries, StoredValue};
pub use read::past::SeriesBeginning;
pub use read::reader::Reader;
pub use read::sums::{ControlCheckRow, DaySums};
pub use rows::chain_days::ClosedDay;
pub use rows::chain_entries::{ChainEntry, EntryContent};
pub use rows::checkpoint::Checkpoint;
pub use rows::evidence::{
    EvidenceExchange, EvidenceRecord, NewEvidence, StatusChange, main_record,
};
pub use rows::exported::{FreshnessRow, MeasurementRow, RowFilter, UptimeRow};
pub use rows::incidents::IncidentFilter;
pub use rows::link_ignores::Ignore;
pub use rows::link_lives::LinkLife;
pub use rows::periodic_mails::PeriodicMail;
pub use rows::records::{BodyState, StoredRecord};
pub use write::gaps::{AllGaps, GapsAndRounds};
pub use write::input::{
    DiscardedRound, MeasurementKey, MissedKind, MissedRound, NewMeasurement, PassCommit,
};
pub use write::purge::Purged;
pub use write::rejudge::{Derived, NewVerdict};
pub use write::underived::{PendingRemoval, UnderivedRecords};
