//! What counts as drift and what does not.

use super::*;
use crate::judge::drift::changed_as_much;

const ARTICLE: &str = "<h1>水资源公报</h1><p>2023年全国水资源总量为25782.5亿立方米，比多年平均值偏少6.6%。</p>\
    <p>全国用水总量为5906.5亿立方米，其中生活用水占15.4%，工业用水占16.4%，农业用水占62.2%，人工生态环境补水占6.0%。</p>\
    <p>与上年相比，用水总量减少91.7亿立方米，农业用水减少109.0亿立方米，生活用水增加4.1亿立方米。</p>";

fn url() -> Url {
    "https://a.example/art/2024/t1.html".parse().unwrap()
}

fn page(html: &str) -> PageContent {
    PageContent::of_html(&format!("<title>公报</title><body>{html}"))
}

fn quoted(text: &str) -> Vec<String> {
    vec![text.to_owned()]
}

fn with_reference<'a>(reference: &'a PageContent, passages: &'a [String]) -> CitedContent<'a> {
    CitedContent {
        passages,
        reference: Some(reference),
        is_living: false,
    }
}

#[test]
fn a_redesign_is_no_drift() {
    let before = page(ARTICLE);
    let after = page(&format!(
        "<div class=site-nav><a href=/>首页</a></div><main><div class=detail>{}</div></main>\
         <div class=hot>热门 <a href=/1>另一篇文章</a></div><footer>版权</footer>",
        ARTICLE
            .replace("<p>", "<div class=para>")
            .replace("</p>", "</div>")
    ));
    let seen = compare(&after, &url(), &with_reference(&before, &[]));
    assert_eq!((seen.is_alike, seen.drift), (Some(true), None));
    assert!(seen.percent.unwrap() > 95);
}

#[test]
fn a_passage_decides_and_its_figures_too() {
    let now = page(ARTICLE);
    let cited = |text: &str| {
        let passages = quoted(text);
        let cited = CitedContent {
            passages: &passages,
            ..CitedContent::default()
        };
        compare(&now, &url(), &cited)
    };
    let there = cited("全国用水总量为5906.5亿立方米，其中生活用水占15.4%");
    assert_eq!((there.has_passages, there.drift), (Some(true), None));
    let other = cited("全国用水总量为5998.2亿立方米，其中生活用水占15.4%");
    assert_eq!(
        other.drift,
        Some(Drift::PassageFigure {
            was: "5998.2亿".to_owned(),
            now: Some("5906.5亿".to_owned())
        })
    );
    assert_eq!(
        cited("南水北调工程累计调水超过七百亿立方米").drift,
        Some(Drift::PassageMissing)
    );
    assert_eq!(cited("…").has_passages, None);
}

#[test]
fn a_passage_that_was_never_there_says_nothing() {
    let before = page(ARTICLE);
    let passages = quoted("公报说明我国水资源形势依然严峻，需要继续节约用水");
    let seen = compare(&before, &url(), &with_reference(&before, &passages));
    assert_eq!((seen.has_passages, seen.drift), (None, None));
}

#[test]
fn another_text_at_the_address_is_drift_and_needs_a_second_check() {
    let before = page(ARTICLE);
    let after = page(
        "<h1>招聘公告</h1><p>本单位拟公开招聘工作人员三名，报名时间和条件如下，请符合条件的人员按时报名参加考试。</p>\
         <p>报名者应当具有本科以上学历，并在规定时间内提交材料，逾期不予受理，考试地点另行通知。</p>",
    );
    let seen = compare(&after, &url(), &with_reference(&before, &[]));
    let drift = seen.drift.unwrap();
    assert!(
        matches!(drift, Drift::Unlike { percent } if percent < 15),
        "{drift:?}"
    );
    assert!(!drift.is_certain());
    // A list, a home page or a page known to change is shown and not called drift.
    let home: Url = "https://a.example/".parse().unwrap();
    let seen = compare(&after, &home, &with_reference(&before, &[]));
    assert_eq!((seen.is_living, seen.drift), (true, None));
    let living = CitedContent {
        is_living: true,
        ..with_reference(&before, &[])
    };
    assert!(compare(&after, &url(), &living).is_living);
}

#[test]
fn a_figure_of_a_table_under_the_same_heads() {
    let table = |value: &str| {
        page(&format!(
            "{ARTICLE}<table><tr><th>地区<th>总量<th>占比</tr><tr><td>北京<td>{value}<td>1.2%</tr></table>"
        ))
    };
    let before = table("1,234.0");
    let seen = |after: &PageContent| compare(after, &url(), &with_reference(&before, &[]));
    assert_eq!(seen(&table("1234")).drift, None);
    assert_eq!(
        seen(&table("1240")).drift,
        Some(Drift::TableFigure {
            row: "北京".to_owned(),
            column: "总量".to_owned(),
            was: "1234".to_owned(),
            now: "1240".to_owned()
        })
    );
    assert!(changed_as_much(&before, &table("1240")));
    assert!(!changed_as_much(&before, &table("1234")));
}

#[test]
fn what_is_cut_or_has_no_text_does_not_drift() {
    let before = page(ARTICLE);
    let passages = quoted("南水北调工程累计调水超过七百亿立方米");
    let cut = PageContent {
        is_cut: true,
        ..page("<p>另一篇文章</p>")
    };
    for now in [cut, PageContent::default(), page("<img src=x>")] {
        let seen = compare(&now, &url(), &with_reference(&before, &passages));
        assert_eq!(
            seen,
            PageComparison {
                has_passages: None,
                ..seen.clone()
            }
        );
        assert_eq!((seen.drift, seen.is_alike), (None, None));
    }
}

#[test]
fn lists_and_searches_by_their_address() {
    let article = page(ARTICLE);
    let is = |url: &str| is_living_page(&url.parse().unwrap(), &article);
    for url in [
        "https://a.example/",
        "https://a.example/search?q=x",
        "https://a.example/s?wd=x",
        "https://a.example/zhengce/list.html",
    ] {
        assert!(is(url), "{url}");
    }
    for url in [
        "https://a.example/art/2024/t1.html",
        "https://a.example/detail?id=3",
        "https://a.example/listening/1.html",
    ] {
        assert!(!is(url), "{url}");
    }
}
