//! A refusal that names the region is known in the words that sites use, whatever status carries it; a page
//! that writes about such refusals is left alone.

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

#[test]
fn who_writes_about_refusals_refuses_nobody() {
    let judge = shipped();
    let filler =
        "本研究考察了学术数据库对不同地区读者的开放情况，并讨论其政策背景与影响。".repeat(60);
    for words in REFUSALS {
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
    ] {
        let body = format!("<html><title>首页</title><body><p>{words}</p></body></html>");
        assert_eq!(code(&judge, 200, &body), Code::Ok, "{words}");
    }
}
