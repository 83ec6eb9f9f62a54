"""The families that thresholds and signatures may be tuned on."""


def wechat(w, rng, path, hot):
    text = rng.choice(["该内容已被发布者删除", "此内容因违规无法查看", "此帐号已自主注销，内容无法查看", "由用户投诉并经平台审核，涉嫌过度营销、骚扰用户"])
    return ("<title></title>", f"<div class=weui-msg><i class='icon_msg warn'></i><div class=weui-msg__title>{text}</div></div>")


def ministry(w, rng, path, hot):
    return ("<title>404</title>", f"<div class=e404><h3>您访问的页面不存在或已删除</h3><p>当前时间 2026-11-{rng.randint(10, 28)} {rng.randint(10, 23)}:{rng.randint(10, 59)}，地址 {path}</p></div>")


def county(w, rng, path, hot):
    return ("<title>信息公开平台</title>", "<p>对不起，您要查看的信息已过期或被删除，请返回<a href=/>首页</a></p>")


def jeecms(w, rng, path, hot):
    return ("<title>出错了</title>", "<div class=msg>您访问的内容不存在，可能是该内容未审核或已被删除。</div>")


def siteserver(w, rng, path, hot):
    return ("<title>页面不存在</title>", "<h2>页面不存在</h2><a href='/'>返回首页</a>")


def sina(w, rng, path, hot):
    return ("<title>页面没有找到</title>", "<div class=block>页面没有找到 5秒钟之后将会带您进入首页!</div>")


def netease(w, rng, path, hot):
    return ("<title>资讯</title>", "<p>非常抱歉，您要浏览的页面暂时无法访问。</p>")


def toutiao(w, rng, path, hot):
    return ("<title>头条</title>", "<div class=tip>抱歉，你访问的内容不存在</div>")


def baijia(w, rng, path, hot):
    return ("<title>文章</title>", "<div class=offline>该文章已下线</div>")


def douban(w, rng, path, hot):
    return ("<title>页面不存在</title>", "<ul><li>呃...你想访问的页面不存在</li><li>打电话给豆豆，他也许能帮你</li></ul>")


def library(w, rng, path, hot):
    return ("<title>检索结果</title>", "<div class=rec>记录不存在或您无权查看该记录，请重新检索。</div>")


def silent_news(w, rng, path, hot):
    cards = "".join(f"<li><a href=/a/{i}>{t}</a></li>" for i, t in enumerate(hot[:12]))
    return ("<title>晚报网</title>", f"<h2>今日要闻</h2><ul>{cards}</ul><p>晚报网为本地读者提供新闻、便民信息与讨论，欢迎拨打热线或到编辑部做客。</p>")


def silent_board(w, rng, path, hot):
    return ("<title>文史资料</title>", "<p>这里是文史资料室的公共页面。资料按年代与地区编排，请从左侧目录进入相应卷次，或向值班人员说明所需内容以便代为查找。</p>")


def wordpress(w, rng, path, hot):
    return ("<title>Page not found – Delta Notes</title>", "<h1>Oops! That page can’t be found.</h1><p>It looks like nothing was found at this location. Maybe try a search?</p>")


def mediawiki(w, rng, path, hot):
    return ("<title>Missing entry - Delta wiki</title>", "<div class=noarticletext><p>There is currently no text in this page. You can search for this page title in other pages, or create this page.</p></div>")


def blogger(w, rng, path, hot):
    return ("<title>Tide tables</title>", "<div class=status-msg>Sorry, the page you were looking for in this blog does not exist.</div>")


def phpbb(w, rng, path, hot):
    return ("<title>Information</title>", "<div class=panel><h2>Information</h2><p>The requested topic does not exist.</p></div>")


def substack(w, rng, path, hot):
    return ("<title>Letters</title>", "<p>This post is no longer available.</p>")


def repository(w, rng, path, hot):
    return ("<title>Repository</title>", "<h2>Item Withdrawn</h2><p>The item you are trying to access has been withdrawn from the repository.</p>")


def silent_shop(w, rng, path, hot):
    cards = "".join(f"<li><a href=/c/{i}>{t}</a></li>" for i, t in enumerate(hot[:9]))
    return ("<title>The map room</title>", f"<p>Welcome to the map room, where the atlas shelves are open on weekdays and the coffee is always warm for readers.</p><ul>{cards}</ul>")


def ko_notice(w, rng, path, hot):
    return ("<title>안내</title>", "<p>요청하신 페이지를 찾을 수 없습니다. 삭제되었거나 주소가 변경되었을 수 있습니다.</p>")


SOFT_404 = [
    ("wechat", "zh", wechat), ("ministry", "zh", ministry), ("county", "zh", county), ("jeecms", "zh", jeecms), ("siteserver", "zh", siteserver),
    ("sina", "zh", sina), ("netease", "zh", netease), ("toutiao", "zh", toutiao), ("baijia", "zh", baijia), ("douban", "zh", douban),
    ("library", "zh", library), ("silent_news", "zh", silent_news), ("silent_board", "zh", silent_board),
    ("wordpress", "en", wordpress), ("mediawiki", "en", mediawiki), ("blogger", "en", blogger), ("phpbb", "en", phpbb), ("substack", "en", substack),
    ("repository", "en", repository), ("silent_shop", "en", silent_shop), ("ko_notice", "en", ko_notice),
]

FRAMES = [
    lambda w, site, nav, head, body, foot: f"<!doctype html><html><head><meta charset=utf-8>{head}</head><body><div id=header><h2>{site}</h2><div class=menu>{nav}</div></div><div class=wrap>{body}</div><div id=footer>{foot}</div></body></html>",
    lambda w, site, nav, head, body, foot: f"<html><head>{head}</head><body><table width=100%><tr><td>{site}</td><td>{nav}</td></tr></table><table width=100%><tr><td>{body}</td></tr></table><table><tr><td>{foot}</td></tr></table></body></html>",
    lambda w, site, nav, head, body, foot: f"<!doctype html><html><head>{head}</head><body><header><a href=/>{site}</a></header><nav>{nav}</nav><section>{body}</section><aside><ul>{nav}</ul></aside><footer>{foot}</footer></body></html>",
]

ARTICLES = [
    lambda title, meta, text: f"<div class=detail><h1>{title}</h1><div class=info>{meta}</div><div class=TRS_Editor>{text}</div></div>",
    lambda title, meta, text: f"<p align=center><font size=4>{title}</font></p><p align=center>{meta}</p>{text}",
    lambda title, meta, text: f"<article class=post><h1>{title}</h1><p class=byline>{meta}</p><div class=entry-content>{text}</div></article>",
]

WALLS = {
    "captcha": [
        ("zh", None, 412, "<html><head><meta id='x' content='y' r='m'></head><body><script src=/x.js></script></body></html>"),
        ("zh", None, 200, "<title>安全验证</title><p>请完成下列验证后继续</p><div id=captcha></div>"),
        ("en", None, 403, "<title>Attention Required! | Cloudflare</title><p>Please complete the security check</p>"),
        ("zh", None, 418, ""),
    ],
    "login": [
        ("zh", None, 401, "<title>未登录</title>"),
        ("zh", None, 200, "<title>登录</title><form><p>该资源需要登录后才能查看，请先登录</p><input type=password></form>"),
        ("en", None, 401, "<title>Authorization Required</title>"),
    ],
    "geo": [
        ("zh", None, 403, "<title>提示</title><p>您所在的地区无法访问本服务</p>"),
        ("en", None, 451, "<title>451</title>"),
        ("en", None, 403, "<title>Blocked</title><p>This content is not available in your region.</p>"),
    ],
    "parked": [
        ("en", "https://www.afternic.com/forsale/x.org", 200, "<title>x.org is for sale</title>"),
        ("zh", None, 200, "<title>域名出售</title><p>本域名正在出售，有意者请联系</p>"),
    ],
}
