//! Notices in many wordings, in two halves: lexicon and causes were written with one half in sight,
//! and are measured with the other.

use super::*;

const TUNING: &str = include_str!("../../../tests/testdata/notices/tuning.tsv");
const HELD_OUT: &str = include_str!("../../../tests/testdata/notices/held_out.tsv");

fn named(title: &str, text: &str) -> Option<Named> {
    name(&PageTexts {
        title: Some(title).filter(|t| !t.is_empty()),
        text: &crate::text::normalise::for_matching(text),
        ..PageTexts::default()
    })
}

fn code(title: &str, text: &str) -> &'static str {
    named(title, text).map_or("-", |named| named.code.as_str())
}

/// The number of notices, and those with another name than expected.
fn play(file: &str) -> (usize, Vec<String>) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in file.lines().filter(|line| !line.is_empty()) {
        let mut cells = line.split('\t');
        let (expected, title, text) = (
            cells.next().unwrap(),
            cells.next().unwrap(),
            cells.next().unwrap(),
        );
        count += 1;
        let got = code(title, text);
        if got != expected {
            wrong.push(format!("{expected} got {got}: {title} {text}"));
        }
    }
    (count, wrong)
}

const FRESH: &str = include_str!("../../../tests/testdata/notices/fresh.tsv");

#[test]
fn fresh_notices_are_named_nine_times_of_ten() {
    let (count, wrong) = play(FRESH);
    assert!(count >= 60, "{count}");
    assert!(
        wrong.is_empty(),
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

const SERVICES: &str = include_str!("../../../tests/testdata/notices/services.tsv");

#[test]
fn notices_of_services_are_named() {
    let (count, wrong) = play(SERVICES);
    assert!(count >= 40, "{count}");
    assert!(wrong.len() * 10 <= count, "{}", wrong.join("\n"));
}

#[test]
fn notices_that_were_in_sight_are_named() {
    let (count, wrong) = play(TUNING);
    assert!(count >= 100, "{count}");
    assert!(
        wrong.is_empty(),
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn notices_that_were_not_in_sight_are_named_nine_times_of_ten() {
    let (count, wrong) = play(HELD_OUT);
    assert!(count >= 100, "{count}");
    assert!(
        wrong.len() * 10 <= count,
        "{} of {count}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn of_json(json: &str) -> &'static str {
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let texts = PageTexts {
        json: Some(&json),
        ..PageTexts::default()
    };
    name(&texts).map_or("-", |named| named.code.as_str())
}

#[test]
fn answers_of_interfaces_are_named() {
    for (json, code) in [
        (r#"{"code":-412,"message":"请求被拦截"}"#, "site.waf_block"),
        (
            r#"{"code":-352,"message":"风控校验失败","ttl":1}"#,
            "site.challenge",
        ),
        (
            r#"{"returncode":501,"returndata":"抱歉，暂无数据"}"#,
            "content.empty",
        ),
        (r#"{"need_verify":true,"type":"slide"}"#, "site.challenge"),
        (r#"{"error":{"code":401,"type":"auth"}}"#, "site.login"),
        (r#"{"code":2002,"msg":"您的token不对"}"#, "site.login"),
        (
            r#"{"code":302,"redirectUrl":"/login?from=%2Fx"}"#,
            "site.login",
        ),
        (r#"{"status":"429"}"#, "site.rate_limited"),
        (
            r#"{"success":false,"msg":"该接口仅对境内开放"}"#,
            "site.geo_block",
        ),
        (r#"{"ret":1,"tip":"会员到期，请续费"}"#, "site.paywall"),
        (r#"{"needLogin":true}"#, "site.login"),
        (r#"{"code":0,"message":"success","data":[]}"#, "-"),
        (r#"{"code":500,"message":"系统异常"}"#, "-"),
        (r#"{"code":404000,"data":{"name":"401"}}"#, "-"),
        ("[]", "-"),
        ("null", "-"),
    ] {
        assert_eq!(of_json(json), code, "{json}");
    }
}

#[test]
fn a_json_answer_of_any_depth_is_read_within_bounds() {
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(of_json(&deep), "-");
    let many = format!("[{}]", vec![r#""请登录后查看""#; 5_000].join(","));
    assert_eq!(of_json(&many), "site.login");
}

#[test]
fn words_of_articles_and_menus_name_nothing() {
    let long = format!(
        "{}本平台暂停对境外用户服务，请登录后查看。{}",
        "新闻全文如下，读者可以自由阅读。".repeat(60),
        "以上为全文。".repeat(30)
    );
    for (title, text) in [
        ("", long.as_str()),
        (
            "网站限制境外访问引发讨论",
            "本报讯 记者王某报道：多家数据库暂停对境外机构的服务，学者表示不便。",
        ),
        (
            "",
            "摘要：本文讨论境外用户访问受限的法律问题。关键词：访问；限制",
        ),
        (
            "",
            "Researchers found that sites blocked in your country are rarely restored.",
        ),
        (
            "",
            "A new report says overseas users cannot open the portal, officials said.",
        ),
        ("", "기자 = 해외 접속 차단이 늘고 있다고 보도했다"),
        (
            "",
            "海外からのアクセスを制限する動きが広がっている、と新聞は報じた。",
        ),
        (
            "",
            "首页 | 登录 | 注册 | 会员中心 | 手机版 | 联系电话 010-12345678",
        ),
        ("", "Home Sign in Register Premium Membership Newsletter"),
        ("", "Subscribe to our newsletter to get alerts"),
        ("", "欢迎光临，请登录 免费注册"),
        ("", "关注公众号 订阅邮件 即可获取最新内容"),
        ("", "京ICP备12345678号 京公网安备 11010802020088号"),
        ("海外版", "人民日报海外版 首页"),
        ("", "本平台为读者提供国内外学术文献检索服务"),
        ("", "提供国内领先的云加速服务"),
        ("", "面向国内外公开发行"),
        ("", "International edition | 中文"),
        ("", "You need to enable JavaScript to run this app."),
        ("", "请升级您的浏览器"),
        ("", "Loading..."),
        ("", ""),
        ("", "© 2026 Law Library. All rights reserved."),
        ("", "违法和不良信息举报电话 12377"),
        ("", "图书馆 开馆时间 8:00-22:00"),
        ("", "国际合作 对外交流 外国专家"),
        ("", "2026年10月份居民消费价格同比上涨0.3%"),
    ] {
        let named = named(title, text);
        assert!(named.is_none(), "{title} {text}: {named:?}");
    }
}

#[test]
fn an_offer_that_is_off_during_maintenance_is_maintenance() {
    for text in [
        "今晚22时至次日6时进行系统维护,期间暂不提供下载",
        "平台例行维护期间不提供全文下载服务",
        "During maintenance downloads are not offered.",
    ] {
        assert_eq!(code("", text), "site.maintenance", "{text}");
    }
    for text in [
        "预览服务升级，不再提供下载。",
        "系统升级完成，新版不提供全文下载服务",
    ] {
        assert_eq!(code("", text), "content.withdrawn", "{text}");
    }
}

#[test]
fn a_reader_abroad_who_is_asked_for_something_else_is_not_refused() {
    for (text, asked) in [
        (
            "检测到您的IP来自其他国家或地区,请完成安全验证",
            "site.challenge",
        ),
        (
            "检测到您的IP来自其他国家或地区。请完成安全验证",
            "site.challenge",
        ),
        ("您的访问来自其他地区,请登录后继续", "site.login"),
        ("您正在海外访问,请选择所在地区", "-"),
        ("您正在海外访问,请选择服务地区", "-"),
        (
            "You are visiting from outside China. Choose your region to continue",
            "-",
        ),
    ] {
        assert_eq!(code("", text), asked, "{text}");
    }
}

#[test]
fn readers_abroad_who_are_sent_elsewhere_are_refused() {
    for (text, said) in [
        (
            "境外投资者请经债券通渠道查询行情，本页面向境内成员单位开放。",
            "site.geo_block",
        ),
        (
            "Overseas readers may write to us, the archive is open to domestic members.",
            "site.geo_block",
        ),
        ("境外高校馆藏目录，面向国内各校提供检索服务", "-"),
        ("为海外学者和国内读者提供服务", "-"),
        ("海外用户与国内用户同样免费，面向国内外读者开放", "-"),
    ] {
        assert_eq!(code("", text), said, "{text}");
    }
}

#[test]
fn a_number_of_readers_a_day_is_no_number_of_seats() {
    for (text, said) in [
        (
            "今日阅览名额已满。每日放出三百份阅览，次日零点重新放出。",
            "site.rate_limited",
        ),
        ("本日预约已满，请明日再来", "site.rate_limited"),
        ("Today's places are all taken.", "site.rate_limited"),
        ("贵机构并发用户名额已满（5/5）", "site.seats"),
    ] {
        assert_eq!(code("", text), said, "{text}");
    }
}

#[test]
fn a_search_without_hits_says_nothing_about_a_subscription() {
    for (text, said) in [
        ("没有找到“北京大学图书馆”的相关结果", "content.soft_404"),
        ("未找到与大学相关的文献", "content.soft_404"),
        ("没有查到该单位的数据", "-"),
        ("未找到与大学相关的授权专利", "content.soft_404"),
        ("未能找到贵馆的订购记录", "site.not_entitled"),
        ("未能在名单中找到您所在的机构", "site.not_entitled"),
    ] {
        assert_eq!(code("", text), said, "{text}");
    }
}

#[test]
fn where_a_page_led_names_it_when_nothing_else_does() {
    let led = |address: &str| {
        let texts = PageTexts {
            led_to: Some(address),
            ..PageTexts::default()
        };
        name(&texts).map_or("-", |named| named.code.as_str())
    };
    for (address, code) in [
        ("https://a.cn/login.aspx?returnUrl=x", "site.login"),
        ("https://a.cn/userLogin.do", "site.login"),
        ("https://cas.b.edu.cn/cas", "site.login"),
        ("https://passport.a.cn/", "site.login"),
        ("https://a.cn/SSO/in", "site.login"),
        ("https://a.cn/404.html", "content.soft_404"),
        ("https://a.cn/verify/home", "site.challenge"),
        ("https://a.cn/search?q=login", "-"),
        ("https://a.cn/blogin/catalogue", "-"),
        ("https://a.cn/index.html", "-"),
        ("no address", "-"),
    ] {
        assert_eq!(led(address), code, "{address}");
    }
}

#[test]
fn the_phrase_is_the_sentence_and_no_more() {
    let text = "某某数据库 公告。自即日起不再向海外机构提供服务。联系电话 010-1。";
    assert_eq!(
        named("", text).unwrap().phrase,
        "自即日起不再向海外机构提供服务。"
    );
    let long = format!("海外{}无法访问", "长".repeat(30));
    assert!(named("", &long).unwrap().phrase.chars().count() <= MAX_PHRASE);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(title in ".{0,80}", text in ".{0,400}") {
        let _ = named(&title, &text);
    }
}
