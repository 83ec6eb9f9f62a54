//! English, as tables that `super` reads by key.

pub(super) mod mail;
mod weigh;
mod words;
