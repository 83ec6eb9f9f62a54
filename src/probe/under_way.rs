//! Rounds under way, by vantage and host: discriminators, which put a host on cooldown, wait for
//! all of them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::model::VantageId;

type Host = (VantageId, String);

/// Counts rounds.
#[derive(Debug, Default)]
pub(super) struct RoundsUnderWay {
    counts: Mutex<HashMap<Host, usize>>,
    ended: Notify,
}

/// A round under way; it ends when dropped.
#[derive(Debug)]
pub struct RoundUnderWay<'a> {
    all: &'a RoundsUnderWay,
    host: Host,
}

impl RoundsUnderWay {
    pub(super) fn begin(&self, vantage: &VantageId, host: &str) -> RoundUnderWay<'_> {
        let host = (vantage.clone(), host.to_ascii_lowercase());
        *self.lock().entry(host.clone()).or_default() += 1;
        RoundUnderWay { all: self, host }
    }

    /// Waits until no round of this host is under way.
    pub(super) async fn none_left(&self, vantage: &VantageId, host: &str) {
        let host = (vantage.clone(), host.to_ascii_lowercase());
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            ended.as_mut().enable();
            if !self.lock().contains_key(&host) {
                return;
            }
            ended.await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Host, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for RoundUnderWay<'_> {
    fn drop(&mut self) {
        let mut counts = self.all.lock();
        if let Some(count) = counts.get_mut(&self.host) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.host);
            }
        }
        drop(counts);
        self.all.ended.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_goes_on_when_the_last_has_ended() {
        let all = RoundsUnderWay::default();
        let here = VantageId::from("here");
        all.none_left(&here, "a.example").await;
        let first = all.begin(&here, "A.example");
        let second = all.begin(&here, "a.example");
        let other = all.begin(&"there".into(), "a.example");
        drop(first);
        let waiting = all.none_left(&here, "a.example");
        let mut waiting = std::pin::pin!(waiting);
        let early = futures_now(waiting.as_mut()).await;
        assert!(!early, "one is still under way");
        drop(second);
        waiting.await;
        drop(other);
        assert!(all.lock().is_empty());
    }

    async fn futures_now(future: std::pin::Pin<&mut impl Future<Output = ()>>) -> bool {
        tokio::select! {
            biased;
            () = future => true,
            () = std::future::ready(()) => false,
        }
    }
}
