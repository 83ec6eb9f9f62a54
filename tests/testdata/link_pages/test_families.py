"""The families that thresholds and signatures are tried on. They were written before the tuning
families, and nothing is tuned on them: look at what the test prints, not at single pages."""


def countdown(home="/"):
    return f"<script>var s=5;setInterval(function(){{s--;document.getElementById('s').innerHTML=s}},1000)</script><span id=s>5</span>"


def trs_portal(w, rng, path, hot):
    return ("<title>提示</title>", f"<div class=err><h2>抱歉，您访问的网页不存在或者已经被移除</h2><p>请检查地址 {path} 。{countdown()} 秒后返回首页</p></div>")


def dede(w, rng, path, hot):
    return ("<title>信息提示</title>", "<center><div style='width:400px'><b>信息提示</b><div>你所请求的文档不存在，可能已经删除！<br><a href='javascript:history.go(-1);'>点击返回上一页</a></div></div></center>")


def phpcms(w, rng, path, hot):
    return ("<title>错误</title>", f"<h5>出错了</h5><div class=content>您所请求的页面未找到，编号 {rng.randint(10**5, 10**6)}</div>")


def empire(w, rng, path, hot):
    return ("<title>信息提示</title>", "<table><tr class=header><td>信息提示</td></tr><tr><td>此信息不存在。<br><a href='/'>如果您的浏览器没有自动跳转，请点击这里</a></td></tr></table>")


def webplus(w, rng, path, hot):
    return ("<title>访问提示</title>", "<div class='error-tip'>对不起，您访问的文章已被撤销或尚未发布。</div>")


def zh_theme(w, rng, path, hot):
    recent = "".join(f"<li><a href=/p/{i}>{t}</a></li>" for i, t in enumerate(hot[:6]))
    return ("<title>走失的页面 – 书斋笔记</title>", f"<div class=lost><h1>啊哦</h1><p>这一页被风吹走了，不如看看近日写的：</p><ul>{recent}</ul></div>")


def forum(w, rng, path, hot):
    return ("<title>提示信息 - 地方史论坛</title>", "<div id=messagetext class=alert_error><p>抱歉，指定的主题不存在或已被删除或正在被审核</p><p><a href='javascript:history.back()'>[ 点击这里返回上一页 ]</a></p></div>")


def microblog(w, rng, path, hot):
    text = rng.choice(["抱歉，此微博已被作者删除。查看帮助", "抱歉，由于作者设置，你暂时没有这条微博的查看权限哦。", "该微博因违反《微博社区公约》的相关规定，已被删除"])
    return ("<title>微博正文</title>", f"<div class=WB_empty><p>{text}</p></div>")


def answers(w, rng, path, hot):
    return ("<title>问答社区</title>", "<main class=ErrorPage><h1>404</h1><p>你似乎来到了没有知识存在的荒原</p><button>去往首页</button></main>")


def video(w, rng, path, hot):
    cards = "".join(f"<a class=card href=/v/{i}>{t}</a>" for i, t in enumerate(hot[:10]))
    return ("<title>视频</title>", f"<div class=error-text>啊叻？视频不见了？</div><div class=rec><h3>推荐视频</h3>{cards}</div>")


def charity(w, rng, path, hot):
    return ("<title>寻亲</title>", "<script src='//qzonestyle.gtimg.cn/qzone/hybrid/app/404/search_children.js' charset=utf-8 homePageUrl='/'></script>")


def silent_portal(w, rng, path, hot):
    cards = "".join(f"<li><a href=/n/{i}>{t}</a><em>{rng.randint(1, 9)}小时前</em></li>" for i, t in enumerate(hot[:14]))
    return ("<title>城市在线</title>", f"<div class=feed><h3>为您挑选</h3><ul>{cards}</ul></div><p class=slogan>城市在线，每天两百万读者的选择。客户端下载、商务合作、读者来信请见页脚。</p>")


def sharepoint(w, rng, path, hot):
    return ("<title>Error</title>", f"<div id=ms-error>Sorry, something went wrong<p>The page you're looking for may have been moved or renamed. Correlation ID: {rng.randint(10**8, 10**9):x}</p><a href=/>GO BACK TO SITE</a></div>")


def drupal(w, rng, path, hot):
    return ("<title>Page not found | River Institute</title>", "<h1 class=page-title>Page not found</h1><div>The requested page could not be found.</div>")


def joomla(w, rng, path, hot):
    return ("<title>Regional Archive</title>", "<div class=error><h2>The article requested was not found</h2><p>Please try one of these pages: <a href=/>Home Page</a></p></div>")


def dspace(w, rng, path, hot):
    return ("<title>Repository: Unknown Identifier</title>", f"<h2>Invalid Identifier</h2><p>The identifier {path.rsplit('/', 1)[-1]} does not correspond to a valid Item, Community or Collection in this repository.</p>")


def newsroom(w, rng, path, hot):
    cards = "".join(f"<article><a href=/s/{i}>{t}</a></article>" for i, t in enumerate(hot[:8]))
    return ("<title>The Observer Post</title>", f"<h1>We can’t seem to find that story</h1><p>Here is what others are reading.</p>{cards}")


def longreads(w, rng, path, hot):
    return ("<title>Not Found</title>", "<h4>PAGE NOT FOUND</h4><h2>404</h2><h3>Out of nothing, something.</h3><p>You can find just about anything here, apparently even a page that doesn’t exist.</p>")


def silent_blog(w, rng, path, hot):
    return ("<title>Notes from the reading room</title>", "<p>Well, this is a quiet corner. Perhaps the kettle is on elsewhere: try the shelves in the left column, or write to the two of us and we shall look it up in the card index for you before the week is out.</p>")


def ko_board(w, rng, path, hot):
    return ("<title>자료실</title>", "<div class=alert>존재하지 않는 게시물입니다. 목록으로 이동하여 다시 선택하여 주시기 바랍니다.</div>")


def tw_portal(w, rng, path, hot):
    return ("<title>訊息提示</title>", "<p>您所要求的網頁不存在或已經移除，系統將於五秒後回到首頁。</p>")


def ja_press(w, rng, path, hot):
    return ("<title>報道発表</title>", "<h2>お探しのページは見つかりませんでした</h2><p>掲載期間が終了したか、移動した可能性があります。</p>")


SOFT_404 = [
    ("trs_portal", "zh", trs_portal), ("dede", "zh", dede), ("phpcms", "zh", phpcms), ("empire", "zh", empire), ("webplus", "zh", webplus),
    ("zh_theme", "zh", zh_theme), ("forum", "zh", forum), ("microblog", "zh", microblog), ("answers", "zh", answers), ("video", "zh", video),
    ("charity", "zh", charity), ("silent_portal", "zh", silent_portal), ("tw_portal", "zh", tw_portal),
    ("sharepoint", "en", sharepoint), ("drupal", "en", drupal), ("joomla", "en", joomla), ("dspace", "en", dspace), ("newsroom", "en", newsroom),
    ("longreads", "en", longreads), ("silent_blog", "en", silent_blog), ("ko_board", "en", ko_board), ("ja_press", "en", ja_press),
]

FRAMES = [
    lambda w, site, nav, head, body, foot: f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><div class=g-hd><div class=logo>{site}</div><ul class=g-nav>{nav}</ul></div><div class=g-bd>{body}</div><div class=g-ft>{foot}</div></body></html>",
    lambda w, site, nav, head, body, foot: f"<html><head>{head}</head><body bgcolor=#ffffff><table width=960 align=center><tr><td colspan=2><font size=5>{site}</font></td></tr><tr><td width=160 valign=top>{nav}</td><td valign=top>{body}</td></tr><tr><td colspan=2 align=center>{foot}</td></tr></table></body></html>",
    lambda w, site, nav, head, body, foot: f"<!doctype html><html><head>{head}<meta name=viewport content='width=device-width'></head><body class=page-template><header class=masthead><p>{site}</p><nav>{nav}</nav></header><main role=main>{body}</main><footer class=colophon>{foot}</footer></body></html>",
]

ARTICLES = [
    lambda title, meta, text: f"<h1 class=arti_title>{title}</h1><p class=arti_metas>{meta}</p><div class=wp_articlecontent>{text}</div>",
    lambda title, meta, text: f"<center><b>{title}</b></center><br>{meta}<hr>{text.replace('<p>', '').replace('</p>', '<br><br>')}",
    lambda title, meta, text: f"<article><header><h1>{title}</h1><time>{meta}</time></header><div class=prose>{text}</div></article>",
]

WALLS = {
    "captcha": [
        ("zh", "/verify/home?captchaType=blockPuzzle", 200, "<title>安全验证</title><div id=captcha>请完成安全验证</div>"),
        ("zh", None, 412, "<html><head><meta id='9DhefwqGPrzGxEp9hPaoag' content='x'></head><body><script>_$jsvmp()</script></body></html>"),
        ("zh", None, 521, "<script>document.cookie='__jsl_clearance_s=1|0|x';location.href=location.pathname</script>"),
        ("en", None, 403, "<title>Just a moment...</title><div id=challenge-running>Checking your browser before accessing</div>"),
        ("zh", None, 200, "<title>访问验证</title><p>您的访问过于频繁，请输入验证码后继续访问</p><input name=captcha>"),
    ],
    "login": [
        ("zh", None, 401, "<title>需要登录</title>"),
        ("zh", None, 200, "<title>用户登录</title><form><p>请登录后查看全文</p><input type=password></form>"),
        ("en", None, 401, "<title>Sign in</title><form><input type=password></form>"),
    ],
    "geo": [
        ("zh", None, 403, "<title>访问受限</title><p>根据相关规定，境外IP地址禁止访问本网站</p>"),
        ("en", None, 451, "<title>Unavailable For Legal Reasons</title>"),
        ("en", None, 403, "<title>Access denied</title><p>This service is not available in your country.</p>"),
    ],
    "parked": [
        ("en", "https://www.hugedomains.com/domain_profile.cfm?d=x", 200, "<title>x.org is for sale</title><p>Buy this domain</p>"),
        ("zh", None, 200, "<title>该域名出售</title><h1>此域名正在出售</h1><p>您正在访问的域名可以转让，请联系</p>"),
    ],
}
