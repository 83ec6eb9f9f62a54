//! The daemon: passes on the schedule, until told to stop.
//!
//! It wakes for what is due, for a mail whose next try has come, for a digest, and for nothing else.
//! A stop drops the pass in flight: what was measured is stored, the rest stays due. A reload with a
//! faulty configuration keeps the old one and says why.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;

use crate::config::{self, Workspace};
use crate::model::clock::Clock;
use crate::model::{Time, VantageId};
use crate::schedule::{Cron, plan};
use crate::store::Store;

use super::due::{self, Job, Selection};
use super::error::EngineError;
use super::observer::Quiet;
use super::pass::{PassOptions, PassReport};
use super::setup::Engine;

/// After a vantage was unusable, or a pass failed, it is tried again after this long.
const RETRY: TimeDelta = TimeDelta::minutes(5);
/// The longest sleep: a clock that was set is noticed within it.
const LONGEST_SLEEP: TimeDelta = TimeDelta::hours(1);

/// What the daemon is told from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Stop,
    Reload,
}

/// What the daemon tells: each call is one line of its log.
pub trait Journal: Send + Sync {
    /// The daemon is up (again, after a reload): so many rounds are on the schedule.
    fn ready(&self, _rounds: usize) {}
    /// A pass was committed.
    fn pass(&self, _report: &PassReport) {}
    /// A pass could not be done.
    fn failed(&self, _error: &EngineError) {}
    /// A reload was refused.
    fn refused(&self, _faults: &config::Faults) {}
    /// It sleeps until then.
    fn sleeping(&self, _until: Time) {}
}

/// The daemon's state between two wake-ups.
pub struct Daemon {
    dir: PathBuf,
    engine: Arc<Engine>,
    clock: Arc<dyn Clock>,
    journal: Arc<dyn Journal>,
    retry: BTreeMap<VantageId, Time>,
    retry_all: Option<Time>,
    expired: Option<Time>,
}

impl Daemon {
    /// Over a checked workspace and its store.
    pub async fn new(
        workspace: Workspace,
        store: Store,
        clock: Arc<dyn Clock>,
        journal: Arc<dyn Journal>,
    ) -> Result<Self, EngineError> {
        let dir = workspace.dir.clone();
        let engine = Arc::new(Engine::new(workspace, store, Arc::clone(&clock)).await?);
        Ok(Self {
            dir,
            engine,
            clock,
            journal,
            retry: BTreeMap::new(),
            retry_all: None,
            expired: None,
        })
    }

    /// Runs until [`Command::Stop`], or until nobody can command it any more.
    pub async fn run(mut self, mut commands: mpsc::Receiver<Command>) -> Result<(), EngineError> {
        self.journal
            .ready(due::pairs(&self.engine.workspace).count());
        loop {
            let turn = self.turn();
            let command = tokio::select! {
                biased;
                command = commands.recv() => Some(command.unwrap_or(Command::Stop)),
                () = turn => None,
            };
            match command {
                Some(Command::Stop) => return Ok(()),
                Some(Command::Reload) => self.reload(&self.dir.clone()).await?,
                None => {}
            }
        }
    }

    /// One wake-up's work, then the sleep until the next.
    async fn turn(&mut self) {
        let now = self.clock.now();
        let worked = self.work(now).await;
        if let Err(error) = &worked {
            self.journal.failed(error);
            self.retry_all = Some(now + RETRY);
        } else {
            self.retry_all = None;
        }
        let until = self.next_wake(self.clock.now()).await;
        self.journal.sleeping(until);
        let wait = (until - self.clock.now()).to_std().unwrap_or_default();
        self.clock.sleep(wait).await;
    }

    async fn work(&mut self, now: Time) -> Result<(), EngineError> {
        if self.retry_all.is_some_and(|at| now < at) {
            return Ok(());
        }
        let jobs = self.due(now).await?;
        if !jobs.is_empty() {
            let options = PassOptions {
                alerts: true,
                group_wait: self.engine.workspace.settings.alerts.group_wait,
                observer: Arc::new(Quiet),
            };
            let done = self.engine.pass(jobs, &options).await;
            self.engine.heartbeat(done.is_ok()).await;
            let report = done?;
            self.remember_unusable(&report);
            self.journal.pass(&report);
        }
        let now = self.clock.now();
        self.engine.compose_due(now).await?;
        self.engine.drain(now).await?;
        if self.expired.is_none_or(|at| now - at > TimeDelta::days(1)) {
            self.engine.expire(now).await?;
            self.expired = Some(now);
        }
        Ok(())
    }

    async fn due(&self, now: Time) -> Result<Vec<Job>, EngineError> {
        let last = self.engine.store.last_checked().await?;
        let jitter = self.engine.workspace.settings.schedule.jitter;
        let jobs = due::due(
            &self.engine.workspace,
            &last,
            &Selection::default(),
            jitter,
            now,
        )?;
        let resting = |job: &Job| self.retry.get(&job.vantage).is_some_and(|at| now < *at);
        Ok(jobs.into_iter().filter(|job| !resting(job)).collect())
    }

    fn remember_unusable(&mut self, report: &PassReport) {
        for vantage in &report.pass.vantages {
            if vantage.usable {
                self.retry.remove(&vantage.vantage);
            } else {
                self.retry
                    .insert(vantage.vantage.clone(), report.pass.at + RETRY);
            }
        }
    }

    /// The first of: the schedule, a vantage's next try, a waiting mail, a digest; an hour at most.
    async fn next_wake(&self, now: Time) -> Time {
        let workspace = &self.engine.workspace;
        let zone = workspace.settings.schedule.timezone;
        let jitter = workspace.settings.schedule.jitter;
        let scheduled = due::pairs(workspace).filter_map(|(probe, _)| {
            let offset = plan::jitter(probe.host().unwrap_or(""), jitter);
            let offset = TimeDelta::from_std(offset).unwrap_or_default();
            let cron = due::cron_of(workspace, probe)?;
            Some(cron.next_after(now - offset, zone)? + offset)
        });
        let digests = workspace.settings.alerts.to.iter().filter_map(|r| {
            Cron::parse(r.digest.as_deref()?)
                .ok()?
                .next_after(now, zone)
        });
        // A store that cannot be read now is told of by the next pass.
        let mail = self.engine.store.next_mail().await.ok().flatten();
        scheduled
            .chain(digests)
            .chain(self.retry.values().copied())
            .chain(self.retry_all)
            .chain(mail)
            .min()
            .unwrap_or(now + LONGEST_SLEEP)
            .clamp(now + TimeDelta::seconds(1), now + LONGEST_SLEEP)
    }

    async fn reload(&mut self, dir: &Path) -> Result<(), EngineError> {
        match config::load(dir) {
            Ok(workspace) => {
                let store = self.engine.store.clone();
                let clock = Arc::clone(&self.clock);
                self.engine = Arc::new(Engine::new(workspace, store, clock).await?);
                self.journal
                    .ready(due::pairs(&self.engine.workspace).count());
            }
            Err(faults) => self.journal.refused(&faults),
        }
        Ok(())
    }
}

/// How long a stop may take before the process is ended regardless (`docs/service.md`).
pub const STOP_WITHIN: Duration = Duration::from_secs(10);
