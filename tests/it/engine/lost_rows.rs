//! Lists and tables that lose a part: the links of their rows, their files, a column, their rows.
//! Which of these is the verdict, and which changes are none.

use accesswatch::model::Code;

use crate::support::days::Days;
use crate::support::pages::Answer;

const LIST: &str = "
[probe.expect]
title = ['公报']
select = ['h1']

[probe.value.items]
select = '.t tr:has(td + td)'
as = 'count'
min = 7

[probe.value.links]
select = '.t tr:has(td + td) a[href]'
as = 'count'
min = 7

[probe.value.nulls_day]
select = '.t tr:has(td + td) > td:nth-child(1)'
as = 'null_share'
max = 0.3

[probe.value.nulls_title]
select = '.t tr:has(td + td) > td:nth-child(2)'
as = 'null_share'
max = 0.3

[probe.value.nulls_file]
select = '.t tr:has(td + td) > td:nth-child(3)'
as = 'null_share'
max = 0.3
";

/// A row: its day, its title and its file.
type Row = [String; 3];

fn row(n: usize) -> Row {
    [
        format!("2026-03-{:02}", 27 - n),
        format!("<a href=/view?id={n}>河道工程第{n}号公报</a>"),
        format!("<a href=/gb/{n}.pdf>附件</a>"),
    ]
}

fn list(rows: usize, row: impl Fn(usize) -> Row) -> Answer {
    let line = |n: usize| {
        let cells = row(n).map(|cell| format!("<td>{cell}</td>")).concat();
        format!("<tr>{cells}</tr>")
    };
    let rows: String = (0..rows).map(line).collect();
    Answer::html(&format!(
        "<html><head><title>公报目录</title></head><body><h1>公报目录</h1><table class=t><tr><th>日期<th>题名<th>附件</tr>\
         {rows}</table><p>河道工程局</p></body></html>"
    ))
}

/// The code after three good days and then this answer.
async fn then(probe: &str, healthy: &Answer, after: Answer) -> Code {
    let days = Days::begin(probe).await;
    for day in ["25", "26", "27"] {
        let at = format!("2026-03-{day}T10:00:00Z");
        assert_eq!(days.look(&at, healthy.clone()).await, Code::Ok);
    }
    let code = days.look("2026-03-30T10:00:00Z", after).await;
    days.end();
    code
}

#[tokio::test]
async fn what_of_a_list_is_lost() {
    let healthy = list(20, row);
    let plain = |n: usize| row(n).map(|cell| cell.replace("<a ", "<i ").replace("</a>", "</i>"));
    let with_file = |n: usize, file: &str| {
        let [day, title, _] = row(n);
        [day, title, file.to_owned()]
    };
    for (after, code, said) in [
        (
            list(20, plain),
            Code::ContentWithdrawn,
            "rows without any link",
        ),
        (
            list(20, |n| with_file(n, "—")),
            Code::ContentWithdrawn,
            "a dash in place of each file",
        ),
        (
            list(20, |n| with_file(n, "<i>不公开</i>")),
            Code::ContentWithdrawn,
            "words in place of each file",
        ),
        (
            list(20, |_| ["****", "****", "****"].map(str::to_owned)),
            Code::ContentNulls,
            "masks in every column",
        ),
        (
            list(1, |_| ["", "公报请到馆查阅", "—"].map(str::to_owned)),
            Code::ContentShrunk,
            "a single row of words",
        ),
        (list(0, row), Code::ContentEmpty, "no row"),
        (list(6, row), Code::ContentShrunk, "a third of the rows"),
    ] {
        assert_eq!(then(LIST, &healthy, after).await, code, "{said}");
    }
}

#[tokio::test]
async fn two_files_in_each_row_that_are_gone() {
    let probe = LIST.replace(
        "a[href]'\nas = 'count'\nmin = 7",
        "a[href]'\nas = 'count'\nmin = 30",
    );
    let both = |n: usize| {
        let [day, title, file] = row(n);
        [day, title, format!("{file} <a href=/gb/{n}.docx>Word</a>")]
    };
    let none = |n: usize| {
        let [day, title, _] = row(n);
        [day, title, String::new()]
    };
    let code = then(&probe, &list(20, both), list(20, none)).await;
    assert_eq!(code, Code::ContentWithdrawn);
}

#[tokio::test]
async fn a_search_that_finds_nothing_and_recommends_other_rows() {
    let probe = format!("{LIST}\n[probe.value.total]\nselect = '.sum'\nas = 'number'\nmin = 300\n");
    let with_total = |answer: Answer, total: u32| {
        let body = String::from_utf8(answer.body).unwrap();
        let sum = format!("<p class=sum>共 {total} 条</p><table");
        Answer::html(&body.replace("<table", &sum))
    };
    let other = |n: usize| {
        let title = format!("<a href=/hy/{n}.html>航运调度月报之{n}，附泊位表</a>");
        let file = format!("<a href=/hy/{n}.pdf>下载</a>");
        [format!("2025-11-{:02}", n + 1), title, file]
    };
    let healthy = with_total(list(20, row), 912);
    for (total, code) in [(0, Code::ContentEmpty), (12, Code::ContentShrunk)] {
        let after = with_total(list(20, other), total);
        assert_eq!(then(&probe, &healthy, after).await, code, "{total}");
    }
}

#[tokio::test]
async fn files_whose_marker_is_gone_with_half_of_their_links() {
    let probe = LIST.replace(
        "[probe.value.items]",
        "[probe.expect.level]\nfulltext = ['a.all']\n\n[probe.value.items]",
    );
    let with_button = |answer: Answer, button: &str| {
        let body = String::from_utf8(answer.body).unwrap();
        Answer::html(&body.replace("</table>", &format!("</table>{button}")))
    };
    let healthy = with_button(list(8, row), "<a class=all href=/gb/all.zip>打包下载</a>");
    let half = list(8, |n| match n {
        0..3 => row(n),
        _ => row(n).map(|cell| cell.replace("<a ", "<i ").replace("</a>", "</i>")),
    });
    assert_eq!(then(&probe, &healthy, half).await, Code::ContentWithdrawn);
}

const YEARS: &str = "
[probe.expect]
title = ['统计']

[probe.value.rows]
select = '.y tr:has(td + td)'
as = 'count'
min = 4

[probe.value.nulls_column2]
select = '.y tr:has(td + td) > td:nth-child(2)'
as = 'null_share'
max = 0.3

[probe.value.nulls_column3]
select = '.y tr:has(td + td) > td:nth-child(3)'
as = 'null_share'
max = 0.3
";

/// Twelve indicators by year, the newest year first; a year without figures is being filled, and
/// two of its indicators are known.
fn years(columns: &[(&str, Option<u32>)]) -> Answer {
    let head = |(year, _): &(&str, Option<u32>)| format!("<th>{year}</th>");
    let head: String = columns.iter().map(head).collect();
    let cell = |n: u32, base: Option<u32>| match base {
        Some(base) => format!("<td>{}.{}</td>", base + n * 3, n % 10),
        None if n < 2 => format!("<td>{n}.7</td>"),
        None => "<td>…</td>".to_owned(),
    };
    let line = |n: u32| {
        let cells: Vec<String> = columns.iter().map(|(_, base)| cell(n, *base)).collect();
        format!("<tr><td>指标{n}</td>{}</tr>", cells.concat())
    };
    let rows: String = (0..12).map(line).collect();
    Answer::html(&format!(
        "<html><head><title>统计年表</title></head><body><table class=y><tr><th></th>{head}</tr>{rows}</table></body></html>"
    ))
}

#[tokio::test]
async fn a_new_year_that_is_filled_over_months_is_no_loss() {
    let healthy = years(&[
        ("2025", Some(410)),
        ("2024", Some(380)),
        ("2023", Some(350)),
    ]);
    let begun = years(&[
        ("2026", None),
        ("2025", Some(410)),
        ("2024", Some(380)),
        ("2023", Some(350)),
    ]);
    assert_eq!(then(YEARS, &healthy, begun).await, Code::Ok);
    let gone = years(&[("2025", None), ("2024", Some(380)), ("2023", Some(350))]);
    assert_eq!(then(YEARS, &healthy, gone).await, Code::ContentNulls);
}

const MARKET: &str = "
[probe.expect]
title = ['行情']

[probe.value.nulls]
select = '.m tr:has(td + td) > td:nth-child(2)'
as = 'null_share'
max = 0.3

[probe.value.day]
select = '.d'
as = 'date'
max_age = '14d'
";

fn market(day: &str, price: impl Fn(usize) -> String) -> Answer {
    let line = |n: usize| format!("<tr><td>券{n}</td><td>{}</td></tr>", price(n));
    let rows: String = (0..12).map(line).collect();
    Answer::html(&format!(
        "<html><head><title>行情</title></head><body><p class=d>交易日 {day}</p><table class=m>{rows}</table></body></html>"
    ))
}

#[tokio::test]
async fn a_market_that_shows_dashes_on_days_without_trading() {
    let days = Days::begin(MARKET).await;
    let prices = |day: &str, shift: usize| market(day, move |n| format!("{}.{n}", 90 + n + shift));
    let dashes = |day: &str| market(day, |_| "--".to_owned());
    for (at, answer, want) in [
        ("2026-03-26", prices("2026-03-26", 1), Code::Ok),
        ("2026-03-27", prices("2026-03-27", 2), Code::Ok),
        // Saturday and Sunday, under Friday's date.
        ("2026-03-28", dashes("2026-03-27"), Code::Ok),
        ("2026-03-29", dashes("2026-03-27"), Code::Ok),
        // Monday, under Friday's date still: a loss.
        ("2026-03-30", dashes("2026-03-27"), Code::ContentNulls),
        ("2026-03-31", prices("2026-03-31", 4), Code::Ok),
        // A Saturday without the Friday before it, and one with words in place of dashes.
        ("2026-04-04", dashes("2026-04-01"), Code::ContentNulls),
        ("2026-04-10", prices("2026-04-10", 5), Code::Ok),
        (
            "2026-04-11",
            market("2026-04-10", |_| "登录可见".to_owned()),
            Code::ContentNulls,
        ),
    ] {
        let at = format!("{at}T10:00:00Z");
        assert_eq!(days.look(&at, answer).await, want, "{at}");
    }
    days.end();
}
