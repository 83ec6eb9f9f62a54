//! Why a mail was not sent, whether another attempt helps, and what to do.

use std::path::PathBuf;

use crate::alert::headers::BadAddress;

/// The stage of a time-out before the server was reached.
pub(super) const CONNECTING: &str = "connecting";

/// The stage of a time-out before the server said anything.
pub(super) const GREETING: &str = "its greeting";

/// A failure to send. Each text names the fix.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error("cannot write mails to {}: {reason}; make the folder writable, or set another under [alerts] transport", path.display())]
    Folder { path: PathBuf, reason: String },
    #[error(
        "cannot reach the mail server {server}: {reason}; check host and port under [alerts] transport, and the network"
    )]
    Connect { server: String, reason: String },
    #[error(
        "the mail server {server} did not answer within {seconds} s ({stage}); it is tried again later{}",
        silent_hint(stage)
    )]
    Timeout {
        server: String,
        seconds: u64,
        stage: &'static str,
    },
    #[error(
        "what answers at {server} is not a mail server: {reason}; check host and port under [alerts] transport"
    )]
    NotMail { server: String, reason: String },
    #[error(
        "the mail server {server} sent {what}, so the connection was closed; ask who runs it to look into its log, or use another"
    )]
    Flood { server: String, what: &'static str },
    #[error(
        "the mail server {server} offers no STARTTLS; use smtps:// if it speaks TLS from the start, or add ?tls=none if the way to it is trusted"
    )]
    NoStartTls { server: String },
    #[error("no safe connection to the mail server {server}: {reason}; {fix}")]
    Tls {
        server: String,
        reason: String,
        fix: String,
    },
    #[error("the authorities in {} cannot be used: {reason}; name a PEM file in [alerts] ca", path.display())]
    Authorities { path: PathBuf, reason: String },
    #[error(
        "the mail server {server} does not start with TLS on this port; use smtp:// there (587 as a rule, with STARTTLS), or the port for smtps:// (465 as a rule)"
    )]
    NotTls { server: String },
    #[error("the mail server {server} did not accept the login of {user}: {reason}; {fix}")]
    Login {
        server: String,
        user: String,
        reason: String,
        fix: String,
    },
    #[error(
        "the mail server {server} offers no way to log in that is known here: it offers {offered}, and PLAIN and LOGIN are spoken; {fix}"
    )]
    NoCommonLogin {
        server: String,
        offered: String,
        fix: &'static str,
    },
    #[error(
        "the mail server {server} wants a password for {user}, and none is set; set [alerts] password = \"file:PATH\" or \"env:NAME\""
    )]
    NoPassword { server: String, user: String },
    #[error("the mail server {server} is busy: {reason}; it is tried again later{fix}")]
    Busy {
        server: String,
        reason: String,
        /// Begins with its separator, or is empty.
        fix: String,
    },
    #[error("the mail server {server} accepts no mail at present: {reason}; {fix}")]
    Unfit {
        server: String,
        reason: String,
        fix: String,
    },
    #[error("the mail server {server} refused the mail to {recipient}: {reason}; {fix}")]
    Refused {
        server: String,
        recipient: String,
        reason: String,
        fix: String,
    },
    #[error(
        "the connection to the mail server {server} broke while the mail to {recipient} was sent: {reason}; it is tried again later"
    )]
    Broken {
        server: String,
        recipient: String,
        reason: String,
    },
    /// The server may have the mail.
    #[error(
        "the mail server {server} received the whole mail to {recipient}, and the connection broke while its answer was awaited: {reason}; the mail may have arrived, and is sent again a few times at most, with the same Message-ID"
    )]
    Unanswered {
        server: String,
        recipient: String,
        reason: String,
        /// The server timed out; the next mail would wait as long.
        slow: bool,
    },
    #[error(transparent)]
    Address(#[from] BadAddress),
    #[error("[alerts] transport is a folder, not a mail server")]
    NotSmtp,
}

/// What may explain a server that says nothing.
fn silent_hint(stage: &str) -> &'static str {
    if stage == GREETING {
        "; if the port speaks TLS from the start (465 as a rule), write smtps:// under [alerts] transport"
    } else {
        ""
    }
}

impl SendError {
    /// The text for a test mail, which is not tried again later.
    #[must_use]
    pub fn of_test(&self) -> String {
        match self {
            Self::Timeout {
                server,
                seconds,
                stage,
            } if matches!(*stage, CONNECTING | GREETING) => format!(
                "the mail server {server} did not answer within {seconds} s ({stage}); check host and port under [alerts] transport (smtps:// is 465 as a rule, smtp:// 587), and that no firewall closes that port here, then run `accesswatch mail test` again"
            ),
            Self::Timeout {
                server,
                seconds,
                stage,
            } => format!(
                "the mail server {server} did not answer within {seconds} s ({stage}); it is reached and slow, so run `accesswatch mail test` again in some minutes, and ask who runs it if that goes on"
            ),
            Self::Busy {
                server,
                reason,
                fix,
            } => {
                let fix = if fix.is_empty() {
                    "; many servers put off a sender they do not know yet"
                } else {
                    fix
                };
                format!(
                    "the mail server {server} put the test mail off: {reason}; run `accesswatch mail test` again in some minutes{fix}"
                )
            }
            Self::Broken {
                server,
                recipient,
                reason,
            } => format!(
                "the connection to the mail server {server} broke while the mail to {recipient} was sent: {reason}; run `accesswatch mail test` again, and if that goes on, look into the server's log"
            ),
            Self::Unanswered {
                server,
                recipient,
                reason,
                ..
            } => format!(
                "the mail server {server} received the whole mail to {recipient} and did not confirm it: {reason}; check whether it arrived, and if it did not, look into the server's log"
            ),
            _ => self.to_string(),
        }
    }

    /// Whether it fails again until somebody changes something. Such a mail is still tried from
    /// time to time, because somebody may have.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        matches!(
            self,
            Self::Refused { .. } | Self::Address(_) | Self::NotSmtp
        )
    }

    /// Whether the whole body was handed over without an answer: the server may have the mail.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        matches!(self, Self::Unanswered { .. })
    }

    /// Whether every other mail would fail too.
    #[must_use]
    pub fn is_of_server(&self) -> bool {
        !matches!(
            self,
            Self::Busy { .. }
                | Self::Refused { .. }
                | Self::Broken { .. }
                | Self::Unanswered { slow: false, .. }
                | Self::Address(_)
        )
    }
}
