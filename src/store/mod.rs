//! L3: SQLite, the only code that speaks SQL.
//!
//! [`Store`] is what the engine holds: one writer thread, readers beside it. [`Reader`] is for
//! commands that only look. Measurements are committed as they are made ([`Store::add`]); whatever a
//! pass concludes from them goes into one transaction ([`Store::commit`]), daily roll-ups included.
//! What a status or an incident means is `judge`'s; the tables are explained in `docs/schema.md`.

mod backfill;
mod backup;
mod cells;
mod cert_chain;
mod checkpoint;
mod clock;
mod codec;
mod commit;
mod connect;
mod discarded;
mod doubted;
mod error;
mod events;
mod freshness;
mod gaps;
mod handle;
mod incidents;
mod input;
mod insert;
mod lock;
mod long;
mod meta;
mod migrate;
mod newest;
mod notes;
mod observed;
mod outbox;
mod periodic_mails;
mod phases;
mod politeness;
mod prepare;
mod purge;
#[cfg(test)]
mod query_plan_tests;
mod read_only;
mod reader;
mod records;
mod reference_pages;
mod rejudge;
mod rollup;
mod rows;
pub mod space;
mod stamp;
mod stats;
mod statuses;
mod underived;
mod values;
mod vantages;
mod watched;
mod writer;

pub use checkpoint::Checkpoint;
pub use clock::{MisdatedRecords, no_later_than};
pub use connect::Options;
pub use discarded::DiscardedRound;
pub use error::StoreError;
pub use gaps::{AllGaps, GapsAndRounds};
pub use handle::Store;
pub use incidents::IncidentFilter;
pub use input::{MeasurementKey, MissedKind, MissedRound, NewMeasurement, PassCommit};
pub use lock::{Lock, LockError, LockScope};
pub use long::LongAnswer;
pub use migrate::SCHEMA_VERSION;
pub use newest::NewestRounds;
pub use periodic_mails::PeriodicMail;
pub use purge::Purged;
pub use read_only::may_write;
pub use reader::Reader;
pub use records::{BodyState, StoredRecord};
pub use rejudge::{Derived, NewVerdict};
pub use rows::{FreshnessRow, MeasurementRow, RowFilter, UptimeRow};
pub use stamp::{stamp, stamp_of};
pub use stats::StoreStats;
pub use underived::{PendingDerivation, PendingRemoval};
