//! Word documents: body, tables, text boxes, notes, headers and footers, as a reader sees them.
//!
//! Insertions are read; deleted text, comments and fallbacks for old programs are not.

mod field;
mod numbering;
pub mod place;
mod story;

use super::archive::Archive;
use super::flow::BlockCollector;
use super::package::{Package, Relations};
use crate::links::read::block::RawDocument;
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::Place;

use numbering::{NoteKind, NoteNumbers, NoteSettings};
use place::BlockPlace;
use story::{StoryKind, WordStory};

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
    Ok(read_with_places(bytes, limits)?.document)
}

/// A document with the place of each block.
pub(in crate::links) struct PlacedDocument {
    pub(in crate::links) document: RawDocument,
    pub(in crate::links) places: Vec<BlockPlace>,
    /// The parts in which blocks stand.
    pub(in crate::links) parts: Vec<String>,
}

/// What is read of the parts so far.
struct PartsReader<'a> {
    archive: Archive<'a>,
    collector: BlockCollector,
    places: Vec<BlockPlace>,
    parts: Vec<String>,
}

impl PartsReader<'_> {
    /// Reads a part, which has relationships of its own.
    fn read(&mut self, part: &str, kind: StoryKind<'_>) -> Result<(), ReadError> {
        let Some(xml) = self.archive.text(part)? else {
            return Ok(());
        };
        let relations = Relations::read(&mut self.archive, part)?;
        let mut story = WordStory::new(&relations, kind, self.archive.limits());
        story.read(&xml)?;
        let begin = self.places.len();
        story.finish(&mut self.collector, &mut self.places)?;
        for place in &mut self.places[begin..] {
            place.part = self.parts.len();
        }
        self.parts.push(part.to_owned());
        Ok(())
    }
}

/// Reads a document, and where its blocks stand.
pub(in crate::links) fn read_with_places(
    bytes: &[u8],
    limits: Limits,
) -> Result<PlacedDocument, ReadError> {
    let mut archive = Archive::open("DOCX", bytes, limits)?;
    let package = Package::read(&mut archive, "word/document.xml")?;
    let relations = Relations::read(&mut archive, &package.main)?;
    let settings = match relations.parts_of_kind("settings").next() {
        Some(part) => archive.text(part)?,
        None => None,
    };
    let settings = match settings {
        Some(xml) => NoteSettings::read(&xml, limits)?,
        None => NoteSettings::default(),
    };
    let mut numbers = NoteNumbers::new(settings);
    // A document without its main part is damaged.
    archive.required(&package.main)?;
    let mut reader = PartsReader {
        archive,
        collector: BlockCollector::new(limits),
        places: Vec::new(),
        parts: Vec::new(),
    };
    reader.read(&package.main, StoryKind::Body(&mut numbers))?;
    for (kind, part_kind) in [
        (NoteKind::Footnote, "footnotes"),
        (NoteKind::Endnote, "endnotes"),
    ] {
        for part in relations.parts_of_kind(part_kind) {
            reader.read(part, StoryKind::Notes(kind, &numbers))?;
        }
    }
    for (part_kind, place) in [("header", Place::Header), ("footer", Place::Footer)] {
        for part in relations.parts_of_kind(part_kind) {
            reader.read(part, StoryKind::Margin(place.clone()))?;
        }
    }
    Ok(PlacedDocument {
        document: reader.collector.finish(package.title, package.date),
        places: reader.places,
        parts: reader.parts,
    })
}

#[cfg(test)]
mod tests;
