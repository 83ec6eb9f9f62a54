//! When periodic mails were last composed.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::error::InnerError;

/// A mail that is sent periodically.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeriodicMail {
    /// The digest of the recipient with this address.
    Digest(String),
    /// The weekly letter on cited links of the recipient with this address.
    LinksDigest(String),
    /// The letter on watched documents of the recipient with this address.
    LinksWatched(String),
    /// The warning that the disk is nearly full.
    Disk,
}

impl PeriodicMail {
    fn key(&self) -> (&'static str, &str) {
        match self {
            PeriodicMail::Digest(recipient) => ("digest", recipient),
            PeriodicMail::LinksDigest(recipient) => ("links", recipient),
            PeriodicMail::LinksWatched(recipient) => ("links_watched", recipient),
            PeriodicMail::Disk => ("disk", ""),
        }
    }
}

/// When this mail was last composed.
pub(in crate::store) fn get(
    connection: &Connection,
    mail: &PeriodicMail,
) -> Result<Option<Time>, InnerError> {
    let (kind, recipient) = mail.key();
    let us: Option<i64> = connection
        .prepare_cached(
            "SELECT composed_us FROM periodic_mails WHERE kind = ?1 AND recipient = ?2",
        )?
        .query_row([kind, recipient], |row| row.get(0))
        .optional()?;
    Ok(us.map(from_micros))
}

/// Records when this mail was composed.
pub(in crate::store) fn put(
    connection: &Connection,
    mail: &PeriodicMail,
    at: Time,
) -> Result<(), InnerError> {
    let (kind, recipient) = mail.key();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO periodic_mails (kind, recipient, composed_us) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![kind, recipient, at.timestamp_micros()])?;
    Ok(())
}
