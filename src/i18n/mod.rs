//! L1: every sentence users read, by key; English first.

pub mod en_mail;
mod en_mail_words;
pub mod mail;
