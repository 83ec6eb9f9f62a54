//! What the page of a loss says is quoted, also where every marker holds and only values show the
//! loss.

use accesswatch::model::Verdict;
use accesswatch::model::measurement::Measurement;
use accesswatch::model::page::History;
use accesswatch::model::probe::{Expect, ValueKind, ValueSpec};

use super::content::{URL, css, days, html, json, path, spec};
use super::record::{probe, verdict_with};

const MENU: &str = "<div class=nav><a href=/>首页</a> <a href=/en>English</a></div>";
const FOOT: &str = "<div class=footer>版权所有 东洲省统计局</div>";

fn page(content: &str) -> Measurement {
    html(&format!(
        "<title>月度数据</title>{MENU}<h1>月度数据</h1>{content}{FOOT}"
    ))
}

fn verdict_of(m: &Measurement, value: ValueSpec) -> Verdict {
    let p = probe(
        URL,
        Expect {
            title: vec!["月度数据".to_owned()],
            ..Expect::default()
        },
        vec![value],
    );
    verdict_with(m, Some(&p), &History::new())
}

fn words(verdict: &Verdict) -> String {
    verdict.words().unwrap_or_default()
}

#[test]
fn the_newest_items_of_a_stale_page() {
    let mut date = spec(css(".d"), ValueKind::Date);
    date.max_age = Some(days(30));
    let old = page("<p class=d>2026年5月31日 居民消费价格由统计调查队发布</p>");
    let got = verdict_of(&old, date.clone());
    assert_eq!(got.code.as_str(), "content.stale", "{got:#?}");
    assert_eq!(
        words(&got),
        "月度数据 2026年5月31日 居民消费价格由统计调查队发布"
    );
    let fresh = page("<p class=d>2026年11月20日 居民消费价格由统计调查队发布</p>");
    let got = verdict_of(&fresh, date);
    assert_eq!((got.code.as_str(), got.words()), ("ok", None));
}

#[test]
fn the_rows_of_a_page_whose_values_are_hidden() {
    let mut share = spec(css("td"), ValueKind::NullShare);
    share.max = Some(0.3);
    let table = "<table><tr><td>登录后查看</td></tr><tr><td>登录后查看</td></tr></table>\
                 <p>本表数据供注册用户使用</p>";
    let got = verdict_of(&page(table), share);
    assert_eq!(got.code.as_str(), "content.nulls", "{got:#?}");
    assert_eq!(
        words(&got),
        "月度数据 登录后查看 登录后查看 本表数据供注册用户使用"
    );
}

#[test]
fn an_interface_that_gives_nothing() {
    let mut count = spec(path("$.data[*]"), ValueKind::Count);
    count.min = Some(1.0);
    let p = probe(URL, Expect::default(), vec![count]);
    for (body, says) in [
        (
            r#"{"code":0,"data":[],"hint":"请在数据服务市场申请"}"#,
            "请在数据服务市场申请",
        ),
        (r#"{"code":0,"data":[]}"#, r#"{"code":0,"data":[]}"#),
    ] {
        let got = verdict_with(&json(body), Some(&p), &History::new());
        assert_eq!(got.code.as_str(), "content.empty", "{got:#?}");
        assert_eq!(words(&got), says);
    }
}

#[test]
fn a_list_of_links_is_quoted_by_its_links() {
    let mut count = spec(css("li"), ValueKind::Count);
    count.min = Some(9.0);
    let list = "<ul><li><a href=/1>关于发布统计公报的通知</a></ul>";
    let got = verdict_of(&page(list), count);
    assert_eq!(got.code.as_str(), "content.shrunk", "{got:#?}");
    assert!(words(&got).contains("关于发布统计公报的通知"), "{got:#?}");
}
