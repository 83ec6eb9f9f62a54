//! The words of mails, in one language; `alert` fills the placeables and puts them in order.

use std::sync::OnceLock;

use super::messages::{LETTERS, WORDS, key};
use crate::model::event::EventKind;
use crate::model::settings::Language;
use crate::model::state::State;
use crate::model::timeline::TimelineKind;
use crate::model::vantage::NetworkClass;
use crate::model::{Code, Finding, Level};

pub use super::messages::{Template, fill};
pub use super::question::ReaderQuestion;
pub use super::tables::{Controls, Marks, Texts};
pub use super::weight::{CatalogueNote, Weight};

/// The texts of a language, read on first use.
#[must_use]
pub fn texts(language: Language) -> &'static Texts {
    static EN: OnceLock<Texts> = OnceLock::new();
    static KO: OnceLock<Texts> = OnceLock::new();
    static ZH: OnceLock<Texts> = OnceLock::new();
    let (texts, tag) = match language {
        Language::En => (&EN, "en"),
        Language::Ko => (&KO, "ko"),
        Language::Zh => (&ZH, "zh-Hans"),
    };
    texts.get_or_init(|| Texts::load(language, tag))
}

impl Texts {
    /// An event, as a line of the digest.
    #[must_use]
    pub fn happened(&self, kind: EventKind) -> Template {
        LETTERS.template(self.language, &key("event", kind.into()))
    }

    /// What was seen, as the end of a sentence: "the connection was refused".
    #[must_use]
    pub fn seen(&self, code: Code) -> &'static str {
        self.word("seen", code.as_str())
    }

    /// What a finding means.
    #[must_use]
    pub fn finding(&self, finding: Finding) -> &'static str {
        self.word("finding", finding.as_str())
    }

    /// What a finding leaves open.
    #[must_use]
    pub fn not_shown(&self, finding: Finding) -> &'static str {
        let id = key("finding", finding.as_str());
        WORDS.text(self.language, &format!("{id}.open"))
    }

    /// What a person should check.
    #[must_use]
    pub fn look(&self, question: ReaderQuestion) -> &'static str {
        LETTERS.text(self.language, &key("look", question.as_str()))
    }

    /// The name of a level in prose.
    #[must_use]
    pub fn level(&self, level: Level) -> &'static str {
        self.word("level", level.as_str())
    }

    /// The name of a page whose files are what readers come for.
    #[must_use]
    pub fn page(&self) -> &'static str {
        self.word("level", "page")
    }

    /// The name of a level as what a page leads to: pages of data lead to files.
    #[must_use]
    pub fn next_level(&self, level: Level) -> &'static str {
        match level {
            Level::Data => self.word("level", "files"),
            level => self.level(level),
        }
    }

    /// The name of a kind of network.
    #[must_use]
    pub fn network(&self, network: NetworkClass) -> &'static str {
        self.word("network", network.as_str())
    }

    /// What readers get, in one or two words.
    #[must_use]
    pub fn state(&self, state: State) -> &'static str {
        self.word("state", state.as_str())
    }

    /// How serious a loss is, and for whom.
    #[must_use]
    pub fn weight(&self, weight: Weight) -> Template {
        LETTERS.template(self.language, &key("weight", weight.as_str()))
    }

    /// What a catalogue may say.
    #[must_use]
    pub fn note(&self, note: CatalogueNote) -> Template {
        LETTERS.template(self.language, &key("note", note.as_str()))
    }

    /// A kind of event in the timeline.
    #[must_use]
    pub fn known(&self, kind: TimelineKind) -> &'static str {
        LETTERS.text(self.language, &key("known", kind.as_str()))
    }

    fn word(&self, kind: &str, name: &str) -> &'static str {
        WORDS.text(self.language, &key(kind, name))
    }
}

/// Every key of `letters.ftl`.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    let named = |kind: &'static str, names: Vec<&'static str>| {
        names.into_iter().map(move |name| key(kind, name))
    };
    let kinds = EventKind::ALL.iter().map(<&str>::from).collect();
    let known = TimelineKind::ALL.iter().map(|(word, _)| *word).collect();
    let weights = Weight::ALL.iter().map(|w| w.as_str()).collect();
    let notes = CatalogueNote::ALL.iter().map(|n| n.as_str()).collect();
    let questions = ReaderQuestion::ALL.iter().map(|q| q.as_str()).collect();
    let fields = super::tables::fields().into_iter();
    fields
        .filter(|field| field.is_letter)
        .map(|field| field.key)
        .chain(named("event", kinds))
        .chain(named("known", known))
        .chain(named("weight", weights))
        .chain(named("note", notes))
        .chain(named("look", questions))
        .collect()
}
