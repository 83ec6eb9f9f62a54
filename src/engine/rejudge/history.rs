//! The history of values while records are read in order: the input of `judge` for a rejudged
//! record, as the store would have given it when the round was made.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::model::page::{
    HISTORY_DAYS, HISTORY_NEWEST, History, LOCKED, PARAGRAPH, PastValue, RowSeries, Value,
    column_of, distinct_of,
};
use crate::model::probe::ValueSpec;
use crate::model::{Code, Measurement, Probe, ProbeKey, RoundId, Time, VantageId};
use crate::store::MeasurementKey;

/// How long one value per day is kept before the newest values.
const BEFORE: TimeDelta = TimeDelta::days(HISTORY_DAYS);

/// The good values so far of every (probe, vantage).
#[derive(Debug, Default)]
pub struct ValueHistory {
    series: BTreeMap<(ProbeKey, VantageId), Series>,
}

#[derive(Debug, Default)]
struct Series {
    /// The values of earlier rounds.
    past: History,
    /// The current round: its attempts are not part of each other's history.
    round: Option<RoundId>,
    latest: Option<(Time, BTreeMap<String, Value>)>,
}

impl ValueHistory {
    /// The values from before this round.
    pub fn before(&mut self, probe: &ProbeKey, vantage: &VantageId, round: &RoundId) -> &History {
        let series = self
            .series
            .entry((probe.clone(), vantage.clone()))
            .or_default();
        if series.round.as_ref() != Some(round) {
            series.close();
            series.round = Some(round.clone());
        }
        &series.past
    }

    /// Adds the values of an attempt of the round that was last requested; only those of an `ok`
    /// are good.
    pub fn add(
        &mut self,
        probe: &ProbeKey,
        vantage: &VantageId,
        at: Time,
        code: Code,
        values: BTreeMap<String, Value>,
    ) {
        if code != Code::Ok || values.is_empty() {
            return;
        }
        if let Some(series) = self.series.get_mut(&(probe.clone(), vantage.clone())) {
            series.latest = Some((at, values));
        }
    }
}

impl Series {
    fn close(&mut self) {
        let Some((at, values)) = self.latest.take() else {
            return;
        };
        for (name, value) in values {
            let past = self.past.entry(name).or_default();
            past.push(PastValue { at, value });
            thin(past, at);
        }
    }
}

/// Keeps all of the newest values, and one per day before those; nothing older than 60 days.
fn thin(past: &mut Vec<PastValue>, now: Time) {
    let Some(left) = past.len().checked_sub(HISTORY_NEWEST + 1) else {
        return;
    };
    // The value at `left` has just left the newest ones: it is the latest of its day.
    let same_day = |a: &PastValue, b: &PastValue| a.at.date_naive() == b.at.date_naive();
    if left > 0 && same_day(&past[left - 1], &past[left]) {
        past.remove(left - 1);
    }
    while past.len() > HISTORY_NEWEST && past.first().is_some_and(|p| now - p.at > BEFORE) {
        past.remove(0);
    }
}

/// The key of a record. A record of another program belongs to the probe with its address, or to
/// the address.
#[must_use]
pub fn place_of(measurement: &Measurement, probe: Option<&Probe>) -> MeasurementKey {
    let key = || probe.map_or_else(|| ProbeKey::new("", &*measurement.input), Probe::key);
    MeasurementKey::from_measurement(measurement)
        .unwrap_or_else(|| MeasurementKey::foreign(measurement, key()))
}

/// Whether the verdict of a probe's page depends on its history.
#[must_use]
pub fn looks_back(probe: &Probe) -> bool {
    probe.looks_back()
}

/// The values in a record, as the probe defines them.
#[must_use]
pub fn recorded(measurement: &Measurement, probe: &Probe) -> BTreeMap<String, Value> {
    let Some(extra) = measurement.extra() else {
        return BTreeMap::new();
    };
    let value = |spec: &ValueSpec| {
        let json = extra.values.get(&spec.name)?;
        Some((spec.name.clone(), Value::from_json(spec.kind, json)?))
    };
    let distinct = |spec: &ValueSpec| {
        let name = distinct_of(&spec.name);
        let share = extra.values.get(&name)?.as_f64()?;
        Some((name, Value::Distinct(share)))
    };
    let column = |spec: &ValueSpec| {
        let name = column_of(&spec.name);
        let digest = extra.values.get(&name)?.as_str()?.to_owned();
        Some((name, Value::Column(digest)))
    };
    let links = |spec: &ValueSpec| {
        let names = RowSeries::ALL.map(|series| series.series(&spec.name));
        let figure = |name: String| {
            let json = extra.values.get(&name)?;
            let text = || json.as_str().map(|text| Value::Text(text.to_owned()));
            let value = json.as_f64().map(Value::Number).or_else(text)?;
            Some((name, value))
        };
        names.into_iter().filter_map(figure).collect::<Vec<_>>()
    };
    let kept = probe.values.iter().filter_map(value);
    let of_page = [PARAGRAPH, LOCKED].into_iter().filter_map(|name| {
        let figure = extra.values.get(name)?.as_f64()?;
        Some((name.to_owned(), Value::Number(figure)))
    });
    kept.chain(of_page)
        .chain(probe.values.iter().flat_map(links))
        .chain(probe.values.iter().filter_map(distinct))
        .chain(probe.values.iter().filter_map(column))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Time {
        crate::model::time::from_micros(1_772_416_800_000_000) + TimeDelta::minutes(minutes)
    }

    fn hits(n: u64) -> BTreeMap<String, Value> {
        [("hits".to_owned(), Value::Count(n))].into()
    }

    #[test]
    fn attempts_of_a_round_are_no_history_of_one_another() {
        let (probe, vantage) = (ProbeKey::new("cnki", "hits"), VantageId::from("here"));
        let mut series = ValueHistory::default();
        for attempt in 0..3 {
            assert!(series.before(&probe, &vantage, &"r1".into()).is_empty());
            series.add(&probe, &vantage, at(attempt), Code::Ok, hits(7));
        }
        let past = series.before(&probe, &vantage, &"r2".into());
        assert_eq!(past["hits"].len(), 1, "one a round");
        assert_eq!(past["hits"][0].at, at(2));
        series.add(&probe, &vantage, at(9), Code::ContentShrunk, hits(1));
        let past = series.before(&probe, &vantage, &"r3".into());
        assert_eq!(past["hits"].len(), 1, "only good ones");
    }

    #[test]
    fn a_fast_series_still_reaches_back_for_days() {
        let mut past = Vec::new();
        for quarter in 0..(30 * 96) {
            let at = at(quarter * 15);
            past.push(PastValue {
                at,
                value: Value::Count(1),
            });
            thin(&mut past, at);
        }
        assert!(past.len() < HISTORY_NEWEST + 32, "{}", past.len());
        assert!(past[past.len() - 1].at - past[0].at > TimeDelta::days(27));
        assert!(past.is_sorted_by_key(|p| p.at));
    }
}
