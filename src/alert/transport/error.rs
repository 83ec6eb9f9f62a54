//! Why a mail did not leave, whether trying again helps, and what to mend.

use std::path::PathBuf;

use crate::alert::headers::BadAddress;

/// The stage of a time-out before the server said anything.
pub(super) const CONNECTING: &str = "connecting";

/// A failure to send. Each text names the mend.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("cannot write mails to {}: {reason}; make the folder writable, or set another under [alerts] transport", path.display())]
    Folder { path: PathBuf, reason: String },
    #[error(
        "cannot reach the mail server {server}: {reason}; check host and port under [alerts] transport, and the network"
    )]
    Connect { server: String, reason: String },
    #[error(
        "the mail server {server} did not answer within {seconds} s ({stage}); it is tried again later"
    )]
    Timeout {
        server: String,
        seconds: u64,
        stage: &'static str,
    },
    #[error(
        "the mail server {server} offers no STARTTLS; use smtps:// if it speaks TLS from the start, or add ?tls=none if the way to it is trusted"
    )]
    NoStartTls { server: String },
    #[error(
        "no safe connection to the mail server {server}: {reason}; its certificate must be valid for that name, or add ?tls=none if the way to it is trusted"
    )]
    Tls { server: String, reason: String },
    #[error(
        "the mail server {server} speaks no TLS from the start on this port; use smtp:// there (587 as a rule, with STARTTLS), or the port for smtps:// (465 as a rule)"
    )]
    NotTls { server: String },
    #[error(
        "the mail server {server} did not accept the login of {user}: {reason}; check the user under [alerts] transport and the secret that [alerts] password names"
    )]
    Login {
        server: String,
        user: String,
        reason: String,
    },
    #[error(
        "the mail server {server} wants a password for {user}, and none is set; set [alerts] password = \"env:NAME\" or \"file:PATH\""
    )]
    NoPassword { server: String, user: String },
    #[error("the mail server {server} is busy: {reason}; it is tried again later")]
    Busy { server: String, reason: String },
    #[error(
        "the mail server {server} refused the mail to {recipient}: {reason}; check that address, and that the server lets [alerts] from send"
    )]
    Refused {
        server: String,
        recipient: String,
        reason: String,
    },
    #[error(
        "the connection to the mail server {server} broke while the mail to {recipient} was sent: {reason}; it is tried again later"
    )]
    Broken {
        server: String,
        recipient: String,
        reason: String,
    },
    #[error(transparent)]
    Address(#[from] BadAddress),
    #[error("[alerts] transport is a folder, not a mail server")]
    NotSmtp,
}

impl SendError {
    /// What to tell of a test mail, which is sent once or not at all.
    #[must_use]
    pub fn of_test(&self) -> String {
        match self {
            Self::Timeout {
                server,
                seconds,
                stage,
            } if *stage == CONNECTING => format!(
                "the mail server {server} did not answer within {seconds} s ({stage}); check host and port under [alerts] transport (smtps:// is 465 as a rule, smtp:// 587), and that no firewall closes that port here, then run `accesswatch mail test` again"
            ),
            Self::Timeout {
                server,
                seconds,
                stage,
            } => format!(
                "the mail server {server} did not answer within {seconds} s ({stage}); it is reached and slow, so run `accesswatch mail test` again in some minutes, and ask who runs it if that goes on"
            ),
            Self::Busy { server, reason } => format!(
                "the mail server {server} put the test mail off: {reason}; run `accesswatch mail test` again in some minutes (many servers put off a sender they do not know yet)"
            ),
            Self::Broken {
                server,
                recipient,
                reason,
            } => format!(
                "the connection to the mail server {server} broke while the mail to {recipient} was sent: {reason}; run `accesswatch mail test` again, and if that goes on, look into the server's log"
            ),
            _ => self.to_string(),
        }
    }

    /// It will fail again until somebody changes something; it is still tried now and then, because
    /// somebody may have.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::Address(_) | Self::NotSmtp
        )
    }

    /// It would meet every other mail too.
    #[must_use]
    pub fn is_of_server(&self) -> bool {
        !matches!(
            self,
            Self::Busy { .. } | Self::Refused { .. } | Self::Broken { .. } | Self::Address(_)
        )
    }
}
