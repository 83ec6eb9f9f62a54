//! What agent and hub say to each other through the broker, besides records, tasks and workspaces,
//! which are as over HTTPS.

use std::io::{self, Read as _, Write as _};

use flate2::Compression;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::model::link_task::LinkTask;
use crate::model::{ProbeKey, Time};

/// What the hub answers to a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelloReply {
    Heard {
        clock: Time,
        /// Why records were refused since the last report.
        #[serde(default)]
        refused: Vec<String>,
    },
    /// The versions do not fit; which one to install.
    OtherFormat(String),
    /// The hub has no such vantage, or cannot read the report.
    Refused(String),
}

/// One task of the work queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FleetTask {
    /// A round that a person asked for.
    Round(ProbeKey),
    /// The check of a cited link.
    Link(LinkTask),
}

/// Packs a message.
pub fn pack(plain: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain)?;
    encoder.finish()
}

/// Unpacks a message that has at most `most` bytes.
pub fn unpack(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    let limit = most as u64 + 1;
    MultiGzDecoder::new(packed)
        .take(limit)
        .read_to_end(&mut plain)?;
    if plain.len() > most {
        let why = format!("it is longer than {most} bytes unpacked");
        return Err(io::Error::other(why));
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_message_that_unpacks_to_a_large_one_is_refused() {
        let packed = pack(&vec![b' '; 2000]).unwrap();
        assert_eq!(unpack(&packed, 2000).unwrap().len(), 2000);
        assert!(unpack(&packed, 1999).is_err());
        assert!(unpack(b"no gzip", 100).is_err());
    }
}
