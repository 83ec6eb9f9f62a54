//! HTML: a link gets the attributes of Robust Links and keeps its others.

use std::fmt::Write as _;

use std::ops::Range;

use super::draft::{LinkRepair, RepairDraft, RepairProposal, xml_escaped};
use super::options::HrefTarget;
use super::source_text::{SourceText, TextEdit};
use super::tag_attribute::TagAttribute;
use crate::links::read::citing::citations_of_block;
use crate::links::read::text_formats::html::read_with_tags;
use crate::model::citation::PartialDate;
use crate::model::repair::{CitableCopy, LeftReason};

pub(super) fn repair(source: &SourceText<'_>, draft: &mut RepairDraft<'_>) {
    let text = source.text();
    let (document, tags) = read_with_tags(text);
    for (block, tags) in document.blocks.iter().zip(tags) {
        for found in citations_of_block(block, document.date) {
            let range = found.marked.and_then(|link| tags.get(link).cloned());
            let citation = std::slice::from_ref(&found.citation);
            for proposal in draft.proposals(citation, "") {
                match range.clone().and_then(|range| LinkTag::at(text, range)) {
                    Some(tag) => repair_tag(source, &tag, &proposal, draft),
                    None => draft.list(&proposal, LeftReason::InText),
                }
            }
        }
    }
}

/// Repairs one link whose tag is known.
pub(super) fn repair_tag(
    source: &SourceText<'_>,
    tag: &LinkTag<'_>,
    proposal: &RepairProposal,
    draft: &mut RepairDraft<'_>,
) {
    match &proposal.change {
        LinkRepair::Move(new) => {
            let mut edits = vec![tag.href.edit(new)];
            edits.extend(tag.shown_edit(source.text(), new));
            draft.change(proposal, source, &edits);
        }
        LinkRepair::Archive(_) if tag.has("data-versionurl") => {
            draft.leave(proposal, LeftReason::HasCopy);
        }
        LinkRepair::Archive(copy) => {
            let mut edits = vec![tag.version_edit(proposal, copy)];
            if draft.href() == HrefTarget::Copy {
                edits.push(tag.href.edit(&copy.url));
            }
            draft.change(proposal, source, &edits);
        }
    }
}

/// A start tag with a `href`, and where it stands.
pub(super) struct LinkTag<'a> {
    href: TagAttribute<'a>,
    /// From `<` to after `>`.
    range: Range<usize>,
    written: &'a str,
}

impl<'a> LinkTag<'a> {
    pub(super) fn at(text: &'a str, range: Range<usize>) -> Option<Self> {
        Some(Self {
            href: TagAttribute::find(text, &range, "href")?,
            written: text.get(range.clone())?,
            range,
        })
    }

    fn has(&self, attribute: &str) -> bool {
        self.href.tag.attribute(attribute).is_some()
    }

    /// The text of the link, where it is nothing but the old address.
    fn shown_edit(&self, text: &str, new: &str) -> Option<TextEdit> {
        let rest = &text[self.range.end..];
        let shown = &rest[..rest.find('<')?];
        let is_closed = rest[shown.len()..].get(..3)?.eq_ignore_ascii_case("</a");
        let old = self.href.value.trim();
        let begin = self.range.end + shown.len() - shown.trim_start().len();
        (is_closed && shown.trim() == old).then(|| TextEdit {
            range: begin..begin + old.len(),
            text: xml_escaped(new),
        })
    }

    /// The attributes of Robust Links at the end of the tag.
    fn version_edit(&self, proposal: &RepairProposal, copy: &CitableCopy) -> TextEdit {
        let day = match proposal.citation.cited_on {
            Some((PartialDate::Day(day), _)) => day,
            _ => copy.day,
        };
        let mut attributes = String::new();
        if !self.has("data-originalurl") {
            let original = xml_escaped(&proposal.citation.url);
            let _ = write!(attributes, " data-originalurl=\"{original}\"");
        }
        let url = xml_escaped(&copy.url);
        let _ = write!(attributes, " data-versionurl=\"{url}\"");
        if !self.has("data-versiondate") {
            let _ = write!(attributes, " data-versiondate=\"{day}\"");
        }
        let tag = self.written.strip_suffix('>').unwrap_or(self.written);
        // The slash of `<a href="x" />`; that of `<a href=x/>` belongs to the value.
        let open = tag.strip_suffix('/').unwrap_or(tag);
        let is_slash = open.ends_with(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        let end = if is_slash { open.trim_end() } else { tag };
        let at = self.range.start + end.len();
        TextEdit {
            range: at..at,
            text: attributes,
        }
    }
}
