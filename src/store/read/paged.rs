//! Pages of the tables over time, newest first. Each series is read by its key from where the page
//! begins, so no page reads more than its rows, however many there are.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::model::{Incident, MeasurementUid, ProbeKey, SourceId, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::read::reader::Reader;
use crate::store::rows::cells::Cells;
use crate::store::rows::exported::{
    FreshnessRow, MeasurementRow, RowFilter, UptimeRow, measurement_columns, read_freshness,
    read_measurement, read_uptime, uptime_columns,
};
use crate::store::rows::incidents::{self, IncidentFilter};

pub(in crate::store) const UPTIME_BEFORE_SQL: &str = concat!(
    "SELECT ",
    uptime_columns!(),
    " FROM uptime u CROSS JOIN series s ON s.id = u.series_id
      WHERE u.series_id = ?1 AND u.day >= ?2 AND u.day < ?3 ORDER BY u.day DESC LIMIT 1"
);

pub(in crate::store) const MEASUREMENT_BEFORE_SQL: &str = concat!(
    "SELECT ",
    measurement_columns!(),
    " FROM measurements m CROSS JOIN series s ON s.id = m.series_id
      WHERE m.series_id = ?1 AND m.started_us >= ?2 AND m.started_us <= ?3
        AND (m.started_us, m.attempt, m.uid) < (?3, ?4, ?5)
      ORDER BY m.started_us DESC, m.attempt DESC, m.uid DESC LIMIT 1"
);

pub(in crate::store) const FRESHNESS_BEFORE_SQL: &str =
    "SELECT source, probe, name, day, kind, value, changed FROM freshness
     WHERE source = ?1 AND probe = ?2 AND name = ?3 AND day >= ?4 AND day < ?5
     ORDER BY day DESC LIMIT 1";

/// The next value after another one, without reading the days in between.
pub(in crate::store) const NEXT_VALUE_SQL: &str = "SELECT source, probe, name FROM freshness
     WHERE (source, probe, name) > (?1, ?2, ?3) ORDER BY source, probe, name LIMIT 1";

/// A probe from a vantage, as the store numbers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSeries {
    id: i64,
    pub probe: ProbeKey,
    pub vantage: VantageId,
}

/// A value of a probe, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredValue {
    pub probe: ProbeKey,
    pub name: String,
}

/// Where a page of days goes on: on this day, with the series from this place in the list on; on
/// the days before, with all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayPosition {
    pub day: NaiveDate,
    pub from: usize,
}

/// Where a page of measurements goes on: with those before this one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeasurementPosition {
    pub started: Time,
    pub attempt: u32,
    pub uid: MeasurementUid,
}

impl Reader {
    /// The series of sources, in the order of source, probe and vantage.
    pub fn series(&self) -> Result<Vec<StoredSeries>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(
                "SELECT id, source, probe, vantage FROM series WHERE control = 0
                 ORDER BY source, probe, vantage",
            )?;
            let rows = statement.query_map([], |row| {
                let row = Cells::new(row);
                Ok(StoredSeries {
                    id: row.get("id")?,
                    probe: ProbeKey::new(row.get::<String>("source")?, row.get::<String>("probe")?),
                    vantage: VantageId(row.get("vantage")?),
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The sources of which anything was measured or rolled up, in the order of their ids.
    pub fn measured_sources(&self) -> Result<Vec<SourceId>, StoreError> {
        let mut sources: Vec<SourceId> = self
            .series()?
            .into_iter()
            .map(|series| series.probe.source)
            .chain(self.values()?.into_iter().map(|value| value.probe.source))
            .collect();
        sources.sort_unstable();
        sources.dedup();
        Ok(sources)
    }

    /// Every value that was ever extracted, in the order of source, probe and name.
    pub fn values(&self) -> Result<Vec<StoredValue>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(NEXT_VALUE_SQL)?;
            let mut all: Vec<StoredValue> = Vec::new();
            loop {
                let last = all.last().map_or(("", "", ""), |value| {
                    let key = &value.probe;
                    (key.source.as_str(), key.probe.as_str(), value.name.as_str())
                });
                let next = statement
                    .query_row(params![last.0, last.1, last.2], |row| {
                        let row = Cells::new(row);
                        let source: String = row.get("source")?;
                        Ok(StoredValue {
                            probe: ProbeKey::new(source, row.get::<String>("probe")?),
                            name: row.get("name")?,
                        })
                    })
                    .optional()?;
                match next {
                    Some(value) => all.push(value),
                    None => return Ok(all),
                }
            }
        })
    }

    /// The newest `most` days of these series, from a position on. The days of one date are in
    /// the order of the series.
    pub fn uptime_page(
        &self,
        series: &[&StoredSeries],
        filter: &RowFilter,
        after: Option<DayPosition>,
        most: usize,
    ) -> Result<Vec<UptimeRow>, StoreError> {
        let (first, last) = filter.days();
        self.read(|c| {
            let mut statement = c.prepare_cached(UPTIME_BEFORE_SQL)?;
            newest_days(series.len(), last, after, most, |at, before| {
                let mut rows = statement.query(params![series[at].id, first, before])?;
                let row = rows.next()?;
                row.map(|row| read_uptime(&Cells::new(row))).transpose()
            })
        })
    }

    /// The newest `most` days of these values, from a position on. The values of one date are in
    /// the order of the list.
    pub fn freshness_page(
        &self,
        values: &[&StoredValue],
        filter: &RowFilter,
        after: Option<DayPosition>,
        most: usize,
    ) -> Result<Vec<FreshnessRow>, StoreError> {
        let (first, last) = filter.days();
        self.read(|c| {
            let mut statement = c.prepare_cached(FRESHNESS_BEFORE_SQL)?;
            newest_days(values.len(), last, after, most, |at, before| {
                let StoredValue { probe, name } = values[at];
                let (source, probe) = (probe.source.as_str(), probe.probe.as_str());
                let mut rows = statement.query(params![source, probe, name, first, before])?;
                let row = rows.next()?;
                row.map(|row| read_freshness(&Cells::new(row))).transpose()
            })
        })
    }

    /// The newest `most` measurements of these series, from a position on.
    pub fn measurement_page(
        &self,
        series: &[&StoredSeries],
        filter: &RowFilter,
        after: Option<&MeasurementPosition>,
        most: usize,
    ) -> Result<Vec<MeasurementRow>, StoreError> {
        let (from, until) = filter.micros();
        let end = MeasurementPosition {
            started: crate::model::time::from_micros(until),
            attempt: 0,
            uid: MeasurementUid(String::new()),
        };
        let start = after.map_or(&end, |after| after.min(&end)).clone();
        self.read(|c| newest_measurements(c, series, from, &start, most))
    }

    /// Passes the incidents below a number that match the filter to `each`, newest first, until it
    /// returns false.
    pub fn visit_incidents_before(
        &self,
        filter: &IncidentFilter,
        id: i64,
        mut each: impl FnMut(Incident) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| incidents::before(c, filter, id, &mut each))
    }
}

/// A row of one day.
trait DayRow {
    fn day(&self) -> NaiveDate;
}

impl DayRow for UptimeRow {
    fn day(&self) -> NaiveDate {
        self.day
    }
}

impl DayRow for FreshnessRow {
    fn day(&self) -> NaiveDate {
        self.day
    }
}

/// Days since 1970.
fn number_of(day: NaiveDate) -> i64 {
    (day - NaiveDate::default()).num_days()
}

/// Merges series by day, newest first. `next` reads the newest row of a series before a day.
fn newest_days<R: DayRow>(
    series: usize,
    last: i64,
    after: Option<DayPosition>,
    most: usize,
    mut next: impl FnMut(usize, i64) -> Result<Option<R>, InnerError>,
) -> Result<Vec<R>, InnerError> {
    let end = last.saturating_add(1);
    let mut waiting: Vec<Option<R>> = Vec::new();
    let mut heads = BinaryHeap::new();
    for at in 0..series {
        let before = after.map_or(end, |after| {
            let day = number_of(after.day) + i64::from(at >= after.from);
            day.min(end)
        });
        let row = next(at, before)?;
        heads.extend(row.iter().map(|row| (row.day(), Reverse(at))));
        waiting.push(row);
    }
    let mut page = Vec::new();
    while page.len() < most
        && let Some((day, Reverse(at))) = heads.pop()
    {
        page.extend(waiting[at].take());
        let row = next(at, number_of(day))?;
        heads.extend(row.iter().map(|row| (row.day(), Reverse(at))));
        waiting[at] = row;
    }
    Ok(page)
}

fn newest_measurements(
    connection: &Connection,
    series: &[&StoredSeries],
    from: i64,
    start: &MeasurementPosition,
    most: usize,
) -> Result<Vec<MeasurementRow>, InnerError> {
    let mut statement = connection.prepare_cached(MEASUREMENT_BEFORE_SQL)?;
    let mut next = |at: usize, before: &MeasurementPosition| {
        let started = before.started.timestamp_micros();
        let (id, uid) = (series[at].id, before.uid.0.as_str());
        let mut rows = statement.query(params![id, from, started, before.attempt, uid])?;
        let row = rows.next()?;
        row.map(|row| read_measurement(&Cells::new(row)))
            .transpose()
    };
    let mut waiting: Vec<Option<MeasurementRow>> = Vec::new();
    let mut heads = BinaryHeap::new();
    for at in 0..series.len() {
        let row = next(at, start)?;
        heads.extend(row.iter().map(|row| (position_of(row), at)));
        waiting.push(row);
    }
    let mut page = Vec::new();
    while page.len() < most
        && let Some((position, at)) = heads.pop()
    {
        page.extend(waiting[at].take());
        let row = next(at, &position)?;
        heads.extend(row.iter().map(|row| (position_of(row), at)));
        waiting[at] = row;
    }
    Ok(page)
}

fn position_of(row: &MeasurementRow) -> MeasurementPosition {
    MeasurementPosition {
        started: row.started,
        attempt: row.attempt,
        uid: MeasurementUid(row.uid.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    struct Day(NaiveDate, usize);

    impl DayRow for Day {
        fn day(&self) -> NaiveDate {
            self.0
        }
    }

    fn date(day: i64) -> NaiveDate {
        NaiveDate::default() + chrono::TimeDelta::days(day)
    }

    /// The pages of any size, put together, are all rows in order, each once.
    #[test]
    fn pages_together_are_the_whole_table() {
        let series: [&[i64]; 4] = [&[1, 3, 5], &[], &[3, 4], &[2, 3, 5]];
        let mut whole: Vec<Day> = (0..series.len())
            .flat_map(|at| series[at].iter().map(move |day| Day(date(*day), at)))
            .collect();
        whole.sort_by_key(|row| (Reverse(row.0), row.1));
        let read = |at: usize, before: i64| {
            let days = series[at].iter().copied().filter(|day| *day < before);
            Ok(days.max().map(|day| Day(date(day), at)))
        };
        for size in 1..10 {
            let (mut all, mut after) = (Vec::new(), None);
            loop {
                let page = newest_days(series.len(), 5, after, size, read).unwrap();
                let Some(last) = page.last() else { break };
                after = Some(DayPosition {
                    day: last.0,
                    from: last.1 + 1,
                });
                assert!(page.len() <= size);
                all.extend(page);
            }
            assert_eq!(all, whole, "pages of {size}");
        }
        let bounded = newest_days(series.len(), 4, None, 2, read).unwrap();
        assert_eq!(bounded, [Day(date(4), 2), Day(date(3), 0)]);
    }
}
