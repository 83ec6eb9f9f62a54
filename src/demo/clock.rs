//! A fast clock, which can be set forward to the next scene.

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::clock::Clock;

/// Story seconds per real second: a confirmation after 180 s takes 0.3 s.
const SPEED: u32 = 600;

/// Story time: a base that can be set, plus accelerated real time.
#[derive(Debug)]
pub struct FastClock {
    state: Mutex<(Time, Instant)>,
}

impl FastClock {
    /// A clock that shows `base` now.
    #[must_use]
    pub fn new(base: Time) -> Self {
        Self {
            state: Mutex::new((base, Instant::now())),
        }
    }

    /// Sets the clock to `base`, but never back.
    pub fn forward_to(&self, base: Time) {
        let now = self.now();
        let mut state = self.lock();
        *state = (base.max(now), Instant::now());
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (Time, Instant)> {
        // The state is two plain values, so it is intact even after a panic.
        self.state
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Clock for FastClock {
    fn now(&self) -> Time {
        let (base, since) = *self.lock();
        base + TimeDelta::from_std(since.elapsed() * SPEED).unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration / SPEED))
    }
}
