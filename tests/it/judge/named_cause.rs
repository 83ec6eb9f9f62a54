//! Causes in words that no signature lists: on pages that replace another, and on pages that
//! refuse.

use crate::support::english::English as _;
use accesswatch::model::probe::Expect;
use accesswatch::model::{Probe, Verdict};

use super::record::{answer, answered, probe, verdict};

const URL: &str = "https://lib.example.cn/record/1";

fn record() -> Probe {
    let expect = Expect {
        title: vec!["论文题名".to_owned()],
        contains: vec!["摘要".to_owned()],
        ..Expect::default()
    };
    probe(URL, expect, Vec::new())
}

fn is_by_words(got: &Verdict) -> bool {
    got.rule.as_str().strip_suffix(".words").is_some()
}

fn judged(status: u16, media: &str, body: &str) -> Verdict {
    let headers = [("Content-Type", media)];
    verdict(
        &answered(URL, answer(URL, status, &headers, body)),
        Some(&record()),
    )
}

#[test]
fn notices_in_the_place_of_a_page() {
    for (body, code) in [
        (
            "<h1>您的IP地址(203.0.113.9)不在授权范围内，请在校园网内访问</h1>",
            "site.not_entitled",
        ),
        (
            "<p>根据《网络安全法》要求，请绑定手机号完成实名认证后继续使用。</p>",
            "site.phone",
        ),
        (
            "<div>因政策原因，本库自今日起只服务于境内读者</div>",
            "site.geo_block",
        ),
        (
            "<h2>环境异常</h2><p>当前环境异常，完成验证后即可继续访问。</p><a>去验证</a>",
            "site.challenge",
        ),
        ("<h2>此内容因违规无法查看</h2>", "content.soft_404"),
        ("<h2>该内容已被发布者删除</h2>", "content.soft_404"),
        (
            "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>",
            "content.replaced",
        ),
        ("<h1>It works!</h1>", "content.replaced"),
        (
            "<title>Index of /</title><h1>Index of /</h1>",
            "content.replaced",
        ),
        (
            "<b>Warning</b>: mysqli_connect(): database connection failed in /var/www/db.php on line 3",
            "content.replaced",
        ),
        ("<h1>网站改版，敬请期待</h1>", "content.replaced"),
        (
            "<title>某某图书馆</title><a>首页</a><a>登录</a><a>注册</a>",
            "content.replaced",
        ),
    ] {
        let got = judged(200, "text/html; charset=utf-8", body);
        assert_eq!(got.code.as_str(), code, "{body}: {got:#?}");
        if is_by_words(&got) {
            assert!(
                got.evidence[0].english().starts_with("the page says: "),
                "{got:#?}"
            );
            assert!(got.words().is_some());
        }
    }
}

#[test]
fn answers_of_interfaces_in_the_place_of_data() {
    for (body, code) in [
        (
            r#"{"code":-412,"message":"请求被拦截","ttl":1}"#,
            "site.waf_block",
        ),
        (
            r#"{"code":-352,"message":"风控校验失败"}"#,
            "site.challenge",
        ),
        (r#"{"need_verify":true,"url":"x"}"#, "site.challenge"),
        (r#"{"error":{"code":401,"message":"x"}}"#, "site.login"),
        (r#"{"code":2002,"msg":"您的token不对"}"#, "site.login"),
        (
            r#"{"code":302,"redirectUrl":"/login?from=x"}"#,
            "site.login",
        ),
        (
            r#"{"returncode":501,"returndata":"抱歉，暂无数据"}"#,
            "content.empty",
        ),
        (
            r#"{"code":-1,"msg":"系统繁忙，请稍后再试","data":null}"#,
            "content.empty",
        ),
    ] {
        let got = judged(200, "application/json", body);
        assert_eq!(got.code.as_str(), code, "{body}: {got:#?}");
    }
}

#[test]
fn refusals_are_named_where_they_say_more_than_their_status() {
    for (status, body, code) in [
        (
            403,
            "<h1>Press &amp; hold to confirm you are a human</h1>",
            "site.challenge",
        ),
        (403, "<p>本站不对境外开放</p>", "site.geo_block"),
        (
            468,
            "<title>安全检测</title>正在检查您的浏览器环境，请完成人机验证",
            "site.challenge",
        ),
        (503, "<p>数据库正在割接</p>", "site.maintenance"),
        (
            403,
            "<title>403 Forbidden</title><h1>Forbidden</h1><p>You don't have permission to access this resource.</p>",
            "http.forbidden",
        ),
        (403, "<h1>Access denied</h1>", "http.forbidden"),
        (403, "<h1>您访问的页面不存在</h1>", "http.forbidden"),
        (401, "<h1>Authentication required</h1>", "http.unauthorized"),
        (404, "<p>页面已迁移，海外版暂停</p>", "http.not_found"),
        (500, "<h1>Internal Server Error</h1>", "http.server_error"),
    ] {
        let got = judged(status, "text/html; charset=utf-8", body);
        assert_eq!(got.code.as_str(), code, "{status} {body}: {got:#?}");
    }
}

#[test]
fn words_never_name_a_page_that_is_the_right_one() {
    for body in [
        "<title>论文题名</title><p>摘要 本文。</p><p>请登录后下载全文，境外用户暂停访问</p>",
        "<title>论文题名：限制境外访问的研究</title><p>摘要 海外用户无法访问的数据库</p>",
    ] {
        let got = judged(200, "text/html; charset=utf-8", body);
        assert_eq!(got.code.as_str(), "ok", "{got:#?}");
    }
    // A marker still holds, so the page was redesigned, whatever it says.
    let part = "<title>论文题名</title><p>登录后查看全文，境外用户暂停访问</p>";
    let got = judged(200, "text/html; charset=utf-8", part);
    assert!(!is_by_words(&got), "{got:#?}");
}
