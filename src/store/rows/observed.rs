//! The part of an observation beyond the columns of a measurement (`measurements.observed`), which
//! mails quote.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::i18n::mail::texts;
use crate::i18n::verdict::sentence;
use crate::model::expect::Expectation;
use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::{Code, Fact, Locus, Observation};
use crate::store::error::InnerError;

/// The column as JSON; `NULL` when nothing is known.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Quoted {
    /// Only where the rule alone does not determine it.
    #[serde(skip_serializing_if = "Option::is_none")]
    saying: Option<Saying>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    limits: Vec<Fact>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Expectation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
}

/// The content of the column.
pub(in crate::store) fn write(observed: &Observation) -> Result<Option<String>, serde_json::Error> {
    let quoted = Quoted {
        saying: Some(observed.saying).filter(|s| !s.is_of_rule()),
        limits: observed.limits.clone(),
        missing: observed.missing.clone(),
        words: observed.words.clone(),
    };
    let is_known = quoted != Quoted::default();
    is_known.then(|| serde_json::to_string(&quoted)).transpose()
}

/// The observation from the column; `judge` knows the sentence of the rule.
pub(in crate::store) fn read(
    code: Code,
    locus: Locus,
    column: Option<&str>,
) -> Result<Observation, InnerError> {
    let quoted: Quoted = match column {
        Some(json) => serde_json::from_str(json)?,
        None => Quoted::default(),
    };
    Ok(Observation {
        saying: quoted.saying.unwrap_or_default(),
        limits: quoted.limits,
        missing: quoted.missing,
        words: quoted.words,
        ..Observation::new(code, locus)
    })
}

/// Also writes the observation into a `detail` in English, for people who read the file; no program
/// reads it back.
pub(in crate::store) fn add_english(detail: &mut Value, observed: &Observation) {
    let Value::Object(detail) = detail else {
        return;
    };
    let texts = texts(Language::En);
    let mut add = |key: &str, text: String| {
        let text = Some(text).filter(|text| !text.is_empty());
        detail.insert(key.to_owned(), text.into());
    };
    add("limit", texts.limits(&observed.limits));
    add("missed", texts.missing(&observed.missing));
    add(
        "text",
        sentence(Language::En, observed.saying, observed.code),
    );
}
