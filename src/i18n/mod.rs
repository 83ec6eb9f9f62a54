//! L1: every sentence users read, by key; English first.
//!
//! * [`verdict`]: codes, findings and rules: what was seen, and what that does not show
//! * [`evidence`]: what discriminators say, row by row
//! * [`mail`]: the texts of mails

mod en_evidence;
pub mod en_mail;
mod en_mail_words;
mod en_short;
mod en_verdict;
pub mod evidence;
pub mod mail;
pub mod verdict;
