//! BibTeX and BibLaTeX: `url` stays and the copy has fields of its own.

use super::draft::{LinkRepair, RepairDraft, RepairProposal, tex_safe};
use super::literal::occurrences;
use super::source_text::{SourceText, TextEdit};
use crate::links::read::citing::citations_of_block;
use crate::links::read::text_formats::bibtex::{address, is_address_field, records};
use crate::links::read::text_formats::bibtex_scan::{BibtexEntry, FieldSpan};
use crate::model::repair::{CitableCopy, LeftReason};

/// How the file writes down copies.
#[derive(Debug, Clone, Copy)]
struct Habits {
    /// `archiveurl` and `archivedate`.
    has_archive_fields: bool,
    /// The field for what is added: biblatex has `addendum`, BibTeX `note`.
    field: &'static str,
}

pub(super) fn repair(source: &SourceText<'_>, draft: &mut RepairDraft<'_>) {
    let text = source.text();
    let records = records(text);
    let habits = habits(records.iter().map(|(entry, _)| entry));
    for (entry, block) in &records {
        let Some(block) = block else { continue };
        let citations = citations_of_block(block, None);
        let citations: Vec<_> = citations.into_iter().map(|c| c.citation).collect();
        let written = text.get(entry.range.clone()).unwrap_or_default();
        let mut copies = Vec::new();
        for proposal in draft.proposals(&citations, written) {
            match &proposal.change {
                _ if !entry.is_closed => draft.list(&proposal, LeftReason::Unsafe),
                LinkRepair::Move(new) => {
                    let edits = moved(text, entry, &proposal.citation.url, new);
                    draft.change(&proposal, source, &edits);
                }
                LinkRepair::Archive(copy) => copies.push((proposal.clone(), copy.clone())),
            }
        }
        if !copies.is_empty() {
            archive(source, entry, habits, &copies, draft);
        }
    }
}

fn habits<'a>(entries: impl Iterator<Item = &'a BibtexEntry<'a>>) -> Habits {
    let (mut has_archive_fields, mut is_biblatex) = (false, false);
    for entry in entries {
        is_biblatex |= matches!(entry.kind.as_str(), "online" | "electronic" | "www");
        for (name, _) in &entry.fields {
            has_archive_fields |= name == "archiveurl";
            is_biblatex |= matches!(name.as_str(), "urldate" | "date");
        }
    }
    Habits {
        has_archive_fields,
        field: if is_biblatex { "addendum" } else { "note" },
    }
}

/// The new address wherever the entry has the old one: a field of its own, or within a note.
fn moved(text: &str, entry: &BibtexEntry<'_>, old: &str, new: &str) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    for ((name, value), span) in entry.fields.iter().zip(&entry.spans) {
        let Some(inner) = span.inner.clone() else {
            continue;
        };
        let bare = address(value);
        let is_own = bare == old || old.strip_prefix("doi:") == Some(&*bare);
        // The fields of an identifier keep it; a copy keeps its address.
        if name == "doi" || name.starts_with("archive") {
            continue;
        }
        if is_address_field(name) && is_own {
            let raw = &text[inner.clone()];
            let (range, raw) = match raw.find("\\url{").zip(raw.rfind('}')) {
                Some((at, end)) if at + 5 <= end => {
                    (inner.start + at + 5..inner.start + end, &raw[at + 5..end])
                }
                _ => (inner, raw),
            };
            edits.push(TextEdit {
                range,
                text: escaped_like(raw, new),
            });
            continue;
        }
        for range in occurrences(text, inner, old) {
            edits.push(TextEdit {
                range,
                text: tex_safe(new),
            });
        }
    }
    edits
}

/// An address with the escapes of LaTeX that the field uses.
fn escaped_like(raw: &str, new: &str) -> String {
    let mut out = tex_safe(new);
    for c in ['%', '_', '&', '#'] {
        let escape = format!("\\{c}");
        if raw.contains(&escape) {
            out = out.replace(c, &escape);
        }
    }
    out
}

/// Writes the copies of an entry into its fields.
fn archive(
    source: &SourceText<'_>,
    entry: &BibtexEntry<'_>,
    habits: Habits,
    copies: &[(RepairProposal, CitableCopy)],
    draft: &mut RepairDraft<'_>,
) {
    let text = source.text();
    let mut rest = copies;
    let mut new_fields = Vec::new();
    let has = |name: &str| entry.fields.iter().any(|(n, _)| n == name);
    if let Some(((_, copy), others)) = copies.split_first()
        && habits.has_archive_fields
        && !has("archiveurl")
        && !has("archivedate")
    {
        new_fields.push(("archiveurl", tex_safe(&copy.url)));
        new_fields.push(("archivedate", copy.day.to_string()));
        rest = others;
    }
    let sentence: Vec<String> = rest
        .iter()
        .map(|(proposal, copy)| {
            proposal.sentence(copy, &format!("\\url{{{}}}", tex_safe(&copy.url)))
        })
        .collect();
    let sentence = sentence.join(". ");
    let mut edits = Vec::new();
    if !sentence.is_empty() {
        let field = entry.fields.iter().zip(&entry.spans);
        match field.rev().find(|((name, _), _)| name == habits.field) {
            Some(((_, value), span)) => edits.push(appended(value, span, &sentence)),
            None => new_fields.push((habits.field, sentence)),
        }
    }
    if let Some(last) = entry.spans.last().filter(|_| !new_fields.is_empty()) {
        edits.push(added(text, entry, last, &new_fields));
    }
    let can_hold = edits.iter().all(|edit| source.can_hold(&edit.text));
    let is_made = can_hold && edits.into_iter().all(|edit| draft.add_edit(edit));
    for (proposal, _) in copies {
        if is_made {
            draft.mark_changed(proposal);
        } else if can_hold {
            draft.list(proposal, LeftReason::Unsafe);
        } else {
            draft.list(proposal, LeftReason::Charset);
        }
    }
}

/// A sentence at the end of a field that is there.
fn appended(value: &str, span: &FieldSpan, sentence: &str) -> TextEdit {
    let value = value.trim_end();
    let lead = if value.is_empty() {
        ""
    } else if value.ends_with(['.', '!', '?', '。', '！', '？']) {
        " "
    } else {
        ". "
    };
    match &span.inner {
        Some(inner) => TextEdit {
            range: inner.end..inner.end,
            text: format!("{lead}{sentence}"),
        },
        // A number, an abbreviation, or pieces that are joined.
        None => TextEdit {
            range: span.value.end..span.value.end,
            text: format!(" # {{{lead}{sentence}}}"),
        },
    }
}

/// New fields after the last one, written as that one is.
fn added(
    text: &str,
    entry: &BibtexEntry<'_>,
    last: &FieldSpan,
    fields: &[(&str, String)],
) -> TextEdit {
    let before = &text[entry.range.start..last.name.start];
    let space = &before[before.trim_end().len()..];
    let lead = match space.rfind('\n') {
        Some(at) if space[..at].ends_with('\r') => &space[at - 1..],
        Some(at) => &space[at..],
        None => " ",
    };
    let sign = &text[last.name.end..last.value.start];
    let sign = if sign.contains('\n') || sign.len() > 8 {
        " = "
    } else {
        sign
    };
    let mut rest = text[last.value.end..entry.range.end].char_indices();
    let comma = rest
        .find(|(_, c)| !c.is_whitespace())
        .filter(|(_, c)| *c == ',');
    let written: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{lead}{name}{sign}{{{value}}}"))
        .collect();
    match comma {
        Some((at, _)) => {
            let at = last.value.end + at + 1;
            TextEdit {
                range: at..at,
                text: format!("{},", written.join(",")),
            }
        }
        None => TextEdit {
            range: last.value.end..last.value.end,
            text: format!(",{}", written.join(",")),
        },
    }
}
