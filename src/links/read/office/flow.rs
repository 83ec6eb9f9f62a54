//! Text that is assembled run by run, with the links that open and close in it.

use crate::links::read::block::{Block, Hyperlink, RawDocument};
use crate::links::read::broken_line::continues;
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::{PartialDate, Place};

/// A stretch of text while its runs are read.
#[derive(Debug, Default)]
pub struct TextFlow {
    text: String,
    links: Vec<Hyperlink>,
    /// Where line breaks of the author are in the text.
    breaks: Vec<usize>,
}

/// A link that is open in a [`TextFlow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenLink(usize);

impl TextFlow {
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// A line break within a paragraph.
    pub fn break_line(&mut self) {
        self.breaks.push(self.text.len());
        self.text.push('\n');
    }

    /// The beginning of another paragraph of the same stretch.
    pub fn next_paragraph(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// The text from here on shows the link, until it is closed.
    pub fn open_link(&mut self, target: String) -> OpenLink {
        let at = self.text.len();
        self.links.push(Hyperlink {
            range: at..at,
            target,
        });
        OpenLink(self.links.len() - 1)
    }

    pub fn close_link(&mut self, open: OpenLink) {
        if let Some(link) = self.links.get_mut(open.0) {
            link.range.end = self.text.len();
        }
    }

    /// A link that no text shows: one on a picture or a shape.
    pub fn picture_link(&mut self, target: String) {
        let open = self.open_link(target);
        if self.links[..open.0]
            .iter()
            .any(|link| *link == self.links[open.0])
        {
            self.links.pop();
        }
    }

    /// The finished block, or `None` when it holds neither text nor links.
    pub fn finish(mut self, place: Place) -> Option<Block> {
        self.join_broken_addresses();
        let links = merge(self.links, &self.text);
        if self.text.trim().is_empty() && links.is_empty() {
            return None;
        }
        Some(Block {
            place,
            text: self.text,
            links,
            title: None,
            accessed: None,
        })
    }

    /// Takes out line breaks that stand within an address.
    fn join_broken_addresses(&mut self) {
        for at in std::mem::take(&mut self.breaks).into_iter().rev() {
            let (before, after) = (&self.text[..at], &self.text[at + 1..]);
            if continues(line_end(before), line_start(after), true) {
                self.text.remove(at);
                for link in &mut self.links {
                    link.range.start -= usize::from(link.range.start > at);
                    link.range.end -= usize::from(link.range.end > at);
                }
            }
        }
    }
}

/// The most bytes on either side of a break that are examined.
const NEIGHBOURHOOD: usize = 2048;

fn line_end(before: &str) -> &str {
    let mut start = before.len().saturating_sub(NEIGHBOURHOOD);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    &before[start..]
}

fn line_start(after: &str) -> &str {
    let mut end = after.len().min(NEIGHBOURHOOD);
    while !after.is_char_boundary(end) {
        end -= 1;
    }
    &after[..end]
}

/// Links in the order of their text. Neighbours with one target are one link that runs split.
pub fn merge(mut links: Vec<Hyperlink>, text: &str) -> Vec<Hyperlink> {
    links.sort_by_key(|link| (link.range.start, link.range.end));
    let mut merged: Vec<Hyperlink> = Vec::with_capacity(links.len());
    for link in links {
        match merged.last_mut() {
            Some(last)
                if last.target == link.target
                    && !last.range.is_empty()
                    && (link.range.start <= last.range.end
                        || text[last.range.end..link.range.start].trim().is_empty()) =>
            {
                last.range.end = last.range.end.max(link.range.end);
            }
            _ => merged.push(link),
        }
    }
    merged
}

/// The blocks of a document, counted against the limits while they are found.
#[derive(Debug)]
pub struct BlockCollector {
    limits: Limits,
    blocks: Vec<Block>,
    text_bytes: u64,
    links: u64,
}

impl BlockCollector {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            blocks: Vec::new(),
            text_bytes: 0,
            links: 0,
        }
    }

    pub fn push(&mut self, block: Option<Block>) -> Result<(), ReadError> {
        let Some(block) = block else {
            return Ok(());
        };
        self.text_bytes += block.text.len() as u64;
        self.links += block.links.len() as u64;
        self.blocks.push(block);
        Limits::bound("its text", self.text_bytes, self.limits.text_bytes)?;
        Limits::bound("the number of its links", self.links, self.limits.links)?;
        Limits::bound(
            "the number of its paragraphs",
            self.blocks.len() as u64,
            self.limits.blocks,
        )
    }

    pub fn finish(self, title: Option<String>, date: Option<PartialDate>) -> RawDocument {
        RawDocument {
            title,
            date,
            blocks: self.blocks,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_break_within_an_address_is_taken_out_and_ranges_follow() {
        let mut flow = TextFlow::default();
        flow.push("see https://a.example/x/");
        flow.break_line();
        flow.push("y.html and");
        flow.break_line();
        let open = flow.open_link("https://b.example/".to_owned());
        flow.push("that");
        flow.close_link(open);
        let block = flow.finish(Place::Paragraph(1)).unwrap();
        assert_eq!(block.text, "see https://a.example/x/y.html and\nthat");
        assert_eq!(&block.text[block.links[0].range.clone()], "that");
    }

    #[test]
    fn neighbours_with_one_target_are_one_link() {
        let mut flow = TextFlow::default();
        for (text, target) in [("an", "a"), (" ", ""), ("other", "a"), ("one", "b")] {
            let open = (!target.is_empty()).then(|| flow.open_link(target.to_owned()));
            flow.push(text);
            if let Some(open) = open {
                flow.close_link(open);
            }
        }
        let block = flow.finish(Place::Paragraph(1)).unwrap();
        let links: Vec<_> = block
            .links
            .iter()
            .map(|link| (&block.text[link.range.clone()], link.target.as_str()))
            .collect();
        assert_eq!(links, [("an other", "a"), ("one", "b")]);
    }

    #[test]
    fn a_picture_that_states_its_link_twice_has_one() {
        let mut flow = TextFlow::default();
        flow.picture_link("a".to_owned());
        flow.picture_link("a".to_owned());
        flow.picture_link("b".to_owned());
        let block = flow.finish(Place::Paragraph(1)).unwrap();
        assert_eq!(block.links.len(), 2);
    }

    #[test]
    fn what_is_empty_is_no_block_and_too_much_is_refused() {
        let mut flow = TextFlow::default();
        flow.push(" \n");
        assert_eq!(flow.finish(Place::Header), None);
        let limits = Limits {
            text_bytes: 5,
            ..Limits::DEFAULT
        };
        let mut collector = BlockCollector::new(limits);
        let mut flow = TextFlow::default();
        flow.push("longer than that");
        let error = collector.push(flow.finish(Place::Header)).unwrap_err();
        assert!(matches!(error, ReadError::TooLarge { .. }));
    }
}
