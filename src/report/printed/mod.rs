//! The printable report: what a period was like, in one HTML file that stands for itself.
//!
//! [`print`] reads the daily figures once, writes the tables of the period through a hash (and into
//! files on request), and fills `templates/report/report.html`. The same request over the same store
//! gives the same bytes: nothing in it depends on the clock.

mod figures;
mod incident_view;
mod period;
mod sections;
mod states;
mod summary;
mod tables;
mod vantage_view;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::error::ExportError;
use crate::model::settings::Language;
use crate::model::{Catalogue, Settings, Source, SourceId, Time};
use crate::schedule::calendar::Calendars;
use crate::store::Reader;
use figures::ReportFigures;
use period::ReportPeriod;
use sections::ReportData;
use states::ReportStates;
use tables::{ReportTables, TableRows};
use words::ReportWords;

/// Which sources a report is about; both conditions hold where both are given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportScope {
    pub group: Option<String>,
    pub source: Option<SourceId>,
}

impl ReportScope {
    fn covers(&self, source: &Source) -> bool {
        self.group
            .as_ref()
            .is_none_or(|group| source.group == *group)
            && self.source.as_ref().is_none_or(|id| source.id == *id)
    }

    fn covers_id(&self, id: &SourceId, catalogue: &Catalogue) -> bool {
        match catalogue.source(id) {
            Some(source) => self.covers(source),
            // A source that was removed has no group any more.
            None => self.group.is_none() && self.source.as_ref().is_none_or(|own| own == id),
        }
    }
}

/// What is to be printed.
pub struct ReportRequest<'a> {
    /// The first UTC day.
    pub from: NaiveDate,
    /// The last UTC day.
    pub to: NaiveDate,
    pub language: Language,
    /// The zone of times; days in figures are UTC days.
    pub zone: Tz,
    pub scope: ReportScope,
    pub catalogue: &'a Catalogue,
    pub calendars: &'a Calendars,
    pub settings: &'a Settings,
}

/// A report, and the files of its tables.
#[derive(Debug)]
pub struct PrintedReport {
    pub html: String,
    pub tables: Vec<PathBuf>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Table(#[from] ExportError),
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
}

impl From<crate::store::StoreError> for ReportError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Table(error.into())
    }
}

/// Makes the report. With `tables`, the path of the report itself, the tables of its figures are
/// written next to it.
pub fn print(
    reader: &Reader,
    request: &ReportRequest<'_>,
    tables: Option<&Path>,
) -> Result<PrintedReport, ReportError> {
    let as_of = reader.as_of()?;
    let period = ReportPeriod::new(request.from, request.to, as_of);
    let mut tables = match tables {
        Some(report) => ReportTables::beside(report, period.now)?,
        None => ReportTables::hashed(),
    };
    let mut figures = ReportFigures::new(&period);
    let beginnings = reader.beginnings(period.last_day())?;
    let states = ReportStates::read(reader, request, &period, &mut figures, &beginnings)?;
    let notes = reader.notes()?;
    let coverage = reader.coverage(period.now.unwrap_or_default())?;
    let rows = TableRows {
        reader,
        request,
        period: &period,
        states: &states,
        notes: &notes,
        coverage: &coverage,
    };
    rows.write_all(&mut tables)?;
    let (sums, files) = tables.finish()?;
    let evidence = evidence_of(reader, &states)?;
    let data = ReportData {
        request,
        period: &period,
        words: ReportWords::new(request),
        figures: &figures,
        states: &states,
        first_check: first_check(reader, as_of)?,
        freshness: tables::freshness_of(reader, request, &period)?,
        evidence,
        notes: &notes,
        sums,
    };
    Ok(PrintedReport {
        html: data.render()?,
        tables: files,
    })
}

/// The day of the first check, in the period or not.
fn first_check(reader: &Reader, as_of: Option<Time>) -> Result<Option<NaiveDate>, ReportError> {
    let Some(as_of) = as_of else {
        return Ok(None);
    };
    let all = reader.beginnings(as_of.date_naive())?;
    Ok(all.iter().map(|b| b.first).min())
}

/// The records of evidence that incidents rest on, by measurement.
fn evidence_of(
    reader: &Reader,
    states: &ReportStates<'_>,
) -> Result<BTreeMap<crate::model::MeasurementUid, String>, ReportError> {
    let all = states.incidents.iter().flat_map(|i| i.evidence.iter());
    Ok(reader.evidence_ids(&all.cloned().collect::<Vec<_>>())?)
}

/// The instant at which a UTC day begins.
fn midnight(day: NaiveDate) -> Time {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}
