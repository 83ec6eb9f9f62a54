//! The figures of one day of one (probe, vantage), from its attempts.
//!
//! One round is one check, on the UTC day when its first attempt began. The code of a check: when
//! all attempts are `ok`, or none is, the attempts confirm one another and the most common code
//! counts (the latest in a tie). When they disagree, the suspicion was not confirmed, and the last
//! attempt counts, because it ended the re-probing. Attempts that say nothing about the source
//! count only when there are no others.

use std::collections::BTreeMap;

use super::uptime_category::{UptimeCategory, uptime_category};
use crate::model::Code;
use crate::model::state::{self, Doubt, State};
use crate::model::time::{DAY_US, day_of};

/// The attempts of a round are within this time, also across midnight (OONI's are put into hourly
/// rounds).
pub const ROUND_US: i64 = 2 * 3_600_000_000;

/// An outage continues across at most this long without a measurement.
pub const BRIDGE_US: i64 = 7 * DAY_US;

/// One attempt, as `measurements` holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptRow {
    pub round: String,
    pub attempt: u32,
    pub started_us: i64,
    pub code: Code,
    pub total_ms: Option<f64>,
    /// The doubt about its round.
    pub doubt: Doubt,
}

/// One round, settled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoundCheck {
    pub at_us: i64,
    pub code: Code,
    pub state: State,
    /// From the attempt that gave the code.
    pub total_ms: Option<f64>,
}

/// The figures of uptime.csv.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DailyFigures {
    pub checks: u32,
    pub categories: BTreeMap<UptimeCategory, u32>,
    pub codes: BTreeMap<Code, u32>,
    /// Checks by state; checks in `vantage_offline` have no state.
    pub states: BTreeMap<State, u32>,
    pub gaps: u32,
    /// Over checks in the category `ok`, in milliseconds; nearest rank.
    pub p50_ms: Option<f64>,
    pub p95_ms: Option<f64>,
    /// The longest time within the day during which every observed check was down.
    pub outage_us: i64,
}

impl DailyFigures {
    /// How many checks were in this category.
    #[must_use]
    pub fn count(&self, category: UptimeCategory) -> u32 {
        self.categories.get(&category).copied().unwrap_or(0)
    }

    /// How many checks had this code.
    #[must_use]
    pub fn count_code(&self, code: Code) -> u32 {
        self.codes.get(&code).copied().unwrap_or(0)
    }

    /// How many checks had this state.
    #[must_use]
    pub fn count_state(&self, state: State) -> u32 {
        self.states.get(&state).copied().unwrap_or(0)
    }
}

/// The checks of these attempts, in order of time.
#[must_use]
pub fn checks(attempts: Vec<AttemptRow>) -> Vec<RoundCheck> {
    let mut rounds: BTreeMap<String, Vec<AttemptRow>> = BTreeMap::new();
    for attempt in attempts {
        rounds
            .entry(attempt.round.clone())
            .or_default()
            .push(attempt);
    }
    let mut checks: Vec<RoundCheck> = rounds
        .into_values()
        .filter_map(|mut round| {
            round.sort_by_key(|a| (a.started_us, a.attempt));
            let at_us = round.first()?.started_us;
            let deciding = deciding(&round)?;
            Some(RoundCheck {
                at_us,
                code: deciding.code,
                state: state::of_check(deciding.code, deciding.doubt),
                total_ms: deciding.total_ms,
            })
        })
        .collect();
    checks.sort_by_key(|c| c.at_us);
    checks
}

/// The attempt that decides the code of its round; `round` is in order of time.
fn deciding(round: &[AttemptRow]) -> Option<&AttemptRow> {
    let about: Vec<&AttemptRow> = round.iter().filter(|a| a.code.is_about_source()).collect();
    let Some(&last) = about.last() else {
        return round.last();
    };
    let ok = about.iter().filter(|a| a.code == Code::Ok).count();
    if ok != 0 && ok != about.len() {
        return Some(last);
    }
    let often = |code: Code| about.iter().filter(|a| a.code == code).count();
    // `max_by_key` returns the last of equal items, which is the latest.
    about.iter().copied().max_by_key(|a| often(a.code))
}

/// The figures of `day` from the sorted checks in and around it, and the missed rounds of the day.
/// Checks outside the day only show whether an outage began before it or continued after it.
#[must_use]
pub fn figures(day: i64, checks: &[RoundCheck], offline: u32, gaps: u32) -> DailyFigures {
    let inside = |c: &&RoundCheck| day_of(c.at_us) == day;
    let mut figures = DailyFigures {
        gaps,
        ..DailyFigures::default()
    };
    let mut times = Vec::new();
    for check in checks.iter().filter(inside) {
        let category = uptime_category(check.code);
        *figures.categories.entry(category).or_default() += 1;
        *figures.codes.entry(check.code).or_default() += 1;
        if category != UptimeCategory::VantageOffline {
            *figures.states.entry(check.state).or_default() += 1;
        }
        figures.checks += 1;
        if category == UptimeCategory::Ok {
            times.extend(check.total_ms);
        }
    }
    *figures
        .categories
        .entry(UptimeCategory::VantageOffline)
        .or_default() += offline;
    figures.checks += offline;
    times.sort_by(f64::total_cmp);
    figures.p50_ms = nearest_rank(&times, 50);
    figures.p95_ms = nearest_rank(&times, 95);
    figures.outage_us = longest_outage(day, checks);
    figures
}

/// The smallest value that is at least as large as `percent` of all values.
fn nearest_rank(sorted: &[f64], percent: usize) -> Option<f64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// An outage lasts from a down check to the next up check, cut at the ends of the day. Checks
/// without an observation neither begin nor end it. An outage without an end counts to its last
/// check.
fn longest_outage(day: i64, checks: &[RoundCheck]) -> i64 {
    let (start, end) = (day * DAY_US, (day + 1) * DAY_US);
    let mut longest = 0;
    let mut since: Option<i64> = None;
    let mut keep = |from: i64, to: i64| longest = longest.max(to.min(end) - from.max(start));
    for check in checks {
        let category = uptime_category(check.code);
        if category.is_down() {
            let from = *since.get_or_insert(check.at_us);
            keep(from, check.at_us);
        } else if category == UptimeCategory::Ok
            && let Some(from) = since.take()
        {
            keep(from, check.at_us);
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000_000;
    const DAY: i64 = 20_000;

    fn attempt(round: &str, attempt: u32, us: i64, code: Code) -> AttemptRow {
        AttemptRow {
            round: round.to_owned(),
            attempt,
            started_us: us,
            code,
            total_ms: Some(f64::from(attempt) + 100.0),
            doubt: Doubt::default(),
        }
    }

    fn code_of(codes: &[Code]) -> Code {
        let attempts = (0..)
            .zip(codes)
            .map(|(n, &code)| attempt("r", n, i64::from(n), code))
            .collect();
        let checks = checks(attempts);
        assert_eq!(checks.len(), 1);
        checks[0].code
    }

    #[test]
    fn a_round_is_one_check() {
        use Code as C;
        assert_eq!(code_of(&[C::Ok]), C::Ok);
        // Not confirmed, for the worse and for the better.
        assert_eq!(code_of(&[C::TcpTimeout, C::TcpTimeout, C::Ok]), C::Ok);
        assert_eq!(code_of(&[C::Ok, C::TcpTimeout]), C::TcpTimeout);
        // Confirmed: the most common code, the latest in a tie.
        assert_eq!(
            code_of(&[C::TcpTimeout, C::TcpTimeout, C::TcpReset]),
            C::TcpTimeout
        );
        assert_eq!(code_of(&[C::TcpTimeout, C::TcpReset]), C::TcpReset);
        // Codes that say nothing about the source count when there are no others.
        assert_eq!(
            code_of(&[C::HttpForbidden, C::VantageOffline]),
            C::HttpForbidden
        );
        assert_eq!(code_of(&[C::SkippedBackOff]), C::SkippedBackOff);
    }

    fn at(hour: i64, code: Code) -> RoundCheck {
        RoundCheck {
            at_us: DAY * DAY_US + hour * HOUR,
            code,
            state: state::of_check(code, Doubt::default()),
            total_ms: Some(100.0),
        }
    }

    #[test]
    fn outages_are_cut_at_midnight_and_bridge_what_was_not_seen() {
        use Code as C;
        let outage = |checks: &[RoundCheck]| longest_outage(DAY, checks) / HOUR;
        assert_eq!(outage(&[at(3, C::Ok), at(9, C::Ok)]), 0);
        assert_eq!(outage(&[at(3, C::TcpTimeout), at(9, C::Ok)]), 6);
        assert_eq!(
            outage(&[at(3, C::TcpTimeout), at(9, C::SiteChallenge), at(12, C::Ok)]),
            9
        );
        assert_eq!(outage(&[at(3, C::TcpTimeout), at(9, C::TcpTimeout)]), 6);
        assert_eq!(outage(&[at(-5, C::TcpTimeout), at(4, C::Ok)]), 4);
        assert_eq!(outage(&[at(20, C::TcpTimeout), at(30, C::TcpTimeout)]), 4);
        assert_eq!(outage(&[at(-5, C::HttpGone), at(30, C::Ok)]), 24);
        assert_eq!(outage(&[at(-9, C::HttpGone), at(-5, C::Ok)]), 0);
    }

    #[test]
    fn figures_count_each_check_once() {
        use Code as C;
        let checks = [
            at(-1, C::Ok),
            at(1, C::Ok),
            at(2, C::SiteGeoBlock),
            at(3, C::SiteChallenge),
            at(25, C::Ok),
        ];
        let figures = figures(DAY, &checks, 2, 1);
        assert_eq!(figures.checks, 5);
        let sum: u32 = UptimeCategory::ALL.iter().map(|&c| figures.count(c)).sum();
        assert_eq!(sum, figures.checks);
        let states = State::ALL.iter().map(|&s| figures.count_state(s));
        assert_eq!(states.collect::<Vec<_>>(), [1, 0, 1, 1]);
        assert_eq!(figures.count(UptimeCategory::Blocked), 1);
        assert_eq!(figures.count(UptimeCategory::VantageOffline), 2);
        assert_eq!(figures.gaps, 1);
    }

    #[test]
    fn percentiles_are_of_nearest_rank() {
        let times: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(nearest_rank(&times, 50), Some(10.0));
        assert_eq!(nearest_rank(&times, 95), Some(19.0));
        assert_eq!(nearest_rank(&[7.0], 95), Some(7.0));
        assert_eq!(nearest_rank(&[], 50), None);
    }
}
