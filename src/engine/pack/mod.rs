//! Packs: one file to hand on, with what is kept of an incident or of a cited link, and with what
//! is needed to check it (evidence.md section 3).
//!
//! * [`IncidentPack`], [`LinkPack`]: what each kind of pack holds
//! * `kept`: the parts that both have: WARC records, measurements with their proofs, the day chain

mod error;
mod incident;
mod kept;
mod link;

pub use error::EvidencePackError;
pub use incident::IncidentPack;
pub use link::LinkPack;
