//! Shortcuts of Windows (`.url`) and of macOS (`.webloc`).

use super::xml_records;
use crate::links::read::block::{Block, Hyperlink, RawDocument};
use crate::links::read::error::ReadError;
use crate::model::citation::Place;

/// Reads an Internet shortcut.
pub fn read_url(text: &str) -> Result<RawDocument, ReadError> {
    let target = text.lines().enumerate().find_map(|(n, line)| {
        let (name, value) = line.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("url")
            .then_some((n, value))
    });
    let (line, target) = target.ok_or_else(|| ReadError::damaged("shortcut", "it has no URL"))?;
    Ok(document(
        u32::try_from(line + 1).unwrap_or(u32::MAX),
        target,
    ))
}

/// Reads a property list in XML.
pub fn read_webloc(text: &str) -> Result<RawDocument, ReadError> {
    let mut target = None;
    xml_records::for_each(
        "webloc",
        text,
        |name| name == "dict",
        |dict| {
            let is_url = dict
                .children
                .iter()
                .position(|c| c.name == "key" && c.text.trim() == "URL");
            let value = is_url.and_then(|n| dict.children.get(n + 1));
            target = target.take().or(value.map(|v| v.text.clone()));
        },
    )?;
    let target = target.ok_or_else(|| ReadError::damaged("webloc", "it has no URL"))?;
    Ok(document(1, &target))
}

/// Reads a property list in Apple's binary form: its strings are ASCII with their length before
/// them.
pub fn read_binary_webloc(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    let at = memchr::memmem::find(bytes, b"http");
    let found = at.and_then(|at| {
        let marker = |back: usize| at.checked_sub(back).and_then(|n| bytes.get(n)).copied();
        let length = match (marker(1)?, marker(2), marker(3), marker(4)) {
            // An integer of one byte, or of two, holds the length.
            (length, Some(0x10), Some(0x5f), _) => usize::from(length),
            (low, Some(high), Some(0x11), Some(0x5f)) => usize::from(high) << 8 | usize::from(low),
            (short, ..) if short >> 4 == 5 && short != 0x5f => usize::from(short & 0xf),
            _ => return None,
        };
        std::str::from_utf8(bytes.get(at..at + length)?).ok()
    });
    let target = found.ok_or_else(|| ReadError::damaged("webloc", "it has no URL"))?;
    Ok(document(1, target))
}

fn document(line: u32, target: &str) -> RawDocument {
    let target = target.trim().to_owned();
    let block = Block {
        place: Place::Line(line),
        links: vec![Hyperlink {
            range: 0..target.len(),
            target: target.clone(),
        }],
        text: target,
        title: None,
        accessed: None,
    };
    RawDocument {
        blocks: vec![block],
        ..RawDocument::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(document: Result<RawDocument, ReadError>) -> String {
        document.unwrap().blocks[0].links[0].target.clone()
    }

    #[test]
    fn shortcuts_lead_where_they_say() {
        assert_eq!(
            target(read_url(
                "[InternetShortcut]\r\nURL=https://a.example/?x=1\r\n"
            )),
            "https://a.example/?x=1"
        );
        let plist = "<?xml version=\"1.0\"?><!DOCTYPE plist PUBLIC \"x\" \"y\"><plist><dict><key>URL</key><string>https://a.example/?a=1&amp;b=2</string></dict></plist>";
        assert_eq!(target(read_webloc(plist)), "https://a.example/?a=1&b=2");
        let url = "https://a.example/0123456789";
        let mut binary = b"bplist00\xd1\x01\x02SURL\x5f\x10".to_vec();
        binary.push(u8::try_from(url.len()).unwrap());
        binary.extend(url.as_bytes());
        binary.extend(b"\x08\x0b\x0f\x00");
        assert_eq!(target(read_binary_webloc(&binary)), url);
        let mut short = b"bplist00\xd1\x01\x02SURL\x5c".to_vec();
        short.extend(b"http://a.cn/\x08");
        assert_eq!(target(read_binary_webloc(&short)), "http://a.cn/");
    }

    #[test]
    fn a_shortcut_without_an_address_is_damaged() {
        assert!(read_url("[InternetShortcut]\n").is_err());
        assert!(read_webloc("<plist><dict/></plist>").is_err());
        assert!(read_binary_webloc(b"bplist00").is_err());
        assert!(read_binary_webloc(b"bplist00\x5f\x10\xffhttp").is_err());
    }
}
