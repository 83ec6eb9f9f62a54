//! Reading: readers, the newest rounds, the data for pages and exports.

pub(in crate::store) mod cited;
pub(in crate::store) mod day_chain;
pub(in crate::store) mod evidence;
mod exchange;
pub(in crate::store) mod long;
pub(in crate::store) mod mails;
pub(in crate::store) mod newest;
pub(in crate::store) mod paged;
pub(in crate::store) mod past;
#[cfg(test)]
mod query_plan_tests;
pub(in crate::store) mod reader;
pub(in crate::store) mod sums;
