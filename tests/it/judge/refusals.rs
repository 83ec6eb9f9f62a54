//! Refusals are recognised by the words that sites use, whatever status carries them. A page that
//! writes about refusals, or hides the words in its script, is not one.

use std::path::Path;

use accesswatch::config;
use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::{Code, Measurement};
use serde_json::json;

const REFUSALS: &[&str] = &[
    "因版权原因,您所在的国家/地区无法访问",
    "抱歉,您所在的地区暂不支持访问",
    "您所在的国家或地区无法使用本服务",
    "很抱歉，您所在地区暂时无法访问该内容。",
    "该服务暂不向您所在的地区提供",
    "由于政策原因，暂不支持境外访问",
    "本站仅限中国大陆地区访问",
    "仅限中国内地用户使用",
    "当前区域无法访问",
    "该地区暂不支持访问本资源",
    "境外IP禁止访问",
    "拒绝来自海外地区的访问",
    "海外用户暂时无法访问",
    "非中国大陆用户无法访问",
    "中国大陆以外的用户无法访问",
    "因地区限制，该内容无法显示",
    "很抱歉，受地域限制，您无法查看",
    "您所在的國家或地區無法存取此內容",
    "This content is not available in your country.",
    "Sorry, this service is currently unavailable in your region",
    "This service is not available in your location.",
    "Access from your country is blocked.",
    "Access is restricted in your region",
    "This database is not accessible outside mainland China.",
];

fn record(status: u16, body: &str) -> Measurement {
    let url = "https://www.example.org/record/1";
    serde_json::from_value(json!({
        "input": url, "measurement_start_time": "2026-11-20 10:00:00", "test_name": "web_connectivity",
        "test_keys": {"requests": [{
            "request": {"method": "GET", "url": url},
            "response": {"code": status, "headers_list": [["Content-Type", "text/html; charset=utf-8"]], "body": body},
        }]},
    }))
    .unwrap()
}

fn code(judge: &Judge, status: u16, body: &str) -> Code {
    let m = record(status, body);
    let reading = judge.read(&m, None);
    judge
        .decide(&reading, &m, None, &History::new(), m.started())
        .code
}

fn shipped() -> Judge {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = config::load_with(here, &|_| None).unwrap_or_else(|faults| panic!("{faults}"));
    Judge::new(&workspace.catalogue, &workspace.signatures)
}

#[test]
fn a_refusal_in_so_many_words_is_known_whatever_its_status() {
    let judge = shipped();
    let mut missed = Vec::new();
    for words in REFUSALS {
        let body = format!("<html><title>提示</title><body><p>{words}</p></body></html>");
        for status in [200, 403, 404] {
            let found = code(&judge, status, &body);
            if found != Code::SiteGeoBlock {
                missed.push(format!("{status} {words}: {found}"));
            }
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

/// Other refusals in plain words, each with its code.
const OTHERS: &[(Code, &str)] = &[
    (Code::SiteLogin, "该资源需要登录后才能访问"),
    (Code::SiteLogin, "Please sign in to view this page"),
    (Code::SitePhone, "请输入手机号获取验证码"),
    (Code::SitePaywall, "本文为付费内容，请购买后阅读"),
    (Code::SitePaywall, "开通会员后查看全文"),
    (Code::SiteNotEntitled, "您没有权限访问该资源"),
    (
        Code::SiteNotEntitled,
        "您的IP地址不在授权范围内，请联系管理员",
    ),
    (Code::SiteSeats, "当前在线人数已达到上限"),
    (Code::SiteIpBan, "检测到您的访问存在异常行为，IP已被限制"),
    (
        Code::SiteRateLimited,
        "Too many requests, please try again later",
    ),
    (Code::SiteChallenge, "请拖动滑块完成验证"),
    (
        Code::SiteChallenge,
        "Checking your browser before accessing the site",
    ),
    (Code::SiteMaintenance, "系统升级中，暂停服务"),
    (Code::SiteMaintenance, "The site is under maintenance"),
    (Code::SiteWafBlock, "您的请求可能存在威胁，已被拦截"),
    (Code::SiteWafBlock, "Request blocked by security policy"),
    (Code::SiteIcp, "该网站未根据工信部相关法规进行备案"),
    (Code::ContentSoft404, "The page you requested was not found"),
    (Code::ContentParked, "该域名正在出售"),
];

#[test]
fn other_refusals_in_so_many_words_are_known_on_a_page_that_says_all_is_well() {
    let judge = shipped();
    let found: Vec<String> = OTHERS
        .iter()
        .map(|(want, words)| {
            let body = format!("<html><title>提示</title><body><p>{words}</p></body></html>");
            (want, words, code(&judge, 200, &body))
        })
        .filter(|(want, _, found)| *want != found)
        .map(|(_, words, found)| format!("{words}: {found}"))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_only_programs_read_is_no_refusal() {
    let judge = shipped();
    for words in REFUSALS.iter().chain(OTHERS.iter().map(|(_, words)| words)) {
        let body = format!(
            "<html><title>首页</title><body><script>var t = '{words}';</script><div style='display:none'>{words}</div><p>欢迎</p></body></html>"
        );
        assert_eq!(code(&judge, 200, &body), Code::Ok, "{words}");
    }
}

#[test]
fn who_writes_about_refusals_refuses_nobody() {
    let judge = shipped();
    let filler =
        "本研究考察了学术数据库对不同地区读者的开放情况，并讨论其政策背景与影响。".repeat(60);
    for words in REFUSALS.iter().chain(OTHERS.iter().map(|(_, words)| words)) {
        let body = format!(
            "<html><title>数据库访问研究 - 中国知网</title><body><h1>数据库访问研究</h1><p>{filler}「{words}」{filler}</p></body></html>"
        );
        assert_eq!(code(&judge, 200, &body), Code::Ok, "{words}");
    }
    for words in [
        "请选择您所在的国家/地区",
        "当前地区: 北京",
        "服务范围: 中国大陆地区用户与海外用户",
        "Choose your country or region",
        "用户登录 手机号登录 验证码登录 注册",
        "通知公告: 关于数据库维护的说明",
    ] {
        let body = format!("<html><title>首页</title><body><p>{words}</p></body></html>");
        assert_eq!(code(&judge, 200, &body), Code::Ok, "{words}");
    }
}
