//! Evidence: what a reader can cite, hand on and verify years later, without this program.
//!
//! * [`warc`] writes and reads WARC 1.1 files, one gzip member per record.
//! * [`exchange`] turns a kept exchange into WARC records.
//! * [`EvidenceFiles`] appends them, each once, and takes up what a killed process left.
//! * [`cdx`] and [`pack`] make the file that is handed on, a WACZ.
//! * [`verify`] recomputes all of it.
//! * [`merkle`] computes the tree hashes and inclusion proofs of RFC 6962.
//! * [`time_stamp`] asks an authority to stamp a day, and checks its answer.
//! * [`proof`] ties one record to the root of its day.
//! * [`chain`] is the day chain: one hash a day over every record that entered the store.
//!
//! The module does not decide what is kept or when; `engine` does. It knows nothing of SQLite.

pub mod cdx;
pub mod chain;
pub mod exchange;
mod files;
pub mod merkle;
pub mod pack;
pub mod proof;
pub mod time_stamp;
pub mod verify;
pub mod warc;

pub use files::EvidenceFiles;
