//! When pairs become late, for many pairs at once: pairs that were checked between two rounds of
//! one schedule become late together.

use std::collections::BTreeMap;

use super::interval;
use crate::model::{Probe, Settings, Time};

/// Checks from `low` on and before `first`, the next round, become late at `late`.
#[derive(Debug)]
struct LateSpan {
    low: Time,
    first: Time,
    late: Option<Time>,
}

/// What was worked out already, by schedule.
#[derive(Debug, Default)]
pub(super) struct LateTimes<'a>(BTreeMap<Option<&'a str>, Vec<LateSpan>>);

impl<'a> LateTimes<'a> {
    /// The same as [`interval::late_from`].
    pub(super) fn late_from(
        &mut self,
        probe: &'a Probe,
        settings: &Settings,
        last: Time,
    ) -> Option<Time> {
        let spans = self.0.entry(probe.schedule.as_deref()).or_default();
        spans_late_from(
            spans,
            last,
            || interval::next_due(Some(probe), settings, last),
            || interval::late_from(Some(probe), settings, last),
        )
    }
}

/// The time for checks at `last`; it is worked out where no span has it.
fn spans_late_from(
    spans: &mut Vec<LateSpan>,
    last: Time,
    next_due: impl FnOnce() -> Option<Time>,
    late_from: impl FnOnce() -> Option<Time>,
) -> Option<Time> {
    let known = spans.iter().find(|s| s.low <= last && last < s.first);
    if let Some(span) = known {
        return span.late;
    }
    let first = next_due()?;
    if let Some(span) = spans.iter_mut().find(|span| span.first == first) {
        span.low = span.low.min(last);
        return span.late;
    }
    let late = late_from();
    spans.push(LateSpan {
        low: last,
        first,
        late,
    });
    late
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::Cron;
    use chrono::TimeDelta;

    #[test]
    fn a_time_that_was_worked_out_before_is_the_same_as_one_that_is_worked_out_anew() {
        let zone = chrono_tz::Europe::Berlin;
        let begin = "2026-03-28T00:00:00Z".parse::<Time>().unwrap();
        for expression in ["*/20 3-5 * * *", "0 6 * * *", "30 2 29 3 *"] {
            let cron = Cron::parse(expression).unwrap();
            let second = |last| cron.next_after(cron.next_after(last, zone)?, zone);
            let mut spans = Vec::new();
            // In no order, as the pairs of a store are, over the night in which clocks change.
            for n in 0..500_i64 {
                let last = begin + TimeDelta::minutes(n * 7919 % 4320);
                let next = || cron.next_after(last, zone);
                let seen = spans_late_from(&mut spans, last, next, || second(last));
                assert_eq!(seen, second(last), "{expression} {last}");
            }
            assert!(spans.len() < 40, "{expression}: {}", spans.len());
        }
    }
}
