//! How long the texts of a feed or of data usually are: a sentence that leads elsewhere, in place
//! of each text, is far shorter, even when it differs from row to row.

use super::frame::{FrameRequirement, LostValue};
use super::past_answers::PastAnswers;
use crate::model::page::{RowSeries, Value};
use crate::model::{Code, Fact};

/// Fewer texts have no usual length.
const FEWEST: usize = 5;
/// Shorter ones are names and figures.
const LONG: f64 = 30.0;
/// So many earlier answers show what is usual.
const ANSWERS: usize = 5;
/// At this share of the usual length or less, the texts are cut.
const LEFT: f64 = 0.35;

/// The median number of characters of the texts that say something.
#[allow(clippy::cast_precision_loss)] // lengths stay far below 2^53
pub(super) fn median(texts: &[&str]) -> Option<f64> {
    let says = |text: &&&str| text.chars().any(char::is_alphanumeric);
    let lengths = texts.iter().filter(says);
    let mut lengths: Vec<usize> = lengths.map(|text| text.trim().chars().count()).collect();
    lengths.sort_unstable();
    let middle = lengths.get(lengths.len() / 2)?;
    (lengths.len() >= FEWEST).then_some(*middle as f64)
}

/// What is kept with the value; short texts too, so that a feed that sometimes has them is known.
pub(in crate::judge) fn series(name: &str, length: f64) -> (String, Value) {
    (RowSeries::TextLength.series(name), Value::Number(length))
}

/// The texts are far shorter than in every earlier good answer.
pub(super) fn fault(name: &str, now: f64, answers: &PastAnswers<'_>) -> Option<LostValue> {
    let series = RowSeries::TextLength.series(name);
    if answers.past(&series).len() < ANSWERS {
        return None;
    }
    let earlier = answers.range(&series)?.least;
    (earlier >= LONG && now <= LEFT * earlier).then(|| {
        let fact = Fact::TextsShort {
            value: name.to_owned(),
            characters: now,
            earlier,
        };
        (Code::ContentShrunk, fact, FrameRequirement::Part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::{History, PastValue};
    use crate::model::time::from_micros;

    /// Whether the texts are lost after answers with these texts.
    fn is_lost_after(known: &[&[String]], now: &[String]) -> bool {
        let texts = |texts: &[String]| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            median(&texts).unwrap()
        };
        let mut history = History::new();
        for known in known {
            let (name, value) = series("texts", texts(known));
            let at = from_micros(0);
            history
                .entry(name)
                .or_default()
                .push(PastValue { at, value });
        }
        let answers = PastAnswers {
            history: &history,
            now: from_micros(1),
        };
        fault("texts", texts(now), &answers).is_some()
    }

    fn is_lost(known: &[String], now: &[String]) -> bool {
        is_lost_after(&[known; ANSWERS], now)
    }

    fn column(text: impl Fn(usize) -> String) -> Vec<String> {
        (1..=9).map(text).collect()
    }

    #[test]
    fn texts_that_gave_way_to_a_sentence() {
        let known = column(|n| format!("{n}{}", "本文件就有关事项作出规定，".repeat(4 + n % 3)));
        let lost: [&dyn Fn(usize) -> String; 4] = [
            &|n| format!("订阅用户可读第{n}件"),
            &|n| format!("Read item {n} online"),
            &|n| format!("{n}本文件就有关事项…"),
            &|_| "请到门户".to_owned(),
        ];
        for now in lost {
            assert!(is_lost(&known, &column(now)), "{}", now(3));
        }
        assert!(!is_lost(&known, &known));
        assert!(!is_lost(
            &known,
            &column(|n| format!("{n}{}", "作出规定，".repeat(6)))
        ));
        let names = column(|n| format!("第{n}号公司有限责任"));
        assert!(
            !is_lost(&names, &column(|n| n.to_string())),
            "names are no texts"
        );
    }

    #[test]
    fn a_day_of_short_notices_is_no_loss_before_the_usual_length_is_known() {
        let long = column(|n| format!("{n}{}", "本文件就有关事项作出规定，".repeat(16)));
        let notices = column(|n| format!("第{n}号通知"));
        assert!(!is_lost_after(&[&long], &notices));
        assert!(!is_lost_after(&[long.as_slice(); ANSWERS - 1], &notices));
        assert!(is_lost_after(&[long.as_slice(); ANSWERS], &notices));
        let with_notices: [&[String]; 6] = [&long, &long, &notices, &long, &long, &long];
        assert!(!is_lost_after(&with_notices, &notices));
    }
}
