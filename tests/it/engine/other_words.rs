//! Rows that say the same in other words and at other addresses are no loss; other rows are one,
//! though they have the same numbers and days.

use accesswatch::model::Code;
use chrono::{Days as Span, NaiveDate};

use crate::support::days::Days;
use crate::support::pages::Answer;

const LIST: &str = "
[probe.expect]
title = ['政策文件']

[probe.value.items]
select = '.list li'
as = 'count'
min = 5
max_drop = '55%'

[probe.value.newest]
select = '.list span'
as = 'date'
max_age = '30d'
";

/// A row of the list: its number, title and day.
type Row = (usize, String, NaiveDate);

fn title(n: usize) -> String {
    let fields = [
        "古籍保护",
        "公共图书馆",
        "戏曲传承",
        "考古工地",
        "文物安全",
        "民间文献",
    ];
    let acts = [
        "管理办法",
        "专项资金使用规定",
        "年度检查工作安排",
        "数字化标准",
    ];
    format!(
        "典籍部办公厅关于印发{}{}的通知（第{n}批）",
        fields[n % 6],
        acts[n % 4]
    )
}

/// The twenty newest documents of a day; two are added a day.
fn rows(day: NaiveDate, number: usize) -> Vec<Row> {
    (0..20)
        .map(|at| (number * 2 + 40 - at, at))
        .map(|(n, at)| (n, title(n), day - Span::new(at as u64 / 2)))
        .collect()
}

fn list(rows: &[Row], folder: &str) -> Answer {
    let row = |(n, title, day): &Row| {
        format!(
            "<li><i>典发〔2026〕{n}号</i> <a href=/{folder}/{n}.html>{title}</a> <span>{day}</span></li>"
        )
    };
    let rows: String = rows.iter().map(row).collect();
    Answer::html(&format!(
        "<html><head><title>政策文件</title></head><body><h1>政策文件</h1><ul class=list>{rows}</ul></body></html>"
    ))
}

/// The code of the day on which the rows and their addresses change in this way.
async fn reworded(change: impl Fn(&Row) -> String) -> Code {
    let days = Days::of_level("data", LIST).await;
    let begin = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let mut code = Code::Ok;
    for number in 0..=14_u64 {
        let day = begin + Span::new(number);
        let mut rows = rows(day, usize::try_from(number).unwrap());
        let mut folder = "zcwj";
        if number == 14 {
            let new: Vec<String> = rows.iter().map(&change).collect();
            rows.iter_mut()
                .zip(new)
                .for_each(|(row, title)| row.1 = title);
            folder = "gk";
        }
        code = days
            .look(&format!("{day}T10:00:00Z"), list(&rows, folder))
            .await;
        assert!(number == 14 || code == Code::Ok, "{day}: {code}");
    }
    days.end();
    code
}

#[tokio::test]
async fn rows_in_other_words_at_other_addresses_are_the_known_ones() {
    let bare = |row: &Row| row.1.replace("典籍部办公厅", "");
    for change in [
        &bare as &dyn Fn(&Row) -> String,
        &|row| format!("《{}》", bare(row)),
        &|row| format!("【政策】{}", row.1),
        &|row| format!("{}（附全文）", row.1),
        &|row| row.1.replace("关于印发", "发布"),
    ] {
        let code = reworded(change).await;
        assert!(matches!(code, Code::Ok | Code::ContentChanged), "{code}");
    }
}

#[tokio::test]
async fn other_rows_with_the_same_numbers_and_days_are_another_list() {
    for activity in [
        "调研基层文化站建设情况",
        "会见来访代表团一行并座谈",
        "出席春季读书活动启动仪式",
    ] {
        let change = |row: &Row| format!("部长第{}次{activity}，强调抓好落实", row.0);
        assert_eq!(reworded(change).await, Code::ContentReplaced, "{activity}");
    }
}
