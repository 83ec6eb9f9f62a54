//! Everything a mail may speak of, in one hand, and what things are called in it.

use std::collections::BTreeMap;

use crate::i18n::mail::{Texts, texts};
use crate::model::book::Book;
use crate::model::event::PassOutcome;
use crate::model::note::Note;
use crate::model::settings::Language;
use crate::model::{
    Catalogue, Code, Incident, MeasurementUid, Probe, ProbeKey, Settings, SourceId, Time, VantageId,
};

use crate::text::clean;

/// Longer names than this say no more.
const NAME: usize = 80;

/// What composing reads. The book is as `judge::track` left it.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub book: &'a Book,
    /// What this pass changed; its incidents are newer than the book's.
    pub outcome: Option<&'a PassOutcome>,
    pub catalogue: &'a Catalogue,
    pub settings: &'a Settings,
    pub notes: &'a [Note],
    /// SHA-256 (hex) of the evidence, by measurement; those unknown are named without.
    pub hashes: &'a BTreeMap<MeasurementUid, String>,
    pub now: Time,
}

impl<'a> World<'a> {
    /// The words of a language.
    pub(super) fn texts(language: Language) -> &'static Texts {
        texts(language)
    }

    /// The incident of this number, as it is after this pass.
    pub(super) fn incident(&self, id: i64) -> Option<&'a Incident> {
        self.outcome
            .and_then(|o| o.incidents.iter().find(|i| i.id == id))
            .or_else(|| self.book.incidents.get(&id))
    }

    /// Every known incident, each once, in the order of their numbers.
    pub(super) fn incidents(&self) -> impl Iterator<Item = &'a Incident> {
        let fresh = self.outcome.map_or(&[][..], |o| &o.incidents);
        let mut all: BTreeMap<i64, &'a Incident> =
            self.book.incidents.iter().map(|(id, i)| (*id, i)).collect();
        all.extend(fresh.iter().map(|i| (i.id, i)));
        all.into_values()
    }

    /// `CNKI 中国知网`; the id when the source is gone from the catalogue.
    pub(super) fn source_name(&self, id: &SourceId, texts: &Texts) -> String {
        let name = self.catalogue.source(id).map(|s| s.name_in(texts.language));
        clean::line(name.as_deref().unwrap_or(id.as_str()), NAME)
    }

    /// `Dissertation record`.
    pub(super) fn probe_name(&self, key: &ProbeKey) -> String {
        let name = self.catalogue.probe(key).map(|p| p.name.as_str());
        clean::line(name.unwrap_or(key.probe.as_str()), NAME)
    }

    /// `CNKI 中国知网, Dissertation record`.
    pub(super) fn full_probe_name(&self, key: &ProbeKey, texts: &Texts) -> String {
        let source = self.source_name(&key.source, texts);
        format!("{source}{}{}", texts.marks.clause, self.probe_name(key))
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
                (texts.network)(network)
            ),
            None => vantage.country.clone(),
        };
        marks.remark(&self.vantage_name(id), &place)
    }

    /// What was seen, where `content.withdrawn` names the level that is gone, and a time-out its limit.
    pub(super) fn seen(&self, code: Code, probe: Option<&ProbeKey>, texts: &Texts) -> String {
        let known = probe.and_then(|key| self.catalogue.probe(key));
        let limit = known.map(|p| p.timeout.unwrap_or(self.settings.politeness.timeout));
        texts.seen_of(code, known.and_then(Probe::next_level), limit)
    }
}
