//! The length of a record's longest paragraph. A text that is cut shorter and shorter differs
//! little from that of the day before, so it is compared with the first good answers that are kept.

use super::page::{BodyKind, DecodedPage};
use super::value::percent;
use crate::model::Fact;
use crate::model::page::{History, PARAGRAPH, Value};
use crate::text::content;

/// How many of the good answers that are kept are the first ones, …
const FIRST: usize = 8;
/// … when there are at least so many.
const ANSWERS: usize = 16;
/// At this share of the shortest of them or less, the text is cut.
const LEFT: f64 = 0.45;
/// A shorter paragraph is a line.
const FEWEST_CHARACTERS: f64 = 60.0;

/// The number of characters of the longest paragraph outside links, as it is kept.
#[allow(clippy::cast_precision_loss)] // the length of a page stays far below 2^53
pub(super) fn paragraph(page: &DecodedPage<'_>) -> Option<Value> {
    if page.kind != BodyKind::Html {
        return None;
    }
    let said = content::outside_links(page.source());
    let length = |line: &str| line.chars().filter(|c| !c.is_whitespace()).count();
    let longest = said.lines().map(length).max()?;
    Some(Value::Number(longest as f64))
}

/// How much is left of the longest paragraph, if most of it has gone since the first good answers.
pub(super) fn fact(now: &Value, history: &History) -> Option<Fact> {
    let past = history
        .get(PARAGRAPH)
        .filter(|past| past.len() >= ANSWERS)?;
    let first = past.iter().take(FIRST);
    let least = first
        .filter_map(|past| past.value.number())
        .reduce(f64::min)?;
    let left = now.number()? / least.max(1.0);
    (least >= FEWEST_CHARACTERS && left <= LEFT).then(|| Fact::ParagraphCut {
        percent: percent(left),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::PastValue;
    use crate::model::time::from_micros;

    fn is_cut(lengths: impl Iterator<Item = f64>, now: f64) -> bool {
        let past = lengths.enumerate().map(|(n, length)| PastValue {
            at: from_micros(i64::try_from(n).unwrap()),
            value: Value::Number(length),
        });
        let history = [(PARAGRAPH.to_owned(), past.collect())].into();
        fact(&Value::Number(now), &history).is_some()
    }

    #[test]
    fn a_text_that_loses_a_sentence_a_day() {
        let falls = |n: i32| (0..n).map(|n| f64::from(400 - 20 * (n - 10).max(0)));
        assert!(is_cut(falls(24), 120.0));
        assert!(!is_cut(falls(18), 240.0), "more than half is left");
        assert!(
            !is_cut(falls(12), 100.0),
            "a sudden cut is seen beside the last page"
        );
        let steady = (0..30).map(|n| f64::from(400 + n % 3));
        assert!(!is_cut(steady, 380.0));
        let varies = (0..30).map(|n| f64::from(if n % 4 == 0 { 90 } else { 400 }));
        assert!(!is_cut(varies, 90.0), "sometimes short");
        assert!(!is_cut((0..30).map(|_| 40.0), 9.0), "a line");
    }
}
