//! The clock of simulated passes. Rounds that would run at the same time run one after another,
//! each with its own times; the clock shows the latest time, and nobody waits.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use chrono::TimeDelta;

/// The latest time so far, and the time in the current round.
#[derive(Debug)]
pub struct Timeline(Mutex<Stand>);

#[derive(Debug, Clone, Copy)]
struct Stand {
    /// The time in the current round.
    here: Time,
    latest: Time,
}

impl Timeline {
    /// Starts at this time.
    pub fn at(time: Time) -> Arc<Self> {
        Arc::new(Self(Mutex::new(Stand {
            here: time,
            latest: time,
        })))
    }

    /// Moves to the start of another round, which may be earlier.
    pub fn go_to(&self, time: Time) {
        self.change(|stand| stand.here = time);
    }

    /// Lets time pass in the current round.
    pub fn advance(&self, by: TimeDelta) {
        self.change(|stand| stand.here += by);
    }

    /// The time in the round that is played.
    pub fn here(&self) -> Time {
        self.0.lock().unwrap().here
    }

    fn change(&self, change: impl Fn(&mut Stand)) {
        let mut stand = self.0.lock().unwrap();
        change(&mut stand);
        stand.latest = stand.latest.max(stand.here);
    }
}

impl Clock for Timeline {
    fn now(&self) -> Time {
        self.0.lock().unwrap().latest
    }

    fn sleep(&self, duration: Duration) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.advance(TimeDelta::from_std(duration).unwrap());
        Box::pin(std::future::ready(()))
    }
}
