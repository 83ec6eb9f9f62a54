//! An incident for programs: the object that the API has at `incidents/{id}`, and its mail.

use serde_json::{Map, Value, json};

use crate::alert::compose;
use crate::config::Workspace;
use crate::model::Incident;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::report::{
    self, Cell, ExportRequest, ExportTable, IncidentPhaseTable, TableFormat, TableHead,
    Tabular as _, VantageAliases, write_json_row,
};
use crate::store::{RowFilter, Store};
use crate::text::clean;

use super::exit::CliError;
use super::incident_report;

/// The most characters of a line of the story, as in the API.
const STORY: usize = 600;

/// The columns of `incidents.csv`, then `phases` (rows of `incident_phases.csv`), `story`,
/// `subject` and `letter`: the mail as it would be composed now.
pub fn object(
    workspace: &Workspace,
    store: &Store,
    incident: &Incident,
) -> Result<Value, CliError> {
    let reader = store.reader()?;
    let request = ExportRequest {
        table: ExportTable::Incidents,
        format: TableFormat::Jsonl,
        filter: RowFilter::default(),
        anonymise: false,
        no_bodies: true,
        catalogue: &workspace.catalogue,
        calendars: &workspace.calendars,
        settings: &workspace.settings,
    };
    let one = std::slice::from_ref(incident);
    let head = ExportTable::Incidents.heading();
    let mut object = Map::new();
    report::visit_incidents(&reader, &request, one, &mut |cells| {
        object = row(&head, cells)?;
        Ok(())
    })
    .map_err(|error| CliError::Work(error.to_string()))?;
    // An incident that was folded into another one has no row of its own.
    object.insert("incident_id".to_owned(), incident.id.into());
    if let Some(other) = incident.folded_into {
        object.insert("folded_into".to_owned(), other.into());
    }
    let head = IncidentPhaseTable::heading();
    let mut phases = Vec::new();
    for phase in report::incident_phase_rows(one, &VantageAliases::unchanged()) {
        let cells = IncidentPhaseTable::cells(&phase);
        let phase = row(&head, &cells).map_err(CliError::io("writing the phases"))?;
        phases.push(Value::Object(phase));
    }
    object.insert("phases".to_owned(), phases.into());
    incident_report::with_context(workspace, store, incident, |context| {
        let events = compose::story_of(context, incident, Language::En);
        let lines = events
            .iter()
            .map(|(at, text)| json!({ "time_utc": iso(*at), "text": clean::line(text, STORY) }));
        object.insert("story".to_owned(), lines.collect());
    })?;
    let mail = incident_report::compose(workspace, store, incident)?;
    object.insert("subject".to_owned(), mail.subject.into());
    object.insert("letter".to_owned(), mail.whole.into());
    Ok(Value::Object(object))
}

fn row(head: &TableHead, cells: &[Cell<'_>]) -> std::io::Result<Map<String, Value>> {
    let names: Vec<&'static str> = head.columns.iter().map(|column| column.name).collect();
    let mut json = Vec::new();
    write_json_row(&mut json, &names, cells)?;
    Ok(serde_json::from_slice(&json)?)
}
