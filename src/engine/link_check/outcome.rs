//! What the vantages say about one link.

use std::collections::BTreeSet;

use url::Url;

use super::cited::ComparedPage;
use super::job::LinkJob;
use crate::links::copies::JudgedCapture;
use crate::links::identity::LinkTarget;
use crate::model::drift::Drift;
use crate::model::joined_link::JoinedLink;
use crate::model::link::{LinkObservation, LinkRemark, LinkState};
use crate::model::reference::Reference;
use crate::model::signature::RemovedBy;
use crate::model::{Code, Measurement, Time, VantageId};
use crate::store::NewMeasurement;
use crate::track::link_status::Redirect;
use crate::track::links::{LinkView, state_now};

/// What one vantage says about a link.
#[derive(Debug, Clone)]
pub struct VantageCheck {
    pub vantage: VantageId,
    pub at: Time,
    /// `None` where nothing was fetched.
    pub code: Option<Code>,
    pub observation: Option<LinkObservation>,
    pub remarks: BTreeSet<LinkRemark>,
    /// The reading of the link that was served, when it is not the first.
    pub instead: Option<Url>,
    pub title: Option<String>,
    /// The page that was served, compared with what was cited.
    pub compared: Option<Box<ComparedPage>>,
    /// Who removed the page, as its notice says.
    pub removed_by: Option<RemovedBy>,
    /// The page as it is compared with others of its host.
    pub(super) page: Option<Reference>,
    /// The page by which it was found to be an error page.
    pub(super) error_page: Option<Reference>,
    /// The network of the vantage: its AS, else its country.
    pub network: String,
    /// A known page says that what was here was deleted.
    pub is_notice: bool,
    /// The other page to which the link leads.
    pub redirect: Option<Redirect>,
    /// Two fetches did not agree.
    pub is_unsettled: bool,
    /// The record, where the check of a kept link differs from what was known.
    pub record: Option<Box<NewMeasurement>>,
    /// The exchange of a healthy check that is not a record: it proves the state before the next
    /// change.
    pub exchange: Option<Box<Measurement>>,
    pub(super) body_sha256: Option<String>,
    /// The page as a copy of our own that is to be made.
    pub own_copy: Option<Box<JudgedCapture>>,
    /// The kept link that is another address of this one.
    pub joined: Option<Box<JoinedLink>>,
}

impl VantageCheck {
    pub(super) fn new(vantage: VantageId, at: Time) -> Self {
        Self {
            vantage,
            at,
            code: None,
            observation: None,
            remarks: BTreeSet::new(),
            instead: None,
            title: None,
            compared: None,
            removed_by: None,
            page: None,
            error_page: None,
            network: String::new(),
            is_notice: false,
            redirect: None,
            is_unsettled: false,
            record: None,
            exchange: None,
            body_sha256: None,
            own_copy: None,
            joined: None,
        }
    }

    /// Nothing was fetched, and `remark` says why.
    pub(super) fn unfetched(mut self, remark: Option<LinkRemark>) -> Self {
        self.remarks.extend(remark);
        self
    }

    /// Its page is that of an address where nothing is, as another page shows.
    pub(super) fn set_soft_404(&mut self, error_page: Option<Reference>) {
        self.error_page = error_page;
        self.code = Some(Code::ContentSoft404);
        self.observation = Some(LinkObservation::Rot);
        self.exchange = None;
        self.own_copy = None;
        self.joined = None;
        if let Some(record) = &mut self.record {
            record.verdict.code = Code::ContentSoft404;
        }
    }
}

/// What all vantages say about a link.
#[derive(Debug, Clone)]
pub struct LinkOutcome {
    /// The address that was fetched; `None` for a link that has none.
    pub url: Option<Url>,
    pub identity: String,
    pub state: LinkState,
    /// Two vantages agree.
    pub confirmed: bool,
    /// The code that decided.
    pub code: Option<Code>,
    pub remarks: BTreeSet<LinkRemark>,
    pub title: Option<String>,
    /// What was cited and is no longer there.
    pub drift: Option<Drift>,
    pub removed_by: Option<RemovedBy>,
    pub last_checked: Option<Time>,
    pub last_ok: Option<Time>,
    pub checks: Vec<VantageCheck>,
}

impl LinkOutcome {
    /// The outcome of a link before its first check.
    #[must_use]
    pub fn new(target: &LinkTarget) -> Self {
        Self {
            url: Some(target.url.clone()),
            ..Self::unknown(&target.identity)
        }
    }

    /// The outcome of a link without an address that can be fetched.
    #[must_use]
    pub fn unfetchable(written: &str) -> Self {
        let mut outcome = Self::unknown(written);
        outcome.remarks.insert(LinkRemark::Scheme);
        outcome
    }

    fn unknown(identity: &str) -> Self {
        Self {
            url: None,
            identity: identity.to_owned(),
            state: LinkState::Unknown,
            confirmed: false,
            code: None,
            remarks: BTreeSet::new(),
            title: None,
            drift: None,
            removed_by: None,
            last_checked: None,
            last_ok: None,
            checks: Vec::new(),
        }
    }

    /// Of a link of which vantages elsewhere say this.
    #[must_use]
    pub fn with_checks(job: &LinkJob, checks: Vec<VantageCheck>) -> Self {
        let mut outcome = Self::new(&job.target);
        outcome.checks = checks;
        outcome.decide(job);
        outcome
    }

    /// The pages that stand at the address of a link that rot was seen of.
    #[must_use]
    pub fn rot_pages(&self) -> Vec<Reference> {
        let rotten = |check: &&VantageCheck| check.observation == Some(LinkObservation::Rot);
        let rotten = self.checks.iter().filter(rotten);
        let pages = rotten.filter_map(|check| check.page.clone());
        pages.filter(|page| !page.sketch.is_empty()).collect()
    }

    /// A page that is served and no longer holds what was cited has drifted, when one check is
    /// enough to say so.
    fn find_drift(&mut self) {
        let certain: Vec<&Drift> = self
            .checks
            .iter()
            .filter_map(|check| check.compared.as_ref()?.comparison.drift.as_ref())
            .filter(|drift| drift.is_certain())
            .collect();
        if matches!(self.state, LinkState::Alive | LinkState::Drifted) {
            self.drift = certain.first().map(|drift| (*drift).clone());
            if self.drift.is_some() {
                (self.state, self.confirmed) = (LinkState::Drifted, certain.len() > 1);
            }
        }
    }

    /// What the checks say together.
    pub fn decide(&mut self, job: &LinkJob) {
        self.checks.sort_by(|a, b| a.vantage.cmp(&b.vantage));
        let views: Vec<LinkView> = self
            .checks
            .iter()
            .filter_map(|check| {
                Some(LinkView {
                    code: check.code?,
                    observation: check.observation?,
                })
            })
            .collect();
        (self.state, self.confirmed, self.code) = state_now(&views);
        self.find_drift();
        self.removed_by = self.checks.iter().find_map(|check| check.removed_by);
        for check in &self.checks {
            self.remarks.extend(&check.remarks);
        }
        let served = |c: &&VantageCheck| c.observation == Some(LinkObservation::Served);
        let fetched = self.checks.iter().filter(|c| c.observation.is_some());
        self.last_checked = fetched.map(|c| c.at).max();
        self.last_ok = self.checks.iter().filter(served).map(|c| c.at).max();
        self.title = self
            .checks
            .iter()
            .filter(served)
            .find_map(|c| c.title.clone());
        if let Some(instead) = self.checks.iter().find_map(|c| c.instead.clone()) {
            self.url = Some(instead);
        }
        if job.target.is_script {
            self.remarks.insert(LinkRemark::Script);
            if self.state != LinkState::Gone {
                (self.state, self.confirmed) = (LinkState::Unknown, false);
            }
        }
    }
}
