//! L4: mails: composed, kept in the outbox, sent.
//!
//! [`compose`] is pure: what changed becomes whole messages, their time handed in. The engine puts
//! them into the outbox in the transaction that opens the incident; [`drain()`] takes them out again by
//! a [`transport`] and marks each only after it was taken, so a crash may repeat a mail with the same
//! Message-ID and never loses one. [`heartbeat`] tells a dead man's switch that a pass was made.
//!
//! Words are in `i18n::mail`; what is worth telling is decided by `track`.

pub mod compose;
pub mod drain;
pub mod filter;
pub mod headers;
pub mod heartbeat;
mod html;
mod mail_body;
mod mail_context;
mod outbox;
pub mod overtaken;
pub mod remind;
mod script;
mod send_test;
mod text;
mod thread;
pub mod transport;
mod when;

pub use drain::{DrainReport, drain};
pub use headers::{BadAddress, check_address};
pub use mail_context::MailContext;
pub use outbox::Outbox;
pub use send_test::{TestReport, send_test};
pub use thread::assign_threads;
