//! The values of a page over days: a line broken at gaps, the limit, and when the next item is
//! expected.

use chrono::{Datelike, NaiveDate, NaiveTime};

use super::context::PageContext;
use super::line_chart::{ChartLine, ChartRange, HEIGHT, LineChart, path};
use crate::i18n::pages::PageText as P;
use crate::model::page::Value;
use crate::model::probe::ValueSpec;
use crate::model::{Probe, SourceId};
use crate::report::expected_by;
use crate::store::{FreshnessRow, RowFilter, StoreError};
use crate::text::clean;

/// Days in the table; the others are in the CSV.
const TABLE_DAYS: usize = 30;
/// The longest text of a value.
const VALUE: usize = 60;

/// One value of a page.
pub struct ValueView {
    pub name: String,
    /// The newest, since a chart needs numbers and dates.
    pub newest: String,
    pub chart: Option<LineChart>,
    pub first_day: String,
    pub limit: Option<String>,
    pub expected: Option<String>,
    /// The newest days: day and value.
    pub rows: Vec<(String, String)>,
}

impl PageContext<'_> {
    /// A view of each value with days.
    pub fn values(&self, probe: &Probe, days: u16) -> Result<Vec<ValueView>, StoreError> {
        let rows = self.freshness_days(&probe.source, days)?;
        let own: Vec<&FreshnessRow> = rows.iter().filter(|r| r.probe == probe.key()).collect();
        let series = own.chunk_by(|a, b| a.value_name == b.value_name);
        let views = series.map(|series| self.value_view(probe, series, days));
        Ok(views.collect())
    }

    /// The values of a source over its last days.
    pub fn freshness_days(
        &self,
        source: &SourceId,
        days: u16,
    ) -> Result<Vec<FreshnessRow>, StoreError> {
        let first = self.first_day_of(days);
        self.reader.freshness(&RowFilter {
            since: Some(first.and_time(NaiveTime::MIN).and_utc()),
            until: None,
            source: Some(source.clone()),
            vantage: None,
        })
    }

    fn value_view(&self, probe: &Probe, series: &[&FreshnessRow], days: u16) -> ValueView {
        let newest = series[series.len() - 1];
        let spec = probe.values.iter().find(|v| v.name == newest.value_name);
        let limit = spec.and_then(limit_of);
        let calendars = &self.config.workspace.calendars;
        let expected = expected_by(&newest.value, spec, calendars);
        let rows = series.iter().rev().take(TABLE_DAYS);
        let name = clean::line(&newest.value_name, VALUE);
        ValueView {
            newest: self.value_text(&newest.value),
            chart: self.value_chart(&name, series, limit, days),
            first_day: self.day(self.first_day_of(days)),
            limit: limit.map(|n| self.fill(P::ValueLimit, &[("limit", &n.to_string())])),
            expected: expected.map(|day| {
                let day = self.day(day);
                self.fill(P::ValueExpected, &[("day", &day)])
            }),
            rows: rows
                .map(|row| (self.day(row.day), self.value_text(&row.value)))
                .collect(),
            name,
        }
    }

    fn value_chart(
        &self,
        name: &str,
        series: &[&FreshnessRow],
        limit: Option<f64>,
        days: u16,
    ) -> Option<LineChart> {
        let first = self.first_day_of(days);
        let mut figures: Vec<Option<f64>> = vec![None; usize::from(days)];
        for row in series {
            let at = usize::try_from((row.day - first).num_days()).ok()?;
            *figures.get_mut(at)? = figure(&row.value);
        }
        let range = ChartRange::around(figures.iter().flatten().copied().chain(limit))?;
        let newest = series[series.len() - 1];
        let (value, day) = (self.value_text(&newest.value), self.day(newest.day));
        let values = [("name", name), ("value", &*value), ("day", &*day)];
        let ends = |end: f64| match newest.value {
            Value::Date(_) => day_of_figure(end).map_or_else(String::new, |day| self.day(day)),
            _ => shown(end),
        };
        Some(LineChart {
            label: self.fill(P::ValueLabel, &values),
            width: usize::from(days),
            height: HEIGHT,
            lines: vec![ChartLine {
                class: "usual",
                path: path(&figures, range),
            }],
            limit: limit.map(|limit| range.limit(limit)),
            top: ends(range.high),
            bottom: ends(range.low),
        })
    }

    /// The newest date of each series of a probe, and when the next one is expected.
    pub fn newest_dates(&self, probe: &Probe, rows: &[FreshnessRow]) -> Vec<String> {
        let own: Vec<&FreshnessRow> = rows.iter().filter(|r| r.probe == probe.key()).collect();
        let series = own.chunk_by(|a, b| a.value_name == b.value_name);
        let lines = series.filter_map(|series| {
            let newest = series[series.len() - 1];
            let Value::Date(day) = newest.value else {
                return None;
            };
            let spec = probe.values.iter().find(|v| v.name == newest.value_name);
            let calendars = &self.config.workspace.calendars;
            let shown = self.day(day);
            Some(match expected_by(&newest.value, spec, calendars) {
                Some(expected) => {
                    let expected = self.day(expected);
                    let values = [("newest", shown.as_str()), ("expected", expected.as_str())];
                    self.fill(P::NewestExpected, &values)
                }
                None => self.fill(P::NewestValue, &[("newest", &shown)]),
            })
        });
        lines.collect()
    }

    /// A value as readers write it.
    pub fn value_text(&self, value: &Value) -> String {
        match value {
            Value::Date(day) => self.day(*day),
            Value::Number(x) => shown(*x),
            other => clean::line(&other.show(), VALUE),
        }
    }
}

/// The limit that a number must not pass.
fn limit_of(spec: &ValueSpec) -> Option<f64> {
    spec.min.or(spec.max)
}

/// What is drawn of a value; texts and hashes are not.
fn figure(value: &Value) -> Option<f64> {
    match value {
        Value::Number(x) => Some(*x),
        #[allow(clippy::cast_precision_loss)] // counts of matches on a page
        Value::Count(n) => Some(*n as f64),
        Value::NullShare(share) => Some(*share),
        Value::Date(day) => Some(f64::from(day.num_days_from_ce())),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation)] // days of the calendar
fn day_of_figure(figure: f64) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(figure.round() as i32)
}

/// The figure with at most four decimals.
fn shown(x: f64) -> String {
    let text = format!("{x:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
