//! Word documents: body, tables, text boxes, notes, headers and footers, as a reader sees them.
//!
//! Insertions are read; deleted text, comments and fallbacks for old programs are not.

mod field;
mod numbering;
mod story;

use super::archive::Archive;
use super::flow::BlockCollector;
use super::package::{Package, Relations};
use crate::links::read::block::RawDocument;
use crate::links::read::error::{Limits, ReadError};
use crate::model::citation::Place;

use numbering::{NoteKind, NoteNumbers, NoteSettings};
use story::{StoryKind, WordStory};

pub fn read(bytes: &[u8]) -> Result<RawDocument, ReadError> {
    read_within(bytes, Limits::DEFAULT)
}

pub fn read_within(bytes: &[u8], limits: Limits) -> Result<RawDocument, ReadError> {
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
    let mut collector = BlockCollector::new(limits);
    let mut numbers = NoteNumbers::new(settings);
    {
        let xml = archive.required(&package.main)?;
        let mut story = WordStory::new(&relations, StoryKind::Body(&mut numbers), limits);
        story.read(&xml)?;
        story.finish(&mut collector)?;
    }
    for (kind, part_kind) in [
        (NoteKind::Footnote, "footnotes"),
        (NoteKind::Endnote, "endnotes"),
    ] {
        for part in relations.parts_of_kind(part_kind) {
            read_part(
                &mut archive,
                part,
                StoryKind::Notes(kind, &numbers),
                &mut collector,
            )?;
        }
    }
    for (part_kind, place) in [("header", Place::Header), ("footer", Place::Footer)] {
        for part in relations.parts_of_kind(part_kind) {
            read_part(
                &mut archive,
                part,
                StoryKind::Margin(place.clone()),
                &mut collector,
            )?;
        }
    }
    Ok(collector.finish(package.title, package.date))
}

/// Reads a part beside the body, which has relationships of its own.
fn read_part(
    archive: &mut Archive<'_>,
    part: &str,
    kind: StoryKind<'_>,
    collector: &mut BlockCollector,
) -> Result<(), ReadError> {
    let Some(xml) = archive.text(part)? else {
        return Ok(());
    };
    let relations = Relations::read(archive, part)?;
    let mut story = WordStory::new(&relations, kind, archive.limits());
    story.read(&xml)?;
    story.finish(collector)
}

#[cfg(test)]
mod tests;
