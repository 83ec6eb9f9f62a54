//! The suggested notes for the library's catalogue, in every language.

use super::context::PageContext;
use crate::i18n::mail::{CatalogueNote, fill, texts};
use crate::i18n::{dates, names};
use crate::model::settings::Language;
use crate::model::{Incident, Level, Source};
use crate::text::clean;

/// A note, and its language where it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteView {
    pub tag: &'static str,
    pub text: String,
}

impl PageContext<'_> {
    /// The notes of each ongoing incident, and the library's own wording.
    pub fn catalogue_notes(&self, source: &Source) -> Vec<NoteView> {
        let mut notes: Vec<NoteView> = self
            .ongoing(source)
            .flat_map(|incident| self.catalogue_note(incident))
            .collect();
        notes.dedup();
        if !notes.is_empty() {
            notes.extend(source.catalogue_note.as_deref().map(|own| NoteView {
                tag: "",
                text: clean::line(own, 300),
            }));
        }
        notes
    }

    /// The suggested note of an incident with its day: in the reader's language first.
    pub fn catalogue_note(&self, incident: &Incident) -> Vec<NoteView> {
        let own = self.language();
        let others = [Language::En, Language::Ko, Language::Zh];
        let others = others.into_iter().filter(|other| *other != own);
        let all = std::iter::once(own).chain(others);
        all.filter_map(|language| self.note_in(language, incident))
            .collect()
    }

    fn note_in(&self, language: Language, incident: &Incident) -> Option<NoteView> {
        let lasts = self.now - incident.first_bad >= chrono::TimeDelta::days(1);
        let note = CatalogueNote::of_incident(incident, lasts)?;
        let key = incident.probe.as_ref()?;
        let probe = self.catalogue().probe(key)?;
        let source = self.catalogue().source(&key.source)?;
        let next = probe.next_level().unwrap_or(Level::Fulltext);
        let words = texts(language);
        let text = fill(
            words.note(note),
            &[
                ("source", &clean::line(source.short_name(language), 80)),
                ("probe", &clean::line(names::of_probe(language, probe), 80)),
                ("level", words.level(next)),
                ("here", words.level(probe.level)),
            ],
        );
        let day = incident.first_bad.with_timezone(&self.zone).date_naive();
        let day = dates::day(language, day, true);
        let values = [("note", text.as_str()), ("day", day.as_str())];
        Some(NoteView {
            tag: words.tag,
            text: fill(words.say.note_day, &values),
        })
    }
}
