//! Writing: the single writer, prepared measurements, passes in one transaction, removals.

pub(in crate::store) mod backfill;
pub(in crate::store) mod cert_chain;
pub(in crate::store) mod codec;
pub(in crate::store) mod commit;
pub(in crate::store) mod day_chain;
pub(in crate::store) mod dictionaries;
pub(in crate::store) mod discarded;
pub(in crate::store) mod doubted;
mod evidence_retention;
pub(in crate::store) mod exchanges;
pub(in crate::store) mod gaps;
pub(in crate::store) mod input;
pub(in crate::store) mod insert;
pub(in crate::store) mod leaf_migration;
pub(in crate::store) mod prepare;
pub(in crate::store) mod purge;
pub(in crate::store) mod record_base;
pub(in crate::store) mod rejudge;
pub(in crate::store) mod underived;
pub(in crate::store) mod verdict_changes;
pub(in crate::store) mod writer;
