//! Why the broker does not do what it is asked, each with its fix.

use std::path::PathBuf;

/// A fault of the broker, or of what leads to it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FleetError {
    #[error("{0}")]
    Address(String),
    #[error("the creds {path} cannot be used: {why}")]
    Creds { path: PathBuf, why: String },
    #[error("the broker {host} cannot be reached: {reason}")]
    Unreachable { host: String, reason: String },
    #[error(
        "the certificate of the broker {host} is not trusted ({reason}); if the broker has an authority of its own, name its certificate (`--ca` at an agent, `[fleet] ca` at the hub)"
    )]
    Untrusted { host: String, reason: String },
    #[error(
        "the broker {host} does not take the creds; use the file that `accesswatch fleet init` made for this vantage, and give nats-server the users that it printed"
    )]
    WrongCreds { host: String },
    #[error("the broker {host} has no {object}; run `accesswatch fleet init` at the hub")]
    Missing { host: String, object: String },
    #[error(
        "the broker {host} refuses this user ({what}); give nats-server the permissions that `accesswatch fleet init` prints, and use the creds of this vantage"
    )]
    Denied { host: String, what: String },
    #[error(
        "the broker {host} takes messages of at most {most} bytes, and this one is longer; set `max_payload: 8MB` in the configuration of nats-server"
    )]
    TooLong { host: String, most: usize },
    #[error(
        "the broker {host} is there, and no hub answers; `daemon` must run at the hub, with `[fleet]` in its configuration"
    )]
    NoHub { host: String },
    #[error("the broker {host} does not do it: {reason}")]
    Failed { host: String, reason: String },
}

impl FleetError {
    /// Trying again cannot help until somebody changes something.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::Address(_)
                | Self::Creds { .. }
                | Self::Untrusted { .. }
                | Self::WrongCreds { .. }
                | Self::Denied { .. }
        )
    }
}
