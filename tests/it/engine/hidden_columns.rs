//! Tables whose rows arrive as always and whose values are hidden: by a listed placeholder, by an
//! unlisted one, by a figure that is the same in every row.

use accesswatch::model::Code;

use crate::support::days::{Days, json};
use crate::support::pages::Answer;

const TABLE: &str = "
[probe.expect]
title = ['行情']

[probe.value.rows]
select = '.t tr'
as = 'count'
min = 1

[probe.value.nulls]
select = '.t .v'
as = 'null_share'
max = 0.5
";
const NUMBER: &str = "
[probe.expect]
title = ['行情']

[probe.value.price]
select = '.t .v'
as = 'number'
";
const DATES: &str = "
[probe.expect]
title = ['行情']

[probe.value.latest]
select = '.t .d'
as = 'date'
max_age = '30d'
";

/// Seventeen rows with these values and days.
fn table(value: impl Fn(usize) -> String, day: impl Fn(usize) -> String) -> Answer {
    let row = |n: usize| {
        format!(
            "<tr><td class=d>{}</td><td class=n>品种{n}</td><td class=v>{}</td></tr>",
            day(n),
            value(n)
        )
    };
    let rows: String = (1..=17).map(row).collect();
    Answer::html(&format!(
        "<html><head><title>行情数据</title></head><body><h1>行情</h1><table class=t>{rows}</table></body></html>"
    ))
}

fn healthy() -> Answer {
    table(|n| format!("{n}.5{n}"), day)
}

fn day(n: usize) -> String {
    format!("2026-03-{:02}", 18 - n)
}

/// The code after one good day and then this answer.
async fn after_one_good_day(probe: &str, then: Answer) -> Code {
    let days = Days::begin(probe).await;
    assert_eq!(days.look("2026-03-18T10:00:00Z", healthy()).await, Code::Ok);
    let code = days.look("2026-03-19T10:00:00Z", then).await;
    days.end();
    code
}

#[tokio::test]
async fn one_and_the_same_in_every_row_is_no_value_whatever_it_says() {
    for value in [
        "－－",
        "暂无数据",
        "登录后查看",
        "-- 元",
        "1**.*5",
        "尊享用户可阅",
        "本栏目调整中",
        "Contact us",
        "0.00",
        "-1",
        "100",
    ] {
        let code = after_one_good_day(TABLE, table(|_| value.to_owned(), day)).await;
        assert_eq!(code, Code::ContentNulls, "null share: {value}");
        let code = after_one_good_day(NUMBER, table(|_| value.to_owned(), day)).await;
        assert_eq!(code, Code::ContentNulls, "number: {value}");
    }
}

#[tokio::test]
async fn all_dates_are_one_day() {
    let same = table(|n| format!("{n}.5{n}"), |n| format!("2026-03-19 10:{n:02}"));
    assert_eq!(after_one_good_day(DATES, same).await, Code::ContentNulls);
    let next = table(
        |n| format!("{n}.5{n}"),
        |n| format!("2026-03-{:02}", 19 - n),
    );
    assert_eq!(after_one_good_day(DATES, next).await, Code::Ok);
}

#[tokio::test]
async fn a_column_that_was_always_one_value_stays_one() {
    for (first, then) in [
        ("元/吨", "元/吨"),
        ("上涨", "上涨"),
        ("上涨", "下跌"),
        ("0.00", "0.00"),
    ] {
        let days = Days::begin(TABLE).await;
        for at in ["2026-03-18T10:00:00Z", "2026-03-19T10:00:00Z"] {
            let same = table(|_| first.to_owned(), day);
            assert_eq!(days.look(at, same).await, Code::Ok, "{first}");
        }
        let same = table(|_| then.to_owned(), day);
        assert_eq!(
            days.look("2026-03-20T10:00:00Z", same).await,
            Code::Ok,
            "{then}"
        );
        days.end();
    }
}

#[tokio::test]
async fn rows_that_partly_agree_are_values() {
    let half = table(
        |n| {
            if n > 4 {
                "0.00".to_owned()
            } else {
                n.to_string()
            }
        },
        day,
    );
    assert_eq!(after_one_good_day(TABLE, half).await, Code::Ok);
    // Seven rows are too few for a column.
    let rows = "<tr><td class=v>0.00</td></tr>".repeat(7);
    let few = Answer::html(&format!(
        "<title>行情数据</title><table class=t>{rows}</table>"
    ));
    assert_eq!(after_one_good_day(TABLE, few).await, Code::Ok);
}

#[tokio::test]
async fn another_design_is_no_loss_of_values() {
    let page = "<title>新版</title><main><p>欢迎</p></main>".to_owned()
        + &"<div class=t><p class=v>更多</p></div>".repeat(9);
    let code = after_one_good_day(NUMBER, Answer::html(&page)).await;
    assert_ne!(code, Code::ContentNulls);
}

#[tokio::test]
async fn words_in_place_of_a_single_number() {
    let probe = "[probe.expect]\ntitle = ['行情']\n\n[probe.value.price]\nselect = '.price'\nas = 'number'\n";
    let page =
        |price: &str| Answer::html(&format!("<title>行情</title><p class=price>{price}</p>"));
    let days = Days::begin(probe).await;
    assert_eq!(
        days.look("2026-03-16T10:00:00Z", page("12.5")).await,
        Code::Ok
    );
    assert_eq!(
        days.look("2026-03-17T10:00:00Z", page("暂无")).await,
        Code::ContentNulls
    );
    // An unlisted word counts only where every earlier value was a number.
    assert_eq!(
        days.look("2026-03-18T10:00:00Z", page("尊享可阅")).await,
        Code::ContentChanged
    );
    for day in 20..23 {
        let at = format!("2026-03-{day}T10:00:00Z");
        assert_eq!(days.look(&at, page("12.5")).await, Code::Ok);
    }
    assert_eq!(
        days.look("2026-03-24T10:00:00Z", page("尊享可阅")).await,
        Code::ContentNulls
    );
    days.end();
}

#[tokio::test]
async fn the_columns_of_an_interface() {
    let probe = "[probe.value.net]\njson_path = '$.data[*].net'\nas = 'null_share'\nmax = 0.5\n";
    let rows = |value: &dyn Fn(usize) -> String| {
        let rows: Vec<String> = (0..12)
            .map(|n| format!(r#"{{"day":"2026-03-{:02}","net":{}}}"#, n + 1, value(n)))
            .collect();
        json(&format!(r#"{{"data":[{}]}}"#, rows.join(",")))
    };
    for value in [
        "null",
        "\"－\"",
        "\"***\"",
        "\"暂未公布\"",
        "0",
        "-1",
        "\"以官方为准\"",
    ] {
        let days = Days::begin(probe).await;
        let good = rows(&|n| format!("{n}.25"));
        assert_eq!(days.look("2026-03-18T10:00:00Z", good).await, Code::Ok);
        let hidden = rows(&|_| value.to_owned());
        assert_eq!(
            days.look("2026-03-19T10:00:00Z", hidden).await,
            Code::ContentNulls,
            "{value}"
        );
        days.end();
    }
}

#[tokio::test]
async fn a_count_below_its_least_has_shrunk() {
    let probe = "[probe.value.rows]\njson_path = '$.list[*]'\nas = 'count'\nmin = 1000\n";
    let days = Days::begin(probe).await;
    let list = |n: usize| json(&format!(r#"{{"list":[{}]}}"#, vec!["0"; n].join(",")));
    for (at, n, want) in [
        ("2026-03-18T10:00:00Z", 5000, Code::Ok),
        ("2026-03-19T10:00:00Z", 200, Code::ContentShrunk),
    ] {
        assert_eq!(days.look(at, list(n)).await, want, "{at}");
    }
    let told = days.watch.run(&["incidents", "show", "1"]).ends(0);
    assert!(
        told.out.contains("200 rows; at least 1000 expected"),
        "{}",
        told.out
    );
    assert!(!told.out.contains("nothing in it"), "{}", told.out);
    let then = days.look("2026-03-20T10:00:00Z", list(0)).await;
    assert_eq!(then, Code::ContentEmpty);
    days.end();
}

#[tokio::test]
async fn a_month_that_runs_is_no_new_date() {
    let probe = "[probe.value.latest]\nselect = '.d'\nas = 'date'\nmax_age = '60d'\n\n[probe.value.row]\nselect = '.v'\nas = 'hash'\nchanges_with = 'latest'\n";
    let page = |day: &str, value: &str| {
        Answer::html(&format!("<p class=d>{day}</p><p class=v>{value}</p>"))
    };
    let days = Days::begin(probe).await;
    for (at, answer, want) in [
        ("2026-03-18T10:00:00Z", page("2026年3月", "1"), Code::Ok),
        ("2026-03-19T10:00:00Z", page("2026年3月", "1"), Code::Ok),
        ("2026-03-31T10:00:00Z", page("2026年3月", "1"), Code::Ok),
        (
            "2026-04-02T10:00:00Z",
            page("2026年4月", "1"),
            Code::ContentNulls,
        ),
        ("2026-04-03T10:00:00Z", page("2026年4月", "2"), Code::Ok),
        (
            "2026-04-04T10:00:00Z",
            page("2026年第二季度", "2"),
            Code::Ok,
        ),
    ] {
        assert_eq!(days.look(at, answer).await, want, "{at}");
    }
    days.end();
}
