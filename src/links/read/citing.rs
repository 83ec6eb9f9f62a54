//! Blocks of text become citations: marked links, links in running text, their days of citing.

use std::collections::HashMap;
use std::ops::Range;

use super::block::{Block, RawDocument};
use super::{cited_on, running_text};
use crate::links::address;
use crate::model::citation::{Citation, CitedOnSource, PartialDate, Place};

/// All citations of a document in its order. The same link at the same place is one citation.
#[must_use]
pub fn citations(document: &RawDocument) -> Vec<Citation> {
    let mut all: Vec<Citation> = Vec::new();
    let mut known: HashMap<(Place, String), usize> = HashMap::new();
    for block in &document.blocks {
        for BlockCitation { citation, .. } in citations_of_block(block, document.date) {
            let key = (citation.place.clone(), key(&citation.url));
            if let Some(at) = known.get(&key) {
                let first = &mut all[*at];
                first.occurrences = first.occurrences.saturating_add(citation.occurrences);
                let is_of_document = |(_, from)| from == CitedOnSource::Document;
                if first.cited_on.is_none_or(is_of_document) {
                    first.cited_on = citation.cited_on;
                }
            } else {
                known.insert(key, all.len());
                all.push(citation);
            }
        }
    }
    all
}

/// Spellings of one address.
fn key(written: &str) -> String {
    match address::to_url(written) {
        Ok(url) => {
            let text = String::from(url);
            text.split_once("://")
                .map_or(text.clone(), |(_, rest)| rest.to_owned())
        }
        Err(_) => written.to_owned(),
    }
}

/// A link of a block before it is a citation.
struct Found {
    range: Range<usize>,
    url: String,
    alternative: Option<String>,
    /// Which of the block's marked links it is.
    marked: Option<usize>,
}

/// A citation of one block, with its link.
#[derive(Debug)]
pub(in crate::links) struct BlockCitation {
    pub(in crate::links) citation: Citation,
    /// The bytes of the block's text that show the link.
    pub(in crate::links) range: Range<usize>,
    /// Which of the block's marked links it is; `None` for a link in running text.
    pub(in crate::links) marked: Option<usize>,
}

/// The citations of a block in the order of its text, also those that name the same link.
pub(in crate::links) fn citations_of_block(
    block: &Block,
    of_document: Option<PartialDate>,
) -> Vec<BlockCitation> {
    let found = links(block);
    let ranges: Vec<Range<usize>> = found.iter().map(|f| f.range.clone()).collect();
    let days = if block.accessed.is_some() {
        vec![None; ranges.len()]
    } else {
        cited_on::find(&block.text, &ranges)
    };
    let field = block.accessed.map(|day| (day, CitedOnSource::Field));
    let document = of_document.map(|day| (day, CitedOnSource::Document));
    let mut places = Places {
        block,
        lines: 0,
        at: 0,
    };
    let mut citations = Vec::new();
    for (link, day) in found.into_iter().zip(days) {
        let text = day.map(|day| (day, CitedOnSource::Text));
        let citation = Citation {
            place: places.next(link.range.start),
            title: block.title.clone(),
            quote: None,
            cited_on: field.or(text).or(document),
            occurrences: 1,
            url: link.url,
            alternative: link.alternative,
        };
        citations.push(BlockCitation {
            citation,
            range: link.range,
            marked: link.marked,
        });
    }
    citations
}

/// Gives each link of a block its place: its own line, where the block's place is one.
struct Places<'a> {
    block: &'a Block,
    /// Line breaks before the byte `at`.
    lines: u32,
    at: usize,
}

impl Places<'_> {
    /// The place of a link that begins at a byte; the links come in the order of the text.
    fn next(&mut self, start: usize) -> Place {
        let Place::Line(line) = self.block.place else {
            return self.block.place.clone();
        };
        let text = self.block.text.as_bytes();
        let breaks = memchr::memchr_iter(b'\n', text.get(self.at..start).unwrap_or_default());
        let breaks = u32::try_from(breaks.count()).unwrap_or(u32::MAX);
        self.lines = self.lines.saturating_add(breaks);
        self.at = self.at.max(start);
        Place::Line(line.saturating_add(self.lines))
    }
}

/// Marked links, and those in the text that no marked one covers.
fn links(block: &Block) -> Vec<Found> {
    let mut marked: Vec<Found> = Vec::new();
    for (number, link) in block.links.iter().enumerate() {
        let target = link.target.trim();
        if target.is_empty() {
            continue;
        }
        marked.push(Found {
            range: link.range.clone(),
            url: target.to_owned(),
            alternative: None,
            marked: Some(number),
        });
    }
    let mut covered: Vec<Range<usize>> = marked.iter().map(|m| m.range.clone()).collect();
    covered.sort_by_key(|range| range.start);
    let mut covered = covered.into_iter().peekable();
    let mut all = marked;
    for link in running_text::find(&block.text) {
        while covered
            .next_if(|range| range.end <= link.range.start)
            .is_some()
        {}
        let is_covered = covered
            .peek()
            .is_some_and(|range| range.start < link.range.end);
        if !is_covered {
            all.push(Found {
                range: link.range,
                url: link.url,
                alternative: link.alternative,
                marked: None,
            });
        }
    }
    all.sort_by_key(|found| (found.range.start, found.marked.is_none()));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::read::block::Hyperlink;

    fn block(place: Place, text: &str, links: &[(Range<usize>, &str)]) -> Block {
        Block {
            place,
            text: text.to_owned(),
            links: links
                .iter()
                .map(|(range, target)| Hyperlink {
                    range: range.clone(),
                    target: (*target).to_owned(),
                })
                .collect(),
            title: None,
            accessed: None,
        }
    }

    #[test]
    fn a_marked_link_covers_the_text_that_shows_it() {
        let text = "see https://a.example/short and https://b.example/";
        let document = RawDocument {
            blocks: vec![block(
                Place::Page(3),
                text,
                &[(4..27, "https://a.example/long")],
            )],
            ..RawDocument::default()
        };
        let urls: Vec<String> = citations(&document).into_iter().map(|c| c.url).collect();
        assert_eq!(urls, ["https://a.example/long", "https://b.example/"]);
    }

    #[test]
    fn the_same_link_at_the_same_place_is_one_citation() {
        let text = "https://a.example/ https://A.example http://a.example/";
        let document = RawDocument {
            date: Some(PartialDate::Year(2020)),
            blocks: vec![
                block(Place::Footnote(1), text, &[]),
                block(
                    Place::Footnote(2),
                    "https://a.example/ (accessed 2023-05-08)",
                    &[],
                ),
            ],
            ..RawDocument::default()
        };
        let found = citations(&document);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].occurrences, 3);
        let day = |n: usize| found[n].cited_on.map(|(d, from)| (d.to_string(), from));
        assert_eq!(day(0), Some(("2020".to_owned(), CitedOnSource::Document)));
        assert_eq!(day(1), Some(("2023-05-08".to_owned(), CitedOnSource::Text)));
    }
}
