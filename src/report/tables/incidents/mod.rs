//! incidents.csv: one row per incident; changes that were folded into a network incident have no
//! row.

use std::collections::{BTreeMap, BTreeSet};

use crate::i18n::mail::texts;
use crate::i18n::summary;
use crate::model::incident::{BrowserResult, HumanCheck, VantagePart};
use crate::model::note::Note;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Catalogue, Incident, IncidentKind, Level, Probe, Source, Time, VantageId};
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct IncidentTable;

impl Tabular for IncidentTable {
    const NAME: &'static str = "incidents";
    type Row<'a> = IncidentRow<'a>;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "incident_id" Number "the number in mails and commands" => |r| Cell::Whole(r.incident.id);
        "source_id" Text "empty for incidents of a vantage or a network" =>
            |r| Cell::maybe(r.incident.source.as_ref(), |s| Cell::text(s.as_str()));
        "name" Text "of the source" => |r| Cell::maybe(r.source, |s| Cell::text(&s.name));
        "name_zh" Text "its Chinese name" =>
            |r| Cell::maybe(r.source.and_then(|s| s.name_zh.as_deref()), Cell::text);
        "group" Text "the group of the source" =>
            |r| Cell::maybe(r.source, |s| Cell::text(&s.group));
        "probe_id" Text "the probe within the source" =>
            |r| Cell::maybe(r.incident.probe.as_ref(), |p| Cell::text(p.probe.as_str()));
        "level" Text "home, search, abstract, fulltext, data or api" =>
            |r| Cell::maybe(r.incident.level, |l| Cell::text(l.as_str()));
        "url" Text "the probe's, as it is now" =>
            |r| Cell::maybe(r.probe, |p| Cell::text(p.target.to_string()));
        "vantages" List "every vantage that took part" =>
            |r| Cell::List(r.vantages().map(|v| r.names.called(v.as_str())).collect());
        "finding" Text "what the vantages' verdicts mean together" =>
            |r| Cell::text(r.incident.finding.as_str());
        "from_code" Text "the baseline" => |r| Cell::text(r.incident.from.as_str());
        "to_code" Text
            "the commonest code over the vantages, as it is now or was last; incident_phases.csv \
             has all" =>
            |r| Cell::text(r.incident.to.as_str());
        "layer" Text "of to_code" => |r| Cell::text(r.incident.to.layer().as_str());
        "locus" Text "of to_code: site, network, vantage, unknown" =>
            |r| Cell::maybe(r.part, |p| Cell::text(p.observed.locus.as_str()));
        "signature" Text "the known page that matched, of to_code" =>
            |r| Cell::maybe(r.part.and_then(|p| p.observed.signature.as_deref()), Cell::text);
        "http_status" Number "of to_code" =>
            |r| Cell::maybe(r.part.and_then(|p| p.observed.http_status), Cell::whole);
        "last_good_utc" Time
            "when the vantage that saw it first last saw it fine; it began between this and \
             first_bad" =>
            |r| Cell::maybe(r.incident.last_good, Cell::Utc);
        "first_bad_utc" Time
            "when it was first seen, by whatever code; each code's own time is in \
             incident_phases.csv" =>
            |r| Cell::Utc(r.incident.first_bad);
        "confirmed_utc" Time "when it was confirmed" => |r| Cell::Utc(r.incident.confirmed);
        "ended_utc" Time "when the last vantage was back; empty while it is open" =>
            |r| Cell::maybe(r.incident.ended, Cell::Utc);
        "ended_beijing" Time "the same, as Beijing's clocks showed it" =>
            |r| Cell::maybe(r.incident.ended, Cell::Beijing);
        "duration_hours" Number
            "from first_bad to the end; of an ongoing one, to the newest pass (as_of_utc of \
             sources.csv)" =>
            |r| Cell::Number(r.hours(), 2);
        "checks" Number "while it lasted" => |r| Cell::whole(r.incident.checks);
        "checks_bad" Number "of these, worse than the baseline" =>
            |r| Cell::whole(r.incident.checks_bad);
        "controls_ok" Text "controls of the vantages that were fine" =>
            |r| Cell::text(r.incident.controls_ok.to_string());
        "still_works" List "sibling probes and levels that were not affected" =>
            |r| Cell::List(r.incident.still_works.clone());
        "evidence" List "measurement_uid of those it rests on; `evidence list` names the WARC record of each" =>
            |r| Cell::List(r.incident.evidence.iter().map(|uid| uid.0.clone()).collect());
        "acknowledged_by" Text "who took note of it" =>
            |r| Cell::maybe(r.incident.acknowledged_by.as_deref(), Cell::text);
        "note" Text "annotations whose days overlap it" => |r| Cell::text(r.note_texts());
        "note_ref" List "their references" =>
            |r| Cell::List(r.notes.iter().filter_map(|n| n.reference.clone()).collect());
        "state" Text "open or ended" =>
            |r| Cell::text(if r.incident.is_open() { "open" } else { "ended" });
        "severity" Number "0 to 6: the gravest while it lasted" =>
            |r| Cell::whole(r.incident.worst_severity(r.now));
        "summary" Text
            "in a sentence: source and probe, each phase in order (what was seen, from when to \
             when), from where" =>
            |r| Cell::text(r.summary());
        "finding_text" Text
            "the finding in words, then the rows that it rests on, parted by ` | `" =>
            |r| Cell::text(r.finding_text());
        "countries" List "of the vantages" => |r| Cell::List(r.countries());
        "planned" YesNo "an announced event covers its beginning" => |r| Cell::Yes(r.is_planned());
        "last_good_beijing" Time "last_good_utc, as Beijing's clocks showed it" =>
            |r| Cell::maybe(r.incident.last_good, Cell::Beijing);
        "first_bad_beijing" Time "first_bad_utc, as Beijing's clocks showed it" =>
            |r| Cell::Beijing(r.incident.first_bad);
        "confirmed_beijing" Time "confirmed_utc, as Beijing's clocks showed it" =>
            |r| Cell::Beijing(r.incident.confirmed);
        "human_check" List "what people saw in a browser: time, result, network" =>
            |r| Cell::List(r.incident.human_checks.iter().map(seen_by_a_person).collect());
    };
}

/// The data that rows need in addition to the incidents.
pub struct IncidentContext<'a> {
    pub catalogue: &'a Catalogue,
    pub notes: &'a [Note],
    /// The countries (ISO 3166) of the configured vantages.
    pub countries: &'a BTreeMap<VantageId, String>,
    /// The time of the export.
    pub now: Time,
    pub names: &'a VantageAliases,
}

/// An incident with related data.
pub struct IncidentRow<'a> {
    incident: &'a Incident,
    source: Option<&'a Source>,
    probe: Option<&'a Probe>,
    /// The first part with the incident's code.
    part: Option<&'a VantagePart>,
    /// Notes whose days overlap the incident.
    notes: Vec<&'a Note>,
    countries: &'a BTreeMap<VantageId, String>,
    names: &'a VantageAliases,
    now: Time,
}

/// The rows of these incidents.
pub fn rows<'a>(
    incidents: &'a [Incident],
    background: &'a IncidentContext<'a>,
) -> impl Iterator<Item = IncidentRow<'a>> + 'a {
    let own = incidents.iter().filter(|i| i.folded_into.is_none());
    own.map(|incident| IncidentRow::new(incident, background))
}

impl<'a> IncidentRow<'a> {
    fn new(incident: &'a Incident, b: &'a IncidentContext<'a>) -> Self {
        let source = incident.source.as_ref();
        let probe = incident.probe.as_ref();
        let notes = b.notes.iter();
        Self {
            incident,
            source: source.and_then(|id| b.catalogue.source(id)),
            probe: probe.and_then(|key| b.catalogue.probe(key)),
            part: incident
                .vantages
                .values()
                .find(|p| p.observed.code == incident.to),
            notes: notes.filter(|n| overlaps(n, incident, b.now)).collect(),
            countries: b.countries,
            names: b.names,
            now: b.now,
        }
    }

    fn vantages(&self) -> impl Iterator<Item = &'a VantageId> + 'a {
        self.incident.vantages.keys()
    }

    fn hours(&self) -> f64 {
        let lasted = self.incident.ended.unwrap_or(self.now) - self.incident.first_bad;
        #[allow(clippy::cast_precision_loss)] // far fewer seconds than 2^53
        let seconds = lasted.num_seconds().max(0) as f64;
        seconds / 3_600.0
    }

    fn note_texts(&self) -> String {
        let texts: Vec<&str> = self.notes.iter().map(|n| n.text.as_str()).collect();
        texts.join(" | ")
    }

    /// `CNKI 中国知网, Dissertation record (cnki/thesis, abstract)`, as far as known.
    fn what(&self) -> String {
        let id = self.incident.source.as_ref();
        let id = id.map_or_else(String::new, |s| s.0.clone());
        let source = self.source.map_or(id, Source::full_name);
        let level = self
            .incident
            .level
            .map(|l: Level| texts(Language::En).level(l));
        match (&self.incident.probe, self.probe, level) {
            (Some(key), Some(probe), Some(level)) => {
                format!("{source}, {} ({key}, {level})", probe.name)
            }
            (Some(key), Some(probe), None) => format!("{source}, {} ({key})", probe.name),
            (Some(key), None, Some(level)) => format!("{source}, {} ({level})", key.probe),
            (Some(key), None, None) => format!("{source}, {}", key.probe),
            (None, _, _) => source,
        }
    }

    /// Neutral: what was observed, from when to when, from where.
    fn summary(&self) -> String {
        let next = self.probe.and_then(Probe::next_level);
        let names = summary::VantageNames {
            called: &|v| self.names.called(v.as_str()),
            are_hidden: self.names.are_hidden(),
        };
        let course = summary::course(self.incident, next, &names);
        match self.incident.kind {
            IncidentKind::Probe => format!("{}: {course}", self.what()),
            _ => course,
        }
    }

    /// The finding in words, and its basis.
    fn finding_text(&self) -> String {
        let next = self.probe.and_then(Probe::next_level);
        let country = |v: &VantageId| self.country(v).unwrap_or_default().to_owned();
        summary::finding(self.incident, next, country, |v| {
            self.names.called(v.as_str())
        })
    }

    /// Countries of the vantages; vantages of OONI's records have it in their name,
    /// `ooni:<CC>:<ASN>`.
    fn countries(&self) -> Vec<String> {
        let all: BTreeSet<&str> = self.vantages().filter_map(|v| self.country(v)).collect();
        all.into_iter().map(str::to_owned).collect()
    }

    fn country(&self, vantage: &'a VantageId) -> Option<&'a str> {
        match self.countries.get(vantage) {
            Some(country) => Some(country.as_str()),
            None => vantage.as_str().strip_prefix("ooni:")?.split(':').next(),
        }
    }

    /// Whether an announced event covers its beginning.
    fn is_planned(&self) -> bool {
        let mut notes = self.notes.iter();
        self.incident.kind == IncidentKind::Probe
            && notes.any(|n| n.planned && covers(n, self.incident.first_bad))
    }
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
