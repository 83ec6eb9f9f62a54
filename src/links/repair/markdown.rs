//! Markdown: the copy is in parentheses after the link.

use std::ops::Range;

use super::draft::{LinkRepair, RepairDraft, RepairProposal, markdown_safe};
use super::html::{LinkTag, repair_tag};
use super::literal::occurrences;
use super::source_text::{SourceText, TextEdit};
use crate::links::read::citing::{BlockCitation, citations_of_block};
use crate::links::read::text_formats::markdown::{
    LinkMarkup, LinkSource, MarkdownSource, definitions, read_with_source,
};
use crate::model::repair::{CitableCopy, LeftReason};
use crate::text::token::{Token, Tokens};

/// Bytes after a link in which its copy may stand.
const NEIGHBOURHOOD: usize = 8 * 1024;

pub(super) fn repair(source: &SourceText<'_>, draft: &mut RepairDraft<'_>) {
    let text = source.text();
    let (document, sources) = read_with_source(text);
    let definitions = definitions(text);
    let nothing = MarkdownSource::default();
    let mut moved_definitions = Vec::new();
    for (number, block) in document.blocks.iter().enumerate() {
        let places = sources.get(number).unwrap_or(&nothing);
        for found in citations_of_block(block, document.date) {
            let citation = std::slice::from_ref(&found.citation);
            for proposal in draft.proposals(citation, "") {
                let site = Site::find(&found, places);
                match (&site, &proposal.change) {
                    (Site::Html(range), _) => html_link(source, range, &proposal, draft),
                    (Site::None, _) => draft.list(&proposal, LeftReason::Unsafe),
                    (Site::Reference(_), LinkRepair::Move(_))
                        if moved_definitions.contains(&proposal.citation.url) =>
                    {
                        draft.mark_changed(&proposal);
                    }
                    (Site::Reference(_), LinkRepair::Move(new)) => {
                        let old = &proposal.citation.url;
                        let edits = moved_definition(text, &definitions, old, new);
                        if draft.change(&proposal, source, &edits) {
                            moved_definitions.push(old.clone());
                        }
                    }
                    (Site::Link(range) | Site::Text(range), LinkRepair::Move(new)) => {
                        let edits = moved(text, range, &proposal.citation.url, new);
                        draft.change(&proposal, source, &edits);
                    }
                    (
                        Site::Link(range) | Site::Text(range) | Site::Reference(range),
                        LinkRepair::Archive(copy),
                    ) => archive(source, range.end, copy, &proposal, draft),
                }
            }
        }
    }
}

/// The copy after a link that ends at a byte.
fn archive(
    source: &SourceText<'_>,
    at: usize,
    copy: &CitableCopy,
    proposal: &RepairProposal,
    draft: &mut RepairDraft<'_>,
) {
    let words = proposal.markdown(copy, &markdown_safe(&copy.url));
    if is_archived(source.text(), at, &words, proposal, draft) {
        draft.leave(proposal, LeftReason::HasCopy);
        return;
    }
    let edit = TextEdit {
        range: at..at,
        text: format!(" {words}"),
    };
    draft.change(proposal, source, &[edit]);
}

/// Where a citation is in the source.
enum Site {
    /// `[x](address)` or `<address>`.
    Link(Range<usize>),
    /// `[x][label]`.
    Reference(Range<usize>),
    Text(Range<usize>),
    Html(Range<usize>),
    /// Within another link, or in text that is written with escapes.
    None,
}

impl Site {
    fn find(found: &BlockCitation, places: &MarkdownSource) -> Self {
        let Some(link) = found.marked else {
            return in_text(&found.range, &places.text).map_or(Self::None, Self::Text);
        };
        let Some(LinkSource { range, kind }) = places.links.get(link).cloned() else {
            return Self::None;
        };
        match kind {
            LinkMarkup::Inline | LinkMarkup::Auto => Self::Link(range),
            LinkMarkup::Reference => Self::Reference(range),
            LinkMarkup::Html => Self::Html(range),
            LinkMarkup::Nested => Self::None,
        }
    }
}

/// Where a stretch of a block's text is in the source. Its parts may be parted by nothing only.
fn in_text(range: &Range<usize>, stretches: &[(usize, Range<usize>)]) -> Option<Range<usize>> {
    let mut found: Option<Range<usize>> = None;
    let mut at = range.start;
    for (begin, source) in stretches {
        let end = begin + source.len();
        if end <= at || *begin >= range.end {
            continue;
        }
        let part =
            source.start + (at.checked_sub(*begin)?)..source.start + (range.end.min(end) - begin);
        found = match found {
            None => Some(part),
            Some(before) if before.end == part.start => Some(before.start..part.end),
            Some(_) => return None,
        };
        at = range.end.min(end);
    }
    found.filter(|_| at == range.end)
}

/// The new address in the markup of a link, or in the text.
fn moved(text: &str, range: &Range<usize>, old: &str, new: &str) -> Vec<TextEdit> {
    let new = markdown_safe(new);
    if text[range.clone()] == *old {
        return vec![TextEdit {
            range: range.clone(),
            text: new,
        }];
    }
    occurrences(text, range.clone(), old)
        .into_iter()
        .map(|range| TextEdit {
            range,
            text: new.clone(),
        })
        .collect()
}

/// The new address in the definitions that have the old one.
fn moved_definition(
    text: &str,
    definitions: &[(String, Range<usize>)],
    old: &str,
    new: &str,
) -> Vec<TextEdit> {
    let of_link = definitions.iter().filter(|(address, _)| address == old);
    of_link
        .flat_map(|(_, span)| occurrences(text, span.clone(), old).into_iter().take(1))
        .map(|range| TextEdit {
            range,
            text: markdown_safe(new),
        })
        .collect()
}

/// Whether a copy follows the link: this one, or another one of the same page.
fn is_archived(
    text: &str,
    at: usize,
    words: &str,
    proposal: &RepairProposal,
    draft: &RepairDraft<'_>,
) -> bool {
    let mut end = text.len().min(at + NEIGHBOURHOOD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let behind = text[at..end].trim_start_matches([' ', '\n', '\r', '>']);
    if behind.starts_with(words) {
        return true;
    }
    let Some(rest) = behind.strip_prefix("([") else {
        return false;
    };
    let address = rest.split_once("](").map(|(_, rest)| rest);
    let address = address.and_then(|rest| rest.split(')').next());
    address.is_some_and(|address| draft.is_copy_of(address, &proposal.citation.url))
}

/// A link of HTML within the text.
fn html_link(
    source: &SourceText<'_>,
    range: &Range<usize>,
    proposal: &RepairProposal,
    draft: &mut RepairDraft<'_>,
) {
    let text = source.text();
    let mut tokens = Tokens::new(&text[range.clone()]);
    let mut at = 0;
    while let Some(token) = tokens.next() {
        let end = tokens.offset();
        if let Token::Start(tag) = token
            && tag.is("a")
            && let Some(href) = tag.attribute("href")
            && crate::text::entity::decode(href, true).trim() == proposal.citation.url
            && let Some(tag) = LinkTag::at(text, range.start + at..range.start + end)
        {
            repair_tag(source, &tag, proposal, draft);
            return;
        }
        at = end;
    }
    draft.list(proposal, LeftReason::Unsafe);
}
