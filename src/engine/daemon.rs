//! The daemon: passes on the schedule, until told to stop.
//!
//! It wakes for what is due, for a mail whose next try has come, for a digest, and else once an hour,
//! which is how a clock that was set is noticed and reminders come. A stop drops the pass in flight:
//! what was measured is stored, its rounds stay due. A reload waits for the pass in flight; a faulty
//! configuration keeps the old one and says why.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;

use crate::alert::drain::FailedMail;
use crate::config::{self, SecretNeeds, Workspace};
use crate::model::clock::Clock;
use crate::model::{Time, VantageId};
use crate::store::{Lock, LockError, LockScope, Store};

use super::due::{self, Job, Selection};
use super::error::EngineError;
use super::observer::SilentObserver;
use super::pass::{PassOptions, PassReport};
use super::schedule_index::ScheduleIndex;
use super::setup::Engine;

/// After a vantage was unusable, or a pass failed, it is tried again after this long.
const RETRY: TimeDelta = TimeDelta::minutes(5);
/// While another process makes a pass, it is looked again after this long.
const BUSY: TimeDelta = TimeDelta::minutes(1);
/// The longest sleep: a clock that was set is noticed within it.
const LONGEST_SLEEP: TimeDelta = TimeDelta::hours(1);
/// How old the newest removal of old records may be.
const EXPIRE_EVERY: TimeDelta = TimeDelta::days(1);
/// After the time stamp authority gave no stamp, it is asked again after this long.
const STAMP_RETRY: TimeDelta = TimeDelta::hours(1);
/// A stop lets the mail that is being sent be marked as sent, if that takes no longer than this.
const FAREWELL: Duration = Duration::from_secs(5);

/// What the daemon is told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DaemonCommand {
    Stop,
    Reload,
}

/// What the daemon tells: each call is one line of its log.
pub trait Journal: Send + Sync {
    /// The daemon is up (again, after a reload): so many rounds are on the schedule.
    fn ready(&self, _rounds: usize) {}
    /// A pass was committed.
    fn pass(&self, _report: &PassReport) {}
    /// What was to be done could not be; it is tried again then.
    fn failed(&self, _error: &EngineError, _again: Time) {}
    /// A mail did not leave; it waits, and is tried again.
    fn not_sent(&self, _mail: &FailedMail) {}
    /// Something that fails silently otherwise.
    fn warned(&self, _fault: &str) {}
    /// A reload was refused: the files have faults.
    fn refused(&self, _faults: &config::Diagnostics) {}
    /// A reload was refused: the files are well, but what they ask for cannot be set up.
    fn unfit(&self, _error: &EngineError) {}
    /// The new configuration names another store, which only a restart takes up.
    fn store_kept(&self, _path: &std::path::Path) {}
    /// It sleeps until then.
    fn sleeping(&self, _until: Time) {}
}

/// The daemon's state between two wake-ups.
pub struct Daemon {
    dir: PathBuf,
    engine: Arc<Engine>,
    schedule_index: ScheduleIndex,
    clock: Arc<dyn Clock>,
    journal: Arc<dyn Journal>,
    /// When each vantage that did not work is tried again.
    retry: BTreeMap<VantageId, Time>,
    expired: Option<Time>,
    /// When the time stamp authority is asked again after it gave no stamp.
    stamp_retry: Option<Time>,
    /// A pass was made whose end the dead man's switch has not been told of.
    slot: bool,
    _lock: Lock,
}

impl Daemon {
    /// The secrets that a daemon takes: it fetches from every vantage, and mails.
    #[must_use]
    pub fn needs() -> SecretNeeds {
        SecretNeeds::none().and_vantages(None).and_mail()
    }

    /// Over a checked workspace and its store. Refuses a workspace that has a daemon, or where a pass is
    /// being made.
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
            stamp_retry: None,
            slot: false,
            _lock: lock,
        })
    }

    /// Runs until [`DaemonCommand::Stop`], or until nobody can command it any more.
    pub async fn run(mut self, mut commands: mpsc::Receiver<DaemonCommand>) {
        self.announce();
        loop {
            let woken = self.clock.now();
            let mut orders = Orders::new(&mut commands);
            let worked = orders.until_stop(self.work(woken)).await;
            let Some(worked) = worked else { return };
            let told = match worked {
                Ok(lock) => orders.farewell(self.tell(lock)).await,
                Err(error) => Some(Err(error)),
            };
            let Some(told) = told else { return };
            let until = match told {
                Ok(()) => self.next_wake(woken).await,
                Err(error) => self.fail(&error),
            };
            if !orders.reload {
                self.journal.sleeping(until);
                let wait = (until - self.clock.now()).to_std().unwrap_or_default();
                if !orders.until_told(self.clock.sleep(wait)).await {
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

    /// Makes the pass that is due, if one is. The lock is kept until everything was told.
    async fn work(&mut self, now: Time) -> Result<Lock, EngineError> {
        let lock = Lock::acquire(LockScope::Pass, self.engine.store.path(), "daemon", now)?;
        // Those whose time has come have their turn now. One further ahead was set by another clock.
        self.believe_clock(now).await?;
        self.engine.catch_up().await?;
        self.retry.retain(|_, at| now < *at && *at <= now + RETRY);
        let jobs = self.due(now).await?;
        if jobs.is_empty() {
            self.engine.note_idle(now).await?;
            return Ok(lock);
        }
        let options = PassOptions {
            alerts: true,
            group_wait: self.engine.workspace.settings.alerts.group_wait,
            observer: Arc::new(SilentObserver),
        };
        let done = self.engine.pass(jobs, &options).await;
        if done.is_err() {
            self.beat(false).await;
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

    async fn beat(&self, well: bool) {
        if let Some(fault) = self.engine.heartbeat(well).await {
            self.journal.warned(&fault);
        }
    }

    /// A time that cannot follow the last pass is looked at again later: it may be set right, or a person may say that
    /// it is (`run --accept-clock`). The dead man's switch is told.
    async fn believe_clock(&self, now: Time) -> Result<(), EngineError> {
        let checked = self.engine.check_clock(now).await;
        if checked.is_err() {
            self.beat(false).await;
        }
        checked
    }

    /// Digests and reminders, the mails that wait, and once a day the removal of what is old.
    async fn tell(&mut self, _lock: Lock) -> Result<(), EngineError> {
        let now = self.clock.now();
        self.engine.compose_due(now).await?;
        if let Some(fault) = self.engine.tell_disk(now).await? {
            self.journal.warned(&fault);
        }
        for mail in &self.engine.drain(now).await?.failed {
            self.journal.not_sent(mail);
        }
        if std::mem::take(&mut self.slot) {
            self.beat(true).await;
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

    async fn due(&self, now: Time) -> Result<Vec<Job>, EngineError> {
        let engine = &self.engine;
        let last = engine.store.last_checked().await?;
        let all = Selection::default();
        let mut jobs = due::due(&engine.workspace, &self.schedule_index, &last, &all, now)?;
        let tracker = engine.store.tracker_state().await?;
        due::add_held(&mut jobs, &engine.workspace, &tracker, &last, &all, now);
        jobs.retain(|job| !self.retry.contains_key(&job.vantage));
        Ok(jobs)
    }

    fn remember_unusable(&mut self, report: &PassReport) {
        for vantage in report.pass.vantages.iter().filter(|v| !v.usable) {
            self.retry
                .insert(vantage.vantage.clone(), report.pass.at + RETRY);
        }
    }

    /// The first of: a start later than `woken` (what came round during the work lies behind, and is
    /// done at once), a vantage's next try, a waiting mail, the end of a hold; an hour at most.
    async fn next_wake(&self, woken: Time) -> Time {
        // A store that cannot be read now is told of by the next pass.
        let mail = self.engine.store.next_mail().await.ok().flatten();
        let tracker = self.engine.store.tracker_state().await.ok();
        let hold = tracker.and_then(|tracker| due::next_hold(&tracker, woken));
        let now = self.clock.now();
        self.schedule_index
            .next_start(woken)
            .into_iter()
            .chain(self.schedule_index.next_digest(woken))
            .chain(self.retry.values().copied())
            .chain(mail)
            .chain(hold)
            .min()
            .unwrap_or(now + LONGEST_SLEEP)
            .clamp(now + TimeDelta::seconds(1), now + LONGEST_SLEEP)
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
                self.announce();
            }
            Err(error) => self.journal.unfit(&error),
        }
    }
}

fn schedule_index(engine: &Engine) -> ScheduleIndex {
    ScheduleIndex::new(&engine.workspace, engine.workspace.settings.schedule.jitter)
}

/// What comes in from outside while something is under way.
struct Orders<'a> {
    commands: &'a mut mpsc::Receiver<DaemonCommand>,
    /// A reload was asked for, to be done when nothing is under way.
    reload: bool,
}

impl<'a> Orders<'a> {
    fn new(commands: &'a mut mpsc::Receiver<DaemonCommand>) -> Self {
        Self {
            commands,
            reload: false,
        }
    }

    /// Waits for a stop; notes reloads.
    async fn stop(&mut self) {
        while self.commands.recv().await == Some(DaemonCommand::Reload) {
            self.reload = true;
        }
    }

    /// The work's result; none when a stop came, which drops it.
    async fn until_stop<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.stop() => None,
            done = work => Some(done),
        }
    }

    /// The same for work that a stop leaves a little more time.
    async fn farewell<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        if let Some(done) = self.until_stop(&mut work).await {
            return Some(done);
        }
        let _ = tokio::time::timeout(FAREWELL, work).await;
        None
    }

    /// Sleeps until the end or a reload; false when a stop came.
    async fn until_told(&mut self, sleep: impl Future<Output = ()>) -> bool {
        tokio::select! {
            biased;
            command = self.commands.recv() => {
                self.reload = command == Some(DaemonCommand::Reload);
                self.reload
            }
            () = sleep => true,
        }
    }
}
