//! Simplified Chinese, as tables that `super` reads by key.

mod short;
pub(super) mod verdict;
