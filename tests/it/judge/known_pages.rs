//! The shipped signatures on pages as sites send them: refusals are recognised, good pages are not.

use std::path::Path;
use std::sync::LazyLock;

use accesswatch::config::{self, Workspace};
use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::{Measurement, Probe, Verdict};
use chrono::{TimeZone, Utc};
use serde_json::json;

/// One answer, as a site sends it.
struct Answer<'a> {
    url: &'a str,
    status: u16,
    headers: &'a [(&'a str, &'a str)],
    body: &'a str,
}

const PLAIN: Answer<'static> = Answer {
    url: "https://www.example.org/",
    status: 200,
    headers: &[],
    body: "",
};

static WORKSPACE: LazyLock<Workspace> = LazyLock::new(|| {
    config::load_with(Path::new(env!("CARGO_MANIFEST_DIR")), &|_| None)
        .unwrap_or_else(|faults| panic!("{faults}"))
});

static JUDGE: LazyLock<Judge> =
    LazyLock::new(|| Judge::new(&WORKSPACE.catalogue, &WORKSPACE.signatures));

/// The verdict on a page that no probe has expectations for.
fn decide(answer: &Answer<'_>) -> Verdict {
    verdict(None, answer)
}

fn verdict(probe: Option<&Probe>, answer: &Answer<'_>) -> Verdict {
    let mut headers: Vec<[&str; 2]> = vec![["Content-Type", "text/html; charset=utf-8"]];
    if answer.body.starts_with('{') {
        headers = vec![["Content-Type", "application/json"]];
    }
    headers.extend(answer.headers.iter().map(|(name, value)| [*name, *value]));
    let record = json!({
        "data_format_version": "0.2.0",
        "input": answer.url,
        "measurement_start_time": "2026-11-20 10:00:00",
        "test_start_time": "2026-11-20 10:00:00",
        "probe_cc": "KR",
        "probe_asn": "AS0",
        "report_id": "",
        "software_name": "accesswatch",
        "software_version": "0.1.0",
        "test_name": "web_connectivity",
        "test_version": "0.1.0",
        "test_runtime": 1.0,
        "annotations": {},
        "test_keys": {
            "queries": [],
            "tcp_connect": [],
            "tls_handshakes": [],
            "requests": [{
                "request": { "method": "GET", "url": answer.url, "headers_list": [] },
                "response": {
                    "code": answer.status,
                    "headers_list": headers,
                    "body": answer.body,
                    "body_is_truncated": false,
                },
                "failure": null,
                "t0": 0.1,
                "t": 0.2,
                "transaction_id": 1,
            }],
        },
    });
    let measurement: Measurement = serde_json::from_value(record).unwrap();
    let reading = JUDGE.read(&measurement, probe);
    let now = Utc.with_ymd_and_hms(2026, 11, 20, 10, 0, 1).unwrap();
    JUDGE.decide(&reading, &measurement, probe, &History::new(), now)
}

fn page(title: &str, body: &str) -> String {
    format!("<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>")
}

/// Refusal sentences of sites, and their meaning.
#[test]
fn sentences_on_short_pages() {
    for (sentence, code) in [
        ("对不起，您所在的地区暂不支持访问。", "site.geo_block"),
        ("很抱歉，本网站暂不支持境外访问！", "site.geo_block"),
        ("本服务仅限中国大陆地区用户访问", "site.geo_block"),
        ("境外IP禁止访问", "site.geo_block"),
        ("您所在的地區暫時無法存取本服務", "site.geo_block"),
        (
            "This content is not available in your region.",
            "site.geo_block",
        ),
        ("网站正在升级改造，敬请期待。", "site.maintenance"),
        ("您的访问过于频繁，请稍后再试。", "site.rate_limited"),
        ("您的IP地址已被封禁", "site.ip_ban"),
        ("该网站尚未完成ICP备案", "site.icp"),
        ("请登录后查看全文", "site.login"),
        ("請登入後查看全文", "site.login"),
        ("请先完成实名认证", "site.phone"),
        ("您尚未购买该数据库", "site.paywall"),
        ("您的机构尚未订购该资源", "site.not_entitled"),
        ("当前并发用户数已达上限", "site.seats"),
        ("对不起，您访问的页面不存在", "content.soft_404"),
    ] {
        let body = page("提示", &format!("<div class=\"tip\">{sentence}</div>"));
        let verdict = decide(&Answer {
            body: &body,
            ..PLAIN
        });
        assert_eq!(verdict.code.as_str(), code, "{sentence}: {verdict:?}");
    }
}

#[test]
fn firewalls_and_their_checks() {
    let jsl = Answer {
        status: 521,
        headers: &[
            ("X-Via-JSL", "f2bd3aa,-"),
            ("Set-Cookie", "__jsluid_s=0; path=/"),
        ],
        body: "<script>document.cookie=('_')+('_')+('j')</script>",
        ..PLAIN
    };
    let ruishu = Answer {
        status: 412,
        body: "<html><head><meta r=\"m\"><script r=\"m\">$_ts=window['$_ts'];</script></head></html>",
        ..PLAIN
    };
    let wzws = Answer {
        body: "<html><script>var wzwsquestion='a',wzwsfactor=1,dynamicurl='/WZWSRE';</script></html>",
        ..PLAIN
    };
    let aliyun = Answer {
        status: 405,
        headers: &[("Set-Cookie", "acw_tc=0; path=/")],
        body: "<html><title>405</title><img src=\"https://errors.aliyun.com/images/x.png\"></html>",
        ..PLAIN
    };
    let telecom = page(
        "405",
        "该网站正在使用电信云防护服务，由于您使用的请求方法存在潜在安全风险",
    );
    let telecom = Answer {
        status: 405,
        body: &telecom,
        ..PLAIN
    };
    let check = page("安全验证", "<div>请依次点击</div>");
    let cnki = Answer {
        url: "https://kns.cnki.net/verify/home?captchaType=clickWord&returnUrl=x",
        body: &check,
        ..PLAIN
    };
    for (answer, code, signature) in [
        (jsl, "site.challenge", "cn.jsl."),
        (ruishu, "site.challenge", "cn.ruishu."),
        (wzws, "site.challenge", "cn.wzws."),
        (aliyun, "site.waf_block", "cn.aliyun."),
        (telecom, "site.waf_block", "cn.telecom."),
        (cnki, "site.challenge", "cnki."),
    ] {
        let verdict = decide(&answer);
        assert_eq!(verdict.code.as_str(), code, "{verdict:?}");
        let name = verdict.signature.as_deref().unwrap_or_default();
        assert!(name.starts_with(signature), "{verdict:?}");
    }
}

/// Good pages that carry the marks of firewalls, captchas and refusals.
#[test]
fn good_pages_are_left_alone() {
    let hidden = page(
        "一篇文章 - 中国知网",
        "<div class=\"wx-tit\"><h1>一篇文章</h1></div><input id=\"paramfilename\" value=\"X\">\
         <div style=\"display:none\">安全验证 请完成安全验证 拖动下方拼图完成验证 请依次点击\
         <script src=\"/TJCaptcha.js\"></script></div><p>摘要</p>",
    );
    let served = page(
        "国家统计局",
        "<ul class=\"list-content\"><li>2026年10月份居民消费价格</li></ul>",
    );
    let paragraphs =
        "<p>这家网站去年开始禁止境外访问，您的访问过于频繁，请登录后查看。</p>".repeat(8);
    let article = page("它们为什么禁止境外访问", &paragraphs);
    let marked = page(
        "一则新闻",
        "<article><h1>消息</h1><p>您所在的地区无法访问，网站说。</p></article>",
    );
    let firewall: &[(&str, &str)] = &[
        ("X-Via-JSL", "f2bd3aa,-"),
        ("Server", "yunjiasu"),
        ("Set-Cookie", "__jsluid_s=0; path=/"),
        ("Set-Cookie", "acw_tc=0; path=/"),
        ("Set-Cookie", "wzws_sessionid=0; path=/"),
        ("X-Cache", "HIT from cloudfront"),
    ];
    for (what, answer) in [
        (
            "hidden captcha",
            Answer {
                url: "https://kns.cnki.net/kcms2/article/abstract?v=0&captchaId=1",
                body: &hidden,
                ..PLAIN
            },
        ),
        (
            "behind firewalls",
            Answer {
                headers: firewall,
                body: &served,
                ..PLAIN
            },
        ),
        (
            "an article about blocking",
            Answer {
                body: &article,
                ..PLAIN
            },
        ),
        (
            "a short article about blocking",
            Answer {
                body: &marked,
                ..PLAIN
            },
        ),
        (
            "rows with a code of their own",
            Answer {
                body: "{\"code\":0,\"data\":[{\"code\":\"000401\"}]}",
                ..PLAIN
            },
        ),
    ] {
        let verdict = decide(&answer);
        assert_eq!(verdict.code.as_str(), "ok", "{what}: {verdict:?}");
    }
}

/// A row from memory says at most that something refused, unless the page states its cause.
#[test]
fn unconfirmed_rows_do_not_name_a_cause() {
    let body = page("Non-compliance ICP Filing", "");
    let verdict = decide(&Answer {
        status: 403,
        headers: &[("Server", "Beaver")],
        body: &body,
        ..PLAIN
    });
    assert_eq!(verdict.code.as_str(), "site.waf_block", "{verdict:?}");
    assert_eq!(verdict.locus.as_str(), "unknown", "{verdict:?}");
}

/// Checks the verdict of a shipped probe on an answer.
fn expect(key: &str, body: &str, code: &str) {
    let probe = WORKSPACE.catalogue.probe(&key.parse().unwrap()).unwrap();
    // CNKI's permanent addresses lead to a record on another host.
    let url = match probe.source.as_str() {
        "cnki" => "https://kns.cnki.net/kcms2/article/abstract?v=0".to_owned(),
        _ => probe.target.to_string(),
    };
    let answer = Answer {
        url: &url,
        body,
        ..PLAIN
    };
    let verdict = verdict(Some(probe), &answer);
    assert_eq!(verdict.code.as_str(), code, "{key}: {verdict:?}");
}

#[test]
fn cnki_records_with_and_without_their_button() {
    let record = |button: &str| {
        let article = "<div class=\"wx-tit\"><h1>一篇文章</h1></div><span>摘要</span>";
        page(
            "一篇文章 - 中国知网",
            &format!("{article}{button}{}", "<!-- -->".repeat(300)),
        )
    };
    let whole = record("<li class=\"btn-dlpdf\"><a href=\"#\">PDF下载</a></li>");
    for key in [
        "cnki/journal",
        "cnki/thesis",
        "cnki/proceeding",
        "cnki/newspaper",
    ] {
        expect(key, &whole, "ok");
        expect(key, &record(""), "content.withdrawn");
    }
    let other = "<html><head><meta property=\"og:url\" content=\"x\"></head></html>";
    expect("wanfang/thesis", other, "ok");
}

#[test]
fn the_list_of_releases() {
    let list = |day: &str| {
        let link = format!("<a class=\"pchide\" href=\"./202611/t{day}_1964084.html\">价格</a>");
        page("数据发布", &link)
    };
    expect("nbs/releases", &list("20261118"), "ok");
    expect("nbs/releases", &list("20260801"), "content.stale");
}

/// Nine series month by month; `value` returns the value in month `n` of series `id`.
fn months(value: impl Fn(u32, usize) -> &'static str) -> String {
    let month = |n: u32| {
        let values: Vec<_> = (0..UNEMPLOYMENT.len())
            .map(|i| json!({ "_id": UNEMPLOYMENT[i], "value": value(n, i) }))
            .collect();
        json!({ "code": format!("2026{n:02}MM"), "values": values })
    };
    json!({ "success": true, "data": (1..=10).map(month).collect::<Vec<_>>() }).to_string()
}

#[test]
fn one_of_nine_series_falls_silent() {
    expect("nbs/unemployment", &months(|_, _| "5.1"), "ok");
    let none_since_august = months(|n, _| if n >= 8 { "" } else { "5.1" });
    expect("nbs/unemployment", &none_since_august, "content.stale");
    let one_stopped = months(|n, i| if n > 7 && i == 3 { "" } else { "5.1" });
    expect("nbs/unemployment", &one_stopped, "content.stale");
}

/// One of the nine ended before the requested months. Nobody knows which, so any one may lack all
/// values, but not two.
#[test]
fn one_of_nine_series_ended_long_ago() {
    for ended in 0..UNEMPLOYMENT.len() {
        let never = months(|_, i| if i == ended { "" } else { "5.1" });
        expect("nbs/unemployment", &never, "ok");
        let other = (ended + 1) % UNEMPLOYMENT.len();
        let and_one_stopped = months(|n, i| {
            if i == ended || i == other && n > 7 {
                ""
            } else {
                "5.1"
            }
        });
        expect("nbs/unemployment", &and_one_stopped, "content.stale");
        let two = months(|_, i| if i == ended || i == other { "" } else { "5.1" });
        expect("nbs/unemployment", &two, "content.changed");
    }
    let none = months(|_, _| "");
    expect("nbs/unemployment", &none, "content.nulls");
}

#[test]
fn interfaces_that_answer_200_whatever_they_hold() {
    let turnover = |day: &str, value: serde_json::Value| {
        let row = json!({ "TRADE_DATE": format!("{day} 00:00:00"), "NET_DEAL_AMT": value });
        json!({ "result": { "data": [row.clone(), row] }, "success": true }).to_string()
    };
    expect(
        "eastmoney/connect",
        &turnover("2026-11-19", json!(12.5)),
        "ok",
    );
    expect(
        "eastmoney/connect",
        &turnover("2026-10-20", json!(12.5)),
        "content.stale",
    );
    let nulls = turnover("2026-11-19", json!(null));
    expect("eastmoney/connect", &nulls, "content.nulls");
    expect("eastmoney/northbound", &nulls, "content.nulls");
    let nothing = "{\"result\":null,\"success\":false,\"code\":9201}";
    expect("eastmoney/connect", nothing, "content.empty");
    let companies = |n: usize| {
        let list: Vec<_> = (0..n)
            .map(|n| json!({ "code": format!("{n:06}") }))
            .collect();
        json!({ "stockList": list }).to_string()
    };
    expect("cninfo/stocklist", &companies(5000), "ok");
    expect("cninfo/stocklist", &companies(0), "content.empty");
}

const UNEMPLOYMENT: [&str; 9] = [
    "3888eac6062945a79c8a27e5f13d4953",
    "1d550f3ec77a463bb607d4a3427e1465",
    "1c1b2d9ab24048bfadc5c7d9510dc663",
    "3921da310de24f14b6457c235657baf9",
    "bd6da1abb26046c2acb38aa701d90e86",
    "7bc1bd5daeac48ae8bb413c34ece1d08",
    "c03a36c9562246b6bc8aab010951ef1c",
    "1061f276ce354907b0b9900c266cf851",
    "40ab91b1ef4948e89633c5c7f55b9713",
];
