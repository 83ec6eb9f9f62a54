//! Repairs documents: dead, blocked and changed links get a copy in an archive, and moved ones
//! their new address.
//!
//! A repair is pure: the bytes of a document and what is known about its links become other bytes
//! and a row for each link. What is not repaired keeps its bytes ([`source_text`]); each format
//! decides where a copy is written. A second repair finds the copy and adds nothing.

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
mod office_result;
mod options;
mod ris;
pub mod source_text;
mod table;
mod tag_attribute;
mod zip_parts;
mod zotero_rdf;

use self::draft::RepairDraft;
use self::office_result::undo;
pub use self::options::{HrefTarget, RepairLookup, RepairOptions, RepairedDocument};
use self::source_text::SourceText;
use super::read::{self, ReadError, RepairFormat};
use crate::model::citation::Citation;
use crate::model::repair::LeftReason;

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

/// Lists every citation, to be repaired by hand.
fn list_all(draft: &mut RepairDraft<'_>, citations: &[Citation], reason: LeftReason) {
    for citation in citations {
        for proposal in draft.proposals(std::slice::from_ref(citation), "") {
            draft.list(&proposal, reason);
        }
    }
}
