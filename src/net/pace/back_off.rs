//! Hosts that asked for a back-off, after a challenge, a ban or a 429, and for how long.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;

use crate::model::politeness::BackOff;
use crate::model::settings::Politeness;
use crate::model::{Code, Time, VantageId};

/// How many entries are kept; beyond this number those that end first are dropped.
const MAX_ENTRIES: usize = 10_000;

type Key = (VantageId, String);

#[derive(Debug, Default)]
struct Table {
    entries: HashMap<Key, BackOff>,
    /// The last `Retry-After`.
    asked: HashMap<Key, Time>,
}

/// The back-offs of all hosts.
#[derive(Debug)]
pub struct BackOffs {
    first: Duration,
    max: Duration,
    table: Mutex<Table>,
}

impl BackOffs {
    /// An empty table with the steps that `[politeness]` states.
    #[must_use]
    pub fn new(politeness: &Politeness) -> Self {
        Self {
            first: politeness.back_off,
            max: politeness.back_off_max.max(politeness.back_off),
            table: Mutex::default(),
        }
    }

    /// The back-off in force, if any.
    #[must_use]
    pub fn active(&self, vantage: &VantageId, host: &str, now: Time) -> Option<BackOff> {
        let table = self.lock();
        let entry = table.entries.get(&key(vantage, host))?;
        self.is_possible(entry, now)
            .then_some(entry)
            .filter(|entry| entry.until > now)
            .cloned()
    }

    /// Whether the entry is plausible: one that ends later than the longest step from now was made
    /// by a clock that was ahead.
    fn is_possible(&self, entry: &BackOff, now: Time) -> bool {
        entry.until <= now + delta(self.max)
    }

    /// Records a `Retry-After` (RFC 9110 section 10.2.3) for a back-off that may follow.
    pub fn asked(&self, vantage: &VantageId, host: &str, until: Time, now: Time) {
        let mut table = self.lock();
        table.asked.retain(|_, t| *t > now);
        if table.asked.len() < MAX_ENTRIES {
            table.asked.insert(key(vantage, host), until);
        }
    }

    /// Starts a back-off for `host` at `now`: the first step, or twice the last one when that ended
    /// less than the longest step ago. It does not double for a verdict that is the baseline, or
    /// for a fetch that was running when the back-off began. `Retry-After` extends it, up to the
    /// longest step.
    pub fn back_off(
        &self,
        vantage: &VantageId,
        host: &str,
        code: Code,
        now: Time,
        is_baseline: bool,
    ) {
        let mut table = self.lock();
        let key = key(vantage, host);
        let possible = |last: &&BackOff| self.is_possible(last, now);
        let last = table.entries.get(&key).filter(possible);
        let step = match last.filter(|last| now - delta(self.max) < last.until) {
            None => self.first,
            Some(last) => {
                let step = Duration::from_secs(last.step_seconds);
                if is_baseline || last.until > now {
                    step.max(self.first)
                } else {
                    step.saturating_mul(2)
                }
            }
        }
        .min(self.max);
        let asked = table.asked.remove(&key).filter(|t| *t > now);
        let standing = table.entries.get(&key).filter(possible);
        let standing = standing.map(|last| last.until);
        let until = [
            Some(now + delta(step)),
            asked.map(|t| t.min(now + delta(self.max))),
            standing,
        ]
        .into_iter()
        .flatten()
        .max()
        .unwrap_or(now);
        let entry = BackOff {
            vantage: key.0.clone(),
            host: key.1.clone(),
            until,
            step_seconds: step.as_secs(),
            reason: code.as_str().to_owned(),
        };
        table.entries.insert(key, entry);
        table.prune(now - delta(self.max));
    }

    /// Restores entries after a restart, or from another process; of two for a host, the one that
    /// ends later counts.
    pub fn restore(&self, kept: Vec<BackOff>) {
        let mut table = self.lock();
        for entry in kept.into_iter().take(MAX_ENTRIES) {
            let key = key(&entry.vantage, &entry.host);
            let later = table
                .entries
                .get(&key)
                .is_some_and(|e| e.until > entry.until);
            if !later {
                table.entries.insert(key, entry);
            }
        }
    }

    /// All entries that must survive a restart, ordered by vantage and host.
    #[must_use]
    pub fn dump(&self) -> Vec<BackOff> {
        let mut all: Vec<BackOff> = self.lock().entries.values().cloned().collect();
        all.sort_by(|a, b| (&a.vantage, &a.host).cmp(&(&b.vantage, &b.host)));
        all
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Drops entries that ended before `since`, and then those that end first if there are still
    /// too many.
    fn prune(&mut self, since: Time) {
        self.entries.retain(|_, entry| entry.until > since);
        while self.entries.len() > MAX_ENTRIES {
            let Some(first) = self.entries.iter().min_by_key(|(_, e)| e.until) else {
                return;
            };
            let first = first.0.clone();
            self.entries.remove(&first);
        }
    }
}

fn key(vantage: &VantageId, host: &str) -> Key {
    (vantage.clone(), host.to_ascii_lowercase())
}

/// Configured durations are far below chrono's limits; a longer one counts as a thousand years.
fn delta(d: Duration) -> TimeDelta {
    TimeDelta::from_std(d.min(Duration::from_secs(365_000 * 86_400))).unwrap_or(TimeDelta::zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: i64 = 3600;

    fn table() -> BackOffs {
        BackOffs {
            first: Duration::from_secs(24 * 3600),
            max: Duration::from_secs(72 * 3600),
            table: Mutex::default(),
        }
    }

    fn at(hours: i64) -> Time {
        Time::from_timestamp(1_760_000_000 + hours * H, 0).unwrap()
    }

    fn hit(table: &BackOffs, hours: i64, is_baseline: bool) -> i64 {
        table.back_off(
            &"here".into(),
            "Kns.example",
            Code::SiteChallenge,
            at(hours),
            is_baseline,
        );
        let entry = table
            .active(&"here".into(), "kns.example", at(hours))
            .unwrap();
        (entry.until - at(hours)).num_hours()
    }

    #[test]
    fn it_doubles_to_the_longest_and_starts_anew_after_peace() {
        let table = table();
        assert_eq!(hit(&table, 0, false), 24);
        assert_eq!(hit(&table, 25, false), 48);
        assert_eq!(hit(&table, 80, false), 72);
        assert_eq!(hit(&table, 160, false), 72);
        assert_eq!(hit(&table, 160 + 72 + 72, false), 24);
    }

    #[test]
    fn a_baseline_challenge_and_a_fetch_under_way_do_not_double_it() {
        let table = table();
        assert_eq!(hit(&table, 0, true), 24);
        assert_eq!(hit(&table, 25, true), 24);
        assert_eq!(hit(&table, 26, false), 24);
        assert_eq!(hit(&table, 52, false), 48);
    }

    #[test]
    fn one_that_a_clock_of_the_future_began_is_not_believed() {
        let table = table();
        hit(&table, 24 * 365 * 5, false);
        assert_eq!(table.active(&"here".into(), "kns.example", at(0)), None);
        assert_eq!(
            hit(&table, 0, false),
            24,
            "and it does not lengthen the next"
        );
        assert!(
            table
                .active(&"here".into(), "kns.example", at(23))
                .is_some()
        );
    }

    #[test]
    fn others_are_not_held() {
        let table = table();
        hit(&table, 0, false);
        assert_eq!(table.active(&"there".into(), "kns.example", at(1)), None);
        assert_eq!(table.active(&"here".into(), "www.example", at(1)), None);
        assert_eq!(table.active(&"here".into(), "kns.example", at(24)), None);
    }

    #[test]
    fn retry_after_lengthens_up_to_the_longest() {
        for (asked, held) in [(1, 24), (30, 30), (1000, 72)] {
            let table = table();
            table.asked(&"here".into(), "kns.example", at(asked), at(0));
            assert_eq!(hit(&table, 0, false), held);
        }
    }

    #[test]
    fn it_survives_a_restart() {
        let before = table();
        hit(&before, 0, false);
        let after = table();
        after.restore(before.dump());
        assert_eq!(after.dump(), before.dump());
        assert_eq!(hit(&after, 25, false), 48);
    }
}
