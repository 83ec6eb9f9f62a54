//! Reads WARC files back, member by member, and checks their digests.
//!
//! A file may come from anywhere, so the size of every part of a record is limited.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::bufread::GzDecoder;
use thiserror::Error;

use super::record::digest;
use crate::disk;

/// The most bytes of one record after decompression, where the reader sets no other limit.
const MAX_RECORD: u64 = 512 * 1024 * 1024;

/// The most bytes of a record's own headers.
const MAX_HEAD: usize = 64 * 1024;

/// A file could not be read as WARC.
#[derive(Debug, Error)]
pub enum WarcReadError {
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("the record at byte {offset} is cut short")]
    Torn { offset: u64 },
    #[error("the record at byte {offset} is damaged: {what}")]
    Damaged { offset: u64, what: &'static str },
}

/// One record as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The offset of the gzip member.
    pub offset: u64,
    /// The length of the gzip member.
    pub length: u64,
    /// Names as written, values trimmed.
    pub fields: Vec<(String, String)>,
    pub block: Vec<u8>,
}

impl Entry {
    /// The first value of a header; names are compared without regard to case.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        let found = self
            .fields
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The value of `WARC-Record-ID` without its brackets.
    #[must_use]
    pub fn id(&self) -> &str {
        let id = self.field("WARC-Record-ID").unwrap_or_default();
        id.trim_start_matches('<').trim_end_matches('>')
    }

    /// The part of an HTTP block after its head; empty when there is no head.
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        let end = memchr::memmem::find(&self.block, b"\r\n\r\n").map(|at| at + 4);
        end.map_or(&[], |end| &self.block[end..])
    }

    /// The name of the first digest that does not hold. Digests of other algorithms are not
    /// checked.
    #[must_use]
    pub fn broken_digest(&self) -> Option<&'static str> {
        let differs = |name, bytes: &[u8]| {
            self.field(name)
                .is_some_and(|stated| stated.starts_with("sha1:") && stated != digest(bytes))
        };
        if differs("WARC-Block-Digest", &self.block) {
            return Some("WARC-Block-Digest");
        }
        let has_payload = self.field("WARC-Type") == Some("response");
        (has_payload && differs("WARC-Payload-Digest", self.payload()))
            .then_some("WARC-Payload-Digest")
    }
}

/// Iterates over the records of a file.
#[derive(Debug)]
pub struct WarcReader<R> {
    input: R,
    offset: u64,
    failed: bool,
    /// The most bytes of one record after decompression.
    limit: u64,
}

impl WarcReader<BufReader<File>> {
    /// A reader of the file at `path`.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self::new(BufReader::new(File::open(path)?)))
    }

    /// A reader that begins at the member at `offset`.
    pub fn open_at(path: &Path, offset: u64) -> io::Result<Self> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        let mut reader = Self::new(BufReader::new(file));
        reader.offset = offset;
        Ok(reader)
    }
}

impl<R: BufRead> WarcReader<R> {
    pub fn new(input: R) -> Self {
        Self {
            input,
            offset: 0,
            failed: false,
            limit: MAX_RECORD,
        }
    }

    /// The same reader, for records of at most `limit` bytes after decompression.
    #[must_use]
    pub fn with_limit(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// A reader of what begins at `offset` of a file, where `input` stands.
    pub fn starting_at(input: R, offset: u64) -> Self {
        Self {
            offset,
            ..Self::new(input)
        }
    }

    /// Where the next member begins: after the last whole one.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    fn entry(&mut self) -> Result<Entry, WarcReadError> {
        let offset = self.offset;
        let damaged = |what| WarcReadError::Damaged { offset, what };
        let mut counted = Counted {
            inner: &mut self.input,
            count: 0,
        };
        let mut text = Vec::new();
        let member = GzDecoder::new(&mut counted)
            .take(self.limit.saturating_add(1))
            .read_to_end(&mut text);
        let length = counted.count;
        match member {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(WarcReadError::Torn { offset });
            }
            Err(error) if is_damage(&error) => {
                return Err(damaged("it is not a complete gzip member"));
            }
            Err(error) => return Err(error.into()),
            Ok(_) if text.len() as u64 > self.limit => return Err(damaged("it is too large")),
            Ok(_) => {}
        }
        let (fields, start) = head(&text).ok_or_else(|| damaged("its headers cannot be read"))?;
        let entry = Entry {
            offset,
            length,
            fields,
            block: Vec::new(),
        };
        let announced = entry
            .field("Content-Length")
            .and_then(|text| text.parse::<usize>().ok());
        let end = announced
            .and_then(|announced| start.checked_add(announced))
            .filter(|end| text.get(*end..) == Some(b"\r\n\r\n".as_slice()))
            .ok_or_else(|| damaged("its length is not the announced one"))?;
        text.truncate(end);
        text.drain(..start);
        self.offset += length;
        Ok(Entry {
            block: text,
            ..entry
        })
    }
}

fn is_damage(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
    )
}

impl<R: BufRead> Iterator for WarcReader<R> {
    type Item = Result<Entry, WarcReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        match self.input.fill_buf() {
            Ok([]) => return None,
            Ok(_) => {}
            Err(error) => {
                self.failed = true;
                return Some(Err(error.into()));
            }
        }
        let entry = self.entry();
        self.failed = entry.is_err();
        Some(entry)
    }
}

/// The headers of a record, and the offset of its block.
fn head(text: &[u8]) -> Option<(Vec<(String, String)>, usize)> {
    let within = &text[..text.len().min(MAX_HEAD)];
    let end = memchr::memmem::find(within, b"\r\n\r\n")?;
    let head = std::str::from_utf8(&within[..end]).ok()?;
    let mut lines = head.split("\r\n");
    if !lines.next()?.starts_with("WARC/1.") {
        return None;
    }
    let fields = lines
        .map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.trim().to_owned()))
        })
        .collect::<Option<Vec<_>>>()?;
    Some((fields, end + 4))
}

/// Counts the bytes that a decoder takes.
struct Counted<'r, R> {
    inner: &'r mut R,
    count: u64,
}

impl<R: BufRead> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.count += count as u64;
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.count += amount as u64;
        self.inner.consume(amount);
    }
}

/// Moves what follows the last whole record of the file to `FILE.torn`, after what that file holds
/// already. Returns where it was moved to; `None` when the file ends with a whole record.
pub(in crate::evidence) fn set_torn_end_aside(
    path: &Path,
) -> Result<Option<PathBuf>, WarcReadError> {
    let mut source = File::open(path)?;
    let size = source.metadata()?.len();
    let whole = end_of_whole_records(&mut source, size)?;
    if whole == size {
        return Ok(None);
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".torn");
    let aside = PathBuf::from(name);
    source.seek(SeekFrom::Start(whole))?;
    let mut target = OpenOptions::new().append(true).create(true).open(&aside)?;
    io::copy(&mut source, &mut target)?;
    target.sync_all()?;
    let file = OpenOptions::new().write(true).open(path)?;
    file.set_len(whole)?;
    file.sync_all()?;
    disk::sync_folder(path)?;
    Ok(Some(aside))
}

/// The first bytes of every gzip member that this module writes.
const MEMBER: &[u8] = &[0x1f, 0x8b, 0x08];

/// The first bytes of every record, decompressed.
const RECORD: &[u8; 7] = b"WARC/1.";

/// Bytes that are searched at once for the last member, from the end.
const STEP: u64 = 1024 * 1024;

/// The end of the last whole member. Only the end of the file is read: a damaged record in the
/// middle is not a torn end.
fn end_of_whole_records(file: &mut File, size: u64) -> io::Result<u64> {
    let mut end = size;
    while end > 0 {
        let start = end.saturating_sub(STEP);
        file.seek(SeekFrom::Start(start))?;
        // A member's first bytes may lie across the end of the step.
        let length = (end - start) + MEMBER.len() as u64 - 1;
        let mut bytes = Vec::new();
        Read::by_ref(file).take(length).read_to_end(&mut bytes)?;
        for at in memchr::memmem::rfind_iter(&bytes, MEMBER) {
            let offset = start + at as u64;
            file.seek(SeekFrom::Start(offset))?;
            if let Some(length) = whole_member(file)? {
                return Ok(offset + length);
            }
        }
        end = start;
    }
    Ok(0)
}

/// The length of the member that begins at the file's position; `None` when the data there is torn
/// or is not a member.
fn whole_member(file: &mut File) -> io::Result<Option<u64>> {
    match WarcReader::new(BufReader::new(file)).next() {
        Some(Ok(entry)) => Ok(Some(entry.length)),
        Some(Err(WarcReadError::Io(error))) => Err(error),
        Some(Err(_)) | None => Ok(None),
    }
}

/// Where the first record at or after `from` begins; `None` when there is none. A record is known
/// by its first decompressed bytes.
pub fn next_record<R: BufRead + Seek>(input: &mut R, from: u64) -> io::Result<Option<u64>> {
    let mut start = from;
    loop {
        input.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        // A member may begin with its last bytes after the step.
        let length = STEP + MEMBER.len() as u64 - 1;
        input.by_ref().take(length).read_to_end(&mut bytes)?;
        for at in memchr::memmem::find_iter(&bytes, MEMBER) {
            let offset = start + at as u64;
            input.seek(SeekFrom::Start(offset))?;
            if begins_record(input) {
                return Ok(Some(offset));
            }
        }
        if (bytes.len() as u64) < length {
            return Ok(None);
        }
        start += STEP;
    }
}

fn begins_record(input: &mut impl BufRead) -> bool {
    let mut first = [0; RECORD.len()];
    let read = GzDecoder::new(input).read_exact(&mut first);
    read.is_ok() && first == *RECORD
}
