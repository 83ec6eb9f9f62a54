//! A match on a page, and the facts that it is weighed with.

use super::field::LazyRegex;
use crate::model::Evidence;
use crate::model::fact::Spot;
use crate::model::signature::{RemovedBy, SignatureRow};
use crate::model::{Code, Fact, Locus};

/// A known page that was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The row's name, such as `cn.jsl.521`.
    pub name: String,
    pub code: Code,
    pub locus: Locus,
    /// Not confirmed: at most `site.waf_block`, locus unknown.
    pub weak: bool,
    /// Who removed the page, as the page says.
    pub removed_by: Option<RemovedBy>,
    /// The place in the record.
    pub place: &'static str,
    /// Which pattern was found, and where.
    pub fact: Fact,
}

impl Hit {
    /// The same as evidence.
    pub(in crate::judge) fn evidence(&self) -> Evidence {
        Evidence {
            fact: self.fact.clone(),
            place: self.place.to_owned(),
        }
    }
}

/// A row, compiled for matching.
#[derive(Debug)]
pub(super) struct CompiledRow {
    pub known: SignatureRow,
    pub unless: Option<LazyRegex>,
    /// A sentence for readers, searched in the visible text.
    pub sentence: bool,
}

/// A pattern found somewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct PatternMatch {
    pub row: usize,
    pub spot: Spot,
    /// Characters that matched.
    pub matched: usize,
    /// Characters of the title or heading that contains the match.
    pub around: usize,
}

impl PatternMatch {
    pub(super) fn new(row: usize, spot: Spot, matched: usize, around: usize) -> Self {
        Self {
            row,
            spot,
            matched,
            around,
        }
    }
}

/// What is known about the answer apart from its text.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct AnswerFacts {
    pub status: u16,
    pub bytes: u64,
    /// All expectations of a probe with markers are met.
    pub healthy: bool,
    /// The probe names the expected title.
    pub titled: bool,
    /// The probe names markers, and some are missing.
    pub amiss: bool,
}
