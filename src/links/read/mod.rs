//! Documents become citations.
//!
//! Each format has a reader of its own, which turns bytes into blocks of text with the links that
//! the format itself marks ([`block::RawDocument`]). What is common to all formats works on these
//! blocks: links in running text, days of citing, one citation a link and place.

pub mod block;
pub mod broken_line;
mod cited_on;
mod citing;
mod containers;
mod dates;
mod detect;
mod document;
pub mod epub;
pub mod error;
pub mod office;
pub mod pdf;
mod running_text;
#[cfg(test)]
mod running_text_tests;
mod script;
mod text_formats;

pub use citing::citations;
pub use document::read;
pub use error::{Limits, ReadError};
