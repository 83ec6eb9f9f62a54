//! Which hosts discriminators asked about, once a host, vantage and day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use crate::model::{Time, VantageId};

/// How long a host is not asked again.
const ONCE: TimeDelta = TimeDelta::days(1);
/// How many hosts are remembered.
const MAX_HOSTS: usize = 100_000;

/// When discriminators asked for a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscriminatedHost {
    pub vantage: VantageId,
    pub host: String,
    pub at: Time,
}

/// The hosts of the last day, and whether each is still to be kept in a store.
#[derive(Debug, Default)]
pub(super) struct DiscriminatedHosts(Mutex<HashMap<(VantageId, String), (Time, bool)>>);

impl DiscriminatedHosts {
    /// Takes the turn of a host; `false` when it had one in the last day.
    pub(super) fn reserve(&self, vantage: &VantageId, host: &str, now: Time) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |at: Time| (TimeDelta::zero()..ONCE).contains(&(now - at));
        all.retain(|_, (at, is_new)| *is_new || is_recent(*at));
        let key = (vantage.clone(), host.to_owned());
        if all.get(&key).is_some_and(|(at, _)| is_recent(*at)) || all.len() >= MAX_HOSTS {
            return false;
        }
        all.insert(key, (now, true));
        true
    }

    /// Takes up what a store remembers.
    pub(super) fn restore(&self, hosts: Vec<DiscriminatedHost>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for known in hosts {
            let at = all.entry((known.vantage, known.host));
            at.or_insert((known.at, false));
        }
    }

    /// The hosts that were asked since this was last called.
    pub(super) fn unsaved(&self) -> Vec<DiscriminatedHost> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unsaved = Vec::new();
        for ((vantage, host), (at, is_new)) in all.iter_mut().filter(|(_, (_, new))| *new) {
            *is_new = false;
            unsaved.push(DiscriminatedHost {
                vantage: vantage.clone(),
                host: host.clone(),
                at: *at,
            });
        }
        unsaved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Time {
        crate::model::time::from_micros(1_790_000_000_000_000) + TimeDelta::hours(hours)
    }

    #[test]
    fn a_host_has_one_turn_a_day_from_each_vantage_whatever_is_restarted() {
        let hosts = DiscriminatedHosts::default();
        let (here, there) = (VantageId::from("here"), VantageId::from("there"));
        assert!(hosts.reserve(&here, "a.example", at(0)));
        assert!(!hosts.reserve(&here, "a.example", at(23)));
        assert!(hosts.reserve(&there, "a.example", at(23)));
        assert!(hosts.reserve(&here, "b.example", at(23)));
        let saved = hosts.unsaved();
        assert_eq!(saved.len(), 3);
        assert!(hosts.unsaved().is_empty());
        let anew = DiscriminatedHosts::default();
        anew.restore(saved);
        assert!(!anew.reserve(&here, "a.example", at(23)));
        assert!(anew.reserve(&here, "a.example", at(24)));
        assert_eq!(anew.unsaved().len(), 1);
    }
}
