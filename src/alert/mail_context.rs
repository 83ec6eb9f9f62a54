//! Everything that a mail may mention, and the names of things in it.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono_tz::Tz;

use super::when;
use crate::i18n::mail::{Texts, fill, texts};
use crate::i18n::{dates, names, verdict};
use crate::model::event::PassOutcome;
use crate::model::note::Note;
use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::tracker_state::TrackerState;
use crate::model::{
    Catalogue, Code, Incident, Level, MeasurementUid, Observation, Probe, ProbeKey, Settings,
    SourceId, Time, VantageId,
};

use crate::text::clean;

/// The longest name; the rest is cut.
const NAME: usize = 80;

/// The input of composing. The tracker state is as `track` left it.
#[derive(Clone, Copy)]
pub struct MailContext<'a> {
    pub tracker: &'a TrackerState,
    /// What this pass changed. Its incidents are newer than those of the tracker state.
    pub outcome: Option<&'a PassOutcome>,
    pub catalogue: &'a Catalogue,
    pub settings: &'a Settings,
    pub notes: &'a [Note],
    /// SHA-256 (hex) of the evidence, by measurement. A measurement without a hash is named without
    /// one.
    pub hashes: &'a BTreeMap<MeasurementUid, String>,
    /// The WARC records of their answers, by measurement, as far as they are kept.
    pub records: &'a BTreeMap<MeasurementUid, String>,
    pub now: Time,
}

impl<'a> MailContext<'a> {
    /// The words of a language.
    pub(super) fn texts(language: Language) -> &'static Texts {
        texts(language)
    }

    /// The incident with this number, as it is after this pass.
    pub(super) fn incident(&self, id: i64) -> Option<&'a Incident> {
        self.outcome
            .and_then(|o| o.incidents.iter().find(|i| i.id == id))
            .or_else(|| self.tracker.incidents.get(&id))
    }

    /// Every known incident once, by number.
    pub(super) fn incidents(&self) -> impl Iterator<Item = &'a Incident> {
        let fresh = self.outcome.map_or(&[][..], |o| &o.incidents);
        let mut all: BTreeMap<i64, &'a Incident> = self
            .tracker
            .incidents
            .iter()
            .map(|(id, i)| (*id, i))
            .collect();
        all.extend(fresh.iter().map(|i| (i.id, i)));
        all.into_values()
    }

    /// `CNKI 中国知网`; the id when the source is not in the catalogue.
    pub(super) fn source_name(&self, id: &SourceId, texts: &Texts) -> String {
        let name = self.catalogue.source(id).map(|s| s.name_in(texts.language));
        clean::line(name.as_deref().unwrap_or(id.as_str()), NAME)
    }

    /// `CNKI`: the name of the source in the reader's language, for sentences.
    pub(super) fn source_short(&self, id: &SourceId, texts: &Texts) -> String {
        let source = self.catalogue.source(id);
        let name = source.map_or(id.as_str(), |s| s.short_name(texts.language));
        clean::line(name, NAME)
    }

    /// `Dissertation record`.
    pub(super) fn probe_name(&self, key: &ProbeKey, texts: &Texts) -> String {
        let probe = self.catalogue.probe(key);
        let name = probe.map_or(key.probe.as_str(), |p| names::of_probe(texts.language, p));
        clean::line(name, NAME)
    }

    /// `CNKI, Dissertation record`.
    pub(super) fn full_probe_name(&self, key: &ProbeKey, texts: &Texts) -> String {
        let source = self.source_short(&key.source, texts);
        format!(
            "{source}{}{}",
            texts.marks.clause,
            self.probe_name(key, texts)
        )
    }

    /// The time zone of the reader.
    pub(super) fn zone(&self, texts: &Texts) -> Tz {
        when::zone(self.settings, texts.language)
    }

    /// `23 November 02:20`.
    pub(super) fn short(&self, t: Time, texts: &Texts) -> String {
        when::short(t, self.now, self.zone(texts), texts)
    }

    /// `9 November`; with the time when it is less than a day old.
    pub(super) fn since(&self, t: Time, texts: &Texts) -> String {
        when::since(t, self.now, self.zone(texts), texts)
    }

    /// `9 November`.
    pub(super) fn day(&self, t: Time, texts: &Texts) -> String {
        when::day_of(t, self.now, self.zone(texts), texts)
    }

    /// `23 November 2026`.
    pub(super) fn today(&self, texts: &Texts) -> String {
        let today = self.now.with_timezone(&self.zone(texts)).date_naive();
        dates::day(texts.language, today, true)
    }

    /// The time in every zone that matters.
    pub(super) fn time(&self, t: Time, texts: &Texts) -> String {
        when::instant(t, self.zone(texts), texts)
    }

    /// `This computer`.
    pub(super) fn vantage_name(&self, id: &VantageId) -> String {
        let name = self.settings.vantages.iter().find(|v| v.id == *id);
        clean::line(name.map_or(id.as_str(), |v| v.name.as_str()), NAME)
    }

    /// `This computer (US, campus)`.
    pub(super) fn vantage_label(&self, id: &VantageId, texts: &Texts) -> String {
        let Some(vantage) = self.settings.vantages.iter().find(|v| v.id == *id) else {
            return self.vantage_name(id);
        };
        let marks = &texts.marks;
        let place = match vantage.network {
            Some(network) => format!(
                "{}{}{}",
                vantage.country,
                marks.clause,
                texts.network(network)
            ),
            None => vantage.country.clone(),
        };
        marks.remark(&self.vantage_name(id), &place)
    }

    /// What was seen. For `content.withdrawn` it names the missing level, and for a time-out the
    /// limit.
    pub(super) fn seen(&self, code: Code, probe: Option<&ProbeKey>, texts: &Texts) -> String {
        let (next, limit) = self.next_and_limit(probe);
        texts.seen_of(code, next, limit)
    }

    /// What a status rests on, in the words that fit it: a button that is gone and a button that
    /// leads elsewhere have the same code.
    pub(super) fn seen_by(
        &self,
        observed: &Observation,
        probe: Option<&ProbeKey>,
        texts: &Texts,
    ) -> String {
        let (next, limit) = self.next_and_limit(probe);
        texts.seen_as((observed.code, observed.saying), next, limit)
    }

    /// The next level after the probe's, and the time limit of its answer.
    fn next_and_limit(&self, probe: Option<&ProbeKey>) -> (Option<Level>, Option<Duration>) {
        let known = probe.and_then(|key| self.catalogue.probe(key));
        let limit = known.map(|p| p.timeout.unwrap_or(self.settings.politeness.timeout));
        (known.and_then(Probe::next_level), limit)
    }

    /// What is seen, as a sentence without a full stop.
    pub(super) fn tells(&self, code: Code, probe: Option<&ProbeKey>, texts: &Texts) -> String {
        let (next, limit) = self.next_and_limit(probe);
        texts.seen_now(code, next, limit)
    }

    /// What is seen of an incident now, as a sentence without its stop.
    pub(super) fn tells_of(&self, incident: &Incident, texts: &Texts) -> String {
        let (next, limit) = self.next_and_limit(incident.probe.as_ref());
        let seen = (incident.to, incident.saying_of(incident.to));
        texts.seen_as_now(seen, next, limit)
    }

    /// What was seen during an incident, in the words that fit this incident.
    pub(super) fn seen_in(&self, incident: &Incident, code: Code, texts: &Texts) -> String {
        let (next, limit) = self.next_and_limit(incident.probe.as_ref());
        texts.seen_as((code, incident.saying_of(code)), next, limit)
    }

    /// What a vantage sees, in two to four words.
    pub(super) fn brief_of(
        &self,
        observed: &Observation,
        probe: Option<&ProbeKey>,
        texts: &Texts,
    ) -> String {
        let (next, _) = self.next_and_limit(probe);
        match observed.saying {
            Saying::LinkDiverted(own) if observed.code == Code::ContentWithdrawn => {
                let level = texts.next_level(next.unwrap_or(own));
                fill(texts.say.brief_barred, &[("level", level)])
            }
            _ => self.brief(observed.code, probe, texts),
        }
    }

    /// What is seen, in two to four words.
    pub(super) fn brief(&self, code: Code, probe: Option<&ProbeKey>, texts: &Texts) -> String {
        let known = probe.and_then(|key| self.catalogue.probe(key));
        let next = known.and_then(Probe::next_level);
        let template = match (code, next) {
            (Code::ContentWithdrawn, Some(next)) if next != Level::Fulltext => {
                texts.say.brief_level
            }
            (Code::ContentUnproven, Some(_)) => texts.say.brief_unproven,
            _ => return verdict::short_of(texts.language, code, next).to_owned(),
        };
        let level = next.map_or("", |next| texts.next_level(next));
        fill(template, &[("level", level)])
    }

    /// The names of the next level after the probe's and of the probe's own level.
    pub(super) fn levels(&self, probe: Option<&ProbeKey>, texts: &Texts) -> [&'static str; 2] {
        let known = probe.and_then(|key| self.catalogue.probe(key));
        let links = known.map_or(Level::Fulltext, |p| p.level_of_links(Level::Fulltext));
        let next = known.and_then(Probe::next_level).unwrap_or(links);
        let own = known.map_or(Level::Abstract, |p| p.level);
        let own = if next == own {
            texts.page()
        } else {
            texts.level(own)
        };
        [texts.next_level(next), own]
    }
}
