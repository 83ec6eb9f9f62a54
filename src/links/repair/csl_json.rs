//! CSL-JSON and Better BibTeX JSON: the copy is the item's archive, or a line of its note.

use super::draft::{LinkRepair, RepairDraft, RepairProposal};
use super::json_spans::{self, JsonMember, JsonObject};
use super::literal::occurrences;
use super::source_text::{SourceText, TextEdit};
use crate::links::read::ReadError;
use crate::links::read::citing::citations_of_block;
use crate::links::read::text_formats::csl_json::records;
use crate::model::repair::{CitableCopy, LeftReason};

/// The names that a producer gives the fields.
struct FieldNames {
    archive: &'static str,
    location: &'static str,
    note: &'static str,
}

const CSL: FieldNames = FieldNames {
    archive: "archive",
    location: "archive_location",
    note: "note",
};
/// Zotero's own, which Better BibTeX exports.
const ZOTERO: FieldNames = FieldNames {
    archive: "archive",
    location: "archiveLocation",
    note: "extra",
};

pub(super) fn repair(
    source: &SourceText<'_>,
    draft: &mut RepairDraft<'_>,
) -> Result<(), ReadError> {
    let text = source.text();
    let blocks = records(text)?;
    let objects = json_spans::entries(text).filter(|objects| objects.len() == blocks.len());
    let objects = objects.ok_or_else(|| ReadError::damaged("JSON", "its entries differ"))?;
    for (object, block) in objects.iter().zip(blocks) {
        let Some(block) = block else { continue };
        let citations = citations_of_block(&block, None);
        let citations: Vec<_> = citations.into_iter().map(|c| c.citation).collect();
        let written = &text[object.range.clone()];
        let names = if object.member("itemType").is_some() {
            ZOTERO
        } else {
            CSL
        };
        let mut item = CslItem::new(text, object, names);
        for proposal in draft.proposals(&citations, written) {
            match &proposal.change {
                LinkRepair::Move(new) => {
                    let edits = moved(text, object, &proposal.citation.url, new);
                    draft.change(&proposal, source, &edits);
                }
                LinkRepair::Archive(_) if item.has_copy_of(&proposal, draft) => {
                    draft.leave(&proposal, LeftReason::HasCopy);
                }
                LinkRepair::Archive(copy) => item.archive(&proposal, copy),
            }
        }
        item.write(source, draft);
    }
    Ok(())
}

/// The new address in the strings of the item that hold the old one.
fn moved(text: &str, object: &JsonObject, old: &str, new: &str) -> Vec<TextEdit> {
    let quoted_old = quoted(old);
    let bare = &quoted_old[1..quoted_old.len() - 1];
    let quoted_new = quoted(new);
    let mut edits = Vec::new();
    for member in &object.members {
        if matches!(
            member.name.as_str(),
            "id" | "citationKey" | "citation-key" | "DOI" | "doi"
        ) {
            continue;
        }
        if string(text, member).is_some_and(|value| value.trim() == old) {
            edits.push(TextEdit {
                range: member.value.clone(),
                text: quoted_new.clone(),
            });
            continue;
        }
        for range in occurrences(text, member.value.clone(), bare) {
            edits.push(TextEdit {
                range,
                text: quoted_new[1..quoted_new.len() - 1].to_owned(),
            });
        }
    }
    edits
}

/// An item whose copies are collected.
struct CslItem<'a> {
    text: &'a str,
    object: &'a JsonObject,
    names: FieldNames,
    archived: Vec<(RepairProposal, CitableCopy)>,
}

impl<'a> CslItem<'a> {
    fn new(text: &'a str, object: &'a JsonObject, names: FieldNames) -> Self {
        Self {
            text,
            object,
            names,
            archived: Vec::new(),
        }
    }

    /// Whether the archive's field has a copy of the link, perhaps another one.
    fn has_copy_of(&self, proposal: &RepairProposal, draft: &RepairDraft<'_>) -> bool {
        let location = self.object.member(self.names.location);
        let location = location.and_then(|member| string(self.text, member));
        location.is_some_and(|location| draft.is_copy_of(location.trim(), &proposal.citation.url))
    }

    fn archive(&mut self, proposal: &RepairProposal, copy: &CitableCopy) {
        self.archived.push((proposal.clone(), copy.clone()));
    }

    fn is_empty_field(&self, name: &str) -> bool {
        self.object.member(name).is_none_or(|member| {
            let value = &self.text[member.value.clone()];
            value == "null" || string(self.text, member).is_some_and(|text| text.trim().is_empty())
        })
    }

    fn write(self, source: &SourceText<'_>, draft: &mut RepairDraft<'_>) {
        let FieldNames {
            archive,
            location,
            note,
        } = self.names;
        let mut edits = Vec::new();
        let mut fields = Vec::new();
        let mut rest = self.archived.as_slice();
        if let Some(((_, copy), others)) = rest.split_first()
            && self.is_empty_field(archive)
            && self.is_empty_field(location)
        {
            fields.push((archive, quoted(&archive_name(&copy.url))));
            fields.push((location, quoted(&copy.url)));
            rest = others;
        }
        let lines: Vec<String> = rest
            .iter()
            .map(|(p, copy)| p.sentence(copy, &copy.url))
            .collect();
        if !lines.is_empty() {
            let old = self.object.member(note);
            let old = old.and_then(|member| string(self.text, member));
            match old.filter(|old| !old.trim().is_empty()) {
                Some(_) => {
                    let end = self.object.member(note).map_or(0, |m| m.value.end - 1);
                    let line = quoted(&format!("\n{}", lines.join("\n")));
                    edits.push(TextEdit {
                        range: end..end,
                        text: line[1..line.len() - 1].to_owned(),
                    });
                }
                None => fields.push((note, quoted(&lines.join("\n")))),
            }
        }
        let mut new = Vec::new();
        for (name, text) in fields {
            match self.object.member(name) {
                Some(member) => edits.push(TextEdit {
                    range: member.value.clone(),
                    text,
                }),
                None => new.push((name, text)),
            }
        }
        edits.extend(self.added(&new));
        let can_hold = edits.iter().all(|edit| source.can_hold(&edit.text));
        let is_made = can_hold && edits.into_iter().all(|edit| draft.add_edit(edit));
        for (proposal, _) in &self.archived {
            if is_made {
                draft.mark_changed(proposal);
            } else {
                draft.list(proposal, LeftReason::Unsafe);
            }
        }
    }

    /// New members after the last one, written as that one is.
    fn added(&self, new: &[(&str, String)]) -> Option<TextEdit> {
        let last = self.object.members.last().filter(|_| !new.is_empty())?;
        let before = &self.text[self.object.range.start..last.key.start];
        let lead = &before[before.trim_end().len()..];
        let sign = &self.text[last.key.end..last.value.start];
        let written: Vec<String> = new
            .iter()
            .map(|(name, value)| format!(",{lead}\"{name}\"{sign}{value}"))
            .collect();
        Some(TextEdit {
            range: last.value.end..last.value.end,
            text: written.concat(),
        })
    }
}

/// The name under which an archive is cited: its host.
pub(super) fn archive_name(url: &str) -> String {
    let host = url::Url::parse(url)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| "archive".to_owned())
}

fn string(text: &str, member: &JsonMember) -> Option<String> {
    serde_json::from_str(&text[member.value.clone()]).ok()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
