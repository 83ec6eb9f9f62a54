//! The mail of an incident, as it would be composed now.

use crate::alert::MailContext;
use crate::alert::compose::{self, Preview};
use crate::config::Workspace;
use crate::model::Incident;
use crate::store::Store;

use super::clock;
use super::exit::CliError;

/// The incident with this number, or an error that says what to do instead.
pub fn find(store: &Store, id: i64) -> Result<Incident, CliError> {
    store.reader()?.incident(id)?.ok_or_else(|| {
        CliError::Usage(format!(
            "there is no incident #{id}; `accesswatch incidents` lists them"
        ))
    })
}

/// Composes the mail from the store.
pub fn compose(
    workspace: &Workspace,
    store: &Store,
    incident: &Incident,
) -> Result<Preview, CliError> {
    with_context(workspace, store, incident, |context| {
        compose::preview(incident, context)
    })?
    .map_err(|e| CliError::Work(e.to_string()))
}

/// Passes everything that the incident's mail may mention to `work`, from the store.
pub fn with_context<T>(
    workspace: &Workspace,
    store: &Store,
    incident: &Incident,
    work: impl FnOnce(&MailContext<'_>) -> T,
) -> Result<T, CliError> {
    let reader = store.reader()?;
    let tracker = reader.tracker_state()?;
    let notes = reader.notes()?;
    let hashes = reader.body_hashes(&incident.evidence)?;
    let context = MailContext {
        tracker: &tracker,
        outcome: None,
        catalogue: &workspace.catalogue,
        settings: &workspace.settings,
        notes: &notes,
        hashes: &hashes,
        records: &reader.evidence_ids(&incident.evidence)?,
        now: clock::now(&reader)?,
    };
    Ok(work(&context))
}
