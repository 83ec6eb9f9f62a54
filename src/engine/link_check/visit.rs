//! One link from one vantage: fetched, judged, and what it says observed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use url::Url;

use super::answer::{AnswerJudge, is_inside, network};
use super::discriminated::DiscriminatedHosts;
use super::job::LinkJob;
use super::outcome::VantageCheck;
use super::siblings::Siblings;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::judge::Judge;
use crate::model::clock::Clock;
use crate::model::link::{LinkObservation, LinkRemark};
use crate::model::settings::LinkSettings;
use crate::model::{Code, Measurement, Time, Vantage, VantageId};
use crate::probe::Prober;
use crate::track::links::observation;

/// A domain while its links are visited.
#[derive(Debug)]
pub(super) struct DomainVisit {
    /// Hosts that asked to be left alone, with the code by which they did.
    closed: HashMap<String, Code>,
    /// The vantage and the registrable domain.
    place: (VantageId, String),
    /// Links are fetched a second time, and their records are kept.
    pub(super) is_settling: bool,
}

impl DomainVisit {
    pub(super) fn new(vantage: &VantageId, domain: String) -> Self {
        Self {
            closed: HashMap::new(),
            place: (vantage.clone(), domain),
            is_settling: false,
        }
    }

    /// Whether the host of a link asked to be left alone.
    pub(super) fn has_closed(&self, job: &LinkJob) -> bool {
        let host = job.target.url.host_str().unwrap_or_default();
        self.closed.contains_key(host)
    }
}

/// Fetches links and judges the answers.
pub(super) struct LinkVisitor {
    pub(super) prober: Prober,
    pub(super) judge: Judge,
    pub(super) links: LinkSettings,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) siblings: Siblings,
    pub(super) discriminated: DiscriminatedHosts,
    /// When each domain may be asked again: batches follow each other at once.
    next: Mutex<HashMap<(VantageId, String), Time>>,
    pub(super) unstored: UnstoredHosts,
}

impl LinkVisitor {
    pub(super) fn new(
        prober: Prober,
        judge: Judge,
        links: LinkSettings,
        clock: Arc<dyn Clock>,
        unstored: UnstoredHosts,
    ) -> Self {
        Self {
            prober,
            judge,
            links,
            clock,
            siblings: Siblings::default(),
            discriminated: DiscriminatedHosts::default(),
            next: Mutex::default(),
            unstored,
        }
    }

    /// Checks a link, and the shorter reading of it when the long one is not there.
    pub(super) async fn visit(
        &self,
        job: &LinkJob,
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) -> VantageCheck {
        if job.target.is_unfetchable {
            return VantageCheck::new(vantage.id.clone(), self.clock.now()).unfetched(None);
        }
        let check = self.visit_url(job, &job.target.url, vantage, domain).await;
        let Some(alternative) = &job.alternative else {
            return check;
        };
        if check.observation != Some(LinkObservation::Rot) {
            return check;
        }
        let mut other = self.visit_url(job, alternative, vantage, domain).await;
        if other.observation == Some(LinkObservation::Served) {
            other.instead = Some(alternative.clone());
            return other;
        }
        check
    }

    async fn visit_url(
        &self,
        job: &LinkJob,
        url: &Url,
        vantage: &Vantage,
        domain: &mut DomainVisit,
    ) -> VantageCheck {
        let host = url.host_str().unwrap_or_default().to_owned();
        let at = self.clock.now();
        if let Some(code) = domain.closed.get(&host) {
            let mut check = VantageCheck::new(vantage.id.clone(), at);
            // A challenge is the host's: its links share it.
            check.code = Some(*code);
            check.observation = observation(*code, None, true);
            return check.unfetched(Some(LinkRemark::BackOff));
        }
        let public_only = !(job.is_named || self.links.private);
        self.pause(domain).await;
        let measurement = self.prober.fetch_link(url, vantage, public_only).await;
        let is_settling = domain.is_settling;
        let check = self
            .judged(job, url, vantage, measurement, at, is_settling)
            .await;
        if let Some(code) = check.code.filter(|code| code.demands_back_off()) {
            let now = self.clock.now();
            self.prober.back_off(&vantage.id, &host, code, now, false);
            domain.closed.insert(host, code);
        }
        check
    }

    /// What the answer to a fetch of `url` says of a link.
    pub(super) async fn judged(
        &self,
        job: &LinkJob,
        url: &Url,
        vantage: &Vantage,
        measurement: Measurement,
        at: Time,
        is_settling: bool,
    ) -> VantageCheck {
        let mut check = VantageCheck::new(vantage.id.clone(), at);
        let leads_inside = is_inside(&measurement);
        if leads_inside && measurement.test_keys.requests.len() <= 1 {
            return check.unfetched(Some(LinkRemark::Private));
        }
        check.network = network(&measurement, Some(vantage));
        let answers = AnswerJudge {
            judge: &self.judge,
            unstored: &self.unstored,
        };
        answers.judge(&mut check, job, url, &measurement).await;
        if leads_inside {
            check.remarks.insert(LinkRemark::Private);
        }
        if let Some(known) = &job.known {
            self.keep_record(known, &mut check, measurement, is_settling);
        }
        check
    }

    /// The pause between two fetches of a domain.
    pub(super) async fn pause(&self, domain: &DomainVisit) {
        let interval = self.links.per_domain_interval;
        let Ok(gap) = TimeDelta::from_std(interval) else {
            return;
        };
        if gap.is_zero() {
            return;
        }
        let now = self.clock.now();
        let begin = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.retain(|_, until| *until > now);
            let begin = next.get(&domain.place).map_or(now, |until| *until);
            next.insert(domain.place.clone(), begin + gap);
            begin
        };
        if let Ok(wait) = (begin - now).to_std() {
            self.clock.sleep(wait).await;
        }
    }
}
