//! Records whose page leads on by itself, and was not followed: judged by what it says and where it
//! points.

use crate::support::english::English;
use accesswatch::model::measurement::CLIENT_REDIRECT;
use accesswatch::model::probe::Expect;
use accesswatch::model::{Measurement, Probe};

use super::record::{answer, answered, extra, probe, verdict};

const URL: &str = "https://lib.example.cn/record/1";
const HTML: &[(&str, &str)] = &[("Content-Type", "text/html; charset=utf-8")];

fn record() -> Probe {
    let expect = Expect {
        title: vec!["论文题名".to_owned()],
        contains: vec!["摘要".to_owned()],
        ..Expect::default()
    };
    probe(URL, expect, Vec::new())
}

/// A record as OONI has it: one answer, and no hop after it.
fn foreign(body: &str) -> Measurement {
    let mut m = answered(URL, answer(URL, 200, HTML, body));
    "web_connectivity".clone_into(&mut m.test_name);
    m
}

#[test]
fn a_page_that_nobody_followed_is_judged_by_its_words_and_its_aim() {
    for (body, code) in [
        (
            "<script>alert(\"请先登录！\");location.href=\"/login.aspx?returnUrl=x\"</script>",
            "site.login",
        ),
        ("<script>location.href='/login.aspx'</script>", "site.login"),
        (
            "<meta http-equiv=refresh content='0;url=https://cas.b.edu.cn/cas?service=x'>",
            "site.login",
        ),
        (
            "<script>alert('您的IP不在授权范围内');location='/'</script>",
            "content.redirected_home",
        ),
        ("<script>location='/'</script>", "content.redirected_home"),
        (
            "<script>location.replace('/index.html')</script>",
            "content.redirected_home",
        ),
        (
            "<script>location.replace('/404.html')</script>",
            "content.soft_404",
        ),
        (
            "<script>location='https://shop.example.com/'</script>",
            "content.replaced",
        ),
        (
            "<script>alert('对不起，您没有查看该文献的权限');history.go(-1)</script>",
            "site.not_entitled",
        ),
        (
            "<script>alert('请先登录！');history.back()</script>",
            "site.login",
        ),
        (
            "<body onload='document.forms[0].submit()'><form method=post action='https://idp.b.edu.cn/idp/profile/SAML2/POST/SSO'><input type=hidden name=SAMLRequest><input type=hidden name=RelayState></form>",
            "site.login",
        ),
        (
            "<body onload='document.forms[0].submit()'><form method=post action='/x'><input type=hidden name=a></form>",
            "content.replaced",
        ),
        (
            "<p>境外用户暂停访问，3秒后返回</p><meta http-equiv=refresh content='3;url=/notice.html'>",
            "site.geo_block",
        ),
    ] {
        let got = verdict(&foreign(body), Some(&record()));
        assert_eq!(got.code.as_str(), code, "{body}: {got:#?}");
    }
}

#[test]
fn evidence_says_where_the_page_leads_and_what_is_posted() {
    let body = "<body onload='document.forms[0].submit()'><form method=post action='https://idp.b.edu.cn/sso'><input type=hidden name=SAMLRequest><input type=hidden name=RelayState></form>";
    let got = verdict(&foreign(body), Some(&record()));
    let facts: Vec<String> = got.evidence.iter().map(English::english).collect();
    assert!(
        facts.iter().any(|fact| fact == "the page at https://lib.example.cn/record/1 would lead on to https://idp.b.edu.cn/sso (a form that submits itself), posted with the fields SAMLRequest, RelayState"),
        "{facts:?}"
    );
}

/// A page that was followed: the tagged request stays, and its text counts.
fn followed(first: &str, to: &str, last: &str) -> Measurement {
    let mut m = answered(URL, answer(to, 200, HTML, last));
    let mut led = answer(URL, 200, HTML, first);
    led.tags.push(CLIENT_REDIRECT.to_owned());
    m.test_keys.requests.push(led);
    m.test_keys.x_accesswatch = Some(extra());
    m
}

#[test]
fn what_the_page_said_that_led_on_counts() {
    let home = "<title>某某数据库</title><p>欢迎使用。</p>";
    for (first, to, last, code) in [
        (
            "<script>alert('请先登录！');location='/welcome'</script>",
            "https://lib.example.cn/welcome",
            home,
            "site.login",
        ),
        (
            "<h2>您的IP地址不在授权范围内</h2><meta http-equiv=refresh content='3;url=/welcome'>",
            "https://lib.example.cn/welcome",
            home,
            "site.not_entitled",
        ),
        (
            "<script>location='/welcome'</script>",
            "https://lib.example.cn/welcome",
            home,
            "content.replaced",
        ),
        (
            "<script>location='/new/1'</script>",
            "https://lib.example.cn/new/1",
            "<title>论文题名</title>摘要",
            "ok",
        ),
        (
            "<script>alert('欢迎');location='https://new.example.cn/1'</script>",
            "https://new.example.cn/1",
            "<title>论文题名</title>摘要",
            "ok",
        ),
    ] {
        let m = followed(first, to, last);
        let got = verdict(&m, Some(&record()));
        assert_eq!(got.code.as_str(), code, "{first}: {got:#?}");
        let led = got
            .evidence
            .iter()
            .any(|e| e.english().contains("leads on to") && e.place == "requests[1].response.body");
        assert_eq!(led, code != "ok", "{:?}", got.evidence);
    }
}

#[test]
fn checks_for_people_stay_checks() {
    for (headers, status, body) in [
        (
            &[
                ("Content-Type", "text/html"),
                ("X-Via-JSL", "1"),
                ("Set-Cookie", "__jsluid_s=1; path=/"),
            ][..],
            521,
            "<script>document.cookie=('_')+('_')+('jsl_clearance=1');location.href=location.pathname+location.search</script>",
        ),
        (
            &[("Content-Type", "text/html")],
            200,
            "<html><script>var arg1='3000176000856006061501533003690027800375';document.cookie='acw_sc__v2=1';document.location.reload();</script></html>",
        ),
    ] {
        let m = answered(URL, answer(URL, status, headers, body));
        assert_eq!(
            verdict(&m, Some(&record())).code.as_str(),
            "site.challenge",
            "{body}"
        );
    }
}

#[test]
fn a_redirect_behind_such_a_page_is_no_move_of_the_record() {
    let to = "https://lib.example.cn/welcome/";
    let mut m = followed(
        "<script>location='/welcome'</script>",
        to,
        "<title>某某数据库</title><p>欢迎使用。</p>",
    );
    let between = answer(
        "https://lib.example.cn/welcome",
        301,
        &[("Location", to)],
        "",
    );
    m.test_keys.requests.insert(1, between);
    let got = verdict(&m, Some(&record()));
    assert_eq!(got.code.as_str(), "content.replaced", "{got:#?}");
    // When the text at the new address states a cause, that cause explains the record.
    let mut m = answered(
        URL,
        answer(to, 200, HTML, "<p>本库仅对大陆境内读者开放</p>"),
    );
    m.test_keys
        .requests
        .push(answer(URL, 301, &[("Location", to)], ""));
    let got = verdict(&m, Some(&record()));
    assert_eq!(got.code.as_str(), "site.geo_block", "{got:#?}");
}
