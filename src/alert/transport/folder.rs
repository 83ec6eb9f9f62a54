//! Mails as `.eml` files. A file is whole or does not exist, and a mail that is written twice is
//! one file.

use std::path::{Path, PathBuf};

use crate::disk;
use crate::model::mail::QueuedMail;

use super::SendError;

/// A folder of mails, created when the first mail is written.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Writes a mail to a file whose name follows from the mail alone. When this returns, the file
    /// is on disk.
    pub async fn write(&self, mail: &QueuedMail) -> Result<PathBuf, SendError> {
        let path = self.path.join(file_name(mail));
        match self.put(path.clone(), mail.eml.clone()).await {
            Ok(()) => Ok(path),
            Err(error) => Err(self.fault(&error)),
        }
    }

    async fn put(&self, path: PathBuf, content: Vec<u8>) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.path).await?;
        tokio::task::spawn_blocking(move || disk::write_whole(&path, &content)).await?
    }

    /// Checks that the folder can be written to; leaves nothing behind.
    pub async fn check(&self) -> Result<(), SendError> {
        let probe = self.path.join(format!(".check.{}", std::process::id()));
        let result = async {
            tokio::fs::create_dir_all(&self.path).await?;
            tokio::fs::write(&probe, b"").await?;
            tokio::fs::remove_file(&probe).await
        };
        result.await.map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &std::io::Error) -> SendError {
        SendError::Folder {
            path: self.path.clone(),
            reason: error.to_string(),
        }
    }
}

/// Whether the mail is in the folder.
#[must_use]
pub fn holds(path: &Path, mail: &QueuedMail) -> bool {
    path.join(file_name(mail)).is_file()
}

/// The number of mails in a folder; 0 when there is no folder.
#[must_use]
pub fn count(path: &Path) -> usize {
    names(path).count()
}

/// The number of mails that passes wrote. Test mails are not counted.
#[must_use]
pub fn count_of_passes(path: &Path) -> usize {
    names(path).filter(|name| !name.contains("-test.")).count()
}

fn names(path: &Path) -> impl Iterator<Item = String> {
    std::fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|x| x == "eml"))
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.'))
}

/// `20261123T090000Z-incident-12.4f….eml`: sorted by time, one per Message-ID, valid on every file
/// system.
fn file_name(mail: &QueuedMail) -> String {
    let id = mail.message_id.trim_matches(['<', '>']);
    let local = id.rsplit_once('@').map_or(id, |(local, _)| local);
    let safe: String = local
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') {
                c
            } else {
                '_'
            }
        })
        .take(100)
        .collect();
    format!("{}-{safe}.eml", mail.created.format("%Y%m%dT%H%M%SZ"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::mail::NewMail;

    fn mail(message_id: &str) -> QueuedMail {
        let created = "2026-11-23T09:00:00Z".parse().unwrap();
        let mail = NewMail {
            recipient: "a@example.org".to_owned(),
            topic: None,
            message_id: message_id.to_owned(),
            subject: "s".to_owned(),
            source: None,
            incidents: Vec::new(),
            links: Vec::new(),
            eml: b"Subject: s\r\n\r\nx\r\n".to_vec(),
            not_before: created,
        };
        QueuedMail::fresh(mail, 1, created)
    }

    #[tokio::test]
    async fn a_mail_that_is_written_twice_is_one_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data/outbox");
        let folder = Folder::new(&path);
        assert_eq!(count(&path), 0);
        let first = folder
            .write(&mail("<incident-1.ab@example.org>"))
            .await
            .unwrap();
        let again = folder
            .write(&mail("<incident-1.ab@example.org>"))
            .await
            .unwrap();
        assert_eq!(first, again);
        folder
            .write(&mail("<incident-2.cd@example.org>"))
            .await
            .unwrap();
        assert_eq!(count(&path), 2);
        assert_eq!(
            std::fs::read_dir(&path).unwrap().count(),
            2,
            "no temporary file is left"
        );
        assert_eq!(std::fs::read(first).unwrap(), mail("x").eml);
    }

    #[tokio::test]
    async fn a_name_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let written = Folder::new(dir.path())
            .write(&mail("<../../etc/x\0y@h>"))
            .await
            .unwrap();
        assert_eq!(written.parent().unwrap(), dir.path());
    }

    #[tokio::test]
    async fn an_error_says_that_the_folder_is_not_writable() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "").unwrap();
        let folder = Folder::new(&file.join("outbox"));
        let error = folder.write(&mail("<x@h>")).await.unwrap_err();
        assert!(error.is_of_server() && !error.is_permanent());
        assert!(
            error.to_string().contains("make the folder writable"),
            "{error}"
        );
        assert!(folder.check().await.is_err());
    }
}
