//! L4: mails: composed, kept in the outbox, sent.
//!
//! [`compose`] is pure: it turns what changed into whole messages, and gets the time as an
//! argument. The engine puts the messages into the outbox in the transaction that opens the
//! incident. [`drain()`] sends them by a [`transport`] and marks each one only after it was taken,
//! so a crash may repeat a mail with the same Message-ID and never loses one. [`heartbeat`] reports
//! to a dead man's switch that a pass ran.
//!
//! The texts are in `i18n::mail`; `track` decides what is mailed.

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
