//! One call per export: reads the rows and sends them to the format's sink.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use super::anonymise::VantageAliases;
use super::cell::Cell;
use super::column::{TableHead, Tabular};
use super::csv::CsvSink;
use super::error::ExportError;
use super::export_table::{ExportTable, headings};
use super::jsonl::JsonSink;
use super::sink::Sink;
use super::tables::citations::CitationTable;
use super::tables::copies::CopyTable;
use super::tables::dictionary::{self, DictionaryTable};
use super::tables::documents::DocumentTable;
use super::tables::freshness::{self, FreshnessTable};
use super::tables::incidents::{self, IncidentTable};
use super::tables::links::LinkTable;
use super::tables::measurements::MeasurementTable;
use super::tables::phases::{self, IncidentPhaseTable};
use super::tables::sources::{self, SourceTable};
use super::tables::status::StatusTable;
use super::tables::survival;
use super::tables::uptime::UptimeTable;
use super::tables::vantages::{self, VantageTable};
use super::xlsx::XlsxSink;
use crate::model::measurement::Body;
use crate::model::{Catalogue, Incident, Settings, Source, Time, VantageId};
use crate::schedule::calendar::Calendars;
use crate::store::{EntryContent, IncidentFilter, Reader, RowFilter};
use crate::text::clean;
use crate::track::state;
use crate::track::state::{PairState, StateInput};

/// The format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    Csv,
    Xlsx,
    Jsonl,
}

/// The request, and the data that rows need in addition to the store.
pub struct ExportRequest<'a> {
    pub table: ExportTable,
    pub format: TableFormat,
    pub filter: RowFilter,
    /// Leaves out the vantages' names, and addresses that reveal their location.
    pub anonymise: bool,
    /// Writes JSON lines of measurements with empty bodies: these lines are the input of the day
    /// chain.
    pub no_bodies: bool,
    pub catalogue: &'a Catalogue,
    /// The calendars of `max_age`.
    pub calendars: &'a Calendars,
    /// The configured vantages, and the schedule.
    pub settings: &'a Settings,
}

/// The result of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportOutcome {
    pub rows: u64,
    /// The reader closed the pipe (as with `| head`), which is not an error.
    pub cut: bool,
}

/// Writes a table. Measurements as JSON lines are the whole records, including controls; everything
/// else is rows of the table's columns.
pub fn export(
    reader: &Reader,
    request: &ExportRequest<'_>,
    out: &mut (dyn Write + Send),
) -> Result<ExportOutcome, ExportError> {
    let mut rows = Rows::new();
    let result = match (request.table, request.format) {
        (ExportTable::Measurements, TableFormat::Jsonl) => records(reader, request, out, &mut rows),
        (_, format) => {
            let heading = request.table.heading();
            let made = reader.as_of()?;
            with_sink(format, &heading, made, out, |sink| {
                fill(reader, request, &mut |cells| {
                    rows.count += 1;
                    sink.row(cells)
                })
            })
        }
    };
    ended(result, rows.count)
}

/// Writes the data dictionary; it needs no store.
pub fn export_dictionary(
    format: TableFormat,
    out: &mut (dyn Write + Send),
) -> Result<ExportOutcome, ExportError> {
    let mut count = 0;
    let result = with_sink(format, &DictionaryTable::heading(), None, out, |sink| {
        for row in dictionary::rows(headings()) {
            sink.row(&DictionaryTable::cells(&row))?;
            count += 1;
        }
        Ok(())
    });
    ended(result, count)
}

struct Rows {
    count: u64,
}

impl Rows {
    fn new() -> Self {
        Self { count: 0 }
    }
}

fn ended(result: Result<(), ExportError>, rows: u64) -> Result<ExportOutcome, ExportError> {
    match result {
        Ok(()) => Ok(ExportOutcome { rows, cut: false }),
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(ExportOutcome { rows, cut: true })
        }
        Err(error) => Err(error),
    }
}

/// Writes a table; `made` is the creation time of its workbook.
fn with_sink(
    format: TableFormat,
    heading: &TableHead,
    made: Option<Time>,
    out: &mut (dyn Write + Send),
    rows: impl FnOnce(&mut dyn Sink) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let work = |sink: &mut dyn Sink| {
        sink.begin(&heading.columns)?;
        rows(sink)?;
        Ok(sink.finish()?)
    };
    match format {
        TableFormat::Csv => work(&mut CsvSink::new(out)?),
        TableFormat::Jsonl => work(&mut JsonSink::new(BufWriter::new(out))),
        TableFormat::Xlsx => work(&mut XlsxSink::new(BufWriter::new(out), heading.table, made)),
    }
}

/// Takes the cells of a row; an error ends the table.
pub type RowVisitor<'a> = &'a mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>;

/// Passes the rows of a table to `each`, in the order of exports.
pub fn visit_rows(
    reader: &Reader,
    request: &ExportRequest<'_>,
    each: RowVisitor<'_>,
) -> Result<(), ExportError> {
    fill(reader, request, each)
}

type Each<'a> = RowVisitor<'a>;

fn fill(reader: &Reader, request: &ExportRequest<'_>, each: Each<'_>) -> Result<(), ExportError> {
    let names = &names(reader, request)?;
    match request.table {
        ExportTable::Measurements => {
            let mut end = Ok(());
            reader.visit_measurements(&request.filter, |row| {
                end = each(&MeasurementTable::cells(&(&row, names)));
                end.is_ok()
            })?;
            end?;
        }
        ExportTable::Incidents => {
            let incidents = wanted(reader, request)?;
            visit_incidents(reader, request, &incidents, each)?;
        }
        ExportTable::IncidentPhases => {
            for row in phases::rows(&wanted(reader, request)?, names) {
                each(&IncidentPhaseTable::cells(&row))?;
            }
        }
        ExportTable::Sources | ExportTable::Status => fill_states(reader, request, names, each)?,
        ExportTable::Vantages => {
            let coverage = reader.coverage(reader.as_of()?.unwrap_or_default())?;
            for row in vantages::rows(&reader.tracker_state()?, request.settings, &coverage, names)
            {
                each(&VantageTable::cells(&row))?;
            }
        }
        ExportTable::Links | ExportTable::Citations | ExportTable::Documents => {
            fill_links(reader, request.table, names, each)?;
        }
        ExportTable::Copies => {
            for row in reader.copies(None)? {
                each(&CopyTable::cells(&row))?;
            }
        }
        ExportTable::Survival => survival::visit(reader, each)?,
        ExportTable::Uptime => {
            for row in reader.uptime(&request.filter)? {
                each(&UptimeTable::cells(&(&row, names)))?;
            }
        }
        ExportTable::Freshness => {
            for row in reader.freshness(&request.filter)? {
                let row =
                    freshness::FreshnessEntry::new(&row, request.catalogue, request.calendars);
                each(&FreshnessTable::cells(&row))?;
            }
        }
    }
    Ok(())
}

/// The incidents that match the filter.
fn wanted(reader: &Reader, request: &ExportRequest<'_>) -> Result<Vec<Incident>, ExportError> {
    let RowFilter {
        since,
        until,
        source,
        ..
    } = request.filter.clone();
    Ok(reader.incidents(&IncidentFilter {
        since,
        until,
        source,
        open_only: false,
    })?)
}

/// Passes the rows of these incidents to `each`.
pub fn visit_incidents(
    reader: &Reader,
    request: &ExportRequest<'_>,
    wanted: &[Incident],
    each: RowVisitor<'_>,
) -> Result<(), ExportError> {
    let names = &names(reader, request)?;
    let background = incidents::IncidentContext {
        catalogue: request.catalogue,
        notes: &reader.notes()?,
        countries: &countries(request.settings),
        now: reader.as_of()?.unwrap_or_default(),
        names,
    };
    for row in incidents::rows(wanted, &background) {
        each(&IncidentTable::cells(&row))?;
    }
    Ok(())
}

/// The links that documents cite, the places that cite them, or the documents.
fn fill_links(
    reader: &Reader,
    table: ExportTable,
    names: &VantageAliases,
    each: Each<'_>,
) -> Result<(), ExportError> {
    let mut end = Ok(());
    match table {
        ExportTable::Links => reader.visit_links(|link| {
            end = each(&LinkTable::cells(&(&link, names)));
            end.is_ok()
        })?,
        ExportTable::Citations => reader.visit_citations(|citation, link| {
            end = each(&CitationTable::cells(&(&citation, &link)));
            end.is_ok()
        })?,
        _ => reader.visit_documents(|document| {
            end = each(&DocumentTable::cells(document));
            end.is_ok()
        })?,
    }
    Ok(end?)
}

/// The countries (ISO 3166) of the configured vantages.
fn countries(settings: &Settings) -> BTreeMap<VantageId, String> {
    let vantages = settings.vantages.iter();
    vantages
        .map(|v| (v.id.clone(), v.country.clone()))
        .collect()
}

/// The current states of sources or probes.
fn fill_states(
    reader: &Reader,
    request: &ExportRequest<'_>,
    names: &VantageAliases,
    each: Each<'_>,
) -> Result<(), ExportError> {
    let (tracker, rounds) = (reader.tracker_state()?, reader.newest_rounds()?);
    let as_of = reader.as_of()?.unwrap_or_default();
    let observations = reader.observations(as_of)?;
    let known = StateInput {
        tracker: &tracker,
        catalogue: request.catalogue,
        settings: request.settings,
        rounds: &rounds,
        observations: &observations,
        as_of,
    };
    let source = request.filter.source.as_ref();
    let mut pairs = state::pairs(&known);
    pairs.retain(|p| source.is_none_or(|s| p.probe.source == *s));
    if request.table == ExportTable::Status {
        return visit_status(&pairs, names, each);
    }
    let all = request.catalogue.sources.values();
    let wanted = all.filter(|s| source.is_none_or(|id| *id == s.id));
    visit_sources(wanted, &known, &pairs, Some(as_of), each)
}

/// Passes the rows of these pairs to `each`, as status.csv has them.
pub fn visit_status(
    pairs: &[PairState<'_>],
    names: &VantageAliases,
    each: RowVisitor<'_>,
) -> Result<(), ExportError> {
    for pair in pairs {
        each(&StatusTable::cells(&(pair, names)))?;
    }
    Ok(())
}

/// Passes the rows of these sources to `each`; `pairs` are those of every source, and `as_of` is
/// the time of the newest observation.
pub fn visit_sources<'a>(
    wanted: impl IntoIterator<Item = &'a Source>,
    known: &StateInput<'_>,
    pairs: &[PairState<'_>],
    as_of: Option<Time>,
    each: RowVisitor<'_>,
) -> Result<(), ExportError> {
    for source in wanted {
        let row = sources::SourceRow::new(source, known, pairs).seen_as_of(as_of);
        each(&SourceTable::cells(&row))?;
    }
    Ok(())
}

/// The names of vantages in the requested table.
pub fn names(reader: &Reader, request: &ExportRequest<'_>) -> Result<VantageAliases, ExportError> {
    Ok(if request.anonymise {
        VantageAliases::numbered(reader.vantage_order()?)
    } else {
        VantageAliases::unchanged()
    })
}

/// The whole records, one per line.
fn records(
    reader: &Reader,
    request: &ExportRequest<'_>,
    out: &mut (dyn Write + Send),
    rows: &mut Rows,
) -> Result<(), ExportError> {
    let names = names(reader, request)?;
    let mut out = BufWriter::new(out);
    if request.no_bodies && !names.are_hidden() {
        return lines(reader, request, out, rows);
    }
    let mut end: io::Result<()> = Ok(());
    reader.visit_records(&request.filter, |mut record| {
        names.hide(&mut record.measurement);
        if request.no_bodies {
            let requests = record.measurement.test_keys.requests.iter_mut();
            requests.for_each(|r| r.response.body = Body::default());
        }
        end = serde_json::to_writer(&mut out, &record.measurement)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"));
        rows.count += u64::from(end.is_ok());
        end.is_ok()
    })?;
    end?;
    Ok(out.flush()?)
}

/// The records as they entered the store, one per line. An unreadable record is left out, and ends
/// the export with an error after all others.
fn lines(
    reader: &Reader,
    request: &ExportRequest<'_>,
    mut out: impl Write,
    rows: &mut Rows,
) -> Result<(), ExportError> {
    let mut end: io::Result<()> = Ok(());
    let mut damaged = Vec::new();
    reader.visit_entries(&request.filter, |entry| {
        let EntryContent::Line(mut line) = entry.content else {
            damaged.push(entry.uid);
            return true;
        };
        line.push(b'\n');
        end = out.write_all(&line);
        rows.count += u64::from(end.is_ok());
        end.is_ok()
    })?;
    end?;
    out.flush()?;
    match damaged.first() {
        None => Ok(()),
        Some(first) => Err(ExportError::Damaged {
            count: damaged.len(),
            first: clean::line(first.as_str(), 100),
        }),
    }
}
