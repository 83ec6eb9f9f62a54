//! The sizes that a page states for its files: samples in place of the files are far smaller.

use std::sync::LazyLock;

use regex::Regex;

use super::frame::{FrameRequirement, LostValue};
use super::past_answers::PastAnswers;
use crate::model::page::{RowSeries, Value};
use crate::model::{Code, Fact};

/// Fewer files have no usual size.
const FEWEST: usize = 3;
/// A column states sizes when at least this share of its cells does.
const MOST: f64 = 0.6;
/// So many earlier answers show what is usual.
const ANSWERS: usize = 5;
/// At this share of the usual size or less, the files are others.
const FRACTION: f64 = 0.05;
/// A longer cell is a text that mentions a size.
const MAX_CHARS: usize = 60;

/// A number with a unit of information.
static SIZE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(\d[\d,]*(?:\.\d+)?)\s*([kmgt]?i?b|[kmgt]|字节)(?:\W|$)").ok()
});

/// The median of the sizes in the cells of a column, in bytes.
#[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
pub(super) fn median(texts: &[&str]) -> Option<f64> {
    let is_short = |text: &&&str| text.chars().nth(MAX_CHARS).is_none();
    let sizes = texts.iter().filter(is_short).filter_map(|text| size(text));
    let mut sizes: Vec<f64> = sizes.collect();
    let states = sizes.len() as f64 >= MOST * texts.len() as f64;
    sizes.sort_by(f64::total_cmp);
    let middle = sizes.get(sizes.len() / 2).copied();
    middle.filter(|_| states && sizes.len() >= FEWEST)
}

fn size(text: &str) -> Option<f64> {
    let found = SIZE.as_ref()?.captures(text)?;
    let number: f64 = found[1].replace(',', "").parse().ok()?;
    let power = match found[2].chars().next()?.to_ascii_lowercase() {
        'k' => 1,
        'm' => 2,
        'g' => 3,
        't' => 4,
        _ => 0,
    };
    Some(number * 1024_f64.powi(power))
}

/// What is kept with the value.
pub(in crate::judge) fn series(name: &str, size: f64) -> (String, Value) {
    (
        RowSeries::FileSize.series(name),
        Value::Number(size.round()),
    )
}

/// The files are a fraction of what they were in every earlier good answer.
pub(super) fn fault(name: &str, now: f64, answers: &PastAnswers<'_>) -> Option<LostValue> {
    let series = RowSeries::FileSize.series(name);
    if answers.past(&series).len() < ANSWERS {
        return None;
    }
    let earlier = answers.range(&series)?.least;
    (now <= FRACTION * earlier).then(|| {
        let fact = Fact::FilesSmall {
            value: name.to_owned(),
            bytes: now.round(),
            earlier,
        };
        (Code::ContentShrunk, fact, FrameRequirement::Part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::PastValue;
    use crate::model::time::from_micros;

    fn is_lost_after(answers: usize, known: &[&str], now: &[&str]) -> bool {
        let (name, value) = series("size", median(known).unwrap());
        let at = from_micros(0);
        let history = [(name, vec![PastValue { at, value }; answers])].into();
        let answers = PastAnswers {
            history: &history,
            now: from_micros(1),
        };
        median(now).is_some_and(|now| fault("size", now, &answers).is_some())
    }

    fn is_lost(known: &[&str], now: &[&str]) -> bool {
        is_lost_after(ANSWERS, known, now)
    }

    #[test]
    fn one_answer_does_not_show_the_usual_size() {
        let (known, now) = (["48 MB", "112 MB", "31 MB"], ["12 KB", "12 KB", "8 KB"]);
        assert!(!is_lost_after(1, &known, &now));
        assert!(!is_lost_after(ANSWERS - 1, &known, &now));
        assert!(is_lost_after(ANSWERS, &known, &now));
    }

    #[test]
    fn samples_in_place_of_files() {
        let known = ["48.2 MB", "112.7MB", "3.1 M", "1,204 KB", "2 GiB"];
        for now in [
            ["12 KB", "12 KB", "8 KB", "4.0 kB", "512 B"],
            ["0.1 MB", "90 KB", "0.02M", "约 11 KB", "PDF (12 KB)"],
        ] {
            assert!(is_lost(&known, &now), "{now:?}");
        }
        for now in [
            ["48.2 MB", "12 KB", "3.1 M", "1,204 KB", "2 GiB"],
            ["6.1 MB", "9.9 MB", "0.8 M", "120 KB", "1 GiB"],
            ["大", "大", "中", "小", "小"],
        ] {
            assert!(!is_lost(&known, &now), "{now:?}");
        }
        assert_eq!(median(&["第3章", "5 bags", "12 mm", "4GHz"]), None);
    }
}
