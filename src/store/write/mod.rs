//! Writing: the one writer, measurements made ready, passes in one transaction, what is removed.

pub(in crate::store) mod backfill;
pub(in crate::store) mod cert_chain;
pub(in crate::store) mod codec;
pub(in crate::store) mod commit;
pub(in crate::store) mod day_chain;
pub(in crate::store) mod discarded;
pub(in crate::store) mod doubted;
mod evidence_retention;
pub(in crate::store) mod exchanges;
pub(in crate::store) mod gaps;
pub(in crate::store) mod input;
pub(in crate::store) mod insert;
pub(in crate::store) mod prepare;
pub(in crate::store) mod purge;
pub(in crate::store) mod rejudge;
pub(in crate::store) mod underived;
pub(in crate::store) mod writer;
