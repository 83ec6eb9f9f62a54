//! A repair while it is put together: what is proposed for each citation, the edits, the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;

use super::options::{HrefTarget, RepairLookup, RepairOptions};
use super::source_text::{SourceText, TextEdit};
use crate::i18n::repair as words;
use crate::links::address;
use crate::links::read::script::{is_cjk, is_hangul};
use crate::model::citation::Citation;
use crate::model::link::LinkState;
use crate::model::repair::{
    CitableCopy, CopyStyle, LeftReason, RepairAction, RepairFacts, RepairRow,
};
use crate::model::settings::Language;

/// What a link gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LinkRepair {
    /// Another address.
    Move(String),
    Archive(CitableCopy),
}

/// A change that the place of a citation may take.
#[derive(Debug, Clone)]
pub(super) struct RepairProposal {
    pub(super) citation: Citation,
    pub(super) change: LinkRepair,
    state: LinkState,
    language: Language,
    style: CopyStyle,
}

impl RepairProposal {
    /// The sentence that names the copy; `url` is its address as the format writes it.
    pub(super) fn sentence(&self, copy: &CitableCopy, url: &str) -> String {
        words::sentence(self.language, self.style, url, copy.day)
    }

    /// The sentence for Markdown.
    pub(super) fn markdown(&self, copy: &CitableCopy, url: &str) -> String {
        words::markdown(self.language, url, copy.day)
    }

    /// The full stop of the sentence's language.
    pub(super) fn full_stop(&self) -> &'static str {
        match self.language {
            Language::Zh => "。",
            Language::En | Language::Ko => ".",
        }
    }

    fn paste(&self) -> String {
        match &self.change {
            LinkRepair::Move(address) => address.clone(),
            LinkRepair::Archive(copy) => self.sentence(copy, &copy.url),
        }
    }
}

pub(super) struct RepairDraft<'a> {
    pub(super) options: &'a RepairOptions,
    lookup: RepairLookup<'a>,
    edits: EditList,
    /// Empty cells of new columns, which are written only when one of the columns has a copy.
    columns: Vec<TextEdit>,
    rows: Vec<RepairRow>,
}

impl<'a> RepairDraft<'a> {
    pub(super) fn new(options: &'a RepairOptions, lookup: RepairLookup<'a>) -> Self {
        Self {
            options,
            lookup,
            edits: EditList::default(),
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }

    pub(super) fn facts(&self, written: &str) -> Option<RepairFacts> {
        (self.lookup)(written)
    }

    /// Whether an address is a copy of the link that another one names.
    pub(super) fn is_copy_of(&self, address: &str, link: &str) -> bool {
        let facts = (self.facts(address), self.facts(link));
        matches!(facts, (Some(copy), Some(link)) if copy.is_copy && copy.identity == link.identity)
    }

    /// What the citations of an entry, a row or a note get. Those that get nothing have their row
    /// afterwards. `source` is the entry as written, where a copy may be cited already.
    pub(super) fn proposals(
        &mut self,
        citations: &[Citation],
        source: &str,
    ) -> Vec<RepairProposal> {
        let all: Vec<(&Citation, RepairFacts)> = citations
            .iter()
            .filter_map(|citation| Some((citation, self.facts(&citation.url)?)))
            .collect();
        let copied: BTreeSet<&str> = all
            .iter()
            .filter(|(_, facts)| facts.is_copy)
            .map(|(_, facts)| facts.identity.as_str())
            .collect();
        let doi = citations.iter().find_map(|citation| doi(&citation.url));
        let mut archived = BTreeSet::new();
        let mut proposals = Vec::new();
        for (citation, facts) in &all {
            let is_repaired = |state: &LinkState| self.options.states.contains(state);
            if !is_repaired(&facts.state) {
                if facts.suspected.as_ref().is_some_and(is_repaired) {
                    let reason = Some(LeftReason::NotConfirmed);
                    self.push(citation, facts.state, RepairAction::Left, reason);
                }
                continue;
            }
            let is_cited = |copy: &CitableCopy| {
                copied.contains(facts.identity.as_str()) || holds(source, &copy.url)
            };
            match decide(&citation.url, facts, doi, is_cited) {
                // Another spelling of the same link in the same entry.
                Ok(LinkRepair::Archive(_)) if !archived.insert(facts.identity.clone()) => {}
                Ok(change) => proposals.push(self.proposal(citation, facts, change, source)),
                Err(reason) => {
                    self.push(citation, facts.state, RepairAction::Left, Some(reason));
                    if let (LeftReason::OnlyOwn, Some(row)) = (reason, self.rows.last_mut()) {
                        row.copy.clone_from(&facts.own);
                    }
                }
            }
        }
        proposals
    }

    fn proposal(
        &self,
        citation: &Citation,
        facts: &RepairFacts,
        change: LinkRepair,
        source: &str,
    ) -> RepairProposal {
        let language = self.options.language.unwrap_or_else(|| language_of(source));
        RepairProposal {
            citation: citation.clone(),
            change,
            state: facts.state,
            language,
            style: self.options.style.unwrap_or_else(|| style_of(source)),
        }
    }

    /// Whether these edits can be made together with the others; if so they are made, and the
    /// proposal has its row.
    pub(super) fn change(
        &mut self,
        proposal: &RepairProposal,
        source: &SourceText<'_>,
        edits: &[TextEdit],
    ) -> bool {
        if !edits.iter().all(|edit| source.can_hold(&edit.text)) {
            self.list(proposal, LeftReason::Charset);
            return false;
        }
        if edits.is_empty() || !self.edits.add(edits) {
            self.list(proposal, LeftReason::Unsafe);
            return false;
        }
        self.mark_changed(proposal);
        true
    }

    /// An edit that serves proposals which have their rows already.
    pub(super) fn add_edit(&mut self, edit: TextEdit) -> bool {
        self.edits.add(&[edit])
    }

    pub(super) fn add_column_edit(&mut self, edit: TextEdit) {
        self.columns.push(edit);
    }

    pub(super) fn drop_columns(&mut self) {
        self.columns.clear();
    }

    pub(super) fn mark_changed(&mut self, proposal: &RepairProposal) {
        self.push_proposal(proposal, RepairAction::Changed, None);
    }

    /// The proposal is to be carried out by hand.
    pub(super) fn list(&mut self, proposal: &RepairProposal, reason: LeftReason) {
        self.push_proposal(proposal, RepairAction::Listed, Some(reason));
    }

    pub(super) fn leave(&mut self, proposal: &RepairProposal, reason: LeftReason) {
        self.push_proposal(proposal, RepairAction::Left, Some(reason));
    }

    fn push_proposal(
        &mut self,
        proposal: &RepairProposal,
        action: RepairAction,
        reason: Option<LeftReason>,
    ) {
        self.push(&proposal.citation, proposal.state, action, reason);
        let Some(row) = self.rows.last_mut() else {
            return;
        };
        match &proposal.change {
            LinkRepair::Move(address) => row.new_url = Some(address.clone()),
            LinkRepair::Archive(copy) => row.copy = Some(copy.clone()),
        }
        if action == RepairAction::Listed {
            row.paste = Some(proposal.paste());
        }
    }

    fn push(
        &mut self,
        citation: &Citation,
        state: LinkState,
        action: RepairAction,
        reason: Option<LeftReason>,
    ) {
        self.rows.push(RepairRow {
            place: citation.place.to_string(),
            url_as_cited: address::shown(&citation.url),
            state,
            action,
            new_url: None,
            copy: None,
            paste: None,
            reason,
        });
    }

    /// The edits and the rows, each row once.
    pub(super) fn finish(mut self) -> (Vec<TextEdit>, Vec<RepairRow>) {
        for edit in std::mem::take(&mut self.columns) {
            self.edits.add(&[edit]);
        }
        let mut rows: Vec<RepairRow> = Vec::with_capacity(self.rows.len());
        let mut known = BTreeSet::new();
        for row in self.rows {
            let key = (row.place.clone(), row.url_as_cited.clone(), row.action);
            if known.insert(key) {
                rows.push(row);
            }
        }
        (self.edits.all, rows)
    }

    pub(super) fn href(&self) -> HrefTarget {
        self.options.href
    }
}

/// What a link gets by what is known about it.
fn decide(
    written: &str,
    facts: &RepairFacts,
    doi: Option<&str>,
    is_cited: impl Fn(&CitableCopy) -> bool,
) -> Result<LinkRepair, LeftReason> {
    if facts.is_copy {
        return Err(LeftReason::IsCopy);
    }
    if let Some(doi) = doi.filter(|_| is_cnki_token(written)) {
        return Ok(LinkRepair::Move(format!("https://link.cnki.net/doi/{doi}")));
    }
    if facts.state == LinkState::Moved {
        let new = facts.moved_to.clone().filter(|new| new != written);
        return new.map(LinkRepair::Move).ok_or(LeftReason::NoAddress);
    }
    match &facts.copy {
        Some(copy) if is_cited(copy) => Err(LeftReason::HasCopy),
        Some(copy) => Ok(LinkRepair::Archive(copy.clone())),
        None => Err(facts.no_copy.unwrap_or(LeftReason::NoCopy)),
    }
}

/// The DOI of `doi:10.1/x` or of its resolver's address.
fn doi(written: &str) -> Option<&str> {
    let bare = written
        .strip_prefix("doi:")
        .or_else(|| written.split_once("doi.org/").map(|(_, rest)| rest))?;
    bare.starts_with("10.").then_some(bare)
}

/// CNKI's address of an article whose token runs out.
fn is_cnki_token(written: &str) -> bool {
    let Ok(url) = address::to_url(written) else {
        return false;
    };
    let is_cnki = url
        .host_str()
        .is_some_and(|host| host == "cnki.net" || host.ends_with(".cnki.net"));
    is_cnki && url.path().starts_with("/kcms2/") && url.query_pairs().any(|(name, _)| name == "v")
}

/// Whether a text has an address, in any of the spellings that formats give it.
fn holds(source: &str, url: &str) -> bool {
    source.contains(url)
        || source.contains(&xml_escaped(url))
        || source.contains(&tex_safe(url))
        || source.contains(&markdown_safe(url))
}

/// The language in which a note or an entry is written.
fn language_of(text: &str) -> Language {
    let has = |is: fn(char) -> bool| text.chars().any(is);
    if has(is_hangul) {
        Language::Ko
    } else if has(|c| ('\u{3040}'..='\u{30ff}').contains(&c)) || !has(is_cjk) {
        Language::En
    } else {
        Language::Zh
    }
}

fn style_of(text: &str) -> CopyStyle {
    if text.contains("/OL]") {
        CopyStyle::Gbt7714
    } else {
        CopyStyle::Robust
    }
}

/// An address within XML or HTML, in an attribute in double quotes too.
pub(super) fn xml_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// An address with these characters as escapes.
fn percent_escaped(url: &str, is_unsafe: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_ascii() && is_unsafe(c) {
            let _ = write!(out, "%{:02X}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// An address within `\url{}` of a BibTeX file.
pub(super) fn tex_safe(url: &str) -> String {
    percent_escaped(url, |c| {
        matches!(c, '{' | '}' | '"' | '\\') || c.is_whitespace() || c.is_control()
    })
}

/// An address as the destination of a link of Markdown.
pub(super) fn markdown_safe(url: &str) -> String {
    percent_escaped(url, |c| {
        matches!(
            c,
            '<' | '>' | '(' | ')' | '|' | '\\' | '`' | '*' | '[' | ']'
        ) || c.is_whitespace()
            || c.is_control()
    })
}

/// Edits that do not overlap.
#[derive(Debug, Default)]
struct EditList {
    all: Vec<TextEdit>,
    replaced: BTreeMap<usize, usize>,
    inserted: BTreeSet<usize>,
}

impl EditList {
    /// Adds all of them, or none when one overlaps another.
    fn add(&mut self, edits: &[TextEdit]) -> bool {
        if edits.iter().any(|edit| self.overlaps(&edit.range)) {
            return false;
        }
        for edit in edits {
            if edit.range.is_empty() {
                self.inserted.insert(edit.range.start);
            } else {
                self.replaced.insert(edit.range.start, edit.range.end);
            }
            self.all.push(edit.clone());
        }
        true
    }

    fn overlaps(&self, range: &Range<usize>) -> bool {
        let before = self
            .replaced
            .range(..range.end.max(range.start + usize::from(!range.is_empty())));
        let reaches = before.last().is_some_and(|(_, end)| *end > range.start);
        let mut within = self
            .inserted
            .range(range.start.saturating_add(1)..range.end.max(range.start + 1));
        reaches || within.next().is_some()
    }
}
