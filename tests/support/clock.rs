//! A clock that moves only when a test moves it, and a journal that follows a daemon.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::config::Diagnostics;
use accesswatch::engine::daemon::Journal;
use accesswatch::engine::{EngineError, PassReport};
use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use chrono::TimeDelta;
use tokio::sync::{Notify, mpsc, oneshot};

/// Stands still until it is moved. Like a real machine it has two times: the time that it shows,
/// which can be set, and the time that passes, which ends sleeps.
#[derive(Debug)]
pub struct ManualClock {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    shown: Time,
    passed: Duration,
    sleepers: Vec<(Duration, oneshot::Sender<()>)>,
}

impl ManualClock {
    pub fn at(shown: Time) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(State {
                shown,
                passed: Duration::ZERO,
                sleepers: Vec::new(),
            }),
            changed: Notify::new(),
        })
    }

    /// Lets time pass, and wakes the sleepers whose sleep is over.
    pub fn advance(&self, by: Duration) {
        let mut state = self.state.lock().unwrap();
        state.shown += TimeDelta::from_std(by).unwrap();
        state.passed += by;
        let now = state.passed;
        let (over, on): (Vec<_>, Vec<_>) = std::mem::take(&mut state.sleepers)
            .into_iter()
            .partition(|(until, _)| *until <= now);
        state.sleepers = on;
        for (_, waker) in over {
            let _ = waker.send(());
        }
    }

    /// Sets the time that is shown, and wakes nobody.
    pub fn set(&self, shown: Time) {
        self.state.lock().unwrap().shown = shown;
    }

    /// The time until the first sleeper wakes; waits until there is a sleeper.
    pub async fn first_sleeper(&self) -> Duration {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state.lock().unwrap();
                state.sleepers.retain(|(_, waker)| !waker.is_closed());
                if let Some(first) = state.sleepers.iter().map(|(until, _)| *until).min() {
                    return first.saturating_sub(state.passed);
                }
            }
            changed.await;
        }
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Time {
        self.state.lock().unwrap().shown
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        if duration.is_zero() {
            return Box::pin(std::future::ready(()));
        }
        Box::pin(async move {
            let (waker, woken) = oneshot::channel();
            {
                let mut state = self.state.lock().unwrap();
                let until = state.passed + duration;
                state.sleepers.push((until, waker));
            }
            self.changed.notify_waiters();
            let _ = woken.await;
        })
    }
}

/// One event of a daemon's journal.
#[derive(Debug)]
pub enum ClockEvent {
    Ready(usize),
    Pass(Box<PassReport>),
    Failed(String, Time),
    Refused(String),
    Unfit(String),
    StoreKept,
    Sleeping(Time),
}

/// Forwards the daemon's journal to a test.
pub struct Follow(pub mpsc::UnboundedSender<ClockEvent>);

impl Follow {
    fn tell(&self, told: ClockEvent) {
        // A finished test no longer listens.
        let _ = self.0.send(told);
    }
}

impl Journal for Follow {
    fn ready(&self, rounds: usize) {
        self.tell(ClockEvent::Ready(rounds));
    }

    fn pass(&self, report: &PassReport) {
        self.tell(ClockEvent::Pass(Box::new(report.clone())));
    }

    fn failed(&self, error: &EngineError, again: Time) {
        self.tell(ClockEvent::Failed(error.to_string(), again));
    }

    fn refused(&self, faults: &Diagnostics) {
        self.tell(ClockEvent::Refused(faults.render(false)));
    }

    fn unfit(&self, error: &EngineError) {
        self.tell(ClockEvent::Unfit(error.to_string()));
    }

    fn store_kept(&self, _path: &Path) {
        self.tell(ClockEvent::StoreKept);
    }

    fn sleeping(&self, until: Time) {
        self.tell(ClockEvent::Sleeping(until));
    }
}
