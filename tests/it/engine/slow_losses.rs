//! Losses that come little by little, each day less than any limit, over two months: they show
//! beside the good answers of weeks ago.

use accesswatch::model::Code;
use chrono::{Days as Span, NaiveDate};

use crate::support::days::Days;
use crate::support::pages::Answer;

const PROBE: &str = "
[probe.expect]
title = ['名录']

[probe.value.items]
select = '.list li'
as = 'count'
min = 3
max_drop = '55%'

[probe.value.names]
select = '.list b'
as = 'null_share'
max = 0.9
";

/// A list of these entries, each with a name.
fn list(entries: impl Iterator<Item = (usize, String)>) -> Answer {
    let row =
        |(n, name): (usize, String)| format!("<li><a href=/e/{n}>第{n}条</a> <b>{name}</b></li>");
    let rows: String = entries.map(row).collect();
    Answer::html(&format!(
        "<html><head><title>名录</title></head><body><ul class=list>{rows}</ul></body></html>"
    ))
}

fn name(n: usize) -> String {
    format!("甲{}乙{n}公司", n * 7 % 31)
}

/// The first day on which the status is not `ok`, and its code.
async fn first_loss(days: usize, answer: impl Fn(usize) -> Answer) -> Option<(usize, Code)> {
    let watched = Days::begin(PROBE).await;
    let begin = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let mut found = None;
    for day in 0..days {
        let date = begin + Span::new(day as u64);
        let code = watched
            .look(&format!("{date}T10:00:00Z"), answer(day))
            .await;
        if code != Code::Ok {
            found = Some((day, code));
            break;
        }
    }
    watched.end();
    found
}

#[tokio::test]
async fn a_list_that_loses_a_row_a_day() {
    let left = |day: usize| 60 - day.saturating_sub(15);
    let lost = first_loss(60, |day| list((0..left(day)).map(|n| (n, name(n))))).await;
    let (day, code) = lost.expect("a loss");
    assert_eq!(code, Code::ContentShrunk);
    assert!(
        (20..27).contains(&left(day)),
        "{} rows were left",
        left(day)
    );
}

#[tokio::test]
async fn names_that_are_masked_one_by_one() {
    let masked = |day: usize| day.saturating_sub(15) / 2;
    let name = |n: usize, day: usize| {
        if n < masked(day) {
            format!("甲**乙{n}公司")
        } else {
            name(n)
        }
    };
    // A new entry comes every day, so that no text always stood.
    let answer =
        |day: usize| list((0..20).map(|n| (n, format!("{}第{}批", name(n, day), day + n))));
    let (day, code) = first_loss(60, answer).await.expect("a loss");
    assert_eq!(code, Code::ContentNulls);
    assert!(
        (8..=12).contains(&masked(day)),
        "{} were masked",
        masked(day)
    );
}

#[tokio::test]
async fn lists_that_swing_and_grow_are_no_loss() {
    let swings = |day: usize| if day % 7 < 5 { 40 } else { 12 };
    let swing = first_loss(50, |day| list((0..swings(day)).map(|n| (n, name(n + day))))).await;
    assert_eq!(swing, None);
    let grows = first_loss(40, |day| list((0..20 + day / 2).map(|n| (n, name(n))))).await;
    assert_eq!(grows, None);
}
