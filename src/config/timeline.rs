//! `probes/timeline.csv`: known events of the past, checked row by row.

use std::path::{Path, PathBuf};

use super::doc::{DiagnosedFile, problem};
use super::explain::Diagnostic;
use super::table::nearest;
use crate::model::timeline::{TimelineEvent, TimelineKind};
use crate::model::{Catalogue, Probe, SourceId, timeline};

/// Its path in a workspace; a workspace without it has no timeline.
pub(super) const FILE: &str = "probes/timeline.csv";
/// The last one is optional.
const COLUMNS: [&str; 6] = ["date", "source", "event", "kind", "reference", "host"];

/// Reads the file, oldest event first. Leaves out events of sources that the workspace does not
/// watch, and events of another site with the same id.
pub(super) fn load(dir: &Path, catalogue: &Catalogue) -> (Vec<TimelineEvent>, Vec<Diagnostic>) {
    if !dir.join(FILE).exists() {
        return (Vec::new(), Vec::new());
    }
    let doc = DiagnosedFile::read(dir, PathBuf::from(FILE));
    let mut events = rows(&doc);
    events.retain(|(event, host)| is_of(catalogue, &event.source, host));
    let mut events: Vec<TimelineEvent> = events.into_iter().map(|(event, _)| event).collect();
    events.sort_by(|a, b| (a.date, &a.source).cmp(&(b.date, &b.source)));
    (events, doc.finish())
}

/// Whether the source with this id is at the host or below it; always true when no host is named.
fn is_of(catalogue: &Catalogue, id: &SourceId, host: &str) -> bool {
    let Some(source) = catalogue.source(id) else {
        return false;
    };
    let homepage = source
        .homepage
        .as_deref()
        .and_then(|h| url::Url::parse(h).ok());
    let homepage = homepage.as_ref().and_then(url::Url::host_str);
    let mut hosts = homepage
        .into_iter()
        .chain(catalogue.probes_of(id).filter_map(Probe::host));
    let is_below =
        |own: &str| own == host || own.strip_suffix(host).is_some_and(|l| l.ends_with('.'));
    host.is_empty() || hosts.any(is_below)
}

fn rows(doc: &DiagnosedFile) -> Vec<(TimelineEvent, String)> {
    let text = doc.text.trim_start_matches('\u{feff}');
    let skipped = doc.text.len() - text.len();
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let header: Vec<&str> = header.iter().map(str::trim).collect();
    if header != COLUMNS && header != COLUMNS[..5] {
        let help = format!("the first line is {}", COLUMNS.join(","));
        doc.fault(
            0..0,
            problem("these are not the columns of a timeline", help),
        );
        return Vec::new();
    }
    let mut events = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let at = skipped + usize::try_from(reader.position().byte()).unwrap_or_default();
        match reader.read_record(&mut record) {
            Ok(true) => events.extend(event(doc, at, &record)),
            Ok(false) => return events,
            Err(e) => doc.fault(
                at..at,
                problem(
                    format!("not CSV: {e}"),
                    "put a field that holds commas in double quotes",
                ),
            ),
        }
    }
}

fn event(
    doc: &DiagnosedFile,
    at: usize,
    record: &csv::StringRecord,
) -> Option<(TimelineEvent, String)> {
    let field = |n: usize| record.get(n).unwrap_or_default().trim();
    let fault = |message: String, help: &str| {
        doc.fault(at..at, problem(message, help));
        None
    };
    let Ok(date) = field(0).parse() else {
        return fault(format!("`{}` is not a day", field(0)), "write 2023-04-01");
    };
    if field(1).is_empty() || field(2).is_empty() {
        return fault(
            "a row names its source and what happened".to_owned(),
            "fill in `source` and `event`",
        );
    }
    let words = timeline::TimelineKind::ALL.map(|(word, _)| word);
    let kind = TimelineKind::ALL.iter().find(|(word, _)| *word == field(3));
    let Some((_, kind)) = kind else {
        let help = match nearest(field(3), words) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", words.join(", ")),
        };
        return fault(format!("`{}` is not a kind of event", field(3)), &help);
    };
    let event = TimelineEvent {
        date,
        source: field(1).into(),
        event: field(2).trim_end_matches('.').to_owned(),
        kind: *kind,
        reference: field(4).to_owned(),
    };
    Some((event, field(5).to_ascii_lowercase()))
}
