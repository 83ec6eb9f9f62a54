//! One source with its probes; one incident with its phases and its story.

use serde_json::value::RawValue;

use super::answer::{ApiBody, ApiFailure};
use super::filters::ApiFilters;
use super::problem::ApiProblem;
use super::query::check_part;
use super::rows::{RowWriter, export_request, visible};
use super::table::ApiTable;
use crate::model::time::iso;
use crate::model::{Incident, SourceId};
use crate::report::{self, Cell, IncidentPhaseTable, Tabular as _, write_json_row};
use crate::web::page::PageContext;

/// A part of an object that is JSON already.
type Part = Box<RawValue>;

fn raw(json: Vec<u8>) -> Result<Part, ApiFailure> {
    let text = String::from_utf8(json).map_err(std::io::Error::other)?;
    Ok(RawValue::from_string(text).map_err(std::io::Error::from)?)
}

/// A row as an object with further parts at its end. A part takes the place of the column with its
/// name.
fn with_parts(
    writer: &RowWriter<'_>,
    row: &[Cell<'_>],
    parts: &[(&'static str, Part)],
) -> Result<Vec<u8>, ApiFailure> {
    let mut object = Vec::new();
    let columns = writer.head.columns.iter().map(|column| column.name);
    let kept = columns.zip(row);
    let kept = kept.filter(|(name, _)| parts.iter().all(|(part, _)| part != name));
    let (names, cells): (Vec<&'static str>, Vec<Cell<'_>>) =
        kept.map(|(name, cell)| (name, cell.clone())).unzip();
    write_json_row(&mut object, &names, &cells)?;
    // The object is not empty, and ends with its brace.
    object.pop();
    for (name, part) in parts {
        let name = serde_json::to_string(name).map_err(std::io::Error::from)?;
        object.extend_from_slice(format!(",{name}:{}", part.get()).as_bytes());
    }
    object.push(b'}');
    Ok(object)
}

fn array(rows: &[Vec<u8>]) -> Result<Part, ApiFailure> {
    let mut json = vec![b'['];
    json.extend(rows.join(&b','));
    json.push(b']');
    raw(json)
}

/// `sources/{source}`: its row, and the rows of status.csv of its probes as `probes`.
pub fn source(context: &PageContext<'_>, id: &str) -> Result<ApiBody, ApiFailure> {
    check_part(id)?;
    let found = context.catalogue().source(&SourceId(id.to_owned()));
    let source = found.ok_or_else(|| {
        ApiProblem::not_found("There is no such source; /api/v1/sources lists every one.")
    })?;
    let filters = ApiFilters::default();
    let mut probes = Vec::new();
    let request = export_request(context, ApiTable::Status, filters.row_filter());
    let names = report::vantage_names(context.reader, &request)?;
    let own: Vec<_> = context.pairs_of(source).into_iter().cloned().collect();
    let writer = RowWriter::new(ApiTable::Status, context, &filters);
    report::visit_status(&own, &names, &mut |cells| {
        let row = writer.select(cells).unwrap_or_default();
        probes.push(writer.json(&row)?);
        Ok(())
    })?;
    let parts = [("probes", array(&probes)?)];
    let writer = RowWriter::new(ApiTable::Sources, context, &filters);
    let (known, pairs, as_of) = (&context.known, &context.pairs, context.snapshot.as_of);
    let mut made = Ok(Vec::new());
    report::visit_sources([source], known, pairs, as_of, &mut |cells| {
        let row = writer.select(cells).unwrap_or_default();
        made = with_parts(&writer, &row, &parts);
        Ok(())
    })?;
    Ok(ApiBody {
        json: made?,
        ..ApiBody::default()
    })
}

/// `incidents/{id}`: its row, the rows of `incident_phases.csv` as `phases`, and its `story`.
pub fn incident(context: &PageContext<'_>, id: &str) -> Result<ApiBody, ApiFailure> {
    let missing =
        || ApiProblem::not_found("There is no such incident; /api/v1/incidents lists every one.");
    check_part(id)?;
    let number = id.parse::<i64>().ok().filter(|n| n.to_string() == id);
    let number = number.ok_or_else(missing)?;
    let incident = context.reader.incident(number)?.ok_or_else(missing)?;
    if let Some(other) = incident.folded_into {
        return Ok(ApiBody {
            elsewhere: Some(format!("/api/v1/incidents/{other}")),
            ..ApiBody::default()
        });
    }
    let incident = visible(context, incident);
    let filters = ApiFilters::default();
    let writer = RowWriter::new(ApiTable::Incidents, context, &filters);
    let request = export_request(context, ApiTable::Incidents, filters.row_filter());
    let one = std::slice::from_ref(&incident);
    let names = report::vantage_names(context.reader, &request)?;
    let head = IncidentPhaseTable::heading();
    let columns: Vec<&'static str> = head.columns.iter().map(|column| column.name).collect();
    let mut phases = Vec::new();
    for row in report::incident_phase_rows(one, &names) {
        let mut json = Vec::new();
        write_json_row(&mut json, &columns, &IncidentPhaseTable::cells(&row))?;
        phases.push(json);
    }
    let parts = [
        ("phases", array(&phases)?),
        ("story", story(context, &incident)?),
    ];
    let mut made = Ok(Vec::new());
    report::visit_incidents(context.reader, &request, one, &mut |cells| {
        let row = writer.select(cells).unwrap_or_default();
        made = with_parts(&writer, &row, &parts);
        Ok(())
    })?;
    Ok(ApiBody {
        json: made?,
        ..ApiBody::default()
    })
}

/// What happened, oldest first, worded as in mails; null for visitors, since it names people.
fn story(context: &PageContext<'_>, incident: &Incident) -> Result<Part, ApiFailure> {
    if context.is_public_view() {
        return raw(b"null".to_vec());
    }
    let mut lines = Vec::new();
    for (at, text) in context.story_lines(incident) {
        let line = serde_json::json!({ "time_utc": iso(at), "text": text });
        lines.push(line.to_string().into_bytes());
    }
    array(&lines)
}
