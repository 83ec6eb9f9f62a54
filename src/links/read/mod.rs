//! Documents become citations.
//!
//! Each format has a reader of its own, which turns bytes into blocks of text with the links that
//! the format itself marks ([`block::RawDocument`]). What is common to all formats works on these
//! blocks: links in running text, days of citing, one citation a link and place.

pub mod block;
pub mod error;

pub use error::{Limits, ReadError};
