//! A ZIP archive with some of its parts replaced: the others keep their compressed bytes, their
//! headers and their order.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::Range;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use crate::links::read::office::archive::comparable;

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
/// Bytes of the record at the end without its comment, and the longest comment.
const END_BYTES: usize = 22;
const MAX_COMMENT: usize = 0xffff;
/// The sizes of a part follow its data.
const HAS_DESCRIPTOR: u16 = 1 << 3;
const IS_ENCRYPTED: u16 = 1;
const DEFLATED: u16 = 8;

/// The archive with these parts, by their names as packages compare them; `None` for an archive
/// that is written in an unusual way.
pub(super) fn with_parts(bytes: &[u8], parts: &BTreeMap<String, Vec<u8>>) -> Option<Vec<u8>> {
    let directory = Directory::read(bytes)?;
    let mut out = Vec::with_capacity(bytes.len() + 64 * 1024);
    let first = directory.by_offset.first()?;
    out.extend_from_slice(bytes.get(..directory.entries[*first].offset)?);
    let mut written: BTreeMap<usize, Written> = BTreeMap::new();
    let mut left = parts.len();
    for (place, number) in directory.by_offset.iter().enumerate() {
        let entry = &directory.entries[*number];
        let next = directory.by_offset.get(place + 1);
        let end = next.map_or(directory.range.start, |next| {
            directory.entries[*next].offset
        });
        let region = bytes.get(entry.offset..end)?;
        let offset = out.len();
        let name = comparable(&String::from_utf8_lossy(entry.name(bytes)?));
        let replaced = if let Some(part) = parts.get(&name) {
            // Two parts of one name: which of them counts, readers decide.
            left = left.checked_sub(1)?;
            Some(replaced(region, part, &mut out)?)
        } else {
            out.extend_from_slice(region);
            None
        };
        written.insert(*number, Written { offset, replaced });
    }
    if left > 0 {
        return None;
    }
    let begin = out.len();
    for (number, entry) in directory.entries.iter().enumerate() {
        let mut record = bytes.get(entry.record.clone())?.to_vec();
        written.get(&number)?.patch(&mut record)?;
        out.extend_from_slice(&record);
    }
    let size = u32::try_from(out.len() - begin).ok()?;
    let mut end = bytes.get(directory.range.end..)?.to_vec();
    put(&mut end, 12, &size.to_le_bytes())?;
    put(&mut end, 16, &u32::try_from(begin).ok()?.to_le_bytes())?;
    out.extend_from_slice(&end);
    Some(out)
}

/// The directory of an archive.
struct Directory {
    entries: Vec<DirectoryEntry>,
    /// The numbers of the entries in the order of their data.
    by_offset: Vec<usize>,
    range: Range<usize>,
}

struct DirectoryEntry {
    /// Its bytes in the directory.
    record: Range<usize>,
    /// Where its data begins, with a header.
    offset: usize,
    name_bytes: usize,
}

impl DirectoryEntry {
    fn name<'a>(&self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let begin = self.record.start + 46;
        bytes.get(begin..begin + self.name_bytes)
    }
}

impl Directory {
    fn read(bytes: &[u8]) -> Option<Self> {
        let end = end_record(bytes)?;
        let count = usize::from(u16_at(bytes, end + 10)?);
        let size = usize::try_from(u32_at(bytes, end + 12)?).ok()?;
        let begin = usize::try_from(u32_at(bytes, end + 16)?).ok()?;
        // Bytes before the archive, larger archives, and signatures of the directory are unusual.
        if begin.checked_add(size)? != end || count == 0xffff {
            return None;
        }
        let mut entries = Vec::new();
        let mut at = begin;
        for _ in 0..count {
            if u32_at(bytes, at)? != CENTRAL {
                return None;
            }
            let length = |field| u16_at(bytes, at + field).map(usize::from);
            let name_bytes = length(28)?;
            let next = at + 46 + name_bytes + length(30)? + length(32)?;
            let offset = usize::try_from(u32_at(bytes, at + 42)?).ok()?;
            let is_local = u32_at(bytes, offset)? == LOCAL && offset < begin;
            if !is_local || next > end {
                return None;
            }
            entries.push(DirectoryEntry {
                record: at..next,
                offset,
                name_bytes,
            });
            at = next;
        }
        let mut by_offset: Vec<usize> = (0..entries.len()).collect();
        by_offset.sort_by_key(|number| entries[*number].offset);
        let is_apart = by_offset
            .windows(2)
            .all(|pair| entries[pair[0]].offset < entries[pair[1]].offset);
        (at == end && is_apart).then_some(Self {
            entries,
            by_offset,
            range: begin..end,
        })
    }
}

/// Where the record at the end of the archive begins.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    let first = last.saturating_sub(MAX_COMMENT);
    (first..=last).rev().find(|at| {
        let comment = u16_at(bytes, at + 20).map(usize::from);
        u32_at(bytes, *at) == Some(END) && comment == Some(last - at)
    })
}

/// What became of an entry.
struct Written {
    offset: usize,
    replaced: Option<NewPart>,
}

/// The header's figures of a new part.
struct NewPart {
    flags: u16,
    method: u16,
    crc: u32,
    compressed: u32,
    size: u32,
}

impl Written {
    /// Writes the new figures into the entry of the directory.
    fn patch(&self, record: &mut [u8]) -> Option<()> {
        if let Some(part) = &self.replaced {
            put(record, 8, &part.flags.to_le_bytes())?;
            put(record, 10, &part.method.to_le_bytes())?;
            put(record, 16, &part.crc.to_le_bytes())?;
            put(record, 20, &part.compressed.to_le_bytes())?;
            put(record, 24, &part.size.to_le_bytes())?;
        }
        put(record, 42, &u32::try_from(self.offset).ok()?.to_le_bytes())
    }
}

/// Writes another part in place of the one in `region`.
fn replaced(region: &[u8], part: &[u8], out: &mut Vec<u8>) -> Option<NewPart> {
    let flags = u16_at(region, 6)?;
    let method = u16_at(region, 8)?;
    let header = 30 + usize::from(u16_at(region, 26)?) + usize::from(u16_at(region, 28)?);
    if flags & IS_ENCRYPTED != 0 || !matches!(method, 0 | DEFLATED) {
        return None;
    }
    let data = if method == DEFLATED {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(part).ok()?;
        encoder.finish().ok()?
    } else {
        part.to_vec()
    };
    let mut crc = Crc::new();
    crc.update(part);
    let new = NewPart {
        flags: flags & !HAS_DESCRIPTOR,
        method,
        crc: crc.sum(),
        compressed: u32::try_from(data.len()).ok()?,
        size: u32::try_from(part.len()).ok()?,
    };
    let mut head = region.get(..header)?.to_vec();
    put(&mut head, 6, &new.flags.to_le_bytes())?;
    put(&mut head, 14, &new.crc.to_le_bytes())?;
    put(&mut head, 18, &new.compressed.to_le_bytes())?;
    put(&mut head, 22, &new.size.to_le_bytes())?;
    out.extend_from_slice(&head);
    out.extend_from_slice(&data);
    Some(new)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let field = bytes.get(at..at.checked_add(2)?)?;
    field.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let field = bytes.get(at..at.checked_add(4)?)?;
    field.try_into().ok().map(u32::from_le_bytes)
}

fn put(bytes: &mut [u8], at: usize, field: &[u8]) -> Option<()> {
    bytes.get_mut(at..at + field.len())?.copy_from_slice(field);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::error::Limits;
    use crate::links::read::office::archive::Archive;
    use crate::links::read::office::testing;

    fn part(name: &str, text: &str) -> BTreeMap<String, Vec<u8>> {
        BTreeMap::from([(name.to_owned(), text.as_bytes().to_vec())])
    }

    #[test]
    fn one_part_is_replaced_and_the_others_keep_their_bytes() {
        let before = testing::archive(&[("a.xml", "<a/>"), ("b.xml", "old"), ("c.xml", "<c/>")]);
        let after = with_parts(&before, &part("b.xml", "new and longer")).unwrap();
        let mut archive = Archive::open("ZIP", &after, Limits::DEFAULT).unwrap();
        for (name, text) in [
            ("a.xml", "<a/>"),
            ("b.xml", "new and longer"),
            ("c.xml", "<c/>"),
        ] {
            assert_eq!(archive.required(name).unwrap(), text);
        }
        let begin = before.windows(4).position(|w| w == b"b.xm").unwrap() - 30;
        assert_eq!(before[..begin], after[..begin]);
        assert_eq!(with_parts(&before, &BTreeMap::new()).unwrap(), before);
    }

    #[test]
    fn what_is_no_usual_archive_is_not_written() {
        let zip = testing::archive(&[("a.xml", "<a/>")]);
        assert!(with_parts(&zip, &part("b.xml", "x")).is_none());
        let mut shifted = b"prefix".to_vec();
        shifted.extend_from_slice(&zip);
        assert!(with_parts(&shifted, &part("a.xml", "x")).is_none());
        for length in 0..zip.len() {
            assert!(with_parts(&zip[..length], &part("a.xml", "x")).is_none());
        }
        assert!(with_parts(&[0xff; 100], &BTreeMap::new()).is_none());
    }

    proptest::proptest! {
        #[test]
        fn a_broken_archive_is_survived(at in 0_usize..120, byte in 0_u8..=255) {
            let mut zip = testing::archive(&[("a.xml", "<a/>"), ("b.xml", "<b/>")]);
            let at = at % zip.len();
            zip[at] = byte;
            let _ = with_parts(&zip, &part("a.xml", "x"));
        }
    }
}
