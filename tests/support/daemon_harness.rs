//! A daemon driven by a test: a workspace, a clock that the test moves, and the daemon's journal.

use std::sync::Arc;
use std::time::Duration;

use accesswatch::config;
use accesswatch::engine::PassReport;
use accesswatch::engine::daemon::{Daemon, DaemonCommand};
use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use accesswatch::store::Store;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::clock::{ClockEvent, Follow, ManualClock};
use super::workspace::TestWorkspace;

/// Longer than any step of a test takes.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// A running daemon.
pub struct DaemonHarness {
    pub clock: Arc<ManualClock>,
    pub store: Store,
    told: mpsc::UnboundedReceiver<ClockEvent>,
    commands: mpsc::Sender<DaemonCommand>,
    task: JoinHandle<()>,
    asleep: Option<Time>,
}

/// What happened between two long sleeps.
#[derive(Debug, Default)]
pub struct Turn {
    pub woke: Option<Time>,
    pub passes: Vec<PassReport>,
    pub failed: Vec<(String, Time)>,
    /// Every other event, as debug text.
    pub other: Vec<String>,
}

impl DaemonHarness {
    /// Starts a daemon in `workspace` at this time, and follows it to its first long sleep.
    pub async fn start(watch: &TestWorkspace, at: &str) -> (Self, Turn) {
        let clock = ManualClock::at(time(at));
        let workspace = config::load(watch.path()).unwrap();
        let store = Store::open(&workspace.settings.store.path).unwrap();
        let (sender, told) = mpsc::unbounded_channel();
        let (commands, orders) = mpsc::channel(4);
        let daemon = Daemon::new(
            workspace,
            store.clone(),
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(Follow(sender)),
        )
        .await
        .unwrap();
        let mut playing = Self {
            clock,
            store,
            told,
            commands,
            task: tokio::spawn(daemon.run(orders)),
            asleep: None,
        };
        let turn = playing.follow().await;
        (playing, turn)
    }

    /// The time at which the daemon will wake.
    pub fn until(&self) -> Time {
        self.asleep.unwrap()
    }

    /// Lets the daemon finish its sleep, and follows it to the next long sleep.
    pub async fn turn(&mut self) -> Turn {
        let rest = self.rest().await;
        self.clock.advance(rest);
        let woke = self.clock.now();
        let mut turn = self.follow().await;
        turn.woke = Some(woke);
        turn
    }

    /// Sets the clock while the daemon sleeps.
    pub async fn set_clock(&self, shown: &str) {
        self.rest().await;
        self.clock.set(time(shown));
    }

    /// How long the daemon will still sleep.
    pub async fn rest(&self) -> Duration {
        let sleeper = self.clock.first_sleeper();
        tokio::time::timeout(PATIENCE, sleeper).await.unwrap()
    }

    /// Takes turns until the clock shows `until`.
    pub async fn play(&mut self, until: &str) -> Vec<Turn> {
        let until = time(until);
        let mut turns = Vec::new();
        while self.until() <= until {
            turns.push(self.turn().await);
        }
        turns
    }

    /// A person asks to measure again; follows the daemon to its next long sleep.
    pub async fn look(&mut self) -> Turn {
        self.commands.send(DaemonCommand::Look).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, self.told.recv());
        let mut turn = Turn::default();
        let answer = answer.await.unwrap().unwrap();
        if self.note(answer, &mut turn) {
            return turn;
        }
        let rest = self.follow().await;
        turn.passes.extend(rest.passes);
        turn.failed.extend(rest.failed);
        turn.other.extend(rest.other);
        turn
    }

    /// Orders a reload, and follows the daemon to its next long sleep. The daemon's answer is in
    /// `other`.
    pub async fn reload(&mut self) -> Turn {
        self.commands.send(DaemonCommand::Reload).await.unwrap();
        let answer = tokio::time::timeout(PATIENCE, self.told.recv());
        let answer = answer.await.unwrap().unwrap();
        let mut turn = self.follow().await;
        turn.other.insert(0, format!("{answer:?}"));
        turn
    }

    /// Follows the daemon to its next long sleep. Short sleeps on the way (before a confirmation)
    /// end at once.
    async fn follow(&mut self) -> Turn {
        let mut turn = Turn::default();
        loop {
            let told = tokio::select! {
                biased;
                told = self.told.recv() => told.expect("the daemon runs"),
                // The journal reports a long sleep before it begins: an unreported sleep is a short
                // one.
                rest = self.clock.first_sleeper() => {
                    let Ok(told) = self.told.try_recv() else {
                        self.clock.advance(rest);
                        continue;
                    };
                    told
                },
                () = tokio::time::sleep(PATIENCE) => panic!("the daemon hangs after {turn:?}"),
            };
            if self.note(told, &mut turn) {
                return turn;
            }
        }
    }

    /// Takes down what the daemon did; returns whether it sleeps now.
    fn note(&mut self, told: ClockEvent, turn: &mut Turn) -> bool {
        match told {
            ClockEvent::Sleeping(until) => {
                self.asleep = Some(until);
                return true;
            }
            ClockEvent::Pass(report) => turn.passes.push(*report),
            ClockEvent::Failed(why, again) => turn.failed.push((why, again)),
            other => turn.other.push(format!("{other:?}")),
        }
        false
    }

    /// Stops the daemon, and waits until it has stopped.
    pub async fn stop(self) -> Store {
        self.commands.send(DaemonCommand::Stop).await.unwrap();
        tokio::time::timeout(PATIENCE, self.task)
            .await
            .unwrap()
            .unwrap();
        self.store
    }
}
