//! The bytes of a document as text, and its edits as bytes: what is not edited keeps its bytes.

use std::ops::Range;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::text::charset;

/// A place of the text that gets another text. An empty range is an insertion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    pub range: Range<usize>,
    pub text: String,
}

/// A decoded document that can be edited.
pub struct SourceText<'a> {
    bytes: &'a [u8],
    /// Without a byte order mark.
    text: String,
    /// Bytes of the byte order mark.
    mark: usize,
    encoding: &'static Encoding,
}

impl<'a> SourceText<'a> {
    /// Decodes a document as its readers do.
    pub fn decode(bytes: &'a [u8]) -> Self {
        let (text, facts) = charset::decode(bytes, None, None);
        let named = Encoding::for_label(facts.name.as_bytes()).unwrap_or(UTF_8);
        // Text without a stated charset that is ASCII so far may go on in UTF-8.
        let is_open = facts.by == "guess" && text.is_ascii();
        let encoding = if is_open { UTF_8 } else { named };
        let mark = match Encoding::for_bom(bytes) {
            Some((of_mark, length)) if of_mark == named => length,
            _ => 0,
        };
        Self {
            bytes,
            text,
            mark,
            encoding,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the charset has all characters of a text.
    pub fn can_hold(&self, text: &str) -> bool {
        encoded(text, self.encoding).is_some()
    }

    /// The bytes with the edits, which do not overlap; `None` when a place of the text is not a
    /// place of the bytes, or when a reader of the new bytes would not see what the edits say.
    pub fn edited(&self, edits: &[TextEdit]) -> Option<Vec<u8>> {
        let mut edits: Vec<&TextEdit> = edits.iter().collect();
        edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
        let places: Vec<usize> = edits
            .iter()
            .flat_map(|edit| [edit.range.start, edit.range.end])
            .collect();
        let places = self.byte_places(&places)?;
        let (mut bytes, mut text) = (Vec::with_capacity(self.bytes.len() + 4096), String::new());
        let (mut at, mut text_at) = (0, 0);
        for (edit, place) in edits.iter().zip(places.chunks_exact(2)) {
            bytes.extend_from_slice(self.bytes.get(at..place[0])?);
            bytes.extend(encoded(&edit.text, self.encoding)?);
            at = place[1];
            text.push_str(self.text.get(text_at..edit.range.start)?);
            text.push_str(&edit.text);
            text_at = edit.range.end;
        }
        bytes.extend_from_slice(self.bytes.get(at..)?);
        text.push_str(self.text.get(text_at..)?);
        (charset::decode(&bytes, None, None).0 == text).then_some(bytes)
    }

    /// Where places of the text, in their order, are in the bytes.
    fn byte_places(&self, places: &[usize]) -> Option<Vec<usize>> {
        if self.encoding == UTF_8 && self.bytes.len() == self.text.len() + self.mark {
            let is_place = |at: &usize| self.text.is_char_boundary(*at);
            return places
                .iter()
                .all(is_place)
                .then(|| places.iter().map(|at| at + self.mark).collect());
        }
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let mut found = Vec::with_capacity(places.len());
        let mut wanted = places.iter().copied().peekable();
        let (mut at, mut length) = (self.mark, 0);
        loop {
            while wanted.next_if_eq(&length).is_some() {
                found.push(at);
            }
            match wanted.peek() {
                None => return Some(found),
                // A character, or one that is replaced, reaches over the place.
                Some(next) if *next < length => return None,
                Some(_) => {}
            }
            let byte = self.bytes.get(at..=at)?;
            let mut out = [0_u8; 32];
            let (_, _, written, _) = decoder.decode_to_utf8(byte, &mut out, false);
            at += 1;
            length += written;
        }
    }
}

/// A text in a charset; `None` where the charset lacks a character.
fn encoded(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, used, is_unmappable) = encoding.encode(text);
    (used == encoding && !is_unmappable).then(|| bytes.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(bytes: &[u8], before: &str, text: &str) -> Option<Vec<u8>> {
        let source = SourceText::decode(bytes);
        let at = source.text().find(before).unwrap();
        source.edited(&[TextEdit {
            range: at..at,
            text: text.to_owned(),
        }])
    }

    const TEXT: &str =
        "见 https://a.example/x，2023年5月8日访问。中文的文献引用常常使用这样的格式。\r\n";

    #[test]
    fn other_bytes_stay_in_every_charset() {
        let utf16 = |mark: [u8; 2], write: fn(u16) -> [u8; 2]| -> Vec<u8> {
            let units = TEXT.encode_utf16().flat_map(write);
            mark.into_iter().chain(units).collect()
        };
        let gb18030 = encoding_rs::GB18030.encode(TEXT).0.into_owned();
        let with_mark: Vec<u8> = "\u{feff}".bytes().chain(TEXT.bytes()).collect();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            with_mark,
            gb18030,
            utf16([0xff, 0xfe], u16::to_le_bytes),
            utf16([0xfe, 0xff], u16::to_be_bytes),
        ] {
            let edited = insert(&bytes, "，2023", " (存档)").unwrap();
            let added = edited.len() - bytes.len();
            let same = bytes
                .iter()
                .zip(&edited)
                .take_while(|(a, b)| a == b)
                .count();
            assert_eq!(
                edited[same.min(bytes.len()) + added..],
                bytes[same.min(bytes.len())..]
            );
            let text = SourceText::decode(&edited).text().to_owned();
            assert_eq!(text, TEXT.replace("，2023", " (存档)，2023"));
        }
    }

    #[test]
    fn broken_bytes_stay_broken() {
        let bytes = b"a \xff\xfe\xe4\xb8 b https://a.example/ c \x80";
        let edited = insert(bytes, " c ", "!").unwrap();
        assert_eq!(edited, b"a \xff\xfe\xe4\xb8 b https://a.example/! c \x80");
    }

    #[test]
    fn a_charset_without_the_character_holds_no_edit() {
        let latin1 = b"<meta charset=windows-1252><p>caf\xe9 x";
        let source = SourceText::decode(latin1);
        assert!(source.can_hold("é"));
        assert!(!source.can_hold("中"));
        assert!(insert(latin1, " x", "中").is_none());
        assert!(insert(latin1, " x", "é").is_some());
        assert!(SourceText::decode(b"plain").can_hold("中"));
    }
}
