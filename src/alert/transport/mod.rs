//! The transports of mail: into a folder, or to a mail server.

mod error;
pub mod folder;
mod refusal;
pub mod smtp;

use std::path::PathBuf;

pub use error::SendError;

use crate::model::mail::QueuedMail;
use crate::model::settings::{self, Alerts};

/// An open transport.
pub enum Transport {
    Folder(folder::Folder),
    Smtp(Box<smtp::Smtp>),
}

impl Transport {
    /// The configured transport. `extra_roots` (PEM) are trusted in addition to Mozilla's. It does
    /// not connect yet.
    pub fn open(alerts: &Alerts, extra_roots: Option<&[u8]>) -> Result<Self, SendError> {
        match &alerts.transport {
            settings::MailTransport::Folder(path) => Ok(Self::Folder(folder::Folder::new(path))),
            settings::MailTransport::Smtp { .. } => {
                smtp::Smtp::new(alerts, extra_roots).map(|smtp| Self::Smtp(Box::new(smtp)))
            }
        }
    }

    /// Hands a mail over. `Ok` means that it was taken, and holds the path of the file for a
    /// folder.
    pub async fn send(&mut self, mail: &QueuedMail) -> Result<Option<PathBuf>, SendError> {
        match self {
            Self::Folder(folder) => folder.write(mail).await.map(Some),
            Self::Smtp(smtp) => smtp.send(mail).await.map(|()| None),
        }
    }

    /// Ends the connection; errors no longer matter.
    pub async fn close(&mut self) {
        if let Self::Smtp(smtp) = self {
            smtp.close().await;
        }
    }

    /// Connects to the server and logs in, or writes to the folder; `doctor` uses this.
    pub async fn check(&mut self) -> Result<(), SendError> {
        match self {
            Self::Folder(folder) => folder.check().await,
            Self::Smtp(smtp) => smtp.check().await,
        }
    }
}
