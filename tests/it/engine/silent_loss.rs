//! Answers that arrive as always and hold less: judged against the stored past, day by day.

use accesswatch::model::Code;

use crate::support::days::{Days, json};
use crate::support::pages::Answer;

const CONNECT: &str = "
[probe.value.rows]
json_path = '$.result.data[*]'
as = 'count'
min = 1

[probe.value.latest]
json_path = '$.result.data[*].TRADE_DATE'
as = 'date'
calendar = 'stock-connect'
max_age = '3d'

[probe.value.nulls]
json_path = '$.result.data[*].NET_DEAL_AMT'
as = 'null_share'
max = 0.5

[probe.value.row]
json_path = '$.result.data[0].NET_DEAL_AMT'
as = 'hash'
changes_with = 'latest'
";

/// The newest rows first.
fn rows(list: &[(&str, &str)]) -> Answer {
    let row = |(date, value): &(&str, &str)| {
        format!(r#"{{"TRADE_DATE":"{date} 00:00:00","NET_DEAL_AMT":{value}}}"#)
    };
    let rows: Vec<String> = list.iter().map(row).collect();
    json(&format!(
        r#"{{"success":true,"result":{{"data":[{}]}}}}"#,
        rows.join(",")
    ))
}

#[tokio::test]
async fn the_last_days_values_dated_today_on_a_day_without_trading() {
    let days = Days::begin(CONNECT).await;
    let friday = [("2023-12-22", "-20.4"), ("2023-12-21", "11.5")];
    for (at, answer, want) in [
        ("2023-12-21T10:00:00Z", rows(&friday[1..]), Code::Ok),
        ("2023-12-22T10:00:00Z", rows(&friday), Code::Ok),
        // Nothing new over the weekend.
        ("2023-12-24T10:00:00Z", rows(&friday), Code::Ok),
        // Christmas: Hong Kong is closed, and Friday's value appears under that day's date.
        (
            "2023-12-25T10:00:00Z",
            rows(&[("2023-12-25", "-20.4"), friday[0]]),
            Code::ContentNulls,
        ),
        // Both markets open again.
        (
            "2023-12-27T10:00:00Z",
            rows(&[("2023-12-27", "57.9"), friday[0]]),
            Code::Ok,
        ),
    ] {
        assert_eq!(days.look(at, answer).await, want, "{at}");
    }
    days.end();
}

#[tokio::test]
async fn dates_that_stop_and_columns_that_run_empty() {
    let days = Days::begin(CONNECT).await;
    let last = ("2026-09-30", "7.5");
    for (at, answer, want) in [
        ("2026-09-30T10:00:00Z", rows(&[last]), Code::Ok),
        // The mainland's Golden Week, and two days after it.
        ("2026-10-12T10:00:00Z", rows(&[last]), Code::Ok),
        ("2026-10-14T10:00:00Z", rows(&[last]), Code::ContentStale),
        (
            "2026-10-15T10:00:00Z",
            rows(&[("2026-10-15", "1.25"), last]),
            Code::Ok,
        ),
        (
            "2026-10-16T10:00:00Z",
            rows(&[("2026-10-16", "null"), ("2026-10-15", "null")]),
            Code::ContentNulls,
        ),
        (
            "2026-10-19T10:00:00Z",
            rows(&[("2026-10-16", "3.5"), ("2026-10-15", "1.25")]),
            Code::Ok,
        ),
    ] {
        assert_eq!(days.look(at, answer).await, want, "{at}");
    }
    days.end();
}

#[tokio::test]
async fn a_value_that_is_frozen_over_trading_days_but_not_over_a_holiday() {
    let days = Days::begin(
        "[probe.value.index]\njson = '/v'\nas = 'number'\nmust_change = '2d'\ncalendar = 'cn-trading'\n",
    )
    .await;
    let shown = json(r#"{"v":3390.5}"#);
    for (at, want) in [
        ("2026-09-30T10:00:00Z", Code::Ok),
        ("2026-10-07T10:00:00Z", Code::Ok),
        ("2026-10-09T10:00:00Z", Code::Ok),
        ("2026-10-12T10:00:00Z", Code::ContentNulls),
    ] {
        assert_eq!(days.look(at, shown.clone()).await, want, "{at}");
    }
    days.end();
}

#[tokio::test]
async fn a_count_that_shrinks_is_held_against_eight_good_ones_and_their_median() {
    let days = Days::begin(
        "[probe.value.stocks]\njson_path = '$.list[*]'\nas = 'count'\nmin = 1\nmax_drop = '20%'\n",
    )
    .await;
    let list = |n: usize| json(&format!(r#"{{"list":[{}]}}"#, vec!["0"; n].join(",")));
    // Seven values are too few to compare with.
    for day in 1..=7 {
        let n = if day == 4 { 300 } else { 100 };
        assert_eq!(
            days.look(&format!("2026-03-0{day}T10:00:00Z"), list(n))
                .await,
            Code::Ok
        );
    }
    assert_eq!(days.look("2026-03-08T10:00:00Z", list(79)).await, Code::Ok);
    for (at, n, want) in [
        ("2026-03-09T10:00:00Z", 80, Code::Ok),
        ("2026-03-10T10:00:00Z", 79, Code::ContentShrunk),
        // A small list does not become the new normal.
        ("2026-03-11T10:00:00Z", 79, Code::ContentShrunk),
        ("2026-03-12T10:00:00Z", 0, Code::ContentEmpty),
        ("2026-03-13T10:00:00Z", 101, Code::Ok),
    ] {
        assert_eq!(days.look(at, list(n)).await, want, "{at}");
    }
    days.end();
}

#[tokio::test]
async fn a_host_that_moved_for_good() {
    let days = Days::begin("[probe.expect]\ncontains = [\"摘要\"]\n").await;
    let record = Answer::html("<title>论文</title><p>摘要</p>");
    assert_eq!(
        days.look("2026-03-01T10:00:00Z", record.clone()).await,
        Code::Ok
    );
    let port = days.site.address.port();
    let to = |status: u16| {
        let mut answer = Answer::html("").with_status(status);
        let place = format!("http://localhost:{port}/new");
        answer.headers.push(("Location".into(), place));
        answer
    };
    // The new host has the record.
    days.site.set("/new", record);
    assert_eq!(
        days.look("2026-03-02T10:00:00Z", to(301)).await,
        Code::ContentMoved
    );
    // A temporary redirect does not say that the page moved.
    assert_eq!(days.look("2026-03-03T10:00:00Z", to(302)).await, Code::Ok);
    // The new host does not have it: what is found there decides.
    days.site
        .set("/new", Answer::html("<title>新平台</title><p>欢迎</p>"));
    for (at, status) in [("2026-03-04T10:00:00Z", 301), ("2026-03-05T10:00:00Z", 302)] {
        assert_eq!(
            days.look(at, to(status)).await,
            Code::ContentChanged,
            "{status}"
        );
    }
    days.end();
}

#[tokio::test]
async fn a_redirect_that_was_always_there_moves_nothing() {
    let days = Days::begin("[probe.expect]\ncontains = [\"摘要\"]\n").await;
    let place = format!("http://localhost:{}/new", days.site.address.port());
    let record = Answer::html("<title>论文</title><p>摘要</p>");
    let mut led = Answer::html("").with_status(301);
    led.headers.push(("Location".into(), place));
    days.site.set("/new", record);
    for day in 1..=3 {
        let at = format!("2026-03-0{day}T10:00:00Z");
        assert_eq!(days.look(&at, led.clone()).await, Code::Ok, "{at}");
    }
    days.end();
}
