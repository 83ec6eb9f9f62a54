//! Values from answers as rows, and the history for `judge`.

use std::collections::BTreeMap;
use std::str::FromStr as _;

use rusqlite::{Connection, params};

use crate::model::page::{HISTORY_DAYS, HISTORY_NEWEST, History, PastValue, Value};
use crate::model::time::{DAY_US, day_of, from_micros};
use crate::model::{ProbeKey, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// The limit of rows that are read, so that a schedule of one minute does not make lookups endless.
const MOST_ROWS: i64 = 40_000;

pub(in crate::store) const HISTORY_SQL: &str = "SELECT r.at_us, r.name, r.round, r.kind, r.value
         FROM series s JOIN readings r ON r.series_id = s.id
         WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0 AND r.good = 1
           AND r.at_us < ?4
         ORDER BY r.at_us DESC LIMIT ?5";

/// The kind as the `kind` columns spell it.
pub(in crate::store) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Number(_) => "number",
        Value::Date(_) => "date",
        Value::Text(_) => "text",
        Value::Count(_) => "count",
        Value::NullShare(_) => "null_share",
        Value::Hash(_) => "hash",
        Value::Distinct(_) => "distinct",
        Value::Column(_) => "column",
    }
}

/// The value in a row; `None` when the two columns contradict each other.
pub(in crate::store) fn parse(kind: &str, text: String) -> Option<Value> {
    Some(match kind {
        "number" => Value::Number(text.parse().ok()?),
        "date" => Value::Date(chrono::NaiveDate::from_str(&text).ok()?),
        "text" => Value::Text(text),
        "count" => Value::Count(text.parse().ok()?),
        "null_share" => Value::NullShare(text.parse().ok()?),
        "hash" => Value::Hash(text),
        "distinct" => Value::Distinct(text.parse().ok()?),
        "column" => Value::Column(text),
        _ => return None,
    })
}

/// The good values of a probe from one vantage before a time, oldest first: one per round, the
/// newest 64 of each name, and one older value per day for 60 days.
pub(in crate::store) fn history(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
    before_us: i64,
) -> Result<History, InnerError> {
    let mut statement = connection.prepare_cached(HISTORY_SQL)?;
    let mut rows = statement.query(params![
        probe.source.as_str(),
        probe.probe.as_str(),
        vantage.as_str(),
        before_us,
        MOST_ROWS
    ])?;
    let mut sieves: BTreeMap<String, Sieve> = BTreeMap::new();
    let mut newest = None;
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let at_us: i64 = row.get("at_us")?;
        let newest = *newest.get_or_insert(at_us);
        let name: String = row.get("name")?;
        let sieve = sieves.entry(name).or_default();
        if !sieve.wants(at_us, newest) {
            continue;
        }
        let round: String = row.get("round")?;
        if sieve.round.as_deref() == Some(round.as_str()) {
            continue;
        }
        let kind: String = row.get("kind")?;
        if let Some(value) = parse(&kind, row.get("value")?) {
            sieve.take(at_us, round, value);
        }
    }
    Ok(sieves
        .into_iter()
        .map(|(name, sieve)| (name, sieve.oldest_first()))
        .collect())
}

/// Selects the rows of one name, newest first.
#[derive(Default)]
struct Sieve {
    taken: Vec<PastValue>,
    round: Option<String>,
    day: Option<i64>,
}

impl Sieve {
    fn wants(&self, at_us: i64, newest: i64) -> bool {
        self.taken.len() < HISTORY_NEWEST
            || (at_us > newest - HISTORY_DAYS * DAY_US && self.day != Some(day_of(at_us)))
    }

    fn take(&mut self, at_us: i64, round: String, value: Value) {
        self.day = Some(day_of(at_us));
        self.round = Some(round);
        self.taken.push(PastValue {
            at: from_micros(at_us),
            value,
        });
    }

    fn oldest_first(mut self) -> Vec<PastValue> {
        self.taken.reverse();
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_comes_back() {
        for value in [
            Value::Number(-0.25),
            Value::Date(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
            Value::Text("指数 1".to_owned()),
            Value::Count(7),
            Value::NullShare(0.5),
            Value::Hash("ab".to_owned()),
            Value::Distinct(0.875),
            Value::Column("cd".to_owned()),
        ] {
            assert_eq!(parse(kind(&value), value.show()), Some(value));
        }
        assert_eq!(parse("number", "many".to_owned()), None);
    }
}
