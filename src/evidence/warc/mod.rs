//! WARC 1.1 (ISO 28500:2017): records, files, and how files are read back.
//!
//! Each record is its own gzip member: pywb and warcio address a record by the offset of its
//! member, and refuse files that are compressed as a whole.

mod file;
mod read;
mod record;

pub use file::{Series, WarcWriter, WriteError};
pub use read::{Entry, ReadError, WarcReader};
pub use record::{Record, RecordId, RecordKind, Truncated, digest};
