//! Repairs documents: dead, blocked and changed links get a copy in an archive, and moved ones
//! their new address.
//!
//! A repair is pure: the bytes of a document and what is known of its links become other bytes and
//! a row for each link. What is not repaired keeps its bytes ([`source_text`]); each format decides
//! where a copy is written. A second repair finds the copy and adds nothing.

mod bibtex;
mod csl_json;
mod docx;
mod draft;
mod html;
mod json_spans;
mod literal;
mod markdown;
mod odt;
mod office;
mod ris;
pub mod source_text;
mod table;
mod tag_attribute;
mod zip_parts;
mod zotero_rdf;

use self::draft::RepairDraft;
use self::office::PartEdits;
use self::source_text::SourceText;
use super::read::block::RawDocument;
use super::read::{self, ReadError, RepairFormat};
use crate::model::citation::Citation;
use crate::model::link::LinkState;
use crate::model::repair::{CopyStyle, LeftReason, RepairAction, RepairFacts, RepairRow};
use crate::model::settings::Language;

/// What is known of a link as it is written in a document.
pub type RepairLookup<'a> = &'a dyn Fn(&str) -> Option<RepairFacts>;

/// Where a repaired link of HTML leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, strum::EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum HrefTarget {
    #[default]
    Original,
    Copy,
}

/// How a document is repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairOptions {
    /// Links in these states are repaired.
    pub states: Vec<LinkState>,
    /// How a copy is named; `None` follows the citation.
    pub style: Option<CopyStyle>,
    /// The language of what is added; `None` follows the citation.
    pub language: Option<Language>,
    pub href: HrefTarget,
}

impl Default for RepairOptions {
    fn default() -> Self {
        Self {
            states: vec![
                LinkState::Gone,
                LinkState::Blocked,
                LinkState::Drifted,
                LinkState::Moved,
            ],
            style: None,
            language: None,
            href: HrefTarget::Original,
        }
    }
}

/// A document after its repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedDocument {
    /// The new bytes; `None` when nothing of the document changes.
    pub bytes: Option<Vec<u8>>,
    /// Documents of its format, and this one, can be changed.
    pub is_writable: bool,
    /// A row for each link in one of the states.
    pub rows: Vec<RepairRow>,
}

/// Repairs a document. `name` is the file's name.
pub fn repair(
    bytes: &[u8],
    name: &str,
    options: &RepairOptions,
    lookup: RepairLookup<'_>,
) -> Result<RepairedDocument, ReadError> {
    let format = read::repair_format(bytes, name)?;
    let mut draft = RepairDraft::new(options, lookup);
    let Some(format) = format else {
        let document = read::read(bytes, name)?;
        list_all(&mut draft, &read::citations(&document), LeftReason::Format);
        return Ok(RepairedDocument {
            bytes: None,
            is_writable: false,
            rows: draft.finish().1,
        });
    };
    match format {
        RepairFormat::Docx => return docx::repair(bytes, draft),
        RepairFormat::Odt => return odt::repair(bytes, draft),
        _ => {}
    }
    let source = SourceText::decode(bytes);
    match format {
        RepairFormat::Bibtex => bibtex::repair(&source, &mut draft),
        RepairFormat::Ris => ris::repair(&source, &mut draft),
        RepairFormat::CslJson => csl_json::repair(&source, &mut draft)?,
        RepairFormat::ZoteroRdf => zotero_rdf::repair(&source, &mut draft)?,
        RepairFormat::Table(delimiter) => table::repair(&source, delimiter, &mut draft)?,
        RepairFormat::Markdown => markdown::repair(&source, &mut draft),
        RepairFormat::Html => html::repair(&source, &mut draft),
        RepairFormat::Docx | RepairFormat::Odt => {}
    }
    Ok(written(&source, draft))
}

/// Applies the edits of a text. Where they cannot be applied, all is left to be done by hand.
fn written(source: &SourceText<'_>, draft: RepairDraft<'_>) -> RepairedDocument {
    let (edits, mut rows) = draft.finish();
    let mut bytes = None;
    if !edits.is_empty() {
        bytes = source.edited(&edits);
        if bytes.is_none() {
            undo(&mut rows, LeftReason::Charset);
        }
    }
    RepairedDocument {
        bytes,
        is_writable: true,
        rows,
    }
}

/// Writes the parts of an archive. Where they cannot be written, all is left to be done by hand.
fn office_result(parts: PartEdits<'_>, draft: RepairDraft<'_>) -> RepairedDocument {
    let (_, mut rows) = draft.finish();
    let bytes = parts.finish();
    let is_writable = bytes.is_ok();
    let bytes = bytes.unwrap_or_else(|_| {
        undo(&mut rows, LeftReason::Unsafe);
        None
    });
    RepairedDocument {
        bytes,
        is_writable,
        rows,
    }
}

/// What was changed is to be done by hand instead.
fn undo(rows: &mut [RepairRow], reason: LeftReason) {
    for row in rows
        .iter_mut()
        .filter(|row| row.action == RepairAction::Changed)
    {
        row.action = RepairAction::Listed;
        row.reason = Some(reason);
        let copy = row.copy.as_ref().map(|copy| copy.url.clone());
        row.paste = row.new_url.clone().or(copy);
    }
}

/// A document with a digital signature is left as it is.
fn signed(mut draft: RepairDraft<'_>, document: &RawDocument) -> RepairedDocument {
    for citation in read::citations(document) {
        for proposal in draft.proposals(std::slice::from_ref(&citation), "") {
            draft.leave(&proposal, LeftReason::Signed);
        }
    }
    RepairedDocument {
        bytes: None,
        is_writable: false,
        rows: draft.finish().1,
    }
}

/// Lists every citation, to be repaired by hand.
fn list_all(draft: &mut RepairDraft<'_>, citations: &[Citation], reason: LeftReason) {
    for citation in citations {
        for proposal in draft.proposals(std::slice::from_ref(citation), "") {
            draft.list(&proposal, reason);
        }
    }
}
