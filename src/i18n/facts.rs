//! Facts, in a reader's language, from their keys and parameters.

use std::borrow::Cow;

use serde_json::Value;

use super::mail::{self, Texts, fill};
use super::{en, evidence, ko, zh};
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
            fill(row(language, &key(fact)), &gaps)
        }
    }
}

/// The key of the row that words a fact: its own, and behind it which of several forms it has.
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
        Fact::ValueUnreadable { kind, .. } => return joined("value_unreadable", kind),
        _ => return Cow::Owned(parts(fact).0),
    };
    Cow::Borrowed(plain)
}

/// `family-member`, where the member is a parameter as JSON has it.
fn joined(family: &str, member: &impl serde::Serialize) -> Cow<'static, str> {
    let member = serde_json::to_value(member).unwrap_or_default();
    Cow::Owned(format!("{family}-{}", member.as_str().unwrap_or_default()))
}

/// A fact's key and parameters, as JSON has them.
fn parts(fact: &Fact) -> (String, serde_json::Map<String, Value>) {
    let Ok(Value::Object(mut parts)) = serde_json::to_value(fact) else {
        return Default::default();
    };
    let key = parts.remove("key");
    let key = key.as_ref().and_then(Value::as_str).unwrap_or_default();
    let args = match parts.remove("args") {
        Some(Value::Object(args)) => args,
        _ => serde_json::Map::new(),
    };
    (key.to_owned(), args)
}

/// What fills the gaps of a fact's row: its parameters, and in words those that are words.
fn gaps(language: Language, fact: &Fact) -> Vec<(String, String)> {
    let (_, args) = parts(fact);
    let text = |(name, value): (String, Value)| {
        let text = match &value {
            Value::String(member) if WORDED.contains(&name.as_str()) => {
                row(language, &format!("{name}-{member}")).to_owned()
            }
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

/// Parameters whose members have rows of their own.
const WORDED: [&str; 3] = ["spot", "way", "what"];

/// A parameter as it is: lists are joined, and whole numbers have no fraction.
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
        return fill(row(language, key), &[("days", &days)]);
    };
    let key = match (*closed > 0, *estimated > 0, *uncovered > 0) {
        (false, _, false) => "age-calendar",
        (true, false, false) => "age-calendar_closed",
        (true, true, false) => "age-calendar_estimated",
        (false, _, true) => "age-calendar_uncovered",
        (true, false, true) => "age-calendar_closed_uncovered",
        (true, true, true) => "age-calendar_estimated_uncovered",
    };
    let [closed, estimated, uncovered] = [closed, estimated, uncovered].map(i64::to_string);
    fill(
        row(language, key),
        &[
            ("days", &days),
            ("calendar", calendar),
            ("closed", &closed),
            ("estimated", &estimated),
            ("uncovered", &uncovered),
        ],
    )
}

/// An expectation: in English as the probe's file has it, else its key in words.
#[must_use]
pub fn expected(language: Language, expectation: &Expectation) -> String {
    if language == Language::En || expectation.key == ExpectKey::Unknown {
        return expectation.to_string();
    }
    let texts = mail::texts(language);
    let key = (texts.expected)(expectation.key);
    format!("{key}{}{}", texts.marks.colon, expectation.value)
}

/// The row of a key; of one that a language lacks, the English one.
fn row(language: Language, key: &str) -> &'static str {
    let table = match language {
        Language::En => en::facts::FACTS,
        Language::Ko => ko::facts::FACTS,
        Language::Zh => zh::facts::FACTS,
    };
    let mut rows = table.iter().chain(en::facts::FACTS);
    rows.find(|(name, _)| *name == key)
        .map_or("", |(_, text)| text)
}

impl Texts {
    /// Expectations that do not hold.
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
