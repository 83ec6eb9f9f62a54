//! What is found on a page, and what it is weighed with.

use super::field::LazyRegex;
use crate::model::Evidence;
use crate::model::fact::Spot;
use crate::model::signature::SignatureRow;
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
    /// Where in the record.
    pub place: &'static str,
    /// Where a pattern was found, and which.
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

/// A row, with what matching needs.
#[derive(Debug)]
pub(super) struct CompiledRow {
    pub known: SignatureRow,
    pub unless: Option<LazyRegex>,
    /// A sentence for readers, looked for in what they see.
    pub sentence: bool,
}

/// A pattern found somewhere.
#[derive(Debug, Clone, Copy)]
pub(super) struct PatternMatch {
    pub row: usize,
    pub spot: Spot,
    /// Characters that matched.
    pub matched: usize,
    /// Characters of the title or heading it was found in.
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

/// What is known of the answer beside its text.
#[derive(Debug, Clone, Copy)]
pub(in crate::judge) struct AnswerFacts {
    pub status: u16,
    pub bytes: u64,
    /// Every expectation of a probe with markers holds.
    pub healthy: bool,
    /// The probe names the title that it wants.
    pub titled: bool,
    /// The probe names markers, and some are not there.
    pub amiss: bool,
}
