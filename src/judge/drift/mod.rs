//! Whether a page that is served still holds what was cited (`docs/links.md`).
//!
//! [`compare()`] compares a page with the quoted passages and with the reference, the page as it
//! was cited; `living` knows pages that change by themselves. What one check shows is decided here;
//! `track` decides what several checks mean.

mod against_reference;
mod compare;
mod living;
mod reference;

pub use compare::{CitedContent, compare, page_text};
pub use living::{changed_as_much, is_living_page};
pub use reference::{LinkReference, ReferenceSource};
