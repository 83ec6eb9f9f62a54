//! The daemon: passes on the schedule, until it is stopped.
//!
//! It wakes when something is due, when a mail is to be retried, for a digest, and otherwise once
//! an hour, which also notices a changed clock and sends reminders. A stop drops the pass in
//! progress: its measurements are stored, and its rounds stay due. A reload waits for the pass in
//! progress; with an invalid configuration the old one stays, and the reason is logged.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;

use crate::alert::drain::FailedMail;
use crate::config::{self, SecretNeeds, Workspace};
use crate::model::clock::Clock;
use crate::model::{Time, VantageId};
use crate::store::{Lock, LockError, LockScope, Store};

use super::agents::silence::{Hearing, Presence, agent_vantages};
use super::daemon_orders::Orders;
use super::due::{self, Job, Selection};
use super::error::EngineError;
use super::link_watch::{LinkBatch, LinkWatcher};
use super::look;
use super::nightly_import::IMPORT_PART;
use super::observer::SilentObserver;
use super::pass::{PassOptions, PassReport};
use super::schedule_index::ScheduleIndex;
use super::setup::Engine;

pub use super::daemon_orders::DaemonCommand;

/// The delay before a retry after a vantage was unusable or a pass failed.
const RETRY: TimeDelta = TimeDelta::minutes(5);
/// The delay before another look while another process makes a pass.
const BUSY: TimeDelta = TimeDelta::minutes(1);
/// The delay before another look at cited links that could not be checked.
const LINKS_RETRY: TimeDelta = TimeDelta::minutes(5);
/// The longest sleep: a changed clock is noticed within it.
const LONGEST_SLEEP: TimeDelta = TimeDelta::hours(1);
/// The longest sleep where agents send records.
const AGENTS_EVERY: TimeDelta = TimeDelta::minutes(1);
/// The interval between removals of old records.
const EXPIRE_EVERY: TimeDelta = TimeDelta::days(1);
/// After the time stamp authority gave no stamp, it is asked again after this long.
const STAMP_RETRY: TimeDelta = TimeDelta::hours(1);

/// The log of the daemon: each call is one line.
pub trait Journal: Send + Sync {
    /// The daemon is running (also after a reload): this many rounds are on the schedule.
    fn ready(&self, _rounds: usize) {}
    /// A pass was committed.
    fn pass(&self, _report: &PassReport) {}
    /// The work failed; it is retried at the given time.
    fn failed(&self, _error: &EngineError, _again: Time) {}
    /// A batch of cited links was checked.
    fn links(&self, _batch: &LinkBatch) {}
    /// A mail was not sent; it stays in the outbox and is retried.
    fn not_sent(&self, _mail: &FailedMail) {}
    /// A problem that would otherwise stay unnoticed.
    fn warned(&self, _fault: &str) {}
    /// A reload was refused because the files have faults.
    fn refused(&self, _faults: &config::Diagnostics) {}
    /// A reload was refused: the files are valid, but the configuration cannot be set up.
    fn unfit(&self, _error: &EngineError) {}
    /// The new configuration names another store, which requires a restart.
    fn store_kept(&self, _path: &std::path::Path) {}
    /// The daemon sleeps until this time.
    fn sleeping(&self, _until: Time) {}
}

/// The daemon's state between two wake-ups.
pub struct Daemon {
    dir: PathBuf,
    engine: Arc<Engine>,
    schedule_index: ScheduleIndex,
    clock: Arc<dyn Clock>,
    journal: Arc<dyn Journal>,
    /// When each vantage that did not work is retried.
    retry: BTreeMap<VantageId, Time>,
    expired: Option<Time>,
    /// Since when agents would have been heard from.
    presence: Presence,
    /// When the time stamp authority is asked again after it gave no stamp.
    stamp_retry: Option<Time>,
    /// The day on which days were closed last without a pass.
    closed: Option<chrono::NaiveDate>,
    /// A pass ended that was not reported to the dead man's switch yet.
    slot: bool,
    /// Checks cited links; made when the first one is due.
    links: Option<LinkWatcher>,
    _lock: Lock,
}

impl Daemon {
    /// The secrets of a daemon: it fetches from every vantage, and mails.
    #[must_use]
    pub fn needs() -> SecretNeeds {
        SecretNeeds::none().and_vantages(None).and_mail()
    }

    /// A daemon for a checked workspace and its store. Refuses a workspace that has a daemon, or
    /// where a pass is in progress.
    pub async fn new(
        workspace: Workspace,
        store: Store,
        clock: Arc<dyn Clock>,
        journal: Arc<dyn Journal>,
    ) -> Result<Self, EngineError> {
        let dir = workspace.dir.clone();
        let lock = Lock::acquire(LockScope::Daemon, store.path(), "daemon", clock.now())?;
        drop(Lock::acquire(
            LockScope::Pass,
            store.path(),
            "daemon",
            clock.now(),
        )?);
        let engine = Arc::new(Engine::new(workspace, store, Arc::clone(&clock)).await?);
        Ok(Self {
            dir,
            schedule_index: schedule_index(&engine),
            engine,
            clock,
            journal,
            retry: BTreeMap::new(),
            expired: None,
            presence: Presence::default(),
            stamp_retry: None,
            closed: None,
            slot: false,
            links: None,
            _lock: lock,
        })
    }

    /// Runs until [`DaemonCommand::Stop`], or until all senders of commands are dropped.
    pub async fn run(mut self, mut commands: mpsc::Receiver<DaemonCommand>) {
        self.announce();
        loop {
            let woken = self.clock.now();
            self.presence.look(woken);
            let mut orders = Orders::new(&mut commands);
            let worked = orders.until_stop(self.work(woken)).await;
            let Some(worked) = worked else { return };
            let outcome = match worked {
                Ok(lock) => orders.farewell(self.report(lock)).await,
                Err(error) => Some(Err(error)),
            };
            let Some(outcome) = outcome else { return };
            self.presence.worked(self.clock.now());
            let until = match outcome {
                Ok(()) => self.next_wake(woken).await,
                Err(error) => self.fail(&error),
            };
            if !orders.is_awake() {
                self.journal.sleeping(until);
                if !orders.until_command(self.idle(until)).await {
                    return;
                }
            }
            if orders.reload {
                self.reload().await;
            }
        }
    }

    fn announce(&self) {
        let rounds = due::pairs(&self.engine.workspace).count();
        self.journal.ready(rounds);
    }

    fn fail(&self, error: &EngineError) -> Time {
        let busy = matches!(error, EngineError::Lock(LockError::Held { .. }));
        let again = self.clock.now() + if busy { BUSY } else { RETRY };
        self.journal.failed(error, again);
        again
    }

    /// Makes the pass that is due, if any. The lock is held until all mails are handled.
    async fn work(&mut self, now: Time) -> Result<Lock, EngineError> {
        let lock = Lock::acquire(LockScope::Pass, self.engine.store.path(), "daemon", now)?;
        // Retries that are due happen now. One further ahead was set by another clock.
        self.believe_clock(now).await?;
        self.engine.catch_up().await?;
        self.retry.retain(|_, at| now < *at && *at <= now + RETRY);
        let jobs = self.due(now).await?;
        if jobs.is_empty() {
            self.engine.note_idle(now).await?;
            self.close_days_of_agents(now).await;
            return Ok(lock);
        }
        let options = PassOptions {
            alerts: true,
            group_wait: self.engine.workspace.settings.alerts.group_wait,
            observer: Arc::new(SilentObserver),
        };
        let done = self.engine.pass(jobs, &options).await;
        self.presence.worked(self.clock.now());
        if done.is_err() {
            self.heartbeat(false).await;
        }
        let report = done?;
        self.remember_unusable(&report);
        self.journal.pass(&report);
        for note in &report.evidence_notes {
            self.journal.warned(note);
        }
        if let Some(fault) = &report.chain_fault {
            self.journal.warned(&format!("the day chain: {fault}"));
        }
        self.slot = true;
        Ok(lock)
    }

    /// Where only agents measure, no pass here closes the days of their records.
    async fn close_days_of_agents(&mut self, now: Time) {
        let has_agents = agent_vantages(&self.engine.workspace).next().is_some();
        let today = now.date_naive();
        if !has_agents || self.closed.replace(today) == Some(today) {
            return;
        }
        let unprepared = self.engine.prepare_day_chain().await;
        if let Some(fault) = unprepared.or(self.engine.close_days(now).await) {
            self.journal.warned(&format!("the day chain: {fault}"));
        }
    }

    async fn heartbeat(&self, well: bool) {
        if let Some(fault) = self.engine.heartbeat(well).await {
            self.journal.warned(&fault);
        }
    }

    /// A time that cannot follow the last pass is checked again later: the clock may be corrected,
    /// or a person may confirm it (`run --accept-clock`). The heartbeat is informed.
    async fn believe_clock(&self, now: Time) -> Result<(), EngineError> {
        let checked = self.engine.check_clock(now).await;
        if checked.is_err() {
            self.heartbeat(false).await;
        }
        checked
    }

    /// Composes digests and reminders, sends queued mails, and once a day removes old records.
    async fn report(&mut self, _lock: Lock) -> Result<(), EngineError> {
        let now = self.clock.now();
        let hearing = Hearing::Since(self.presence.look(now));
        for note in self.engine.check_agents(now, hearing).await? {
            self.journal.warned(&note);
        }
        self.engine.compose_due(now).await?;
        if let Some(fault) = self.engine.report_disk(now).await? {
            self.journal.warned(&fault);
        }
        for mail in &self.engine.drain(now).await?.failed {
            self.journal.not_sent(mail);
        }
        if std::mem::take(&mut self.slot) {
            self.heartbeat(true).await;
        }
        let fresh = |at: Time| (now - at).abs() <= EXPIRE_EVERY;
        if !self.expired.is_some_and(fresh) {
            self.engine.expire(now).await?;
            self.expired = Some(now);
        }
        if self.stamp_retry.is_none_or(|at| at <= now) {
            let fault = self.engine.stamp_days().await;
            self.stamp_retry = fault.as_ref().map(|_| now + STAMP_RETRY);
            if let Some(fault) = fault {
                let fault = format!("the day chain has no time stamp: {fault}");
                self.journal.warned(&fault);
            }
        }
        Ok(())
    }

    /// Imports the documents of `[links] documents` again, once a night and in parts that end by
    /// `until`; returns whether pages wait for the next part.
    async fn import_documents(&self, until: Time) -> bool {
        let until = until.min(self.clock.now() + IMPORT_PART);
        let report = match self.engine.import_documents(until).await {
            Ok(report) => report.unwrap_or_default(),
            Err(error) => {
                self.journal.warned(&format!("[links] documents: {error}"));
                return false;
            }
        };
        for failed in &report.unreadable {
            let (file, reason) = (&failed.file, &failed.reason);
            self.journal
                .warned(&format!("[links] documents: {file}: {reason}"));
        }
        report.waiting > 0
    }

    async fn due(&self, now: Time) -> Result<Vec<Job>, EngineError> {
        let engine = &self.engine;
        let last = engine.store.last_checked().await?;
        let all = Selection::default();
        let mut jobs = due::due(&engine.workspace, &self.schedule_index, &last, &all, now)?;
        let tracker = engine.store.tracker_state().await?;
        due::add_held(&mut jobs, &engine.workspace, &tracker, &last, &all, now);
        let asked = engine
            .store
            .with_reader(move |r| r.waiting_rounds(now))
            .await?;
        look::add_asked(&mut jobs, &engine.workspace, &asked, &all);
        jobs.retain(|job| !self.retry.contains_key(&job.vantage));
        Ok(jobs)
    }

    fn remember_unusable(&mut self, report: &PassReport) {
        for vantage in report.pass.vantages.iter().filter(|v| !v.usable) {
            self.retry
                .insert(vantage.vantage.clone(), report.pass.at + RETRY);
        }
    }

    /// Imports documents and checks cited links that are due until it is time for the next pass,
    /// and sleeps when none is. A batch that was begun is finished first; what it changed is mailed
    /// at once.
    async fn idle(&mut self, until: Time) {
        let clock = Arc::clone(&self.clock);
        let wait = (until - clock.now()).to_std().unwrap_or_default();
        // One sleep, which ends after that time whatever the clock shows meanwhile.
        let mut end = clock.sleep(wait);
        let mut is_importing = true;
        loop {
            is_importing = is_importing && self.import_documents(until).await;
            let batch = match self.check_links().await {
                Ok(batch) => batch,
                Err(error) => {
                    self.journal.warned(&format!("links: {error}"));
                    None
                }
            };
            if batch.as_ref().is_some_and(|b| !b.changes.is_empty()) {
                return;
            }
            let has_checked = batch.is_some_and(|batch| batch.checked > 0);
            let pause = if has_checked || is_importing {
                Duration::ZERO
            } else {
                match self.until_next_link().await {
                    Some(pause) => pause,
                    None => return end.await,
                }
            };
            tokio::select! {
                biased;
                () = &mut end => return,
                () = clock.sleep(pause) => {}
            }
        }
    }

    /// How long no link is due; `None` when none is watched.
    async fn until_next_link(&self) -> Option<Duration> {
        // The next pass reports a store that cannot be read now.
        let due = self.engine.store.next_link_due().await.ok().flatten()?;
        let now = self.clock.now();
        let wait = due.max(now + LINKS_RETRY) - now;
        Some(wait.to_std().unwrap_or_default())
    }

    /// Checks one batch of the links that are due; `None` when none is due.
    async fn check_links(&mut self) -> Result<Option<LinkBatch>, EngineError> {
        let engine = &self.engine;
        let due = engine.store.next_link_due().await?;
        let is_due = due.is_some_and(|due| due <= self.clock.now());
        if !is_due && !engine.store.has_link_results().await? {
            return Ok(None);
        }
        if self.links.is_none() {
            self.links = Some(LinkWatcher::for_engine(engine, None).await?);
        }
        let Some(watcher) = &mut self.links else {
            return Ok(None);
        };
        let batch = watcher.check_due().await?;
        if let Some(batch) = &batch {
            self.journal.links(batch);
        }
        Ok(batch)
    }

    /// The earliest of: a start later than `woken` (a start during the work is in the past, and
    /// happens at once), a vantage's retry, a queued mail, the end of a hold; at most an hour.
    async fn next_wake(&self, woken: Time) -> Time {
        // The next pass reports a store that cannot be read now.
        let mail = self.engine.store.next_mail().await.ok().flatten();
        let tracker = self.engine.store.tracker_state().await.ok();
        let hold = tracker.and_then(|tracker| due::next_hold(&tracker, woken));
        let now = self.clock.now();
        let longest = self.longest_sleep();
        self.schedule_index
            .next_start(woken)
            .into_iter()
            .chain(self.schedule_index.next_digest(woken))
            .chain(self.retry.values().copied())
            .chain(mail)
            .chain(hold)
            .min()
            .unwrap_or(now + longest)
            .clamp(now + TimeDelta::seconds(1), now + longest)
    }

    /// Agents send records at any time, and their mails do not wait for the next pass here.
    fn longest_sleep(&self) -> TimeDelta {
        let mut agents = agent_vantages(&self.engine.workspace);
        agents.next().map_or(LONGEST_SLEEP, |_| AGENTS_EVERY)
    }

    async fn reload(&mut self) {
        let workspace = match config::load_for(&self.dir, &Self::needs()) {
            Ok(workspace) => workspace,
            Err(faults) => return self.journal.refused(&faults),
        };
        if workspace.settings.store.path != self.engine.workspace.settings.store.path {
            self.journal.store_kept(self.engine.store.path());
        }
        let store = self.engine.store.clone();
        match Engine::new(workspace, store, Arc::clone(&self.clock)).await {
            Ok(engine) => {
                self.engine = Arc::new(engine);
                self.schedule_index = schedule_index(&self.engine);
                self.retry.clear();
                self.links = None;
                self.announce();
            }
            Err(error) => self.journal.unfit(&error),
        }
    }
}

fn schedule_index(engine: &Engine) -> ScheduleIndex {
    ScheduleIndex::new(&engine.workspace, engine.workspace.settings.schedule.jitter)
}
