//! BibTeX and BibLaTeX: links and identifiers of entries, links in notes, days of citing.

use super::bibtex_scan::{BibtexEntry, entries};
use super::record::BibliographyRecord;
use crate::links::read::block::{Block, RawDocument};
use crate::links::read::dates;

/// Fields that hold one address.
const ADDRESSES: [&str; 6] = [
    "url",
    "ee",
    "archiveurl",
    "bdsk-url-1",
    "bdsk-url-2",
    "link",
];
/// Fields whose text may hold links.
const NOTES: [&str; 7] = [
    "howpublished",
    "note",
    "addendum",
    "annote",
    "annotation",
    "titleaddon",
    "usera",
];

/// Reads a bibliography.
pub fn read(text: &str) -> RawDocument {
    RawDocument {
        blocks: records(text)
            .into_iter()
            .filter_map(|(_, block)| block)
            .collect(),
        ..RawDocument::default()
    }
}

/// The entries, each with its block.
pub(in crate::links) fn records(text: &str) -> Vec<(BibtexEntry<'_>, Option<Block>)> {
    let entries = entries(text).into_iter().enumerate();
    entries
        .map(|(n, entry)| {
            let block = record(&entry).into_block(n + 1);
            (entry, block)
        })
        .collect()
}

/// Whether a field holds one address.
pub(in crate::links) fn is_address_field(name: &str) -> bool {
    ADDRESSES.contains(&name) || name == "doi"
}

fn record(entry: &BibtexEntry<'_>) -> BibliographyRecord {
    let mut record = BibliographyRecord::default();
    record.set_key(entry.key);
    let get = |name: &str| {
        entry
            .fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    };
    for (name, value) in &entry.fields {
        let name = name.as_str();
        if ADDRESSES.contains(&name) {
            record.add_url(&address(value));
        } else if name == "doi" {
            record.add_doi(&address(value));
        } else if name == "eprint" {
            let kind = get("eprinttype")
                .or_else(|| get("archiveprefix"))
                .unwrap_or_default();
            if kind.eq_ignore_ascii_case("arxiv") {
                record.add_arxiv(value);
            } else if kind.eq_ignore_ascii_case("hdl") {
                record.push_link(&format!("hdl:{}", value.trim()));
            } else {
                record.add_text(&address(value));
            }
        } else if NOTES.contains(&name) {
            note(&mut record, value);
        } else if matches!(
            name,
            "urldate" | "accessed" | "lastaccessed" | "lastchecked" | "accessdate" | "visited"
        ) {
            record.set_accessed(dates::of_field(value));
        } else if name == "title" {
            record.set_title(&plain(value));
        }
    }
    record
}

/// A field's text, with the arguments of `\url` and `\href` as links of their own.
fn note(record: &mut BibliographyRecord, value: &str) {
    let mut rest = value;
    while let Some(at) = rest.find("\\url").or_else(|| rest.find("\\href")) {
        let command = if rest[at..].starts_with("\\url") {
            4
        } else {
            5
        };
        let after = rest[at + command..].trim_start();
        let Some(argument) = after.strip_prefix('{').and_then(braced) else {
            break;
        };
        record.add_text(&plain(&rest[..at]));
        record.push_link(&address(argument));
        rest = &after[argument.len() + 2..];
        if command == 5
            && let Some(shown) = rest.trim_start().strip_prefix('{').and_then(braced)
        {
            // The text of a link is read as text: it may name another date or address.
            let skip = rest.len() - rest.trim_start().len() + shown.len() + 2;
            if !shown.contains("://") {
                record.add_text(&plain(shown));
            }
            rest = &rest[skip..];
        }
    }
    record.add_text(&plain(rest));
}

/// What stands up to the closing brace.
fn braced(text: &str) -> Option<&str> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(&text[..at]),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// An address as LaTeX writes it: `\_` is `_`, and the like.
pub(in crate::links) fn address(value: &str) -> String {
    let value = value.trim();
    let inner = value
        .strip_prefix("\\url")
        .and_then(|rest| rest.trim_start().strip_prefix('{'))
        .and_then(braced);
    let mut text = inner.unwrap_or(value).to_owned();
    for (latex, plain) in [
        ("{\\textasciitilde}", "~"),
        ("\\textasciitilde{}", "~"),
        ("\\textasciitilde", "~"),
        ("$\\sim$", "~"),
        ("{\\~{}}", "~"),
        ("\\~{}", "~"),
        ("{\\_}", "_"),
        ("{\\%}", "%"),
        ("{\\&}", "&"),
        ("{\\#}", "#"),
        ("\\textunderscore{}", "_"),
    ] {
        if text.contains(latex) {
            text = text.replace(latex, plain);
        }
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek().is_some_and(|c| "_%&#$~{}/.-".contains(*c)) => {}
            // Line breaks within a long address.
            '\n' | '\r' | '\t' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            _ => out.push(c),
        }
    }
    let out = out.trim();
    let braced = out.strip_prefix('{').and_then(|o| o.strip_suffix('}'));
    braced.unwrap_or(out).to_owned()
}

/// Text without the braces and escapes of LaTeX.
fn plain(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '{' | '}' => {}
            '\\' => {
                if let Some(escaped) = chars.next_if(|c| "_%&#$~{}\\".contains(*c)) {
                    out.push(escaped);
                }
            }
            '~' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<String> {
        let document = read(text);
        let citations = crate::links::read::citing::citations(&document);
        let shown = |c: &crate::model::citation::Citation| {
            let day = c
                .cited_on
                .map_or("-".to_owned(), |(day, _)| day.to_string());
            format!("{} {} {day}", c.place, c.url)
        };
        citations.iter().map(shown).collect()
    }

    #[test]
    fn links_stand_in_fields_and_notes() {
        for (fields, want) in [
            (
                "url={https://a.example/x\\_y}, urldate={2023-05-08}",
                vec!["https://a.example/x_y 2023-05-08"],
            ),
            (
                "url={https://a.example/{\\textasciitilde}u/100\\%25}",
                vec!["https://a.example/~u/100%25 -"],
            ),
            (
                "url={\\url{https://a.example/a_b}}",
                vec!["https://a.example/a_b -"],
            ),
            (
                "url={https://a.example/路径}",
                vec!["https://a.example/路径 -"],
            ),
            ("doi={10.1000/x_1}", vec!["doi:10.1000/x_1 -"]),
            (
                "doi={https://doi.org/10.1000/x}",
                vec!["https://doi.org/10.1000/x -"],
            ),
            (
                "eprint={2101.00001}, archiveprefix={arXiv}",
                vec!["arxiv:2101.00001 -"],
            ),
            (
                "howpublished={\\url{https://a.example/a_b}}",
                vec!["https://a.example/a_b -"],
            ),
            (
                "note={See \\href{https://a.example/1}{here} and https://a.example/2, accessed May 8, 2023.}",
                vec![
                    "https://a.example/1 2023-05-08",
                    "https://a.example/2 2023-05-08",
                ],
            ),
            (
                "note={Accessed: 2023-05-08}, howpublished={\\url{https://a.example/x}}",
                vec!["https://a.example/x 2023-05-08"],
            ),
            (
                "url={https://a.example/x}, urldate={2023}",
                vec!["https://a.example/x 2023"],
            ),
            ("url={www.gov.cn}, doi={n/a}", vec!["www.gov.cn -"]),
            (
                "url={https://a.example/1; https://a.example/2}",
                vec!["https://a.example/1 -", "https://a.example/2 -"],
            ),
            (
                "doi={10.1000/x}, url={https://doi.org/10.1000/x}",
                vec!["doi:10.1000/x -"],
            ),
            ("title={https in titles}, year=2023", vec![]),
        ] {
            let want: Vec<String> = want.iter().map(|w| format!("entry k {w}")).collect();
            assert_eq!(cited(&format!("@misc{{k, {fields}}}")), want, "{fields}");
        }
    }

    #[test]
    fn a_title_is_kept_without_its_braces() {
        let document = read("@misc{k, title={The {CNKI}\n  {\\&} more}, url={https://a.example}}");
        assert_eq!(document.blocks[0].title.as_deref(), Some("The CNKI & more"));
    }
}
