//! `OpenDocument` texts and presentations: body, tables, text boxes, notes, headers and footers.
//!
//! Changes that are recorded as deleted, and comments, are not read.

use std::ops::Range;

use super::archive::Archive;
use super::flow::{BlockCollector, OpenLink, TextFlow};
use super::managed::{ManagedMarks, Manager};
use super::package::title_and_date;
use super::xml::{Node, XmlElement, XmlReader};
use crate::links::read::block::{Block, RawDocument};
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::Place;

const FORMAT: &str = "ODT";

/// Most spaces that one element stands for.
const SPACES: usize = 64;

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    Ok(read_with_places(bytes, limits)?.0)
}

/// Where the text of a block is in its part, for who adds to it.
#[derive(Debug, Default)]
pub(in crate::links) struct TextPlace {
    /// It is in `content.xml`, not in `styles.xml`.
    pub(in crate::links) is_content: bool,
    /// Behind the last text of its last paragraph with text.
    pub(in crate::links) insert_at: Option<usize>,
    /// The style of its last span outside of links.
    pub(in crate::links) style: Option<String>,
    /// The addresses of its links, with their tags.
    pub(in crate::links) links: Vec<(String, Range<usize>)>,
    /// The text and the addresses that a reference manager writes again.
    pub(in crate::links) managed: String,
    pub(in crate::links) manager: Option<Manager>,
}

/// Reads a document, and where its blocks stand.
pub(in crate::links) fn read_with_places(
    bytes: &[u8],
    limits: Limits,
) -> Result<(RawDocument, Vec<TextPlace>), ReadError> {
    let mut archive = Archive::open(FORMAT, bytes, limits)?;
    archive.refuse_encrypted()?;
    let (title, date) = match archive.text("meta.xml")? {
        Some(xml) => title_and_date(&archive, &xml, "creation-date")?,
        None => (None, None),
    };
    let mut collector = BlockCollector::new(limits);
    let mut places = Vec::new();
    {
        let xml = archive.required("content.xml")?;
        let mut story = Story::default();
        story.read(&xml, limits)?;
        story.finish(&mut collector, &mut places)?;
    }
    if let Some(xml) = archive.text("styles.xml")? {
        let mut story = Story {
            is_styles: true,
            ..Story::default()
        };
        story.read(&xml, limits)?;
        story.finish(&mut collector, &mut places)?;
    }
    Ok((collector.finish(title, date), places))
}

impl TextPlace {
    /// Text that is shown, or the address of a link; a manager writes it anew.
    fn push_managed(&mut self, manager: Option<Manager>, text: &str) {
        if manager.is_some() {
            self.manager = manager;
            self.managed.push_str(text);
        }
    }
}

/// A stretch of text that is open.
struct Open {
    slot: usize,
    flow: TextFlow,
    /// Of a note, whose paragraphs are one stretch; paragraphs of the body have none.
    place: Option<Place>,
    /// A paragraph is open within it, so that character data is text.
    depth: u32,
}

#[derive(Default)]
struct Story {
    /// `styles.xml` shows text in headers and footers only.
    is_styles: bool,
    margin: Option<Place>,
    slide: u32,
    is_in_speaker_notes: bool,
    slots: Vec<Option<Block>>,
    places: Vec<TextPlace>,
    marks: ManagedMarks,
    /// The styles of the spans that are open; a note begins anew.
    spans: Vec<Option<String>>,
    /// The paragraph has text so far.
    has_text: bool,
    open: Vec<Open>,
    links: Vec<Option<(usize, OpenLink)>>,
    footnotes: u32,
    endnotes: u32,
}

impl Story {
    fn read(&mut self, xml: &str, limits: Limits) -> Result<(), ReadError> {
        let mut reader = XmlReader::new(FORMAT, xml, limits);
        while let Some(node) = reader.read()? {
            Limits::bound(
                "the number of its paragraphs",
                self.slots.len() as u64,
                limits.blocks,
            )?;
            match node {
                Node::Start(element) => match element.name() {
                    "tracked-changes" | "annotation" | "script" | "binary-data" | "forms"
                    | "event-listeners" | "title" | "desc" | "math" | "ruby-text" | "object" => {
                        reader.skip()?;
                    }
                    "note-citation" => {
                        let mark = reader.text()?;
                        self.number_note(&mark);
                    }
                    _ => self.start(&element, reader.range())?,
                },
                Node::End(name) => self.end(&name, reader.range().start),
                Node::Text(text) => self.text(&text),
            }
        }
        Ok(())
    }

    fn finish(
        mut self,
        collector: &mut BlockCollector,
        places: &mut Vec<TextPlace>,
    ) -> Result<(), ReadError> {
        while self.open.pop().is_some() {}
        let mut paragraphs = 0;
        for (block, place) in self.slots.into_iter().zip(self.places) {
            let Some(mut block) = block else { continue };
            places.push(place);
            if let Place::Paragraph(number) = &mut block.place {
                paragraphs += 1;
                *number = paragraphs;
            }
            collector.push(Some(block))?;
        }
        Ok(())
    }

    fn start(&mut self, element: &XmlElement<'_>, range: Range<usize>) -> Result<(), ReadError> {
        self.marks.start(element);
        match element.name() {
            "p" | "h" => self.open_paragraph(),
            "span" => self.spans.push(element.attribute("style-name")?),
            "note" => {
                self.spans.push(None);
                let is_endnote = element.attribute("note-class")?.as_deref() == Some("endnote");
                self.open_note(is_endnote);
            }
            "a" => {
                let target = element.attribute("href")?;
                let link = self.open_link(target.filter(|target| !target.starts_with('#')), range);
                self.links.push(link);
            }
            "s" => {
                let count = element.attribute("c")?.and_then(|c| c.parse().ok());
                self.push(&" ".repeat(count.unwrap_or(1).min(SPACES)));
            }
            "tab" => self.push("\t"),
            "line-break" => {
                if let Some(open) = self.open.last_mut() {
                    open.flow.break_line();
                }
            }
            "page" if !self.is_styles => {
                self.slide += 1;
                self.is_in_speaker_notes = false;
            }
            "notes" => self.is_in_speaker_notes = true,
            name if self.is_styles && name.starts_with("header") => {
                self.margin = Some(Place::Header);
            }
            name if self.is_styles && name.starts_with("footer") => {
                self.margin = Some(Place::Footer);
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, at: usize) {
        self.marks.end(name);
        match name {
            "p" | "h" => {
                self.note_end(at);
                self.close_paragraph();
            }
            "span" => {
                self.spans.pop();
            }
            "note" => {
                self.spans.pop();
                self.close_flow();
            }
            "a" => {
                if let Some(Some((slot, link))) = self.links.pop()
                    && let Some(open) = self.open.iter_mut().find(|open| open.slot == slot)
                {
                    open.flow.close_link(link);
                }
            }
            "notes" => self.is_in_speaker_notes = false,
            name if self.is_styles
                && (name.starts_with("header") || name.starts_with("footer")) =>
            {
                self.margin = None;
            }
            _ => {}
        }
    }

    /// Character data; white space counts as one space, as the format has it.
    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut()
            && open.depth > 0
        {
            let mut was_space = false;
            for piece in text.split_inclusive([' ', '\n', '\r', '\t']) {
                let word = piece.trim_end_matches([' ', '\n', '\r', '\t']);
                if !word.is_empty() {
                    open.flow.push(word);
                    was_space = false;
                    self.has_text = true;
                }
                if word.len() < piece.len() && !was_space {
                    open.flow.push(" ");
                    was_space = true;
                }
            }
            let place = &mut self.places[open.slot];
            place.push_managed(self.marks.manager(), text);
            if self.links.iter().all(Option::is_none) && !text.trim().is_empty() {
                place.style = self.spans.last().cloned().flatten();
            }
        }
    }

    /// A paragraph ends at a byte: text may be added there, unless it would be a manager's.
    fn note_end(&mut self, at: usize) {
        let has_text = std::mem::take(&mut self.has_text);
        if let Some(open) = self.open.last()
            && has_text
            && self.marks.manager().is_none()
        {
            self.places[open.slot].insert_at = Some(at);
        }
    }

    fn push(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut() {
            open.flow.push(text);
        }
    }

    fn open_flow(&mut self, place: Option<Place>, depth: u32) {
        self.slots.push(None);
        self.places.push(TextPlace {
            is_content: !self.is_styles,
            ..TextPlace::default()
        });
        self.open.push(Open {
            slot: self.slots.len() - 1,
            flow: TextFlow::default(),
            place,
            depth,
        });
    }

    fn open_paragraph(&mut self) {
        match self.open.last_mut() {
            Some(open) if open.place.is_some() => {
                if open.depth == 0 {
                    open.flow.next_paragraph();
                }
                open.depth += 1;
            }
            _ => self.open_flow(None, 1),
        }
    }

    fn close_paragraph(&mut self) {
        match self.open.last_mut() {
            Some(open) if open.place.is_some() => open.depth = open.depth.saturating_sub(1),
            _ => self.close_flow(),
        }
    }

    fn close_flow(&mut self) {
        let Some(open) = self.open.pop() else {
            return;
        };
        if self.is_styles && self.margin.is_none() {
            return;
        }
        let place = open.place.unwrap_or_else(|| self.place());
        self.slots[open.slot] = open.flow.finish(place);
    }

    /// The place of a paragraph that is not in a note. Paragraphs are numbered at the end.
    fn place(&self) -> Place {
        match (&self.margin, self.slide) {
            (Some(margin), _) => margin.clone(),
            (None, 0) => Place::Paragraph(0),
            (None, slide) if self.is_in_speaker_notes => Place::SpeakerNotes(slide),
            (None, slide) => Place::Slide(slide),
        }
    }

    fn open_note(&mut self, is_endnote: bool) {
        let place = if is_endnote {
            self.endnotes += 1;
            Place::Endnote(self.endnotes)
        } else {
            self.footnotes += 1;
            Place::Footnote(self.footnotes)
        };
        self.open_flow(Some(place), 0);
    }

    /// The mark of a note is its number as a reader sees it, unless the author chose another mark.
    fn number_note(&mut self, mark: &str) {
        let Ok(shown) = mark.trim().parse::<u32>() else {
            return;
        };
        match self.open.last_mut().and_then(|open| open.place.as_mut()) {
            Some(Place::Footnote(number)) => {
                *number = shown;
                self.footnotes = shown;
            }
            Some(Place::Endnote(number)) => {
                *number = shown;
                self.endnotes = shown;
            }
            _ => {}
        }
    }

    /// A link on text, or on a picture. A picture that hangs on the page has no paragraph.
    fn open_link(
        &mut self,
        target: Option<String>,
        tag: Range<usize>,
    ) -> Option<(usize, OpenLink)> {
        let target = target.filter(|target| !target.trim().is_empty())?;
        if let Some(open) = self.open.last_mut() {
            let place = &mut self.places[open.slot];
            place.push_managed(self.marks.manager(), &format!("\n{target}\n"));
            place.links.push((target.clone(), tag));
            return Some((open.slot, open.flow.open_link(target)));
        }
        if !self.is_styles {
            let mut flow = TextFlow::default();
            flow.picture_link(target.clone());
            self.slots.push(flow.finish(self.place()));
            self.places.push(TextPlace {
                is_content: true,
                links: vec![(target, tag)],
                ..TextPlace::default()
            });
        }
        None
    }
}

#[cfg(test)]
#[path = "odt_tests.rs"]
mod tests;
