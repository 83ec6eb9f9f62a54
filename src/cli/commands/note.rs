//! `note`: dated annotations.

use crate::cli::args::{NoteCommand, OutputFormat};
use crate::cli::clock;
use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exit::{CliError, Done};
use crate::cli::out::OutputTable;
use crate::engine::due::named;
use crate::model::SourceId;
use crate::model::note::Note;

/// Adds or lists notes.
pub fn run(context: &Context, command: NoteCommand) -> Result<Done, CliError> {
    match command {
        NoteCommand::Add {
            source,
            from,
            to,
            text,
            reference,
            planned,
        } => {
            let (workspace, store) = context.open()?;
            let sources = workspace.catalogue.sources.keys();
            named("source", &source, sources.map(SourceId::as_str))?;
            let note = Note {
                id: 0,
                written: Some(clock::now(&store.reader()?)?),
                source: source.into(),
                from: dates::day(&from)?,
                to: to.as_deref().map(dates::day).transpose()?,
                text,
                reference,
                planned,
            };
            if note.to.is_some_and(|to| to < note.from) {
                return Err(CliError::Usage("--to lies before --from".to_owned()));
            }
            let id = runtime()?.block_on(store.add_note(note))?;
            say!("note {id} added");
        }
        NoteCommand::List { format } => list(context, format)?,
    }
    Ok(Done::Ok)
}

fn list(context: &Context, format: Option<OutputFormat>) -> Result<(), CliError> {
    let (workspace, store) = context.open_read_only()?;
    let mut records =
        OutputTable::new(&["id", "source", "from", "to", "text", "reference", "planned"]);
    for note in runtime()?.block_on(store.notes())? {
        records.push(vec![
            note.id.to_string(),
            note.source.to_string(),
            note.from.to_string(),
            note.to.map(|d| d.to_string()).unwrap_or_default(),
            note.text,
            note.reference.unwrap_or_default(),
            if note.planned { "yes" } else { "no" }.to_owned(),
        ]);
    }
    for event in &workspace.catalogue.timeline {
        records.push(vec![
            "timeline".to_owned(),
            event.source.to_string(),
            event.date.to_string(),
            event.date.to_string(),
            event.event.clone(),
            event.reference.clone(),
            "no".to_owned(),
        ]);
    }
    records.print(format, "no notes; `accesswatch note add` makes one")
}
