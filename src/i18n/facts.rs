//! Limits and expectations of a probe's file, in a reader's language. What `judge` keeps of them is English, for logs;
//! here the parts that a sentence needs are taken out of it, and what is not understood is named by its value alone.

use super::mail::{Texts, fill};
use super::messages::{WORDS, key};
use crate::model::settings::Language;

/// What a probe's file expects, by its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Select,
    Level,
    Status,
    Host,
    Title,
    TitleNot,
    Contains,
    ContainsNot,
    Type,
    Bytes,
}

impl Expected {
    /// Every key, for tests of the tables.
    pub const ALL: &'static [Expected] = &[
        Expected::Select,
        Expected::Level,
        Expected::Status,
        Expected::Host,
        Expected::Title,
        Expected::TitleNot,
        Expected::Contains,
        Expected::ContainsNot,
        Expected::Type,
        Expected::Bytes,
    ];

    /// The name in the file of texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Expected::Select => "select",
            Expected::Level => "level",
            Expected::Status => "status",
            Expected::Host => "host",
            Expected::Title => "title",
            Expected::TitleNot => "title-not",
            Expected::Contains => "contains",
            Expected::ContainsNot => "contains-not",
            Expected::Type => "type",
            Expected::Bytes => "bytes",
        }
    }

    fn of(key: &str) -> Option<Self> {
        Some(match key.split(' ').next()? {
            "select" => Self::Select,
            "level" => Self::Level,
            "status" => Self::Status,
            "final_host" => Self::Host,
            "title" => Self::Title,
            "title_not" => Self::TitleNot,
            "contains" => Self::Contains,
            "not_contains" => Self::ContainsNot,
            "type" => Self::Type,
            "min_bytes" | "max_bytes" => Self::Bytes,
            _ => return None,
        })
    }
}

/// Keys of what is said of a value that broke its limit.
const AGE: &str = "limit-age";
const EMPTY: &str = "limit-empty";
const LEAST: &str = "limit-least";
const OTHER: &str = "limit-other";

/// Each of them, for tests.
#[cfg(test)]
pub(super) const LIMITS: [&str; 4] = [AGE, EMPTY, LEAST, OTHER];

impl Texts {
    /// What a probe's file calls an expectation.
    #[must_use]
    pub fn expected(&self, expected: Expected) -> &'static str {
        WORDS.text(self.language, &key("expected", expected.as_str()))
    }

    /// Expectations that do not hold, `level fulltext: #pdfDown; select: h1`: their keys in words, their values as the
    /// file has them.
    #[must_use]
    pub fn missed(&self, missed: &str) -> String {
        if self.language == Language::En {
            return missed.to_owned();
        }
        let each = missed.split("; ").map(|one| match one.split_once(": ") {
            Some((key, value)) => match Expected::of(key) {
                Some(known) => format!("{}{}{value}", self.expected(known), self.marks.colon),
                None => value.to_owned(),
            },
            None => one.to_owned(),
        });
        each.collect::<Vec<_>>().join(self.marks.item)
    }

    /// Values beyond their limits, from `value `latest`: the newest date is 2026-10-29, 25 days old; 12 are allowed`.
    #[must_use]
    pub fn limits(&self, limits: &str) -> String {
        if self.language == Language::En {
            return limits.to_owned();
        }
        let each = split(limits).map(|one| self.one_limit(one));
        each.collect::<Vec<_>>().join(self.marks.item)
    }

    fn one_limit(&self, one: &str) -> String {
        let name = one.split('`').nth(1).unwrap_or_default();
        let fact = one.split_once("`: ").map_or(one, |(_, fact)| fact);
        let numbers = numbers(fact);
        let date = newest_date(fact);
        let (key, n, limit) = match (&date, numbers.as_slice()) {
            (Some(_), [.., n, limit]) if fact.contains("old") => (AGE, *n, *limit),
            (None, [n, limit]) if fact.contains('%') && fact.contains("empty") => {
                (EMPTY, *n, *limit)
            }
            (None, [n, limit]) if fact.contains("is below the least of") => (LEAST, *n, *limit),
            _ => (OTHER, "", ""),
        };
        let date = date.unwrap_or_default();
        fill(
            WORDS.template(self.language, key),
            &[("name", name), ("date", &date), ("n", n), ("limit", limit)],
        )
    }
}

/// One fact a value: they are joined as the sentences in them are.
fn split(limits: &str) -> impl Iterator<Item = &str> {
    let mut rest = limits;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (one, more) = rest
            .match_indices("; value `")
            .next()
            .map_or((rest, ""), |(at, _)| (&rest[..at], &rest[at + 2..]));
        rest = more;
        Some(one)
    })
}

/// The numbers of a fact that are no part of a date.
fn numbers(fact: &str) -> Vec<&str> {
    let is_number = |w: &&str| w.parse::<f64>().is_ok();
    fact.split([' ', ',', ';', '%']).filter(is_number).collect()
}

/// The newest date that a fact names, `2026-10-29`.
#[must_use]
pub fn newest_date(fact: &str) -> Option<String> {
    let words = fact.split([' ', ',', ';', '`', '(', ')']);
    let dates = words.filter_map(|w| w.parse::<chrono::NaiveDate>().ok());
    dates.max().map(|day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::mail::texts;
    use super::*;
    use crate::model::settings::Language::{En, Ko, Zh};

    #[test]
    fn limits_are_told_in_the_readers_language() {
        let age = "value `latest`: the newest date is 2026-10-29, 25 days old; 12 are allowed";
        let empty = "value `nulls`: 100 % of the values are empty; 30 % are allowed";
        let both = format!("{age}; {empty}");
        assert_eq!(texts(En).limits(&both), both);
        assert_eq!(
            texts(Zh).limits(&both),
            "latest：最新日期为 2026-10-29，已过 25 天（允许 12 天）；nulls：100% 的数值为空（允许 30%）"
        );
        assert_eq!(
            texts(Ko).limits(empty),
            "nulls: 값의 100%가 비어 있음(허용 30%)"
        );
        assert_eq!(
            texts(Zh).limits(age),
            "latest：最新日期为 2026-10-29，已过 25 天（允许 12 天）"
        );
        let odd = "value `rows`: something new in the world";
        assert_eq!(texts(Ko).limits(odd), "rows: 허용 범위를 벗어남");
        assert_eq!(texts(Zh).limits(odd), "rows：超出允许范围");
    }

    #[test]
    fn expectations_keep_their_values() {
        let missed = "level fulltext: #pdfDown | #cajDown; contains: 摘要: 作者";
        assert_eq!(texts(En).missed(missed), missed);
        assert_eq!(
            texts(Ko).missed(missed),
            "다음 단계의 표지: #pdfDown | #cajDown; 본문: 摘要: 作者"
        );
        assert_eq!(texts(Zh).missed("odd one"), "odd one");
    }

    #[test]
    fn the_newest_of_several_dates() {
        assert_eq!(
            newest_date("value `x`: 2026-01-02, 2026-03-01; 4").as_deref(),
            Some("2026-03-01")
        );
        assert_eq!(newest_date("nothing"), None);
    }
}
