//! The good values of one (probe, vantage) while its past is gone through: at each round the history that
//! living through it had from the store (see [`crate::store::Reader::history_before`]).

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::model::page::{History, PastValue, Value};
use crate::model::{RoundId, Time};

/// So many newest values of each name are kept whole …
const NEWEST: usize = 64;
/// … and before them the newest of each day, for so long.
const DAYS: TimeDelta = TimeDelta::days(60);

/// The values so far, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Series {
    values: BTreeMap<String, Vec<(Option<RoundId>, PastValue)>>,
}

impl From<History> for Series {
    fn from(history: History) -> Self {
        let values = history
            .into_iter()
            .map(|(name, past)| (name, past.into_iter().map(|p| (None, p)).collect()))
            .collect();
        Self { values }
    }
}

impl Series {
    /// What was known when `round` began.
    pub fn before(&self, round: &RoundId) -> History {
        self.values
            .iter()
            .map(|(name, past)| {
                let known = past.iter().filter(|(of, _)| of.as_ref() != Some(round));
                (name.clone(), known.map(|(_, p)| p.clone()).collect())
            })
            .filter(|(_, past): &(String, Vec<PastValue>)| !past.is_empty())
            .collect()
    }

    /// Takes the values of a good measurement; of one round the newest counts.
    pub fn remember(&mut self, round: &RoundId, at: Time, values: &BTreeMap<String, Value>) {
        for (name, value) in values {
            let past = self.values.entry(name.clone()).or_default();
            if past
                .last()
                .is_some_and(|(of, _)| of.as_ref() == Some(round))
            {
                past.pop();
            }
            let value = value.clone();
            past.push((Some(round.clone()), PastValue { at, value }));
            thin(past, at);
        }
    }
}

/// Lets go of the value that fell out of the newest, unless it is the newest of its day.
fn thin(past: &mut Vec<(Option<RoundId>, PastValue)>, now: Time) {
    let day = |at: usize| past[at].1.at.date_naive();
    if past.len() > NEWEST {
        let edge = past.len() - NEWEST - 1;
        if day(edge) == day(edge + 1) {
            past.remove(edge);
        }
        let old = past.iter().take_while(|(_, p)| p.at <= now - DAYS).count();
        past.drain(..old.min(past.len() - NEWEST));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::from_micros;

    fn filled(beats: i64, minutes: i64) -> (Series, Time) {
        let mut series = Series::default();
        let mut at = from_micros(1_795_000_000_000_000);
        for beat in 0..beats {
            at += TimeDelta::minutes(minutes);
            let value = [("n".to_owned(), Value::Count(beat.unsigned_abs()))].into();
            series.remember(&RoundId(beat.to_string()), at, &value);
        }
        (series, at)
    }

    #[test]
    fn a_short_beat_still_reaches_back_sixty_days() {
        let (series, at) = filled(90 * 24 * 4, 15);
        let past = &series.before(&"none".into())["n"];
        assert!((64 + 58..=64 + 61).contains(&past.len()), "{}", past.len());
        let reach = at - past[0].at;
        assert!(reach < DAYS && reach > TimeDelta::days(58), "{reach}");
        assert!(past.is_sorted_by_key(|p| p.at));
    }

    #[test]
    fn a_round_does_not_see_itself_and_counts_once() {
        let (mut series, at) = filled(3, 60);
        let again = [("n".to_owned(), Value::Count(9))].into();
        series.remember(&RoundId("2".into()), at, &again);
        let all = &series.before(&"none".into())["n"];
        assert_eq!(all.len(), 3);
        assert_eq!(all[2].value, Value::Count(9));
        assert_eq!(series.before(&RoundId("2".into()))["n"].len(), 2);
    }
}
