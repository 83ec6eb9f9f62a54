//! A clock for tests whose waits take no time.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use chrono::TimeDelta;

/// A clock whose waits take no time.
#[derive(Debug)]
pub struct JumpingClock(Mutex<Time>);

impl JumpingClock {
    pub fn start() -> Arc<Self> {
        Arc::new(Self(Mutex::new("2026-03-01T00:00:00Z".parse().unwrap())))
    }

    /// From the present on: what stand-ins date by the machine's clock is then in the past.
    pub fn now_on() -> Arc<Self> {
        Arc::new(Self(Mutex::new(chrono::Utc::now())))
    }

    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.advance(TimeDelta::from_std(duration).unwrap());
        Box::pin(std::future::ready(()))
    }
}
