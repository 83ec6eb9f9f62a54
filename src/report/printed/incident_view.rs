//! An incident in a report: what was seen from when to when, from where, and what it rests on.

use std::collections::BTreeMap;

use super::period::ReportPeriod;
use super::words::{ReportWords, StateWord};
use crate::i18n::report::ReportText as R;
use crate::i18n::{mail, weight};
use crate::model::note::Note;
use crate::model::state::State;
use crate::model::{Catalogue, Incident, IncidentKind, MeasurementUid, Probe, Time};
use crate::text::clean;
use crate::track::state::UnknownReason;

/// One incident.
pub struct IncidentView {
    pub title: String,
    pub state: StateWord,
    pub lasted: String,
    pub phases: Vec<String>,
    pub finding: String,
    pub open_question: &'static str,
    /// What else is known, a sentence each.
    pub lines: Vec<String>,
    /// Each measurement, and the record that it is kept as.
    pub evidence: Vec<(String, Option<String>)>,
}

/// What incidents are shown with.
pub struct IncidentViews<'a> {
    pub words: ReportWords<'a>,
    pub catalogue: &'a Catalogue,
    pub period: &'a ReportPeriod,
    pub notes: &'a [Note],
    pub evidence: &'a BTreeMap<MeasurementUid, String>,
}

impl IncidentViews<'_> {
    /// Shows one.
    #[must_use]
    pub fn view(&self, incident: &Incident) -> IncidentView {
        let next = self.probe(incident).and_then(Probe::next_level);
        let number = [("id", incident.id.to_string())];
        let number = number.each_ref().map(|(name, id)| (*name, id.as_str()));
        let report = crate::i18n::pages::PageText::ReportLink.fill(self.words.language, &number);
        let evidence = incident.evidence.iter().map(|uid| {
            let record = self
                .evidence
                .get(uid)
                .map(|id| self.words.fill(R::EvidenceRecord, &[("record", id)]));
            let uid = clean::line(uid.as_str(), 80);
            (self.words.fill(R::EvidenceLine, &[("uid", &uid)]), record)
        });
        IncidentView {
            title: format!(
                "{report}{}{}",
                self.words.texts.marks.colon,
                self.about(incident)
            ),
            state: self.state(incident),
            lasted: self.lasted(incident),
            phases: incident
                .phases_together()
                .iter()
                .filter(|phase| phase.from < self.period.end)
                .map(|phase| {
                    let seen = self.words.texts.seen_of(phase.code, next, None);
                    self.span(&seen, phase.from, phase.to.or(incident.ended))
                })
                .collect(),
            finding: self.words.sentence(self.words.texts.finding_of(incident)),
            open_question: self.words.texts.not_shown(incident.finding),
            lines: self.lines(incident),
            evidence: evidence.collect(),
        }
    }

    fn probe(&self, incident: &Incident) -> Option<&Probe> {
        self.catalogue.probe(incident.probe.as_ref()?)
    }

    /// The source and its page, or the vantage.
    fn about(&self, incident: &Incident) -> String {
        let Some(source) = &incident.source else {
            let names: Vec<String> = incident
                .vantages
                .keys()
                .map(|v| self.words.vantage(v))
                .collect();
            let names = self.words.list(&names);
            let end = self.words.say(R::IncidentOwnEnd);
            return self.words.texts.marks.remark(&names, end);
        };
        let source = self.words.source_called(source);
        match &incident.probe {
            Some(key) => {
                let clause = self.words.texts.marks.clause;
                format!("{source}{clause}{}", self.words.probe(key))
            }
            None => source,
        }
    }

    /// The state at the end of the period.
    fn state(&self, incident: &Incident) -> StateWord {
        let is_over = incident.ended.is_some_and(|at| at <= self.period.end);
        match (incident.kind, is_over) {
            (IncidentKind::Probe, false) => self
                .words
                .state(weight::state(incident.to, incident.finding), None),
            (IncidentKind::Probe, true) => self.words.state(weight::state_of(incident), None),
            (_, false) => self
                .words
                .state(State::Unknown, Some(UnknownReason::OwnEnd)),
            (_, true) => self.words.state(State::Open, None),
        }
    }

    fn lasted(&self, incident: &Incident) -> String {
        let from = self.words.moment_and_beijing(incident.first_bad);
        let Some(ended) = incident.ended else {
            return self.words.fill(R::IncidentOngoing, &[("from", &from)]);
        };
        let to = self.words.moment_and_beijing(ended);
        let text = if ended > self.period.end {
            R::IncidentLater
        } else {
            R::IncidentLasted
        };
        self.words.fill(text, &[("from", &from), ("to", &to)])
    }

    fn span(&self, seen: &str, from: Time, to: Option<Time>) -> String {
        let from = self.words.moment(from);
        match to {
            Some(to) => {
                let to = self.words.moment(to);
                let values = [("seen", seen), ("from", &*from), ("to", &*to)];
                self.words.fill(R::PhaseSpan, &values)
            }
            None => self
                .words
                .fill(R::PhaseSince, &[("seen", seen), ("from", &from)]),
        }
    }

    fn lines(&self, incident: &Incident) -> Vec<String> {
        let places: Vec<String> = incident
            .vantages
            .keys()
            .map(|v| self.words.vantage(v))
            .collect();
        let mut lines = Vec::new();
        if incident.source.is_some() {
            let places = self.words.list(&places);
            lines.push(self.words.fill(R::IncidentPlaces, &[("places", &places)]));
        }
        if !incident.still_works.is_empty() {
            let works: Vec<String> = incident
                .still_works
                .iter()
                .map(|text| clean::line(text, 120))
                .collect();
            let what = self.words.list(&works);
            lines.push(self.words.fill(R::IncidentWorks, &[("what", &what)]));
        }
        let (bad, total) = (incident.checks_bad.to_string(), incident.checks.to_string());
        let values = [("bad", bad.as_str()), ("total", total.as_str())];
        let checks = mail::fill(self.words.texts.say.checks, &values);
        let label = self.words.texts.label.checks;
        lines.push(format!("{label}{}{checks}", self.words.texts.marks.colon));
        if self.is_planned(incident) {
            lines.push(self.words.say(R::IncidentPlanned).to_owned());
        }
        lines.extend(self.own_facts(incident));
        for check in incident
            .human_checks
            .iter()
            .filter(|c| c.at < self.period.end)
        {
            let day = self.words.day(check.at.date_naive());
            let result = clean::line(&check.line(), 300);
            let values = [("day", day.as_str()), ("result", result.as_str())];
            lines.push(self.words.fill(R::IncidentPerson, &values));
        }
        lines
    }

    /// What the library wrote about the source for its own readers, as letters have it.
    fn own_facts(&self, incident: &Incident) -> Vec<String> {
        let id = incident.source.as_ref();
        let Some(source) = id.and_then(|id| self.catalogue.source(id)) else {
            return Vec::new();
        };
        let (texts, marks) = (self.words.texts, &self.words.texts.marks);
        let label = &texts.label;
        let facts = [
            (label.licence, source.licence_until.clone()),
            (label.vendor, source.vendor_contact.clone()),
            (
                label.catalogue_ids,
                Some(source.catalogue_ids.join(marks.list)),
            ),
            (
                label.alternatives,
                Some(source.alternatives.join(marks.item)),
            ),
        ];
        let facts = facts
            .into_iter()
            .filter_map(|(label, value)| Some((label, value.filter(|v| !v.is_empty())?)))
            .map(|(label, value)| format!("{label}{}{}", marks.colon, clean::line(&value, 300)));
        let note = source.catalogue_note.as_deref();
        let note = note.map(|note| {
            let note = clean::line(note, 300);
            mail::fill(texts.say.note_own, &[("note", note.as_str())])
        });
        facts.chain(note).collect()
    }

    fn is_planned(&self, incident: &Incident) -> bool {
        let day = incident.first_bad.date_naive();
        self.notes.iter().any(|note| {
            note.planned
                && incident.source.as_ref() == Some(&note.source)
                && note.from <= day
                && note.to.is_none_or(|to| day <= to)
        })
    }
}
