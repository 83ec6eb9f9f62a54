//! The decoded page of one measurement for `judge`: plain data, kept separate from the record.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::measurement::{CharsetFacts, ExpectFact};
use super::probe::ValueKind;
use super::time::Time;

/// A value taken from an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Value {
    Number(f64),
    Date(chrono::NaiveDate),
    Text(String),
    Count(u64),
    NullShare(f64),
    Hash(String),
    /// How much the rows of a column differ: distinct values per row, 0 to 1. Kept in addition to
    /// the value itself.
    Distinct(f64),
    /// A digest of a column of figures. Kept in addition to the value itself.
    Column(String),
}

/// The name under which the distinctness of a value's rows is kept.
#[must_use]
pub fn distinct_of(name: &str) -> String {
    format!("{name}.distinct")
}

/// The name under which a digest of the rows of a value is kept.
#[must_use]
pub fn column_of(name: &str) -> String {
    format!("{name}.column")
}

/// The name under which the length of a record's longest paragraph is kept.
pub const PARAGRAPH: &str = "page.paragraph";
/// The name under which is kept whether a file is encrypted: 1, or 0.
pub const LOCKED: &str = "page.locked";

/// What is kept of the rows of a value, in addition to the value itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowSeries {
    /// The share of rows that lead on.
    Leading,
    /// The share of rows that offer a file.
    Files,
    /// Links per row.
    PerRow,
    /// How many of a row's links lead elsewhere in each row.
    Differing,
    /// How many of a row's links have the same target in all rows.
    OneTarget,
    /// How many of a row's links have the same path in all rows.
    OnePath,
    /// The share of cells that hold a mask within their text.
    Masked,
    /// The number of cells that hold a value.
    Filled,
    /// The script in which most of the cells are written.
    Script,
    /// The share of the cells with a value that are figures.
    Figures,
    /// The share of the figures that have decimals.
    Decimals,
    /// 1 when the cells are ranks: the whole numbers from one to about their number.
    Ranks,
    /// The share of rows that lead to a document, by the ending of its address.
    Documents,
    /// The share of rows that lead to a picture.
    Pictures,
    /// Digests of what the rows say.
    Rows,
    /// Digests of the texts of a short column, or of the names of a few rows.
    Standing,
    /// How many of these texts hide something.
    Hidden,
    /// Digests of the words that nearly all rows share.
    SharedWords,
    /// The median of the sizes of files that the cells state, in bytes.
    FileSize,
    /// The median number of characters of the texts.
    TextLength,
    /// The share of the rows that hold the most frequent text.
    Alike,
}

impl RowSeries {
    pub const ALL: [Self; 21] = [
        Self::Leading,
        Self::Files,
        Self::PerRow,
        Self::Differing,
        Self::OneTarget,
        Self::OnePath,
        Self::Masked,
        Self::Filled,
        Self::Script,
        Self::Figures,
        Self::Decimals,
        Self::Ranks,
        Self::Documents,
        Self::Pictures,
        Self::Rows,
        Self::Standing,
        Self::Hidden,
        Self::SharedWords,
        Self::FileSize,
        Self::TextLength,
        Self::Alike,
    ];

    /// The name under which the figure of a value is kept.
    #[must_use]
    pub fn series(self, name: &str) -> String {
        let part = match self {
            Self::Leading => "leading",
            Self::Files => "files",
            Self::PerRow => "links_per_row",
            Self::Differing => "links_differing",
            Self::OneTarget => "links_of_one_target",
            Self::OnePath => "links_of_one_path",
            Self::Masked => "masked",
            Self::Filled => "filled",
            Self::Script => "script",
            Self::Figures => "figures",
            Self::Decimals => "decimals",
            Self::Ranks => "ranks",
            Self::Documents => "documents",
            Self::Pictures => "pictures",
            Self::Rows => "rows",
            Self::Standing => "standing",
            Self::Hidden => "hidden",
            Self::SharedWords => "shared_words",
            Self::FileSize => "file_size",
            Self::TextLength => "text_length",
            Self::Alike => "alike",
        };
        format!("{name}.{part}")
    }
}

impl Value {
    /// The value as a number, where it is one.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // counts of matches stay far below 2^53
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(x) | Value::NullShare(x) | Value::Distinct(x) => Some(*x),
            Value::Count(n) => Some(*n as f64),
            Value::Date(_) | Value::Text(_) | Value::Hash(_) | Value::Column(_) => None,
        }
    }

    /// The value as tables and records show it.
    #[must_use]
    pub fn show(&self) -> String {
        match self {
            Value::Number(x) | Value::NullShare(x) | Value::Distinct(x) => x.to_string(),
            Value::Count(n) => n.to_string(),
            Value::Date(d) => d.to_string(),
            Value::Text(s) | Value::Hash(s) | Value::Column(s) => s.clone(),
        }
    }
}

/// What one good round gave for one value; `judge` gets at least the newest 30, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct PastValue {
    pub at: Time,
    pub value: Value,
}

/// How many of the newest good values per name are kept, whatever their age: `max_drop` takes the
/// median of 30.
pub const HISTORY_NEWEST: usize = 64;
/// For how many days one older value per day is kept: `must_change` looks back this far.
pub const HISTORY_DAYS: i64 = 60;

/// The history of a probe's values from one vantage: an input of judging.
pub type History = BTreeMap<String, Vec<PastValue>>;

/// Facts from the page, for the record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageFacts {
    pub title: Option<String>,
    pub charset: Option<CharsetFacts>,
    pub values: BTreeMap<String, Value>,
    pub expect: Vec<ExpectFact>,
}

impl PageFacts {
    /// Writes the facts into the record before it is stored.
    pub fn write_into(&self, extra: &mut super::measurement::Extra) {
        extra.charset.clone_from(&self.charset);
        extra.expect.clone_from(&self.expect);
        extra.values = self
            .values
            .iter()
            .map(|(name, value)| (name.clone(), value.to_json()))
            .collect();
    }
}

impl Value {
    /// A value from a record, of the kind that the probe declares; `None` when it is of another
    /// kind.
    #[must_use]
    pub fn from_json(kind: ValueKind, json: &serde_json::Value) -> Option<Self> {
        Some(match kind {
            ValueKind::Number => Value::Number(json.as_f64()?),
            ValueKind::NullShare => Value::NullShare(json.as_f64()?),
            ValueKind::Count => Value::Count(json.as_u64()?),
            ValueKind::Date => Value::Date(json.as_str()?.parse().ok()?),
            ValueKind::Text => Value::Text(json.as_str()?.to_owned()),
            ValueKind::Hash => Value::Hash(json.as_str()?.to_owned()),
        })
    }

    /// The value as the record carries it: a number or text.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Number(x) | Value::NullShare(x) | Value::Distinct(x) => (*x).into(),
            Value::Count(n) => (*n).into(),
            Value::Date(d) => d.to_string().into(),
            Value::Text(s) | Value::Hash(s) | Value::Column(s) => s.clone().into(),
        }
    }
}
