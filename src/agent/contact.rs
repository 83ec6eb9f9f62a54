//! The tasks that speak with the hub: one asks for changes of the workspace, one reports every
//! minute, one asks for tasks, and one sends what is in the spool (`sending`). Each runs
//! independently. A fault is logged once until it changes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{Notify, mpsc, watch};

use super::pass_store::AgentStore;
use super::transport::{HubError, HubTransport, SentBatch};
use crate::model::Time;
use crate::model::agent::{AgentHello, AgentTasks, AgentWorkspace};
use crate::model::clock::Clock;
use crate::model::time::CLOCK_TOLERANCE;
use crate::store::Lock;

/// How often an agent reports.
pub(super) const HELLO: Duration = Duration::from_secs(60);
/// How often an agent asks whose turn it is; a turn that nobody keeps ends after three minutes.
const TURN: Duration = Duration::from_secs(45);
/// After a fault, the hub is asked again after this long.
pub(super) const AGAIN: Duration = Duration::from_secs(15);
/// A hub that knows no tasks is asked again after this long.
const NO_TASKS: Duration = Duration::from_secs(3600);
/// The shortest time between two questions for the workspace, or for tasks.
const LEAST: Duration = Duration::from_secs(2);
/// An agent that does not reach its hub for longer measures nothing.
pub const LONGEST_ALONE: TimeDelta = TimeDelta::days(30);

/// What the tasks of an agent share.
pub struct Contact {
    pub hub: Box<dyn HubTransport>,
    pub store: AgentStore,
    pub clock: Arc<dyn Clock>,
    /// How far the clock here is ahead of the hub's, in seconds.
    offset: AtomicI64,
    /// This agent makes the passes of the schedule.
    has_turn: AtomicBool,
    /// Bytes in the spool of an agent that runs beside.
    pub beside: u64,
    /// Something waits in the spool.
    pub filled: Notify,
    /// Batches that the hub has not taken yet.
    pub(super) on_the_way: Mutex<VecDeque<SentBatch>>,
    /// The fault of each kind of request that was logged last.
    faults: Mutex<[Option<HubError>; 4]>,
    /// Held while the agent runs, so that no other agent uses the folder.
    _lock: Lock,
}

/// A kind of request.
#[derive(Debug, Clone, Copy)]
pub(super) enum RequestKind {
    Workspace,
    Hello,
    Records,
    Tasks,
}

/// Why nothing is measured now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Standstill {
    #[error(
        "the hub was last reached at {0}, more than 30 days ago: nothing is measured until it answers"
    )]
    Alone(Time),
    #[error(
        "the clock here is {0} s ahead of the clock of the hub: nothing is measured until it is set"
    )]
    Clock(i64),
}

impl Contact {
    #[must_use]
    pub fn new(
        hub: Box<dyn HubTransport>,
        store: AgentStore,
        clock: Arc<dyn Clock>,
        lock: Lock,
    ) -> Self {
        Self {
            hub,
            store,
            clock,
            offset: AtomicI64::new(0),
            has_turn: AtomicBool::new(true),
            beside: 0,
            filled: Notify::new(),
            on_the_way: Mutex::default(),
            faults: Mutex::default(),
            _lock: lock,
        }
    }

    /// Whether something forbids to measure at `now`.
    #[must_use]
    pub fn standstill(&self, now: Time) -> Option<Standstill> {
        standstill(
            now,
            self.store.contact(),
            self.offset.load(Ordering::Relaxed),
        )
    }

    /// Reports once.
    pub async fn hello(&self) -> Result<(), HubError> {
        let before = self.clock.now();
        let hello = AgentHello {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            clock: before,
            spool: self.held(),
            last_round: self.store.last_pass(),
        };
        let answer = self.hub.hello(&hello).await?;
        let middle = before + (self.clock.now() - before) / 2;
        let offset = (middle - answer.clock).num_seconds();
        self.offset.store(offset, Ordering::Relaxed);
        self.note_contact();
        Ok(())
    }

    /// Bytes that the hub has not taken.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.beside + self.store.spool().held().unwrap_or_default()
    }

    fn note_contact(&self) {
        if let Err(error) = self.store.note_contact(self.clock.now()) {
            tracing::warn!("the state of the agent was not kept: {error}");
        }
    }

    pub(super) fn note(&self, kind: RequestKind, outcome: Option<HubError>) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut faults[kind as usize];
        if *known == outcome {
            return;
        }
        match &outcome {
            Some(error @ HubError::Busy(_)) => tracing::info!("{error}"),
            Some(error) => tracing::warn!("{error}"),
            None => tracing::info!("the hub answers again"),
        }
        *known = outcome;
    }

    /// Whether this agent makes the passes of the schedule.
    #[must_use]
    pub fn has_turn(&self) -> bool {
        self.has_turn.load(Ordering::Relaxed)
    }

    /// Asks whose turn it is. When nobody can be asked, it stays as it was: the agent goes on. An
    /// agent that measures nothing leaves the turn to another one.
    pub async fn ask_for_turn(&self) {
        if self.standstill(self.clock.now()).is_some() {
            self.has_turn.store(false, Ordering::Relaxed);
            return;
        }
        let Ok(own) = self.hub.has_turn().await else {
            return;
        };
        if self.has_turn.swap(own, Ordering::Relaxed) != own {
            let who = if own {
                "this agent"
            } else {
                "another agent of the vantage"
            };
            tracing::info!("{who} makes the rounds of the schedule");
        }
    }

    /// Keeps the turn, or takes it when the agent that had it is gone.
    pub async fn keep_turn(self: Arc<Self>) {
        loop {
            tokio::time::sleep(TURN).await;
            self.ask_for_turn().await;
        }
    }

    /// Reports every minute.
    pub async fn keep_reporting(self: Arc<Self>) {
        loop {
            let said = self.hello().await;
            self.note(RequestKind::Hello, said.err());
            tokio::time::sleep(HELLO).await;
        }
    }

    /// Asks for changes of the workspace, and passes them on.
    pub async fn follow_workspace(self: Arc<Self>, found: watch::Sender<Option<AgentWorkspace>>) {
        let mut known: Option<String> = None;
        loop {
            let asked = tokio::time::Instant::now();
            match self.hub.workspace(known.as_deref()).await {
                Ok(changed) => {
                    self.note(RequestKind::Workspace, None);
                    if let Some((tag, workspace)) = changed {
                        known = Some(tag).filter(|tag| !tag.is_empty());
                        found.send_replace(Some(workspace));
                    }
                    // A hub that does not wait is not asked without pause.
                    tokio::time::sleep_until(asked + LEAST).await;
                }
                Err(error) => {
                    self.note(RequestKind::Workspace, Some(error));
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    /// Asks for tasks, and passes them on. While the last ones wait to be taken up, no others are
    /// leased. Each goes with the time at which its lease began.
    pub async fn follow_tasks(self: Arc<Self>, found: mpsc::Sender<(AgentTasks, Time)>) {
        loop {
            let Ok(place) = found.reserve().await else {
                return;
            };
            let asked = tokio::time::Instant::now();
            match self.hub.tasks().await {
                Ok(tasks) => {
                    self.note(RequestKind::Tasks, None);
                    if !tasks.is_empty() {
                        place.send((tasks, self.clock.now()));
                    }
                    // A hub that does not wait is not asked without pause.
                    tokio::time::sleep_until(asked + LEAST).await;
                }
                Err(error) => {
                    let pause = self.until_asked_again(&error);
                    self.note(RequestKind::Tasks, Some(error));
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    /// How long the hub is not asked for tasks after this answer.
    fn until_asked_again(&self, error: &HubError) -> Duration {
        // An older hub has no tasks. It refuses a token there that it takes elsewhere.
        let is_unknown = match error {
            HubError::Refused { status, .. } => *status == 404,
            HubError::WrongToken => self.is_heard(),
            _ => false,
        };
        if is_unknown { NO_TASKS } else { AGAIN }
    }

    /// Whether the hub took the newest report.
    fn is_heard(&self) -> bool {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults[RequestKind::Hello as usize].is_none()
    }
}

/// See [`Contact::standstill`].
fn standstill(now: Time, contact: Option<Time>, offset: i64) -> Option<Standstill> {
    if offset.abs() > CLOCK_TOLERANCE.num_seconds() {
        return Some(Standstill::Clock(offset));
    }
    let last = contact?;
    (now - last > LONGEST_ALONE).then_some(Standstill::Alone(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn thirty_days_without_the_hub_are_measured_and_no_more() {
        let contact = time("2026-03-02T08:00:00Z");
        let at = |text| standstill(time(text), Some(contact), 0);
        assert_eq!(at("2026-04-01T08:00:00Z"), None);
        assert_eq!(at("2026-04-01T08:00:01Z"), Some(Standstill::Alone(contact)));
        assert_eq!(standstill(contact, None, 0), None, "it has not begun");
    }

    #[test]
    fn a_clock_ten_minutes_off_measures_nothing() {
        let now = time("2026-03-02T08:00:00Z");
        for (offset, stops) in [
            (0, false),
            (600, false),
            (-600, false),
            (601, true),
            (-601, true),
        ] {
            assert_eq!(
                standstill(now, Some(now), offset).is_some(),
                stops,
                "{offset}"
            );
        }
    }
}
