//! From expressions to decisions: what is due, how late, and when to wake next.

use std::time::Duration;

use chrono_tz::Tz;

use super::Cron;
use crate::model::Time;

/// Whether a probe is due now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Never probed before: due at once, and not late.
    First,
    /// A fire has passed since the last check.
    Now {
        /// The newest fire, which this check is for.
        scheduled: Time,
        /// How long ago it was.
        late: Duration,
        /// Earlier fires without a check (machine off), counted up to [`MOST_MISSED`].
        missed: u32,
    },
    /// Not due before `next`; `None` when the expression never fires again.
    Later { next: Option<Time> },
}

impl Due {
    /// Whether the probe is due, for the first time or again.
    #[must_use]
    pub fn is_due(self) -> bool {
        !matches!(self, Due::Later { .. })
    }
}

/// More missed fires than this are not counted.
pub const MOST_MISSED: u32 = 100;

/// Whether a probe last checked at `last_checked` is due at `now`, and how late. Several missed
/// fires make one check. A daemon that staggers hosts passes its own time minus [`jitter`].
#[must_use]
pub fn due(last_checked: Option<Time>, cron: &Cron, tz: Tz, now: Time) -> Due {
    let Some(last) = last_checked else {
        return Due::First;
    };
    match cron.last_at_or_before(now, tz) {
        Some(fire) if fire > last => Due::Now {
            scheduled: fire,
            late: (now - fire).to_std().unwrap_or_default(),
            missed: count(cron, tz, last, fire),
        },
        _ => Due::Later {
            next: cron.next_after(now, tz),
        },
    }
}

/// The number of fires in `(after, before)`, up to [`MOST_MISSED`].
fn count(cron: &Cron, tz: Tz, after: Time, before: Time) -> u32 {
    let mut missed = 0;
    let mut t = after;
    while missed < MOST_MISSED {
        match cron.next_after(t, tz) {
            Some(fire) if fire < before => t = fire,
            _ => break,
        }
        missed += 1;
    }
    missed
}

/// The longest gap between the fires around `now`: two before it and two after it. A verdict older
/// than this missed its renewal. Zero for an expression that never fires.
#[must_use]
pub fn interval(cron: &Cron, tz: Tz, now: Time) -> Duration {
    let tick = chrono::Duration::nanoseconds(1);
    let last = cron.last_at_or_before(now, tz);
    let before = last.and_then(|t| cron.last_at_or_before(t - tick, tz));
    let next = cron.next_after(now, tz);
    let after = next.and_then(|t| cron.next_after(t, tz));
    let fires: Vec<Time> = [before, last, next, after].into_iter().flatten().collect();
    fires
        .windows(2)
        .filter_map(|pair| (pair[1] - pair[0]).to_std().ok())
        .max()
        .unwrap_or_default()
}

/// How many start times a [`jitter`] has. Each start is a separate pass with its vantages'
/// controls: hosts are put into ten groups, so that a thousand hosts do not cause a thousand
/// requests to the controls.
const STARTS: u32 = 10;

/// How long after the fire a host's checks start: always the same for one host, and spread over ten
/// starts within `0..max` for different hosts.
#[must_use]
pub fn jitter(host: &str, max: Duration) -> Duration {
    let start = u32::try_from(spread(host) % u64::from(STARTS)).unwrap_or_default();
    max / STARTS * start
}

/// FNV-1a of the lower-case name, then `SplitMix64`'s finisher, because FNV alone gives similar
/// results for names that differ in the last letter. Written out because the standard hasher may
/// change between releases.
fn spread(host: &str) -> u64 {
    let fnv = host.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (fnv ^ fnv >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

/// The first time after `after` when any probe (its expression and its [`jitter`]) becomes due; a
/// daemon sleeps until then. `None` when nothing ever fires again.
#[must_use]
pub fn next_wake<'a>(
    probes: impl IntoIterator<Item = (&'a Cron, Duration)>,
    tz: Tz,
    after: Time,
) -> Option<Time> {
    let wake = |(cron, jitter): (&Cron, Duration)| {
        let jitter = chrono::Duration::from_std(jitter).ok()?;
        let fire = cron.next_after(after.checked_sub_signed(jitter)?, tz)?;
        fire.checked_add_signed(jitter)
    };
    probes.into_iter().filter_map(wake).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHANGHAI: Tz = chrono_tz::Asia::Shanghai;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn site_hours() -> Cron {
        Cron::parse("20 9,15,21 * * *").unwrap()
    }

    #[test]
    fn never_checked_is_due() {
        let due = due(None, &site_hours(), SHANGHAI, at("2026-11-23T00:00:00Z"));
        assert_eq!(due, Due::First);
    }

    #[test]
    fn checked_since_the_last_fire_is_not_due() {
        let due = due(
            Some(at("2026-11-23T01:20:05Z")),
            &site_hours(),
            SHANGHAI,
            at("2026-11-23T02:00:00Z"),
        );
        let next = Some(at("2026-11-23T07:20:00Z"));
        assert_eq!(due, Due::Later { next });
    }

    #[test]
    fn a_late_run_knows_how_late_and_what_it_missed() {
        let due = due(
            Some(at("2026-11-22T01:20:05Z")),
            &site_hours(),
            SHANGHAI,
            at("2026-11-23T02:00:00Z"),
        );
        let expected = Due::Now {
            scheduled: at("2026-11-23T01:20:00Z"),
            late: Duration::from_secs(40 * 60),
            missed: 2,
        };
        assert_eq!(due, expected);
    }

    #[test]
    fn the_interval_is_the_longest_gap_around_now() {
        let cron = site_hours();
        let night = interval(&cron, SHANGHAI, at("2026-11-23T16:00:00Z"));
        assert_eq!(night, Duration::from_secs(12 * 3600));
        let daily = Cron::parse("@daily").unwrap();
        let change = interval(
            &daily,
            chrono_tz::Europe::Berlin,
            at("2026-10-25T12:00:00Z"),
        );
        assert_eq!(change, Duration::from_secs(25 * 3600));
        let never = Cron::parse("0 0 30 2 *").unwrap();
        assert_eq!(
            interval(&never, SHANGHAI, at("2026-01-01T00:00:00Z")),
            Duration::ZERO
        );
    }

    #[test]
    fn jitter_is_stable_bounded_and_spread() {
        let ten = Duration::from_secs(600);
        assert_eq!(jitter("www.cnki.net", ten), jitter("WWW.cnki.net", ten));
        assert_eq!(jitter("www.cnki.net", Duration::ZERO), Duration::ZERO);
        let mut slots = [0; 10];
        for n in 0..1000 {
            let slot = jitter(&format!("host{n}.example"), ten).as_secs() / 60;
            slots[usize::try_from(slot).unwrap()] += 1;
        }
        assert!(slots.iter().all(|n| (60..140).contains(n)), "{slots:?}");
    }

    #[test]
    fn the_wake_is_the_earliest_with_its_jitter() {
        let (site, daily) = (site_hours(), Cron::parse("@daily").unwrap());
        let probes = [
            (&site, Duration::from_secs(300)),
            (&daily, Duration::from_secs(60)),
        ];
        // 09:20 has passed, but its jitter has not.
        let wake = next_wake(probes, SHANGHAI, at("2026-11-23T01:22:00Z"));
        assert_eq!(wake, Some(at("2026-11-23T01:25:00Z")));
        let wake = next_wake(probes, SHANGHAI, at("2026-11-23T15:00:00Z"));
        assert_eq!(wake, Some(at("2026-11-23T16:01:00Z")));
        assert_eq!(next_wake([], SHANGHAI, at("2026-11-23T15:00:00Z")), None);
    }
}
