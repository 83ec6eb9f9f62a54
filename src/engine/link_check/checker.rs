//! Checks the vantages by their controls, then the links, domain by domain.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;
use url::Url;

use super::discriminated::DiscriminatedHost;
use super::job::LinkJob;
use super::outcome::{LinkOutcome, VantageCheck};
use super::siblings::SiblingPage;
use super::visit::{DomainVisit, LinkVisitor};
use crate::config::Workspace;
use crate::engine::controls::vantage_round;
use crate::engine::error::EngineError;
use crate::engine::judgement::Judgement;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::judge::{Judge, registrable_domain, similarity};
use crate::model::clock::Clock;
use crate::model::link::LinkObservation;
use crate::model::page::History;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::round::VantageRound;
use crate::model::settings::Settings;
use crate::model::vantage::Via;
use crate::model::{Measurement, RoundId, Vantage, VantageId};
use crate::net::pace::HostLeases;
use crate::probe::Prober;
use crate::store::{MeasurementKey, NewMeasurement};

/// How many domains are visited at once; `concurrency` bounds the fetches.
const DOMAINS_AT_ONCE: usize = 256;
/// How often the controls of a vantage are tried.
const CONTROL_TRIES: u32 = 3;

/// Checks links.
pub struct LinkChecker {
    visitor: LinkVisitor,
    vantages: Vec<Vantage>,
}

impl LinkChecker {
    /// Prepares the vantages: all that probe from here, or the named one.
    pub fn new(
        workspace: &Workspace,
        vantage: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let mut settings = workspace.settings.clone();
        settings.politeness.robots &= settings.links.robots;
        let is_used = |v: &&Vantage| {
            let is_wanted = match vantage {
                Some(id) => v.id.as_str() == id,
                None => checks_links(v, &settings.links.vantages),
            };
            v.via != Via::Agent && is_wanted
        };
        let vantages = settings.vantages.iter().filter(is_used).cloned().collect();
        let prober = Prober::new(&settings, &workspace.dir, Arc::clone(&clock))?;
        let judge = Judge::new(&workspace.catalogue, &workspace.signatures);
        let unstored = UnstoredHosts::new(workspace);
        Ok(Self {
            visitor: LinkVisitor::new(prober, judge, settings.links, clock, unstored),
            vantages,
        })
    }

    /// The same, which leaves alone whom discriminators of this prober asked, and the reverse.
    #[must_use]
    pub fn sharing_silence_of(mut self, prober: &Prober) -> Self {
        self.visitor.prober = self.visitor.prober.sharing_silence_of(prober);
        self
    }

    /// The same, which connects to a host only with its lease.
    #[must_use]
    pub fn leasing_hosts(mut self, leases: Option<Arc<dyn HostLeases>>) -> Self {
        self.visitor.prober = self.visitor.prober.leasing_hosts(leases);
        self
    }

    /// The vantages that links are checked from.
    pub fn vantage_ids(&self) -> impl Iterator<Item = &VantageId> {
        self.vantages.iter().map(|vantage| &vantage.id)
    }

    /// Loads stored pages of made-up addresses.
    pub fn restore_siblings(&self, pages: Vec<SiblingPage>) {
        for page in pages {
            self.visitor.siblings.add(page, false);
        }
    }

    /// Pages of made-up addresses that were fetched since this was last called, to be stored.
    #[must_use]
    pub fn unsaved_siblings(&self) -> Vec<SiblingPage> {
        self.visitor.siblings.unsaved()
    }

    /// Loads when discriminators asked for hosts.
    pub fn restore_discriminated(&self, hosts: Vec<DiscriminatedHost>) {
        self.visitor.discriminated.restore(hosts);
    }

    /// Hosts that discriminators asked since this was last called, to be stored.
    #[must_use]
    pub fn unsaved_discriminated(&self) -> Vec<DiscriminatedHost> {
        self.visitor.discriminated.unsaved()
    }

    /// Whether the silence of a host after discriminators lasts, from any vantage that checks
    /// links.
    #[must_use]
    pub fn is_left_alone(&self, url: &Url) -> bool {
        let left = |v: &Vantage| self.visitor.prober.is_left_alone(url, &v.id);
        self.vantages.iter().any(left)
    }

    /// Loads the stored back-offs and copies of robots.txt.
    pub fn restore(&self, politeness: (Vec<BackOff>, Vec<RobotsCopy>)) {
        self.visitor.prober.restore(politeness.0, politeness.1);
    }

    /// The state of politeness that must survive a restart.
    #[must_use]
    pub fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        self.visitor.prober.politeness()
    }

    /// What the record of a check that an agent of `vantage` made says; `None` when it is of
    /// another address than the link.
    pub async fn judge_record(
        &self,
        job: &LinkJob,
        vantage: &Vantage,
        measurement: Measurement,
    ) -> Option<VantageCheck> {
        let is_asked = |url: &&Url| url.as_str() == measurement.input;
        let mut readings = std::iter::once(&job.target.url).chain(&job.alternative);
        let url = readings.find(is_asked)?;
        let references = measurement.extra().map_or(&[][..], |x| &x.references);
        let error_page = references.iter().find(|r| r.kind == ReferenceKind::MadeUp);
        let (error_page, at) = (error_page.cloned(), measurement.started());
        let visitor = &self.visitor;
        let mut check = visitor
            .judged(job, url, vantage, measurement, at, false)
            .await;
        if check.observation != Some(LinkObservation::Served) {
            return Some(check);
        }
        check.instead = (*url != job.target.url).then(|| url.clone());
        let pages = check.page.as_ref().zip(error_page.as_ref());
        if pages.is_some_and(|(page, error)| similarity::says_the_same(page, error).is_some()) {
            check.set_soft_404(error_page);
        }
        Some(check)
    }

    /// The record of a check of a kept link for the store.
    #[must_use]
    pub fn record(&self, measurement: Measurement) -> Option<NewMeasurement> {
        self.visitor.record(measurement)
    }

    /// The record of a control of a vantage for the store.
    #[must_use]
    pub fn control_record(&self, measurement: Measurement) -> Option<NewMeasurement> {
        let place = MeasurementKey::from_measurement(&measurement)?;
        let history = History::new();
        let measurement = Cow::Owned(measurement);
        let judgement = Judgement::begin(&self.visitor.judge, None, &history, measurement);
        Some(judgement.into_record(place, None, true, self.visitor.clock.now()))
    }

    /// Tries the controls of every vantage; the rounds of those that do not work say why. What the
    /// controls answered is added to `records`.
    pub async fn vantages(&self, records: &mut Vec<Measurement>) -> Vec<VantageRound> {
        let mut rounds = Vec::new();
        for vantage in &self.vantages {
            let mut round = self.controls(vantage, 0, records).await;
            for attempt in 1..CONTROL_TRIES {
                if round.usable {
                    break;
                }
                self.visitor
                    .clock
                    .sleep(std::time::Duration::from_secs(2))
                    .await;
                round = self.controls(vantage, attempt, records).await;
            }
            rounds.push(round);
        }
        rounds
    }

    async fn controls(
        &self,
        vantage: &Vantage,
        attempt: u32,
        records: &mut Vec<Measurement>,
    ) -> VantageRound {
        let id = RoundId(uuid::Uuid::now_v7().to_string());
        let at = self.visitor.clock.now();
        let mut results = Vec::new();
        for control in &vantage.controls {
            let measurement = self
                .visitor
                .prober
                .control(control, vantage, &id, attempt)
                .await;
            results.extend(self.visitor.judge.control_passes(&measurement, control));
            records.push(measurement);
        }
        vantage_round(vantage.id.clone(), at, results)
    }

    /// Checks `jobs` from the vantages that `rounds` say work; `progress` is called after each
    /// link and vantage. The outcomes are in the order of the jobs.
    pub async fn check(
        self: &Arc<Self>,
        jobs: Vec<LinkJob>,
        rounds: &[VantageRound],
        progress: impl Fn(),
    ) -> Vec<LinkOutcome> {
        let jobs = Arc::new(jobs);
        let mut outcomes: Vec<LinkOutcome> = jobs
            .iter()
            .map(|job| LinkOutcome::new(&job.target))
            .collect();
        let mut waiting = Vec::new();
        for vantage in &self.vantages {
            let works = rounds.iter().any(|r| r.vantage == vantage.id && r.usable);
            if works {
                let domains = by_domain(&jobs).into_values();
                waiting.extend(domains.map(|domain| (vantage.clone(), domain)));
            }
        }
        let mut visits = JoinSet::new();
        while !waiting.is_empty() || !visits.is_empty() {
            while visits.len() < DOMAINS_AT_ONCE
                && let Some((vantage, domain)) = waiting.pop()
            {
                let (checker, jobs) = (Arc::clone(self), Arc::clone(&jobs));
                visits.spawn(async move { checker.visit_domain(&jobs, domain, &vantage).await });
            }
            // A visit neither panics nor is cancelled; otherwise its links would stay unknown.
            if let Some(Ok(checks)) = visits.join_next().await {
                for (job, check) in checks {
                    outcomes[job].checks.push(check);
                    progress();
                }
            }
        }
        for (job, outcome) in jobs.iter().zip(&mut outcomes) {
            outcome.decide(job);
        }
        outcomes
    }

    /// Visits the links of one domain one after the other, then compares them.
    async fn visit_domain(
        &self,
        jobs: &[LinkJob],
        domain: Vec<usize>,
        vantage: &Vantage,
    ) -> Vec<(usize, VantageCheck)> {
        let mut checks: Vec<(usize, VantageCheck)> = Vec::new();
        let host = domain
            .first()
            .and_then(|at| jobs[*at].target.url.host_str());
        let domain_name = registrable_domain::registrable(host.unwrap_or_default());
        let mut visit = DomainVisit::new(&vantage.id, domain_name.to_ascii_lowercase());
        for job in domain {
            let check = self.visitor.visit(&jobs[job], vantage, &mut visit).await;
            checks.push((job, check));
        }
        let visitor = &self.visitor;
        visitor
            .compare(jobs, &mut checks, vantage, &mut visit)
            .await;
        visitor.settle(jobs, &mut checks, vantage, &mut visit).await;
        checks
    }
}

/// Whether any vantage checks links from this computer.
#[must_use]
pub fn is_checked_here(settings: &Settings) -> bool {
    let checks = |v: &Vantage| v.via != Via::Agent && checks_links(v, &settings.links.vantages);
    settings.vantages.iter().any(checks)
}

/// The records of checks that are made for a hub, each with the page that shows an error page.
#[must_use]
pub fn records_for_hub(outcomes: Vec<LinkOutcome>) -> Vec<NewMeasurement> {
    let checks = outcomes.into_iter().flat_map(|outcome| outcome.checks);
    let records = checks.filter_map(|check| {
        let mut record = *check.record?;
        let extra = &mut record.measurement.test_keys.x_accesswatch;
        if let (Some(extra), Some(page)) = (extra, check.error_page) {
            extra.references.push(Reference {
                kind: ReferenceKind::MadeUp,
                ..page
            });
        }
        Some(record)
    });
    records.collect()
}

/// Whether a vantage is among those that check links: ids, or globs of them.
#[must_use]
pub fn checks_links(vantage: &Vantage, patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| {
        let glob = globset::Glob::new(pattern).map(|glob| glob.compile_matcher());
        pattern == vantage.id.as_str() || glob.is_ok_and(|glob| glob.is_match(vantage.id.as_str()))
    })
}

/// The links by registrable domain, in the order of the jobs.
fn by_domain(jobs: &[LinkJob]) -> BTreeMap<String, Vec<usize>> {
    let mut domains: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, job) in jobs.iter().enumerate() {
        let host = job.target.url.host_str().unwrap_or_default();
        let domain = registrable_domain::registrable(host).to_ascii_lowercase();
        domains.entry(domain).or_default().push(at);
    }
    domains
}
