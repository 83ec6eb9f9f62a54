//! The tables of a report: each goes through a hash, and on request into a file and a workbook.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

use super::period::ReportPeriod;
use super::request::{ReportError, ReportRequest, ReportScope};
use super::states::ReportStates;
use crate::model::note::Note;
use crate::model::{Time, VantageId};
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{TableHead, Tabular};
use crate::report::csv::CsvSink;
use crate::report::error::ExportError;
use crate::report::sink::Sink as _;
use crate::report::tables::documents::DocumentTable;
use crate::report::tables::freshness::{FreshnessEntry, FreshnessTable};
use crate::report::tables::incidents::{self, IncidentContext, IncidentTable};
use crate::report::tables::links::LinkTable;
use crate::report::tables::sources::{SourceRow, SourceTable};
use crate::report::tables::status::StatusTable;
use crate::report::tables::uptime::UptimeTable;
use crate::report::tables::vantages::{self, VantageTable};
use crate::report::xlsx::XlsxSink;
use crate::store::{FreshnessRow, Reader, RowFilter};

/// The SHA-256 of each table as CSV, and of their list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSums {
    /// A line for each table: the hash and the name, as `sha256sum` prints them.
    pub lines: Vec<String>,
    pub of_list: String,
}

/// Bytes go into a hash, and into a file where there is one.
struct Hashing {
    hash: Sha256,
    file: Option<BufWriter<File>>,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.hash.update(bytes);
        if let Some(file) = &mut self.file {
            file.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush)
    }
}

/// Where the tables go.
struct TableFiles {
    /// The path of the report without its extension.
    stem: PathBuf,
    workbook: XlsxSink<BufWriter<File>>,
    written: Vec<PathBuf>,
}

impl TableFiles {
    fn named(&self, ending: &str) -> PathBuf {
        let mut name = self.stem.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    }
}

/// The tables that are written.
pub struct ReportTables {
    files: Option<TableFiles>,
    lines: Vec<String>,
}

impl ReportTables {
    /// Only their hashes.
    #[must_use]
    pub fn hashed() -> Self {
        Self {
            files: None,
            lines: Vec::new(),
        }
    }

    /// `FILE-sources.csv` and the others next to `FILE.html`, and `FILE.xlsx`.
    pub fn beside(report: &Path, now: Option<Time>) -> Result<Self, ReportError> {
        let stem = report.with_extension("");
        let book = report.with_extension("xlsx");
        let out = BufWriter::new(File::create(&book).map_err(ExportError::from)?);
        Ok(Self {
            files: Some(TableFiles {
                stem,
                workbook: XlsxSink::new(out, "sources", now),
                written: vec![book],
            }),
            lines: Vec::new(),
        })
    }

    /// Writes one table; `fill` calls its argument for each row.
    pub fn write<T: Tabular>(
        &mut self,
        fill: impl FnOnce(&mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>) -> Result<(), ExportError>,
    ) -> Result<(), ExportError> {
        let head: TableHead = T::heading();
        let name = format!("-{}.csv", head.table);
        let path = self.files.as_ref().map(|files| files.named(&name));
        let opened = path.as_ref().map(File::create).transpose()?;
        let mut out = Hashing {
            hash: Sha256::new(),
            file: opened.map(BufWriter::new),
        };
        let mut csv = CsvSink::new(&mut out)?;
        csv.begin(&head.columns)?;
        if let Some(files) = &mut self.files {
            files.workbook.begin_table(head.table, &head.columns)?;
        }
        let files = &mut self.files;
        fill(&mut |cells| {
            csv.row(cells)?;
            match files {
                Some(files) => files.workbook.row(cells),
                None => Ok(()),
            }
        })?;
        csv.finish()?;
        drop(csv);
        out.flush()?;
        let sum = HEXLOWER.encode(&out.hash.finalize());
        self.lines.push(format!("{sum}  {}.csv", head.table));
        if let (Some(files), Some(path)) = (&mut self.files, path) {
            files.written.push(path);
        }
        Ok(())
    }

    /// Ends the workbook; the sums, and the files that were written.
    pub fn finish(mut self) -> Result<(TableSums, Vec<PathBuf>), ExportError> {
        if let Some(files) = &mut self.files {
            files.workbook.finish()?;
        }
        let list = self.lines.join("\n") + "\n";
        let sums = TableSums {
            of_list: HEXLOWER.encode(&Sha256::digest(list)),
            lines: self.lines,
        };
        let files = self.files.map(|files| files.written);
        Ok((sums, files.unwrap_or_default()))
    }
}

/// What the rows of the tables are made of.
pub struct TableRows<'a> {
    pub reader: &'a Reader,
    pub request: &'a ReportRequest<'a>,
    pub period: &'a ReportPeriod,
    pub states: &'a ReportStates<'a>,
    pub notes: &'a [Note],
    pub coverage: &'a BTreeMap<VantageId, f64>,
}

impl TableRows<'_> {
    /// Writes every table, in a fixed order.
    pub fn write_all(&self, out: &mut ReportTables) -> Result<(), ExportError> {
        let names = VantageAliases::unchanged();
        let (known, pairs) = (self.states.known(), self.states.pairs());
        out.write::<SourceTable>(|each| {
            for source in self.states.sources() {
                each(&SourceTable::cells(&SourceRow::new(source, &known, &pairs)))?;
            }
            Ok(())
        })?;
        out.write::<StatusTable>(|each| {
            for pair in &pairs {
                each(&StatusTable::cells(&(pair, &names)))?;
            }
            Ok(())
        })?;
        out.write::<VantageTable>(|each| {
            let settings = self.request.settings;
            for row in vantages::rows(&self.states.tracker, settings, self.coverage, &names) {
                each(&VantageTable::cells(&row))?;
            }
            Ok(())
        })?;
        self.incidents(out, &names)?;
        self.uptime(out, &names)?;
        let (catalogue, calendars) = (self.request.catalogue, self.request.calendars);
        let values = freshness_of(self.reader, self.request, self.period)?;
        out.write::<FreshnessTable>(|each| {
            for row in &values {
                let entry = FreshnessEntry::new(row, catalogue, calendars);
                each(&FreshnessTable::cells(&entry))?;
            }
            Ok(())
        })?;
        self.cited(out, &names)
    }

    /// Cited links and the documents that cite them, as they are now.
    fn cited(&self, out: &mut ReportTables, names: &VantageAliases) -> Result<(), ExportError> {
        out.write::<LinkTable>(|each| {
            let mut end = Ok(());
            self.reader.visit_links(|link| {
                end = each(&LinkTable::cells(&(&link, names)));
                end.is_ok()
            })?;
            Ok(end?)
        })?;
        out.write::<DocumentTable>(|each| {
            let mut end = Ok(());
            self.reader.visit_documents(|document| {
                end = each(&DocumentTable::cells(document));
                end.is_ok()
            })?;
            Ok(end?)
        })
    }

    fn incidents(&self, out: &mut ReportTables, names: &VantageAliases) -> Result<(), ExportError> {
        let vantages = self.request.settings.vantages.iter();
        let countries = vantages
            .map(|v| (v.id.clone(), v.country.clone()))
            .collect();
        let background = IncidentContext {
            catalogue: self.request.catalogue,
            notes: self.notes,
            countries: &countries,
            now: self.period.now.unwrap_or_default(),
            names,
        };
        out.write::<IncidentTable>(|each| {
            for row in incidents::rows(&self.states.incidents, &background) {
                each(&IncidentTable::cells(&row))?;
            }
            Ok(())
        })
    }

    fn uptime(&self, out: &mut ReportTables, names: &VantageAliases) -> Result<(), ExportError> {
        let filter = filter_of(self.period, &self.request.scope);
        out.write::<UptimeTable>(|each| {
            let mut end = Ok(());
            self.reader.visit_uptime(&filter, |row| {
                let scope = &self.request.scope;
                if scope.covers_id(&row.probe.source, self.request.catalogue) {
                    end = each(&UptimeTable::cells(&(&row, names)));
                }
                end.is_ok()
            })?;
            Ok(end?)
        })
    }
}

/// The values of the period.
pub fn freshness_of(
    reader: &Reader,
    request: &ReportRequest<'_>,
    period: &ReportPeriod,
) -> Result<Vec<FreshnessRow>, ExportError> {
    let mut rows = reader.freshness(&filter_of(period, &request.scope))?;
    let scope = &request.scope;
    rows.retain(|row| scope.covers_id(&row.probe.source, request.catalogue));
    Ok(rows)
}

fn filter_of(period: &ReportPeriod, scope: &ReportScope) -> RowFilter {
    RowFilter {
        since: Some(period.start),
        until: Some(period.end),
        source: scope.source.clone(),
        vantage: None,
    }
}
