//! One page of a table as JSON.

use super::answer::{ApiBody, ApiFailure};
use super::filters::ApiFilters;
use super::query::{TableQuery, bad_cursor};
use super::rows::{RowWriter, export_request, visible};
use super::table::ApiTable;
use super::{cited, cursor};
use crate::model::MeasurementUid;
use crate::model::time::{from_micros, iso};
use crate::report::{
    self, FreshnessEntry, FreshnessTable, MeasurementTable, Tabular, UptimeTable, VantageAliases,
};
use crate::store::{DayPosition, MeasurementPosition, StoredSeries, StoredValue};
use crate::web::page::PageContext;

/// Rows with their keys; when there are more than fit, at least one more than fits.
type KeyedRows = Vec<(Vec<String>, Vec<u8>)>;

/// Makes the page.
pub fn page(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
) -> Result<ApiBody, ApiFailure> {
    let mut rows = match table {
        ApiTable::Sources | ApiTable::Status | ApiTable::Vantages => by_key(context, table, query)?,
        ApiTable::Incidents => incidents(context, query)?,
        ApiTable::Uptime => uptime(context, query)?,
        ApiTable::Freshness => freshness(context, query)?,
        ApiTable::Measurements => measurements(context, query)?,
        ApiTable::Links | ApiTable::Documents | ApiTable::Citations | ApiTable::Copies => {
            cited::page(context, table, query)?
        }
    };
    let has_more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|(key, _)| cursor::to_word(table.as_str(), key));
    let mut json = b"{\"items\":[".to_vec();
    for (at, (_, row)) in rows.iter().enumerate() {
        if at > 0 {
            json.push(b',');
        }
        json.extend_from_slice(row);
    }
    let as_of = context.snapshot.as_of.map(iso);
    let (next_word, as_of) = (
        serde_json::to_string(&next).map_err(std::io::Error::from)?,
        serde_json::to_string(&as_of).map_err(std::io::Error::from)?,
    );
    json.extend_from_slice(format!("],\"next\":{next_word},\"as_of\":{as_of}}}").as_bytes());
    Ok(ApiBody {
        json,
        next: next.map(|word| next_address(context, table, &word)),
        elsewhere: None,
    })
}

/// The address of the page after this one.
fn next_address(context: &PageContext<'_>, table: ApiTable, word: &str) -> String {
    let mut text = url::form_urlencoded::Serializer::new(String::new());
    let query = context.visit.query.iter();
    text.extend_pairs(query.filter(|(key, _)| key != "cursor"));
    text.append_pair("cursor", word);
    format!("{}?{}", table.path(), text.finish())
}

/// A table that is made whole, in the order of its key.
fn by_key(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
) -> Result<KeyedRows, ApiFailure> {
    let writer = RowWriter::new(table, context, &query.filters);
    let mut rows: KeyedRows = Vec::new();
    let mut each = |cells: &[report::Cell<'_>]| {
        if let Some(row) = writer.select(cells) {
            let columns = table.key_columns().iter();
            let key = columns.map(|column| writer.text(&row, column)).collect();
            rows.push((key, writer.json(&row)?));
        }
        Ok(())
    };
    let request = export_request(context, table, query.filters.row_filter());
    let known = &context.known;
    match table {
        ApiTable::Sources => {
            let all = context.catalogue().sources.values();
            let as_of = context.snapshot.as_of;
            report::visit_sources(all, known, &context.pairs, as_of, &mut each)?;
        }
        ApiTable::Status => {
            let names = report::vantage_names(context.reader, &request)?;
            report::visit_status(&context.pairs, &names, &mut each)?;
        }
        _ => report::visit_rows(context.reader, &request, &mut each)?,
    }
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    number_equals(&mut rows);
    if let Some(after) = &query.after {
        rows.retain(|(key, _)| key > after);
    }
    rows.truncate(query.limit + 1);
    Ok(rows)
}

/// Adds a number to rows with the same key (vantages that visitors see without a number).
fn number_equals(rows: &mut KeyedRows) {
    let (mut last, mut count) = (Vec::new(), 0_u32);
    for (key, _) in rows {
        if *key == last {
            count += 1;
        } else {
            (last, count) = (key.clone(), 0);
        }
        key.push(format!("{count:08}"));
    }
}

fn incidents(context: &PageContext<'_>, query: &TableQuery) -> Result<KeyedRows, ApiFailure> {
    let before = match query.after.as_deref() {
        None => i64::MAX,
        Some([id]) => id.parse().map_err(|_| bad_cursor())?,
        Some(_) => return Err(bad_cursor().into()),
    };
    let writer = RowWriter::new(ApiTable::Incidents, context, &query.filters);
    let request = export_request(context, ApiTable::Incidents, query.filters.row_filter());
    let filter = query.filters.incident_filter();
    let mut rows: KeyedRows = Vec::new();
    // Read in parts: what is selected by its cells may be rare.
    let (mut next, part) = (before, query.limit + 1);
    while rows.len() < part {
        let mut found = Vec::new();
        let visit = |incident| {
            found.push(visible(context, incident));
            found.len() < part
        };
        let reader = context.reader;
        reader.visit_incidents_before(&filter, next, visit)?;
        let Some(last) = found.last() else { break };
        next = last.id;
        let mut shown = found
            .iter()
            .filter(|incident| incident.folded_into.is_none());
        report::visit_incidents(reader, &request, &found, &mut |cells| {
            let id = shown.next().map_or(0, |incident| incident.id);
            if let Some(row) = writer.select(cells) {
                rows.push((vec![id.to_string()], writer.json(&row)?));
            }
            Ok(())
        })?;
    }
    rows.truncate(part);
    Ok(rows)
}

/// A series with its key.
type Keyed<'s, S> = (Vec<String>, &'s S);

/// The series that are selected, in the order of their keys as the requester sees them.
fn selected<'s>(
    context: &PageContext<'_>,
    filters: &ApiFilters,
    names: &VantageAliases,
    series: &'s [StoredSeries],
) -> Vec<Keyed<'s, StoredSeries>> {
    let catalogue = context.catalogue();
    let mut found: Vec<Keyed<'s, StoredSeries>> = series
        .iter()
        .filter_map(|one| {
            let (source, probe) = (one.probe.source.as_str(), one.probe.probe.as_str());
            let vantage = names.called(one.vantage.as_str());
            let accepted = filters.accepts_series(catalogue, (source, probe), Some(&vantage));
            accepted.then(|| (vec![source.to_owned(), probe.to_owned(), vantage], one))
        })
        .collect();
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

/// Where a page of days begins, in a list of keyed series.
fn day_position<S>(
    after: Option<&Vec<String>>,
    series: &[Keyed<'_, S>],
) -> Result<Option<DayPosition>, ApiFailure> {
    let Some(after) = after else { return Ok(None) };
    let (day, key) = after.split_first().ok_or_else(bad_cursor)?;
    let day = day.parse().map_err(|_| bad_cursor())?;
    let from = series.partition_point(|(other, _)| other.as_slice() <= key);
    Ok(Some(DayPosition { day, from }))
}

fn uptime(context: &PageContext<'_>, query: &TableQuery) -> Result<KeyedRows, ApiFailure> {
    let request = export_request(context, ApiTable::Uptime, query.filters.row_filter());
    let names = &report::vantage_names(context.reader, &request)?;
    let all = context.reader.series()?;
    let series = selected(context, &query.filters, names, &all);
    let after = day_position(query.after.as_ref(), &series)?;
    let bare: Vec<&StoredSeries> = series.iter().map(|(_, one)| *one).collect();
    let (filter, most) = (&request.filter, query.limit + 1);
    let found = context.reader.uptime_page(&bare, filter, after, most)?;
    let writer = RowWriter::new(ApiTable::Uptime, context, &query.filters);
    let mut rows = Vec::new();
    for row in &found {
        let vantage = names.called(&row.vantage);
        let (source, probe) = (row.probe.source.to_string(), row.probe.probe.to_string());
        let key = vec![row.day.to_string(), source, probe, vantage];
        let row = (row, names);
        let cells = UptimeTable::cells(&row);
        rows.extend(
            writer
                .select(&cells)
                .map(|row| writer.json(&row).map(|json| (key, json)))
                .transpose()?,
        );
    }
    Ok(rows)
}

fn freshness(context: &PageContext<'_>, query: &TableQuery) -> Result<KeyedRows, ApiFailure> {
    let all = context.reader.values()?;
    let catalogue = context.catalogue();
    let values: Vec<Keyed<'_, StoredValue>> = all
        .iter()
        .filter_map(|value| {
            let (source, probe) = (value.probe.source.as_str(), value.probe.probe.as_str());
            let accepted = query
                .filters
                .accepts_series(catalogue, (source, probe), None);
            let key = || vec![source.to_owned(), probe.to_owned(), value.name.clone()];
            accepted.then(|| (key(), value))
        })
        .collect();
    let after = day_position(query.after.as_ref(), &values)?;
    let bare: Vec<&StoredValue> = values.iter().map(|(_, value)| *value).collect();
    let (filter, most) = (query.filters.row_filter(), query.limit + 1);
    let found = context.reader.freshness_page(&bare, &filter, after, most)?;
    let writer = RowWriter::new(ApiTable::Freshness, context, &query.filters);
    let calendars = &context.config.workspace.calendars;
    let mut rows = Vec::new();
    for row in &found {
        let (source, probe) = (row.probe.source.to_string(), row.probe.probe.to_string());
        let key = vec![row.day.to_string(), source, probe, row.value_name.clone()];
        let row = FreshnessEntry::new(row, catalogue, calendars);
        let cells = FreshnessTable::cells(&row);
        rows.extend(
            writer
                .select(&cells)
                .map(|row| writer.json(&row).map(|json| (key, json)))
                .transpose()?,
        );
    }
    Ok(rows)
}

fn measurements(context: &PageContext<'_>, query: &TableQuery) -> Result<KeyedRows, ApiFailure> {
    let request = export_request(context, ApiTable::Measurements, query.filters.row_filter());
    let names = &report::vantage_names(context.reader, &request)?;
    let all = context.reader.series()?;
    let series = selected(context, &query.filters, names, &all);
    let bare: Vec<&StoredSeries> = series.iter().map(|(_, one)| *one).collect();
    let after = query.after.as_deref().map(measurement_position);
    let after = after.transpose()?;
    let (filter, most) = (&request.filter, query.limit + 1);
    let found = context
        .reader
        .measurement_page(&bare, filter, after.as_ref(), most)?;
    let writer = RowWriter::new(ApiTable::Measurements, context, &query.filters);
    let mut rows = Vec::new();
    for row in &found {
        let started = row.started.timestamp_micros().to_string();
        let key = vec![started, row.attempt.to_string(), row.uid.clone()];
        let row = (row, names);
        let cells = MeasurementTable::cells(&row);
        rows.extend(
            writer
                .select(&cells)
                .map(|row| writer.json(&row).map(|json| (key, json)))
                .transpose()?,
        );
    }
    Ok(rows)
}

fn measurement_position(key: &[String]) -> Result<MeasurementPosition, ApiFailure> {
    let [started, attempt, uid] = key else {
        return Err(bad_cursor().into());
    };
    Ok(MeasurementPosition {
        started: from_micros(started.parse().map_err(|_| bad_cursor())?),
        attempt: attempt.parse().map_err(|_| bad_cursor())?,
        uid: MeasurementUid(uid.clone()),
    })
}
