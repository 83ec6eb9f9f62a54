//! Checks a taken value against its limits and its history.

use super::context::ValueContext;
use super::extract::{ExtractedValue, Extraction};
use super::frame::{FrameRequirement, LostValue};
use super::past_answers::PastAnswers;
use super::{
    calendar, cells, change, file_sizes, level, neighbours, percent, row_links, standing, still,
    text_length, turned, unfilled,
};
use crate::model::Evidence;
use crate::model::fact::Readable;
use crate::model::page::{PastValue, Value};
use crate::model::probe::{ValueKind, ValueSpec};
use crate::model::time::BEIJING;
use crate::model::{Code, Fact};

/// A fall is judged against the median of this many newest good values …
const MEDIAN_OF: usize = 30;
/// … when there are at least this many.
const MEDIAN_NEEDS: usize = 8;
/// A fall that came little by little shows beside this many of the first good values …
const FIRST: usize = 8;
/// … when they are at least this many days older.
const SLOW_DAYS: i64 = 14;
/// How many days a watched date may be in the future before it is misdated (time zones, evening
/// editions).
const AHEAD: i64 = 2;

/// A limit that a value broke.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::judge) struct LimitViolation {
    /// The name of the value.
    pub name: String,
    pub code: Code,
    /// A number above its `max`: nothing is missing.
    pub above: bool,
    /// How much of the page must be present for this to be a fault of the data instead of another
    /// design.
    pub frame: FrameRequirement,
    /// The value always held the same texts, so that an empty one is no passing news.
    pub stood: bool,
    pub evidence: Evidence,
}

/// A value with this many good numbers was always a number.
const NUMBERS: usize = 3;
/// A longer text without a figure is another piece of the page.
const MAX_WORDS: usize = 20;

/// The first limit that the value breaks, if any.
pub(in crate::judge) fn fault(
    spec: &ValueSpec,
    context: &ValueContext<'_>,
) -> Option<LimitViolation> {
    let taken = context.taken.get(&spec.name)?;
    let own = own(spec, taken, context);
    let says_more = own
        .as_ref()
        .is_some_and(|(code, ..)| *code != Code::ContentChanged);
    let found = if says_more {
        own
    } else {
        let extracted = context.extracted.get(&spec.name);
        let column = extracted.and_then(|extracted| extracted.column.as_ref());
        let levelled = column.and_then(|c| level::levelled(&spec.name, c, context));
        let levelled = levelled.filter(|_| !neighbours::stands_elsewhere(&spec.name, context));
        let still = || column.and_then(|c| still::stands_still(spec, c, context));
        let hidden = levelled.or_else(still);
        let links = extracted.and_then(|extracted| extracted.links.as_ref());
        let column = extracted.and_then(|extracted| extracted.cells.as_ref());
        let hiding = || {
            let fault =
                column.and_then(|cells| cells::fault(&spec.name, cells, &context.answers()));
            fault.filter(|(_, fact, _)| !neighbours::ends_alone(fact, context))
        };
        let turned = || turned::found(&spec.name, context);
        let unlinked =
            || links.and_then(|links| row_links::fault(&spec.name, links, &context.answers()));
        hidden
            .or_else(turned)
            .map(|fact| (Code::ContentNulls, fact, FrameRequirement::Part))
            .or_else(unlinked)
            .or_else(hiding)
            .or_else(|| lost(extracted?, &spec.name, &context.answers()))
            .or(own)
    };
    let (code, fact, frame) = found?;
    if matches!(fact, Fact::ValueNullShare { .. }) && unfilled::is_no_loss(spec, context) {
        return None;
    }
    let above = code == Code::ContentChanged && matches!(taken, Extraction::Value(_));
    Some(LimitViolation {
        name: spec.name.clone(),
        code,
        above,
        frame,
        stood: standing::always_stood(&spec.name, &context.answers()),
        evidence: Evidence {
            fact,
            place: format!("x_accesswatch.values.{}", spec.name),
        },
    })
}

/// Texts that always stood and are hidden or gone, and files that are a fraction of what they were.
fn lost(extracted: &ExtractedValue, name: &str, answers: &PastAnswers<'_>) -> Option<LostValue> {
    let standing = extracted.standing.as_ref();
    let standing = standing.and_then(|now| standing::fault(name, now, answers));
    let size = || file_sizes::fault(name, extracted.file_size?, answers);
    let length = || text_length::fault(name, extracted.text_length?, answers);
    standing.or_else(size).or_else(length)
}

fn own(spec: &ValueSpec, taken: &Extraction, context: &ValueContext<'_>) -> Option<LostValue> {
    let value = spec.name.clone();
    let (code, fact) = match taken {
        Extraction::Missing { within_empty: true } => {
            (Code::ContentEmpty, Fact::ValueListEmpty { value })
        }
        Extraction::Missing { .. } => (Code::ContentChanged, Fact::ValueNotFound { value }),
        Extraction::NotEvaluated => return None,
        Extraction::Null => (Code::ContentNulls, Fact::ValueNull { value }),
        Extraction::Unreadable(text) if words_for_a_number(spec, text, context) => {
            let text = text.clone();
            let fact = Fact::ValueWords { value, text };
            return Some((Code::ContentNulls, fact, FrameRequirement::Whole));
        }
        Extraction::Unreadable(text) => {
            let kind = if spec.kind == ValueKind::Date {
                Readable::Date
            } else {
                Readable::Number
            };
            let text = text.clone();
            let fact = Fact::ValueUnreadable { value, kind, text };
            (Code::ContentChanged, fact)
        }
        Extraction::Value(value) => of_value(spec, value, context)?,
    };
    Some((code, fact, FrameRequirement::Any))
}

/// A few words without a figure, where there was always a number before: whatever they say, the
/// number is gone.
fn words_for_a_number(spec: &ValueSpec, text: &str, context: &ValueContext<'_>) -> bool {
    let past = context.past(&spec.name);
    let numbers = past
        .iter()
        .rev()
        .take_while(|p| matches!(p.value, Value::Number(_)));
    spec.kind == ValueKind::Number
        && numbers.take(NUMBERS).count() == NUMBERS
        && text.chars().count() <= MAX_WORDS
}

fn of_value(spec: &ValueSpec, value: &Value, context: &ValueContext<'_>) -> Option<(Code, Fact)> {
    let unchanged = || {
        change::misdated(spec, value, context)
            .or_else(|| change::frozen(spec, value, context))
            .map(|fact| (Code::ContentNulls, fact))
    };
    bounds(spec, value, context)
        .or_else(|| age(spec, value, context))
        .or_else(unchanged)
        .or_else(|| fall(spec, value, context.past(&spec.name)))
}

fn bounds(spec: &ValueSpec, taken: &Value, context: &ValueContext<'_>) -> Option<(Code, Fact)> {
    let number = taken.number()?;
    let value = spec.name.clone();
    let found = taken.show();
    if let Some(least) = spec.min.filter(|min| number < *min) {
        let &Value::Count(rows) = taken else {
            let fact = Fact::ValueBelow {
                value,
                found,
                least,
            };
            let nothing = number == 0.0 && is_total(spec, context);
            let code = if nothing {
                Code::ContentEmpty
            } else {
                Code::ContentShrunk
            };
            return Some((code, fact));
        };
        let code = if rows == 0 {
            Code::ContentEmpty
        } else {
            Code::ContentShrunk
        };
        return Some((code, Fact::ValueRows { value, rows, least }));
    }
    let most = spec.max.filter(|max| number > *max)?;
    let Value::NullShare(share) = taken else {
        let fact = Fact::ValueAbove { value, found, most };
        return Some((Code::ContentChanged, fact));
    };
    let fact = Fact::ValueNullShare {
        value,
        percent: percent(*share),
        allowed: percent(most),
    };
    Some((Code::ContentNulls, fact))
}

/// A number that was always whole and at least the number of rows beside it is that of all that
/// was found.
fn is_total(spec: &ValueSpec, context: &ValueContext<'_>) -> bool {
    let counts = context.specs.iter().filter(|s| s.kind == ValueKind::Count);
    let most = |name: &str| {
        let rows = context.past(name).iter().filter_map(|p| p.value.number());
        rows.fold(0.0, f64::max)
    };
    let rows = counts.map(|s| most(&s.name)).fold(0.0, f64::max);
    let mut past = context.past(&spec.name).iter().peekable();
    let is_of_all = |number: f64| number.fract() == 0.0 && number >= rows;
    rows > 0.0 && past.peek().is_some() && past.all(|p| p.value.number().is_some_and(is_of_all))
}

fn age(spec: &ValueSpec, taken: &Value, context: &ValueContext<'_>) -> Option<(Code, Fact)> {
    let (Value::Date(date), Some(limit)) = (taken, spec.max_age) else {
        return None;
    };
    let (value, date) = (spec.name.clone(), *date);
    let age = calendar::age(date, context.now, spec, context.calendars);
    if age.days < -AHEAD {
        let days = -age.days;
        return Some((Code::ContentNulls, Fact::ValueAhead { value, date, days }));
    }
    calendar::is_over(age.days, limit).then(|| {
        let fact = Fact::ValueOld {
            value,
            date,
            age,
            allowed: limit.as_secs() / 86_400,
        };
        (Code::ContentStale, fact)
    })
}

fn fall(spec: &ValueSpec, value: &Value, past: &[PastValue]) -> Option<(Code, Fact)> {
    let allowed = spec.max_drop?;
    let number = value.number()?;
    let mut numbers: Vec<f64> = past
        .iter()
        .rev()
        .filter_map(|p| p.value.number())
        .take(MEDIAN_OF)
        .collect();
    if numbers.len() < MEDIAN_NEEDS {
        return None;
    }
    let slow = || sank(spec, value, number, past);
    numbers.sort_by(f64::total_cmp);
    // A list that was as short twice is as short again: a weekend, a page of another size.
    if numbers.get(1).is_some_and(|usual| number >= *usual) {
        return None;
    }
    let median = median(&numbers);
    let fell = (number < median * (1.0 - allowed)).then(|| {
        let fact = Fact::ValueFell {
            value: spec.name.clone(),
            found: value.show(),
            percent: percent(allowed),
            median,
            good_values: numbers.len() as u64,
        };
        (Code::ContentShrunk, fact)
    });
    fell.or_else(slow)
}

/// A fall beside the first good values that are kept: each day lost less than the limit.
fn sank(spec: &ValueSpec, value: &Value, number: f64, past: &[PastValue]) -> Option<(Code, Fact)> {
    let allowed = spec.max_drop?;
    let first: Vec<&PastValue> = past
        .iter()
        .filter(|past| past.value.number().is_some())
        .take(FIRST)
        .collect();
    let (from, to) = (first.first()?, first.last()?);
    let slow = past.last()?.at - to.at >= chrono::Duration::days(SLOW_DAYS);
    let mut numbers: Vec<f64> = first.iter().filter_map(|p| p.value.number()).collect();
    if numbers.len() < FIRST || !slow {
        return None;
    }
    numbers.sort_by(f64::total_cmp);
    let median = median(&numbers);
    (number < median * (1.0 - allowed)).then(|| {
        let fact = Fact::ValueSank {
            value: spec.name.clone(),
            found: value.show(),
            percent: percent(allowed),
            median,
            since: from.at.with_timezone(&BEIJING).date_naive(),
        };
        (Code::ContentShrunk, fact)
    })
}

/// The median of sorted numbers.
fn median(numbers: &[f64]) -> f64 {
    let middle = numbers.len() / 2;
    if numbers.len() % 2 == 1 {
        numbers[middle]
    } else {
        f64::midpoint(numbers[middle - 1], numbers[middle])
    }
}
