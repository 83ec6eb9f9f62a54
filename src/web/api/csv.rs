//! A whole table as CSV, as `export` writes it, sent in batches. Between two batches nothing is
//! held, so a slow requester holds up nobody.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Response, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::answer::{
    Accepted, ApiFailure, Outcome, describe, failed, on_reader, unchanged, unread,
};
use super::cited;
use super::query::TableQuery;
use super::rows::{RowWriter, export_request, visible};
use super::table::ApiTable;
use crate::model::{MeasurementUid, SourceId};
use crate::report::{self, Cell, CsvSink, MeasurementTable, Sink as _, Tabular as _};
use crate::store::{MeasurementPosition, RowFilter};
use crate::web::page::PageContext;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// A batch is sent once it has this size.
const BATCH: usize = 128 * 1024;
/// Measurements that a batch reads, selected or not.
const BATCH_ROWS: usize = 1_000;
/// Documents that are read at once.
const BATCH_DOCUMENTS: usize = 100;
/// The media type of a table.
const CSV: &str = "text/csv; charset=utf-8; header=present";

/// Where the next batch begins.
#[derive(Debug, Clone, PartialEq)]
enum CsvStep {
    Start,
    /// The roll-ups of these sources remain.
    Sources(VecDeque<SourceId>),
    /// The rows of a table of cited links after this number remain.
    Cited(i64),
    /// The measurements after this one remain.
    After(MeasurementPosition),
}

/// A part of the table, and what remains.
struct CsvBatch {
    bytes: Vec<u8>,
    next: Option<CsvStep>,
}

/// Answers with the table; a fault before its first batch is a problem, and one after it cuts the
/// answer off, so that no part is taken for the whole.
pub async fn stream(
    site: Arc<WebSite>,
    visit: Arc<Visit>,
    table: ApiTable,
    query: TableQuery,
    accepted: Accepted,
) -> Response<Body> {
    let query = Arc::new(query);
    let wanted = Arc::clone(&query);
    let first = on_reader(&site, &visit, accepted.as_str(), move |context| {
        batch(context, table, &wanted, CsvStep::Start)
    });
    let (tag, first) = match first.await {
        Ok(Outcome::Fresh { tag, made }) => (tag, made),
        Ok(Outcome::Unchanged { tag }) => return unchanged(&tag),
        Ok(Outcome::Failed(failure)) => return failed(&failure),
        Err(error) => return unread(&error),
    };
    let (parts, received) = mpsc::channel(1);
    let packer = Packer::new(accepted.gzip);
    tokio::spawn(async move {
        let visit = Arc::new(Visit {
            if_none_match: None,
            ..visit.as_ref().clone()
        });
        let sending = CsvSending {
            site,
            visit,
            table,
            query,
            parts,
        };
        sending.send(first, packer).await;
    });
    let mut response = Response::new(Body::new(CsvBody(received)));
    crate::web::respond::set_tag(&mut response, &tag);
    let headers = response.headers_mut();
    describe(headers, CSV, accepted.gzip);
    let name = format!("inline; filename=\"{}.csv\"", table.as_str());
    if let Ok(name) = HeaderValue::from_str(&name) {
        headers.insert(header::CONTENT_DISPOSITION, name);
    }
    response
}

/// The answer that is under way.
struct CsvSending {
    site: Arc<WebSite>,
    visit: Arc<Visit>,
    table: ApiTable,
    query: Arc<TableQuery>,
    parts: mpsc::Sender<io::Result<Bytes>>,
}

impl CsvSending {
    async fn send(self, first: CsvBatch, mut packer: Packer) {
        let mut made = first;
        loop {
            let step = made.next.take();
            let Ok(bytes) = packer.pack(&made.bytes, step.is_none()) else {
                return;
            };
            let is_sent = bytes.is_empty() || self.parts.send(Ok(bytes.into())).await.is_ok();
            let (true, Some(step)) = (is_sent, step) else {
                return;
            };
            match self.next(step).await {
                Ok(batch) => made = batch,
                Err(error) => {
                    tracing::error!("a table was cut off: {error}");
                    let _ = self.parts.send(Err(io::Error::other(error))).await;
                    return;
                }
            }
        }
    }

    async fn next(&self, step: CsvStep) -> Result<CsvBatch, String> {
        let (table, query) = (self.table, Arc::clone(&self.query));
        let work = move |context: &PageContext<'_>| batch(context, table, &query, step);
        match on_reader(&self.site, &self.visit, "csv", work).await {
            Ok(Outcome::Fresh { made, .. }) => Ok(made),
            Ok(Outcome::Unchanged { .. }) => Err("nothing was made".to_owned()),
            Ok(Outcome::Failed(failure)) => Err(failure.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// Compresses the table if the requester accepts that.
struct Packer(Option<GzEncoder<Vec<u8>>>);

impl Packer {
    fn new(gzip: bool) -> Self {
        Self(gzip.then(|| GzEncoder::new(Vec::new(), Compression::fast())))
    }

    fn pack(&mut self, bytes: &[u8], is_last: bool) -> io::Result<Vec<u8>> {
        let Some(encoder) = &mut self.0 else {
            return Ok(bytes.to_vec());
        };
        encoder.write_all(bytes)?;
        if is_last {
            encoder.try_finish()?;
        }
        Ok(std::mem::take(encoder.get_mut()))
    }
}

/// Batches as they come.
struct CsvBody(mpsc::Receiver<io::Result<Bytes>>);

impl HttpBody for CsvBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = self.0.poll_recv(cx);
        next.map(|part| part.map(|part| part.map(Frame::data)))
    }
}

/// Writes the rows of one batch.
fn batch(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
    step: CsvStep,
) -> Result<CsvBatch, ApiFailure> {
    let writer = RowWriter::new(table, context, &query.filters);
    let mut bytes = Vec::new();
    if step == CsvStep::Start {
        let mut sink = CsvSink::new(&mut bytes)?;
        sink.begin(&writer.head.columns)?;
        sink.finish()?;
    }
    let next = match (table, step) {
        (ApiTable::Uptime | ApiTable::Freshness, CsvStep::Start) => {
            let all = context.reader.measured_sources()?;
            let wanted = all.into_iter().filter(|source| {
                let filters = &query.filters;
                filters.accepts_source(context.catalogue(), source.as_str())
            });
            Some(CsvStep::Sources(wanted.collect()))
        }
        (ApiTable::Links | ApiTable::Citations | ApiTable::Copies, CsvStep::Start) => {
            cited_rows(context, table, query, 0, &mut bytes)?
        }
        (_, CsvStep::Cited(after)) => cited_rows(context, table, query, after, &mut bytes)?,
        (_, CsvStep::Sources(left)) => sources(context, table, query, left, &mut bytes)?,
        (ApiTable::Measurements, CsvStep::Start) => measurements(context, query, None, &mut bytes)?,
        (_, CsvStep::After(last)) => measurements(context, query, Some(&last), &mut bytes)?,
        (_, CsvStep::Start) => {
            whole(context, table, query, &mut bytes)?;
            None
        }
    };
    Ok(CsvBatch { bytes, next })
}

/// Writes selected rows without a heading.
struct CsvRows<'w, 'a, W: Write> {
    writer: &'w RowWriter<'a>,
    sink: CsvSink<W>,
}

impl<'w, 'a, W: Write> CsvRows<'w, 'a, W> {
    fn new(writer: &'w RowWriter<'a>, out: W) -> Self {
        let sink = CsvSink::without_mark(out);
        Self { writer, sink }
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        match self.writer.select(cells) {
            Some(row) => self.sink.row(&row),
            None => Ok(()),
        }
    }
}

/// A table that is written in one batch.
fn whole(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
    out: &mut Vec<u8>,
) -> Result<(), ApiFailure> {
    let writer = RowWriter::new(table, context, &query.filters);
    let mut rows = CsvRows::new(&writer, out);
    let request = export_request(context, table, query.filters.row_filter());
    if table == ApiTable::Incidents {
        let filter = query.filters.incident_filter();
        let found = context.reader.incidents(&filter)?.into_iter();
        let found: Vec<_> = found.map(|incident| visible(context, incident)).collect();
        let mut each = |cells: &[Cell<'_>]| rows.row(cells);
        report::visit_incidents(context.reader, &request, &found, &mut each)?;
    } else {
        report::visit_rows(context.reader, &request, &mut |cells| rows.row(cells))?;
    }
    Ok(rows.sink.finish()?)
}

/// The next links, citations or copies.
fn cited_rows(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
    after: i64,
    out: &mut Vec<u8>,
) -> Result<Option<CsvStep>, ApiFailure> {
    let writer = RowWriter::new(table, context, &query.filters);
    let mut rows = CsvRows::new(&writer, out);
    // The states of the links of a document are counted for each row.
    let most = match table {
        ApiTable::Documents => BATCH_DOCUMENTS,
        _ => BATCH_ROWS,
    };
    let part = (after, most);
    let mut each = |_: i64, cells: &[Cell<'_>]| rows.row(cells);
    let next = cited::visit(context, table, &query.filters, part, &mut each)?;
    rows.sink.finish()?;
    Ok(next.map(CsvStep::Cited))
}

/// Roll-ups of the next sources.
fn sources(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
    mut left: VecDeque<SourceId>,
    out: &mut Vec<u8>,
) -> Result<Option<CsvStep>, ApiFailure> {
    let writer = RowWriter::new(table, context, &query.filters);
    while out.len() < BATCH
        && let Some(source) = left.pop_front()
    {
        let filter = RowFilter {
            source: Some(source),
            ..query.filters.row_filter()
        };
        let request = export_request(context, table, filter);
        let mut rows = CsvRows::new(&writer, &mut *out);
        report::visit_rows(context.reader, &request, &mut |cells| rows.row(cells))?;
        rows.sink.finish()?;
    }
    Ok((!left.is_empty()).then_some(CsvStep::Sources(left)))
}

/// The next measurements, oldest first.
fn measurements(
    context: &PageContext<'_>,
    query: &TableQuery,
    after: Option<&MeasurementPosition>,
    out: &mut Vec<u8>,
) -> Result<Option<CsvStep>, ApiFailure> {
    let table = ApiTable::Measurements;
    let writer = RowWriter::new(table, context, &query.filters);
    let mut filter = query.filters.row_filter();
    if let Some(last) = after {
        filter.since = Some(last.started);
    }
    let request = export_request(context, table, filter);
    let names = &report::vantage_names(context.reader, &request)?;
    let mut rows = CsvRows::new(&writer, out);
    let (mut seen, mut last, mut written) = (0, after.cloned(), Ok(()));
    let mut is_cut = false;
    context.reader.visit_measurements(&request.filter, |row| {
        let position = MeasurementPosition {
            started: row.started,
            attempt: row.attempt,
            uid: MeasurementUid(row.uid.clone()),
        };
        if after.is_some_and(|after| position <= *after) {
            return true;
        }
        if seen == BATCH_ROWS {
            is_cut = true;
            return false;
        }
        seen += 1;
        written = rows.row(&MeasurementTable::cells(&(&row, names)));
        last = Some(position);
        written.is_ok()
    })?;
    written?;
    rows.sink.finish()?;
    Ok(last.filter(|_| is_cut).map(CsvStep::After))
}
