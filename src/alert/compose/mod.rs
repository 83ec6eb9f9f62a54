//! Turns what changed into mails. Pure: all input is passed in, including the time.
//!
//! [`compose`] turns a pass's notices into mails; [`compose_digest`], [`preview()`] and
//! [`test_mail()`] make the others. There is one file per kind of mail; [`parts`] holds what
//! several share.

mod answers;
mod catalogue;
mod digest;
mod disk;
mod flapping;
mod help;
mod improvement;
mod incident;
mod incident_group;
mod initial_report;
mod lead;
mod links;
mod no_data;
mod notices;
mod own_end;
mod parts;
mod preview;
mod reminder_text;
mod renew;
mod story;
mod technician;
mod test_mail;
mod web_pages;

pub use digest::compose_digest;
pub use disk::compose_disk;
pub use links::{LinkLetter, compose_links};
pub(super) use notices::remind_mails;
pub use notices::{compose, compose_in};
pub use preview::{Preview, preview, preview_in};
pub use reminder_text::folder_reminder;
pub(super) use renew::renewed;
pub use story::story_of;
pub use test_mail::test_mail;
