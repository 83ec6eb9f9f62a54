//! What things are called in a report, in its language.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::request::ReportRequest;
use crate::i18n::mail::{Texts, texts};
use crate::i18n::pages::{PageText, country};
use crate::i18n::report::ReportText;
use crate::i18n::{dates, names};
use crate::model::settings::Language;
use crate::model::state::State;
use crate::model::time::BEIJING;
use crate::model::{Catalogue, ProbeKey, Settings, Source, SourceId, Time, VantageId};
use crate::text::clean;
use crate::track::state::UnknownReason;

/// Longer names than this say no more.
const NAME: usize = 80;

/// A state as a word and a shape.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateWord {
    pub class: &'static str,
    pub word: String,
}

/// The words of a report.
#[derive(Clone, Copy)]
pub struct ReportWords<'a> {
    pub language: Language,
    pub texts: &'static Texts,
    zone: Tz,
    catalogue: &'a Catalogue,
    settings: &'a Settings,
}

impl<'a> ReportWords<'a> {
    /// The words in the language of the request.
    #[must_use]
    pub fn new(request: &ReportRequest<'a>) -> Self {
        Self {
            language: request.language,
            texts: texts(request.language),
            zone: request.zone,
            catalogue: request.catalogue,
            settings: request.settings,
        }
    }

    /// A text without placeables.
    #[must_use]
    pub fn say(&self, text: ReportText) -> &'static str {
        text.text(self.language)
    }

    /// A text whose back-quoted parts are typed: each part, and whether it is.
    #[must_use]
    pub fn coded(&self, text: ReportText) -> Vec<(&'static str, bool)> {
        let parts = self.say(text).split('`').enumerate();
        parts.map(|(at, part)| (part, at % 2 == 1)).collect()
    }

    /// A text of the pages.
    #[must_use]
    pub fn page(&self, text: PageText) -> &'static str {
        text.text(self.language)
    }

    /// A text with its placeables filled.
    #[must_use]
    pub fn fill(&self, text: ReportText, values: &[(&str, &str)]) -> String {
        text.fill(self.language, values)
    }

    /// A clause as a sentence.
    #[must_use]
    pub fn sentence(&self, clause: &str) -> String {
        let mut rest = clause.chars();
        let capital: String = match rest.next() {
            Some(first) => first.to_uppercase().chain(rest).collect(),
            None => return String::new(),
        };
        let stop = match self.language {
            Language::En | Language::Ko => '.',
            Language::Zh => '。',
        };
        format!("{capital}{stop}")
    }

    /// A list of names.
    #[must_use]
    pub fn list(&self, names: &[String]) -> String {
        names.join(self.texts.marks.list)
    }

    /// The name of a source.
    #[must_use]
    pub fn source(&self, source: &Source) -> String {
        named(source.short_name(self.language))
    }

    /// The name of a source by its id; the id where it was removed.
    #[must_use]
    pub fn source_called(&self, id: &SourceId) -> String {
        let source = self.catalogue.source(id);
        source.map_or_else(|| named(id.as_str()), |source| self.source(source))
    }

    /// The name of a probe by its key.
    #[must_use]
    pub fn probe(&self, key: &ProbeKey) -> String {
        match self.catalogue.probe(key) {
            Some(probe) => named(names::of_probe(self.language, probe)),
            None => named(key.probe.as_str()),
        }
    }

    /// The name of a vantage.
    #[must_use]
    pub fn vantage(&self, id: &VantageId) -> String {
        let vantage = self.settings.vantages.iter().find(|v| v.id == *id);
        named(vantage.map_or(id.as_str(), |v| v.name.as_str()))
    }

    /// The country of a vantage, where it is stated.
    #[must_use]
    pub fn place(&self, id: &VantageId) -> String {
        let vantage = self.settings.vantages.iter().find(|v| v.id == *id);
        vantage.map_or_else(String::new, |v| named(country(self.language, &v.country)))
    }

    /// A state with its reason.
    #[must_use]
    pub fn state(&self, state: State, reason: Option<UnknownReason>) -> StateWord {
        if state == State::Unknown && reason == Some(UnknownReason::OwnEnd) {
            return StateWord {
                class: "own-end",
                word: self.page(PageText::OwnEndWord).to_owned(),
            };
        }
        StateWord {
            class: state.as_str(),
            word: self.texts.state(state).to_owned(),
        }
    }

    /// The state of something that may not be watched.
    #[must_use]
    pub fn state_or_none(&self, state: Option<State>, reason: Option<UnknownReason>) -> StateWord {
        match state {
            Some(state) => self.state(state, reason),
            None => StateWord {
                class: "none",
                word: self.page(PageText::NotWatchedWord).to_owned(),
            },
        }
    }

    /// `13 March 2026`.
    #[must_use]
    pub fn day(&self, day: NaiveDate) -> String {
        dates::day(self.language, day, true)
    }

    /// `13 March 2026 21:00 Berlin time`.
    #[must_use]
    pub fn moment(&self, t: Time) -> String {
        self.in_zone(t, self.zone)
    }

    /// The same with Beijing time after it, where that is another.
    #[must_use]
    pub fn moment_and_beijing(&self, t: Time) -> String {
        let own = self.moment(t);
        let (here, there) = (t.with_timezone(&self.zone), t.with_timezone(&BEIJING));
        if here.naive_local() == there.naive_local() {
            return own;
        }
        self.texts.marks.remark(&own, &self.in_zone(t, BEIJING))
    }

    fn in_zone(&self, t: Time, zone: Tz) -> String {
        let clock = dates::day_and_time(self.language, t, zone, true);
        let name = dates::zone(self.language, t, zone);
        match self.language {
            Language::En => format!("{clock} {name}"),
            Language::Ko | Language::Zh => format!("{name} {clock}"),
        }
    }

    /// A percentage: a figure after the point where it is not whole; a dash where there is none.
    #[must_use]
    pub fn percent(&self, percent: Option<f64>) -> String {
        let Some(percent) = percent else {
            return "–".to_owned();
        };
        self.fill(ReportText::Percent, &[("n", &rounded(percent))])
    }
}

/// A name from a configuration.
pub fn named(text: &str) -> String {
    clean::line(text, NAME)
}

/// `88` or `87.5`. What is not whole is never rounded to 0 or 100.
pub fn rounded(percent: f64) -> String {
    let inside = percent > 0.0 && percent < 100.0;
    let shown = if inside {
        percent.clamp(0.1, 99.9)
    } else {
        percent
    };
    let text = format!("{shown:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn almost_all_is_not_all() {
        let all = [100.0, 99.99, 87.5, 88.0, 0.01, 0.0].map(rounded);
        assert_eq!(all, ["100", "99.9", "87.5", "88", "0.1", "0"]);
    }
}
