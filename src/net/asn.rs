//! The network of an address: from the user's database in `MaxMind`'s format (`GeoLite2-ASN.mmdb`
//! and similar; <https://maxmind.github.io/MaxMind-DB/>). Nothing is looked up online, and the
//! database is optional.
//!
//! The whole file is read, so that replacing it on disk is safe; a new file is used after the next
//! start.

use std::fs::File;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::model::Time;
use crate::model::measurement::DnsQuery;
use crate::text::clean;

/// Networks change hands: after this many days a database is out of date.
pub const OLD_DAYS: i64 = 180;

/// A larger file is not a database of networks (those of 2026 have about 10 MiB).
const MAX_FILE: u64 = 512 << 20;

/// How many characters of a network's name are kept.
const MAX_NAME: usize = 80;

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum AsnError {
    #[error("{path}: cannot be read: {source}")]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{path}: larger than {} MiB", MAX_FILE >> 20)]
    TooLarge { path: PathBuf },
    #[error("{path}: not a database in MaxMind's format: {why}")]
    NotOne { path: PathBuf, why: String },
    #[error("{path}: a database of {kind}, which does not name networks")]
    OfAnotherKind { path: PathBuf, kind: String },
}

impl AsnError {
    /// How to fix it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            AsnError::Unreadable { .. } => {
                "put the file there, let accesswatch's user read it, or take `database` out of [asn]"
            }
            AsnError::TooLarge { .. } | AsnError::NotOne { .. } => {
                "download it again and unpack it: the file ends in .mmdb"
            }
            AsnError::OfAnotherKind { .. } => "use an ASN database, such as GeoLite2-ASN.mmdb",
        }
    }
}

/// A network: an autonomous system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    pub number: u32,
    /// Empty when the database has no name.
    pub name: String,
}

/// The database, in memory.
pub struct Networks {
    reader: maxminddb::Reader<Vec<u8>>,
}

impl std::fmt::Debug for Networks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Networks")
    }
}

/// `MaxMind`'s and DB-IP's names for the number and the organisation; then `IPinfo`'s.
#[derive(Deserialize)]
struct Row {
    autonomous_system_number: Option<u32>,
    autonomous_system_organization: Option<String>,
    asn: Option<String>,
    as_name: Option<String>,
}

impl Networks {
    /// Reads the file.
    ///
    /// # Errors
    /// The file cannot be read, is too large, is not such a database, or has another type.
    pub fn open(path: &Path) -> Result<Self, AsnError> {
        let unreadable = |source| AsnError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(unreadable)?;
        let read = file.take(MAX_FILE + 1).read_to_end(&mut bytes);
        if read.map_err(unreadable)? as u64 > MAX_FILE {
            return Err(AsnError::TooLarge {
                path: path.to_owned(),
            });
        }
        Self::from_bytes(bytes, path)
    }

    /// The same for bytes in memory; `path` is for errors.
    ///
    /// # Errors
    /// As [`Networks::open`].
    pub fn from_bytes(bytes: Vec<u8>, path: &Path) -> Result<Self, AsnError> {
        let not_one = |error: maxminddb::MaxMindDbError| AsnError::NotOne {
            path: path.to_owned(),
            why: clean::line(&error.to_string(), 200),
        };
        let reader = maxminddb::Reader::from_source(bytes).map_err(not_one)?;
        let kind = clean::line(&reader.metadata().database_type, 60);
        let lower = kind.to_ascii_lowercase();
        if !["asn", "isp"].iter().any(|known| lower.contains(known)) {
            return Err(AsnError::OfAnotherKind {
                path: path.to_owned(),
                kind,
            });
        }
        Ok(Self { reader })
    }

    /// When it was built.
    #[must_use]
    pub fn built(&self) -> Time {
        let seconds = i64::try_from(self.reader.metadata().build_epoch).ok();
        seconds
            .and_then(|s| Time::from_timestamp(s, 0))
            .unwrap_or_default()
    }

    /// Its type, such as `GeoLite2-ASN`.
    #[must_use]
    pub fn kind(&self) -> String {
        clean::line(&self.reader.metadata().database_type, 60)
    }

    /// Days since it was built.
    #[must_use]
    pub fn age_days(&self, now: Time) -> i64 {
        (now - self.built()).num_days()
    }

    /// The network of an address. A damaged part of the file gives `None`.
    #[must_use]
    pub fn lookup(&self, ip: IpAddr) -> Option<Network> {
        let row: Row = self.reader.lookup(ip).ok()?.decode().ok()??;
        let digits = row.asn.as_deref().and_then(|asn| asn.strip_prefix("AS"));
        let number = row
            .autonomous_system_number
            .or_else(|| digits?.parse().ok())
            .filter(|number| *number != 0)?;
        let name = row.autonomous_system_organization.or(row.as_name);
        Some(Network {
            number,
            name: clean::line(&name.unwrap_or_default(), MAX_NAME),
        })
    }

    /// Adds the network to every address in answers, where OONI's format has a field for it
    /// (df-002).
    pub fn annotate(&self, queries: &mut [DnsQuery]) {
        for answer in queries.iter_mut().flat_map(|q| &mut q.answers) {
            let address = answer.ipv4.as_deref().or(answer.ipv6.as_deref());
            let network = address.and_then(|a| self.lookup(a.parse().ok()?));
            if let Some(network) = network {
                answer.asn = Some(network.number);
                answer.as_org_name = Some(network.name).filter(|name| !name.is_empty());
            }
        }
    }
}
