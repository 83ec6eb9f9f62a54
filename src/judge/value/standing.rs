//! Texts that every earlier good answer had: the fields of a record, the names of the rows of a
//! table. News pass, and say nothing here; what always stood and is hidden or gone is a loss.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::frame::{FrameRequirement, LostValue};
use super::past_answers::PastAnswers;
use super::turnover::{DIGITS, digest};
use crate::model::page::{PastValue, RowSeries, Value};
use crate::model::{Code, Fact};

/// A longer column is not kept text by text.
const MOST_TEXTS: usize = 48;
/// A record has at most this many fields.
const MOST_FIELDS: usize = 16;
/// Fewer texts are no column.
const FEWEST_TEXTS: usize = 2;
/// So many earlier answers show what always stood.
const ANSWERS: usize = 5;
/// At most so many of the newest ones are compared.
const NEWEST: usize = 30;
/// A column stands when at least this share of its texts was in every answer.
const STANDS: f64 = 0.8;
/// At least so many texts are hidden, and at least this share of those that stood.
const FEWEST_HIDDEN: usize = 2;
const HIDDEN: f64 = 0.15;
/// At least so many rows always stood, and this share of them or more is gone.
const FEWEST_NAMES: usize = 5;
const GONE: f64 = 0.4;
/// Most of the rows that are gone have nothing in their place.
const MOST: f64 = 0.8;
/// The first page of a list that was cut into pages has at least so many rows.
const PAGE: usize = 10;

/// The texts of a column, or the names of the rows of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StandingTexts {
    digests: Vec<String>,
    count: usize,
    hidden: usize,
    /// Of a list: whether its rows lead on, so that it may be cut into pages.
    leads: Option<bool>,
}

impl StandingTexts {
    /// A column by its texts; `is_empty`: a text that stands for no value.
    pub(super) fn of_column(texts: &[&str], is_empty: impl Fn(&str) -> bool) -> Option<Self> {
        if texts.len() > MOST_TEXTS {
            return None;
        }
        let hidden = texts.iter().filter(|text| is_empty(text) || hides(text));
        let cut = texts.iter().filter(|text| is_cut(text)).count();
        // Titles are cut to fit their line, and then most of them are.
        let is_record = texts.len() <= MOST_FIELDS && 2 * cut <= texts.len();
        let hidden = hidden.count() + if is_record { cut } else { 0 };
        Self::of_texts(texts, hidden, None)
    }

    /// A list by the names of its rows.
    pub(super) fn of_names(names: &[&str], leads: bool) -> Option<Self> {
        Self::of_texts(names, 0, Some(leads))
    }

    fn of_texts(texts: &[&str], hidden: usize, leads: Option<bool>) -> Option<Self> {
        let is_short = (FEWEST_TEXTS..=MOST_TEXTS).contains(&texts.len());
        let says = |text: &&&str| text.chars().any(char::is_alphanumeric);
        let digests = texts.iter().filter(says).map(|text| digest(text.trim()));
        is_short.then(|| Self {
            digests: digests.collect(),
            count: texts.len(),
            hidden,
            leads,
        })
    }

    /// Digests of the texts that say something, in their order.
    pub(super) fn digests(&self) -> &[String] {
        &self.digests
    }

    /// What is kept with the value.
    #[allow(clippy::cast_precision_loss)] // at most MOST_TEXTS
    pub(in crate::judge) fn series(&self, name: &str) -> Vec<(String, Value)> {
        let text = Value::Text(self.digests.concat());
        let mut series = vec![(RowSeries::Standing.series(name), text)];
        if self.hidden > 0 {
            let hidden = Value::Number(self.hidden as f64);
            series.push((RowSeries::Hidden.series(name), hidden));
        }
        series
    }
}

/// The texts of an earlier answer, in order.
pub(super) fn texts(past: &PastValue) -> Vec<&str> {
    let Value::Text(text) = &past.value else {
        return Vec::new();
    };
    let cuts = (0..text.len() / DIGITS).filter_map(|n| text.get(n * DIGITS..(n + 1) * DIGITS));
    cuts.collect()
}

/// The texts of the last answer, if nearly all of them were in every earlier one, and those of
/// them that were.
fn stood<'a>(name: &str, answers: &PastAnswers<'a>) -> Option<(Vec<&'a str>, HashSet<&'a str>)> {
    let past = answers.past(&RowSeries::Standing.series(name));
    let newest = &past[past.len().saturating_sub(NEWEST)..];
    let (last, earlier) = newest.split_last()?;
    let last = texts(last);
    let mut always: HashSet<&str> = last.iter().copied().collect();
    for past in earlier {
        let then: HashSet<&str> = texts(past).into_iter().collect();
        always.retain(|text| then.contains(text));
    }
    let distinct: HashSet<&str> = last.iter().copied().collect();
    let stands = always.len() >= FEWEST_TEXTS && share(always.len(), distinct.len()) >= STANDS;
    (newest.len() >= ANSWERS && stands).then_some((last, always))
}

/// Whether a value of this name always held the same texts.
pub(super) fn always_stood(name: &str, answers: &PastAnswers<'_>) -> bool {
    stood(name, answers).is_some()
}

/// What is hidden or gone of the texts that always stood.
pub(super) fn fault(
    name: &str,
    now: &StandingTexts,
    answers: &PastAnswers<'_>,
) -> Option<LostValue> {
    let (last, always) = stood(name, answers)?;
    let there: HashSet<&str> = now.digests.iter().map(String::as_str).collect();
    let missing = always.iter().filter(|text| !there.contains(**text)).count();
    let value = name.to_owned();
    let all = always.len() as u64;
    // What is empty in a new field hides nothing that stood.
    let more = now.count.saturating_sub(last.len());
    let hidden = newly_hidden(name, now, answers)
        .saturating_sub(more)
        .min(missing);
    if hidden >= FEWEST_HIDDEN && share(hidden, always.len()) >= HIDDEN {
        let hidden = hidden as u64;
        let fact = Fact::StandingHidden { value, hidden, all };
        return Some((Code::ContentNulls, fact, FrameRequirement::Part));
    }
    let leads = now.leads?;
    let gone = always.len() >= FEWEST_NAMES && share(missing, always.len()) >= GONE;
    let fewer = share(last.len().saturating_sub(now.count), missing) >= MOST;
    if !gone || !fewer || is_first_page(now, &last, leads) {
        return None;
    }
    let gone = missing as u64;
    let fact = Fact::StandingGone { value, gone, all };
    Some((Code::ContentShrunk, fact, FrameRequirement::Part))
}

/// How many more texts are hidden than in any earlier answer.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // `as` saturates
fn newly_hidden(name: &str, now: &StandingTexts, answers: &PastAnswers<'_>) -> usize {
    let past = answers.range(&RowSeries::Hidden.series(name));
    let most = past.map_or(0, |past| past.most as usize);
    now.hidden.saturating_sub(most)
}

/// The rows that are left are the first ones, as many as a page may hold.
fn is_first_page(now: &StandingTexts, last: &[&str], leads: bool) -> bool {
    let first = now.digests.iter().zip(last).all(|(now, last)| now == last);
    first && (now.count >= PAGE || leads)
}

/// A text in which signs stand for letters: two or more in a row, or one between two letters.
fn hides(text: &str) -> bool {
    let chars: Vec<char> = text.trim().chars().collect();
    let is_mask = |c: &char| matches!(c, '*' | '＊');
    let says = chars.iter().any(|c| c.is_alphanumeric());
    let is_letter = |c: &char| c.is_alphabetic() && !c.is_ascii();
    let within = chars
        .windows(3)
        .any(|w| is_letter(&w[0]) && is_mask(&w[1]) && is_letter(&w[2]));
    says && (within || super::cells::hides_a_part(text))
}

/// A text that ends in dots.
fn is_cut(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with(['…', '⋯']) || text.ends_with("...")
}

#[allow(clippy::cast_precision_loss)] // at most MOST_TEXTS
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::page::History;
    use crate::model::time::from_micros;

    fn column(texts: &[&str]) -> StandingTexts {
        StandingTexts::of_column(texts, |text| matches!(text, "—" | "＊＊＊＊")).unwrap()
    }

    fn after(past: &[StandingTexts], now: &StandingTexts) -> Option<Code> {
        let mut history = History::new();
        for (n, known) in past.iter().enumerate() {
            let at = from_micros(i64::try_from(n).unwrap());
            for (name, value) in known.series("v") {
                history
                    .entry(name)
                    .or_default()
                    .push(PastValue { at, value });
            }
        }
        let answers = PastAnswers {
            history: &history,
            now: from_micros(100),
        };
        fault("v", now, &answers).map(|(code, ..)| code)
    }

    const FIELDS: [&str; 9] = [
        "91310115MA1K4",
        "东洲沧澜文化传播有限公司",
        "沈若兰",
        "1200万元人民币",
        "2015年06月03日",
        "长期",
        "东洲市临江区文津路318号",
        "存续",
        "组织文化艺术交流活动；会议及展览服务",
    ];

    /// The fields, with some of them changed.
    fn with(changes: &[(usize, &'static str)]) -> StandingTexts {
        let mut fields = FIELDS;
        for (at, text) in changes {
            fields[*at] = text;
        }
        column(&fields)
    }

    #[test]
    fn fields_that_are_hidden_one_by_one() {
        let known = vec![with(&[]); 6];
        for lost in [
            &[(2, "沈*兰"), (6, "东洲市****")][..],
            &[(0, "9131****"), (2, "沈某"), (6, "＊＊＊＊")],
            &[(3, "—"), (4, "—"), (8, "—")],
            &[(1, "东洲××文化公司"), (2, "沈■■")],
            &[(6, "东洲市临江区…"), (8, "组织文化艺术...")],
            &[(6, "东洲市临江区●●●●●●"), (0, "9131●●●●●●")],
        ] {
            assert_eq!(
                after(&known, &with(lost)),
                Some(Code::ContentNulls),
                "{lost:?}"
            );
        }
        for quiet in [
            &[][..],
            &[(2, "韩宇航"), (6, "安原市西区8号"), (3, "900万元人民币")],
            &[(7, "注销"), (5, "—")],
            &[(2, "沈*兰")],
            &[(7, "吊销*"), (8, "演出、展览 * 含线上")],
        ] {
            assert_eq!(after(&known, &with(quiet)), None, "{quiet:?}");
        }
        let mut more: Vec<&str> = FIELDS.to_vec();
        more[5] = "—";
        more[7] = "注销";
        more.extend(["—", "文化艺术业"]);
        assert_eq!(
            after(&known, &column(&more)),
            None,
            "new fields, one of them empty"
        );
        let masked = vec![with(&[(2, "沈*兰"), (6, "东洲市****")]); 6];
        assert_eq!(after(&masked, &masked[0]), None, "always so");
        assert_eq!(
            after(&known[..3], &with(&[(2, "沈*兰"), (6, "东洲市****")])),
            None
        );
    }

    fn rows(names: &[usize], leads: bool) -> StandingTexts {
        let names: Vec<String> = names.iter().map(|n| format!("指标{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        StandingTexts::of_names(&names, leads).unwrap()
    }

    #[test]
    fn names_that_always_stood_and_are_gone() {
        let twelve: Vec<usize> = (0..12).collect();
        let known = vec![rows(&twelve, false); 6];
        for left in [
            &[0, 1, 2, 3, 4, 5][..],
            &[0, 1, 2, 3, 4, 10],
            &[6, 7, 8, 9, 10, 11],
            &[2, 4],
            &[0, 1, 2, 3, 8, 9, 90],
        ] {
            assert_eq!(
                after(&known, &rows(left, false)),
                Some(Code::ContentShrunk),
                "{left:?}"
            );
        }
        let renamed: Vec<usize> = (0..12)
            .map(|n| if n % 2 == 0 { n + 90 } else { n })
            .collect();
        let regrouped: Vec<usize> = (0..4).chain(90..95).collect();
        let fewer: Vec<usize> = (0..9).collect();
        for left in [twelve.clone(), renamed, regrouped, fewer] {
            assert_eq!(after(&known, &rows(&left, false)), None, "{left:?}");
        }
        let thirty: Vec<usize> = (0..30).collect();
        let listed = vec![rows(&thirty, true); 6];
        assert_eq!(
            after(&listed, &rows(&thirty[..15], true)),
            None,
            "a page of half the size"
        );
        assert_eq!(
            after(&listed, &rows(&thirty[15..], true)),
            Some(Code::ContentShrunk)
        );
        // News pass: nothing always stood.
        let news: Vec<StandingTexts> = (0..6)
            .map(|n| rows(&thirty[n * 3..n * 3 + 12], true))
            .collect();
        assert_eq!(after(&news, &rows(&thirty[20..24], true)), None);
    }
}
