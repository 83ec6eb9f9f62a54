//! Failed sign-ins are counted: a client that guesses has to wait.

use std::collections::VecDeque;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::limits::WebLimits;

/// How long a failure counts.
const WINDOW: Duration = Duration::from_secs(60);

/// The failures of the last minute.
#[derive(Debug)]
pub struct SignInThrottle {
    of_peer: usize,
    of_all: usize,
    failures: Mutex<VecDeque<(Instant, IpAddr)>>,
}

impl SignInThrottle {
    /// No failures so far, with the limits of a server.
    #[must_use]
    pub fn new(limits: &WebLimits) -> Self {
        Self {
            of_peer: limits.failures_of_peer,
            of_all: limits.failures,
            failures: Mutex::default(),
        }
    }

    /// How long a peer has to wait before it may try; `None` when it may try now.
    pub fn wait(&self, peer: IpAddr, now: Instant) -> Option<Duration> {
        let failures = self.recent(now);
        let mut own = failures.iter().filter(|(_, address)| *address == peer);
        let first = if own.clone().count() >= self.of_peer {
            own.next()
        } else if failures.len() >= self.of_all {
            failures.front()
        } else {
            None
        };
        first.map(|(at, _)| WINDOW.saturating_sub(now.duration_since(*at)))
    }

    /// Takes note of a failure.
    pub fn fail(&self, peer: IpAddr, now: Instant) {
        let mut failures = self.recent(now);
        // What was refused is not counted, so the queue stays short.
        if failures.len() < self.of_all {
            failures.push_back((now, peer));
        }
    }

    fn recent(&self, now: Instant) -> MutexGuard<'_, VecDeque<(Instant, IpAddr)>> {
        // The queue is whole even if a holder panicked.
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        while failures
            .front()
            .is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW)
        {
            failures.pop_front();
        }
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_held_up_by_peer_and_over_all() {
        let limits = WebLimits::default();
        let throttle = SignInThrottle::new(&limits);
        let start = Instant::now();
        let peer = |n: u8| IpAddr::from([192, 0, 2, n]);
        for _ in 0..limits.failures_of_peer {
            assert_eq!(throttle.wait(peer(1), start), None);
            throttle.fail(peer(1), start);
        }
        assert_eq!(throttle.wait(peer(1), start), Some(WINDOW));
        assert_eq!(throttle.wait(peer(2), start), None);
        let later = start + Duration::from_secs(20);
        for n in 2..30 {
            throttle.fail(peer(n), later);
        }
        assert!(throttle.wait(peer(99), later).is_some());
        assert_eq!(throttle.wait(peer(99), start + WINDOW), None);
        assert_eq!(throttle.wait(peer(99), later + WINDOW), None);
    }
}
