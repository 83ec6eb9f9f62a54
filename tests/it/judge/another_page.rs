//! Pages that answer 200 instead of the known page, in words that no list has, and pages that
//! changed harmlessly: five kinds of probes, each with its last healthy page.

use std::sync::OnceLock;

use accesswatch::config::{self, Workspace};
use accesswatch::judge::Judge;
use accesswatch::model::page::History;
use accesswatch::model::reference::ReferenceKind;
use accesswatch::model::{Code, Measurement, Probe, Verdict};

use super::record::{answer, answered, extra, now, shipped};
use crate::support::workspace::TestWorkspace;

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
select = [".wx-tit > h1"]
contains = ["摘要"]
[probe.expect.level]
fulltext = ["#pdfDown"]

[[probe]]
id = "titled"
level = "abstract"
url = "https://lib.example.cn/book/88812"
[probe.expect]
title = ["地方志"]
select = [".book h2"]

[[probe]]
id = "list"
level = "data"
url = "https://lib.example.cn/tjsj/zxfb/"
[probe.expect]
title = ["数据发布"]
[probe.value.rows]
select = ".list-content li"
as = "count"
min = 5
[probe.value.latest]
select = ".list-content li span"
as = "date"
max_age = "30d"

[[probe]]
id = "api"
level = "api"
url = "https://lib.example.cn/api/rates?page=1"
[probe.value.rows]
json_path = "$.data.list[*].rate"
as = "count"
min = 3

[[probe]]
id = "home"
level = "home"
url = "https://lib.example.cn/"
[probe.expect]
title = ["典籍文献总库"]
select = ["form.search"]
"##;

const KINDS: [&str; 5] = ["record", "titled", "list", "api", "home"];

fn workspace() -> &'static (Workspace, Judge) {
    static BOTH: OnceLock<(Workspace, Judge)> = OnceLock::new();
    BOTH.get_or_init(|| {
        let watch = TestWorkspace::new("http://127.0.0.1:9/control");
        watch.write("probes/test/lib.toml", PROBES);
        let workspace = config::load(watch.path()).unwrap_or_else(|faults| panic!("{faults}"));
        let judge = Judge::new(&workspace.catalogue, shipped());
        (workspace, judge)
    })
}

fn probe(kind: &str) -> &'static Probe {
    let key = format!("lib/{kind}").parse().unwrap();
    workspace().0.catalogue.probe(&key).unwrap()
}

/// The site's frame around some content.
fn framed(title: &str, content: &str) -> String {
    let menu: String = [
        "首页",
        "期刊导航",
        "学位论文",
        "会议论文",
        "年鉴",
        "统计数据",
        "标准",
        "专利",
        "成果",
        "法规",
        "检索帮助",
        "使用指南",
        "常见问题",
        "关于我们",
        "联系方式",
        "网站地图",
    ]
    .map(|name| format!("<li><a href=/nav/{name}>{name}</a></li>"))
    .concat();
    format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body><ul class=nav>{menu}</ul>\
         <div class=main>{content}</div><footer>主办单位：某某研究院信息中心 地址：某市某区某路十二号 邮编：100000 \
         版权所有，未经书面许可不得转载 <a href=/login>登录</a> <a href=/register>注册</a></footer></body></html>"
    )
}

fn rows() -> String {
    let row = |n: usize| {
        format!(
            "<li><a href=/tjsj/zxfb/{n}.html>{}月份居民消费价格与工业生产者出厂价格变动情况第{n}号公报</a><span>2026-11-{:02}</span></li>",
            12 - n,
            20 - n
        )
    };
    (0..12).map(row).collect::<Vec<_>>().concat()
}

/// The page of the day before.
fn healthy(kind: &str) -> String {
    let para = "清代中后期江南市镇的商业网络以水路为骨架，本文据档案与碑刻考察其信贷、运输与行会制度的演变，认为市镇之间的分工在道光以后趋于固定，并讨论了米价波动对手工业雇佣的影响。";
    match kind {
        "record" => framed(
            "清代江南市镇的信贷网络研究 - 典籍文献总库",
            &format!(
                "<div class=wx-tit><h1>清代江南市镇的信贷网络研究</h1></div><p class=author>王某某 李某某</p><p>摘要：{para}</p>\
                 <p>关键词：江南；市镇；信贷；行会</p><a id=pdfDown href=/download/2026-0117.pdf>整本下载</a><p>参考文献</p><p>{para}</p>"
            ),
        ),
        "titled" => framed(
            "地方志：吴江县志（光绪五年刻本）",
            &format!(
                "<div class=book><h2>吴江县志</h2><dl><dt>纂修</dt><dd>金福曾等</dd><dt>版本</dt><dd>光绪五年刻本</dd></dl><p>{para}</p></div>"
            ),
        ),
        "list" => framed(
            "数据发布 - 某省统计局",
            &format!("<div class=list-content><ul>{}</ul></div>", rows()),
        ),
        "api" => {
            let list: Vec<String> = (0..20)
                .map(|n| {
                    format!(
                        r#"{{"day":"2026-11-{:02}","rate":{}.{n},"name":"隔夜回购定盘利率"}}"#,
                        n + 1,
                        n % 7
                    )
                })
                .collect();
            format!(
                r#"{{"rc":0,"data":{{"total":20,"list":[{}]}}}}"#,
                list.join(",")
            )
        }
        _ => framed(
            "典籍文献总库",
            &format!(
                "<form class=search><input name=q placeholder=请输入书名><input type=submit value=检索></form>\
                 <h2>最新入库</h2><p>{para}</p><h2>专题</h2><p>{para}</p>"
            ),
        ),
    }
}

fn measured(kind: &str, body: &str, content_type: &str) -> Measurement {
    let probe = probe(kind);
    let url = probe.target.to_string();
    let mut m = answered(
        &url,
        answer(&url, 200, &[("Content-Type", content_type)], body),
    );
    m.test_keys.x_accesswatch = Some(extra());
    m
}

fn type_of(body: &str) -> &'static str {
    if body.starts_with('{') {
        "application/json"
    } else {
        "text/html; charset=utf-8"
    }
}

/// The verdict on a page on the day after the healthy one.
fn next_day(kind: &str, body: &str) -> Verdict {
    let judge = &workspace().1;
    let probe = probe(kind);
    let yesterday = healthy(kind);
    let mut good = measured(kind, &yesterday, type_of(&yesterday));
    let reading = judge.read(&good, Some(probe));
    let verdict = judge.decide(&reading, &good, Some(probe), &History::new(), now());
    assert_eq!(verdict.code, Code::Ok, "{kind}: {verdict:#?}");
    let known = judge.snapshot(&good, probe).unwrap();
    assert_eq!(known.kind, ReferenceKind::Healthy);
    good = measured(kind, body, type_of(body));
    let extra = good.test_keys.x_accesswatch.as_mut().unwrap();
    extra.references.push(known);
    let reading = judge.read(&good, Some(probe));
    judge.decide(&reading, &good, Some(probe), &History::new(), now())
}

/// Pages and answers that no reader would take for the known page.
fn losses() -> Vec<(&'static str, String)> {
    let page = |title: &str, body: &str| {
        format!("<html><head><title>{title}</title></head><body>{body}</body></html>")
    };
    let mut all: Vec<(&str, String)> = Vec::new();
    // Notices with all kinds of words.
    for (title, words) in [
        (
            "温馨提示",
            "尊敬的读者：自即日起，本库面向大陆以外读者的服务另行安排，具体时间以后续通告为准。",
        ),
        (
            "",
            "该服务当前仅面向特定网络环境，您所在的网络环境不在其列。",
        ),
        (
            "提示信息",
            "您好，此页面需要通过单位统一入口进入，请向贵单位信息部门索取入口。",
        ),
        (
            "系统公告",
            "因业务调整，相关栏目自十一月起转入内部使用，谢谢理解。",
        ),
        ("身份核验", "继续浏览之前，请用本人名下的境内号码完成核验。"),
        (
            "Notice",
            "This collection is being reorganised. Please come back through your local partner institution.",
        ),
        (
            "안내",
            "이 서비스는 지정된 회선에서만 이용할 수 있습니다. 담당 부서에 문의하시기 바랍니다.",
        ),
        (
            "お知らせ",
            "このデータベースの海外向け提供は終了いたしました。",
        ),
        (
            "公告",
            "應主管部門要求，本平臺調整境外讀者之使用方式，造成不便，敬請見諒。",
        ),
        ("", "非常抱歉，内容正在整理。"),
        ("操作失败", "操作失败，错误代码 E-2107，请稍候再来。"),
        ("会话", "您的会话状态异常，页面无法继续呈现。"),
    ] {
        all.push(("notice", page(title, &format!("<p>{words}</p>"))));
    }
    // Blank, default and error pages.
    for (name, body) in [
        ("blank", "   \r\n".to_owned()),
        ("blank", "<html><head></head><body></body></html>".to_owned()),
        ("blank", page("", "<script>var a=1;</script>")),
        ("default", page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working.")),
        ("default", page("IIS Windows Server", "<img src=iisstart.png alt=IIS width=960>")),
        ("default", page("恭喜，站点创建成功！", "<h1>恭喜, 站点创建成功！</h1><p>这是默认index.html，本页面由系统自动生成</p>")),
        ("listing", page("Index of /", "<h1>Index of /</h1><pre><a href=../>../</a> <a href=bak/>bak/</a> 03-Nov-2026 10:11 -</pre>")),
        ("error", page("", "<b>Warning</b>: mysqli_connect(): (HY000/2002): Connection refused in <b>/data/www/inc/db.php</b> on line <b>17</b>")),
        ("error", page("Runtime Error", "<h1>Server Error in '/' Application.</h1><h2>Runtime Error</h2><p>An application error occurred on the server.")),
        ("error", "java.lang.NullPointerException\n\tat com.x.web.Detail.show(Detail.java:88)\n\tat org.apache.catalina.core.StandardWrapper.invoke".to_owned()),
    ] {
        all.push((name, body));
    }
    // JSON with only a code and a message; pictures; boxes.
    for (name, body) in [
        ("json", r#"{"code":-7,"message":"请求未被受理"}"#.to_owned()),
        (
            "json",
            r#"{"ret":"FAIL","tip":"service adjusted","data2":null}"#.to_owned(),
        ),
        (
            "json",
            r#"{"need_check":true,"next":"/v/check"}"#.to_owned(),
        ),
        ("picture", page("", "<img src=/static/deny.png>")),
        (
            "picture",
            page("说明", "<img src=/n.jpg alt=因系统调整本栏目停止开放>"),
        ),
        (
            "box",
            "<script>alert('本栏目已停止对您开放');history.go(-1);</script>".to_owned(),
        ),
        (
            "box",
            page(
                "",
                "<script>window.alert(\"\\u8bf7\\u5148\\u9a8c\\u8bc1\");</script>",
            ),
        ),
    ] {
        all.push((name, body));
    }
    all
}

/// The page with half of its rows.
fn shortened(page: &str) -> String {
    match page.find("<li><a href=/tjsj/zxfb/6") {
        Some(at) => format!("{}</ul></div></body></html>", &page[..at]),
        None => page.to_owned(),
    }
}

/// Harmless changes of a page.
fn harmless(kind: &str) -> Vec<(&'static str, String)> {
    let page = healthy(kind);
    if kind == "api" {
        return vec![
            (
                "one more key",
                page.replacen("\"rc\":0", "\"rc\":0,\"trace\":\"a1\"", 1),
            ),
            ("renamed fields", page.replace("\"rate\"", "\"value\"")),
            ("renamed list", page.replace("\"list\"", "\"items\"")),
            ("other values", page.replace("2026-11-0", "2026-12-0")),
            ("spaced", page.replace(',', ", ")),
        ];
    }
    let classes = |html: &str| {
        html.replace("class=nav", "class=\"el-menu top\"")
            .replace("class=main", "class=\"container-fluid\"")
            .replace("class=wx-tit", "class=paper-head")
            .replace("class=book", "class=detail-card")
            .replace("class=list-content", "class=news-box")
            .replace("class=search", "class=query-bar")
            .replace("id=pdfDown", "class=btn-down")
    };
    let retitled = |html: &str| {
        html.replace(" - 典籍文献总库", "_典籍")
            .replace("地方志：", "方志库·")
            .replace("数据发布 - 某省统计局", "统计数据发布 | 某省统计局门户")
            .replace("<title>典籍文献总库", "<title>首页 | 典籍总库")
    };
    let footless = |html: &str| {
        let at = html.find("<footer>").unwrap();
        format!("{}<footer>© 2026</footer></body></html>", &html[..at])
    };
    let other_menu = |html: &str| {
        let (from, to) = (
            html.find("<ul class=nav>").unwrap(),
            html.find("<div class=main>").unwrap(),
        );
        format!(
            "{}<nav><a href=/>主页</a><a href=/s>查找</a></nav>{}",
            &html[..from],
            &html[to..]
        )
    };
    vec![
        ("other classes", classes(&page)),
        ("other classes and title", retitled(&classes(&page))),
        ("other frame, classes and title", classes(&footless(&other_menu(&retitled(&page))))),
        ("no foot", footless(&page)),
        ("other menu", other_menu(&page)),
        ("grey front page", page.replace("<html>", "<html style=filter:grayscale(1)>")),
        (
            "seasonal banner",
            page.replace("<body>", "<body><div class=fest>恭贺新春 万事如意 专题页面现已上线</div>"),
        ),
        (
            "seasonal title",
            page.replace("<title>", "<title>新春快乐 | "),
        ),
        (
            "notice of maintenance ahead",
            page.replace("<body>", "<body><p class=tip>本站将于本周六夜间例行检修，请合理安排使用时间。</p>"),
        ),
        (
            "cookie notice",
            page.replace("</body>", "<div id=ck>本网站使用 Cookie 以改进服务 <button>同意</button></div></body>"),
        ),
        (
            "a widget is down",
            page.replace("<footer>", "<div class=hot>热门内容加载失败</div><footer>"),
        ),
        (
            "hidden check",
            page.replace("</body>", "<div style='display:none'>请完成安全验证</div></body>"),
        ),
        ("shortened list", shortened(&page)),
        (
            "script shell",
            "<!DOCTYPE html><html><head><title>加载中</title><script src=/static/app.js></script></head><body><div id=app></div></body></html>".to_owned(),
        ),
        (
            "script shell under the same title",
            {
                let title = &page[page.find("<title>").unwrap()..page.find("</title>").unwrap()];
                format!("<html><head>{title}</title></head><body><main></main><script src=/m.js></script></body></html>")
            },
        ),
        ("minified", page.replace("><", ">\n<")),
        ("upper-case tags", page.replace("<p>", "<P>").replace("</p>", "</P>")),
        ("more text", page.replace("</div><footer>", "<p>相关推荐：明清契约文书选编、徽州族谱汇考、漕运档案辑录。</p></div><footer>")),
        ("days moved on", page.replace("2026-11-20", "2026-11-22")),
        ("two languages", page.replace("首页", "首页 Home").replace("登录", "登录 Sign in")),
        ("part moved below", page.replace("<p>参考文献</p>", "")),
    ]
}

#[test]
fn every_page_in_place_of_the_known_one_opens_an_incident() {
    let mut silent = Vec::new();
    let mut count = 0;
    for kind in KINDS {
        for (name, body) in losses() {
            count += 1;
            let got = next_day(kind, &body);
            if got.code.severity() < Some(3) {
                silent.push(format!(
                    "{kind}, {name}: {} ({}) {body}",
                    got.code, got.rule
                ));
            }
        }
    }
    assert!(count >= 100, "{count}");
    assert!(
        silent.is_empty(),
        "{} of {count}:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

#[test]
fn what_it_says_is_quoted() {
    let got = next_day(
        "record",
        "<title>说明</title><p>相关栏目自十一月起转入内部使用。</p>",
    );
    assert_eq!(got.code, Code::ContentReplaced);
    assert_eq!(
        got.words().as_deref(),
        Some("相关栏目自十一月起转入内部使用。")
    );
    let box_alone = next_day(
        "record",
        "<script>alert('栏目调整');history.back()</script>",
    );
    assert_eq!(box_alone.words().as_deref(), Some("栏目调整"));
    let picture = next_day("record", "<img src=/n.jpg alt=本栏目停止开放>");
    assert_eq!(picture.words().as_deref(), Some("本栏目停止开放"));
}

#[test]
fn no_harmless_change_is_another_page() {
    let mut wrong = Vec::new();
    let (mut count, mut alarms) = (0, Vec::new());
    for kind in KINDS {
        for (name, body) in harmless(kind) {
            count += 1;
            let got = next_day(kind, &body);
            if got.code == Code::ContentReplaced {
                wrong.push(format!("{kind}, {name}: {:?}", got.evidence));
            }
            let is_shell = name.contains("script shell");
            if is_shell {
                assert!(
                    matches!(got.code, Code::ContentUnproven),
                    "{kind}, {name}: {got:#?}"
                );
            } else if got.code.severity() >= Some(2) {
                alarms.push(format!("{kind}, {name}: {} {:?}", got.code, got.evidence));
            }
        }
    }
    assert!(count >= 80, "{count}");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        alarms.is_empty(),
        "{} of {count}:\n{}",
        alarms.len(),
        alarms.join("\n")
    );
}
