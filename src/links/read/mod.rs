//! Documents become citations.
//!
//! Each format has a reader of its own, which turns bytes into blocks of text with the links that
//! the format itself marks ([`block::RawDocument`]). What is common to all formats works on these
//! blocks: links in running text, days of citing, one citation a link and place.

pub mod block;
pub mod broken_line;
mod cited_on;
pub(in crate::links) mod citing;
mod containers;
mod dates;
mod detect;
mod document;
pub mod epub;
pub mod error;
pub mod office;
pub mod pdf;
pub(in crate::links) mod running_text;
#[cfg(test)]
mod running_text_tests;
pub(in crate::links) mod script;
pub(in crate::links) mod text_formats;

pub use citing::citations;
pub(in crate::links) use document::{RepairFormat, repair_format};
pub use document::{listing, read, read_fetched};
pub use error::{Limits, ReadError};
pub use text_formats::listing::{ListedPage, Listing};
