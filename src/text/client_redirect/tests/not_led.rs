//! Pages that lead nowhere, and hostile ones.

use super::*;

fn long() -> String {
    "国家统计局发布十月份居民消费价格数据，同比上涨百分之零点三。".repeat(30)
}

#[test]
fn pages_with_content_of_their_own_lead_nowhere() {
    let scripts = [
        "location.href='/en/'",
        "if(/mobile/i.test(navigator.userAgent))location.href='/m/'",
        "if(top!=self)top.location.href=location.href",
        "function lang(l){location.href='/'+l}",
        "setTimeout(\"location.href='/'\",300)",
        "document.write('<meta http-equiv=refresh content=0;url=/x>')",
    ];
    for script in scripts {
        let page = format!(
            "<title>数据</title><script>{script}</script><p>{}</p>",
            long()
        );
        assert_eq!(leads(&page), None, "{script}");
        let menu = "<a href=/a>一</a>".repeat(12);
        let page = format!("<title>首页</title><script>{script}</script>{menu}");
        let written = script.contains("document.write");
        assert!(leads(&page).is_none() || written, "{script}");
    }
    let page = format!(
        "<meta http-equiv=refresh content='3;url=/x'><p>{}</p>",
        long()
    );
    assert_eq!(leads(&page), None);
}

#[test]
fn statements_that_are_not_reached_lead_nowhere() {
    for script in [
        "if(/mobile/i.test(navigator.userAgent)){location.href='/m/'}",
        "if(isMobile)location='/m'",
        "if(top!=self)top.location.href='/x'",
        "if (top.location != self.location) { top.location = '/x'; }",
        "if(self!==top){top.location='/x'}",
        "if(window.frameElement){parent.location='/x'}",
        "if(a){location='/x'}else{location='/y'}",
        "if(false)location='/x'",
        "if(0){location='/x'}",
        "function go(){location.href='/x'}",
        "var go=function(){location.href='/x'}",
        "document.onclick=function(){location.href='/x'}",
        "document.getElementById('b').addEventListener('click',function(){location.href='/x'})",
        "$('#b').click(function(){location.href='/x'})",
        "$('#b').on('click',()=>{location.href='/x'})",
        "fetch('/api').then(function(r){location.href='/x'})",
        "$.ajax({url:'/a',success:function(){location.href='/x'}})",
        "window.onerror=function(){location.href='/x'}",
        "for(var i in a){location.href='/x'}",
        "while(a)location.href='/x'",
        "switch(a){case 1:location.href='/x'}",
        "try{go()}catch(e){location.href='/x'}",
        "a&&(location.href='/x')",
        "a ? location.href='/x' : 0",
        "localStorage.x || location.replace('/x')",
        "var next=location.href",
        "var here=window.location;console.log(here)",
        "if(location.href=='/x'){}",
        "if(location.pathname==='/x')a()",
        "location.hash='#top'",
        "location.href='#top'",
        "location.reload()",
        "window.location.reload(true)",
        "location.href=location.href",
        "location=location.pathname+location.search",
        "location.replace(document.URL)",
        "location.href='/record/12?db=a'",
        "document.cookie='__jsl_clearance=1';location.href='/x'",
        "document.cookie='C3VK=a; path=/';location.href=location.pathname",
        "eval(function(p,a,c){}('x'));location.href='/x'",
        "location.href=url",
        "location.href=get()",
        "location.href=a||'/x'",
        "location.href=a?'/x':'/y'",
        "location.href=config.home+'/x'",
        "history.go(-1)",
        "alert('请先登录');history.back()",
        "window.open('/x')",
        "window.open('/x','_blank')",
        "setTimeout(function(){location.href='/x'},30000)",
        "setTimeout(\"location.href='/x'\",6000)",
        "var n=10;setInterval(function(){n--;if(n<=0){location.href='/x'}},1000)",
        "location.href='javascript:void(0)'",
        "location.href='weixin://dl'",
        "location.href='mailto:a@b.cn'",
        "location.href='http://'",
        "location.href='",
        "// location.href='/x'",
        "/* location.href='/x' */",
        "var s=\"location.href='/x'\"",
        "var s=`location.href=${x}`",
        "my.location.href='/x'",
        "mylocation='/x'",
    ] {
        let page = format!("<html><head><script>{script}</script></head><body></body></html>");
        assert_eq!(leads(&page), None, "{script}");
    }
}

#[test]
fn pages_that_are_something_else_lead_nowhere() {
    for page in [
        "",
        "<html></html>",
        "<title>x</title>",
        "<meta http-equiv=refresh content=5>",
        "<meta http-equiv=refresh content='6;url=/x'>",
        "<meta http-equiv=refresh content='300;url=/x'>",
        "<meta http-equiv=refresh content='0;url=/record/12?db=a'>",
        "<meta http-equiv=refresh content='0;url=#a'>",
        "<meta name=refresh content='0;url=/x'>",
        "<meta http-equiv=content-type content='0;url=/x'>",
        "<!-- <meta http-equiv=refresh content='0;url=/x'> -->",
        "<textarea><meta http-equiv=refresh content='0;url=/x'></textarea>",
        "<script type=application/ld+json>{\"x\":\"location.href='/x'\"}</script>",
        "<script type=text/template>location.href='/x'</script>",
        "<script type=application/json>location.href='/x'</script>",
        "<script src=/a.js>location.href='/x'</script>",
        "<script src=/app.js></script>",
        "<div id=app></div><script>location.href='/x'</script>",
        "<div id=\"root\"></div><noscript><meta http-equiv=refresh content='0;url=/nojs'></noscript><script src=/a.js></script>",
        "<noscript><meta http-equiv=refresh content='0;url=/nojs'></noscript><script src=/a.js></script>",
        "<script>location.replace(location.href.replace('https','http'))</script><noscript><meta http-equiv=refresh content='0;url=/nojs'></noscript>",
        "<a href=/x onclick=\"location.href='/x'\">weiter</a>",
        "<body onunload=\"location.href='/x'\">",
        "<button onclick=\"location='/x'\">go</button>",
        "<img src=/closed.png><script>location.href='/x'</script>",
        "<form action=/login><input name=user><input type=password name=p></form><script>function s(){document.forms[0].submit()}</script>",
        "<form action=/login><input name=user></form><script>document.forms[0].submit()</script>",
        "<form action=/search><input type=hidden name=q></form>",
        "<iframe src=/x width=0 height=0></iframe>",
        "<iframe src=/x style='display: none'></iframe>",
        "<iframe src=/x hidden></iframe>",
        "<iframe src='about:blank'></iframe>",
        "<iframe></iframe>",
        "<iframe src=/a></iframe><iframe src=/b></iframe>",
        "<frameset cols='200,*'><frame src=left.htm><frame src=main.htm></frameset>",
        "<frameset rows='20%,80%'><frame src=a><frame src=b></frameset>",
        "<p>location.href='/x'</p>",
        "<style>a{}</style>",
        "{\"url\":\"/login\"}",
    ] {
        assert_eq!(leads(page), None, "{page}");
    }
}

#[test]
fn hostile_pages_are_read_in_time() {
    let begun = std::time::Instant::now();
    for unit in [
        "if(a)",
        "function(",
        "((((",
        "{{{{",
        "location.href=",
        "'a'+",
        "a.b[",
        "=>",
        "setTimeout('",
        "<meta http-equiv=refresh content='",
        "<iframe src=a>",
        "document.write('<script>",
        "a&&",
        "?:",
        "encodeURIComponent(",
        "var a=a+",
        "else ",
        "/*",
        "`",
        "\\u",
        "<form><input name=a>",
    ] {
        let script = format!("<script>{}</script>", unit.repeat(20_000));
        let _ = found(&script);
        let _ = found(&unit.repeat(20_000));
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

proptest::proptest! {
    #[test]
    fn any_page_is_read(page in "[ -~一-二]{0,300}") {
        if let Some(found) = found(&page) {
            proptest::prop_assert!(matches!(found.target.scheme(), "http" | "https"));
        }
    }

    #[test]
    fn any_script_is_read(script in "(location|if|else|function|go|top|=|\\(|\\)|\\{|\\}|;|'/x'|,|&&|\\?|setTimeout|\\.|href|\\+){0,60}") {
        let _ = found(&format!("<script>{script}</script>"));
    }
}
