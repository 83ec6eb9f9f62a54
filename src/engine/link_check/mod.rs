//! One check of the links that documents cite: each from every vantage, at a polite rate per
//! registrable domain, without a store.
//!
//! * [`LinkChecker`] checks the vantages by their controls, then the links, domain by domain
//! * `visit`: one link from one vantage; `host`: what the links of one host say together
//! * [`LinkOutcome`]: what the vantages say of one link

mod host;
mod outcome;
mod visit;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::task::JoinSet;
use url::Url;

pub use outcome::{LinkOutcome, VantageCheck};
use visit::DomainVisit;

use super::controls::vantage_round;
use super::error::EngineError;
use crate::config::Workspace;
use crate::judge::{Judge, registrable_domain};
use crate::links::identity::LinkTarget;
use crate::model::clock::Clock;
use crate::model::round::VantageRound;
use crate::model::settings::LinkSettings;
use crate::model::vantage::Via;
use crate::model::{RoundId, Vantage};
use crate::probe::Prober;

/// Domains that are visited at once; `concurrency` bounds the fetches.
const DOMAINS_AT_ONCE: usize = 256;
/// Tries of the controls of a vantage.
const CONTROL_TRIES: u32 = 2;

/// A link that is to be checked.
#[derive(Debug, Clone)]
pub struct LinkJob {
    pub target: LinkTarget,
    /// A shorter reading of the link, which is tried when the long one is not there.
    pub alternative: Option<Url>,
    /// The parts of the page that are cited.
    pub fragments: Vec<String>,
    /// The operator names the link, so that it may lead into the local network.
    pub is_named: bool,
}

/// Checks links.
pub struct LinkChecker {
    prober: Prober,
    judge: Judge,
    links: LinkSettings,
    vantages: Vec<Vantage>,
    clock: Arc<dyn Clock>,
}

impl LinkChecker {
    /// Makes the vantages ready: all that probe from here, or the one that is named.
    pub fn new(
        workspace: &Workspace,
        vantage: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let mut settings = workspace.settings.clone();
        settings.politeness.robots &= settings.links.robots;
        let is_used =
            |v: &&Vantage| v.via != Via::Agent && vantage.is_none_or(|id| v.id.as_str() == id);
        let vantages = settings.vantages.iter().filter(is_used).cloned().collect();
        Ok(Self {
            prober: Prober::new(&settings, &workspace.dir, Arc::clone(&clock))?,
            judge: Judge::new(&workspace.catalogue, &workspace.signatures),
            links: settings.links,
            vantages,
            clock,
        })
    }

    /// Tries the controls of every vantage; the rounds of those that do not work say why.
    pub async fn vantages(&self) -> Vec<VantageRound> {
        let mut rounds = Vec::new();
        for vantage in &self.vantages {
            let mut round = self.controls(vantage, 0).await;
            for attempt in 1..CONTROL_TRIES {
                if round.usable {
                    break;
                }
                self.clock.sleep(std::time::Duration::from_secs(2)).await;
                round = self.controls(vantage, attempt).await;
            }
            rounds.push(round);
        }
        rounds
    }

    async fn controls(&self, vantage: &Vantage, attempt: u32) -> VantageRound {
        let id = RoundId(uuid::Uuid::now_v7().to_string());
        let at = self.clock.now();
        let mut results = Vec::new();
        for control in &vantage.controls {
            let measurement = self.prober.control(control, vantage, &id, attempt).await;
            results.extend(self.judge.control_passes(&measurement, control));
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
            // A visit neither panics nor is it cancelled; its links would stay unknown.
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
        let mut visit = DomainVisit::default();
        for job in domain {
            let check = self.visit(&jobs[job], vantage, &mut visit).await;
            checks.push((job, check));
        }
        self.compare(jobs, &mut checks, vantage, &mut visit).await;
        checks
    }
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
