//! What the repairs of Word and `OpenDocument` files share: edits of parts, sentences in notes.

use std::collections::BTreeMap;

use super::draft::{LinkRepair, RepairDraft, RepairProposal};
use super::source_text::TextEdit;
use super::zip_parts::with_parts;
use crate::links::read::error::{Limits, ReadError};
use crate::links::read::office::archive::{Archive, comparable};
use crate::links::read::office::managed::Manager;
use crate::model::citation::{Citation, Place};
use crate::model::repair::LeftReason;

/// The parts of an archive, and the edits of their text.
pub(super) struct PartEdits<'a> {
    bytes: &'a [u8],
    archive: Archive<'a>,
    /// The text of each part that was asked for; `None` where it is not in UTF-8.
    texts: BTreeMap<String, Option<String>>,
    edits: BTreeMap<String, Vec<TextEdit>>,
}

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

impl<'a> PartEdits<'a> {
    pub(super) fn open(format: &'static str, bytes: &'a [u8]) -> Result<Self, ReadError> {
        Ok(Self {
            bytes,
            archive: Archive::open(format, bytes, Limits::DEFAULT)?,
            texts: BTreeMap::new(),
            edits: BTreeMap::new(),
        })
    }

    /// Whether the archive has a part whose name begins so.
    pub(super) fn has(&self, prefix: &str) -> bool {
        !self.archive.names_under(prefix).is_empty()
    }

    /// The text of a part, without a byte order mark; `None` where there is none in UTF-8.
    pub(super) fn text(&mut self, part: &str) -> Result<Option<&str>, ReadError> {
        let name = comparable(part);
        if !self.texts.contains_key(&name) {
            let bytes = self.archive.bytes(&name)?;
            let text = bytes.and_then(|bytes| {
                let bytes = bytes.strip_prefix(MARK).unwrap_or(&bytes).to_vec();
                String::from_utf8(bytes).ok()
            });
            self.texts.insert(name.clone(), text);
        }
        Ok(self.texts.get(&name).and_then(Option::as_deref))
    }

    /// Adds an edit; the same edit counts once.
    pub(super) fn add(&mut self, part: &str, edit: TextEdit) {
        let edits = self.edits.entry(comparable(part)).or_default();
        if edit.range.is_empty() || !edits.contains(&edit) {
            edits.push(edit);
        }
    }

    /// The archive with the edits; `Ok(None)` where nothing is edited, and `Err` where the archive
    /// is written in an unusual way.
    pub(super) fn finish(mut self) -> Result<Option<Vec<u8>>, UnusualArchive> {
        let mut parts = BTreeMap::new();
        for (name, mut edits) in std::mem::take(&mut self.edits) {
            edits.sort_by_key(|edit| (edit.range.start, edit.range.end));
            let text = self.texts.get(&name).and_then(Option::as_deref);
            let text = text.ok_or(UnusualArchive)?;
            let marked = self.archive.bytes(&name).ok().flatten();
            let mark = marked.filter(|bytes| bytes.starts_with(MARK)).map(|_| MARK);
            let mut bytes = mark.unwrap_or_default().to_vec();
            let mut at = 0;
            for edit in &edits {
                let between = text.get(at..edit.range.start).ok_or(UnusualArchive)?;
                bytes.extend_from_slice(between.as_bytes());
                bytes.extend_from_slice(edit.text.as_bytes());
                at = edit.range.end;
            }
            bytes.extend_from_slice(text.get(at..).ok_or(UnusualArchive)?.as_bytes());
            parts.insert(name, bytes);
        }
        if parts.is_empty() {
            return Ok(None);
        }
        with_parts(self.bytes, &parts)
            .map(Some)
            .ok_or(UnusualArchive)
    }
}

/// An archive whose parts cannot be replaced one by one.
#[derive(Debug)]
pub(super) struct UnusualArchive;

impl From<Manager> for LeftReason {
    fn from(manager: Manager) -> Self {
        match manager {
            Manager::Zotero => Self::Zotero,
            Manager::EndNote => Self::EndNote,
            Manager::Other => Self::ReferenceManager,
        }
    }
}

/// A block of a document whose links get their repairs.
pub(super) struct OfficeBlock<'a> {
    pub(super) citations: &'a [Citation],
    pub(super) text: &'a str,
    /// What a reference manager writes again.
    pub(super) managed: &'a str,
    pub(super) manager: Option<Manager>,
    /// Text may be added to it.
    pub(super) is_open: bool,
}

impl OfficeBlock<'_> {
    /// Decides about the block's links. `move_link` gives a link its new address, where it can;
    /// what is returned is to be added at the end of the note.
    pub(super) fn repair(
        &self,
        draft: &mut RepairDraft<'_>,
        mut move_link: impl FnMut(&RepairProposal, &str) -> bool,
    ) -> Option<String> {
        let mut sentences = Vec::new();
        let mut stop = ".";
        for proposal in draft.proposals(self.citations, self.text) {
            let url = &proposal.citation.url;
            if let Some(manager) = self.manager.filter(|_| self.managed.contains(url.as_str())) {
                draft.list(&proposal, manager.into());
                continue;
            }
            let is_note = matches!(
                proposal.citation.place,
                Place::Footnote(_) | Place::Endnote(_)
            );
            match &proposal.change {
                LinkRepair::Move(new) if move_link(&proposal, new) => draft.mark_changed(&proposal),
                LinkRepair::Move(_) => draft.list(&proposal, LeftReason::InText),
                LinkRepair::Archive(_) if !is_note => draft.list(&proposal, LeftReason::NoNote),
                LinkRepair::Archive(_) if !self.is_open => {
                    draft.list(&proposal, LeftReason::Unsafe);
                }
                LinkRepair::Archive(copy) => {
                    stop = proposal.full_stop();
                    sentences.push(proposal.sentence(copy, &copy.url));
                    draft.mark_changed(&proposal);
                }
            }
        }
        (!sentences.is_empty()).then(|| added(self.text, &sentences, stop))
    }
}

/// Sentences after the text of a note.
fn added(note: &str, sentences: &[String], stop: &str) -> String {
    let note = note.trim_end();
    let space = if stop == "." { " " } else { "" };
    let lead = match note.chars().next_back() {
        None => "",
        Some('。' | '！' | '？') => space,
        Some('.' | '!' | '?') => " ",
        Some(_) if stop == "." => ". ",
        Some(_) => stop,
    };
    let between = format!("{stop}{space}");
    format!("{lead}{}{stop}", sentences.join(&between))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_follow_the_punctuation_of_the_note() {
        for (note, stop, want) in [
            ("A note. ", ".", " A. B."),
            ("A note", ".", ". A. B."),
            ("注释。", "。", "A。B。"),
            ("注释", "。", "。A。B。"),
            ("", ".", "A. B."),
        ] {
            assert_eq!(added(note, &["A".to_owned(), "B".to_owned()], stop), want);
        }
    }
}
