//! The gate of each (vantage, host), and the gate of the network as a whole.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::lease::{HostLease, HostLeases};
use super::silence::AddressCooldown;
use crate::model::VantageId;
use crate::model::clock::Clock;
use crate::model::settings::Politeness;

/// How many policy files (robots.txt) of different hosts are fetched at once: a fetch that hangs
/// takes no slot from the pages.
const MAX_ASIDE: usize = 64;

/// At this number, idle gates are removed.
const SWEEP_AT: usize = 1024;

#[derive(Debug)]
struct Gate {
    slots: Arc<Semaphore>,
    /// No fetch starts before this.
    next: Mutex<Option<Instant>>,
}

type Gates = HashMap<(VantageId, String), Arc<Gate>>;

/// Admits fetches.
#[derive(Debug)]
pub struct Pace {
    all: Arc<Semaphore>,
    aside: Arc<Semaphore>,
    gates: Mutex<Gates>,
    per_host: usize,
    gap: Duration,
    silence: Arc<AddressCooldown>,
    /// Other processes of the vantage connect to the same hosts.
    leases: OnceLock<Arc<dyn HostLeases>>,
}

/// The right to fetch from one host; the gap starts when it is dropped.
#[derive(Debug)]
pub struct Permit {
    gate: Arc<Gate>,
    gap: Duration,
    lease: Option<Box<dyn HostLease>>,
    _slot: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// Returns an unused turn: nothing was sent, so no gap follows.
    pub fn unused(mut self) {
        self.gap = Duration::ZERO;
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(lease) = self.lease.take() {
            lease.end(self.gap);
        }
        if !self.gap.is_zero() {
            let next = Instant::now() + self.gap;
            *lock(&self.gate.next) = Some(next);
        }
    }
}

impl Pace {
    /// Gates as configured in `[politeness]`; a count of zero counts as one.
    #[must_use]
    pub fn new(politeness: &Politeness, clock: Arc<dyn Clock>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(politeness.concurrency.max(1))),
            aside: Arc::new(Semaphore::new(MAX_ASIDE)),
            gates: Mutex::default(),
            per_host: politeness.per_host_connections.max(1),
            gap: politeness.per_host_interval,
            silence: Arc::new(AddressCooldown::new(clock)),
            leases: OnceLock::new(),
        }
    }

    /// From now on, a host is connected to with its lease.
    pub fn lease_hosts(&self, leases: Arc<dyn HostLeases>) {
        // The first one stays.
        let _ = self.leases.set(leases);
    }

    /// The addresses on cooldown.
    #[must_use]
    pub fn silence(&self) -> &AddressCooldown {
        &self.silence
    }

    /// From now on, addresses on cooldown for one of the two are so for the other.
    pub fn share_silence_of(&mut self, other: &Self) {
        self.silence = Arc::clone(&other.silence);
    }

    /// Waits until `host` may be fetched from `vantage`. The host's turn comes first and the global
    /// slot last, so that waiting for a host does not block others. A cooldown is not waited for:
    /// who asks puts the fetch off ([`AddressCooldown::remaining`]).
    pub async fn admit(&self, vantage: &VantageId, host: &str) -> Permit {
        self.turn(vantage, host, &self.all).await
    }

    /// The same for policy files, in parallel with pages.
    pub async fn admit_diagnostic(&self, vantage: &VantageId, host: &str) -> Permit {
        self.turn(vantage, host, &self.aside).await
    }

    async fn turn(&self, vantage: &VantageId, host: &str, places: &Arc<Semaphore>) -> Permit {
        let gate = self.gate(vantage, host);
        // The semaphores are never closed; if they were, the fetch would continue without a gate
        // instead of hanging.
        let slot = Arc::clone(&gate.slots).acquire_owned().await.ok();
        while let Some(next) = gate.waits_until() {
            tokio::time::sleep_until(next).await;
        }
        let lease = match self.leases.get() {
            Some(leases) => leases.lease(host).await,
            None => None,
        };
        let all = Arc::clone(places).acquire_owned().await.ok();
        Permit {
            gate,
            gap: self.gap,
            lease,
            _slot: slot,
            _all: all,
        }
    }

    fn gate(&self, vantage: &VantageId, host: &str) -> Arc<Gate> {
        let mut gates = lock(&self.gates);
        if gates.len() >= SWEEP_AT {
            gates.retain(|_, gate| Arc::strong_count(gate) > 1 || gate.waits_until().is_some());
        }
        let key = (vantage.clone(), host.to_ascii_lowercase());
        Arc::clone(gates.entry(key).or_insert_with(|| {
            Arc::new(Gate {
                slots: Arc::new(Semaphore::new(self.per_host)),
                next: Mutex::default(),
            })
        }))
    }
}

impl Gate {
    /// The time before which no fetch starts, if it is in the future.
    fn waits_until(&self) -> Option<Instant> {
        lock(&self.next).filter(|next| *next > Instant::now())
    }
}

/// Code that holds these locks cannot panic; even then the value would be intact.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock for tests without cooldowns.
    #[derive(Debug)]
    struct Still;

    impl Clock for Still {
        fn now(&self) -> crate::model::Time {
            crate::model::Time::UNIX_EPOCH
        }

        fn sleep(
            &self,
            duration: Duration,
        ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(tokio::time::sleep(duration))
        }
    }

    fn pace(gap: u64, per_host: usize, all: usize) -> Arc<Pace> {
        Arc::new(Pace {
            aside: Arc::new(Semaphore::new(MAX_ASIDE)),
            all: Arc::new(Semaphore::new(all)),
            gates: Mutex::default(),
            per_host,
            gap: Duration::from_secs(gap),
            silence: Arc::new(AddressCooldown::new(Arc::new(Still))),
            leases: OnceLock::new(),
        })
    }

    /// Three-second fetches from these hosts, begun at once; returns when each started, in seconds.
    async fn starts(pace: &Arc<Pace>, hosts: &[&'static str]) -> Vec<u64> {
        let begun = Instant::now();
        let mut tasks = Vec::new();
        for host in hosts {
            let (pace, host) = (Arc::clone(pace), *host);
            tasks.push(tokio::spawn(async move {
                let _permit = pace.admit(&"here".into(), host).await;
                let at = begun.elapsed().as_secs();
                tokio::time::sleep(Duration::from_secs(3)).await;
                at
            }));
        }
        let mut starts = Vec::new();
        for task in tasks {
            starts.push(task.await.unwrap());
        }
        starts
    }

    #[tokio::test(start_paused = true)]
    async fn the_gap_runs_from_end_to_start_per_host() {
        let pace = pace(2, 1, 64);
        let at = starts(&pace, &["a.example", "A.example", "b.example", "a.example"]).await;
        assert_eq!(at, [0, 5, 0, 10]);
    }

    #[tokio::test(start_paused = true)]
    async fn other_vantages_have_gates_of_their_own() {
        let pace = pace(2, 1, 64);
        let here = pace.admit(&"here".into(), "a.example").await;
        let there = pace.admit(&"there".into(), "a.example").await;
        drop((here, there));
    }

    #[tokio::test(start_paused = true)]
    async fn two_connections_run_side_by_side() {
        let pace = pace(0, 2, 64);
        assert_eq!(starts(&pace, &["a", "a", "a"]).await, [0, 0, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn concurrency_bounds_all_hosts_together() {
        let pace = pace(0, 1, 2);
        assert_eq!(starts(&pace, &["a", "b", "c", "d"]).await, [0, 0, 3, 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_a_host_holds_no_place() {
        let pace = pace(0, 1, 2);
        assert_eq!(starts(&pace, &["a", "a", "a", "b"]).await, [0, 3, 6, 0]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_unused_turn_leaves_no_gap() {
        let pace = pace(2, 1, 64);
        pace.admit(&"here".into(), "a").await.unused();
        assert_eq!(starts(&pace, &["a"]).await, [0]);
    }

    #[tokio::test(start_paused = true)]
    async fn idle_gates_are_forgotten() {
        let pace = pace(2, 1, 64);
        for n in 0..SWEEP_AT * 2 {
            drop(pace.admit(&"here".into(), &format!("h{n}")).await);
            tokio::time::advance(Duration::from_secs(3)).await;
        }
        assert!(lock(&pace.gates).len() <= SWEEP_AT);
    }
}
