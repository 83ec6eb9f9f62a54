//! RIS: a line has one tag, and an entry goes from `TY` to `ER`.

use std::ops::Range;

use super::record::BibliographyRecord;
use crate::links::read::block::{Block, RawDocument};
use crate::links::read::dates;

/// An entry, with its place in the file.
#[derive(Debug, Default)]
pub(in crate::links) struct RisEntry<'a> {
    /// Tags and values. A value that was written over several lines is joined.
    fields: Vec<(&'a str, String)>,
    /// From the `TY` line (or the first tag, without one) to the end of the last line with text;
    /// the `ER` line is not part of it.
    pub(in crate::links) range: Range<usize>,
}

/// Reads a bibliography: one block for each entry that cites something.
pub fn read(text: &str) -> RawDocument {
    RawDocument {
        blocks: records(text)
            .into_iter()
            .filter_map(|(_, block)| block)
            .collect(),
        ..RawDocument::default()
    }
}

/// The entries, each with its block; `None` for an entry that cites nothing.
pub(in crate::links) fn records(text: &str) -> Vec<(RisEntry<'_>, Option<Block>)> {
    let entries = entries(text).into_iter().enumerate();
    entries
        .map(|(n, mut entry)| {
            let block = block(std::mem::take(&mut entry.fields), n + 1);
            (entry, block)
        })
        .collect()
}

fn entries(text: &str) -> Vec<RisEntry<'_>> {
    let mut all = Vec::new();
    let mut entry = RisEntry::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let (begin, end) = (at, at + line.len());
        at = end;
        let found = tag(line.trim_end_matches(['\n', '\r']));
        if matches!(found, Some(("TY" | "ER", _))) && !entry.fields.is_empty() {
            all.push(std::mem::take(&mut entry));
        }
        match found {
            Some(("TY", _)) => {
                entry.fields.push(("TY", String::new()));
                entry.range = begin..end;
                continue;
            }
            Some(("ER", _)) => continue,
            Some((tag, value)) => {
                if entry.fields.is_empty() {
                    entry.range.start = begin;
                }
                entry.fields.push((tag, value.to_owned()));
            }
            // A line without a tag continues the value of the line before.
            None => {
                let Some((_, value)) = entry.fields.last_mut() else {
                    continue;
                };
                value.push(' ');
                value.push_str(line.trim());
                if line.trim().is_empty() {
                    continue;
                }
            }
        }
        entry.range.end = end;
    }
    if !entry.fields.is_empty() {
        all.push(entry);
    }
    all
}

/// `UR  - https://…`: the tag and its value.
pub(super) fn tag(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches('\u{feff}');
    let (tag, rest) = (line.get(..2)?, line.get(2..)?);
    let value = rest.trim_start_matches(' ').strip_prefix('-')?;
    let is_tag = tag
        .bytes()
        .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        && rest.starts_with(' ')
        && (value.is_empty() || value.starts_with(' '));
    is_tag.then(|| (tag, value.trim()))
}

fn block(fields: Vec<(&str, String)>, number: usize) -> Option<Block> {
    let mut record = BibliographyRecord::default();
    for (tag, value) in fields {
        match tag {
            "UR" | "L1" | "L2" | "L3" | "LK" => record.add_url(&value),
            "DO" | "DI" => record.add_doi(&value),
            "M3" | "N1" | "N2" | "AB" | "RN" | "C1" | "C2" => record.add_text(&value),
            "Y2" => record.set_accessed(dates::of_field(&value)),
            "TI" | "T1" => record.set_title(&value),
            "ID" => record.set_key(&value),
            _ => {}
        }
    }
    record.into_block(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_have_links_and_access_dates() {
        let text = "TY  - JOUR\r\nID  - zhang2023\r\nTI  - A title\r\nUR  - https://a.example/1; https://a.example/2\r\nUR  - https://a.example/路\r\nDO  - 10.1000/x\r\nY2  - 2023/05/08/\r\nER  - \r\n\r\nTY  - ELEC\r\nN1  - see https://b.example/x\r\n  and more\r\nER  - \r\nTY  - BOOK\r\nUR  - https://c.example/";
        let document = read(text);
        let found: Vec<String> = crate::links::read::citing::citations(&document)
            .iter()
            .map(|c| {
                format!(
                    "{}: {} {:?}",
                    c.place,
                    c.url,
                    c.cited_on.map(|d| d.0.to_string())
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "entry zhang2023: https://a.example/1 Some(\"2023-05-08\")",
                "entry zhang2023: https://a.example/2 Some(\"2023-05-08\")",
                "entry zhang2023: https://a.example/路 Some(\"2023-05-08\")",
                "entry zhang2023: doi:10.1000/x Some(\"2023-05-08\")",
                "entry 2: https://b.example/x None",
                "entry 3: https://c.example/ None",
            ]
        );
        assert_eq!(document.blocks[0].title.as_deref(), Some("A title"));
    }

    #[test]
    fn a_line_of_text_has_no_tag() {
        for line in ["UR-https://a", "A", "中文  - x", "ab  - x", ""] {
            assert_eq!(tag(line), None, "{line}");
        }
        assert_eq!(tag("AB - x"), Some(("AB", "x")));
        assert_eq!(tag("ER  -"), Some(("ER", "")));
    }
}
