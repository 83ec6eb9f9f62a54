//! One call an export: reads the rows, sends them to the format's sink.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use super::anonymise::Names;
use super::cell::{Cell, Column};
use super::csv::CsvSink;
use super::error::ExportError;
use super::jsonl::JsonSink;
use super::sink::Sink;
use super::tables::{dictionary, freshness, incidents, measurements, uptime};
use super::xlsx::XlsxSink;
use crate::model::{Catalogue, Time, VantageId};
use crate::schedule::calendar::Calendars;
use crate::store::{Filter, IncidentFilter, Reader};

/// What can be exported from the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    Measurements,
    Incidents,
    Uptime,
    Freshness,
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
    Jsonl,
}

/// What is wanted, and what the rows need beside the store.
pub struct Request<'a> {
    pub table: Table,
    pub format: Format,
    pub filter: Filter,
    /// Leave out the vantages' names, and addresses that tell where they are.
    pub anonymise: bool,
    pub catalogue: &'a Catalogue,
    /// In which `max_age` counts.
    pub calendars: &'a Calendars,
    /// Of the configured vantages, ISO 3166.
    pub countries: &'a BTreeMap<VantageId, String>,
    /// The time of the export: open incidents last until then.
    pub now: Time,
}

/// How an export ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub rows: u64,
    /// The reader went away (a closed pipe, as with `| head`): no fault.
    pub cut: bool,
}

/// Writes a table. Measurements as JSON lines are the whole records, controls too; everything else is
/// rows of the table's columns.
pub fn export(
    reader: &Reader,
    request: &Request<'_>,
    out: &mut (dyn Write + Send),
) -> Result<Written, ExportError> {
    let mut rows = Rows::new();
    let result = match (request.table, request.format) {
        (Table::Measurements, Format::Jsonl) => records(reader, request, out, &mut rows),
        (_, format) => {
            let (name, columns) = head(request.table);
            with_sink(format, name, out, |sink| {
                sink.begin(columns)?;
                fill(reader, request, &mut |cells| {
                    rows.count += 1;
                    sink.row(&cells)
                })?;
                Ok(sink.finish()?)
            })
        }
    };
    ended(result, rows.count)
}

/// Writes the data dictionary; it needs no store.
pub fn export_dictionary(
    format: Format,
    out: &mut (dyn Write + Send),
) -> Result<Written, ExportError> {
    let mut count = 0;
    let result = with_sink(format, "dictionary", out, |sink| {
        sink.begin(dictionary::COLUMNS)?;
        for cells in dictionary::rows() {
            sink.row(&cells)?;
            count += 1;
        }
        Ok(sink.finish()?)
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

fn ended(result: Result<(), ExportError>, rows: u64) -> Result<Written, ExportError> {
    match result {
        Ok(()) => Ok(Written { rows, cut: false }),
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Written { rows, cut: true })
        }
        Err(error) => Err(error),
    }
}

fn head(table: Table) -> (&'static str, &'static [Column]) {
    match table {
        Table::Measurements => ("measurements", measurements::COLUMNS),
        Table::Incidents => ("incidents", incidents::COLUMNS),
        Table::Uptime => ("uptime", uptime::COLUMNS),
        Table::Freshness => ("freshness", freshness::COLUMNS),
    }
}

fn with_sink(
    format: Format,
    name: &'static str,
    out: &mut (dyn Write + Send),
    work: impl FnOnce(&mut dyn Sink) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    match format {
        Format::Csv => work(&mut CsvSink::new(out)?),
        Format::Jsonl => work(&mut JsonSink::new(BufWriter::new(out))),
        Format::Xlsx => work(&mut XlsxSink::new(BufWriter::new(out), name)),
    }
}

type Each<'a> = &'a mut dyn FnMut(Vec<Cell>) -> io::Result<()>;

fn fill(reader: &Reader, request: &Request<'_>, each: Each<'_>) -> Result<(), ExportError> {
    let names = names(reader, request)?;
    match request.table {
        Table::Measurements => {
            let mut end = Ok(());
            reader.visit_measurements(&request.filter, |row| {
                end = each(measurements::cells(row, &names));
                end.is_ok()
            })?;
            end?;
        }
        Table::Incidents => fill_incidents(reader, request, &names, each)?,
        Table::Uptime => {
            for row in reader.uptime(&request.filter)? {
                each(uptime::cells(&row, &names))?;
            }
        }
        Table::Freshness => {
            for row in reader.freshness(&request.filter)? {
                each(freshness::cells(&row, request.catalogue, request.calendars))?;
            }
        }
    }
    Ok(())
}

fn fill_incidents(
    reader: &Reader,
    request: &Request<'_>,
    names: &Names,
    each: Each<'_>,
) -> Result<(), ExportError> {
    let Filter {
        since,
        until,
        source,
    } = request.filter.clone();
    let wanted = reader.incidents(&IncidentFilter {
        since,
        until,
        source,
        open_only: false,
    })?;
    let background = incidents::Background {
        catalogue: request.catalogue,
        notes: &reader.notes()?,
        countries: request.countries,
        now: request.now,
        names,
    };
    for cells in incidents::rows(&wanted, &background) {
        each(cells)?;
    }
    Ok(())
}

fn names(reader: &Reader, request: &Request<'_>) -> Result<Names, ExportError> {
    Ok(if request.anonymise {
        Names::numbered(reader.vantage_order()?)
    } else {
        Names::own()
    })
}

/// The whole records, a line each.
fn records(
    reader: &Reader,
    request: &Request<'_>,
    out: &mut (dyn Write + Send),
    rows: &mut Rows,
) -> Result<(), ExportError> {
    let names = names(reader, request)?;
    let mut out = BufWriter::new(out);
    let mut end: io::Result<()> = Ok(());
    reader.visit_records(&request.filter, |mut record| {
        names.hide(&mut record.measurement);
        end = serde_json::to_writer(&mut out, &record.measurement)
            .map_err(io::Error::from)
            .and_then(|()| out.write_all(b"\n"));
        rows.count += u64::from(end.is_ok());
        end.is_ok()
    })?;
    end?;
    Ok(out.flush()?)
}
