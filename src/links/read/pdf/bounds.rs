//! What bounds the reading of a PDF: how much its streams unpack to, and how long its pages take.

use std::io::Read;
use std::time::{Duration, Instant};

use flate2::read::ZlibDecoder;
use hayro_interpret::hayro_syntax::object::stream::Stream;
use hayro_interpret::hayro_syntax::object::{Array, Object};
use hayro_interpret::hayro_syntax::page::Page;

use crate::links::read::error::{Limits, ReadError};

/// The pages of a file are read for so many seconds at most.
pub const SECONDS: u64 = 10;

/// Most bytes that one stream of a file unpacks to, pictures aside.
const STREAM_BYTES: u64 = 64 * 1024 * 1024;

/// How many bytes before a stream are searched for its dictionary.
const DICTIONARY_BYTES: usize = 2048;

/// Most bytes of one compressed stream for an old filter, which we do not measure.
const LZW_BYTES: usize = 256 * 1024;

/// A page took too long; what the reading thread is unwound with.
#[derive(Debug)]
pub struct TimeIsUp;

/// When the reading of a file ends at the latest.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn start() -> Self {
        Self(Instant::now() + Duration::from_secs(SECONDS))
    }

    /// Unwinds the thread when the time is up: the interpreter has no way to stop it.
    pub fn check(self) {
        if Instant::now() > self.0 {
            std::panic::resume_unwind(Box::new(TimeIsUp));
        }
    }
}

/// Measures what the streams of a file unpack to before anything interprets them. Pictures are not
/// measured, because they are never unpacked.
pub fn check_streams(bytes: &[u8], total: u64) -> Result<(), ReadError> {
    let mut left = total;
    let mut from = 0;
    while let Some(found) = memchr::memmem::find(&bytes[from..], b"stream") {
        let keyword = from + found;
        from = keyword + b"stream".len();
        if keyword >= 3 && &bytes[keyword - 3..keyword] == b"end" {
            continue;
        }
        let data = &bytes[from..];
        let data = data.strip_prefix(b"\r").unwrap_or(data);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        // A zlib stream: deflate, and a check sum over the two bytes of its head.
        let is_zlib = data.len() > 2
            && data[0] & 0x0f == 8
            && (u16::from(data[0]) * 256 + u16::from(data[1])).is_multiple_of(31);
        if !is_zlib || is_picture(&bytes[keyword.saturating_sub(DICTIONARY_BYTES)..keyword]) {
            continue;
        }
        left -= unpacked_size(data, left.min(STREAM_BYTES))?;
    }
    Ok(())
}

/// Whether the dictionary before a stream is that of a picture.
fn is_picture(before: &[u8]) -> bool {
    let start = memchr::memmem::rfind(before, b" obj").unwrap_or(0);
    let dictionary = &before[start..];
    let has = |key: &[u8]| memchr::memmem::find(dictionary, key).is_some();
    has(b"/Image") && has(b"/Width") && !has(b"/ObjStm") && !has(b"/XRef")
}

/// How many bytes a zlib stream unpacks to. A damaged stream counts as far as it goes.
fn unpacked_size(data: &[u8], most: u64) -> Result<u64, ReadError> {
    let mut buffer = [0; 16 * 1024];
    let mut inner = ZlibDecoder::new(data);
    let (mut size, mut head) = (0, Vec::new());
    while let Ok(read @ 1..) = inner.read(&mut buffer) {
        size += read as u64;
        Limits::bound("a stream, unpacked,", size, most)?;
        if head.len() < 2 {
            head.extend_from_slice(&buffer[..read.min(2)]);
        }
    }
    Ok(size)
}

/// How much content the pages of a file have together. Many pages may name one stream.
pub struct ContentBudget {
    total: u64,
    left: u64,
}

impl ContentBudget {
    pub fn new(total: u64) -> Self {
        Self { total, left: total }
    }

    /// Counts the content of a page before it is unpacked.
    pub fn charge(&mut self, page: &Page<'_>) -> Result<(), ReadError> {
        let contents = match page.raw().get::<Object<'_>>("Contents") {
            Some(Object::Stream(stream)) => vec![stream],
            Some(Object::Array(streams)) => streams_of(&streams),
            _ => Vec::new(),
        };
        for stream in contents {
            let size = self.size(&stream)?;
            let what = "the content of its pages, unpacked,";
            let used = self.total - self.left + size;
            Limits::bound(what, used, self.total)?;
            self.left -= size;
        }
        Ok(())
    }

    fn size(&self, stream: &Stream<'_>) -> Result<u64, ReadError> {
        let packed = stream.raw_data();
        let filters = stream.filters();
        if filters.is_empty() {
            return Ok(packed.len() as u64);
        }
        let names: Vec<String> = filters.iter().map(|filter| format!("{filter:?}")).collect();
        let is_flate = |name: &String| name.contains("Flate");
        if names.iter().any(|name| name.contains("Lzw")) {
            let most = LZW_BYTES as u64;
            Limits::bound("a stream of the LZW filter", packed.len() as u64, most)?;
        }
        if names.len() > 1 && names.iter().filter(|name| is_flate(name)).count() > 1 {
            let what = "the number of compressions of one stream";
            return Err(ReadError::TooLarge { what, limit: 1 });
        }
        if names.first().is_some_and(is_flate) {
            return unpacked_size(&packed, self.left.min(STREAM_BYTES));
        }
        Ok(packed.len() as u64)
    }
}

fn streams_of<'a>(streams: &Array<'a>) -> Vec<Stream<'a>> {
    streams.iter::<Stream<'_>>().collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn stream(dictionary: &str, zeros: usize) -> Vec<u8> {
        let mut packed =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&vec![b' '; zeros]).unwrap();
        let mut bytes = format!("1 0 obj\n<<{dictionary}>>\nstream\n").into_bytes();
        bytes.extend(packed.finish().unwrap());
        bytes.extend(b"\nendstream\nendobj\n");
        bytes
    }

    #[test]
    fn streams_are_measured_together_and_pictures_are_not() {
        let flate = "/Filter/FlateDecode";
        let picture = "/Subtype/Image/Width 9/Filter/FlateDecode";
        let fake = "/Type/ObjStm/Subtype/Image/Width 9/Filter/FlateDecode";
        let file = [
            stream(flate, 600_000),
            stream(flate, 300_000),
            stream(picture, 900_000),
        ]
        .concat();
        assert_eq!(check_streams(&file, 1_000_000), Ok(()));
        assert!(check_streams(&file, 800_000).is_err());
        assert!(check_streams(&stream(fake, 900_000), 800_000).is_err());
    }

    #[test]
    fn a_stream_that_unpacks_to_very_much_is_refused_whatever_the_total() {
        let file = stream("/Filter/FlateDecode", 70 * 1024 * 1024);
        assert!(file.len() < 200_000);
        let error = check_streams(&file, u64::MAX).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn what_is_no_stream_is_passed_over() {
        for bytes in [
            &b""[..],
            b"stream",
            b"endstream",
            b"stream\n\x78",
            b"stream\r\n\x78\x9cxx",
        ] {
            assert_eq!(check_streams(bytes, 10), Ok(()));
        }
    }
}
