//! Losses on pages whose markers all hold: a button that leads elsewhere, a wall under an unchanged
//! title, another record in the same design. Words that were always there name nothing.

use std::sync::OnceLock;

use accesswatch::model::{Code, Verdict};

use super::turned::Turned;
use crate::support::english::English;

const PROBES: &str = r##"
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
select = [".wx-tit > h1", ".foot"]
[probe.expect.level]
fulltext = ["#pdfDown"]

[[probe]]
id = "list"
level = "data"
url = "https://lib.example.cn/tjsj/"
[probe.expect]
title = ["数据发布"]
[probe.value.rows]
select = ".list li"
as = "count"
min = 3
"##;

/// The verdict on `after` when `before` was healthy.
fn turned(kind: &str, before: &str, after: &str) -> Verdict {
    static PROBES_AND_JUDGE: OnceLock<Turned> = OnceLock::new();
    let known = PROBES_AND_JUDGE.get_or_init(|| Turned::of_probes(PROBES));
    known.verdict(kind, before, after)
}

const ABSTRACT: &str = "本文据县志与契约考察清代中后期山地的垦殖与水利，认为林木权属的分化先于市场的扩张，棚民与土著之间的租佃关系因此长期不稳，\
    而官府的禁山令多半只在歉收之年才得到执行；文末附有所据契约的目录。";

const BUTTON: &str = "<a id=pdfDown href=/download/2026-0117.pdf>PDF下载</a>";

fn framed(title: &str, content: &str) -> String {
    format!(
        "<html><head><title>{title} - 山地文献库</title></head><body><div class=top>您好，请<a href=/login>登录</a> \
         <a href=/reg>注册</a> <a href=/vip>会员</a></div><ul class=nav><li><a href=/j>期刊</a><li><a href=/d>学位论文</a>\
         <li><a href=/h>帮助</a></ul>{content}<div class=foot>山地文献库 版权所有 京ICP备05000000号</div></body></html>"
    )
}

fn article(title: &str, text: &str, button: &str) -> String {
    framed(
        title,
        &format!(
            "<div class=wx-tit><h1>{title}</h1></div><p>王某 李某</p><p>摘要：{text}</p><p>关键词：垦殖；水利</p>{button}"
        ),
    )
}

fn record(button: &str) -> String {
    article("清代山地的垦殖与水利", ABSTRACT, button)
}

#[test]
fn a_button_that_stays_and_leads_elsewhere_is_a_loss() {
    for (button, code) in [
        (
            "<a id=pdfDown href=/login?back=/download/2026-0117.pdf>PDF下载</a>",
            "site.login",
        ),
        (
            "<a id=pdfDown href='https://passport.example.cn/in?r=2026-0117'>PDF下载</a>",
            "site.login",
        ),
        (
            "<a id=pdfDown href=/user/signIn.do>PDF下载</a>",
            "site.login",
        ),
        (
            "<a id=pdfDown href=/pay/2026-0117>PDF下载</a>",
            "site.paywall",
        ),
        ("<a id=pdfDown href=/vip/plans>PDF下载</a>", "site.paywall"),
        (
            "<a id=pdfDown href='/order/create?id=2026-0117'>PDF下载</a>",
            "site.paywall",
        ),
        (
            "<a id=pdfDown href='javascript:void(0)' onclick=\"alert('请先登录后再下载')\">PDF下载</a>",
            "site.login",
        ),
        (
            "<a id=pdfDown href='javascript:showLoginDialog()'>PDF下载</a>",
            "site.login",
        ),
        (
            "<a id=pdfDown href=# onclick='return openVipModal()'>PDF下载</a>",
            "site.paywall",
        ),
        (
            "<a id=pdfDown href='javascript:;'>PDF下载</a>",
            "content.withdrawn",
        ),
        ("<a id=pdfDown>PDF下载</a>", "content.withdrawn"),
        ("<span id=pdfDown>PDF下载</span>", "content.withdrawn"),
        (
            "<a id=pdfDown href=/download/2026-0117.pdf class='btn disabled'>PDF下载</a>",
            "content.withdrawn",
        ),
        (
            "<button id=pdfDown disabled>PDF下载</button>",
            "content.withdrawn",
        ),
        (
            "<div style='display:none'><a id=pdfDown href=/download/2026-0117.pdf>PDF</a></div>",
            "content.withdrawn",
        ),
        (
            "<a id=pdfDown href=/notice/access.html>PDF下载</a>",
            "content.withdrawn",
        ),
        ("<a id=pdfDown href=/>PDF下载</a>", "content.withdrawn"),
        (
            "<a id=pdfDown href=/obj/2026-0117/part.pdf>先看前十页（PDF，0.6MB）</a>",
            "content.withdrawn",
        ),
        (
            "<a id=pdfDown href=/download/2026-0117-s.pdf>试读样章</a>",
            "content.withdrawn",
        ),
        (
            "<a id=pdfDown href=/download/2026-0117-s.pdf>Sample (PDF)</a>",
            "content.withdrawn",
        ),
        (
            "<form action=/login><button id=pdfDown>PDF下载</button></form>",
            "site.login",
        ),
        (
            "<a id=pdfDown href=/download/2026-0117.pdf>登录后下载</a>",
            "site.login",
        ),
        (
            "<a id=pdfDown data-toggle=modal data-target='#loginBox'>PDF下载</a>",
            "site.login",
        ),
    ] {
        let verdict = turned("record", &record(BUTTON), &record(button));
        assert_eq!(verdict.code.as_str(), code, "{button}: {verdict:#?}");
        let facts = verdict.evidence.iter().map(English::english);
        let was = facts.filter(|f| f.contains("/download/2026-0117.pdf"));
        assert!(
            was.count() > 0 || button.contains("disabled"),
            "{verdict:#?}"
        );
    }
}

#[test]
fn a_button_that_leads_to_the_text_by_another_way_is_none() {
    for (before, after) in [
        (
            BUTTON,
            "<a id=pdfDown href=/download/2026-0117.pdf?token=8fa1>PDF下载</a>",
        ),
        (BUTTON, "<a id=pdfDown href=/reader/2026-0117>在线阅读</a>"),
        (
            BUTTON,
            "<a id=pdfDown href='/get?id=0117&type=1'>PDF下载</a>",
        ),
        (
            BUTTON,
            "<a id=pdfDown href='javascript:download(\"2026-0117\")'>PDF下载</a>",
        ),
        (
            BUTTON,
            "<a id=pdfDown href=# onclick=\"openReader('0117')\">PDF下载</a>",
        ),
        (
            BUTTON,
            "<button id=pdfDown data-file=0117.pdf>PDF下载</button>",
        ),
        (
            BUTTON,
            "<form action=/download/do><button id=pdfDown>PDF下载</button></form>",
        ),
        (
            BUTTON,
            "<a id=pdfDown href=https://cdn.example.cn/f/9c1e.pdf>Download PDF</a>",
        ),
        (
            BUTTON,
            "<a id=pdfDown href=/download/2026-0117.pdf><img src=p.png alt=PDF></a>",
        ),
        (
            BUTTON,
            "<a href=/download/2026-0117.pdf><b id=pdfDown>PDF 下载 1.2MB</b></a>",
        ),
        (
            BUTTON,
            "<a id=pdfDown href=/download/2026-0117.pdf onclick=\"stat('dl')\">PDF下载</a><a href=/login>登录</a>",
        ),
        // A page that always asked for a log-in still asks for it.
        (
            "<a id=pdfDown href=/login?back=0117>PDF下载</a>",
            "<a id=pdfDown href=/login?back=0118>PDF下载</a>",
        ),
        (
            "<a id=pdfDown href='javascript:void(0)'>PDF下载</a>",
            "<a id=pdfDown href='javascript:;'>PDF下载</a>",
        ),
        (
            "<a id=pdfDown onclick='openLoginBox()'>PDF下载</a>",
            "<a id=pdfDown onclick='openLogin()'>PDF下载</a>",
        ),
        (
            "<span id=pdfDown>PDF下载</span>",
            "<span id=pdfDown>PDF下载</span>",
        ),
    ] {
        let verdict = turned("record", &record(before), &record(after));
        assert_eq!(verdict.code, Code::Ok, "{after}: {verdict:#?}");
    }
}

#[test]
fn a_wall_under_the_title_that_stays_is_a_loss() {
    let title = "清代山地的垦殖与水利";
    for (content, code) in [
        (
            "<p>请<a href=/login>登录</a>后查看全文摘要</p>",
            "site.login",
        ),
        (
            "<p>根据实名制要求，请绑定手机号后继续浏览。</p><input placeholder=手机号>",
            "site.phone",
        ),
        ("<p>本文为付费内容，购买会员后可查看。</p>", "site.paywall"),
        (
            "<form><input name=u><input type=password name=p><button>进入</button></form>",
            "site.login",
        ),
        (
            "<p>该资源暂不对您所在的国家或地区开放。</p>",
            "site.geo_block",
        ),
        (
            "<p>因业务安排，本栏目转入内部使用，感谢理解与支持。</p>",
            "content.replaced",
        ),
        (
            "<p>This item is not offered on this platform any more.</p>",
            "content.replaced",
        ),
        (
            "<p>본 자료는 로그인 후 이용하실 수 있습니다.</p>",
            "site.login",
        ),
        (
            "<p>この資料はログインしてからご覧ください。</p>",
            "site.login",
        ),
        (
            "<img src=/qr.png alt=扫码关注后阅读全文并继续浏览>",
            "content.replaced",
        ),
    ] {
        let page = framed(
            title,
            &format!("<div class=wx-tit><h1>{title}</h1></div>{content}{BUTTON}"),
        );
        let verdict = turned("record", &record(BUTTON), &page);
        assert_eq!(verdict.code.as_str(), code, "{content}: {verdict:#?}");
        assert!(verdict.words().is_some(), "{verdict:#?}");
    }
    let cut = record(BUTTON).replace(ABSTRACT, "无");
    let verdict = turned("record", &record(BUTTON), &cut);
    assert_eq!(verdict.rule, "content.empty.text", "{verdict:#?}");
}

#[test]
fn another_record_in_the_same_design_is_a_loss() {
    for (title, text) in [
        (
            "唐宋驿道与商旅",
            "本文以敦煌文书为据，复原唐宋之际河西驿道的里程与馆舍，并讨论商队的规模与税契。",
        ),
        (
            "Salt boats and silver",
            "Freight contracts of salt boats are used to date the fall of silver wages in the north.",
        ),
        ("近代口岸的报关行", &ABSTRACT[ABSTRACT.len() / 2 / 3 * 3..]),
        ("条目", ""),
    ] {
        let verdict = turned("record", &record(BUTTON), &article(title, text, BUTTON));
        assert!(verdict.code.severity() >= Some(4), "{title}: {verdict:#?}");
    }
}

#[test]
fn a_record_that_only_looks_different_is_none() {
    let page = record(BUTTON);
    for after in [
        page.replace("摘要：", "内容提要：").replace("关键词", "主题词"),
        page.replace("<ul class=nav>", "<div class=note>12月12日系统升级，期间暂停登录</div><ul class=nav>"),
        page.replace("</p><p>关键词", "<a href=#>展开</a></p><p>关键词"),
        page.replace(&ABSTRACT[ABSTRACT.len() / 2 / 3 * 3..], "……"),
        page.replace("<p>王某", "<div class=rec><p>读者还看了：明清徽州的木材贸易与行会组织研究，长江流域的棉布运销</p></div><p>王某"),
        page.replace("山地文献库", "山地文献中心"),
        page.replace("<div class=top>", "<form class=box><input name=u><input type=password></form><div class=top>"),
        page.replace("您好，", "欢迎您，"),
        page.replace("<h1>", "<h1 class=t>").replace("水利</h1>", "水利 </h1>"),
        page.replace("</body>", &format!("<div class=cited>{}</div></body>", "引证文献若干条。".repeat(60))),
    ] {
        let verdict = turned("record", &page, &after);
        assert_eq!(verdict.code, Code::Ok, "{after}: {verdict:#?}");
    }
}

#[test]
fn the_beginning_of_a_text_is_its_rest_and_no_other_text() {
    for left in [20, 24, 36] {
        let beginning: String = ABSTRACT.chars().take(left).collect();
        let cut = article("清代山地的垦殖与水利", &format!("{beginning}……"), BUTTON);
        let verdict = turned("record", &record(BUTTON), &cut);
        assert_eq!(
            verdict.code.as_str(),
            "content.shrunk",
            "{left}: {verdict:#?}"
        );
    }
    let other = "本文摘要暂不提供，请与编辑部联系，编辑部将于收到来信后答复，谢谢……";
    let replaced = article("清代山地的垦殖与水利", other, BUTTON);
    let verdict = turned("record", &record(BUTTON), &replaced);
    assert_eq!(verdict.code.as_str(), "content.replaced", "{verdict:#?}");
}

#[test]
fn what_stands_where_the_rows_stood_is_quoted_and_named() {
    let row = |n: usize| {
        format!("<li><a href=/t/{n}>{n}月份山货价格与运量第{n}号公报</a> 2026-11-0{n}</li>")
    };
    let rows = (1..8).map(row).collect::<Vec<_>>().concat();
    let page = |content: &str| framed("数据发布", &format!("<h1>数据发布</h1>{content}"));
    let before = page(&format!("<ul class=list>{rows}</ul>"));
    for (content, code) in [
        (
            "<p>数据查询自本月起实行会员制，请购买套餐。</p>",
            "site.paywall",
        ),
        (
            "<ul class=list></ul><p>请<a href=/login>登录</a>后查看数据列表</p>",
            "site.login",
        ),
        (
            "<p>이 통계는 국내에서만 이용하실 수 있습니다.</p>",
            "site.geo_block",
        ),
        (
            "<ul class=list></ul><p>因内部流程，列表另行发布。</p>",
            "content.empty",
        ),
        ("<ul class=list></ul><p>系统维护中</p>", "content.empty"),
    ] {
        let verdict = turned("list", &before, &page(content));
        assert_eq!(verdict.code.as_str(), code, "{content}: {verdict:#?}");
        let words = verdict.words().unwrap_or_default();
        assert!(
            !words.contains("学位论文") && !words.is_empty(),
            "{verdict:#?}"
        );
    }
    // The menu, which asks for a log-in on every page, is not a wall.
    let verdict = turned("list", &before, &page("<ul class=list></ul>"));
    assert_eq!((verdict.code, verdict.words()), (Code::ContentEmpty, None));
}

#[test]
fn a_page_known_by_a_signature_is_quoted() {
    let page = "<html><head><title>访问受限</title></head><body><p>本网站仅对中国大陆地区用户开放</p></body></html>";
    let verdict = turned("record", &record(BUTTON), page);
    assert!(verdict.signature.is_some(), "{verdict:#?}");
    assert_eq!(
        verdict.words().as_deref(),
        Some("本网站仅对中国大陆地区用户开放")
    );
}
