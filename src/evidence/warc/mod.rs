//! WARC 1.1 (ISO 28500:2017): records, files, and how files are read back.
//!
//! Each record is a gzip member of its own: pywb and warcio address a record by the offset of its
//! member, and refuse files that are compressed as a whole.

mod file;
mod read;
mod record;

pub use file::{RecordPlace, Series, WarcWriter, WriteError};
pub(super) use read::set_torn_end_aside;
pub use read::{Entry, WarcReadError, WarcReader, next_record};
pub use record::{Record, RecordId, RecordKind, Truncated, digest};
