//! Korean, as tables that `super` reads by key.

pub(super) mod evidence;
mod short;
pub(super) mod verdict;
