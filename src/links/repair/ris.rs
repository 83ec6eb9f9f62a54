//! RIS: `UR` stays and the copy is a note (`N1`).

use super::draft::{LinkRepair, RepairDraft};
use super::literal::occurrences;
use super::source_text::{SourceText, TextEdit};
use crate::links::read::citing::citations_of_block;
use crate::links::read::text_formats::ris::records;

pub(super) fn repair(source: &SourceText<'_>, draft: &mut RepairDraft<'_>) {
    let text = source.text();
    for (entry, block) in records(text) {
        let Some(block) = block else { continue };
        let citations = citations_of_block(&block, None);
        let citations: Vec<_> = citations.into_iter().map(|c| c.citation).collect();
        let written = &text[entry.range.clone()];
        for proposal in draft.proposals(&citations, written) {
            let edits = match &proposal.change {
                LinkRepair::Move(new) => {
                    occurrences(text, entry.range.clone(), &proposal.citation.url)
                        .into_iter()
                        .map(|range| TextEdit {
                            range,
                            text: one_line(new),
                        })
                        .collect()
                }
                LinkRepair::Archive(copy) => {
                    let sentence = proposal.sentence(copy, &one_line(&copy.url));
                    vec![note(text, entry.range.end, written, &sentence)]
                }
            };
            draft.change(&proposal, source, &edits);
        }
    }
}

/// A line of its own at the end of the entry.
fn note(text: &str, at: usize, entry: &str, sentence: &str) -> TextEdit {
    let end = if entry.contains("\r\n") { "\r\n" } else { "\n" };
    let line = if text[..at].ends_with('\n') {
        format!("N1  - {sentence}{end}")
    } else {
        format!("{end}N1  - {sentence}")
    };
    TextEdit {
        range: at..at,
        text: line,
    }
}

/// An address without what would end its line.
fn one_line(url: &str) -> String {
    url.chars()
        .filter(|c| !c.is_control() && !c.is_whitespace())
        .collect()
}
