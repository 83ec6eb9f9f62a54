//! L1: every sentence users read, by key, in English, Korean and Simplified Chinese.
//!
//! * [`verdict`]: codes, findings and rules: what was seen, and what that does not show
//! * [`evidence`]: the statements of discriminators, row by row
//! * [`mail`]: the texts of mails, as tables; [`weight`]: how serious a loss is, and what a
//!   catalogue may say about it
//! * [`names`]: the names of shipped probes in Chinese and Korean
//! * [`dates`]: days and clocks; [`facts`]: limits and expectations
//! * [`pack`]: the page of a cited link in its pack
//! * [`pages`]: the pages, and names of countries
//! * [`repair`]: sentences that are written into repaired documents
//! * [`report`]: the printable report
//! * [`summary`]: an incident in one sentence, for tables
//!
//! The texts are in `locales/`, one folder per language with the same files in each; [`messages`]
//! reads them, and its documentation says how to add one. Tests find missing and unused keys.

pub mod dates;
pub mod evidence;
pub mod facts;
pub mod mail;
pub mod mail_words;
mod messages;
pub mod names;
pub mod pack;
pub mod pages;
pub mod places;
mod question;
pub mod repair;
pub mod report;
pub mod summary;
mod tables;
mod text_table;
pub mod verdict;
pub mod weight;

#[cfg(test)]
mod files;
#[cfg(test)]
mod style;
