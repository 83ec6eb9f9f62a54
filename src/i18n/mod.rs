//! L1: every sentence users read, by key, in English, Korean and Simplified Chinese.
//!
//! * [`verdict`]: codes, findings and rules: what was seen, and what that does not show
//! * [`evidence`]: what discriminators say, row by row
//! * [`mail`]: the texts of mails
//! * [`summary`]: an incident in one sentence, for tables
//!
//! A folder a language, with the same files in each. Both keys are exhaustive: a sentence that is missing in
//! one language does not compile.

mod en;
pub mod evidence;
mod ko;
pub mod mail;
pub mod mail_words;
pub mod summary;
pub mod verdict;
mod zh;

#[cfg(test)]
mod walk;
#[cfg(test)]
mod walk_mail;
