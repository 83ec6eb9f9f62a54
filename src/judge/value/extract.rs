//! Takes a value from an answer.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::cells::ColumnCells;
use super::column::ColumnSummary;
use super::plan::{ValuePlan, ValueSource};
use super::row_links::RowLinks;
use super::standing::StandingTexts;
use super::{date, file_sizes, number, text_length};
use crate::judge::exact;
use crate::judge::page::DecodedPage;
use crate::model::measurement::Response;
use crate::model::page::Value;
use crate::model::probe::ValueKind;
use crate::text::clean;
use crate::text::json_path::QueryResult;
use crate::text::placeholder::Placeholders;
use crate::text::row_links::ListRow;

/// How many matches are read for one value; a page has fewer.
const MAX_ITEMS: usize = 100_000;
/// How many rows are searched for links.
const MAX_ROWS: usize = 2_000;
/// How many characters of a text value are kept.
const MAX_TEXT: usize = 500;

/// The result of taking a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Extraction {
    Value(#[serde(with = "exact::value")] Value),
    /// Something matched, and was null, empty, or a placeholder.
    Null,
    /// Nothing matched; `within_empty` when the path ends in an empty list or null.
    Missing {
        within_empty: bool,
    },
    /// The lookup exceeds the limit: a fault of the probe, not of the answer.
    NotEvaluated,
    /// Something matched that is neither a number nor a date; the text is clean and short.
    Unreadable(String),
}

/// What matched: texts, or nulls.
struct Items<'a> {
    list: Vec<Option<Cow<'a, str>>>,
    /// The place itself was missing.
    absent: bool,
    within_empty: bool,
    /// Not looked up, because it exceeds the limit.
    too_much: bool,
}

impl<'a> Items<'a> {
    fn of(list: Vec<Option<Cow<'a, str>>>) -> Self {
        Self {
            list,
            absent: false,
            within_empty: false,
            too_much: false,
        }
    }

    fn absent(within_empty: bool) -> Self {
        Self {
            list: Vec::new(),
            absent: true,
            within_empty,
            too_much: false,
        }
    }

    /// The texts that are neither null nor a placeholder.
    fn full<'s>(&'s self, known: &'s Placeholders) -> impl Iterator<Item = &'s str> {
        self.list
            .iter()
            .flatten()
            .map(|text| text.trim())
            .filter(|text| !known.holds(text))
    }
}

/// The context for reading an answer.
pub(in crate::judge) struct ExtractionContext<'a> {
    pub response: &'a Response,
    pub placeholders: &'a Placeholders,
    /// When it was fetched, in Beijing.
    pub now: NaiveDateTime,
}

/// The result of taking a value, with additional observations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExtractedValue {
    pub taken: Extraction,
    /// All matches, if there are enough for a column.
    pub column: Option<ColumnSummary>,
    /// The cells of a column that should hold values.
    pub cells: Option<ColumnCells>,
    /// Where the rows lead that are counted.
    pub links: Option<RowLinks>,
    /// The texts of a short column, or the names of the rows that are counted.
    pub standing: Option<StandingTexts>,
    /// The usual size of the files that the cells state, in bytes.
    #[serde(with = "exact::optional_float")]
    pub file_size: Option<f64>,
    /// The usual length of the texts of a feed or of data, in characters.
    #[serde(with = "exact::optional_float")]
    pub text_length: Option<f64>,
    /// The date is today, because a current period began on this day.
    pub running_since: Option<chrono::NaiveDate>,
    /// It may be another at another hour of the same day.
    #[serde(skip)]
    pub(in crate::judge) asks_hour: bool,
}

impl std::convert::From<Extraction> for ExtractedValue {
    fn from(taken: Extraction) -> Self {
        Self {
            taken,
            column: None,
            cells: None,
            links: None,
            standing: None,
            file_size: None,
            text_length: None,
            running_since: None,
            asks_hour: false,
        }
    }
}

/// Takes one value.
pub(in crate::judge) fn extract(
    plan: &ValuePlan,
    page: &DecodedPage<'_>,
    with: &ExtractionContext<'_>,
) -> ExtractedValue {
    let items = gather(plan, page, with.response);
    if items.too_much {
        return Extraction::NotEvaluated.into();
    }
    let missing = Extraction::Missing {
        within_empty: items.within_empty,
    };
    let known = with.placeholders;
    let taken = match plan.kind {
        ValueKind::Count if items.absent && !items.within_empty => missing,
        ValueKind::Count => Extraction::Value(Value::Count(items.list.len() as u64)),
        _ if items.list.is_empty() => missing,
        ValueKind::NullShare => Extraction::Value(Value::NullShare(null_share(&items, known))),
        ValueKind::Hash => Extraction::Value(Value::Hash(hash(&items))),
        ValueKind::Number => first(&items, known, |text| number::first(text).map(Value::Number)),
        ValueKind::Text => first(&items, known, |text| {
            Some(Value::Text(clean::line(text, MAX_TEXT)))
        }),
        ValueKind::Date => return newest(&items, plan.format.as_deref(), with),
    };
    let texts: Vec<&str> = items
        .list
        .iter()
        .map(|item| item.as_deref().unwrap_or(""))
        .collect();
    let is_column = plan.kind == ValueKind::NullShare;
    let is_empty = |text: &str| known.holds(text.trim());
    let cells = || ColumnCells::of_texts(&texts, is_empty);
    let rows = rows(plan, page);
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let leads = rows.iter().any(|row| !row.links.is_empty());
    let standing = if is_column {
        StandingTexts::of_column(&texts, is_empty)
    } else {
        StandingTexts::of_names(&names, leads)
    };
    ExtractedValue {
        cells: is_column.then(cells).flatten(),
        text_length: text_length(plan, &texts),
        file_size: is_column.then(|| file_sizes::median(&texts)).flatten(),
        standing,
        column: ColumnSummary::of_texts(texts.iter().copied())
            .filter(|_| plan.kind != ValueKind::Hash),
        links: RowLinks::of_rows(&rows),
        ..ExtractedValue::from(taken)
    }
}

/// The usual length of the texts of a column. What an element of a page holds is also its design.
fn text_length(plan: &ValuePlan, texts: &[&str]) -> Option<f64> {
    let is_design = matches!(plan.from, ValueSource::Select(_));
    let is_column = plan.kind == ValueKind::NullShare && !is_design;
    is_column.then(|| text_length::median(texts)).flatten()
}

/// The counted rows.
fn rows(plan: &ValuePlan, page: &DecodedPage<'_>) -> Vec<ListRow> {
    let ValueSource::Select(selector) = &plan.from else {
        return Vec::new();
    };
    let tree = page.tree().filter(|_| plan.kind == ValueKind::Count);
    tree.map_or_else(Vec::new, |tree| tree.rows(selector, MAX_ROWS))
}

fn first(
    items: &Items<'_>,
    known: &Placeholders,
    read: impl Fn(&str) -> Option<Value>,
) -> Extraction {
    let Some(any) = items.full(known).next() else {
        return Extraction::Null;
    };
    items.full(known).find_map(read).map_or_else(
        || Extraction::Unreadable(clean::line(any, 60)),
        Extraction::Value,
    )
}

fn newest(items: &Items<'_>, format: Option<&str>, with: &ExtractionContext<'_>) -> ExtractedValue {
    let Some(any) = items.full(with.placeholders).next() else {
        return Extraction::Null.into();
    };
    let read = |text: &str| date::read(text, format, with.now);
    let dates: Vec<Option<date::ReadDate>> = items
        .list
        .iter()
        .map(|item| item.as_deref().and_then(read))
        .collect();
    let Some(best) = dates.iter().flatten().max() else {
        return Extraction::Unreadable(clean::line(any, 60)).into();
    };
    ExtractedValue {
        taken: Extraction::Value(Value::Date(best.date)),
        column: ColumnSummary::of_days(dates.iter().map(|read| read.map(|read| read.date))),
        running_since: best.running_since,
        asks_hour: dates.iter().flatten().any(|read| read.asks_hour),
        ..ExtractedValue::from(Extraction::Null)
    }
}

#[allow(clippy::cast_precision_loss)] // at most MAX_ITEMS
fn null_share(items: &Items<'_>, known: &Placeholders) -> f64 {
    let total = items.list.len() as f64;
    (total - items.full(known).count() as f64) / total
}

fn hash(items: &Items<'_>) -> String {
    let mut hasher = Sha256::new();
    for item in &items.list {
        // White space is layout, not content.
        for word in item.as_deref().unwrap_or("").split_whitespace() {
            hasher.update(word);
            hasher.update(b" ");
        }
        hasher.update(b"\n");
    }
    hasher
        .finalize()
        .iter()
        .take(16)
        .fold(String::new(), |mut out, byte| {
            use std::fmt::Write as _;
            let _ = write!(out, "{byte:02x}");
            out
        })
}

fn gather<'a>(plan: &ValuePlan, page: &'a DecodedPage<'_>, response: &'a Response) -> Items<'a> {
    match &plan.from {
        ValueSource::Broken => Items::absent(false),
        ValueSource::Text => of_text(plan, page),
        ValueSource::Select(selector) => match page.tree() {
            None => Items::absent(false),
            Some(tree) => {
                let texts = tree.texts(selector, MAX_ITEMS);
                narrowed(
                    plan,
                    texts.into_iter().map(|t| Some(Cow::Owned(t))).collect(),
                )
            }
        },
        ValueSource::Header(name) => {
            let values = response
                .headers_list
                .iter()
                .filter(|(n, _)| n.0.eq_ignore_ascii_case(name))
                .map(|(_, value)| Some(Cow::Borrowed(value.0.as_str())))
                .collect();
            narrowed(plan, values)
        }
        ValueSource::Pointer(pointer) => page
            .json()
            .map_or(Items::absent(false), |json| pointed(plan, json, pointer)),
        ValueSource::Path(path) => match page.json().map(|json| path.query(json)) {
            None => Items::absent(false),
            Some(QueryResult::TooMuch) => Items {
                too_much: true,
                ..Items::absent(false)
            },
            // A filter without matches is a count of zero.
            Some(QueryResult::Nothing { .. }) if plan.kind == ValueKind::Count => {
                Items::of(Vec::new())
            }
            Some(QueryResult::Nothing { within_empty }) => Items::absent(within_empty),
            Some(QueryResult::Nodes(nodes)) => narrowed(
                plan,
                nodes.into_iter().take(MAX_ITEMS).map(scalar).collect(),
            ),
        },
    }
}

/// A regular expression over the decoded source, or, without a match there, over the visible text
/// (numbers with each digit in its own element).
fn of_text<'a>(plan: &ValuePlan, page: &'a DecodedPage<'_>) -> Items<'a> {
    let Some(regex) = &plan.regex else {
        return Items::of(vec![Some(Cow::Borrowed(page.text()))]);
    };
    for text in [page.source(), page.text()] {
        let found: Vec<_> = regex
            .captures_iter(text)
            .take(MAX_ITEMS)
            .filter_map(|c| c.get(1).or_else(|| c.get(0)))
            .map(|m| Some(Cow::Borrowed(m.as_str())))
            .collect();
        if !found.is_empty() {
            return Items::of(found);
        }
    }
    Items::of(Vec::new())
}

/// Applies the value's regular expression to each item; items without a match are dropped, nulls
/// stay.
fn narrowed<'a>(plan: &ValuePlan, list: Vec<Option<Cow<'a, str>>>) -> Items<'a> {
    let Some(regex) = &plan.regex else {
        return Items::of(list);
    };
    let list = list
        .into_iter()
        .filter_map(|item| match item {
            None => Some(None),
            Some(text) => {
                let captures = regex.captures(&text)?;
                let found = captures.get(1).or_else(|| captures.get(0))?;
                Some(Some(Cow::Owned(found.as_str().to_owned())))
            }
        })
        .collect();
    Items::of(list)
}

fn pointed<'a>(plan: &ValuePlan, json: &'a serde_json::Value, pointer: &str) -> Items<'a> {
    match json.pointer(pointer) {
        None => Items::absent(ends_empty(json, pointer)),
        Some(serde_json::Value::Array(list)) => {
            narrowed(plan, list.iter().take(MAX_ITEMS).map(scalar).collect())
        }
        Some(value) => narrowed(plan, vec![scalar(value)]),
    }
}

/// Whether the path of a pointer ends in null or in an empty list or object.
fn ends_empty(json: &serde_json::Value, pointer: &str) -> bool {
    let mut prefix = pointer;
    while let Some(cut) = prefix.rfind('/') {
        prefix = &prefix[..cut];
        if let Some(value) = json.pointer(prefix) {
            return match value {
                serde_json::Value::Null => true,
                serde_json::Value::Array(list) => list.is_empty(),
                serde_json::Value::Object(map) => map.is_empty() && !prefix.is_empty(),
                _ => false,
            };
        }
    }
    false
}

fn scalar(value: &serde_json::Value) -> Option<Cow<'_, str>> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}
