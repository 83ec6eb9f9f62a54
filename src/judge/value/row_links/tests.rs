use super::*;
use crate::model::page::{History, PastValue};
use crate::model::time::from_micros;

fn list(row: impl Fn(usize) -> Vec<(String, &'static str)>) -> RowLinks {
    let link = |(href, text): (String, &str)| Link {
        href,
        text: text.to_owned(),
    };
    let rows: Vec<ListRow> = (0..12)
        .map(|n| ListRow {
            links: row(n).into_iter().map(link).collect(),
            ..ListRow::default()
        })
        .collect();
    RowLinks::of_rows(&rows).unwrap()
}

/// The code that a list gets after a healthy one.
fn after(known: &RowLinks, now: &RowLinks) -> Option<Code> {
    let past = |value: Value| {
        let at = from_micros(0);
        vec![PastValue { at, value }]
    };
    let series = known.series("rows").into_iter();
    let history: History = series.map(|(name, value)| (name, past(value))).collect();
    let answers = PastAnswers {
        history: &history,
        now: from_micros(1),
    };
    fault("rows", now, &answers).map(|(code, ..)| code)
}

#[test]
fn links_that_all_lead_to_one_place_now() {
    let known = list(|n| {
        vec![
            (format!("/item/{n}"), "题名"),
            (format!("/f/{n}.pdf"), "PDF"),
        ]
    });
    let to = |target: &'static str| {
        list(move |n| vec![(format!("/item/{n}"), "题名"), (target.to_owned(), "申请")])
    };
    assert_eq!(
        after(&known, &to("/service/form")),
        Some(Code::ContentWithdrawn)
    );
    assert_eq!(
        after(&known, &to("/user/login?next=/")),
        Some(Code::SiteLogin)
    );
    assert_eq!(after(&known, &to("/vip/buy")), Some(Code::SitePaywall));
    let gone = list(|n| vec![(format!("/item/{n}"), "题名")]);
    assert_eq!(after(&known, &gone), Some(Code::ContentWithdrawn));
    let form = list(|n| {
        vec![
            (format!("/item/{n}"), "题名"),
            (format!("/ask?n={n}"), "申请"),
        ]
    });
    assert_eq!(after(&known, &form), Some(Code::ContentWithdrawn));
    let samples = list(|n| {
        let sample = format!("/sample/{n}.JPG?v=2");
        vec![(format!("/item/{n}"), "题名"), (sample, "试读")]
    });
    assert_eq!(after(&known, &samples), Some(Code::ContentWithdrawn));
    let login = list(|n| {
        let to = format!("/user/login?next={n}");
        vec![(format!("/item/{n}"), "题名"), (to, "登录后获取")]
    });
    assert_eq!(after(&known, &login), Some(Code::SiteLogin));
    let some = list(|n| match n {
        0..5 => vec![(format!("/item/{n}"), "题名")],
        _ => Vec::new(),
    });
    let titles = list(|n| vec![(format!("/item/{n}"), "题名")]);
    assert_eq!(after(&titles, &some), Some(Code::ContentShrunk));
}

#[test]
fn links_that_go_little_by_little() {
    let day = |lost: usize| {
        list(move |n| {
            let form = "/service/form".to_owned();
            vec![(if n < lost { form } else { format!("/item/{n}") }, "题名")]
        })
    };
    let healthy = std::iter::repeat_n(0, 12);
    let days: Vec<RowLinks> = healthy.chain(1..12).map(day).collect();
    let mut history = History::new();
    for (n, known) in days.iter().enumerate() {
        let at = from_micros(i64::try_from(n).unwrap());
        for (name, value) in known.series("rows") {
            let past = PastValue { at, value };
            history.entry(name).or_default().push(past);
        }
    }
    let beside = PastAnswers {
        history: &history,
        now: from_micros(100),
    };
    let code = |now: &RowLinks| fault("rows", now, &beside).map(|(code, ..)| code);
    assert_eq!(code(&day(12)), Some(Code::ContentWithdrawn));
    assert_eq!(code(&day(0)), None);
}

#[test]
fn links_that_moved_or_gained_company() {
    let known = list(|n| {
        vec![
            (format!("/item/{n}"), "题名"),
            (format!("/f/{n}.pdf"), "PDF"),
        ]
    });
    for now in [
        list(|n| {
            vec![
                (format!("/view.php?id={n}"), "题名"),
                (format!("/get?id={n}"), "PDF"),
            ]
        }),
        list(|n| {
            vec![
                (format!("//files.example/{n}.pdf"), "题名"),
                (format!("/item/{n}"), "更多"),
            ]
        }),
        list(|n| {
            let own = vec![
                (format!("/item/{n}"), "题名"),
                (format!("/f/{n}.pdf"), "PDF"),
            ];
            own.into_iter()
                .chain([("/share".to_owned(), "分享")])
                .collect()
        }),
        list(|n| vec![(format!("/f/{n}.pdf"), "题名")]),
        list(|n| vec![(format!("/download/{n}"), "下载")]),
    ] {
        assert_eq!(after(&known, &now), None, "{now:?}");
    }
}

/// Rows with a title and a last part.
fn rows_that_say(last: impl Fn(usize) -> (Option<String>, &'static str)) -> RowLinks {
    let rows: Vec<ListRow> = (0..12)
        .map(|n| {
            let link = |href: String, text: &str| Link {
                href,
                text: text.to_owned(),
            };
            let (target, words) = last(n);
            let title = [link(format!("/record/{n}"), "題名")];
            let links = title.into_iter().chain(target.map(|to| link(to, words)));
            ListRow {
                links: links.collect(),
                pieces: vec![format!("題名{n}"), "圖書".to_owned(), words.to_owned()],
                ..ListRow::default()
            }
        })
        .collect();
    RowLinks::of_rows(&rows).unwrap()
}

#[test]
fn words_in_place_of_a_link_of_each_row() {
    let known = rows_that_say(|n| (Some(format!("/ebook/{n}")), "電子全文"));
    for words in [
        "館內閱覽",
        "僅供館內使用",
        "In-library use",
        "열람실 이용",
        "已下架",
    ] {
        let now = rows_that_say(|_| (None, words));
        assert_eq!(after(&known, &now), Some(Code::ContentWithdrawn), "{words}");
    }
    let gone = rows_that_say(|_| (None, "圖書"));
    assert_eq!(after(&known, &gone), None, "no words in its place");
    let renamed = rows_that_say(|n| (Some(format!("/ebook/{n}")), "線上閱讀"));
    assert_eq!(after(&known, &renamed), None, "another label");
    let some = rows_that_say(|n| match n {
        0..4 => (None, "館內閱覽"),
        _ => (Some(format!("/ebook/{n}")), "電子全文"),
    });
    assert_eq!(after(&known, &some), None, "a few rows");
}
