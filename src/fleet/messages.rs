//! What agent and hub say to each other through the broker, besides records, tasks and workspaces,
//! which are as over HTTPS.

use std::io::{self, Read as _, Write as _};

use async_nats::HeaderMap;
use async_nats::header::{NATS_STREAM, NATS_SUBJECT};
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

/// Whether a message is the broker's answer to somebody who asked for a kept one, and not a message
/// that was published: the broker puts such an answer at any subject that the asker names.
#[must_use]
pub fn is_copy(headers: Option<&HeaderMap>) -> bool {
    headers.is_some_and(|headers| headers.get(NATS_STREAM).is_some())
}

/// Whether the answer to a request for the newest value of a key holds what was published there. A
/// copy from elsewhere states its own place too, before this one.
#[must_use]
pub fn is_published_at(headers: Option<&HeaderMap>, stream: &str, subject: &str) -> bool {
    headers.is_some_and(|headers| {
        let is_only = |name, wanted: &str| {
            let mut values = headers.get_all::<async_nats::HeaderName>(name);
            values.next().is_some_and(|v| v.as_str() == wanted) && values.next().is_none()
        };
        is_only(NATS_STREAM, stream) && is_only(NATS_SUBJECT, subject)
    })
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
    fn a_copy_is_known_by_the_place_that_it_states_before_this_one() {
        let mut headers = HeaderMap::new();
        assert!(!is_copy(None) && !is_copy(Some(&headers)));
        headers.append(NATS_STREAM, "KV_aw-workspace");
        headers.append(NATS_SUBJECT, "$KV.aw-workspace.osaka");
        let is_own = |headers: &HeaderMap| {
            is_published_at(Some(headers), "KV_aw-workspace", "$KV.aw-workspace.osaka")
        };
        assert!(is_copy(Some(&headers)) && is_own(&headers));
        // The workspace of another vantage, copied to this key.
        let mut copied = HeaderMap::new();
        copied.append(NATS_STREAM, "KV_aw-workspace");
        copied.append(NATS_SUBJECT, "$KV.aw-workspace.seoul");
        assert!(!is_own(&copied));
        copied.append(NATS_STREAM, "KV_aw-workspace");
        copied.append(NATS_SUBJECT, "$KV.aw-workspace.osaka");
        assert!(!is_own(&copied));
        assert!(!is_published_at(
            None,
            "KV_aw-workspace",
            "$KV.aw-workspace.osaka"
        ));
    }

    #[test]
    fn a_small_message_that_unpacks_to_a_large_one_is_refused() {
        let packed = pack(&vec![b' '; 2000]).unwrap();
        assert_eq!(unpack(&packed, 2000).unwrap().len(), 2000);
        assert!(unpack(&packed, 1999).is_err());
        assert!(unpack(b"no gzip", 100).is_err());
    }
}
