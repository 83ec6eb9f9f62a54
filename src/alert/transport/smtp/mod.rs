//! A mail server, used stage by stage, so that an error can say which stage failed and what to do.
//! One connection carries all mails of a drain.
//!
//! [`wire`] bounds what is read, [`reply`] parses it, [`session`] is the conversation, [`server`]
//! turns an error into a [`SendError`](super::SendError).

mod reply;
mod server;
mod session;
mod tls;
mod wire;

pub use reply::SmtpReply;
pub use server::Smtp;
pub use session::Stage;
