//! `OpenDocument` texts: a note gets text with the copy, and a moved link its new address.

use super::draft::{RepairDraft, xml_escaped};
use super::office::{OfficeBlock, PartEdits};
use super::office_result::{office_result, signed};
use super::options::RepairedDocument;
use super::source_text::TextEdit;
use super::tag_attribute::TagAttribute;
use crate::links::read::citing::citations_of_block;
use crate::links::read::error::{Limits, ReadError};
use crate::links::read::office::odt::{TextPlace, read_with_places};
use crate::model::citation::Citation;

const CONTENT: &str = "content.xml";

pub(super) fn repair(
    bytes: &[u8],
    mut draft: RepairDraft<'_>,
) -> Result<RepairedDocument, ReadError> {
    let (document, places) = read_with_places(bytes, Limits::DEFAULT)?;
    let mut parts = PartEdits::open("ODT", bytes)?;
    if parts.has("meta-inf/documentsignatures.xml") {
        return Ok(signed(draft, &document));
    }
    for (block, place) in document.blocks.iter().zip(&places) {
        let found = citations_of_block(block, document.date);
        let citations: Vec<Citation> = found.into_iter().map(|c| c.citation).collect();
        if citations.is_empty() {
            continue;
        }
        let part = if place.is_content {
            CONTENT
        } else {
            "styles.xml"
        };
        let xml = parts.text(part)?.map(str::to_owned);
        let block = OfficeBlock {
            citations: &citations,
            text: &block.text,
            managed: &place.managed,
            manager: place.manager,
            is_open: xml.is_some() && place.insert_at.is_some(),
        };
        let Some(xml) = xml else {
            block.repair(&mut draft, |_, _| false);
            continue;
        };
        let mut edits = Vec::new();
        let added = block.repair(&mut draft, |proposal, new| {
            let moved = moved_edits(&xml, place, &proposal.citation.url, new);
            edits.extend_from_slice(&moved);
            !moved.is_empty()
        });
        edits.extend(added.and_then(|added| text(&xml, place, &added)));
        for edit in edits {
            parts.add(part, edit);
        }
    }
    Ok(office_result(parts, draft))
}

/// The new address in the tags of the links that have the old one.
fn moved_edits(xml: &str, place: &TextPlace, old: &str, new: &str) -> Vec<TextEdit> {
    let links = place
        .links
        .iter()
        .filter(|(target, _)| target.trim() == old);
    links
        .filter_map(|(_, tag)| {
            // The prefix of the attribute's name is the file's choice; `xlink` is every producer's.
            let href = TagAttribute::find(xml, tag, "xlink:href")?;
            Some(href.edit(new))
        })
        .collect()
}

/// Text at the end of a note, in the style of its last span.
fn text(xml: &str, place: &TextPlace, text: &str) -> Option<TextEdit> {
    let at = place.insert_at?;
    let prefix = xml
        .get(at..)?
        .strip_prefix("</")?
        .split(['p', 'h'])
        .next()?;
    let text = xml_escaped(text);
    let is_prefix = prefix.ends_with(':') && !prefix.contains(['<', '>', ' ']);
    let style = place.style.as_deref().filter(|_| is_prefix);
    let text = match style {
        Some(style) => {
            let style = xml_escaped(style);
            format!("<{prefix}span {prefix}style-name=\"{style}\">{text}</{prefix}span>")
        }
        None => text,
    };
    Some(TextEdit {
        range: at..at,
        text,
    })
}
