//! One WARC record: its headers in a fixed order, its block, and the digests of both.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::net::IpAddr;

use data_encoding::BASE32;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha1::{Digest as _, Sha1};
use uuid::Uuid;

use crate::model::Time;

/// The identity of a record, written as `<urn:uuid:…>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub Uuid);

impl RecordId {
    /// The id of the record of `kind` for hop `hop` of a measurement. The same measurement always
    /// gives the same id, so that evidence that is written again after a crash is recognised.
    #[must_use]
    pub fn derived(measurement: &str, hop: usize, kind: RecordKind) -> Self {
        let name = format!("{measurement}/{hop}/{}", kind.as_str());
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }

    /// The id of the first record of the file with this name.
    #[must_use]
    pub fn of_file(name: &str) -> Self {
        Self(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()))
    }
}

impl std::fmt::Display for RecordId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "urn:uuid:{}", self.0)
    }
}

/// The kinds of record that this module writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum RecordKind {
    WarcInfo,
    Response,
    Request,
    Metadata,
    Revisit,
}

impl RecordKind {
    /// The value of `WARC-Type`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Why a payload is shorter than what the server would have sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Truncated {
    /// The limit on bodies was reached.
    Length,
    /// The time limit was reached.
    Time,
    /// The connection ended.
    Disconnect,
    /// Another reason, which the metadata record names.
    Unspecified,
}

impl Truncated {
    /// The value of `WARC-Truncated`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A digest as WARC files state it: `sha1:` and base 32.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    format!("sha1:{}", BASE32.encode(&Sha1::digest(bytes)))
}

/// One record, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    id: RecordId,
    kind: RecordKind,
    date: Time,
    content_type: &'static str,
    fields: Vec<(&'static str, String)>,
    block: Vec<u8>,
}

impl Record {
    /// A record with this block. `date` is when the exchange began.
    #[must_use]
    pub fn new(
        id: RecordId,
        kind: RecordKind,
        date: Time,
        content_type: &'static str,
        block: Vec<u8>,
    ) -> Self {
        Self {
            id,
            kind,
            date,
            content_type,
            fields: Vec::new(),
            block,
        }
    }

    /// The first record of a file: which program wrote the file, in which format.
    #[must_use]
    pub fn warcinfo(id: RecordId, date: Time, file_name: &str) -> Self {
        let block = format!(
            "software: accesswatch/{}\r\nformat: WARC File Format 1.1\r\n\
             conformsTo: http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n",
            env!("CARGO_PKG_VERSION")
        );
        let kind = RecordKind::WarcInfo;
        Self::new(
            id,
            kind,
            date,
            "application/warc-fields",
            block.into_bytes(),
        )
        .with("WARC-Filename", file_name)
    }

    /// The record with one more header. Control characters in the value become spaces, so that a
    /// value from the network cannot end its line.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        let line = |c: char| if c.is_control() { ' ' } else { c };
        self.fields.push((name, value.chars().map(line).collect()));
        self
    }

    /// The record with the address of the page. Characters that a bare URI cannot hold are
    /// percent-encoded.
    #[must_use]
    pub fn target(self, url: &str) -> Self {
        let mut uri = String::with_capacity(url.len());
        for c in url.chars() {
            if c.is_control() || c.is_whitespace() || matches!(c, '<' | '>') {
                let mut buffer = [0; 4];
                for byte in c.encode_utf8(&mut buffer).bytes() {
                    // Writing to a `String` cannot fail.
                    let _ = write!(uri, "%{byte:02X}");
                }
            } else {
                uri.push(c);
            }
        }
        self.with("WARC-Target-URI", &uri)
    }

    /// The record with a reference to the record it was made with.
    #[must_use]
    pub fn concurrent_to(self, other: RecordId) -> Self {
        self.with("WARC-Concurrent-To", &format!("<{other}>"))
    }

    /// The record with the server's address.
    #[must_use]
    pub fn ip(self, ip: Option<IpAddr>) -> Self {
        match ip {
            Some(ip) => self.with("WARC-IP-Address", &ip.to_string()),
            None => self,
        }
    }

    #[must_use]
    pub fn id(&self) -> RecordId {
        self.id
    }

    #[must_use]
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    #[must_use]
    pub fn date(&self) -> Time {
        self.date
    }

    /// The value of a header that [`Record::with`] set.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn block(&self) -> &[u8] {
        &self.block
    }

    /// The headers, to the empty line.
    fn head(&self) -> String {
        let mut head = format!(
            "WARC/1.1\r\nWARC-Type: {}\r\nWARC-Record-ID: <{}>\r\nWARC-Date: {}\r\n",
            self.kind.as_str(),
            self.id,
            self.date.format("%Y-%m-%dT%H:%M:%S%.6fZ"),
        );
        for (name, value) in &self.fields {
            // Writing to a `String` cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        }
        let _ = write!(
            head,
            "WARC-Block-Digest: {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n",
            digest(&self.block),
            self.content_type,
            self.block.len(),
        );
        head
    }

    /// The record as one gzip member. The member holds no time and no name, so that the same record
    /// gives the same bytes.
    pub fn member(&self) -> io::Result<Vec<u8>> {
        let room = Vec::with_capacity(self.block.len() / 3 + 512);
        let mut gzip = GzEncoder::new(room, Compression::default());
        gzip.write_all(self.head().as_bytes())?;
        gzip.write_all(&self.block)?;
        gzip.write_all(b"\r\n\r\n")?;
        gzip.finish()
    }
}
