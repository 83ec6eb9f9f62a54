//! Texts that were the same in every answer: the fields of a record, its annexes, the names of the
//! rows of a table. What of them is hidden or gone is a loss; what changes in a few is not.

use accesswatch::model::Code;

use crate::support::days::Days;
use crate::support::pages::Answer;

const RECORD: &str = "
[probe.expect]
title = ['信用信息']
contains = ['沧澜文化']

[probe.value.fields]
select = '.info dd'
as = 'null_share'
max = 0.5

[probe.value.holders]
select = '.gd tr:has(td)'
as = 'count'
min = 1
";

const FIELDS: &str = "<dl><dt>名称</dt><dd>沧澜文化传播有限公司</dd><dt>代表人</dt><dd>沈若兰</dd>\
    <dt>资本</dt><dd>1200万元人民币</dd><dt>住所</dt><dd>临江区文津路318号2幢506室</dd>\
    <dt>机关</dt><dd>临江市市场监督管理局</dd><dt>状态</dt><dd>存续</dd>\
    <dt>期限</dt><dd>长期</dd><dt>范围</dt><dd>组织文化艺术交流活动；会议及展览服务；古籍修复</dd></dl>";
const HOLDERS: &str = "<table class=gd><tr><th>股东</th><th>出资</th></tr><tr><td>吴思远</td><td>600万元</td></tr>\
    <tr><td>郑慧敏</td><td>240万元</td></tr><tr><td>蒋晓东</td><td>360万元</td></tr></table>";

fn record(fields: &str, holders: &str) -> Answer {
    Answer::html(&format!(
        "<html><head><title>信用信息公示</title></head><body><div class=info>{fields}</div>\
         <h3>股东</h3>{holders}<p>查询编号 7781</p></body></html>"
    ))
}

/// Each answer comes after days of the healthy one; the healthy one follows.
async fn each_after_days(probe: &str, healthy: &Answer, cases: &[(Answer, Code)]) {
    let days = Days::begin(probe).await;
    let at = |day: usize| format!("2026-03-{:02}T10:00:00Z", day + 1);
    for day in 0..6 {
        assert_eq!(days.look(&at(day), healthy.clone()).await, Code::Ok);
    }
    for (n, (answer, code)) in cases.iter().enumerate() {
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        let seen = days.look(&at(6 + 2 * n), answer.clone()).await;
        assert_eq!(seen, *code, "case {n}: {body}");
        let back = days.look(&at(7 + 2 * n), healthy.clone()).await;
        assert_eq!(back, Code::Ok, "after case {n}");
    }
    days.end();
}

#[tokio::test]
async fn fields_of_a_record_that_are_hidden_and_lists_that_gave_way_to_words() {
    let fields = |changes: &[(&str, &str)]| {
        let change = |text: String, (from, to): &(&str, &str)| {
            assert!(text.contains(from));
            text.replace(from, to)
        };
        record(&changes.iter().fold(FIELDS.to_owned(), change), HOLDERS)
    };
    let holders = |words: &str| record(FIELDS, words);
    let cases = [
        (
            fields(&[("沈若兰", "沈*兰"), ("318号2幢506室", "****")]),
            Code::ContentNulls,
        ),
        (
            fields(&[("1200万元人民币", "—"), ("长期", "—"), ("存续", "—")]),
            Code::ContentNulls,
        ),
        (
            holders("<p>股东信息由企业选择不公示</p>"),
            Code::ContentEmpty,
        ),
        (
            holders("<div>As requested, not shown to visitors</div>"),
            Code::ContentEmpty,
        ),
        (
            fields(&[("沈若兰", "韩宇航"), ("318号2幢506室", "9号")]),
            Code::Ok,
        ),
        (fields(&[("存续", "注销"), ("长期", "—")]), Code::Ok),
        (
            holders(&HOLDERS.replace("<tr><td>蒋晓东</td><td>360万元</td></tr>", "")),
            Code::Ok,
        ),
        (holders(""), Code::ContentChanged),
        (
            holders(&HOLDERS.replace("class=gd", "class=investors")),
            Code::ContentChanged,
        ),
    ];
    each_after_days(RECORD, &record(FIELDS, HOLDERS), &cases).await;
}

const TABLE: &str = "
[probe.expect]
title = ['指标']

[probe.value.items]
select = '.t tr:has(td)'
as = 'count'
min = 3
";

/// A table of these indicators.
fn table(names: &[&str]) -> Answer {
    let row = |(n, name): (usize, &&str)| {
        format!("<tr><th>{name}</th><td>{n}5.1</td><td>{n}7.4</td></tr>")
    };
    let rows: String = names.iter().enumerate().map(row).collect();
    Answer::html(&format!(
        "<html><head><title>社会指标</title></head><body><table class=t>{rows}</table></body></html>"
    ))
}

#[tokio::test]
async fn rows_of_a_table_that_always_stood() {
    let names = [
        "人口",
        "城镇化率",
        "就业",
        "高校",
        "馆藏",
        "档案馆",
        "博物馆",
        "图书",
        "期刊",
        "报纸",
    ];
    let half = [&names[..4], &names[8..9]].concat();
    let more = [&names[..], &["电影"]].concat();
    let renamed: Vec<String> = names.iter().map(|name| format!("{name}数")).collect();
    let renamed: Vec<&str> = renamed.iter().map(String::as_str).collect();
    let cases = [
        (table(&half), Code::ContentShrunk),
        (table(&names[6..]), Code::ContentShrunk),
        (table(&names[..7]), Code::Ok),
        (table(&more), Code::Ok),
        (table(&renamed), Code::Ok),
    ];
    each_after_days(TABLE, &table(&names), &cases).await;
}

const LIST: &str = "
[probe.expect]
title = ['檢索']

[probe.value.hits]
select = '.hits li'
as = 'count'
min = 3
";

/// Ten hits, each with a link to its record and these last words.
fn hits(last: impl Fn(usize) -> String) -> Answer {
    let row = |n: usize| {
        let last = last(n);
        format!("<li><a href=/record/{n}>題名之{n}</a> <i>圖書</i> {last}</li>")
    };
    let rows: String = (0..10).map(row).collect();
    Answer::html(&format!(
        "<html><head><title>檢索結果</title></head><body><ol class=hits>{rows}</ol></body></html>"
    ))
}

#[tokio::test]
async fn a_link_of_each_row_that_gave_way_to_words() {
    let healthy = hits(|n| format!("<a href=/ebook/{n}>電子全文</a>"));
    let cases = [
        (
            hits(|_| "<span>館內閱覽</span>".to_owned()),
            Code::ContentWithdrawn,
        ),
        (
            hits(|_| "<em>본관 열람</em>".to_owned()),
            Code::ContentWithdrawn,
        ),
        (
            hits(|n| format!("<a href=/ebook/{n}>線上閱讀</a>")),
            Code::Ok,
        ),
        (
            hits(|n| format!("<a href=/ebook/{n}>電子全文</a> 可借")),
            Code::Ok,
        ),
    ];
    each_after_days(LIST, &healthy, &cases).await;
}

/// A file of this type.
fn file(media: &str, body: &[u8]) -> Answer {
    let mut answer = Answer::html("");
    answer.headers = vec![("Content-Type".into(), media.into())];
    answer.body = body.to_vec();
    answer
}

#[tokio::test]
async fn files_that_ask_for_a_password_or_are_pages() {
    let pdf = |trailer: &str| {
        let body = format!("%PDF-1.5\n{}\ntrailer <<{trailer}>>", "stream ".repeat(300));
        file("application/pdf", body.as_bytes())
    };
    let page = format!(
        "\n<HTML><body>{}</body></HTML>",
        "<p>请登记后下载</p>".repeat(200)
    );
    let cases = [
        (pdf("/Size 9 /Encrypt 12 0 R"), Code::ContentShrunk),
        (
            file("application/pdf", page.as_bytes()),
            Code::ContentReplaced,
        ),
        (pdf("/Size 10 /Root 1 0 R /Info 3 0 R"), Code::Ok),
    ];
    let probe = "[probe.expect]\ntype = 'application/pdf'\nmin_bytes = 1000\n";
    each_after_days(probe, &pdf("/Size 9 /Root 1 0 R"), &cases).await;
}
