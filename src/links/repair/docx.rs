//! Word: a note gets a run with the copy, and a moved link's relationship its new target.

use super::draft::{RepairDraft, RepairProposal, xml_escaped};
use super::office::{OfficeBlock, PartEdits};
use super::office_result::{office_result, signed};
use super::options::RepairedDocument;
use super::source_text::TextEdit;
use super::tag_attribute::TagAttribute;
use crate::links::read::citing::citations_of_block;
use crate::links::read::error::{Limits, ReadError};
use crate::links::read::office::docx::place::BlockPlace;
use crate::links::read::office::docx::read_with_places;
use crate::model::citation::Citation;
use crate::text::entity;
use crate::text::token::{Token, Tokens};

pub(super) fn repair(
    bytes: &[u8],
    mut draft: RepairDraft<'_>,
) -> Result<RepairedDocument, ReadError> {
    let word = read_with_places(bytes, Limits::DEFAULT)?;
    let mut parts = PartEdits::open("DOCX", bytes)?;
    if parts.has("_xmlsignatures/") {
        return Ok(signed(draft, &word.document));
    }
    for (block, place) in word.document.blocks.iter().zip(&word.places) {
        let found = citations_of_block(block, word.document.date);
        let citations: Vec<Citation> = found.into_iter().map(|c| c.citation).collect();
        if citations.is_empty() {
            continue;
        }
        let part = word.parts.get(place.part).map_or("", String::as_str);
        let is_utf8 = parts.text(part)?.is_some();
        let relations = targets(&mut parts, part)?;
        let block = OfficeBlock {
            citations: &citations,
            text: &block.text,
            managed: &place.managed,
            manager: place.manager,
            is_open: is_utf8 && place.insert_at.is_some(),
        };
        let mut moved = Vec::new();
        let added = block.repair(&mut draft, |proposal, new| {
            let edits = moved_edits(&relations.targets, proposal, new);
            moved.extend_from_slice(&edits);
            !edits.is_empty()
        });
        for edit in moved {
            parts.add(&relations.part, edit);
        }
        if let Some(added) = added
            && let Some(edit) = parts.text(part)?.and_then(|xml| run(xml, place, &added))
        {
            parts.add(part, edit);
        }
    }
    Ok(office_result(parts, draft))
}

/// The relationships of a part that lead out of the document.
struct Targets {
    part: String,
    targets: Vec<(String, TextEdit)>,
}

/// Each target with the place of its attribute.
fn targets(parts: &mut PartEdits<'_>, part: &str) -> Result<Targets, ReadError> {
    let (folder, name) = part.rsplit_once('/').unwrap_or(("", part));
    let part = format!("{folder}/_rels/{name}.rels");
    let mut targets = Vec::new();
    let xml = parts.text(&part)?.unwrap_or_default();
    let mut tokens = Tokens::new(xml);
    let mut at = 0;
    while let Some(token) = tokens.next() {
        let range = at..tokens.offset();
        at = range.end;
        let Token::Start(tag) = token else { continue };
        let mode = tag.attribute("TargetMode").unwrap_or_default();
        if mode.eq_ignore_ascii_case("External")
            && let Some(target) = TagAttribute::find(xml, &range, "Target")
        {
            let address = entity::decode(target.value, true).into_owned();
            targets.push((address, target.edit("")));
        }
    }
    Ok(Targets { part, targets })
}

/// The new target of each relationship that has the old one. The place within the page is in
/// the text, where it is written apart.
fn moved_edits(
    targets: &[(String, TextEdit)],
    proposal: &RepairProposal,
    new: &str,
) -> Vec<TextEdit> {
    let old = proposal.citation.url.as_str();
    let mut edits = Vec::new();
    for (target, edit) in targets {
        let is_whole = target.trim() == old;
        let is_apart = old
            .strip_prefix(target.trim())
            .is_some_and(|rest| rest.starts_with('#'));
        if is_whole || is_apart {
            let new = match new.split_once('#') {
                Some((address, _)) if is_apart => address,
                _ => new,
            };
            edits.push(TextEdit {
                range: edit.range.clone(),
                text: format!("\"{}\"", xml_escaped(new)),
            });
        }
    }
    edits
}

/// A run at the end of a note, with the properties of its last one.
fn run(xml: &str, place: &BlockPlace, text: &str) -> Option<TextEdit> {
    let at = place.insert_at?;
    let prefix = xml.get(at..)?.strip_prefix("</")?.split("p>").next()?;
    let is_prefix = prefix.is_empty() || prefix.ends_with(':');
    if !is_prefix || prefix.contains(['<', '>', ' ']) {
        return None;
    }
    let properties = place.properties.clone().and_then(|range| xml.get(range));
    let properties = properties.filter(|properties| is_plain(properties, prefix));
    let properties = properties.unwrap_or_default();
    Some(TextEdit {
        range: at..at,
        text: format!(
            "<{prefix}r>{properties}<{prefix}t xml:space=\"preserve\">{}</{prefix}t></{prefix}r>",
            xml_escaped(text)
        ),
    })
}

/// Whether the properties of a run say only how its text looks: no style of a mark or a link, no
/// tracked change.
fn is_plain(properties: &str, prefix: &str) -> bool {
    let special = ["rStyle", "vertAlign", "rPrChange", "ins", "del", "vanish"];
    properties.starts_with(&format!("<{prefix}rPr"))
        && !special
            .iter()
            .any(|name| properties.contains(&format!("<{prefix}{name}")))
}
