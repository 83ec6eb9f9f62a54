//! Cooldown of addresses after a discriminator sent a name to them.
//!
//! Middleboxes that react to a name also block the address for minutes (residual blocking):
//! requests during this time say nothing about the address, and extend the block.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use crate::model::clock::Clock;
use crate::model::{Time, VantageId};

/// The length of a cooldown (`docs/verdicts.md`, Discriminators); residual blocking was observed to
/// last up to three minutes.
pub const SILENCE: Duration = Duration::from_secs(240);

/// At this number, idle hosts are removed.
const SWEEP_AT: usize = 4096;

#[derive(Debug, Default)]
struct State {
    until: HashMap<(VantageId, SocketAddr), Time>,
    /// The known addresses of hosts.
    hosts: HashMap<(VantageId, String), BTreeSet<SocketAddr>>,
}

/// The addresses on cooldown, per vantage.
#[derive(Debug)]
pub struct AddressCooldown {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

impl AddressCooldown {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            state: Mutex::default(),
        }
    }

    /// Reserves an address for one use, which starts its cooldown; false when it is on cooldown
    /// already.
    pub fn reserve(&self, vantage: &VantageId, host: &str, address: SocketAddr) -> bool {
        let now = self.clock.now();
        let mut state = self.lock();
        state.sweep(now);
        if state.left(vantage, address, now).is_some() {
            return false;
        }
        state.begin(vantage, host, address, now);
        true
    }

    /// Restarts the cooldown at the end of the use.
    pub fn begin(&self, vantage: &VantageId, host: &str, address: SocketAddr) {
        let now = self.clock.now();
        self.lock().begin(vantage, host, address, now);
    }

    /// Records that a fetch of `host` led to these addresses.
    pub fn note_response(
        &self,
        vantage: &VantageId,
        host: &str,
        addresses: impl IntoIterator<Item = SocketAddr>,
    ) {
        let addresses: BTreeSet<SocketAddr> = addresses.into_iter().collect();
        if addresses.is_empty() {
            return;
        }
        let now = self.clock.now();
        let mut state = self.lock();
        state.sweep(now);
        let host = (vantage.clone(), host.to_ascii_lowercase());
        state.hosts.insert(host, addresses);
    }

    /// The remaining cooldown of `host`: the longest one of its known addresses.
    #[must_use]
    pub fn remaining(&self, vantage: &VantageId, host: &str) -> Option<Duration> {
        let now = self.clock.now();
        let state = self.lock();
        let addresses = state
            .hosts
            .get(&(vantage.clone(), host.to_ascii_lowercase()))?;
        addresses
            .iter()
            .filter_map(|address| state.left(vantage, *address, now))
            .max()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // Code that holds the lock cannot panic; even then the state would be intact.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn begin(&mut self, vantage: &VantageId, host: &str, address: SocketAddr, now: Time) {
        let until = now + TimeDelta::from_std(SILENCE).unwrap_or_default();
        self.until.insert((vantage.clone(), address), until);
        let host = (vantage.clone(), host.to_ascii_lowercase());
        self.hosts.entry(host).or_default().insert(address);
    }

    fn left(&self, vantage: &VantageId, address: SocketAddr, now: Time) -> Option<Duration> {
        let until = self.until.get(&(vantage.clone(), address))?;
        let left = (*until - now).to_std().ok()?;
        // More than the full length can only remain when the clock was set back.
        (!left.is_zero()).then(|| left.min(SILENCE))
    }

    fn sweep(&mut self, now: Time) {
        if self.hosts.len() < SWEEP_AT && self.until.len() < SWEEP_AT {
            return;
        }
        self.until.retain(|_, until| *until > now);
        let until = &self.until;
        self.hosts.retain(|(vantage, _), addresses| {
            addresses.retain(|address| until.contains_key(&(vantage.clone(), *address)));
            !addresses.is_empty()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::Pin;

    /// A clock that only sleeping moves.
    #[derive(Debug, Default)]
    struct Asleep(Mutex<Duration>);

    impl Clock for Asleep {
        fn now(&self) -> Time {
            Time::UNIX_EPOCH + TimeDelta::from_std(*self.0.lock().unwrap()).unwrap()
        }

        fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            *self.0.lock().unwrap() += duration;
            Box::pin(std::future::ready(()))
        }
    }

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_left_alone_for_240_seconds() {
        let clock = Arc::new(Asleep::default());
        let silence = AddressCooldown::new(Arc::clone(&clock) as Arc<dyn Clock>);
        let (here, there) = (VantageId::from("here"), VantageId::from("there"));
        let asked = address("192.0.2.1:443");
        assert!(silence.reserve(&here, "A.example", asked));
        assert!(!silence.reserve(&here, "b.example", asked), "the address");
        assert!(silence.reserve(&here, "b.example", address("192.0.2.1:80")));
        assert!(silence.reserve(&there, "a.example", asked), "of another");
        assert_eq!(silence.remaining(&here, "a.example"), Some(SILENCE));
        assert_eq!(silence.remaining(&here, "c.example"), None);
        silence.note_response(&here, "c.example", [asked]);
        assert_eq!(
            silence.remaining(&here, "c.example"),
            Some(SILENCE),
            "same place"
        );
        *clock.0.lock().unwrap() += SILENCE;
        assert_eq!(silence.remaining(&here, "a.example"), None);
        assert!(silence.reserve(&here, "b.example", asked));
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let clock = Arc::new(Asleep::default());
        let silence = AddressCooldown::new(Arc::clone(&clock) as Arc<dyn Clock>);
        for n in 0..u16::try_from(SWEEP_AT).unwrap() * 2 {
            let address = SocketAddr::new([192, 0, 2, 1].into(), n + 1);
            assert!(silence.reserve(&"here".into(), &format!("h{n}"), address));
            *clock.0.lock().unwrap() += Duration::from_secs(1);
        }
        assert!(silence.lock().hosts.len() <= SWEEP_AT + 1);
    }
}
