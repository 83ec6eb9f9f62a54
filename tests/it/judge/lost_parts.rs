//! A part of a page is lost while the page itself is there: what the verdict says of it.

use std::sync::OnceLock;

use accesswatch::model::rule::Saying;
use accesswatch::model::{Code, Level, Verdict};

use super::turned::Turned;

const PROBES: &str = r#"
[source]
id = "lib"
name = "Library"
group = "test"
access = "public"

[[probe]]
id = "record"
level = "abstract"
url = "https://lib.example.cn/detail/2026-0117.html"
[probe.expect]
title = ["漕粮折银"]
contains = ["河工档案馆"]
select = ["h1"]
[probe.expect.level]
fulltext = ["a.dl"]
[probe.value.refs]
select = ".refs li"
as = "count"
min = 3

[[probe]]
id = "sized"
level = "abstract"
url = "https://lib.example.cn/detail/2026-0117.html"
[probe.expect]
title = ["漕粮折银"]
contains = ["河工档案馆"]
select = ["h1"]
[probe.expect.level]
fulltext = ["a.dl"]
[probe.value.size]
select = "a.dl i"
as = "number"
[probe.value.cites]
select = ".cites"
as = "number"

[[probe]]
id = "files"
level = "data"
url = "https://lib.example.cn/files/7"
[probe.expect]
title = ["水位资料"]
select = [".box h1"]
[probe.expect.level]
fulltext = ["a.zip"]

[[probe]]
id = "report"
level = "data"
url = "https://lib.example.cn/report.pdf"
[probe.expect]
type = "application/pdf"
min_bytes = 2000

[[probe]]
id = "old"
level = "data"
url = "https://lib.example.cn/old.htm"
charset = "gbk"
[probe.expect]
title = ["旧目录"]
contains = ["河工档案馆"]
[probe.value.rows]
select = ".l li"
as = "count"
min = 5

[[probe]]
id = "year"
level = "data"
url = "https://lib.example.cn/nj"
[probe.expect]
title = ["年鉴"]
select = ["h1"]
[probe.value.edition]
select = "h1"
regex = '((?:19|20)\d\d)'
as = "number"
min = 2026
"#;

fn turned(kind: &str, before: &str, after: &str) -> Verdict {
    known().verdict(kind, before, after)
}

fn known() -> &'static Turned {
    static KNOWN: OnceLock<Turned> = OnceLock::new();
    KNOWN.get_or_init(|| Turned::of_probes(PROBES))
}

const TEXT: &str = "道光以后漕粮改征折色，沿河州县的仓廒逐渐空置，本文以六处仓册比对历年存粮，指出折价的定额与市价\
    的差距才是亏空的来源，并推算各仓的实存与账存之差，附表列出道光至光绪年间的起运数字。";
const BUTTON: &str = "<a class=dl href=/file/2026-0117.pdf?t=8f1>下载全文</a>";

fn page(title: &str, content: &str) -> String {
    format!(
        "<html><head><title>{title} - 河工档案馆</title></head><body><ul class=nav><li><a href=/a>卷宗</a><li>\
         <a href=/b>舆图</a></ul><a href=/ad><img alt=档案修复讲习班报名></a>{content}<div class=foot>河工档案馆 版权所有\
         </div></body></html>"
    )
}

fn record(text: &str, button: &str, refs: usize) -> String {
    let item = |n: usize| format!("<li>河防奏议第{n}册</li>");
    let refs: String = (0..refs).map(item).collect();
    let content = format!(
        "<div class=art><h1>漕粮折银与仓廒</h1><p>周某</p><p>摘要：{text}</p>{button}<ul class=refs>{refs}</ul></div>"
    );
    page("漕粮折银与仓廒", &content)
}

fn healthy() -> String {
    record(TEXT, BUTTON, 9)
}

#[test]
fn a_button_in_another_design_is_known_by_its_words_or_its_file() {
    for button in [
        // The words are the known ones, and the address is a file or names this record.
        "<a class=op-pdf href=/file/2026-0117.pdf?t=77c>下载全文</a>",
        "<a class=op href=/get?format=pdf&id=2026-0117>下载全文</a>",
        "<button class=op data-url=/file/2026-0117.pdf>下载全文</button>",
        "<form action=/file/2026-0117.pdf><input type=submit value=下载全文></form>",
        "<a class=op href=https://cdn.example.cn/9e/2026-0117.pdf>下载全文</a>",
        // New words that offer a file of this record.
        "<a class=op href=/file/2026-0117.pdf>整本下载（PDF）</a>",
    ] {
        let verdict = turned("record", &healthy(), &record(TEXT, button, 9));
        assert_eq!(verdict.code, Code::ContentChanged, "{button}: {verdict:#?}");
    }
}

#[test]
fn another_button_in_its_place_is_a_loss() {
    for button in [
        "",
        "<a class=op href=/apply>申请借阅</a>",
        "<span class=op>下载全文</span>",
        "<a class=op href=/login?back=2026-0117>下载全文</a>",
        "<a class=op href='javascript:;'>下载全文</a>",
        "<a class=op href=/preview/2026-0117?pages=3>试读三页</a>",
        "<template><a class=dl href=/file/2026-0117.pdf>下载全文</a></template><img alt=扫码阅读>",
        "<a class=op href=/file/apply.pdf>借阅申请表下载</a>",
    ] {
        let verdict = turned("record", &healthy(), &record(TEXT, button, 9));
        assert_eq!(
            verdict.code,
            Code::ContentWithdrawn,
            "{button}: {verdict:#?}"
        );
        assert_eq!(
            verdict.saying,
            Saying::NotShown(Level::Fulltext),
            "{button}"
        );
    }
}

#[test]
fn a_value_that_goes_with_the_button_is_told_from_a_redesign() {
    let with = |button: &str, class: &str| {
        let cites = format!("{button}<p>被引 <b class={class}>17</b> 次</p>");
        record(TEXT, &cites, 9)
    };
    let before = with(
        "<a class=dl href=/file/2026-0117.pdf>下载全文 <i>12 MB</i></a>",
        "cites",
    );
    let verdict = turned("sized", &before, &with("", "cites"));
    assert_eq!(verdict.code, Code::ContentWithdrawn, "{verdict:#?}");
    let other = "<a class=op href=/read/0117>在线阅读</a>";
    let verdict = turned("sized", &before, &with(other, "cited-by"));
    assert_eq!(verdict.code, Code::ContentChanged, "{verdict:#?}");
}

#[test]
fn a_button_that_asks_for_something_leaves_the_record_open() {
    for (button, code) in [
        (
            "<a class=dl href=/login?back=1>下载全文</a>",
            Code::SiteLogin,
        ),
        ("<a class=dl href=/vip/buy>下载全文</a>", Code::SitePaywall),
    ] {
        let verdict = turned("record", &healthy(), &record(TEXT, button, 9));
        assert_eq!(verdict.code, code, "{verdict:#?}");
        assert_eq!(verdict.saying, Saying::LinkDiverted(Level::Fulltext));
        assert!(verdict.saying.leaves_the_page());
    }
}

#[test]
fn other_words_in_place_of_the_text_leave_the_record() {
    for text in [
        "本文摘要依作者要求撤下。",
        "摘要由成员馆共享保存，请在成员馆的终端查阅。",
    ] {
        let verdict = turned("record", &healthy(), &record(text, BUTTON, 9));
        assert_eq!(verdict.code, Code::ContentReplaced, "{verdict:#?}");
        assert_eq!(verdict.saying, Saying::OtherText, "{verdict:#?}");
        let words = verdict.words().unwrap();
        assert!(words.contains(text) && !words.contains("讲习班"), "{words}");
    }
    // The references are filled by a script now, too.
    let verdict = turned(
        "record",
        &healthy(),
        &record("摘要整理中，暂不展示。", BUTTON, 0),
    );
    assert_eq!(verdict.code, Code::ContentReplaced, "{verdict:#?}");
    // Nothing is offered any more: the record itself is replaced.
    let retracted = record(
        "编委会一致决定撤销该文的刊发记录，相关页码以空白处理。",
        "",
        0,
    );
    let verdict = turned("record", &healthy(), &retracted);
    assert_eq!(verdict.code, Code::ContentReplaced, "{verdict:#?}");
    assert!(!verdict.saying.leaves_the_page(), "{verdict:#?}");
}

#[test]
fn a_text_that_is_gone_without_a_word_is_said_so() {
    let verdict = turned("record", &healthy(), &record("", BUTTON, 9));
    assert_eq!(verdict.code, Code::ContentEmpty, "{verdict:#?}");
    assert_eq!(verdict.saying, Saying::NoText, "{verdict:#?}");
}

#[test]
fn an_emptied_page_under_another_title_is_another_page() {
    for (title, content) in [
        (
            "客户端下载",
            "<h1>河工档案客户端</h1><p>网页版不再更新，请下载客户端继续阅读。</p>",
        ),
        (
            "告读者",
            "<h1>告读者</h1><p>本馆自即日起休馆，往期卷宗不再上网。</p>",
        ),
        (
            "Grain tribute in silver",
            "<h1>Grain tribute in silver</h1><p>Registers of six granaries show what was owed and what was kept.</p>",
        ),
    ] {
        let verdict = turned("record", &healthy(), &page(title, content));
        assert_eq!(verdict.code, Code::ContentReplaced, "{title}: {verdict:#?}");
    }
}

#[test]
fn an_emptied_list_beside_a_record_that_stands_is_no_loss() {
    for refs in [0, 1, 2] {
        let verdict = turned("record", &healthy(), &record(TEXT, BUTTON, refs));
        assert_eq!(verdict.code, Code::ContentChanged, "{refs}: {verdict:#?}");
    }
    // The button has another class, too; a box beside the record asks to log in for comments.
    let redressed = record(TEXT, &BUTTON.replace("class=dl", "class=get"), 0);
    let comments = format!("{BUTTON}<div class=say>登录后可以发表留言。</div>");
    for page in [redressed, record(TEXT, &comments, 0)] {
        let verdict = turned("record", &healthy(), &page);
        assert_eq!(verdict.code, Code::ContentChanged, "{verdict:#?}");
    }
}

#[test]
fn files_of_a_page_of_data_are_called_files() {
    let box_of = |link: &str| {
        let content = format!(
            "<div class=box><h1>水位资料</h1><p>三十六处水尺的逐日记录，起于同治年间，计四百余万行，按站按年分列，含缺测说明。</p>{link}</div>"
        );
        page("水位资料", &content)
    };
    let before = box_of("<a class=zip href=/files/7.zip>打包</a>");
    let verdict = turned("files", &before, &box_of(""));
    assert_eq!(verdict.code, Code::ContentWithdrawn, "{verdict:#?}");
    assert_eq!(verdict.saying, Saying::NotShown(Level::Data));
    let verdict = turned(
        "files",
        &before,
        &box_of("<a class=zip href=/apply/7>申请</a>"),
    );
    assert_eq!(verdict.saying, Saying::LinkDiverted(Level::Data));
}

#[test]
fn a_page_in_place_of_a_file_is_no_maintenance_because_it_offers_no_download() {
    let pdf = [b"%PDF-1.7\n".as_slice(), &[7; 4000]].concat();
    let on = |body: &str| {
        known().verdict_on(
            "report",
            ("application/pdf", &pdf),
            ("text/html", body.as_bytes()),
        )
    };
    let verdict = on("<meta charset=utf-8><h1>在线预览</h1><p>预览服务升级，不再提供下载。</p>");
    assert_eq!(verdict.code, Code::ContentReplaced, "{verdict:#?}");
    let verdict = on("<meta charset=utf-8><h1>公告</h1><p>系统维护中，预计明日8时恢复。</p>");
    assert_eq!(verdict.code, Code::SiteMaintenance, "{verdict:#?}");
}

#[test]
fn a_file_under_its_type_that_is_a_page_is_another_kind() {
    let pdf = [b"%PDF-1.7\n".as_slice(), &[7; 4000]].concat();
    let body = format!(
        "<!doctype html><meta charset=utf-8><h1>登记</h1><p>使用本资料须先登记用途。</p>{}",
        " ".repeat(4000)
    );
    let verdict = known().verdict_on(
        "report",
        ("application/pdf", &pdf),
        ("application/pdf", body.as_bytes()),
    );
    assert_eq!(verdict.code, Code::ContentReplaced, "{verdict:#?}");
}

#[test]
fn a_site_that_turns_to_utf_8_and_says_so_is_the_same() {
    let item = |n: usize| format!("<li><a href=/{n}>河防一览第{n}卷，潘季驯撰</a></li>");
    let rows: String = (0..12).map(item).collect();
    let list = |charset: &str| {
        let meta = format!("<head><meta charset={charset}>");
        page("旧目录", &format!("<ul class=l>{rows}</ul>")).replace("<head>", &meta)
    };
    let before = encoding_rs::GBK.encode(&list("gbk")).0.into_owned();
    let after = list("utf-8");
    let verdict = known().verdict_on(
        "old",
        ("text/html", &before),
        ("text/html", after.as_bytes()),
    );
    assert_eq!(verdict.code, Code::Ok, "{verdict:#?}");
}

#[test]
fn an_older_edition_is_called_so() {
    let edition = |year: u32| page("年鉴", &format!("<h1>河工年鉴{year}</h1><p>目录</p>"));
    let verdict = turned("year", &edition(2026), &edition(2024));
    assert_eq!(verdict.code, Code::ContentShrunk, "{verdict:#?}");
    assert_eq!(verdict.saying, Saying::OlderEdition);
    // A new sentence is quoted, and does not say what fell.
    let older = edition(2024).replace("目录", "目录，另附二〇二四年版的勘误与补遗。");
    let verdict = turned("year", &edition(2026), &older);
    assert_eq!(verdict.saying, Saying::OlderEdition, "{verdict:#?}");
}
