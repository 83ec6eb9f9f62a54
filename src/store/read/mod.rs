//! Reading: readers, the newest rounds, what pages and exports ask for.

pub(in crate::store) mod day_chain;
pub(in crate::store) mod evidence;
mod exchange;
pub(in crate::store) mod long;
pub(in crate::store) mod newest;
#[cfg(test)]
mod query_plan_tests;
pub(in crate::store) mod reader;
