//! The agent itself: it measures what is due by the workspace of its hub, until it is stopped.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::contact::{Contact, Standstill};
use super::error::AgentError;
use super::overrides::Overrides;
use super::pass_store::AgentStore;
use super::setup::{AgentOptions, PreparedAgent, connect, prepare};
use super::tasks::LeasedTasks;
use super::{link_round, state, workspace};
use crate::engine::due::{self, Job, Selection};
use crate::engine::{PassOptions, PassReport, SilentObserver};
use crate::model::agent::{AgentTasks, AgentWorkspace};
use crate::model::clock::Clock;
use crate::model::time::iso;
use crate::model::{ProbeKey, Time};

/// After controls failed, or a pass could not be made, the agent tries again after this long.
const RETRY: TimeDelta = TimeDelta::minutes(5);
/// While the agent may not measure, the reason is checked again after this long.
const STANDSTILL: Duration = Duration::from_secs(30);
/// The longest sleep.
const LONGEST_SLEEP: TimeDelta = TimeDelta::hours(1);

/// Runs until `stop` becomes true.
pub async fn run(
    options: AgentOptions,
    clock: Arc<dyn Clock>,
    stop: watch::Receiver<bool>,
) -> Result<(), AgentError> {
    let dir = options.dir.clone();
    let overrides = Overrides::read(&dir)?;
    let contact = Arc::new(connect(options.clone(), &overrides, clock)?);
    let known = workspace::stored(&dir);
    if let Err(error) = contact.hello().await {
        if error.is_lasting() && known.is_none() {
            return Err(error.into());
        }
        tracing::warn!("{error}");
    }
    let (found, workspaces) = watch::channel(known);
    let mut tasks = JoinSet::new();
    tasks.spawn(Arc::clone(&contact).follow_workspace(found));
    contact.ask_for_turn().await;
    tasks.spawn(Arc::clone(&contact).keep_turn());
    tasks.spawn(Arc::clone(&contact).keep_reporting());
    tasks.spawn(Arc::clone(&contact).keep_sending());
    let (given, asked) = mpsc::channel(1);
    tasks.spawn(Arc::clone(&contact).follow_tasks(given));
    let mut agent = Agent::new(options, overrides, contact);
    let mut stop = stop;
    tokio::select! {
        () = agent.measure(workspaces, asked) => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    // What was measured is on disk, and is sent after the next start.
    tasks.shutdown().await;
    Ok(())
}

/// The agent between two passes.
pub(super) struct Agent {
    options: AgentOptions,
    overrides: Overrides,
    pub(super) contact: Arc<Contact>,
    prepared: Option<PreparedAgent>,
    /// The version of a workspace that cannot be used.
    refused: Option<String>,
    /// When a pass is tried again.
    retry: Option<Time>,
    standstill: Option<Standstill>,
    /// What the hub asks for besides the schedule.
    leased: LeasedTasks,
    /// Rounds that were made.
    pub(super) rounds: usize,
}

impl Agent {
    /// Before its first pass.
    pub(super) fn new(options: AgentOptions, overrides: Overrides, contact: Arc<Contact>) -> Self {
        Self {
            options,
            overrides,
            contact,
            prepared: None,
            refused: None,
            retry: None,
            standstill: None,
            leased: LeasedTasks::default(),
            rounds: 0,
        }
    }

    async fn measure(
        &mut self,
        mut workspaces: watch::Receiver<Option<AgentWorkspace>>,
        mut asked: mpsc::Receiver<(AgentTasks, Time)>,
    ) {
        loop {
            let newest = workspaces.borrow_and_update().clone();
            if let Some(newest) = newest {
                self.take_up(&newest);
            }
            // A round that a person asked for comes before cited links that wait.
            while self.takes_tasks() {
                let Ok((tasks, at)) = asked.try_recv() else {
                    break;
                };
                self.leased.add(tasks, at);
            }
            let pause = self.pass().await;
            let pause = if self.check_links().await {
                Duration::ZERO
            } else {
                pause
            };
            let clock = Arc::clone(&self.contact.clock);
            tokio::select! {
                () = clock.sleep(pause) => {}
                // While nothing can be measured, the hub is not asked for more.
                Some((tasks, at)) = asked.recv(), if self.takes_tasks() => {
                    self.leased.add(tasks, at);
                }
                changed = workspaces.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Takes up a workspace, unless it is the one in force or was refused.
    pub(super) fn take_up(&mut self, sent: &AgentWorkspace) {
        let in_force = self.prepared.as_ref().map(|p| &p.sent.version);
        if in_force == Some(&sent.version) || self.refused.as_ref() == Some(&sent.version) {
            return;
        }
        let (store, clock) = (&self.contact.store, &self.contact.clock);
        let hub = self.contact.hub.as_ref();
        let same_files = |p: &&mut PreparedAgent| {
            p.sent.files == sent.files
                && p.sent.probes == sent.probes
                && p.sent.format == sent.format
        };
        if let Some(prepared) = self.prepared.as_mut().filter(same_files) {
            let silenced = state::back_offs(&sent.silenced, &self.options.vantage);
            prepared.engine.measurer.restore(silenced, Vec::new());
            prepared.sent = sent.clone();
            if let Err(error) = store.take_up(&sent.statuses) {
                tracing::warn!("the state of the agent was not kept: {error}");
            }
            return;
        }
        match prepare(&self.options, &self.overrides, sent, store, hub, clock) {
            Ok(prepared) => {
                tracing::info!(
                    probes = sent.probes.len(),
                    "measuring by the workspace of the hub"
                );
                self.prepared = Some(prepared);
                self.refused = None;
                self.retry = None;
            }
            Err(error) => {
                tracing::error!("{error}");
                let is_passing =
                    matches!(error, AgentError::DiskFull { .. } | AgentError::Io { .. });
                self.refused = Some(sent.version.clone()).filter(|_| !is_passing);
            }
        }
    }

    /// Whether what failed is tried again only after `now`.
    fn is_retry_later(&self, now: Time) -> bool {
        self.retry.is_some_and(|at| now < at && at <= now + RETRY)
    }

    /// Whether anything can be measured at `now`.
    fn may_measure(&self, now: Time) -> bool {
        let stands_still = self.contact.standstill(now).is_some();
        self.prepared.is_some() && !stands_still && !self.is_retry_later(now)
    }

    /// Whether more tasks are taken up: nothing hinders them, and few links wait.
    fn takes_tasks(&self) -> bool {
        self.may_measure(self.contact.clock.now()) && !self.leased.has_enough_links()
    }

    /// Makes the pass that is due, if any; returns how long nothing is due.
    pub(super) async fn pass(&mut self) -> Duration {
        let now = self.contact.clock.now();
        let standstill = self.contact.standstill(now);
        if standstill != self.standstill {
            if let Some(why) = &standstill {
                tracing::error!("{why}");
            } else {
                tracing::info!("measuring again");
            }
            self.standstill.clone_from(&standstill);
        }
        let Some(prepared) = self.prepared.as_ref().filter(|_| standstill.is_none()) else {
            return STANDSTILL;
        };
        if self.is_retry_later(now) {
            return self.until_next(now);
        }
        self.retry = None;
        // Another agent of the vantage makes the schedule's rounds while it has the turn.
        let mut jobs = if self.contact.has_turn() {
            due_jobs(prepared, &self.contact.store, now)
        } else {
            Vec::new()
        };
        let workspace = &prepared.engine.workspace;
        self.leased.add_jobs(&mut jobs, workspace, now);
        if jobs.is_empty() {
            return self.until_next(now);
        }
        let probes: Vec<ProbeKey> = jobs.iter().map(|job| job.probe.clone()).collect();
        let done = match self.room() {
            Ok(()) => run_pass(prepared, jobs).await,
            Err(error) => Err(error),
        };
        // What an interrupted pass measured is sent too.
        let ended = self.contact.store.spool().end_pass();
        if let Err(error) = ended {
            tracing::error!("the end of the pass was not kept: {error}");
        }
        self.contact.filled.notify_one();
        self.note_end(done, &probes);
        self.until_next(now)
    }

    /// After a pass that could not be made, it is tried again soon.
    fn note_end(&mut self, done: Result<PassReport, AgentError>, probes: &[ProbeKey]) {
        self.rounds += done.as_ref().map_or(0, |report| report.pass.rounds.len());
        match done {
            Ok(report) if report.pass.vantages.iter().all(|v| v.usable) => {
                self.leased.done(probes);
            }
            Ok(report) => {
                for vantage in report.pass.vantages.iter().filter(|v| !v.usable) {
                    tracing::warn!("this vantage does not work: {}", vantage.text);
                }
                self.retry = Some(self.contact.clock.now() + RETRY);
            }
            Err(error) => {
                let again = self.contact.clock.now() + RETRY;
                tracing::error!(again = iso(again), "{error}");
                self.retry = Some(again);
            }
        }
    }

    /// Checks the cited links that the hub asked for; returns whether there were any. While nothing
    /// can be measured, they wait.
    async fn check_links(&mut self) -> bool {
        let now = self.contact.clock.now();
        let may_measure = self.may_measure(now);
        let Some(prepared) = self.prepared.as_ref().filter(|_| may_measure) else {
            return false;
        };
        let tasks = self.leased.take_links(now);
        if tasks.is_empty() {
            return false;
        }
        let (store, vantage) = (&self.contact.store, &self.options.vantage);
        let done = match self.room() {
            Ok(()) => {
                let (engine, checker) = (&prepared.engine, &prepared.links);
                link_round::check_links(engine, checker, store, vantage, &tasks).await
            }
            Err(error) => Err(error),
        };
        match done {
            Ok(Some(records)) => tracing::info!(links = tasks.len(), records, "links checked"),
            Ok(None) => self.retry = Some(self.contact.clock.now() + RETRY),
            Err(error) => {
                tracing::error!("{error}");
                self.retry = Some(self.contact.clock.now() + RETRY);
            }
        }
        self.contact.filled.notify_one();
        true
    }

    /// Refuses to measure what could not be kept.
    fn room(&self) -> Result<(), AgentError> {
        let mut spool = self.contact.store.spool();
        let path = spool.dir().to_owned();
        let (has_room, held) = spool.make_room().map_err(AgentError::of_file(&path))?;
        if has_room {
            return Ok(());
        }
        let most = spool.most();
        Err(AgentError::SpoolFull { path, held, most })
    }

    /// How long nothing is due after a pass that was looked for at `looked`: a start during the
    /// pass is in the past, and happens at once.
    fn until_next(&self, looked: Time) -> Duration {
        let now = self.contact.clock.now();
        let start = self
            .prepared
            .as_ref()
            .and_then(|p| p.index.next_start(looked));
        let hold = due::next_hold(&self.contact.store.tracker(), looked);
        let next = self.retry.or_else(|| start.into_iter().chain(hold).min());
        let next = next.unwrap_or(now + LONGEST_SLEEP);
        let next = next.clamp(now + TimeDelta::seconds(1), now + LONGEST_SLEEP);
        (next - now).to_std().unwrap_or_default()
    }
}

fn due_jobs(prepared: &PreparedAgent, store: &AgentStore, now: Time) -> Vec<Job> {
    let (workspace, last) = (&prepared.engine.workspace, store.last_checked());
    let all = Selection::default();
    let jobs = due::due(workspace, &prepared.index, &last, &all, now);
    // Only a selection by name can be refused.
    let mut jobs = jobs.unwrap_or_default();
    due::add_held(&mut jobs, workspace, &store.tracker(), &last, &all, now);
    jobs
}

async fn run_pass(prepared: &PreparedAgent, jobs: Vec<Job>) -> Result<PassReport, AgentError> {
    let options = PassOptions {
        alerts: false,
        group_wait: Duration::ZERO,
        observer: Arc::new(SilentObserver),
    };
    let report = prepared.engine.run_pass(jobs, &options).await?;
    tracing::info!(rounds = report.pass.rounds.len(), "pass done");
    Ok(report)
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
