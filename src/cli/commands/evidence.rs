//! `evidence`: list what is kept, show one exchange, make the file to hand on.

use std::collections::{BTreeMap, BTreeSet};
use std::io::BufWriter;
use std::path::Path;

use crate::cli::args::{EvidenceCommand, OutputFormat};
use crate::cli::context::{Context, runtime};
use crate::cli::dates;
use crate::cli::exchange_words;
use crate::cli::exit::{CliError, Done};
use crate::cli::incident_report;
use crate::cli::long_work::LongWork;
use crate::cli::out::{self, OutputTable};
use crate::config::Workspace;
use crate::disk::WholeFile;
use crate::engine::due::named;
use crate::engine::pack::{EvidencePackError, IncidentPack, LinkPack};
use crate::evidence::warc::{Entry, WarcReader};
use crate::model::link::LinkId;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Incident, MeasurementUid, SourceId};
use crate::store::{
    EvidenceExchange, EvidenceFilter, EvidenceRecord, IncidentFilter, Reader, Store, main_record,
};

/// Runs the verb.
pub fn run(context: &Context, command: EvidenceCommand) -> Result<Done, CliError> {
    let (workspace, store) = context.open_read_only()?;
    match command {
        EvidenceCommand::List {
            incident,
            source,
            link,
            since,
            format,
        } => {
            let since = since.as_deref();
            let about = Subject {
                incident,
                source,
                link,
            };
            list(&workspace, &store, about, since, format)
        }
        EvidenceCommand::Show { id } => show(&workspace, &store, &id),
        EvidenceCommand::Pack { id, output, lang } => pack(&workspace, &store, &id, &output, lang),
    }
}

const COLUMNS: [&str; 12] = [
    "time",
    "probe",
    "vantage",
    "code",
    "incidents",
    "measurement_uid",
    "record_id",
    "kind",
    "url",
    "file",
    "offset",
    "bytes",
];

/// What exchanges are listed of.
struct Subject {
    incident: Option<i64>,
    source: Option<String>,
    link: Option<String>,
}

fn list(
    workspace: &Workspace,
    store: &Store,
    about: Subject,
    since: Option<&str>,
    format: Option<OutputFormat>,
) -> Result<Done, CliError> {
    if let Some(id) = &about.source {
        let known = workspace.catalogue.sources.keys().map(SourceId::as_str);
        named("source", id, known)?;
    }
    let reader = store.reader()?;
    let filter = EvidenceFilter {
        source: about.source.map(Into::into),
        link: about.link.map(|id| known_link(store, &id)).transpose()?,
        since: since.map(dates::instant).transpose()?,
        uids: match about.incident {
            Some(id) => Some(uids_of(&reader, &incident_report::find(store, id)?)?),
            None => None,
        },
    };
    let incidents = incidents_by_uid(&reader)?;
    let mut table = OutputTable::new(&COLUMNS);
    for exchange in reader.evidence(&filter)? {
        let Some(main) = main_record(&exchange.records) else {
            continue;
        };
        let about = incidents.get(&exchange.uid).cloned().unwrap_or_default();
        table.push(vec![
            iso(exchange.at),
            exchange.subject(),
            exchange.vantage.to_string(),
            exchange.code.to_string(),
            about.join(" | "),
            exchange.uid.to_string(),
            main.id.clone(),
            main.kind.clone(),
            main.url.clone(),
            main.file.clone(),
            main.offset.to_string(),
            main.length.to_string(),
        ]);
    }
    let wide = || people_table(&table);
    table.print_or(
        format,
        "nothing is kept yet: evidence is written when a status changes",
        wide,
    )?;
    Ok(Done::Ok)
}

/// The link with this id.
fn known_link(store: &Store, id: &str) -> Result<LinkId, CliError> {
    let link: LinkId = id
        .parse()
        .map_err(|error| CliError::Usage(format!("{error}")))?;
    let known = runtime()?.block_on(store.watched_links(vec![link]))?;
    match known.first() {
        Some(link) => Ok(link.id),
        None => Err(CliError::Usage(format!(
            "there is no link {link} in the store of this workspace; `accesswatch links status` lists them"
        ))),
    }
}

/// The table for people, without the places of the records in their files.
fn people_table(table: &OutputTable) -> String {
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| row[..6].to_vec()).collect();
    let width = crate::cli::table::terminal_width();
    crate::cli::table::wrapped(&table.columns[..6], &rows, width)
}

/// What an incident rests on, with the last healthy measurements before it.
fn uids_of(reader: &Reader, incident: &Incident) -> Result<BTreeSet<MeasurementUid>, CliError> {
    let changes = reader.status_changes(&incident.evidence)?;
    let healthy = changes.into_iter().filter_map(|change| change.healthy);
    Ok(incident.evidence.iter().cloned().chain(healthy).collect())
}

fn incidents_by_uid(reader: &Reader) -> Result<BTreeMap<MeasurementUid, Vec<String>>, CliError> {
    let mut found: BTreeMap<MeasurementUid, Vec<String>> = BTreeMap::new();
    for incident in reader.incidents(&IncidentFilter::default())? {
        for uid in uids_of(reader, &incident)? {
            found
                .entry(uid)
                .or_default()
                .push(format!("#{}", incident.id));
        }
    }
    Ok(found)
}

fn show(workspace: &Workspace, store: &Store, id: &str) -> Result<Done, CliError> {
    let reader = store.reader()?;
    let exchange = exchange_of(&reader, id)?;
    let mut entries = Vec::new();
    for record in &exchange.records {
        let held = match &record.refers_to {
            Some(id) => reader.evidence_record(id)?,
            None => None,
        };
        entries.push((
            record.clone(),
            entry(workspace, record)?,
            held.map(|held| entry(workspace, &held)).transpose()?,
        ));
    }
    out::put(&exchange_words::words(&exchange, &entries))?;
    Ok(Done::Ok)
}

/// The exchange that an id names: that of a measurement or of a record.
fn exchange_of(reader: &Reader, id: &str) -> Result<EvidenceExchange, CliError> {
    let bare = id.trim_matches(['<', '>']);
    let record = match bare.strip_prefix("urn:uuid:") {
        Some(_) => bare.to_owned(),
        None => format!("urn:uuid:{bare}"),
    };
    let uid = match reader.evidence_of_record(&record)? {
        Some(uid) => uid,
        None => MeasurementUid(bare.to_owned()),
    };
    let filter = EvidenceFilter {
        uids: Some([uid].into()),
        ..EvidenceFilter::default()
    };
    let found = reader.evidence(&filter)?.pop();
    found.ok_or_else(|| {
        CliError::Usage(format!(
            "no evidence is kept of `{bare}`; `accesswatch evidence list` names what is kept"
        ))
    })
}

fn entry(workspace: &Workspace, record: &EvidenceRecord) -> Result<Entry, CliError> {
    let path = workspace.settings.store.evidence.join(&record.file);
    let what = |error: &dyn std::fmt::Display| {
        CliError::Work(format!(
            "{} at byte {}: {error}; `accesswatch verify` checks the file",
            path.display(),
            record.offset
        ))
    };
    let mut entries = WarcReader::open_at(&path, record.offset).map_err(|e| what(&e))?;
    let read = entries
        .next()
        .ok_or_else(|| what(&"the file ends before it"))?;
    let entry = read.map_err(|e| what(&e))?;
    if entry.id() == record.id {
        Ok(entry)
    } else {
        Err(what(&"another record stands there"))
    }
}

fn pack(
    workspace: &Workspace,
    store: &Store,
    id: &str,
    output: &Path,
    lang: Option<Language>,
) -> Result<Done, CliError> {
    if let Ok(link) = id.parse::<LinkId>() {
        pack_link(workspace, store, link, output, lang)?;
        tell(&format!("link {link}"), output);
        return Ok(Done::Ok);
    }
    let Ok(number) = id.trim_start_matches('#').parse() else {
        return Err(CliError::Usage(format!(
            "`{id}` is neither the number of an incident, such as 12, nor the id of a link, such as L12; `accesswatch incidents` and `accesswatch links status` list them"
        )));
    };
    let incident = incident_report::find(store, number)?;
    write(workspace, &store.reader()?, &incident, output, lang)?;
    tell(&format!("incident #{number}"), output);
    Ok(Done::Ok)
}

fn tell(subject: &str, output: &Path) {
    say!(
        "{} holds what is kept of {subject}; open it in ReplayWeb.page, check it with `accesswatch verify {}`",
        output.display(),
        output.display()
    );
}

/// Writes the pack of a cited link.
fn pack_link(
    workspace: &Workspace,
    store: &Store,
    id: LinkId,
    output: &Path,
    language: Option<Language>,
) -> Result<(), CliError> {
    let runtime = runtime()?;
    let Some((link, citations)) = runtime.block_on(store.link(Some(id.0), None))? else {
        return Err(CliError::Usage(format!(
            "there is no link {id} in the store of this workspace; `accesswatch links status` lists them"
        )));
    };
    let (_, events) = runtime.block_on(store.link_history(id))?;
    let pack = LinkPack {
        workspace,
        reader: &store.reader()?,
        link: &link,
        citations: &citations,
        events: &events,
        language,
        now: chrono::Utc::now(),
    };
    let _work = LongWork::begin("packing evidence");
    write_whole(output, |file| pack.write(file))
}

/// Writes the pack of an incident to a file that is whole or as it was before.
pub fn write(
    workspace: &Workspace,
    reader: &Reader,
    incident: &Incident,
    output: &Path,
    language: Option<Language>,
) -> Result<(), CliError> {
    let pack = IncidentPack {
        workspace,
        reader,
        incident,
        language,
        now: chrono::Utc::now(),
    };
    let _work = LongWork::begin("packing evidence");
    write_whole(output, |file| pack.write(file))
}

/// Gives a file a new content that is whole, or leaves it as it was before.
fn write_whole(
    output: &Path,
    content: impl FnOnce(BufWriter<WholeFile>) -> Result<BufWriter<WholeFile>, EvidencePackError>,
) -> Result<(), CliError> {
    let failed = || CliError::io(format!("cannot write {}", output.display()));
    let file = WholeFile::create(output).map_err(failed())?;
    let written = content(BufWriter::new(file)).map_err(|e| CliError::Work(e.to_string()))?;
    let file = written.into_inner().map_err(|e| failed()(e.into_error()))?;
    file.replace().map_err(failed())
}
