//! The robots.txt of each origin, from each vantage.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use url::Url;

use super::rules::Rules;
use crate::model::politeness::RobotsCopy;
use crate::model::time::CLOCK_TOLERANCE;
use crate::model::{Time, VantageId};

/// RFC 9309 section 2.4: a copy is used for at most 24 hours.
const FRESH: TimeDelta = TimeDelta::hours(24);

/// How long an older copy is used while the file cannot be fetched.
const STANDS_IN: TimeDelta = TimeDelta::days(30);

/// When a file that could not be fetched is requested again: later than all confirmations of one
/// suspicion.
const ASK_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// How many origins are kept; beyond this number the least recently used is dropped.
const MAX_ORIGINS: usize = 1_000;

/// The state of robots.txt for one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RobotsStanding {
    pub rules: Arc<Rules>,
    /// As in records: `fetched`, `cached`, `absent`, `unfetchable`.
    pub state: &'static str,
}

impl RobotsStanding {
    /// Nothing is known, and everything is allowed.
    #[must_use]
    pub fn unfetchable() -> Self {
        Self {
            rules: Arc::default(),
            state: "unfetchable",
        }
    }
}

#[derive(Debug, Clone)]
struct Entry {
    copy: Option<Kept>,
    /// The last attempt failed: no other attempt before this.
    failed_until: Option<Time>,
    /// Counts uses of the whole cache.
    used: u64,
}

#[derive(Debug, Clone)]
struct Kept {
    rules: Arc<Rules>,
    status: u16,
    fetched: Time,
}

impl Kept {
    /// A copy from the future was fetched by another clock, so its age is unknown.
    fn is_within(&self, limit: TimeDelta, now: Time) -> bool {
        let age = now - self.fetched;
        -CLOCK_TOLERANCE <= age && age < limit
    }

    fn standing(&self, just_now: bool) -> RobotsStanding {
        RobotsStanding {
            rules: Arc::clone(&self.rules),
            state: match (is_absent(self.status), just_now) {
                (true, _) => "absent",
                (false, true) => "fetched",
                (false, false) => "cached",
            },
        }
    }
}

/// The state of all origins.
#[derive(Debug, Default)]
pub struct RobotsCache {
    entries: Mutex<HashMap<(VantageId, String), Entry>>,
    /// Watched hosts. Entries of other hosts, which redirects led to, are dropped after the pass.
    own: Mutex<HashSet<String>>,
    uses: AtomicU64,
}

impl RobotsCache {
    /// The state of robots.txt of `origin` without a request; `None` when it must be fetched.
    #[must_use]
    pub fn standing(&self, vantage: &VantageId, origin: &str, now: Time) -> Option<RobotsStanding> {
        let mut entries = self.lock();
        let entry = entries.get_mut(&(vantage.clone(), origin.to_owned()))?;
        entry.used = self.next_use();
        if let Some(copy) = entry.copy.as_ref().filter(|c| c.is_within(FRESH, now)) {
            return Some(copy.standing(false));
        }
        let failed = |until: &Time| now < *until && *until <= now + ASK_AGAIN;
        entry.failed_until.filter(failed)?;
        Some(entry.fallback_copy(now))
    }

    /// Stores a fetched copy; `status` is one for which [`status_tells`] is true.
    pub fn fetched(
        &self,
        vantage: &VantageId,
        origin: &str,
        status: u16,
        body: &[u8],
        now: Time,
    ) -> RobotsStanding {
        let rules = if is_absent(status) {
            Rules::default()
        } else {
            Rules::parse(body)
        };
        let copy = Kept {
            rules: Arc::new(rules),
            status,
            fetched: now,
        };
        let standing = copy.standing(true);
        self.put(
            (vantage.clone(), origin.to_owned()),
            Entry {
                copy: Some(copy),
                failed_until: None,
                used: 0,
            },
        );
        standing
    }

    /// Records that the file cannot be fetched: the last copy of up to 30 days is used; without
    /// one, everything is allowed.
    pub fn unfetchable(&self, vantage: &VantageId, origin: &str, now: Time) -> RobotsStanding {
        let key = (vantage.clone(), origin.to_owned());
        let copy = self.lock().get(&key).and_then(|entry| entry.copy.clone());
        let entry = Entry {
            copy,
            failed_until: Some(now + ASK_AGAIN),
            used: 0,
        };
        let standing = entry.fallback_copy(now);
        self.put(key, entry);
        standing
    }

    /// Restores copies after a restart.
    pub fn restore(&self, kept: Vec<RobotsCopy>) {
        for copy in kept {
            let entry = Entry {
                copy: Some(Kept {
                    rules: Arc::new(Rules::parse(copy.body.as_bytes())),
                    status: copy.status,
                    fetched: copy.fetched,
                }),
                failed_until: None,
                used: 0,
            };
            self.put((copy.vantage, copy.origin), entry);
        }
    }

    /// Marks a host as watched.
    pub fn keep_configured(&self, host: &str) {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if !own.contains(host) {
            own.insert(host.to_owned());
        }
    }

    /// The copies of watched hosts, ordered by vantage and origin. A body contains only the rules
    /// for us.
    #[must_use]
    pub fn dump(&self) -> Vec<RobotsCopy> {
        let own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copies: Vec<RobotsCopy> = self
            .lock()
            .iter()
            .filter(|((_, origin), _)| own.contains(host_of(origin)))
            .filter_map(|((vantage, origin), entry)| {
                entry.copy.as_ref().map(|copy| RobotsCopy {
                    vantage: vantage.clone(),
                    origin: origin.clone(),
                    fetched: copy.fetched,
                    status: copy.status,
                    body: copy.rules.to_text(),
                })
            })
            .collect();
        copies.sort_by(|a, b| (&a.vantage, &a.origin).cmp(&(&b.vantage, &b.origin)));
        copies
    }

    fn next_use(&self) -> u64 {
        self.uses.fetch_add(1, Ordering::Relaxed)
    }

    fn put(&self, key: (VantageId, String), mut entry: Entry) {
        entry.used = self.next_use();
        let mut entries = self.lock();
        if entries.len() >= MAX_ORIGINS && !entries.contains_key(&key) {
            let oldest = entries
                .iter()
                .min_by_key(|(_, e)| e.used)
                .map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                entries.remove(&oldest);
            }
        }
        entries.insert(key, entry);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<(VantageId, String), Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn fallback_copy(&self, now: Time) -> RobotsStanding {
        match self.copy.as_ref().filter(|c| c.is_within(STANDS_IN, now)) {
            Some(copy) => copy.standing(false),
            None => RobotsStanding::unfetchable(),
        }
    }
}

/// The host of an origin.
#[must_use]
pub fn host_of(origin: &str) -> &str {
    let rest = origin.split_once("://").map_or(origin, |(_, rest)| rest);
    rest.rsplit_once(':').map_or(rest, |(host, _)| host)
}

/// `https://host:port`, including a default port.
#[must_use]
pub fn origin(url: &Url) -> String {
    format!(
        "{}://{}:{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or_default()
    )
}

/// Whether a status determines the content of robots.txt: 2xx carries rules, 4xx allows everything
/// (RFC 9309 section 2.3.1.3). 5xx does not, and neither does 429, which means "later", or a
/// redirect that leads nowhere.
#[must_use]
pub fn status_tells(status: u16) -> bool {
    matches!(status, 200..=299) || is_absent(status)
}

fn is_absent(status: u16) -> bool {
    matches!(status, 400..=499) && status != 429
}

#[cfg(test)]
mod tests {
    use super::*;

    const O: &str = "https://a.example:443";
    const DENY: &[u8] = b"User-agent: *\nDisallow: /\n";

    fn at(hours: i64) -> Time {
        Time::from_timestamp(1_760_000_000 + hours * 3600, 0).unwrap()
    }

    fn here() -> VantageId {
        "here".into()
    }

    #[test]
    fn a_copy_is_fresh_for_a_day() {
        let cache = RobotsCache::default();
        assert_eq!(cache.standing(&here(), O, at(0)), None);
        assert_eq!(cache.fetched(&here(), O, 200, DENY, at(0)).state, "fetched");
        let standing = cache.standing(&here(), O, at(23)).unwrap();
        assert_eq!(standing.state, "cached");
        assert!(!standing.rules.allow("/"));
        assert_eq!(cache.standing(&here(), O, at(24)), None);
        assert_eq!(cache.standing(&"there".into(), O, at(1)), None);
    }

    #[test]
    fn a_copy_of_the_future_is_none() {
        let cache = RobotsCache::default();
        cache.fetched(&here(), O, 200, DENY, at(24 * 365));
        assert_eq!(cache.standing(&here(), O, at(0)), None);
        assert_eq!(cache.unfetchable(&here(), O, at(0)).state, "unfetchable");
        cache.unfetchable(&here(), O, at(24 * 365));
        assert_eq!(cache.standing(&here(), O, at(1)), None);
    }

    #[test]
    fn an_old_copy_stands_in_for_thirty_days() {
        let cache = RobotsCache::default();
        cache.fetched(&here(), O, 200, DENY, at(0));
        assert_eq!(cache.unfetchable(&here(), O, at(29 * 24)).state, "cached");
        let standing = cache.unfetchable(&here(), O, at(31 * 24));
        assert_eq!(standing.state, "unfetchable");
        assert!(standing.rules.allow("/"));
    }

    #[test]
    fn a_failed_fetch_is_not_repeated_at_once() {
        let cache = RobotsCache::default();
        cache.unfetchable(&here(), O, at(0));
        let soon = at(0) + TimeDelta::minutes(5);
        assert_eq!(
            cache.standing(&here(), O, soon).unwrap().state,
            "unfetchable"
        );
        assert_eq!(cache.standing(&here(), O, at(1)), None);
    }

    #[test]
    fn absent_means_allowed() {
        let cache = RobotsCache::default();
        let standing = cache.fetched(&here(), O, 404, DENY, at(0));
        assert_eq!(standing.state, "absent");
        assert!(standing.rules.allow("/"));
        assert!(!status_tells(503) && !status_tells(429) && !status_tells(302));
    }

    #[test]
    fn hosts_that_redirects_led_to_are_not_kept_over_passes() {
        let cache = RobotsCache::default();
        cache.keep_configured("a.example");
        cache.fetched(&here(), O, 200, DENY, at(0));
        for n in 0..2 * MAX_ORIGINS {
            cache.fetched(
                &here(),
                &format!("http://h{n}.example:80"),
                200,
                DENY,
                at(0),
            );
            // An entry in use stays.
            assert!(cache.standing(&here(), O, at(0)).is_some());
        }
        assert!(cache.lock().len() <= MAX_ORIGINS);
        let origins: Vec<String> = cache.dump().into_iter().map(|c| c.origin).collect();
        assert_eq!(origins, [O]);
    }

    #[test]
    fn it_survives_a_restart() {
        let cache = RobotsCache::default();
        cache.fetched(&here(), O, 200, DENY, at(0));
        cache.fetched(&here(), "http://b.example:80", 404, b"", at(0));
        cache.keep_configured("a.example");
        cache.keep_configured("b.example");
        let again = RobotsCache::default();
        again.restore(cache.dump());
        assert_eq!(again.dump(), [], "no host is watched yet");
        again.keep_configured("a.example");
        again.keep_configured("b.example");
        assert_eq!(again.dump(), cache.dump());
        assert!(!again.standing(&here(), O, at(1)).unwrap().rules.allow("/x"));
        assert_eq!(
            again
                .standing(&here(), "http://b.example:80", at(1))
                .unwrap()
                .state,
            "absent"
        );
    }
}
