//! Pages without their own content, compared with other pages of their host: families of templates
//! as sites use them, and good pages in the same frames that must never count as rot.

use accesswatch::model::measurement::Measurement;
use accesswatch::model::probe::Expect;
use accesswatch::model::reference::ReferenceKind::{self, Home, MadeUp};

use super::record::{answer, answered, extra, judge, probe, verdict};

const RECORD: &str = "https://www.example.cn/art/2020/1/1/art_81_4.html";
const MADE_UP: &str = "https://www.example.cn/art/7312/8/5/kqz_37_9xkfqpwzmtyvb.html";
const HOME: &str = "https://www.example.cn/";

fn page(url: &str, body: &str) -> Measurement {
    answered(
        url,
        answer(
            url,
            200,
            &[("Content-Type", "text/html; charset=utf-8")],
            body,
        ),
    )
}

/// The verdict on a record's page that lacks its markers, with this other page as the reference.
#[track_caller]
fn beside(record: &Measurement, kind: ReferenceKind, other: &Measurement) -> (String, String) {
    let (reference, _) = judge().reference(kind, other);
    let mut m = record.clone();
    let mut x = extra();
    x.references.push(reference);
    m.test_keys.x_accesswatch = Some(x);
    let expect = Expect {
        contains: vec!["国内图书分类号".to_owned()],
        ..Expect::default()
    };
    let got = verdict(&m, Some(&probe(&record.input, expect, Vec::new())));
    (got.code.to_string(), got.rule.to_string())
}

/// A portal's frame: what every page has around its own text.
fn framed(title: &str, own: &str) -> String {
    let nav: Vec<String> = (1..=40)
        .map(|n| format!("<li><a href=/c{n}>第{n}栏目 政务公开 新闻动态 统计数据 办事指南 互动交流 专题专栏</a>"))
        .collect();
    let sections: Vec<String> = "要闻 通知 公告 法规 解读 规划 预算 采购 招聘 名录 年鉴 普查 抽样 价格 工业 农业 投资 贸易 人口 就业 收入 能源 环境 教育 科技 卫生 文化 交通 旅游 金融"
        .split(' ')
        .map(|word| format!("<li>{word}频道欢迎您访问本省{word}数据发布与查询服务平台"))
        .collect();
    format!(
        "<html><title>{title}</title><body><ul>{}{}</ul><div>{own}</div><p>主办单位 某某省统计局 备案序号 12345678</p></body></html>",
        nav.concat(),
        sections.concat()
    )
}

/// An error page, made from the address and the time.
type Error = Box<dyn Fn(&str, &str) -> String>;

/// Error pages as sites write them.
fn errors() -> Vec<(&'static str, Error)> {
    vec![
        (
            "short, echoes the address",
            Box::new(|url, at| {
                format!(
                    "<title>提示</title><p>抱歉，您所请求的资源 {url} 已经无法打开，可能已经移动或者更名。{at}</p><a href=/>返回首页</a>"
                )
            }),
        ),
        (
            "within a frame",
            Box::new(|_, at| {
                framed(
                    "某某省统计局",
                    &format!("<p>对不起，您要看的内容走丢了，五秒钟后返回。{at}</p>"),
                )
            }),
        ),
        (
            "a search box instead",
            Box::new(|url, _| {
                let name = url.rsplit('/').next().unwrap();
                format!(
                    "<title>{name}_某某数据库</title><p>没有与 {name} 有关的条目。请更换检索词，或者浏览热门主题：经济 金融 法律 教育 历史 哲学</p>"
                )
            }),
        ),
        (
            "traditional",
            Box::new(|url, at| {
                format!(
                    "<title>系統訊息</title><p>很抱歉，{url} 的資料目前無法提供，請稍後再試或洽詢服務人員。時間：{at}</p>"
                )
            }),
        ),
        (
            "English",
            Box::new(|url, at| {
                format!(
                    "<title>Notice</title><p>We are sorry. The item at {url} is no longer in our collection, or has been given another name. {at}</p>"
                )
            }),
        ),
    ]
}

const THEN: &str = "2026年11月25日 10:22:07";
const NOW: &str = "2026年1月3日 9:05";

#[test]
fn the_error_page_of_each_family_is_known_by_a_made_up_address() {
    for (name, error) in errors() {
        let record = page(RECORD, &error(RECORD, NOW));
        let other = page(MADE_UP, &error(MADE_UP, THEN));
        let (code, rule) = beside(&record, MadeUp, &other);
        assert_eq!(
            (code.as_str(), rule.as_str()),
            ("content.soft_404", "content.soft_404.stranger"),
            "{name}"
        );
    }
}

#[test]
fn a_good_page_in_the_same_frame_is_never_an_error() {
    let articles = [
        (
            "某某省二〇二六年十月居民消费价格变动情况_某某省统计局",
            "<h1>居民消费价格变动情况</h1><p>十月份，全省居民消费价格同比上涨，其中城市上涨，农村持平；食品价格下降，非食品价格上涨；消费品价格上涨，服务价格上涨。",
        ),
        // Its title is the frame's, so only its text clears it.
        (
            "某某省统计局",
            "<p>根据抽样调查结果，前三季度全省规模以上工业增加值按可比价格计算同比增长，装备制造业和高技术制造业保持较快增长，产品销售率有所提高。",
        ),
        // A short text and its own title.
        (
            "关于公布统计专业技术资格考试合格人员名单的通知_某某省统计局",
            "<p>见附件。",
        ),
    ];
    for (name, error) in errors() {
        let other = page(MADE_UP, &error(MADE_UP, THEN));
        for (title, own) in articles {
            let record = page(RECORD, &framed(title, own));
            let (code, rule) = beside(&record, MadeUp, &other);
            assert_eq!(code, "content.changed", "{name}, {title}: {rule}");
        }
    }
}

#[test]
fn what_proves_nothing() {
    let error = &errors()[0].1;
    let record = page(RECORD, &error(RECORD, NOW));
    // The host answers 404 for a missing page, so this page is something.
    let answered_404 = answered(
        MADE_UP,
        answer(
            MADE_UP,
            404,
            &[("Content-Type", "text/html")],
            error(MADE_UP, THEN),
        ),
    );
    assert_eq!(beside(&record, MadeUp, &answered_404).0, "content.replaced");
    // A check for people is not used as a reference.
    let check = "<title>安全验证</title><p>请依次点击图中的文字完成安全验证，验证通过后继续访问本站。请完成安全验证</p>";
    let (reference, code) = judge().reference(MadeUp, &page(MADE_UP, check));
    assert!(
        reference.sketch.smallest.is_empty() && code.demands_back_off(),
        "{reference:?}"
    );
    // A page that a script fills is the same at every address.
    let shell = "<title>某某平台</title><div id=\"app\"></div><noscript>本平台需要启用脚本才能使用，请在浏览器的设置中打开脚本支持后重新载入。</noscript><script src=/a.js></script>";
    assert_eq!(
        beside(&page(RECORD, shell), MadeUp, &page(MADE_UP, shell)).0,
        "content.changed"
    );
    // Too little text to say anything.
    let bare = "<title>某某</title><p>载入中</p>";
    assert_eq!(
        beside(&page(RECORD, bare), MadeUp, &page(MADE_UP, bare)).0,
        "content.replaced"
    );
    // A file of another type is not a page at all.
    let pdf = answered(
        MADE_UP,
        answer(
            MADE_UP,
            200,
            &[("Content-Type", "application/pdf")],
            "%PDF-1.7",
        ),
    );
    assert_eq!(beside(&record, MadeUp, &pdf).0, "content.replaced");
}

#[test]
fn a_program_that_shows_its_list_whatever_is_asked_shows_no_error() {
    let list: Vec<String> = (0..60)
        .map(|n| format!("<li>第{n}号公告：关于调整第{n}批目录中部分商品税目归类的决定及其说明文件汇编（卷{}）", char::from_u32(0x4e00 + n * 97).unwrap()))
        .collect();
    let body = format!("<title>公告列表</title><ul>{}</ul>", list.concat());
    let url = "https://www.example.cn/list.jsp?page=1";
    let other = "https://www.example.cn/list.jsp?page=4918273645182";
    assert_eq!(
        beside(&page(url, &body), MadeUp, &page(other, &body)).0,
        "content.changed"
    );
    // A short page is what such a program shows when it finds nothing.
    let nothing = "<title>详细信息</title><p>参数有误，系统中查无此项内容，请核对编号后重新输入，或返回上一页继续浏览。</p>";
    assert_eq!(
        beside(&page(url, nothing), MadeUp, &page(other, nothing)).0,
        "content.soft_404"
    );
}

#[test]
fn the_home_page_under_the_records_address() {
    let front = |at: &str| {
        framed(
            "某某省统计局",
            &format!("<p>今天是{at}，欢迎访问本站。本站提供全省经济社会发展统计信息。</p>"),
        )
    };
    let record = page(RECORD, &front(NOW));
    let home = page(HOME, &front(THEN));
    let (code, rule) = beside(&record, Home, &home);
    assert_eq!(
        (code.as_str(), rule.as_str()),
        ("content.redirected_home", "content.redirected_home.text")
    );
    let article = page(
        RECORD,
        &framed(
            "某某省统计局",
            "<p>根据抽样调查结果，前三季度全省规模以上工业增加值按可比价格计算同比增长，装备制造业和高技术制造业保持较快增长。",
        ),
    );
    assert_eq!(beside(&article, Home, &home).0, "content.changed");
}

#[test]
fn where_made_up_addresses_lead_records_that_are_gone_lead_too() {
    let end = "https://www.example.cn/notice/gone";
    let to_end = |url: &str| {
        let mut m = answered(
            url,
            answer(
                end,
                200,
                &[("Content-Type", "text/html")],
                "<title>提示</title><p>。</p>",
            ),
        );
        m.test_keys
            .requests
            .push(answer(url, 302, &[("Location", end)], ""));
        m
    };
    assert_eq!(
        beside(&to_end(RECORD), MadeUp, &to_end(MADE_UP)).0,
        "content.soft_404"
    );
    // At the very address that was requested, the page is where it should be.
    assert_eq!(
        beside(&to_end(RECORD), MadeUp, &page(MADE_UP, "<p>x")).0,
        "content.replaced"
    );
}

#[test]
fn a_page_with_its_markers_is_what_it_is() {
    let body = framed("某某省统计局", "<p>国内图书分类号：F120</p>");
    let same = page(MADE_UP, &body);
    assert_eq!(beside(&page(RECORD, &body), MadeUp, &same).0, "ok");
}
