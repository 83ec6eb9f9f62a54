//! Entries and fields of a BibTeX file, whatever is wrong with some of them.
//!
//! The `biblatex` crate is not used: it rejects a whole file because of one missing comma, space in
//! a key, double comma or entry in parentheses. Reference managers export such files, and BibTeX
//! itself reads them with a warning.

use std::ops::Range;

/// An entry as written.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::links) struct BibtexEntry<'a> {
    pub(in crate::links) kind: String,
    pub(in crate::links) key: &'a str,
    /// Names in lower case; values without their outer delimiters.
    pub(in crate::links) fields: Vec<(String, String)>,
    /// Where the fields are in the file.
    pub(in crate::links) spans: Vec<FieldSpan>,
    /// From the kind up to the closing bracket.
    pub(in crate::links) range: Range<usize>,
    pub(in crate::links) is_closed: bool,
}

/// The bytes of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::links) struct FieldSpan {
    pub(in crate::links) name: Range<usize>,
    /// With delimiters, from the first piece to the last.
    pub(in crate::links) value: Range<usize>,
    /// Within the delimiters, where the value is one delimited piece.
    pub(in crate::links) inner: Option<Range<usize>>,
}

/// The entries of a file, in its order. Comments, preambles and abbreviations are passed over.
pub(in crate::links) fn entries(text: &str) -> Vec<BibtexEntry<'_>> {
    let mut scan = Scan {
        text,
        at: 0,
        is_closed: false,
    };
    let mut entries = Vec::new();
    while let Some(at) = scan.text[scan.at..].find('@') {
        scan.at += at + 1;
        if let Some(entry) = scan.entry() {
            entries.push(entry);
        }
    }
    entries
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// The entry that was read last has its closing bracket.
    is_closed: bool,
}

impl<'a> Scan<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip_space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn while_matching(&mut self, matches: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !matches(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn entry(&mut self) -> Option<BibtexEntry<'a>> {
        let start = self.at;
        let kind = self
            .while_matching(|c| c.is_ascii_alphanumeric() || c == '_')
            .to_ascii_lowercase();
        self.skip_space();
        let close = match self.peek() {
            Some('{') if !kind.is_empty() => '}',
            Some('(') if !kind.is_empty() => ')',
            _ => {
                self.at = start;
                return None;
            }
        };
        self.at += 1;
        if matches!(kind.as_str(), "comment" | "preamble" | "string") {
            self.balanced(close);
            return None;
        }
        self.skip_space();
        let key = self.while_matching(|c| !matches!(c, ',' | '=' | '}' | '\n' | '@'));
        // An entry without a key: what was read is the name of a field.
        let (key, nameless) = if self.peek() == Some('=') {
            self.at -= key.len();
            ("", true)
        } else {
            (key.trim(), false)
        };
        let mut entry = BibtexEntry {
            kind,
            key,
            fields: Vec::new(),
            spans: Vec::new(),
            range: start..start,
            is_closed: false,
        };
        if !nameless && self.peek() == Some(',') {
            self.at += 1;
        }
        self.is_closed = false;
        while let Some((name, value, span)) = self.field(close) {
            entry.fields.push((name, value));
            entry.spans.push(span);
        }
        entry.is_closed = self.is_closed;
        entry.range = start..self.at;
        Some(entry)
    }

    /// The next field; `None` at the end of the entry, or where another one begins.
    fn field(&mut self, close: char) -> Option<(String, String, FieldSpan)> {
        loop {
            self.while_matching(|c| c.is_whitespace() || c == ',');
            match self.peek()? {
                c if c == close => {
                    self.at += 1;
                    self.is_closed = true;
                    return None;
                }
                '@' => return None,
                _ => {}
            }
            let begin = self.at;
            let name = self.while_matching(|c| !c.is_whitespace() && !"={},@\"#()".contains(c));
            if name.is_empty() {
                self.at += self.peek().map_or(1, char::len_utf8);
                continue;
            }
            self.skip_space();
            if self.peek() != Some('=') {
                continue;
            }
            self.at += 1;
            let name_span = begin..begin + name.len();
            let (value, value_span, inner) = self.value(close);
            let span = FieldSpan {
                name: name_span,
                value: value_span,
                inner,
            };
            return Some((name.to_ascii_lowercase(), value, span));
        }
    }

    /// A value: pieces in braces or quotes, numbers and abbreviations, joined by `#`; and where it
    /// stands.
    fn value(&mut self, close: char) -> (String, Range<usize>, Option<Range<usize>>) {
        let mut value = String::new();
        self.skip_space();
        let begin = self.at;
        loop {
            self.skip_space();
            let is_first = self.at == begin;
            let piece_at = self.at + 1;
            let piece = match self.peek() {
                Some('{') => {
                    self.at += 1;
                    Some(self.balanced('}'))
                }
                Some('"') => {
                    self.at += 1;
                    Some(self.quoted())
                }
                _ => {
                    let bare = |c: char| !c.is_whitespace() && c != ',' && c != '#' && c != close;
                    value.push_str(self.while_matching(bare));
                    None
                }
            };
            let inner = piece
                .filter(|_| is_first)
                .map(|piece| piece_at..piece_at + piece.len());
            value.push_str(piece.unwrap_or_default());
            let end = self.at;
            self.skip_space();
            if self.peek() != Some('#') {
                return (value, begin..end, inner);
            }
            self.at += 1;
        }
    }

    /// What stands up to the closing bracket that belongs to the one before. Where it is missing,
    /// the next entry ends it.
    fn balanced(&mut self, close: char) -> &'a str {
        let rest = self.rest();
        let (mut depth, mut escaped) = (0_usize, false);
        for (at, c) in rest.char_indices() {
            match c {
                _ if escaped => {
                    escaped = false;
                }
                '\\' => escaped = true,
                c if c == close && depth == 0 => {
                    self.at += at + 1;
                    return &rest[..at];
                }
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '@' if begins_entry(rest, at) => {
                    self.at += at;
                    return rest[..at].trim_end();
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        rest
    }

    /// What stands up to the quotation mark outside braces.
    fn quoted(&mut self) -> &'a str {
        let rest = self.rest();
        let mut depth = 0_usize;
        for (at, c) in rest.char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                '"' if depth == 0 => {
                    self.at += at + 1;
                    return &rest[..at];
                }
                '@' if begins_entry(rest, at) => {
                    self.at += at;
                    return rest[..at].trim_end();
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        rest
    }
}

/// Bytes of white space before an entry.
const MAX_INDENT: usize = 64;

/// Whether an entry begins at this `@`: first on its line, a word, a brace.
fn begins_entry(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let before = &bytes[at.saturating_sub(MAX_INDENT)..at];
    let indent = before
        .iter()
        .rev()
        .take_while(|b| matches!(**b, b' ' | b'\t'))
        .count();
    let starts_line = before
        .len()
        .checked_sub(indent + 1)
        .is_some_and(|n| before[n] == b'\n');
    let rest = &bytes[at + 1..];
    let name = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    starts_line && name > 2 && rest.get(name) == Some(&b'{')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(String, Vec<String>)> {
        let field = |(name, value): &(String, String)| format!("{name}={value}");
        entries(text)
            .iter()
            .map(|e| (e.key.to_owned(), e.fields.iter().map(field).collect()))
            .collect()
    }

    #[test]
    fn entries_are_read_as_bibtex_reads_them() {
        for (text, want) in [
            ("@misc{a, url={u}}", vec![("a", vec!["url=u"])]),
            ("@misc(a, url={u})", vec![("a", vec!["url=u"])]),
            (
                "@misc{a, URL = \"u\" , year=2023}",
                vec![("a", vec!["url=u", "year=2023"])],
            ),
            ("@misc{a, url={u},,}", vec![("a", vec!["url=u"])]),
            ("@misc{a b, url={u}}", vec![("a b", vec!["url=u"])]),
            (
                "@misc{王2023, title={中{文}}}",
                vec![("王2023", vec!["title=中{文}"])],
            ),
            (
                "@misc{a, title=\"A {\"}x{\"} b\", url=\"u\"}",
                vec![("a", vec!["title=A {\"}x{\"} b", "url=u"])],
            ),
            (
                "@misc{a, title={X}\n url={u}}",
                vec![("a", vec!["title=X", "url=u"])],
            ),
            (
                "@misc{a, note={x\\}y}, url={u}}",
                vec![("a", vec!["note=x\\}y", "url=u"])],
            ),
            (
                "@misc{a, month=jan # \"~1\", url={u}}",
                vec![("a", vec!["month=jan~1", "url=u"])],
            ),
            (
                "@string{x = {y}}\n@comment{z}\n@misc{a, url={u}}",
                vec![("a", vec!["url=u"])],
            ),
            (
                "write to me@x.org\n@misc{a, url={u}}",
                vec![("a", vec!["url=u"])],
            ),
            ("@misc{url={u}}", vec![("", vec!["url=u"])]),
            (
                "@misc{a, title={X, url={u1}\n\n@misc{b, url={u}}",
                vec![("a", vec!["title=X, url={u1}"]), ("b", vec!["url=u"])],
            ),
            ("@misc{a, url={u", vec![("a", vec!["url=u"])]),
            ("@misc{a", vec![("a", vec![])]),
            ("@", vec![]),
        ] {
            let want: Vec<(String, Vec<String>)> = want
                .into_iter()
                .map(|(key, fields)| {
                    (
                        key.to_owned(),
                        fields.into_iter().map(str::to_owned).collect(),
                    )
                })
                .collect();
            assert_eq!(shown(text), want, "{text}");
        }
    }

    #[test]
    fn entries_that_never_close_take_no_longer_than_the_file() {
        let text = "@misc{a, note={\\url{ ".repeat(50_000);
        assert_eq!(entries(&text).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_to_its_end(text in "[@a-c{}(),=\"# \n\\\\中]{0,80}") {
            let _ = entries(&text);
        }
    }
}
