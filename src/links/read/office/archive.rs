//! A ZIP archive from elsewhere, read part by part and never unpacked to disk.
//!
//! The sizes that an archive states are not believed: what is counted is what comes out.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::links::read::error::{Limits, ReadError};

/// Most bytes of one part. A larger part is a bomb, or a table of millions of rows.
const PART_BYTES: u64 = 64 * 1024 * 1024;

/// The part of an archive that says whether `OpenDocument` or Hangul files are encrypted.
const MANIFEST: &str = "META-INF/manifest.xml";

pub struct Archive<'a> {
    format: &'static str,
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Names in lower case with `/`, as packages compare them.
    names: HashMap<String, usize>,
    limits: Limits,
    unpacked: u64,
}

impl<'a> Archive<'a> {
    /// Reads the directory of an archive. `format` names the document in errors.
    pub fn open(format: &'static str, bytes: &'a [u8], limits: Limits) -> Result<Self, ReadError> {
        Limits::bound("the file", bytes.len() as u64, limits.file_bytes)?;
        let zip =
            ZipArchive::new(Cursor::new(bytes)).map_err(|why| ReadError::damaged(format, why))?;
        Limits::bound(
            "the number of parts in the archive",
            zip.len() as u64,
            limits.entries,
        )?;
        let names = (0..zip.len())
            .filter_map(|index| {
                let name = zip.name_for_index(index)?.ok()?;
                Some((comparable(&name), index))
            })
            .collect();
        Ok(Self {
            format,
            zip,
            names,
            limits,
            unpacked: 0,
        })
    }

    pub fn format(&self) -> &'static str {
        self.format
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The names of the parts that begin with `prefix` (in lower case), as packages compare them.
    pub fn names_under(&self, prefix: &str) -> Vec<String> {
        let under = self.names.keys().filter(|name| name.starts_with(prefix));
        under.cloned().collect()
    }

    /// A part as text, or `None` when the archive has no such part.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        Ok(self.bytes(name)?.map(decode))
    }

    /// A part as text. A document without that part is damaged.
    pub fn required(&mut self, name: &str) -> Result<String, ReadError> {
        let format = self.format;
        self.text(name)?.ok_or_else(|| {
            ReadError::damaged(format, format_args!("the archive has no part {name}"))
        })
    }

    /// The bytes of a part, or `None` when the archive has no such part.
    pub fn bytes(&mut self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some(&index) = self.names.get(&comparable(name)) else {
            return Ok(None);
        };
        let format = self.format;
        let part = self.zip.by_index(index).map_err(|why| match why {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => ReadError::Encrypted,
            other => ReadError::damaged(format, other),
        })?;
        let left = self.limits.unpacked_bytes - self.unpacked;
        let most = PART_BYTES.min(left);
        let mut bytes = Vec::new();
        part.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|why| ReadError::damaged(format, why))?;
        let read = bytes.len() as u64;
        Limits::bound("a part of the archive, unpacked,", read, PART_BYTES)?;
        let unpacked = self.unpacked + read;
        Limits::bound(
            "the archive, unpacked,",
            unpacked,
            self.limits.unpacked_bytes,
        )?;
        self.unpacked = unpacked;
        Ok(Some(bytes))
    }

    /// Fails when the archive's manifest says that its parts are encrypted.
    pub fn refuse_encrypted(&mut self) -> Result<(), ReadError> {
        match self.text(MANIFEST)? {
            Some(manifest) if manifest.contains("encryption-data") => Err(ReadError::Encrypted),
            _ => Ok(()),
        }
    }
}

/// The name of a part as packages compare it.
pub(in crate::links) fn comparable(name: &str) -> String {
    name.trim_start_matches('/')
        .replace('\\', "/")
        .to_ascii_lowercase()
}

/// XML is UTF-8 unless its first bytes say UTF-16.
fn decode(bytes: Vec<u8>) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(&bytes) {
        return encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned();
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::office::testing;

    fn limits(change: impl Fn(&mut Limits)) -> Limits {
        let mut limits = Limits::DEFAULT;
        change(&mut limits);
        limits
    }

    #[test]
    fn a_part_is_found_whatever_its_case_and_slashes() {
        let bytes = testing::archive(&[("Word\\Document.xml", "<a/>")]);
        let mut archive = Archive::open("DOCX", &bytes, Limits::DEFAULT).unwrap();
        assert_eq!(archive.required("word/document.xml").unwrap(), "<a/>");
        assert_eq!(archive.required("/word/document.xml").unwrap(), "<a/>");
        assert_eq!(archive.text("word/styles.xml").unwrap(), None);
    }

    #[test]
    fn parts_are_bounded_by_what_comes_out_of_them() {
        let zeros = "0".repeat(300_000);
        let bytes = testing::archive(&[("a.xml", &zeros), ("b.xml", &zeros)]);
        assert!(bytes.len() < 10_000, "{}", bytes.len());
        let limits = limits(|limits| limits.unpacked_bytes = 500_000);
        let mut archive = Archive::open("DOCX", &bytes, limits).unwrap();
        archive.required("a.xml").unwrap();
        let error = archive.required("b.xml").unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { .. }), "{error}");
    }

    #[test]
    fn a_bomb_of_one_part_ends_at_the_limit_of_a_part() {
        let mebibytes = 70;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        zip.start_file("a.xml", zip::write::SimpleFileOptions::default())
            .unwrap();
        for _ in 0..mebibytes {
            std::io::Write::write_all(&mut zip, &vec![b' '; 1024 * 1024]).unwrap();
        }
        let bytes = zip.finish().unwrap().into_inner();
        let mut archive = Archive::open("DOCX", &bytes, Limits::DEFAULT).unwrap();
        let error = archive.required("a.xml").unwrap_err();
        assert!(
            error.to_string().contains("a part of the archive"),
            "{error}"
        );
    }

    #[test]
    fn an_archive_of_too_many_parts_is_not_read() {
        let bytes = testing::archive(&[("a", ""), ("b", ""), ("c", "")]);
        let limits = limits(|limits| limits.entries = 2);
        let error = Archive::open("DOCX", &bytes, limits).err().unwrap();
        assert!(error.to_string().contains("number of parts"), "{error}");
    }

    #[test]
    fn a_cut_archive_is_damaged() {
        let bytes = testing::archive(&[("a.xml", "<a/>")]);
        for length in [0, 10, bytes.len() / 2, bytes.len() - 4] {
            let error = Archive::open("ODT", &bytes[..length], Limits::DEFAULT);
            assert!(
                matches!(error, Err(ReadError::Damaged { .. })),
                "{length} bytes"
            );
        }
    }

    #[test]
    fn utf_16_is_decoded_by_its_mark() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("<a>统计</a>".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(decode(bytes), "<a>统计</a>");
        assert_eq!(decode("\u{feff}<a/>".as_bytes().to_vec()), "<a/>");
    }
}
