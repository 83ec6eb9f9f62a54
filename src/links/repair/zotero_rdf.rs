//! Zotero RDF: the copy is the item's archive (`z:archive`, `dc:coverage`), or a line of Extra
//! (`dc:description`).

use super::csl_json::archive_name;
use super::draft::{LinkRepair, RepairDraft, RepairProposal, xml_escaped};
use super::literal::occurrences;
use super::source_text::{SourceText, TextEdit};
use crate::links::read::ReadError;
use crate::links::read::citing::citations_of_block;
use crate::links::read::text_formats::xml_records::RecordElement;
use crate::links::read::text_formats::zotero_rdf::for_each;
use crate::model::repair::{CitableCopy, LeftReason};

const ZOTERO: &str = "http://www.zotero.org/namespaces/export#";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
/// Bytes of the head in which the namespaces are declared.
const HEAD: usize = 16 * 1024;

/// The prefixes that the file gives the namespaces.
struct Prefixes {
    zotero: Option<String>,
    dublin_core: Option<String>,
}

pub(super) fn repair(
    source: &SourceText<'_>,
    draft: &mut RepairDraft<'_>,
) -> Result<(), ReadError> {
    let text = source.text();
    let prefixes = Prefixes {
        zotero: prefix(text, ZOTERO),
        dublin_core: prefix(text, DUBLIN_CORE),
    };
    for_each(text, |element, block| {
        let Some(block) = block else { return };
        let citations = citations_of_block(&block, None);
        let citations: Vec<_> = citations.into_iter().map(|c| c.citation).collect();
        let written = &text[element.content.clone()];
        let mut copies = Vec::new();
        for proposal in draft.proposals(&citations, written) {
            match &proposal.change {
                LinkRepair::Move(new) => {
                    let edits = moved(text, element, &proposal.citation.url, new);
                    draft.change(&proposal, source, &edits);
                }
                LinkRepair::Archive(_) if has_copy(element, &proposal, draft) => {
                    draft.leave(&proposal, LeftReason::HasCopy);
                }
                LinkRepair::Archive(copy) => copies.push((proposal.clone(), copy.clone())),
            }
        }
        archive(source, element, &prefixes, &copies, draft);
    })
}

/// The prefix of a namespace in the head of the file.
fn prefix(text: &str, namespace: &str) -> Option<String> {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    let quoted = ['"', '\''].map(|quote| format!("{quote}{namespace}{quote}"));
    let at = quoted.iter().find_map(|quoted| head.find(quoted))?;
    let before = head[..at].trim_end().strip_suffix('=')?.trim_end();
    let (_, prefix) = before.rsplit_once("xmlns:")?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    (!prefix.is_empty() && prefix.chars().all(is_name)).then(|| prefix.to_owned())
}

/// Whether the archive's field names a copy of the link, perhaps another one.
fn has_copy(element: &RecordElement, proposal: &RepairProposal, draft: &RepairDraft<'_>) -> bool {
    let location = element.child("coverage").map(RecordElement::full_text);
    location.is_some_and(|location| draft.is_copy_of(location.trim(), &proposal.citation.url))
}

/// The new address in the item's address, and in its texts.
fn moved(text: &str, element: &RecordElement, old: &str, new: &str) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let addresses = element
        .all("identifier")
        .filter_map(|identifier| identifier.at(&["URI", "value"]));
    for value in addresses.filter(|value| value.children.is_empty() && value.text.trim() == old) {
        let raw = &text[value.content.clone()];
        let begin = value.content.start + raw.len() - raw.trim_start().len();
        edits.push(TextEdit {
            range: begin..begin + raw.trim().len(),
            text: xml_escaped(new),
        });
    }
    for name in ["description", "abstract"] {
        let Some(child) = element.child(name) else {
            continue;
        };
        for range in occurrences(text, child.content.clone(), &xml_escaped(old)) {
            edits.push(TextEdit {
                range,
                text: xml_escaped(new),
            });
        }
    }
    edits
}

fn archive(
    source: &SourceText<'_>,
    element: &RecordElement,
    prefixes: &Prefixes,
    copies: &[(RepairProposal, CitableCopy)],
    draft: &mut RepairDraft<'_>,
) {
    let edits = archive_edits(source.text(), element, prefixes, copies);
    let can_hold = |edits: &[TextEdit]| edits.iter().all(|edit| source.can_hold(&edit.text));
    let is_made = edits
        .filter(|edits| can_hold(edits))
        .is_some_and(|edits| edits.into_iter().all(|edit| draft.add_edit(edit)));
    for (proposal, _) in copies {
        if is_made {
            draft.mark_changed(proposal);
        } else {
            draft.list(proposal, LeftReason::Unsafe);
        }
    }
}

fn archive_edits(
    text: &str,
    element: &RecordElement,
    prefixes: &Prefixes,
    copies: &[(RepairProposal, CitableCopy)],
) -> Option<Vec<TextEdit>> {
    // A note of its own has no fields, and an element without content no place.
    if element.name == "Memo" || text[..element.content.start].ends_with("/>") {
        return None;
    }
    let dublin_core = prefixes.dublin_core.as_deref()?;
    let mut edits = Vec::new();
    let mut new = Vec::new();
    let mut rest = copies;
    let is_free = |name: &str| element.child(name).is_none();
    if let Some(((_, copy), others)) = copies.split_first()
        && let Some(zotero) = &prefixes.zotero
        && is_free("archive")
        && is_free("coverage")
    {
        new.push((format!("{zotero}:archive"), archive_name(&copy.url)));
        new.push((format!("{dublin_core}:coverage"), copy.url.clone()));
        rest = others;
    }
    let lines: Vec<String> = rest
        .iter()
        .map(|(proposal, copy)| proposal.sentence(copy, &copy.url))
        .collect();
    if !lines.is_empty() {
        match element.child("description") {
            Some(extra) if text[..extra.content.start].ends_with("/>") => return None,
            Some(extra) => edits.push(TextEdit {
                range: extra.content.end..extra.content.end,
                text: xml_escaped_lines(&lines, !extra.text.trim().is_empty()),
            }),
            None => new.push((format!("{dublin_core}:description"), lines.join("\n"))),
        }
    }
    edits.extend(added(text, element, &new));
    Some(edits)
}

fn xml_escaped_lines(lines: &[String], is_more: bool) -> String {
    let lines: Vec<String> = lines.iter().map(|line| xml_escaped(line)).collect();
    let lead = if is_more { "\n" } else { "" };
    format!("{lead}{}", lines.join("\n"))
}

/// New elements at the end of the item, each written as its last one is.
fn added(text: &str, element: &RecordElement, new: &[(String, String)]) -> Option<TextEdit> {
    let first = element.children.first().filter(|_| !new.is_empty())?;
    let content = &text[element.content.clone()];
    let end = element.content.start + content.trim_end().len();
    // The white space before the first element of the item.
    let before = &text[element.content.start..first.content.start];
    let lead = &before[..before.len() - before.trim_start().len()];
    let written: Vec<String> = new
        .iter()
        .map(|(name, value)| {
            let lines: Vec<String> = value.lines().map(str::to_owned).collect();
            let value = xml_escaped_lines(&lines, false);
            format!("{lead}<{name}>{value}</{name}>")
        })
        .collect();
    Some(TextEdit {
        range: end..end,
        text: written.concat(),
    })
}
