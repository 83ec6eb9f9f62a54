//! The numbers of foot- and endnotes as a reader sees them: counted in the order of their marks.

use std::collections::HashMap;

use crate::links::read::error::{Limits, ReadError};
use crate::links::read::office::xml::{Node, XmlReader};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoteKind {
    Footnote,
    Endnote,
}

/// How notes of one kind are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbering {
    pub start: u32,
    pub restarts_in_sections: bool,
}

impl Default for Numbering {
    fn default() -> Self {
        Self {
            start: 1,
            restarts_in_sections: false,
        }
    }
}

impl Numbering {
    /// Takes over a property of notes (`w:numStart`, `w:numRestart`) from its element.
    pub fn set(&mut self, property: &str, value: &str) {
        match property {
            "numStart" => self.start = value.parse().unwrap_or(1),
            "numRestart" => self.restarts_in_sections = value == "eachSect",
            _ => {}
        }
    }
}

/// The document's settings of how notes are numbered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NoteSettings {
    pub footnotes: Numbering,
    pub endnotes: Numbering,
}

impl NoteSettings {
    pub fn read(xml: &str, limits: Limits) -> Result<Self, ReadError> {
        let mut settings = Self::default();
        let mut reader = XmlReader::new("DOCX", xml, limits);
        let mut inside = None;
        while let Some(node) = reader.read()? {
            match node {
                Node::Start(element) => match element.name() {
                    "footnotePr" => inside = Some(NoteKind::Footnote),
                    "endnotePr" => inside = Some(NoteKind::Endnote),
                    property => {
                        if let (Some(kind), Some(value)) = (inside, element.attribute("val")?) {
                            settings.of_kind(kind).set(property, &value);
                        }
                    }
                },
                Node::End(name) if name == "footnotePr" || name == "endnotePr" => inside = None,
                _ => {}
            }
        }
        Ok(settings)
    }

    pub fn of_kind(&mut self, kind: NoteKind) -> &mut Numbering {
        match kind {
            NoteKind::Footnote => &mut self.footnotes,
            NoteKind::Endnote => &mut self.endnotes,
        }
    }
}

/// The number of each note, by its id, as the body is read.
#[derive(Debug)]
pub struct NoteNumbers {
    settings: NoteSettings,
    numbers: HashMap<(NoteKind, String), u32>,
    next: HashMap<NoteKind, u32>,
}

impl NoteNumbers {
    pub fn new(settings: NoteSettings) -> Self {
        Self {
            settings,
            numbers: HashMap::new(),
            next: HashMap::new(),
        }
    }

    /// A mark in the text. A note with a mark of its own (`*`) takes no number from the others.
    pub fn refer(&mut self, kind: NoteKind, id: String, has_own_mark: bool) {
        let start = self.settings.of_kind(kind).start;
        let next = self.next.entry(kind).or_insert(start);
        self.numbers.entry((kind, id)).or_insert(*next);
        if !has_own_mark {
            *next = next.saturating_add(1);
        }
    }

    /// The end of a section, with the numbering that the section states.
    pub fn end_section(&mut self, section: NoteSettings) {
        let mut section = section;
        for kind in [NoteKind::Footnote, NoteKind::Endnote] {
            let restarts = self.settings.of_kind(kind).restarts_in_sections
                || section.of_kind(kind).restarts_in_sections;
            if restarts {
                self.next.remove(&kind);
            }
        }
    }

    /// The number of a note, or `None` when no text refers to it.
    pub fn number(&self, kind: NoteKind, id: &str) -> Option<u32> {
        self.numbers.get(&(kind, id.to_owned())).copied()
    }
}
