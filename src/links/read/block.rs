//! What a reader of one format hands on: the text of a document in reading order, with the links
//! that the format itself marks.

use std::ops::Range;

use crate::model::citation::{PartialDate, Place};

/// A document as its format gives it, before links in running text are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawDocument {
    /// The title from the file's metadata.
    pub title: Option<String>,
    /// The date from the file's metadata, never from the file system or the title page.
    pub date: Option<PartialDate>,
    pub blocks: Vec<Block>,
}

/// A unit of text: a paragraph, a note, a cell, an entry of a bibliography.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    pub place: Place,
    /// Running text; deleted text and comments are left out.
    pub text: String,
    /// Links that the format marks, in the order of their text.
    pub links: Vec<Hyperlink>,
    /// The title of what is cited, where a field gives it.
    pub title: Option<String>,
    /// The day of citing, where a field gives it.
    pub accessed: Option<PartialDate>,
}

/// A link that the format marks: a relationship, a field, an attribute, an annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hyperlink {
    /// The bytes of [`Block::text`] that show it; empty where no text does (a picture).
    pub range: Range<usize>,
    /// The address as written.
    pub target: String,
}
