//! The sentences that `links repair` writes into documents.

use chrono::{Datelike as _, NaiveDate};

use super::dates;
use super::messages::{REPAIR, fill};
use crate::model::link::LinkState;
use crate::model::repair::CopyStyle;
use crate::model::settings::Language;

/// Names a copy after a citation, without a full stop.
#[must_use]
pub fn sentence(language: Language, style: CopyStyle, url: &str, day: NaiveDate) -> String {
    let date = match style {
        CopyStyle::Chicago => long(language, day),
        CopyStyle::Robust | CopyStyle::Gbt7714 | CopyStyle::Plain => day.to_string(),
    };
    let template = REPAIR.template(language, &format!("repair-{style}"));
    fill(template, &[("url", url), ("date", &date)])
}

/// A cited link as its reference is repaired.
#[derive(Debug, Clone, Copy)]
pub struct LinkToRepair<'a> {
    pub url: &'a str,
    pub state: LinkState,
    /// The new address of a moved link.
    pub moved_to: Option<&'a str>,
    /// The address of the copy that stands for it, and its day.
    pub copy: Option<(&'a str, NaiveDate)>,
}

impl LinkToRepair<'_> {
    /// The reference to paste: the new address, or the address with the sentence that names the
    /// copy. `None` while nothing needs to be repaired, or nothing is known to cite instead.
    #[must_use]
    pub fn reference(&self, language: Language, style: CopyStyle) -> Option<String> {
        match self.state {
            LinkState::Moved => self.moved_to.map(str::to_owned),
            LinkState::Gone | LinkState::Blocked | LinkState::Drifted => {
                let (copy, day) = self.copy?;
                let sentence = sentence(language, style, copy, day);
                Some(format!("{}, {sentence}", self.url))
            }
            _ => None,
        }
    }
}

/// Names a copy after a link of Markdown.
#[must_use]
pub fn markdown(language: Language, url: &str, day: NaiveDate) -> String {
    let template = REPAIR.template(language, "repair-markdown");
    fill(template, &[("url", url), ("date", &day.to_string())])
}

/// A day as a sentence writes it: `May 8, 2023` in English.
fn long(language: Language, day: NaiveDate) -> String {
    match language {
        Language::En => {
            let name = dates::MONTHS[day.month0() as usize];
            format!("{name} {}, {}", day.day(), day.year())
        }
        Language::Ko | Language::Zh => dates::day(language, day, true),
    }
}

/// The keys, for tests.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    use strum::IntoEnumIterator as _;
    CopyStyle::iter()
        .map(|style| format!("repair-{style}"))
        .chain(["repair-markdown".to_owned()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_has_the_form_of_its_style_and_language() {
        let day = NaiveDate::from_ymd_opt(2023, 5, 9).unwrap();
        let url = "https://c.example/1";
        for (language, style, want) in [
            (
                Language::En,
                CopyStyle::Robust,
                "Archived at https://c.example/1 on 2023-05-09",
            ),
            (
                Language::En,
                CopyStyle::Chicago,
                "Archived May 9, 2023, at https://c.example/1",
            ),
            (
                Language::Zh,
                CopyStyle::Gbt7714,
                "存档：https://c.example/1[2023-05-09]",
            ),
            (
                Language::Ko,
                CopyStyle::Chicago,
                "2023년 5월 9일에 보존된 사본, https://c.example/1",
            ),
        ] {
            assert_eq!(sentence(language, style, url, day), want);
        }
    }
}
