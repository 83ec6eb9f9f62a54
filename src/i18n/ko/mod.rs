//! Korean, as tables that `super` reads by key.

pub(super) mod evidence;
pub(super) mod facts;
pub(super) mod mail;
mod short;
pub(super) mod verdict;
mod weigh;
mod words;
