use super::*;

const BASE: &str = "https://lib.example.cn/record/12?db=a";

fn found(source: &str) -> Option<ClientRedirect> {
    find(source, None, &BASE.parse().unwrap())
}

fn leads(source: &str) -> Option<String> {
    found(source).map(|found| found.target.to_string())
}

/// Ways to write a script that goes to `§`, in a page of its own.
const SCRIPTS: &[&str] = &[
    "location='§'",
    "location=\"§\";",
    "location.href='§'",
    "location.href = \"§\" ;",
    "window.location='§'",
    "window.location.href='§'",
    "top.location='§'",
    "top.location.href='§'",
    "parent.location.href='§'",
    "self.location='§'",
    "document.location='§'",
    "document.location.href='§'",
    "window.top.location.href='§'",
    "window.parent.location='§'",
    "this.location.href='§'",
    "location.replace('§')",
    "location.assign('§')",
    "window.location.replace(\"§\")",
    "top.location.replace('§')",
    "document.location.assign('§')",
    "window['location']['href']='§'",
    "window[\"location\"]='§'",
    "location['replace']('§')",
    "window.open('§','_self')",
    "open('§','_top')",
    "window.open('§', '_parent', '')",
    "window.navigate('§')",
    "$(location).attr('href','§')",
    "var url='§';location.href=url",
    "let u = '§'\nlocation.replace(u)",
    "const a='§', b=1; window.location = a;",
    "location.href=''+'§'",
    "location.href='§'.length>0 ? location.href : 1;location.href='§'",
    "setTimeout(function(){location.href='§'},1000)",
    "setTimeout(\"location.href='§'\", 3000)",
    "setTimeout('window.location.replace(\"§\")',0)",
    "window.setTimeout(() => { location = '§' }, 500)",
    "setTimeout(()=>location.href='§',500)",
    "setTimeout(go,2000);function go(){location.href='§'}",
    "function go(){top.location='§'} go();",
    "var go=function(){location='§'};go()",
    "const go = () => { location.replace('§') }; go()",
    "(function(){location.href='§'})()",
    "(function(){location.href='§'}());",
    "!function(){location.href='§'}()",
    "(()=>{location.href='§'})()",
    "void function(){location='§'}()",
    "window.onload=function(){location.href='§'}",
    "window.onload = go; function go() { location.href = '§'; }",
    "onload=()=>{location.href='§'}",
    "document.addEventListener('DOMContentLoaded',function(){location.href='§'})",
    "window.addEventListener(\"load\", () => location.replace('§'))",
    "$(function(){location.href='§'})",
    "$(document).ready(function(){window.location.href='§'})",
    "jQuery(function($){location='§'})",
    "alert('请先登录！');location.href='§'",
    "alert(\"对不起，您没有权限\");window.top.location='§';",
    "layer.alert('请登录',function(){location.href='§'})",
    "if(confirm('请先登录')){location.href='§'}",
    "if(confirm('请先登录'))location.href='§';else history.go(-1)",
    "if(top!=self){top.location='§'}else{location='§'}",
    "if (top.location != self.location) { top.location = '§'; } else { self.location = '§'; }",
    "if(window.top===window.self){location='§'}",
    "if(window==top)location.href='§'",
    "if(true){location.href='§'}",
    "if(parent){parent.location.href='§'}else{location.href='§'}",
    "if(x){location.href='§'}else if(y){location.href='§'}else{location.href='§'}",
    "try{location.href='§'}catch(e){}",
    "{location.href='§'}",
    "do{location.href='§'}while(0)",
    "/* go */ location.href='§' // there",
    "<!--\nlocation.href='§'\n//-->",
    "//<![CDATA[\nlocation.href='§';\n//]]>",
    "var t=/['\"]/g;location.href='§'",
    "location.href=`§`",
    "location.href=decodeURIComponent('§')",
    "location.href=unescape(\"§\")",
    "location.href=('§')",
    "var n=3;setInterval(function(){n--;if(n<=0){location.href='§'}},1000)",
    "var s = 5; function tick(){ s--; if (s == 0) { location.href='§' } } setInterval(tick, 1000)",
    "document.write('<meta http-equiv=\"refresh\" content=\"0;url=§\">')",
    "document.write('<script>location.href=\"§\"<\\/script>')",
    "var x = 1 || 2\nlocation.href='§'",
    "eval;location.href='§'",
    "console.log('x'), location.href='§'",
];

#[test]
fn scripts_that_lead_elsewhere() {
    let mut missed = Vec::new();
    let mut count = 0;
    for script in SCRIPTS {
        for target in ["/login.aspx?a=1", "https://cas.other.cn/cas/login"] {
            let want = Url::parse(BASE).unwrap().join(target).unwrap().to_string();
            let code = script.replace('§', target);
            for page in [
                format!("<html><head><script>{code}</script></head></html>"),
                format!("<script type='text/javascript' language=javascript>\n{code}\n</script>"),
                format!("<title>请稍候</title><body>正在跳转…<script>{code}</script>"),
            ] {
                count += 1;
                if leads(&page).as_deref() != Some(want.as_str()) {
                    missed.push(page);
                }
            }
        }
    }
    assert!(count >= 150, "{count}");
    assert!(
        missed.is_empty(),
        "{} of {count}\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn strings_are_read_with_their_escapes_and_parts() {
    for (script, target) in [
        ("location.href='\\x2flogin'", "/login"),
        ("location.href='\\u002flogin'", "/login"),
        ("location.href='\\u{2f}login'", "/login"),
        ("location.href='https:\\/\\/b.cn\\/x'", "https://b.cn/x"),
        ("location.href='/lo'+'gin'+\".aspx\"", "/login.aspx"),
        (
            "var h='b.cn';location.href='https://'+h+'/x'",
            "https://b.cn/x",
        ),
        ("var a='/x',b=a+'/y';location=b", "/x/y"),
        (
            "location='/login?u='+encodeURIComponent(location.href)",
            "/login?u=https%3A%2F%2Flib.example.cn%2Frecord%2F12%3Fdb%3Da",
        ),
        (
            "location='/login?u='+escape(document.URL)+'&x=1'",
            "/login?u=https%3A%2F%2Flib.example.cn%2Frecord%2F12%3Fdb%3Da&x=1",
        ),
        ("location='/login?t='+new Date().getTime()", "/login?t="),
        ("location='/login?t='+Math.random()+'&b=2'", "/login?t=&b=2"),
        (
            "location=location.protocol+'//'+location.host+'/login'",
            "/login",
        ),
        ("location.href=window.location.origin+'/login'", "/login"),
        (
            "location.href=decodeURIComponent('%2Flogin%3Fa')",
            "/login?a",
        ),
        ("location.href=unescape('%u002flogin')", "/login"),
        ("location.href='../login'", "/login"),
        ("location.href='?page=login'", "/record/12?page=login"),
        ("location.pathname='/login'", "/login"),
    ] {
        let want = Url::parse(BASE).unwrap().join(target).unwrap().to_string();
        let page = format!("<script>{script}</script>");
        assert_eq!(leads(&page), Some(want), "{script}");
    }
}

#[test]
fn refreshes_in_every_spelling() {
    for (page, target) in [
        ("<meta http-equiv=refresh content='0;url=/login'>", "/login"),
        (
            "<META HTTP-EQUIV=\"Refresh\" CONTENT=\"0; URL=/login\">",
            "/login",
        ),
        (
            "<meta content=\"0;url=/login\" http-equiv=\"refresh\">",
            "/login",
        ),
        (
            "<meta http-equiv=\"refresh\" content=\"0;URL='/login'\">",
            "/login",
        ),
        (
            "<meta http-equiv='refresh' content='3; url=\"/login\"'/>",
            "/login",
        ),
        (
            "<meta http-equiv=\"REFRESH\" content=\"5;url=/login\">",
            "/login",
        ),
        ("<meta http-equiv=refresh content=0;url=/login>", "/login"),
        (
            "<meta http-equiv=\"refresh\" content=\"0,/login\">",
            "/login",
        ),
        (
            "<meta http-equiv=\"refresh\" content=\"0 url = /login\">",
            "/login",
        ),
        (
            "<meta http-equiv=refresh content='0;url=/login?a=1&amp;b=2'>",
            "/login?a=1&b=2",
        ),
        (
            "<meta http-equiv=\"re&#102;resh\" content=\"0;url=&#x2f;login\">",
            "/login",
        ),
        (
            "<meta name=x http-equiv=\" refresh \" content=\" 1 ; Url=/login \">",
            "/login",
        ),
        (
            "<base href='/sub/'><meta http-equiv=refresh content='0;url=login'>",
            "/sub/login",
        ),
        (
            "<meta http-equiv=refresh content='0;url=//b.cn/'>",
            "https://b.cn/",
        ),
        (
            "<noscript><meta http-equiv=refresh content='0;url=/login'></noscript>",
            "/login",
        ),
        (
            "<html><head><title>人民日报</title><meta http-equiv=refresh content='0;url=pc/layout/index.html'></head><body></body></html>",
            "/record/pc/layout/index.html",
        ),
        (
            "<meta http-equiv=refresh content='3;url=/login'><h2>您尚未登录</h2><p>3 秒后自动跳转，<a href=/login>点此</a></p>",
            "/login",
        ),
    ] {
        let want = Url::parse(BASE).unwrap().join(target).unwrap().to_string();
        assert_eq!(leads(page), Some(want), "{page}");
    }
}

#[test]
fn the_header_counts_like_the_element() {
    let base: Url = BASE.parse().unwrap();
    for (value, target) in [
        ("0;url=/login", Some("https://lib.example.cn/login")),
        ("3; URL=\"https://b.cn/\"", Some("https://b.cn/")),
        ("0;/login", Some("https://lib.example.cn/login")),
        ("5", None),
        ("0", None),
        ("60;url=/login", None),
        ("0;url=", None),
        ("0;url=javascript:x()", None),
    ] {
        let found = find("", Some(value), &base);
        assert_eq!(found.as_ref().map(|f| f.target.as_str()), target, "{value}");
        assert!(found.is_none_or(|f| f.way == Way::Header));
    }
}

#[test]
fn handlers_of_the_page_forms_and_frames() {
    for (page, target, way) in [
        (
            "<body onload=\"location.href='/login'\">",
            "/login",
            Way::Script,
        ),
        (
            "<body onload='go()'><script>function go(){location='/login'}</script>",
            "/login",
            Way::Script,
        ),
        (
            "<body onLoad=\"javascript:window.location.replace('/login')\">",
            "/login",
            Way::Script,
        ),
        (
            "<a id=a href='/login'></a><script>document.getElementById('a').click()</script>",
            "/login",
            Way::Script,
        ),
        (
            "<form id=f action='/sso'><input type=hidden name=a value=1></form><script>document.getElementById('f').submit()</script>",
            "/sso?a=1",
            Way::Form,
        ),
        (
            "<body onload='document.forms[0].submit()'><form method=get action='https://cas.b.cn/login'><input type=hidden name=service value='x y'><input type=submit value=继续></form>",
            "https://cas.b.cn/login?service=x+y",
            Way::Form,
        ),
        (
            "<form name=f action=/go></form><script>document.f.submit();</script>",
            "/go?",
            Way::Form,
        ),
        (
            "<iframe src='/login' width=100% height=100%></iframe>",
            "/login",
            Way::Frame,
        ),
        (
            "<body style=margin:0><iframe src=https://b.cn/x style='width:100vw;height:100vh;border:0'></iframe></body>",
            "https://b.cn/x",
            Way::Frame,
        ),
        (
            "<frameset rows='100%,*'><frame src='/login'><frame src='about:blank'></frameset>",
            "/login",
            Way::Frame,
        ),
        (
            "<frameset cols=\"*,0\"><frame src=/login><frame src=/x></frameset>",
            "/login",
            Way::Frame,
        ),
        (
            "<frameset rows=\"0,*\"><frame src=/x><frame src=/login></frameset>",
            "/login",
            Way::Frame,
        ),
        (
            "<frameset><frame src=/login></frameset><noframes>no frames</noframes>",
            "/login",
            Way::Frame,
        ),
    ] {
        let want = Url::parse(BASE).unwrap().join(target).unwrap();
        let got = found(page);
        assert_eq!(
            got.as_ref().map(|f| (f.target.as_str(), f.way)),
            Some((want.as_str(), way)),
            "{page}"
        );
        assert!(got.unwrap().posted.is_none());
    }
}

#[test]
fn a_posted_form_names_its_fields() {
    let page = "<html><body onload=\"document.forms[0].submit()\"><noscript><p>Press Continue</p></noscript>\
        <form action=\"https://idp.edu.cn/idp/profile/SAML2/POST/SSO\" method=\"post\"><div>\
        <input type=\"hidden\" name=\"RelayState\" value=\"cookie\"/><input type=\"hidden\" name=\"SAMLRequest\" value=\"PD94\"/>\
        </div></form></body></html>";
    let got = found(page).unwrap();
    assert_eq!(got.target.host_str(), Some("idp.edu.cn"));
    assert_eq!(got.posted.unwrap(), ["RelayState", "SAMLRequest"]);
}

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
