//! incidents.csv: a row for each incident; changes folded into an incident of a network are no row.

use std::collections::{BTreeMap, BTreeSet};

use super::summary;
use crate::i18n::mail::texts;
use crate::i18n::summary as words;
use crate::model::incident::{BrowserResult, HumanCheck, VantagePart};
use crate::model::note::Note;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{
    Catalogue, Incident, IncidentKind, Level, Probe, Source, SourceId, Time, VantageId,
};
use crate::report::anonymise::Names;
use crate::report::cell::{Cell, Column, column};

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column("incident_id", "number", "the number in mails and commands"),
    column(
        "source_id",
        "text",
        "empty for incidents of a vantage or a network",
    ),
    column("name", "text", "of the source"),
    column("name_zh", "text", "its Chinese name"),
    column("group", "text", "the group of the source"),
    column("probe_id", "text", "the probe within the source"),
    column(
        "level",
        "text",
        "home, search, abstract, fulltext, data or api",
    ),
    column("url", "text", "the probe's, as it is now"),
    column("vantages", "list", "every vantage that took part"),
    column(
        "finding",
        "text",
        "what the vantages' verdicts mean together",
    ),
    column("from_code", "text", "the baseline"),
    column(
        "to_code",
        "text",
        "the commonest code over the vantages, as it is now or was last; incident_phases.csv has all",
    ),
    column("layer", "text", "of to_code"),
    column(
        "locus",
        "text",
        "of to_code: site, network, vantage, unknown",
    ),
    column(
        "signature",
        "text",
        "the known page that matched, of to_code",
    ),
    column("http_status", "number", "of to_code"),
    column(
        "last_good_utc",
        "time",
        "when the vantage that saw it first last saw it fine; it began between this and first_bad",
    ),
    column(
        "first_bad_utc",
        "time",
        "when it was first seen, by whatever code; each code's own time is in incident_phases.csv",
    ),
    column("confirmed_utc", "time", "when it was confirmed"),
    column(
        "ended_utc",
        "time",
        "when the last vantage was back; empty while it is open",
    ),
    column(
        "ended_beijing",
        "time",
        "the same, as Beijing's clocks showed it",
    ),
    column(
        "duration_hours",
        "number",
        "from first_bad to the end; of an ongoing one, to the newest pass (as_of_utc of sources.csv)",
    ),
    column("checks", "number", "while it lasted"),
    column("checks_bad", "number", "of these, worse than the baseline"),
    column(
        "controls_ok",
        "text",
        "controls of the vantages that were fine",
    ),
    column(
        "still_works",
        "list",
        "sibling probes and levels that were not affected",
    ),
    column("evidence", "list", "measurement_uid of those it rests on"),
    column("acknowledged_by", "text", "who took note of it"),
    column("note", "text", "annotations whose days overlap it"),
    column("note_ref", "list", "their references"),
    column("state", "text", "open or ended"),
    column("severity", "number", "0 to 6: the gravest while it lasted"),
    column(
        "summary",
        "text",
        "in a sentence: source and probe, each phase in order (what was seen, from when to when), from where",
    ),
    column(
        "finding_text",
        "text",
        "the finding in words, then the rows that it rests on, parted by ` | `",
    ),
    column("countries", "list", "of the vantages"),
    column(
        "planned",
        "yes/no",
        "an announced event covers its beginning",
    ),
    column(
        "last_good_beijing",
        "time",
        "last_good_utc, as Beijing's clocks showed it",
    ),
    column(
        "first_bad_beijing",
        "time",
        "first_bad_utc, as Beijing's clocks showed it",
    ),
    column(
        "confirmed_beijing",
        "time",
        "confirmed_utc, as Beijing's clocks showed it",
    ),
    column(
        "human_check",
        "list",
        "what people saw in a browser: time, result, network",
    ),
];

/// What the rows need beside the incidents.
pub struct Background<'a> {
    pub catalogue: &'a Catalogue,
    pub notes: &'a [Note],
    /// Of the configured vantages, ISO 3166.
    pub countries: &'a BTreeMap<VantageId, String>,
    /// The time of the export.
    pub now: Time,
    pub names: &'a Names,
}

/// The rows of these incidents.
pub fn rows<'a>(
    incidents: &'a [Incident],
    background: &'a Background<'a>,
) -> impl Iterator<Item = Vec<Cell>> + 'a {
    incidents
        .iter()
        .filter(|i| i.folded_into.is_none())
        .map(|i| cells(i, background))
}

fn cells(i: &Incident, b: &Background<'_>) -> Vec<Cell> {
    let mut cells = identity(i, b);
    cells.extend(verdict(i));
    cells.extend(life(i, b.now));
    cells.extend(people(i, b));
    cells
}

/// `incident_id` to `vantages`.
fn identity(i: &Incident, b: &Background<'_>) -> Vec<Cell> {
    let source = source_of(i, b.catalogue);
    let probe = probe_of(i, b.catalogue);
    vec![
        Cell::Whole(i.id),
        Cell::of(i.source.as_ref(), |s| Cell::text(s.as_str())),
        Cell::of(source, |s| Cell::text(s.name.as_str())),
        Cell::of(source.and_then(|s| s.name_zh.as_deref()), Cell::text),
        Cell::of(source, |s| Cell::text(s.group.as_str())),
        Cell::of(i.probe.as_ref(), |p| Cell::text(p.probe.as_str())),
        Cell::of(i.level, |l: Level| Cell::text(l.as_str())),
        Cell::of(probe, |p| Cell::Text(p.target.to_string())),
        Cell::List(i.vantages.keys().map(|v| b.names.of(v.as_str())).collect()),
    ]
}

fn source_of<'a>(i: &Incident, catalogue: &'a Catalogue) -> Option<&'a Source> {
    i.source
        .as_ref()
        .and_then(|id: &SourceId| catalogue.source(id))
}

fn probe_of<'a>(i: &Incident, catalogue: &'a Catalogue) -> Option<&'a Probe> {
    i.probe.as_ref().and_then(|key| catalogue.probe(key))
}

/// `CNKI 中国知网, Dissertation record (cnki/thesis, abstract)`, as far as it is known.
fn of(i: &Incident, catalogue: &Catalogue) -> String {
    let id = i.source.as_ref().map_or_else(String::new, |s| s.0.clone());
    let source = source_of(i, catalogue).map_or(id, Source::full_name);
    let level = i.level.map(|l| (texts(Language::En).level)(l));
    match (&i.probe, probe_of(i, catalogue), level) {
        (Some(key), Some(probe), Some(level)) => {
            format!("{source}, {} ({key}, {level})", probe.name)
        }
        (Some(key), Some(probe), None) => format!("{source}, {} ({key})", probe.name),
        (Some(key), None, Some(level)) => format!("{source}, {} ({level})", key.probe),
        (Some(key), None, None) => format!("{source}, {}", key.probe),
        (None, _, _) => source,
    }
}

/// The finding in words, and the rows that it rests on.
fn finding_text(incident: &Incident, b: &Background<'_>) -> String {
    let next = probe_of(incident, b.catalogue).and_then(Probe::next_level);
    let country = |v: &VantageId| country(v, b).unwrap_or_default().to_owned();
    words::finding(incident, next, country, |v| b.names.of(v.as_str()))
}

/// `finding` to `http_status`.
fn verdict(i: &Incident) -> Vec<Cell> {
    let part = commonest(i);
    vec![
        Cell::text(i.finding.as_str()),
        Cell::text(i.from.as_str()),
        Cell::text(i.to.as_str()),
        Cell::text(i.to.layer().as_str()),
        Cell::of(part, |p| Cell::text(p.observed.locus.as_str())),
        Cell::of(
            part.and_then(|p| p.observed.signature.as_deref()),
            Cell::text,
        ),
        Cell::of(part.and_then(|p| p.observed.http_status), |s| {
            Cell::Whole(s.into())
        }),
    ]
}

/// The first part that has the incident's code.
fn commonest(i: &Incident) -> Option<&VantagePart> {
    let mut parts = i.vantages.values();
    parts.find(|p| p.observed.code == i.to)
}

/// `last_good_utc` to `evidence`.
fn life(i: &Incident, now: Time) -> Vec<Cell> {
    let lasted = i.ended.unwrap_or(now) - i.first_bad;
    #[allow(clippy::cast_precision_loss)] // far fewer seconds than 2^53
    let hours = lasted.num_seconds().max(0) as f64 / 3_600.0;
    vec![
        Cell::of(i.last_good, Cell::Utc),
        Cell::Utc(i.first_bad),
        Cell::Utc(i.confirmed),
        Cell::of(i.ended, Cell::Utc),
        Cell::of(i.ended, Cell::Beijing),
        Cell::Number(hours, 2),
        Cell::Whole(i.checks.into()),
        Cell::Whole(i.checks_bad.into()),
        Cell::text(i.controls_ok.to_string()),
        Cell::List(i.still_works.clone()),
        Cell::List(i.evidence.iter().map(|uid| uid.0.clone()).collect()),
    ]
}

/// `acknowledged_by` to the end.
fn people(i: &Incident, b: &Background<'_>) -> Vec<Cell> {
    let notes: Vec<&Note> = b.notes.iter().filter(|n| overlaps(n, i, b.now)).collect();
    let planned = notes.iter().any(|n| n.planned && covers(n, i.first_bad));
    vec![
        Cell::of(i.acknowledged_by.as_deref(), Cell::text),
        Cell::text(joined(notes.iter().map(|n| n.text.as_str()))),
        Cell::List(notes.iter().filter_map(|n| n.reference.clone()).collect()),
        Cell::text(if i.is_open() { "open" } else { "ended" }),
        Cell::Whole(i.worst_severity(b.now).into()),
        Cell::Text(summary::sentence(
            i,
            &of(i, b.catalogue),
            probe_of(i, b.catalogue).and_then(Probe::next_level),
            b.names,
        )),
        Cell::text(finding_text(i, b)),
        Cell::List(countries(i, b)),
        Cell::Yes(i.kind == IncidentKind::Probe && planned),
        Cell::of(i.last_good, Cell::Beijing),
        Cell::Beijing(i.first_bad),
        Cell::Beijing(i.confirmed),
        Cell::List(i.human_checks.iter().map(seen_by_a_person).collect()),
    ]
}

fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join(" | ")
}

fn overlaps(note: &Note, i: &Incident, now: Time) -> bool {
    i.source.as_ref() == Some(&note.source)
        && note.from <= i.ended.unwrap_or(now).date_naive()
        && note.to.is_none_or(|to| to >= i.first_bad.date_naive())
}

fn covers(note: &Note, t: Time) -> bool {
    let day = t.date_naive();
    note.from <= day && note.to.is_none_or(|to| day <= to)
}

/// Countries of the vantages; those of OONI's records say theirs in the name, `ooni:<CC>:<ASN>`.
fn countries(i: &Incident, b: &Background<'_>) -> Vec<String> {
    let all: BTreeSet<&str> = i.vantages.keys().filter_map(|v| country(v, b)).collect();
    all.into_iter().map(str::to_owned).collect()
}

fn country<'a>(vantage: &'a VantageId, b: &'a Background<'_>) -> Option<&'a str> {
    match b.countries.get(vantage) {
        Some(country) => Some(country.as_str()),
        None => vantage.as_str().strip_prefix("ooni:")?.split(':').next(),
    }
}

fn seen_by_a_person(check: &HumanCheck) -> String {
    let result = match check.browser {
        BrowserResult::Ok => "ok",
        BrowserResult::Refused => "refused",
        BrowserResult::Partial => "partial",
    };
    format!("{} {result} ({})", iso(check.at), check.network)
}

#[cfg(test)]
mod tests;
