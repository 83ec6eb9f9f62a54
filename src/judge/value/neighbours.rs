//! Losses of one column that its neighbours explain: a column was put before it, or it ended before
//! the others.

use std::collections::HashSet;

use super::cells;
use super::context::ValueContext;
use super::standing::texts;
use crate::model::Fact;
use crate::model::page::RowSeries;

/// A column with fewer texts may hold those of another by chance.
const FEWEST_TEXTS: usize = 5;
/// At least this share of a column's texts stands in another column,
const MOVED: f64 = 0.6;
/// of whose own texts clearly fewer are left.
const APART: f64 = 0.2;
/// At this share of figures or more, a column is one of figures.
const OF_FIGURES: f64 = 0.8;
/// One column of at least so many may end before the others, …
const NEIGHBOURS: usize = 4;
/// … while fewer of its cells than these are empty.
const FEW_PERCENT: f64 = 20.0;

/// Whether most of what a short column held last stands in another column now, which held other
/// texts: a new column was put before it.
pub(super) fn stands_elsewhere(name: &str, context: &ValueContext<'_>) -> bool {
    let last_of = |name: &str| {
        let past = context.past(&RowSeries::Standing.series(name)).last();
        past.map(|past| texts(past).into_iter().collect::<HashSet<&str>>())
    };
    let Some(held) = last_of(name).filter(|held| held.len() >= FEWEST_TEXTS) else {
        return false;
    };
    let mut others = context.extracted.iter().filter(|(other, _)| *other != name);
    others.any(|(other, value)| {
        let Some(now) = &value.standing else {
            return false;
        };
        let now: HashSet<&str> = now.digests().iter().map(String::as_str).collect();
        let moved = share(held.intersection(&now).count(), held.len());
        let own =
            last_of(other).map_or(0.0, |own| share(own.intersection(&now).count(), own.len()));
        moved >= MOVED && own < moved - APART
    })
}

/// A few cells at an end of one column of figures are empty, and most of its neighbours end as they
/// did: a season or a series ended, and the table goes on.
pub(super) fn ends_alone(fact: &Fact, context: &ValueContext<'_>) -> bool {
    let Fact::CellsEmptied { percent, .. } = fact else {
        return false;
    };
    let answers = context.answers();
    let had_figures = |name: &str| {
        let past = answers.range(&RowSeries::Figures.series(name));
        past.is_some_and(|past| past.least >= OF_FIGURES)
    };
    let columns = context
        .extracted
        .iter()
        .filter(|(name, _)| had_figures(name.as_str()));
    let columns = columns.filter_map(|(name, value)| Some((name, value.cells.as_ref()?)));
    let ends: Vec<bool> = columns
        .map(|(name, column)| cells::emptied(name, column, &answers).is_some())
        .collect();
    let ended = ends.iter().filter(|ended| **ended).count();
    *percent < FEW_PERCENT && ends.len() >= NEIGHBOURS && 2 * ended < ends.len()
}

#[allow(clippy::cast_precision_loss)] // at most the texts of a short column
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::judge::value::cells::ColumnCells;
    use crate::judge::value::extract::{ExtractedValue, Extraction};
    use crate::judge::value::standing::StandingTexts;
    use crate::model::page::{History, PastValue, Value};
    use crate::model::time::from_micros;
    use crate::schedule::calendar::Calendars;

    type Table = [(&'static str, Vec<String>)];

    fn column(count: usize, text: impl Fn(usize) -> String) -> Vec<String> {
        (0..count).map(text).collect()
    }

    fn cells(texts: &[String]) -> ColumnCells {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        ColumnCells::of_texts(&texts, |text| text == "-").unwrap()
    }

    /// What `ask` says of a table that held `known` five times and holds `now`.
    fn asked<T>(known: &Table, now: &Table, ask: impl Fn(&ValueContext<'_>) -> T) -> T {
        let mut history = History::new();
        for (name, texts) in known {
            let all: Vec<&str> = texts.iter().map(String::as_str).collect();
            let standing = StandingTexts::of_column(&all, |text| text == "-").unwrap();
            let mut series = standing.series(name);
            series.extend(cells(texts).series(name));
            series.push(((*name).to_owned(), Value::NullShare(0.0)));
            for (name, value) in series {
                let at = from_micros(0);
                history.insert(name, vec![PastValue { at, value }; 5]);
            }
        }
        let extracted: BTreeMap<String, ExtractedValue> = now
            .iter()
            .map(|(name, texts)| {
                let all: Vec<&str> = texts.iter().map(String::as_str).collect();
                let value = ExtractedValue {
                    standing: StandingTexts::of_column(&all, |text| text == "-"),
                    cells: Some(cells(texts)),
                    ..ExtractedValue::from(Extraction::Null)
                };
                ((*name).to_owned(), value)
            })
            .collect();
        ask(&ValueContext {
            taken: &BTreeMap::new(),
            extracted: &extracted,
            specs: &[],
            history: &history,
            calendars: &Calendars::default(),
            now: from_micros(1),
        })
    }

    fn prices(by: usize) -> Vec<String> {
        column(30, |n| format!("{}.{}", 10 * by + n, n % 10))
    }

    #[test]
    fn a_column_of_few_values_was_put_before_the_others() {
        let known = [("a", prices(1)), ("b", prices(9)), ("c", prices(20))];
        let few = || column(30, |n| ["佐藤", "三浦", "神田"][n % 3].to_owned());
        // A new day came to the top of each column meanwhile.
        let aged = |by: usize| {
            let mut texts = prices(by);
            texts.rotate_right(1);
            texts[0] = format!("{by}77.5");
            texts
        };
        let put_before = [("a", few()), ("b", aged(1)), ("c", aged(9))];
        assert!(asked(&known, &put_before, |c| stands_elsewhere("a", c)));
        let in_place = [("a", few()), ("b", aged(9)), ("c", aged(20))];
        assert!(!asked(&known, &in_place, |c| stands_elsewhere("a", c)));
        assert!(!asked(&known, &known, |c| stands_elsewhere("a", c)));
    }

    #[test]
    fn one_column_ends_before_the_others_or_all_end() {
        let names = ["a", "b", "c", "d", "e"];
        let known: Vec<_> = names.iter().map(|name| (*name, prices(3))).collect();
        let ended = |how_many: usize, cells: usize| {
            let end = |n: usize, text: String| if n < cells { "-".to_owned() } else { text };
            let now: Vec<_> = names
                .iter()
                .enumerate()
                .map(|(at, name)| {
                    let texts = prices(3).into_iter().enumerate();
                    let texts: Vec<String> = texts
                        .map(|(n, text)| if at < how_many { end(n, text) } else { text })
                        .collect();
                    (*name, texts)
                })
                .collect();
            asked(&known, &now, |context| {
                let first = context.extracted["a"].cells.as_ref().unwrap();
                let fact = cells::emptied("a", first, &context.answers());
                ends_alone(&fact.expect("emptied"), context)
            })
        };
        assert!(ended(1, 4));
        assert!(!ended(5, 4), "all end");
        assert!(!ended(1, 12), "much of it is gone");
    }
}
