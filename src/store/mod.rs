//! L2: SQLite, the only code that speaks SQL.
//!
//! [`Store`] is what the engine holds: one writer thread, readers beside it. [`Reader`] is for
//! commands that only look. Measurements are committed as they are made ([`Store::add`]); whatever a
//! pass concludes from them goes into one transaction ([`Store::commit`]), daily roll-ups included.
//! What a status or an incident means is `judge`'s; the tables are explained in `docs/schema.md`.

mod aside;
mod backup;
mod cells;
mod chain;
mod clock;
mod codec;
mod column;
mod commit;
mod connect;
mod day;
mod doubted;
mod error;
mod events;
mod facts;
mod freshness;
mod gaps;
mod handle;
mod incidents;
mod insert;
mod lock;
mod long;
mod look;
mod manners;
mod meta;
mod migrate;
mod new;
mod newest;
mod notes;
mod outbox;
mod phases;
#[cfg(test)]
mod plans;
mod prepare;
mod purge;
mod reader;
mod records;
mod rejudge;
mod rollup;
mod rows;
pub mod space;
mod stamp;
mod statuses;
mod underived;
mod values;
mod vantages;
mod watched;
mod writer;

pub use aside::SetAside;
pub use clock::{Misdated, no_later_than};
pub use column::{UptimeColumn, column_of};
pub use connect::Options;
pub use error::StoreError;
pub use facts::StoreFacts;
pub use gaps::{AllGaps, GapsAndRounds};
pub use handle::Store;
pub use incidents::IncidentFilter;
pub use lock::{Lock, LockError, LockOn};
pub use long::LongAnswer;
pub use look::may_write;
pub use migrate::SCHEMA_VERSION;
pub use new::{Missed, MissedKind, NewMeasurement, PassCommit, Place};
pub use newest::NewestRounds;
pub use purge::Purged;
pub use reader::Reader;
pub use records::{BodyState, StoredRecord};
pub use rejudge::{Derived, NewVerdict};
pub use rows::{Filter, FreshnessRow, MeasurementRow, UptimeRow};
pub use stamp::{stamp, stamp_of};
pub use underived::{Removal, Underived};
