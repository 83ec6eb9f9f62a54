//! Makes batches of checks of kept links.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;

use super::batch::{LinkBatch, LinkChange};
use super::choose;
use super::closed_hosts::{closed_hosts, source_hosts};
use super::joined;
use super::outcome::{self, CheckedInBatch, LinkProof};
use super::own_copies;
use super::siblings;
use super::silences;
use crate::config::Workspace;
use crate::engine::copies::{PageToSave, written_copies};
use crate::engine::error::EngineError;
use crate::engine::evidence::{self, WantedEvidence, WrittenEvidence};
use crate::engine::link_check::{KnownLink, LinkChecker, LinkJob, LinkOutcome, WantedCopy};
use crate::engine::setup::Engine;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::evidence::EvidenceFiles;
use crate::evidence::warc::Series;
use crate::links::identity;
use crate::links::rules::LinkRules;
use crate::model::clock::Clock;
use crate::model::link::{LinkId, LinkObservation};
use crate::model::link_status::WatchedLink;
use crate::model::round::VantageRound;
use crate::model::{MeasurementUid, PassId, Time, Vantage, VantageId};
use crate::store::{CitedPage, LinkCommit, Lock, LockScope, NewMeasurement, Store};
use crate::track::link_status::{LinkInPass, LinkPolicy, advance_pass};

/// The controls of the vantages are tried again after this long.
const CONTROLS_VALID: TimeDelta = TimeDelta::minutes(15);
/// A vantage of whose checks in a batch more than this percentage fail is tried again: the failures
/// may be its own.
const FAILED_PERCENT: usize = 20;

/// Checks kept links batch by batch.
pub struct LinkWatcher {
    pub(super) checker: Arc<LinkChecker>,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: crate::model::settings::LinkSettings,
    /// Bytes of a page that are read.
    pub(super) max_body: usize,
    back_off: TimeDelta,
    /// The hosts of each source.
    source_hosts: BTreeMap<String, Vec<String>>,
    rounds: Vec<VantageRound>,
    rounds_at: Option<Time>,
    /// Names the checks since the controls were tried last, and what the controls answered.
    pub(super) pass: PassId,
    controls: Vec<NewMeasurement>,
    vantages: Vec<Vantage>,
    /// The hosts whose pages may not be stored.
    unstored: UnstoredHosts,
    /// The files that prove changes.
    evidence: Arc<Mutex<EvidenceFiles>>,
    /// The files of copies of our own.
    copies: Arc<Mutex<EvidenceFiles>>,
    /// The vantages whose agents check links too.
    pub(super) agents: Vec<Vantage>,
    /// Links are checked from one named vantage only.
    pub(super) is_named: bool,
}

/// What is known of the links of a batch.
pub(super) struct KnownPages {
    pub(super) cited: HashMap<i64, Arc<CitedPage>>,
    pub(super) wanted: HashMap<i64, WantedCopy>,
}

impl LinkWatcher {
    /// Makes the vantages ready and takes up what politeness remembers. Sends nothing.
    pub async fn new(
        workspace: &Workspace,
        vantage: Option<&str>,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        let checker = LinkChecker::new(workspace, vantage, Arc::clone(&clock))?;
        Self::with_checker(checker, workspace, vantage, store, clock).await
    }

    /// The same beside the passes of an engine: discriminators of links and of sources leave each
    /// other's hosts alone.
    pub async fn for_engine(engine: &Engine, vantage: Option<&str>) -> Result<Self, EngineError> {
        let (store, clock) = (engine.store.clone(), Arc::clone(&engine.clock));
        let workspace = &engine.workspace;
        let checker = LinkChecker::new(workspace, vantage, Arc::clone(&clock))?;
        let checker = checker.sharing_silence_of(&engine.measurer);
        Self::with_checker(checker, workspace, vantage, store, clock).await
    }

    async fn with_checker(
        checker: LinkChecker,
        workspace: &Workspace,
        vantage: Option<&str>,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, EngineError> {
        checker.restore(store.politeness().await?);
        let settings = workspace.settings.links.clone();
        let back_off = TimeDelta::from_std(workspace.settings.politeness.back_off);
        let folder = &workspace.settings.store.evidence;
        let max_body = workspace.settings.politeness.max_body;
        Ok(Self {
            max_body: usize::try_from(max_body).unwrap_or(usize::MAX),
            checker: Arc::new(checker),
            store,
            clock,
            settings,
            back_off: back_off.unwrap_or(TimeDelta::days(1)),
            source_hosts: source_hosts(workspace),
            unstored: UnstoredHosts::new(workspace),
            rounds: Vec::new(),
            rounds_at: None,
            pass: new_pass(),
            controls: Vec::new(),
            agents: joined::agents(workspace, vantage),
            is_named: vantage.is_some(),
            vantages: workspace.settings.vantages.clone(),
            evidence: Arc::new(Mutex::new(EvidenceFiles::new(folder, Series::Links))),
            copies: Arc::new(Mutex::new(EvidenceFiles::new(folder, Series::Copies))),
        })
    }

    /// How often links are checked now.
    pub async fn policy(&self) -> Result<LinkPolicy, EngineError> {
        let links = self.store.watched_link_count().await?;
        Ok(LinkPolicy::from_settings(&self.settings, links))
    }

    /// Takes in what agents found, or checks the next batch of due links; `None` when nothing is
    /// due, or the checks of the day are used up.
    pub async fn check_due(&mut self) -> Result<Option<LinkBatch>, EngineError> {
        let taken = Box::pin(self.take_results()).await?;
        if let Some(batch) = taken.filter(|batch| batch.checked > 0) {
            return Ok(Some(batch));
        }
        let now = self.clock.now();
        let today = self.store.link_checks_today(now).await?;
        let left = self.settings.daily.saturating_sub(today);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let ids = choose::due(&self.store, now, left).await?;
        if ids.is_empty() {
            return Ok(None);
        }
        if self.is_only_elsewhere() {
            return self.leave_to_agents(ids, now).await.map(Some);
        }
        let links = self.store.watched_links(ids).await?;
        Box::pin(self.check(links)).await.map(Some)
    }

    /// Checks these links now, and stores what that changes.
    pub async fn check(&mut self, mut links: Vec<WatchedLink>) -> Result<LinkBatch, EngineError> {
        let now = self.clock.now();
        if self.is_only_elsewhere() {
            let ids: Vec<LinkId> = links.iter().map(|link| link.id).collect();
            let queued = ids.len();
            self.queue_for_agents(ids, now).await?;
            return Ok(LinkBatch {
                queued,
                ..LinkBatch::default()
            });
        }
        let _lock = Lock::acquire(LockScope::Links, self.store.path(), "links check", now)?;
        self.try_controls(now, false).await;
        let mut batch = LinkBatch {
            unusable: self.unusable(),
            ..LinkBatch::default()
        };
        if !self.rounds.iter().any(|round| round.usable) {
            return Ok(batch);
        }
        batch.put_off = silences::begin(&self.store, &self.checker, &mut links, now).await?;
        let known = self.known_pages(&links).await?;
        siblings::restore(&self.store, &self.checker, &links).await?;
        let (jobs, places): (Vec<LinkJob>, Vec<usize>) = links
            .iter()
            .enumerate()
            .filter_map(|(at, link)| Some((self.job(link, &known)?, at)))
            .unzip();
        let fetched: Vec<LinkId> = places.iter().map(|at| links[*at].id).collect();
        let outcomes = self.checker.check(jobs, &self.rounds, || {}).await;
        let outcomes = self.without_own_failures(outcomes, &mut batch).await;
        let mut found: Vec<Option<LinkOutcome>> = links.iter().map(|_| None).collect();
        for (at, outcome) in places.into_iter().zip(outcomes) {
            found[at] = Some(outcome);
        }
        self.conclude(&links, found, &known, Some(now), &mut batch)
            .await?;
        self.queue_for_agents(fetched, now).await?;
        siblings::save_new(&self.store, &self.checker).await?;
        let now = self.clock.now();
        let (back_offs, robots) = self.checker.politeness();
        self.store.save_politeness(back_offs, robots, now).await?;
        silences::save_new(&self.store, &self.checker, now).await?;
        Ok(batch)
    }

    /// Stores what the checks of links found. `begun`: when those of this computer began; `None`:
    /// agents made the checks besides those of this computer.
    pub(super) async fn conclude(
        &mut self,
        links: &[WatchedLink],
        found: Vec<Option<LinkOutcome>>,
        known: &KnownPages,
        begun: Option<Time>,
        batch: &mut LinkBatch,
    ) -> Result<(), EngineError> {
        let now = self.clock.now();
        let policy = self.policy().await?;
        let restricted = closed_hosts(&self.source_hosts, &self.store).await?;
        let findings = outcome::findings(links, &found, &known.cited, now);
        let mut done: Vec<CheckedInBatch> = Vec::with_capacity(links.len());
        for (link, found) in links.iter().zip(found) {
            let outcome = found.unwrap_or_else(|| LinkOutcome::unfetchable(&link.identity));
            let at = begun.unwrap_or_else(|| joined::checked_at(link, &outcome, now));
            let is_restricted = restricted.contains(&link.host);
            let mut checked = outcome::checked(link, outcome, at, is_restricted);
            checked.in_pass.check.is_partial = begun.is_none() && joined::joins(link, at);
            done.push(checked);
        }
        let pages = own_copies::pages_to_save(links, &mut done, &known.wanted);
        self.commit(links, &mut done, pages, &policy, batch).await?;
        self.store.keep_page_findings(findings, now).await?;
        Ok(())
    }

    /// What is known of the pages of links, and of which a copy is wanted.
    pub(super) async fn known_pages(
        &self,
        links: &[WatchedLink],
    ) -> Result<KnownPages, EngineError> {
        let own = self.settings.copies.own;
        Ok(KnownPages {
            cited: self.cited_pages(links).await?,
            wanted: own_copies::wanted(&self.store, own, &self.unstored, links).await?,
        })
    }

    /// Whether any vantage works.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.rounds_at.is_none() || self.rounds.iter().any(|round| round.usable)
    }

    async fn try_controls(&mut self, now: Time, is_doubted: bool) {
        let is_valid = self
            .rounds_at
            .is_some_and(|at| (now - at).abs() <= CONTROLS_VALID);
        if is_doubted || !is_valid || !self.is_usable() {
            let mut answers = Vec::new();
            self.rounds = self.checker.vantages(&mut answers).await;
            self.pass = new_pass();
            for mut answer in answers {
                answer.set_pass(&self.pass);
                self.controls.extend(self.checker.control_record(answer));
            }
            self.rounds_at = Some(now);
        }
    }

    fn unusable(&self) -> Vec<(VantageId, String)> {
        let unusable = self.rounds.iter().filter(|round| !round.usable);
        unusable
            .map(|round| (round.vantage.clone(), round.text.clone()))
            .collect()
    }

    /// What is known of what was cited of each link.
    async fn cited_pages(
        &self,
        links: &[WatchedLink],
    ) -> Result<HashMap<i64, Arc<CitedPage>>, EngineError> {
        let ids = links.iter().map(|link| link.id.0).collect();
        let pages = self.store.cited_pages(ids).await?;
        Ok(pages
            .into_iter()
            .map(|(id, page)| (id, Arc::new(page)))
            .collect())
    }

    pub(super) fn job(&self, link: &WatchedLink, pages: &KnownPages) -> Option<LinkJob> {
        let cited = pages.cited.get(&link.id.0);
        let wanted_copy = pages.wanted.get(&link.id.0).copied();
        let proxies = &self.settings.proxy_suffix;
        let resolve = |url: &str| identity::resolve(url, LinkRules::shipped(), proxies).ok();
        let mut target = resolve(&link.url)?;
        target.is_script |= outcome::is_by_script(link);
        let alternative = link.alternative.as_deref().and_then(resolve);
        Some(LinkJob {
            target,
            alternative: alternative.map(|target| target.url),
            fragments: link.fragments.clone(),
            is_named: false,
            cited: cited.cloned().unwrap_or_default(),
            known: Some(KnownLink {
                id: link.id,
                views: link.status.views.clone(),
                is_elsewhere: false,
                wanted_copy,
            }),
            is_kept: true,
        })
    }

    /// A failure at our end is never held against a link: when many checks of a vantage fail, its
    /// controls are tried again, and if they fail too, its checks do not count.
    async fn without_own_failures(
        &mut self,
        mut outcomes: Vec<LinkOutcome>,
        batch: &mut LinkBatch,
    ) -> Vec<LinkOutcome> {
        let mut counts: BTreeMap<VantageId, (usize, usize)> = BTreeMap::new();
        for check in outcomes.iter().flat_map(|outcome| &outcome.checks) {
            let (failed, all) = counts.entry(check.vantage.clone()).or_default();
            *failed += usize::from(check.observation == Some(LinkObservation::Failed));
            *all += 1;
        }
        let is_doubted = |(failed, all): &(usize, usize)| failed * 100 > all * FAILED_PERCENT;
        if !counts.values().any(is_doubted) {
            return outcomes;
        }
        self.try_controls(self.clock.now(), true).await;
        let lost: BTreeSet<VantageId> = self.unusable().into_iter().map(|(id, _)| id).collect();
        for outcome in &mut outcomes {
            outcome
                .checks
                .retain(|check| !lost.contains(&check.vantage));
        }
        batch.unusable = self.unusable();
        outcomes
    }

    /// Writes the exchanges of records into the files of evidence: those that are saved as copies
    /// of our own into the files of copies, the others into those of links, each once.
    async fn write_evidence(
        &self,
        mut cited: Vec<MeasurementUid>,
        saved: Vec<MeasurementUid>,
    ) -> Result<WrittenEvidence, EngineError> {
        cited.retain(|uid| !saved.contains(uid));
        let mut written = self.write_into(&self.evidence, cited).await?;
        if !saved.is_empty() {
            let copies = self.write_into(&self.copies, saved).await?;
            written.new.append(copies.new);
            written.notes.extend(copies.notes);
        }
        Ok(written)
    }

    async fn write_into(
        &self,
        files: &Arc<Mutex<EvidenceFiles>>,
        cited: Vec<MeasurementUid>,
    ) -> Result<WrittenEvidence, EngineError> {
        let wanted = WantedEvidence {
            cited,
            ..WantedEvidence::default()
        };
        let (vantages, now) = (self.vantages.clone(), self.clock.now());
        evidence::write(&self.store, files, vantages, wanted, now).await
    }

    /// Takes up what changed while the links were checked: records from elsewhere move states too,
    /// and people state what they saw.
    async fn read_again(
        &self,
        links: &[WatchedLink],
        done: &mut [CheckedInBatch],
    ) -> Result<(), EngineError> {
        let ids = links.iter().map(|link| link.id).collect();
        let now = self.store.watched_links(ids).await?;
        let mut now: HashMap<LinkId, WatchedLink> =
            now.into_iter().map(|link| (link.id, link)).collect();
        for (link, done) in links.iter().zip(done) {
            if let Some(link) = now.remove(&link.id) {
                done.in_pass.status = link.status;
            }
        }
        Ok(())
    }

    async fn commit(
        &mut self,
        links: &[WatchedLink],
        done: &mut Vec<CheckedInBatch>,
        pages: Vec<PageToSave>,
        policy: &LinkPolicy,
        batch: &mut LinkBatch,
    ) -> Result<(), EngineError> {
        self.read_again(links, done).await?;
        let mut in_pass: Vec<LinkInPass> = done.iter().map(|d| d.in_pass.clone()).collect();
        let host_events = advance_pass(&mut in_pass, policy);
        for (checked, after) in done.iter_mut().zip(in_pass) {
            checked.in_pass = after;
        }
        batch.checked = done.len();
        batch.host_events = host_events.len();
        let mut proof = LinkProof::default();
        let mut commit = LinkCommit {
            host_events,
            ..LinkCommit::default()
        };
        let mut declined = BTreeMap::new();
        for (link, mut checked) in links.iter().zip(done.drain(..)) {
            self.prove(link, &mut checked, &mut proof).await?;
            let shared = outcome::shared(&checked.in_pass, self.back_off);
            declined.extend(shared.map(|shared| (shared.host.clone(), shared)));
            if let Some(event) = &checked.in_pass.event {
                batch.changes.push(LinkChange {
                    id: link.id,
                    url: link.url.clone(),
                    event: event.clone(),
                });
            }
            commit.joined.extend(checked.joined.take());
            commit.links.push(outcome::stored(link, checked));
        }
        commit.shared = declined.into_values().collect();
        commit.healthy = proof.healthy;
        commit.too_large = proof.too_large;
        proof.records.append(&mut self.controls);
        self.store.add(proof.records).await?;
        let saved = pages.iter().map(|page| page.record.clone()).collect();
        let written = self.write_evidence(proof.cited, saved).await?;
        commit.copies = written_copies(pages, &written.new);
        commit.evidence = written.new;
        batch.evidence_notes = written.notes;
        self.store.commit_links(commit).await?;
        evidence::committed(&self.evidence);
        evidence::committed(&self.copies);
        Ok(())
    }
}

fn new_pass() -> PassId {
    PassId::for_links(&uuid::Uuid::now_v7().to_string())
}
