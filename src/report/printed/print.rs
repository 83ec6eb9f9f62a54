//! The order in which a report is made.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::NaiveDate;

use super::data::ReportData;
use super::figures::ReportFigures;
use super::period::ReportPeriod;
use super::request::{PrintedReport, ReportError, ReportRequest};
use super::states::ReportStates;
use super::tables::{self, ReportTables, TableRows};
use super::words::ReportWords;
use crate::model::{MeasurementUid, Time};
use crate::report::survival::SurvivalFigures;
use crate::store::Reader;

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
        documents: reader.documents()?,
        survival: SurvivalFigures::read(reader)?,
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
) -> Result<BTreeMap<MeasurementUid, String>, ReportError> {
    let all = states.incidents.iter().flat_map(|i| i.evidence.iter());
    Ok(reader.evidence_ids(&all.cloned().collect::<Vec<_>>())?)
}
