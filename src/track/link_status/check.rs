//! One check of a link: what each vantage saw, and what the page says now.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::model::link::{LinkObservation, LinkRemark};
use crate::model::{Code, MeasurementUid, Time, VantageId};

/// What vantages see within this time is one check; what is seen later is another.
pub const ONE_CHECK: TimeDelta = TimeDelta::hours(20);

/// What one vantage saw of a link in a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkSighting {
    pub vantage: VantageId,
    /// The network of the vantage. Two vantages of one network are one witness.
    pub network: String,
    pub at: Time,
    pub code: Code,
    /// `None`: the check says nothing about the link.
    pub observation: Option<LinkObservation>,
    /// The platform says that the page was deleted.
    pub is_notice: bool,
    /// The other page to which the link leads.
    pub redirect: Option<Redirect>,
    /// The record of the check, where it was kept.
    pub record: Option<MeasurementUid>,
}

/// Another page to which a link leads. Another spelling of the same address is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The address of the link.
    pub from: String,
    pub to: String,
    /// Every step was a 301 or a 308.
    pub is_permanent: bool,
}

/// A check of a link from all vantages in one pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCheck {
    pub at: Time,
    pub sightings: Vec<LinkSighting>,
    pub remarks: BTreeSet<LinkRemark>,
    /// The title of the page, where it was served.
    pub title: Option<String>,
    /// Whether the page is alike to its reference; `None` without a reference or a comparison.
    pub is_alike: Option<bool>,
    /// Two fetches did not agree, so that the link is checked again soon.
    pub is_unsettled: bool,
    /// It was made elsewhere, besides a check from the other vantages.
    pub is_partial: bool,
    /// The cited passage is no longer there, or a figure in it differs.
    pub is_cited_missing: bool,
}

impl LinkCheck {
    /// A check at `at` that saw nothing yet.
    #[must_use]
    pub fn new(at: Time) -> Self {
        Self {
            at,
            sightings: Vec::new(),
            remarks: BTreeSet::new(),
            title: None,
            is_alike: None,
            is_unsettled: false,
            is_partial: false,
            is_cited_missing: false,
        }
    }

    /// Whether any vantage saw one of these.
    pub(super) fn saw(&self, any: &[LinkObservation]) -> bool {
        let observed = |s: &LinkSighting| s.observation.is_some_and(|o| any.contains(&o));
        self.sightings.iter().any(observed)
    }

    /// Whether any vantage saw anything.
    #[must_use]
    pub fn is_informative(&self) -> bool {
        self.sightings.iter().any(|s| s.observation.is_some())
    }
}
