use super::*;

mod not_led;

const BASE: &str = "https://lib.example.cn/record/12?db=a";

fn found(source: &str) -> Option<ClientRedirect> {
    find(source, None, &BASE.parse().unwrap())
}

fn leads(source: &str) -> Option<String> {
    found(source).map(|found| found.target.to_string())
}

/// Different scripts that redirect to `§`, each in its own page.
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
        assert!(found.is_none_or(|f| f.way == RedirectKind::Header));
    }
}

#[test]
fn handlers_of_the_page_forms_and_frames() {
    for (page, target, way) in [
        (
            "<body onload=\"location.href='/login'\">",
            "/login",
            RedirectKind::Script,
        ),
        (
            "<body onload='go()'><script>function go(){location='/login'}</script>",
            "/login",
            RedirectKind::Script,
        ),
        (
            "<body onLoad=\"javascript:window.location.replace('/login')\">",
            "/login",
            RedirectKind::Script,
        ),
        (
            "<a id=a href='/login'></a><script>document.getElementById('a').click()</script>",
            "/login",
            RedirectKind::Script,
        ),
        (
            "<form id=f action='/sso'><input type=hidden name=a value=1></form><script>document.getElementById('f').submit()</script>",
            "/sso?a=1",
            RedirectKind::Form,
        ),
        (
            "<body onload='document.forms[0].submit()'><form method=get action='https://cas.b.cn/login'><input type=hidden name=service value='x y'><input type=submit value=继续></form>",
            "https://cas.b.cn/login?service=x+y",
            RedirectKind::Form,
        ),
        (
            "<form name=f action=/go></form><script>document.f.submit();</script>",
            "/go?",
            RedirectKind::Form,
        ),
        (
            "<iframe src='/login' width=100% height=100%></iframe>",
            "/login",
            RedirectKind::Frame,
        ),
        (
            "<body style=margin:0><iframe src=https://b.cn/x style='width:100vw;height:100vh;border:0'></iframe></body>",
            "https://b.cn/x",
            RedirectKind::Frame,
        ),
        (
            "<frameset rows='100%,*'><frame src='/login'><frame src='about:blank'></frameset>",
            "/login",
            RedirectKind::Frame,
        ),
        (
            "<frameset cols=\"*,0\"><frame src=/login><frame src=/x></frameset>",
            "/login",
            RedirectKind::Frame,
        ),
        (
            "<frameset rows=\"0,*\"><frame src=/x><frame src=/login></frameset>",
            "/login",
            RedirectKind::Frame,
        ),
        (
            "<frameset><frame src=/login></frameset><noframes>no frames</noframes>",
            "/login",
            RedirectKind::Frame,
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
