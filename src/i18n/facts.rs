//! Facts in a reader's language, from their keys and parameters (`locales/*/facts.ftl`).

use std::borrow::Cow;

use serde_json::Value;

use super::evidence;
use super::mail::{self, Texts};
use super::messages::{self, FACTS, WORDS, fill};
use crate::model::Fact;
use crate::model::expect::{ExpectKey, Expectation};
use crate::model::fact::{Age, DayCount};
use crate::model::settings::Language;

/// One fact in words.
#[must_use]
pub fn fact(language: Language, fact: &Fact) -> String {
    match fact {
        Fact::Text { text } => text.clone(),
        Fact::Discriminator { said } => evidence::said(language, said),
        _ => {
            let gaps = gaps(language, fact);
            let gaps: Vec<(&str, &str)> = gaps.iter().map(|(n, v)| (&**n, &**v)).collect();
            let key = messages::key("fact", &key(fact));
            fill(FACTS.template(language, &key), &gaps)
        }
    }
}

/// The key of a fact's row: the fact's own, followed by its variant if there are several.
fn key(fact: &Fact) -> Cow<'static, str> {
    let plain = match fact {
        Fact::LookUp { failure: None, .. } => "look_up-no_address",
        Fact::ForgedAnswer {
            signature: Some(_), ..
        } => "forged_answer-signature",
        Fact::HandshakeFailed {
            detail: Some(_), ..
        } => "handshake_failed-detail",
        Fact::Certificate { until: None, .. } => "certificate-unknown_day",
        Fact::AnswerTooLong { bytes: None, .. } => "answer_too_long-unknown",
        Fact::LedInside {
            address: Some(_), ..
        } => "led_inside-address",
        Fact::LedOn {
            fields, followed, ..
        } => match (followed, fields) {
            (true, None) => "led_on",
            (true, Some(_)) => "led_on-posted",
            (false, None) => "led_on-not_followed",
            (false, Some(_)) => "led_on-not_followed_posted",
        },
        Fact::AllHold { expectations: 1 } => "all_hold-one",
        Fact::ValueFrozen { age: Some(_), .. } => "value_frozen-counted",
        Fact::SaysNotFound { whereabouts, .. } => return joined("says_not_found", whereabouts),
        Fact::TextAlike { page, .. } => return joined("text_alike", page),
        Fact::LinkDiverted { state, .. } => return joined("way_barred", state),
        Fact::ValueUnreadable { kind, .. } => return joined("value_unreadable", kind),
        _ => return Cow::Owned(parts(fact).0),
    };
    Cow::Borrowed(plain)
}

/// `family-member`, where the member is a parameter as in JSON.
fn joined(family: &str, member: &impl serde::Serialize) -> Cow<'static, str> {
    let member = serde_json::to_value(member).unwrap_or_default();
    Cow::Owned(format!("{family}-{}", member.as_str().unwrap_or_default()))
}

/// A fact's key and parameters, as in JSON.
fn parts(fact: &Fact) -> (String, serde_json::Map<String, Value>) {
    let Ok(Value::Object(mut parts)) = serde_json::to_value(fact) else {
        return (String::new(), serde_json::Map::new());
    };
    let key = parts.remove("key");
    let key = key.as_ref().and_then(Value::as_str).unwrap_or_default();
    let args = match parts.remove("args") {
        Some(Value::Object(args)) => args,
        _ => serde_json::Map::new(),
    };
    (key.to_owned(), args)
}

/// The values for the placeables of a fact's row: its parameters, with worded ones in words.
fn gaps(language: Language, fact: &Fact) -> Vec<(String, String)> {
    let (_, args) = parts(fact);
    let text = |(name, value): (String, Value)| {
        let text = match &value {
            Value::String(member) if WORDED.contains(&name.as_str()) => FACTS
                .text(language, &messages::key(&name, member))
                .to_owned(),
            value => plain(value),
        };
        (name, text)
    };
    let mut gaps: Vec<(String, String)> = args.into_iter().map(text).collect();
    let worded = match fact {
        Fact::ValueOld { age, .. } | Fact::ValueFrozen { age: Some(age), .. } => {
            Some(("age", aged(language, age)))
        }
        Fact::NotHeld { expectation } => Some(("expectation", expected(language, expectation))),
        _ => None,
    };
    if let Some((name, text)) = worded {
        gaps.retain(|(known, _)| known != name);
        gaps.push((name.to_owned(), text));
    }
    gaps
}

/// Parameters whose values have their own rows.
const WORDED: [&str; 4] = ["spot", "way", "what", "script"];

/// A parameter as text: lists are joined, and whole numbers have no fraction.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join("; "),
        Value::Number(number) => match number.as_f64() {
            Some(fraction) if number.is_f64() => fraction.to_string(),
            _ => number.to_string(),
        },
        Value::Object(_) | Value::Bool(_) | Value::Null => String::new(),
    }
}

fn aged(language: Language, age: &Age) -> String {
    let days = age.days.to_string();
    let DayCount::Calendar {
        calendar,
        closed,
        estimated,
        uncovered,
    } = &age.counted
    else {
        let is_days = age.counted == DayCount::Days;
        let key = if is_days { "age-days" } else { "age-weekdays" };
        return fill(FACTS.template(language, key), &[("days", &days)]);
    };
    let key = match (*closed > 0, *estimated > 0, *uncovered > 0) {
        (false, _, false) => "age-calendar",
        (true, false, false) => "age-calendar-closed",
        (true, true, false) => "age-calendar-estimated",
        (false, _, true) => "age-calendar-uncovered",
        (true, false, true) => "age-calendar-closed-uncovered",
        (true, true, true) => "age-calendar-estimated-uncovered",
    };
    let [closed, estimated, uncovered] = [closed, estimated, uncovered].map(i64::to_string);
    fill(
        FACTS.template(language, key),
        &[
            ("days", &days),
            ("calendar", calendar),
            ("closed", &closed),
            ("estimated", &estimated),
            ("uncovered", &uncovered),
        ],
    )
}

/// An expectation: in English as in the probe's file, otherwise with its key in words.
#[must_use]
pub fn expected(language: Language, expectation: &Expectation) -> String {
    if language == Language::En || expectation.key == ExpectKey::Unknown {
        return expectation.to_string();
    }
    let texts = mail::texts(language);
    let key = WORDS.text(
        language,
        &messages::key("expected", name_of(expectation.key)),
    );
    format!("{key}{}{}", texts.marks.colon, expectation.value)
}

/// The name of a kind of expectation in `words.ftl`.
pub(super) fn name_of(key: ExpectKey) -> &'static str {
    match key {
        ExpectKey::Select => "select",
        ExpectKey::Level(_) => "level",
        ExpectKey::Status => "status",
        ExpectKey::FinalHost => "host",
        ExpectKey::Title => "title",
        ExpectKey::TitleNot => "title-not",
        ExpectKey::Contains => "contains",
        ExpectKey::NotContains => "contains-not",
        ExpectKey::Type => "type",
        ExpectKey::MinBytes | ExpectKey::MaxBytes => "bytes",
        ExpectKey::Unknown => "unknown",
    }
}

/// Every key of the file.
#[cfg(test)]
pub(super) fn keys() -> Vec<String> {
    /// Kinds without a row in this file, or with one row per variant.
    const WITHOUT: [&str; 6] = [
        "way_barred",
        "text",
        "discriminator",
        "says_not_found",
        "text_alike",
        "value_unreadable",
    ];
    const FORMS: &str = "look_up-no_address forged_answer-signature handshake_failed-detail \
        certificate-unknown_day answer_too_long-unknown led_inside-address led_on-posted \
        led_on-not_followed led_on-not_followed_posted all_hold-one value_frozen-counted \
        says_not_found-whole_title says_not_found-whole_part says_not_found-title \
        says_not_found-part says_not_found-heading says_not_found-page text_alike-stranger \
        text_alike-home text_alike-healthy way_barred-shut way_barred-leads way_barred-runs \
        way_barred-nowhere value_unreadable-date value_unreadable-number";
    const WORDS: &str = "spot-url spot-redirect spot-header spot-cookie spot-title spot-heading \
        spot-text spot-source way-header way-meta way-script way-form way-frame what-content \
        script-han script-hangul script-kana script-latin script-cyrillic \
        what-value age-days age-weekdays age-calendar age-calendar-closed age-calendar-estimated \
        age-calendar-uncovered age-calendar-closed-uncovered age-calendar-estimated-uncovered";
    // Every kind of fact: serde lists them in the error for an unknown one.
    let unknown = serde_json::from_str::<Fact>(r#"{"key":"?"}"#).unwrap_err();
    let unknown = unknown.to_string();
    let kinds = unknown.split('`').skip(3).step_by(2);
    let kinds = kinds.filter(|kind| !WITHOUT.contains(kind));
    let facts = kinds.chain(FORMS.split_whitespace());
    facts
        .map(|name| messages::key("fact", name))
        .chain(WORDS.split_whitespace().map(str::to_owned))
        .collect()
}

impl Texts {
    /// Expectations that are not met.
    #[must_use]
    pub fn missing(&self, missing: &[Expectation]) -> String {
        let each = missing.iter().map(|one| expected(self.language, one));
        each.collect::<Vec<_>>().join(self.marks.item)
    }

    /// Values beyond their limits.
    #[must_use]
    pub fn limits(&self, limits: &[Fact]) -> String {
        let each = limits.iter().map(|one| fact(self.language, one));
        each.collect::<Vec<_>>().join(self.marks.item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fact::Held;
    use crate::model::settings::Language::{En, Ko, Zh};

    fn old(age: Age) -> Fact {
        Fact::ValueOld {
            value: "latest".to_owned(),
            date: "2026-10-29".parse().unwrap(),
            age,
            allowed: 12,
        }
    }

    fn days(days: i64) -> Age {
        Age {
            days,
            counted: DayCount::Days,
        }
    }

    #[test]
    fn limits_are_in_the_readers_language() {
        let limits = [
            old(days(25)),
            Fact::ValueNullShare {
                value: "nulls".to_owned(),
                percent: 100.0,
                allowed: 30.0,
            },
        ];
        assert_eq!(
            mail::texts(En).limits(&limits),
            "value `latest`: the newest date is 2026-10-29, 25 days old; 12 are allowed; value `nulls`: 100 % of the values are empty; 30 % are allowed"
        );
        assert_eq!(
            mail::texts(Zh).limits(&limits),
            "latest：最新日期为 2026-10-29，已过 25 天（允许 12 天）；nulls：100% 的数值为空（允许 30%）"
        );
        assert_eq!(
            mail::texts(Ko).limits(&limits[1..]),
            "nulls: 값의 100%가 비어 있음(허용 30%)"
        );
        let earlier = Fact::text("something that an earlier version said");
        assert_eq!(fact(Ko, &earlier), "something that an earlier version said");
    }

    #[test]
    fn expectations_keep_their_values() {
        let missing = [
            Expectation::parse("level fulltext: #pdfDown | #cajDown"),
            Expectation::parse("contains: 摘要: 作者"),
        ];
        assert_eq!(
            mail::texts(En).missing(&missing),
            "level fulltext: #pdfDown | #cajDown; contains: 摘要: 作者"
        );
        assert_eq!(
            mail::texts(Ko).missing(&missing),
            "다음 단계의 표지: #pdfDown | #cajDown; 본문: 摘要: 作者"
        );
        let odd = [Expectation::parse("odd one")];
        assert_eq!(mail::texts(Zh).missing(&odd), "odd one");
    }

    #[test]
    fn ages_say_what_they_count() {
        let calendar = |closed, estimated, uncovered| {
            let counted = DayCount::Calendar {
                calendar: "cn".to_owned(),
                closed,
                estimated,
                uncovered,
            };
            aged(En, &Age { days: 7, counted })
        };
        assert_eq!(calendar(0, 0, 0), "7 open days of the calendar `cn`");
        assert_eq!(
            calendar(5, 2, 1),
            "7 open days of the calendar `cn` (weekdays closed: 5, 2 of them by estimate; weekdays that it does not cover, all counted: 1)"
        );
        assert_eq!(
            calendar(5, 0, 0),
            "7 open days of the calendar `cn` (weekdays closed: 5)"
        );
        assert_eq!(
            calendar(0, 0, 3),
            "7 open days of the calendar `cn` (weekdays that it does not cover, all counted: 3)"
        );
    }

    #[test]
    fn what_stayed_the_same_is_worded() {
        let frozen = |age| Fact::ValueFrozen {
            value: "rate".to_owned(),
            what: Held::Value,
            since: "2026-10-29".parse().unwrap(),
            age,
        };
        assert_eq!(
            fact(En, &frozen(None)),
            "value `rate`: the value has not changed since 2026-10-29"
        );
        assert_eq!(
            fact(Ko, &frozen(Some(days(9)))),
            "rate: 2026-10-29 이후 값이 변하지 않음(9일)"
        );
    }
}
