//! L1: every sentence users read, by key, in English, Korean and Simplified Chinese.
//!
//! * [`verdict`]: codes, findings and rules: what was seen, and what that does not show
//! * [`evidence`]: what discriminators say, row by row
//! * [`mail`]: the texts of mails; [`weight`]: how serious a loss is, and what a catalogue may say of it
//! * [`names`]: probes that are shipped, by their names in Chinese and Korean
//! * [`dates`]: days and clocks; [`facts`]: limits and expectations
//! * [`summary`]: an incident in one sentence, for tables
//!
//! The texts are in `locales/`, a folder a language with the same files in each; [`messages`] reads them, and its
//! documentation says how to add one. A test finds a key that a language lacks, or that nobody uses.

pub mod dates;
mod en;
pub mod evidence;
pub mod facts;
mod ko;
pub mod mail;
pub mod mail_words;
mod messages;
pub mod names;
pub mod summary;
pub mod upkeep;
pub mod verdict;
pub mod weight;
mod zh;

#[cfg(test)]
mod files;
#[cfg(test)]
mod walk;
#[cfg(test)]
mod walk_mail;
