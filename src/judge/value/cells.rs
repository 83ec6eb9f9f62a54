//! The cells of a column: those that hold a value, those that hide a part of it, those at an end of
//! the column that hold nothing, and those that are figures.
//!
//! Every figure is compared with the least and the most of the earlier good answers. Rows that are
//! prepared for days to come take no value away, and names that always had a mask keep it.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::figure_cells::{
    MIN_CELLS, MIN_RUN, are_ranks, has_decimals, is_figure, mark_words_at_ends,
};
use super::frame::FrameRequirement;
use super::past_answers::PastAnswers;
use super::percent;
use crate::model::page::{RowSeries, Value};
use crate::model::{Code, Fact};

/// At this share of masked cells or more, the column is masked.
const MOST: f64 = 0.5;
/// At this share or less, it was not masked before.
const FEW: f64 = 0.1;
/// How many of the last good answers agree on a script.
const LAST: usize = 5;
/// Fewer letters show no script.
const FEWEST_LETTERS: usize = 60;
/// A script has at least this share of the letters.
const CLEARLY: f64 = 0.7;
/// By this much the share of empty cells has risen.
const RISE: f64 = 0.1;

/// The cells of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnCells {
    count: usize,
    filled: usize,
    masked: usize,
    /// The longer of the runs of empty cells at both ends.
    run: usize,
    script: Option<String>,
    figures: usize,
    /// Those of them with decimals.
    decimals: usize,
    are_ranks: bool,
}

impl ColumnCells {
    /// The cells of a column by their texts; `is_empty`: a text that stands for no value.
    pub(super) fn of_texts(texts: &[&str], is_empty: impl Fn(&str) -> bool) -> Option<Self> {
        if texts.len() < MIN_CELLS {
            return None;
        }
        let mut empty: Vec<bool> = texts.iter().map(|text| is_empty(text)).collect();
        mark_words_at_ends(texts, &mut empty);
        let first = empty.iter().take_while(|empty| **empty).count();
        let last = empty.iter().rev().take_while(|empty| **empty).count();
        let filled = texts.iter().zip(&empty).filter(|(_, empty)| !**empty);
        let filled: Vec<&str> = filled.map(|(text, _)| text.trim()).collect();
        Some(Self {
            figures: filled.iter().filter(|text| is_figure(text)).count(),
            decimals: filled
                .iter()
                .filter(|text| is_figure(text) && has_decimals(text))
                .count(),
            are_ranks: are_ranks(&filled),
            count: texts.len(),
            filled: filled.len(),
            masked: texts.iter().filter(|text| hides_a_part(text)).count(),
            run: first.max(last),
            script: script(texts).filter(|_| differ(texts)).map(str::to_owned),
        })
    }

    #[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
    fn share(&self, part: usize) -> f64 {
        part as f64 / self.count as f64
    }

    /// The figures that are kept with the value.
    #[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
    pub(in crate::judge) fn series(&self, name: &str) -> Vec<(String, Value)> {
        let masked = (self.share(self.masked) * 1000.0).round() / 1000.0;
        let filled = Value::Number(self.filled as f64);
        let figures = [
            (RowSeries::Masked.series(name), Value::Number(masked)),
            (RowSeries::Filled.series(name), filled),
            (
                RowSeries::Ranks.series(name),
                Value::Number(f64::from(u8::from(self.are_ranks))),
            ),
        ];
        let share = (self.figure_share() * 1000.0).round() / 1000.0;
        let numbers = self
            .is_filled()
            .then(|| (RowSeries::Figures.series(name), Value::Number(share)));
        let decimals = (self.decimal_share() * 1000.0).round() / 1000.0;
        let decimals = numbers
            .is_some()
            .then(|| (RowSeries::Decimals.series(name), Value::Number(decimals)));
        let script = self.script.clone().map(Value::Text);
        let script = script.map(|script| (RowSeries::Script.series(name), script));
        let figures = figures.into_iter().chain(numbers).chain(decimals);
        figures.chain(script).collect()
    }

    /// The number of cells with a value that are ranks, if there are enough cells and all are.
    pub(super) fn ranks(&self) -> Option<usize> {
        self.are_ranks.then_some(self.filled)
    }

    /// Whether enough cells hold a value.
    pub(super) fn is_filled(&self) -> bool {
        self.filled >= MIN_CELLS
    }

    /// The share of the cells with a value that are figures.
    #[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
    pub(super) fn figure_share(&self) -> f64 {
        self.figures as f64 / self.filled.max(1) as f64
    }

    /// The share of the figures that have decimals.
    #[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
    pub(super) fn decimal_share(&self) -> f64 {
        self.decimals as f64 / self.figures.max(1) as f64
    }

    /// Nearly all cells are figures, and none has decimals, which most had in every earlier good
    /// answer.
    pub(super) fn lost_decimals(&self, name: &str, answers: &PastAnswers<'_>) -> bool {
        let past = answers.range(&RowSeries::Decimals.series(name));
        let had = past.is_some_and(|past| past.least >= MOST);
        had && self.is_filled() && self.decimals == 0 && self.figure_share() >= 1.0 - FEW
    }
}

/// What the cells no longer show, if they did in every earlier good answer.
pub(super) fn fault(
    name: &str,
    now: &ColumnCells,
    answers: &PastAnswers<'_>,
) -> Option<(Code, Fact, FrameRequirement)> {
    let nulls = masked(name, now, answers).or_else(|| emptied(name, now, answers));
    let nulls = nulls.map(|fact| (Code::ContentNulls, fact));
    let other = || Some((Code::SiteEdition, other_script(name, now, answers)?));
    let (code, fact) = nulls.or_else(other)?;
    Some((code, fact, FrameRequirement::Part))
}

fn masked(name: &str, now: &ColumnCells, answers: &PastAnswers<'_>) -> Option<Fact> {
    let series = RowSeries::Masked.series(name);
    let share = now.share(now.masked);
    let ranges = [answers.range(&series), answers.first_range(&series)];
    let was_clear = ranges.iter().flatten().any(|past| past.most <= FEW);
    (was_clear && share >= MOST).then(|| Fact::CellsMasked {
        value: name.to_owned(),
        percent: percent(share),
    })
}

/// Values at one end of the column, mostly the newest, are gone.
#[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
pub(super) fn emptied(name: &str, now: &ColumnCells, answers: &PastAnswers<'_>) -> Option<Fact> {
    let filled = answers.range(&RowSeries::Filled.series(name))?;
    let shares = answers.range(name)?;
    let lost = filled.least - now.filled as f64;
    let share = now.share(now.count - now.filled);
    let risen = share - shares.most >= RISE;
    (now.run >= MIN_RUN && lost >= MIN_RUN as f64 && risen).then(|| Fact::CellsEmptied {
        value: name.to_owned(),
        cells: now.run as u64,
        percent: percent(share),
    })
}

/// The rows are written in another script than in every one of the last good answers.
fn other_script(name: &str, now: &ColumnCells, answers: &PastAnswers<'_>) -> Option<Fact> {
    let script = now.script.as_deref()?;
    let past = answers.past(&RowSeries::Script.series(name));
    let mut last = past.iter().rev().take(LAST);
    let Value::Text(earlier) = &past.last()?.value else {
        return None;
    };
    let agree = past.len() >= LAST
        && last.all(|past| matches!(&past.value, Value::Text(text) if text == earlier));
    (agree && earlier != script).then(|| Fact::RowsInOtherScript {
        value: name.to_owned(),
        script: script.to_owned(),
    })
}

/// Whether most cells differ: one label in all rows says nothing of their script.
#[allow(clippy::cast_precision_loss)] // counts of cells stay far below 2^53
fn differ(texts: &[&str]) -> bool {
    let distinct: HashSet<&&str> = texts.iter().collect();
    distinct.len() as f64 >= MOST * texts.len() as f64
}

/// The script of most letters.
#[allow(clippy::cast_precision_loss)] // counts of letters stay far below 2^53
fn script(texts: &[&str]) -> Option<&'static str> {
    let mut counts = [0_usize; SCRIPTS.len()];
    for c in texts.iter().flat_map(|text| text.chars()) {
        if let Some(at) = script_of(c) {
            counts[at] += 1;
        }
    }
    let all: usize = counts.iter().sum();
    let (at, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let clear = all >= FEWEST_LETTERS && *most as f64 >= CLEARLY * all as f64;
    clear.then(|| SCRIPTS[at])
}

/// The scripts that are distinguished, as records spell them.
const SCRIPTS: [&str; 5] = ["han", "hangul", "kana", "latin", "cyrillic"];

fn script_of(c: char) -> Option<usize> {
    match c {
        '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' => Some(0),
        '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => Some(1),
        '\u{3040}'..='\u{30ff}' => Some(2),
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' => Some(3),
        '\u{400}'..='\u{4ff}' => Some(4),
        _ => None,
    }
}

/// A text with letters or figures in which two or more signs in a row stand for others.
pub(super) fn hides_a_part(text: &str) -> bool {
    let mut run = 0_usize;
    let mut longest = 0;
    let mut says = false;
    for c in text.trim().chars() {
        says |= c.is_alphanumeric();
        run = if is_mask(c) { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    says && longest >= 2
}

fn is_mask(c: char) -> bool {
    matches!(
        c,
        '*' | '＊'
            | '×'
            | '✕'
            | '•'
            | '●'
            | '○'
            | '◯'
            | '□'
            | '■'
            | '█'
            | '▇'
            | '▓'
            | '▒'
            | '░'
            | '※'
            | '#'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::{History, PastValue};
    use crate::model::time::from_micros;

    fn cells(texts: &[String]) -> ColumnCells {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        ColumnCells::of_texts(&texts, |text| text == "…").unwrap()
    }

    fn is_lost(known: &[String], now: &[String]) -> bool {
        let at = from_micros(0);
        let known = cells(known);
        let mut history: History = known
            .series("names")
            .into_iter()
            .map(|(name, value)| (name, vec![PastValue { at, value }; LAST]))
            .collect();
        let value = Value::NullShare(known.share(known.count - known.filled));
        history.insert("names".to_owned(), vec![PastValue { at, value }]);
        let answers = PastAnswers {
            history: &history,
            now: from_micros(1),
        };
        fault("names", &cells(now), &answers).is_some()
    }

    fn column(count: usize, text: impl Fn(usize) -> String) -> Vec<String> {
        (0..count).map(text).collect()
    }

    #[test]
    fn names_that_are_masked_and_were_not() {
        let known = column(12, |n| format!("甲{n}公司"));
        for mask in ["＊＊", "***", "××", "■■", "○○", "●●●"] {
            let now = column(12, |n| format!("甲{mask}{n}司"));
            assert!(is_lost(&known, &now), "{mask}");
            assert!(!is_lost(&now, &now), "{mask}");
        }
        for sound in ["2 × 4", "C#", "五星★★", "a-b--c", "注※"] {
            assert!(
                !is_lost(&known, &column(12, |_| sound.to_owned())),
                "{sound}"
            );
        }
        let some = column(12, |n| {
            if n < 3 {
                "甲**".to_owned()
            } else {
                format!("甲{n}")
            }
        });
        assert!(!is_lost(&known, &some));
    }

    #[test]
    fn one_word_in_the_newest_cells_is_no_value() {
        let known = column(30, |n| format!("{}.{n}", 100 + n));
        let with = |word: &str, cells: usize| {
            column(30, |n| {
                if n < cells {
                    word.to_owned()
                } else {
                    format!("{}.{n}", 100 + n)
                }
            })
        };
        for word in ["자료 협의", "調整中", "协议用户", "on request"] {
            assert!(is_lost(&known, &with(word, 9)), "{word}");
            let last: Vec<String> = with(word, 9).into_iter().rev().collect();
            assert!(is_lost(&known, &last), "{word}");
            assert!(!is_lost(&known, &with(word, 2)), "{word}");
            let always = with(word, 9);
            assert!(!is_lost(&always, &always), "{word}");
        }
        let words = column(30, |n| {
            if n < 9 {
                "是".to_owned()
            } else {
                format!("第{n}类项目")
            }
        });
        assert!(!is_lost(&words, &words));
    }

    #[test]
    fn figures_that_lost_their_decimals() {
        let lost = |known: &[String], now: &[String]| {
            let at = from_micros(0);
            let series = cells(known).series("v").into_iter();
            let history: History = series
                .map(|(name, value)| (name, vec![PastValue { at, value }; LAST]))
                .collect();
            let answers = PastAnswers {
                history: &history,
                now: from_micros(1),
            };
            cells(now).lost_decimals("v", &answers)
        };
        let fine = column(12, |n| format!("{}.{}元", 30 + n, n % 10));
        let tens = column(12, |n| format!("{}元", (30 + n) / 10 * 10));
        assert!(lost(&fine, &tens));
        assert!(!lost(&tens, &tens), "never any");
        assert!(!lost(&fine, &fine));
        let words = column(12, |_| "见公报".to_owned());
        assert!(!lost(&fine, &words), "no figures");
    }

    #[test]
    fn rows_in_another_script() {
        let korean = column(12, |n| format!("한국어 자료 목록의 제목 {n}"));
        let chinese = column(12, |n| format!("换成中文的资料题名第{n}号"));
        let mixed = column(12, |n| format!("한국어 자료 中文 {n}"));
        assert!(is_lost(&korean, &chinese) && is_lost(&chinese, &korean));
        assert!(!is_lost(&korean, &korean) && !is_lost(&korean, &mixed));
        let figures = column(12, |n| format!("{n}.5"));
        assert!(!is_lost(&korean, &figures));
    }

    #[test]
    fn values_of_the_newest_rows_are_gone() {
        let known = column(48, |n| format!("{n}.5"));
        let without = |range: std::ops::Range<usize>, count: usize| {
            column(count, |n| {
                if range.contains(&n) {
                    "…".to_owned()
                } else {
                    format!("{n}.5")
                }
            })
        };
        assert!(is_lost(&known, &without(0..8, 48)));
        assert!(is_lost(&known, &without(40..48, 48)));
        assert!(!is_lost(&known, &without(0..2, 48)), "two are late");
        assert!(
            !is_lost(&known, &without(48..60, 60)),
            "rows of a year to come"
        );
        assert!(
            !is_lost(&known, &column(30, |n| format!("{n}.5"))),
            "fewer rows"
        );
    }
}
