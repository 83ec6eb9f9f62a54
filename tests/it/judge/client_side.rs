//! A record whose page became one that sends its reader elsewhere: the ways that sites use, and the
//! places that they lead to. Each opens an incident under its right name, and the same records
//! rejudged give the same.

use accesswatch::model::{Code, ProbeKey};

use crate::support::engine::{SetClock, engine_with, job, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const RECORD: &str = "<title>论文题名_某某学报</title><div class=record><h1>论文题名</h1><p>摘要：本文讨论乡村治理中的若干问题，并提出改进的办法。</p><a class=download href=/d>全文下载</a></div>";
const LOGIN: &str = "<title>用户登录</title><form action=/login method=post>用户名 <input name=u> 密码 <input type=password name=p></form>";
const CAS: &str = "<title>统一身份认证平台</title><form method=post>学工号 <input name=u> 密码 <input type=password name=p></form>";
const HOME: &str = "<title>某某学报</title><p>欢迎访问本刊网站。本刊创刊于一九五六年，双月出版，刊登农业经济与乡村治理方面的研究论文。</p>";
const OTHER: &str =
    "<title>某某科技有限公司</title><p>我们为客户提供优质的机械产品与售后服务。</p>";
const CLOSED: &str =
    "<title>公告</title><p>本数据库自即日起停止服务，感谢各位读者多年来的支持。</p>";

/// Ways to lead to `{to}`.
const WAYS: &[&str] = &[
    "<html><head><meta http-equiv=\"refresh\" content=\"0;url={to}\"></head></html>",
    "<html><head><META HTTP-EQUIV='Refresh' CONTENT='3; URL={to}'></head><body>正在跳转</body></html>",
    "<html><head><script>location.href=\"{to}\"</script></head></html>",
    "<script>window.location = '{to}';</script>",
    "<script>top.location.href='{to}'</script>",
    "<script>parent.location.href='{to}'</script>",
    "<script>self.location='{to}'</script>",
    "<script>location.replace('{to}')</script>",
    "<script>window.open('{to}',\"_self\")</script>",
    "<script>alert(\"提示！\");location.href=\"{to}\"</script>",
    "<body onload=\"location.href='{to}'\"></body>",
    "<script>setTimeout(\"location.href='{to}'\",1000)</script>",
    "<script>(function(){var u='{to}';document.location.assign(u)})()</script>",
    "<form id=f action='{to}'></form><script>document.getElementById('f').submit()</script>",
    "<iframe src=\"{to}\" style=\"width:100%;height:100%;border:0\"></iframe>",
    "<frameset rows=\"100%,*\"><frame src=\"{to}\"></frameset>",
];

fn watch_of(site: &Site) -> TestWorkspace {
    site.set("/control", Answer::html("works"));
    site.set("/record/1", Answer::html(RECORD));
    site.set("/login.aspx?", Answer::html(LOGIN));
    site.set("/login.aspx", Answer::html(LOGIN));
    site.set("/", Answer::html(HOME));
    site.set("/?", Answer::html(HOME));
    site.set("/notice/closed.html", Answer::html(CLOSED));
    site.set("/notice/closed.html?", Answer::html(CLOSED));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.write(
        "probes/test/own.toml",
        &format!(
            "[source]\nid = 'own'\nname = 'Own'\ngroup = 'test'\naccess = 'public'\n\
             [[probe]]\nid = 'one'\nlevel = 'abstract'\nurl = '{}'\n\
             [probe.expect]\ntitle = ['论文题名']\nselect = ['.record h1']\n\
             [probe.expect.level]\nfulltext = ['a.download']\n",
            site.url("/record/1")
        ),
    );
    watch
}

#[tokio::test]
async fn every_way_to_every_place_opens_an_incident_under_its_name() {
    let site = Site::start();
    let others = Site::start();
    for path in ["/cas/login", "/cas/login?"] {
        others.set(path, Answer::html(CAS));
    }
    for path in ["/shop", "/shop?"] {
        others.set(path, Answer::html(OTHER));
    }
    let places = [
        ("/login.aspx".to_owned(), &[Code::SiteLogin][..]),
        (others.url("/cas/login"), &[Code::SiteLogin]),
        ("/".to_owned(), &[Code::ContentRedirectedHome]),
        (others.url("/shop"), &[Code::ContentReplaced]),
        ("/404.html".to_owned(), &[Code::HttpNotFound]),
        ("/notice/closed.html".to_owned(), &[Code::ContentReplaced]),
    ];
    let mut faults = Vec::new();
    for (to, wanted) in &places {
        let watch = watch_of(&site);
        let engine = engine_with(&watch, SetClock::at("2026-03-02T03:00:00Z")).await;
        let key = (ProbeKey::new("own", "one"), "here".into());
        for way in WAYS {
            site.set("/record/1", Answer::html(RECORD));
            let report = make(&engine, vec![job("own/one")]).await;
            let open = |report: &accesswatch::engine::PassReport| {
                report
                    .tracker
                    .incidents
                    .values()
                    .filter(|i| i.ended.is_none())
                    .count()
            };
            if report.tracker.statuses[&key].observed.code != Code::Ok || open(&report) != 0 {
                faults.push(format!(
                    "before {way}: {}",
                    report.tracker.statuses[&key].observed.code
                ));
            }
            site.set("/record/1", Answer::html(&way.replace("{to}", to)));
            let report = make(&engine, vec![job("own/one")]).await;
            let code = report.tracker.statuses[&key].observed.code;
            if !wanted.contains(&code) || open(&report) != 1 {
                faults.push(format!("{way} to {to}: {code}, {} open", open(&report)));
            }
        }
        drop(engine);
        let told = watch.run(&["rejudge"]).ends(0);
        let said = format!("{}{}", told.out, told.err);
        assert!(said.contains("nothing changes"), "{to}: {said}");
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

/// A page that has always led on by itself: the page that it leads to is watched, and losses are
/// seen there.
#[tokio::test]
async fn a_healthy_page_that_leads_on_is_watched_where_it_leads() {
    let site = Site::start();
    let watch = watch_of(&site);
    let front = "<html><head><meta http-equiv=\"refresh\" content=\"0;url=pc/layout/index.html\"></head><body></body></html>";
    let paper = "<title>论文题名</title><div class=record><h1>第一版</h1></div><a class=download href=202611/29/node_01.html>版面</a>";
    site.set("/record/1", Answer::html(front));
    site.set("/record/pc/layout/index.html", Answer::html(paper));
    let engine = engine_with(&watch, SetClock::at("2026-03-02T03:00:00Z")).await;
    let key = (ProbeKey::new("own", "one"), "here".into());
    let report = make(&engine, vec![job("own/one")]).await;
    assert_eq!(report.tracker.statuses[&key].observed.code, Code::Ok);

    let notice = "<title>公告</title><p>本报电子版自即日起不再向境外读者开放。</p>";
    site.set("/record/pc/layout/index.html", Answer::html(notice));
    let report = make(&engine, vec![job("own/one")]).await;
    assert_eq!(
        report.tracker.statuses[&key].observed.code,
        Code::SiteGeoBlock
    );
    assert_eq!(report.tracker.incidents.len(), 1);
}

/// A redesign that contains the words of a refusal is not a loss, however short the page is.
#[tokio::test]
async fn a_short_page_that_keeps_its_text_is_not_named() {
    let site = Site::start();
    let watch = watch_of(&site);
    let engine = engine_with(&watch, SetClock::at("2026-03-02T03:00:00Z")).await;
    let key = (ProbeKey::new("own", "one"), "here".into());
    make(&engine, vec![job("own/one")]).await;
    let redesigned = "<title>文献详情</title><section><h2>论文题名</h2><p>摘要：本文讨论乡村治理中的若干问题，并提出改进的办法。</p><p>请登录后下载</p></section>";
    site.set("/record/1", Answer::html(redesigned));
    let report = make(&engine, vec![job("own/one")]).await;
    let status = &report.tracker.statuses[&key];
    assert_eq!(status.observed.code, Code::ContentChanged, "{status:?}");
    assert!(report.tracker.incidents.is_empty());
}
