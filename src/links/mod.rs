//! L4: the links that documents cite: how documents are read, what a link is, how it fares.
//!
//! How a page is fetched is `probe`'s and `net`'s, what an answer means is `judge`'s.

pub mod address;
pub mod copies;
pub mod identity;
pub mod opaque;
pub mod read;
pub mod repair;
pub mod rules;
pub mod wrappers;
