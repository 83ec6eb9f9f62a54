//! Texts without dates, formats, hostile texts, and real pages.

use super::*;

#[test]
fn figures_that_are_no_dates() {
    check(&[
        ("", ""),
        ("编号 123456 共 2026 条", ""),
        ("2026-13-40", ""),
        ("2026-02-30", ""),
        ("文件20991231.pdf", ""),
        ("附件：2026-11-20统计表.xlsx", ""),
        ("report_20261120.docx", ""),
        ("https://example.org/2026/11/20/a.html", ""),
        ("t20261120_1966.html", ""),
        ("2026-12号", ""),
        ("2026年第12号", ""),
        ("2026年第15号公告", ""),
        ("国发〔2026〕15号", ""),
        ("(2026)京01民初123号", ""),
        ("第2026-11号", ""),
        ("2026年第23期", ""),
        ("2026-11期", ""),
        ("ISSN 2026-1112", ""),
        ("ISBN 978-7-2026-1129-3", ""),
        ("010-2026-1129", ""),
        ("电话：2026-11", ""),
        ("编号：20261120", ""),
        ("订单号20261120", ""),
        ("v2026.11.20", ""),
        ("版本 2026.1.15", ""),
        ("Version 1.11.29", ""),
        ("192.168.11.29", ""),
        ("¥2026.11", ""),
        ("2026.11元", ""),
        ("上证指数 2026.11点", ""),
        ("20261120元", ""),
        ("2025-2026学年", ""),
        ("2011-12赛季", ""),
        ("© 2010-2026", ""),
        ("GB/T 7714-2015", ""),
        ("农历十月初十", ""),
        ("农历2026年十月十一", ""),
        ("2026", ""),
        ("12.5", ""),
        ("11.29", ""),
        ("第11-29页", ""),
        ("11-29岁", ""),
        ("10:32", ""),
        ("日前，记者获悉", ""),
        ("请于15日前完成", ""),
        ("以前天气", ""),
        ("ID20261120", ""),
        ("暂无", ""),
        ("3个月", ""),
        ("近3天", ""),
    ]);
}

#[test]
fn with_a_format() {
    for (text, format, want) in [
        ("03.11.2026", "%d.%m.%Y", "2026-11-03"),
        ("2026-11-03 08:00:00.0", "%Y-%m-%d", "2026-11-03"),
        ("2026年10月", "%Y年%m月", "2026-10-31"),
        ("202610", "%Y%m", "2026-10-31"),
        ("202611", "%Y%m", "2026-11-29"),
        ("1793635200000", "epoch_ms", "2026-11-03"),
        ("1793635200", "epoch_s", "2026-11-03"),
        ("2026-11-03", "%d.%m.%Y", ""),
    ] {
        assert_eq!(stated_date(text, Some(format)), want, "{text}");
    }
}

#[test]
fn a_period_that_runs_says_since_when() {
    let first = NaiveDate::from_ymd_opt(2026, 10, 1);
    assert_eq!(
        read("2026年第四季度", None, now()).unwrap().running_since,
        first
    );
    assert_eq!(
        read("2026年第三季度", None, now()).unwrap().running_since,
        None
    );
    assert_eq!(read("2026-11-29", None, now()).unwrap().running_since, None);
}

#[test]
fn long_hostile_texts_take_no_time() {
    let started = std::time::Instant::now();
    for piece in [
        "2026年", "2026-", "1-", "2026-11-", "11月", "(", "http://", "20261129", "一", "第1-",
        "a.pdf", "截止", "nov 1 - ",
    ] {
        let _ = stated_date(&piece.repeat(20_000), None);
    }
    // An implementation with quadratic time would need hours.
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

proptest::proptest! {
    #[test]
    fn any_text(text in "([0-9]{1,4}|[年月日季度号期/.\\-至~ ]|前|上半年|截止|nov|ago|\\PC){0,30}", format in proptest::option::of("(%[YmdHMSz]|\\PC){0,6}")) {
        let _ = newest(&text, format.as_deref(), now());
    }

    #[test]
    fn every_day_is_read_in_every_form(days in 0i64..20_000) {
        let date = NaiveDate::from_ymd_opt(1975, 1, 1).unwrap() + chrono::TimeDelta::days(days);
        for format in ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%Y%m%d120000", "%B %d, %Y", "%d %b %Y", "%Y년 %m월 %d일", "%Y. %m. %d."] {
            let text = date.format(format).to_string();
            proptest::prop_assert_eq!(stated_date(&text, None), date.to_string(), "{}", text);
            let text = format!("发布时间：{text} 来源：统计局");
            proptest::prop_assert_eq!(stated_date(&text, None), date.to_string(), "{}", text);
        }
    }
}

#[test]
fn as_pages_have_them() {
    check(pages::PAGES);
}

#[test]
fn as_a_reader_reads_them() {
    check(readers::READERS);
}
