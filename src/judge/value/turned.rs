//! Columns of figures that hold something else now: words, ciphers, ranks.

use super::cells::ColumnCells;
use super::context::ValueContext;
use super::past_answers::PastAnswers;
use super::percent;
use crate::model::Fact;
use crate::model::page::RowSeries;

/// At this share of figures or more, a column is one of figures; at `LITTLE` or less, it is not.
const NEARLY_ALL: f64 = 0.8;
const LITTLE: f64 = 0.2;

/// What the figures of a table have turned into: words, ciphers, ranks. A single column may have
/// changed its place with another, so at least half of those with figures must have turned.
pub(super) fn found(name: &str, context: &ValueContext<'_>) -> Option<Fact> {
    let answers = context.answers();
    let cells = |name: &String| context.extracted.get(name)?.cells.as_ref();
    let had = |name: &String| {
        let past = answers.range(&RowSeries::Figures.series(name));
        past.is_some_and(|past| past.least >= NEARLY_ALL)
    };
    let of_figures: Vec<&String> = context.extracted.keys().filter(|name| had(name)).collect();
    let lost = |name: &String| turned_one(name, cells(name)?, &answers);
    let all = of_figures
        .iter()
        .filter(|name| lost(name).is_some())
        .count();
    let is_one = of_figures.iter().any(|known| *known == name);
    let found = lost(&name.to_owned()).filter(|_| is_one)?;
    (2 * all >= of_figures.len()).then_some(found)
}

fn turned_one(name: &str, now: &ColumnCells, answers: &PastAnswers<'_>) -> Option<Fact> {
    if !now.is_filled() {
        return None;
    }
    if now.figure_share() <= LITTLE {
        return Some(Fact::CellsWithoutFigures {
            value: name.to_owned(),
            percent: percent(now.figure_share()),
        });
    }
    let ranked = answers.range(&RowSeries::Ranks.series(name))?;
    let cells = now.ranks().filter(|_| ranked.most < 1.0)?;
    Some(Fact::CellsAreRanks {
        value: name.to_owned(),
        cells: cells as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::value::extract::{ExtractedValue, Extraction};
    use crate::model::page::{History, PastValue};
    use crate::model::time::from_micros;
    use crate::schedule::calendar::Calendars;

    /// How many of the last answers are alike.
    const LAST: usize = 5;

    fn cells(texts: &[String]) -> ColumnCells {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        ColumnCells::of_texts(&texts, |text| text == "…").unwrap()
    }

    fn column(count: usize, text: impl Fn(usize) -> String) -> Vec<String> {
        (0..count).map(text).collect()
    }

    /// How many columns of a table have turned, each given before and now.
    fn turned_of(columns: &[[Vec<String>; 2]]) -> usize {
        let at = from_micros(0);
        let mut history = History::new();
        let mut extracted_values = std::collections::BTreeMap::new();
        for (n, [known, now]) in columns.iter().enumerate() {
            let name = format!("column{n}");
            for (series, value) in cells(known).series(&name) {
                history.insert(series, vec![PastValue { at, value }; LAST]);
            }
            let extracted = ExtractedValue {
                cells: Some(cells(now)),
                ..ExtractedValue::from(Extraction::Null)
            };
            extracted_values.insert(name, extracted);
        }
        let calendars = Calendars::default();
        let context = ValueContext {
            taken: &std::collections::BTreeMap::new(),
            extracted: &extracted_values,
            specs: &[],
            history: &history,
            calendars: &calendars,
            now: from_micros(1),
        };
        extracted_values
            .keys()
            .filter(|name| found(name, &context).is_some())
            .count()
    }

    #[test]
    fn figures_that_turned_into_something_else() {
        let known = || column(12, |n| format!("{}.{n}", 100 + 37 * n));
        let all = |now: &dyn Fn(usize) -> String| turned_of(&[[known(), column(12, now)]]);
        let lost: [&dyn Fn(usize) -> String; 10] = [
            &|n| ["偏高", "偏低", "相当"][n % 3].to_owned(),
            &|n| format!("q{n}Zk8vWd+LmXr0{n}=="),
            &|n| (n + 1).to_string(),
            &|n| (n / 2 * 2 + 1).min(12).to_string(),
            &|n| ["Ⅰ类", "Ⅳ类"][n % 2].to_owned(),
            &|n| ["▲", "▼"][n % 2].to_owned(),
            &|n| format!("{}—{}", 100 + n, 101 + n),
            &|n| format!("{}万至{}万", n + 3, n + 4),
            &|_| "１００—１０１".to_owned(),
            &|_| "见内部资料".to_owned(),
        ];
        for now in lost {
            assert_eq!(all(now), 1, "{}", now(3));
        }
        let same: [&dyn Fn(usize) -> String; 9] = [
            &|n| format!("{}", 90 + 41 * n),
            &|n| format!("{n}.7万亿元"),
            &|n| format!("<{}", 5 + n),
            &|n| format!("{n},345.6 ({n})"),
            &|n| format!("增长{n}.2%"),
            &|n| format!("-{n}.5"),
            &|n| format!("{n}.5 (-0.{n}%)"),
            &|n| format!("1.{n}E-05"),
            &|n| {
                if n < 3 {
                    "持平".to_owned()
                } else {
                    format!("{n}.5")
                }
            },
        ];
        for now in same {
            assert_eq!(all(now), 0, "{}", now(3));
        }
    }

    #[test]
    fn a_column_of_words_between_columns_of_figures_is_no_loss() {
        let figures = |by: usize| column(12, |n| format!("{}.5", n * by + 20));
        let words = || column(12, |n| format!("某地{}", ["甲", "乙", "丙"][n % 3]));
        let shifted = [
            [figures(3), words()],
            [figures(5), figures(3)],
            [figures(7), figures(5)],
        ];
        assert_eq!(turned_of(&shifted), 0);
        let ranked = column(12, |n| (n + 1).to_string());
        assert_eq!(turned_of(&[[ranked.clone(), ranked]]), 0, "always ranks");
    }
}
