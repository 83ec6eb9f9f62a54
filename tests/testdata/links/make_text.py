"""Writes the documents of tests/testdata/links/text and what they cite.

Each document NAME has a NAME.json beside it: its citations in the order of the text, with the day
of citing and the place. The documents are written from the citations, so what they cite is known
and not read back by the program under test. Run: python3 make_text.py
"""

import html
import json
import os
import random
from xml.sax.saxutils import escape

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "text")

SOURCES = {
    "en": [
        ("National Bureau of Statistics", "Statistical Communiqué 2022", "http://www.stats.gov.cn/english/PressRelease/202302/t20230227_1918979.html"),
        ("Xinhua", "China's grain output hits new record", "https://english.news.cn/20231211/a1b2/c.html"),
        ("Wikipedia", "Link rot (web)", "https://en.wikipedia.org/wiki/Rot_(link)"),
        ("Zhang, Wei", "Access to CNKI abroad", "https://doi.org/10.1000/xyz.2023-12"),
        ("State Council", "White paper", "https://www.gov.cn/zhengce/2023-05/08/content_5754567.htm?lang=en&x=1"),
        ("Archive", "A saved page", "https://web.archive.org/web/20200102030405/http://www.saic.gov.cn/x.html"),
        ("Ministry of Commerce", "Catalogue", "http://images.mofcom.gov.cn/wzs/202203/a~b.pdf#page=12"),
        ("Li and Smith", "Preprint", "https://arxiv.org/abs/2101.00001v2"),
    ],
    "zh-Hans": [
        ("国家统计局", "2022年国民经济和社会发展统计公报", "http://www.stats.gov.cn/sj/zxfb/202302/t20230228_1919011.html"),
        ("新华社", "全国粮食总产量再创新高", "http://www.xinhuanet.com/politics/2023-12/11/c_1130019234.htm"),
        ("中国知网", "中国知网简介", "https://baike.baidu.com/item/中国知网"),
        ("张伟", "海外读者获取中文数据库研究", "https://kns.cnki.net/kcms2/article/abstract?v=3uoqIhG8C44YLTlOAiTRKibYlV5Vjs7i-abc_d&uniplatform=NZKPT"),
        ("国务院", "关于加强数据开放的意见", "https://www.gov.cn/zhengce/2023-05/08/content_5754567.htm"),
        ("微信公众号", "图书馆通知", "https://mp.weixin.qq.com/s?__biz=MzA3NjA=&mid=2650&idx=1&sn=ab12"),
        ("商务部", "外商投资目录", "http://images.mofcom.gov.cn/wzs/202203/%E7%9B%AE%E5%BD%95.pdf"),
        ("人民网", "人民日报评论", "http://opinion.people.com.cn/n1/2023/0508/c1003-32680123.html"),
    ],
    "zh-Hant": [
        ("國家圖書館", "博碩士論文系統", "https://ndltd.ncl.edu.tw/cgi-bin/gs32/gsweb.cgi?o=dnclcdr&s=id=%22110NTU.%22"),
        ("行政院", "資料開放政策", "https://www.ey.gov.tw/Page/5A8A0CB5B41DA11E/abc-def"),
        ("維基百科", "失效連結", "https://zh.wikipedia.org/wiki/失效連結"),
        ("王大明", "中文資料庫之比較", "https://www.airitilibrary.com/Publication/alDetailedMesh?docid=10225455-202303-x"),
        ("香港交易所", "年報", "https://www1.hkexnews.hk/listedco/listconews/sehk/2023/0427/2023042700123_c.pdf"),
        ("立法院", "會議紀錄", "https://lis.ly.gov.tw/lylgmeetc/lgmeetkm?.c4~0"),
        ("中央社", "新聞", "https://www.cna.com.tw/news/aipl/202305080123.aspx"),
        ("人民銀行", "公告", "http://www.pbc.gov.cn/goutongjiaoliu/113456/113469/4880123/index.html"),
    ],
    "ko": [
        ("국가통계국", "2022년 통계공보", "http://www.stats.gov.cn/sj/zxfb/202302/t20230228_1919011.html"),
        ("신화망", "식량 생산", "http://kr.xinhuanet.com/2023-12/11/c_123456789.htm"),
        ("위키백과", "대한민국", "https://ko.wikipedia.org/wiki/대한민국"),
        ("김철수", "중국 학술 데이터베이스 접근", "https://doi.org/10.22888/chna.2023.1"),
        ("한국은행", "경제통계", "https://ecos.bok.or.kr/#/SearchStat"),
        ("연합뉴스", "기사", "https://www.yna.co.kr/view/AKR20230508000100083?section=search"),
        ("국립중앙도서관", "안내", "https://www.nl.go.kr/NL/contents/N20103000000.do"),
        ("중국 상무부", "목록", "http://images.mofcom.gov.cn/wzs/202203/list(1).pdf"),
    ],
    "ja": [
        ("国家統計局", "統計公報", "http://www.stats.gov.cn/sj/zxfb/202302/t20230228_1919011.html"),
        ("新華社", "食糧生産", "http://jp.xinhuanet.com/20231211/abc/c.html"),
        ("ウィキペディア", "日本", "https://ja.wikipedia.org/wiki/日本"),
        ("山田太郎", "中国データベースの利用", "https://doi.org/10.11501/1234567"),
        ("国立国会図書館", "案内", "https://www.ndl.go.jp/jp/international/index.html"),
        ("総務省", "報告書", "https://www.soumu.go.jp/main_content/000123456.pdf"),
        ("朝日新聞", "記事", "https://www.asahi.com/articles/ASR5801.html?iref=ogimage_rek"),
        ("中国商務部", "目録", "http://images.mofcom.gov.cn/wzs/202203/a_b-c.pdf"),
    ],
}

MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
SHORT = ["Jan.", "Feb.", "Mar.", "Apr.", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


class Day:
    def __init__(self, rng):
        self.y, self.m, self.d = rng.randint(2005, 2024), rng.randint(1, 12), rng.randint(1, 28)

    @property
    def iso(self):
        return f"{self.y}-{self.m:02}-{self.d:02}"


# {a} author, {t} title, {u} link, {p} day of publication, {v} day of the visit. Each form says
# whether it gives a day of the visit.
FORMS = {
    "en": [
        (lambda a, t, u, p, v: f"{a}, “{t},” {u} (accessed {MONTHS[v.m-1]} {v.d}, {v.y}).", True),
        (lambda a, t, u, p, v: f"{a}. {t}. {MONTHS[p.m-1]} {p.d}, {p.y}. Accessed {v.d} {MONTHS[v.m-1]} {v.y}. {u}.", True),
        (lambda a, t, u, p, v: f"{a} ({p.y}). {t}. Retrieved {MONTHS[v.m-1]} {v.d}, {v.y}, from {u}", True),
        (lambda a, t, u, p, v: f"{a}, {t}, {SHORT[p.m-1]} {p.d}, {p.y}, {u}.", False),
        (lambda a, t, u, p, v: f"{a}, ‘{t}’, available at {u} (last visited {SHORT[v.m-1]} {v.d}, {v.y});", True),
        (lambda a, t, u, p, v: f"{a}, {t} [online]. [viewed {v.iso}]. Available from: {u}", True),
        (lambda a, t, u, p, v: f"See {a}, {t} (published {p.iso}), <{u}>, last accessed on {v.d:02}-{MONTHS[v.m-1][:3]}-{v.y}.", True),
        (lambda a, t, u, p, v: f"{a}: {t}, {u}, last access: {v.d} {MONTHS[v.m-1]} {v.y}.", True),
    ],
    "zh-Hans": [
        (lambda a, t, u, p, v: f"{a}：《{t}》，{u}，访问日期：{v.y}年{v.m}月{v.d}日。", True),
        (lambda a, t, u, p, v: f"{a}. {t}[EB/OL]. ({p.iso})[{v.iso}]. {u}.", True),
        (lambda a, t, u, p, v: f"{a}：《{t}》，{p.y}年{p.m}月{p.d}日，{u}，{v.y}年{v.m}月{v.d}日访问。", True),
        (lambda a, t, u, p, v: f"参见{a}：“{t}”，载{u}，最后访问日期：{v.y}年{v.m}月{v.d}日。", True),
        (lambda a, t, u, p, v: f"{a}.{t}[EB/OL].[{v.iso}].{u}.", True),
        (lambda a, t, u, p, v: f"{a}：《{t}》，{p.y}年{p.m}月{p.d}日，见{u}。", False),
        (lambda a, t, u, p, v: f"{a}《{t}》（{u}），{v.y}年{v.m}月{v.d}日检索。", True),
        (lambda a, t, u, p, v: f"{a}，{t}，网址：{u}（引用日期：{v.iso}）。", True),
    ],
    "zh-Hant": [
        (lambda a, t, u, p, v: f"{a}，〈{t}〉，{u}（最後瀏覽日：{v.y}年{v.m}月{v.d}日）。", True),
        (lambda a, t, u, p, v: f"{a}，《{t}》，網址：{u}，檢索日期：{v.y}年{v.m}月{v.d}日。", True),
        (lambda a, t, u, p, v: f"{a}（{p.y}年{p.m}月{p.d}日）。{t}。{u}", False),
        (lambda a, t, u, p, v: f"參見{a}，〈{t}〉，載於{u}，{v.y}年{v.m}月{v.d}日瀏覽。", True),
        (lambda a, t, u, p, v: f"{a}：「{t}」，{u}，最後瀏覽日期：{v.y}/{v.m:02}/{v.d:02}。", True),
        (lambda a, t, u, p, v: f"{a}，{t}，{p.y}年{p.m}月{p.d}日，{u}，{v.y}年{v.m}月{v.d}日訪問。", True),
    ],
    "ko": [
        (lambda a, t, u, p, v: f"{a}, 「{t}」, {u} (검색일: {v.y}.{v.m}.{v.d}).", True),
        (lambda a, t, u, p, v: f"{a}, “{t}”, {p.y}. {p.m}. {p.d}., {u} (접속일: {v.y}. {v.m}. {v.d}.)", True),
        (lambda a, t, u, p, v: f"{a}, 『{t}』, {u}, {v.y}.{v.m:02}.{v.d:02}. 접속.", True),
        (lambda a, t, u, p, v: f"{a}의 {t}는 {u}에서 볼 수 있다.", False),
        (lambda a, t, u, p, v: f"{a}, 「{t}」, 출처: {u}, 최종 접속 {v.y}년 {v.m}월 {v.d}일.", True),
        (lambda a, t, u, p, v: f"{a}, {t}({p.y}년 {p.m}월), {u} ({v.y}년 {v.m}월 {v.d}일 검색)", True),
        (lambda a, t, u, p, v: f"{a}, {t}, {u}, 열람일: {v.iso}.", True),
    ],
    "ja": [
        (lambda a, t, u, p, v: f"{a}「{t}」{u}（最終閲覧日：{v.y}年{v.m}月{v.d}日）。", True),
        (lambda a, t, u, p, v: f"{a}「{t}」{p.y}年{p.m}月{p.d}日、{u}（{v.y}年{v.m}月{v.d}日閲覧）。", True),
        (lambda a, t, u, p, v: f"{a}『{t}』、{u}、{v.y}年{v.m}月{v.d}日アクセス。", True),
        (lambda a, t, u, p, v: f"{a}「{t}」（{p.y}年{p.m}月）、{u} を参照。", False),
        (lambda a, t, u, p, v: f"{a}. {t}. {u}, （参照 {v.iso}）.", True),
        (lambda a, t, u, p, v: f"{a}「{t}」、閲覧日{v.y}/{v.m}/{v.d}、{u}。", True),
    ],
}

# Several links in one note with one day behind them all.
PAIRS = {
    "en": lambda u, w, v: f"Compare {u} and {w} (both accessed {MONTHS[v.m-1]} {v.d}, {v.y}).",
    "zh-Hans": lambda u, w, v: f"参见{u}；{w}，访问日期均为{v.y}年{v.m}月{v.d}日。",
    "zh-Hant": lambda u, w, v: f"參見{u}；{w}（最後瀏覽日：{v.y}年{v.m}月{v.d}日）。",
    "ko": lambda u, w, v: f"{u}; {w} (검색일: {v.y}.{v.m}.{v.d}) 참조.",
    "ja": lambda u, w, v: f"{u}、{w}（いずれも{v.y}年{v.m}月{v.d}日閲覧）。",
}


def notes(lang, rng, count):
    """Notes as (text, [(url, day)])."""
    made = []
    for n in range(count):
        a, t, u = SOURCES[lang][n % len(SOURCES[lang])]
        p, v = Day(rng), Day(rng)
        if n % 7 == 5:
            _, _, w = SOURCES[lang][(n + 3) % len(SOURCES[lang])]
            made.append((PAIRS[lang](u, w, v), [(u, v.iso), (w, v.iso)]))
            continue
        form, dated = rng.choice(FORMS[lang])
        made.append((form(a, t, u, p, v), [(u, v.iso if dated else None)]))
    return made


def save(name, text, cited, encoding="utf-8"):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(text.encode(encoding))
    rows = [{"url": u, "cited_on": d, "place": p} for u, d, p in cited]
    with open(os.path.join(HERE, name + ".json"), "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)
        file.write("\n")


def footnotes(lang, rng, number):
    """A text with numbered notes, one a line."""
    marks = [lambda n: f"[{n}] ", lambda n: f"{n}. ", lambda n: f"{n}) "]
    lines, cited = ["Notes", ""], []
    for n, (text, links) in enumerate(notes(lang, rng, 8), 1):
        lines.append(marks[number % 3](n) + text)
        cited += [(u, d, f"line {len(lines)}") for u, d in links]
    encoding = {("zh-Hans", 1): "gb18030", ("zh-Hant", 1): "big5", ("ja", 1): "shift_jis", ("ko", 1): "euc-kr"}.get((lang, number), "utf-8")
    try:
        "\n".join(lines).encode(encoding)
    except UnicodeEncodeError:
        encoding = "utf-8"
    save(f"{lang}-notes-{number}.txt", "\n".join(lines) + "\n", cited, encoding)


def paragraphs(lang, rng, number):
    lines, cited = [], []
    for text, links in notes(lang, rng, 7):
        lines += [text, ""]
        cited += [(u, d, f"line {len(lines) - 1}") for u, d in links]
    save(f"{lang}-paragraphs-{number}.txt", "\r\n".join(lines), cited)


def markdown(lang, rng, number):
    lines, cited = [f"# {SOURCES[lang][0][1]}", ""], []
    for n, (text, links) in enumerate(notes(lang, rng, 7), 1):
        if number % 2:
            lines += [f"[^{n}]: {text}", ""]
            lines.insert(2, f"Text[^{n}].\n")
        else:
            for u, _ in links:
                text = text.replace(f"<{u}>", u).replace(u, f"[{n}](<{u}>)" if "(" in u else f"[{n}]({u})")
            lines += [f"- {text}", ""]
        cited.append(links)
    text = "\n".join(lines)
    rows = [(u, d, None) for links in cited for u, d in links]
    save(f"{lang}-{number}.md", text, rows)


def page(lang, rng, number):
    items, cited = [], []
    for text, links in notes(lang, rng, 7):
        body = html.escape(text)
        if number % 2:
            for u, _ in links:
                e = html.escape(u)
                body = body.replace(f"&lt;{e}&gt;", e).replace(e, f'<a href="{e}">{e}</a>', 1)
        items.append(f"<li><p>{body}</p></li>")
        cited += [(u, d, None) for u, d in links]
    head = f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8"><title>{SOURCES[lang][0][1]}</title></head>'
    save(f"{lang}-{number}.html", f"{head}\n<body><ol>\n" + "\n".join(items) + "\n</ol></body></html>\n", cited)


def entries(lang, rng):
    for n, (a, t, u) in enumerate(SOURCES[lang], 1):
        yield n, a, t, u, Day(rng)


def bibtex(lang, rng, number):
    out, cited = ["% made by hand\n"], []
    for n, a, t, u, v in entries(lang, rng):
        key = f"{lang.replace('-', '')}{n}"
        tex = u.replace("%", "\\%").replace("_", "\\_").replace("&", "\\&").replace("#", "\\#")
        if number == 1:
            out.append(f"@online{{{key},\n  author = {{{a}}},\n  title = {{{{{t}}}}},\n  url = {{{u}}},\n  urldate = {{{v.iso}}},\n}}\n")
        else:
            out.append(f"@misc{{{key}, author = \"{a}\", title = \"{t}\", howpublished = {{\\url{{{tex}}}}}, note = {{Accessed: {v.iso}}}}}\n")
        cited.append((u, v.iso, f"entry {key}"))
    save(f"{lang}-{number}.bib", "\n".join(out), cited)


def ris(lang, rng):
    out, cited = [], []
    for n, a, t, u, v in entries(lang, rng):
        out.append(f"TY  - ELEC\nID  - r{n}\nAU  - {a}\nTI  - {t}\nPY  - {v.y - 1}\nUR  - {u}\nY2  - {v.y}/{v.m:02}/{v.d:02}/\nER  - \n")
        cited.append((u, v.iso, f"entry r{n}"))
    save(f"{lang}.ris", "\r\n".join(out).replace("\r\n", "\n").replace("\n", "\r\n"), cited)


def csl(lang, rng):
    items, cited = [], []
    for n, a, t, u, v in entries(lang, rng):
        items.append({"id": f"c{n}", "type": "webpage", "title": t, "author": [{"literal": a}], "URL": u, "accessed": {"date-parts": [[v.y, v.m, v.d]]}, "issued": {"date-parts": [[v.y - 1]]}})
        cited.append((u, v.iso, f"entry c{n}"))
    save(f"{lang}.json", json.dumps(items, ensure_ascii=False, indent=1), cited)


def table(lang, rng):
    heads = {"en": "Title,URL,Accessed", "zh-Hans": "标题,网址,访问日期", "zh-Hant": "標題,網址,檢索日期", "ko": "제목,링크,접속일", "ja": "タイトル,リンク,閲覧日"}
    rows, cited = [heads[lang]], []
    for n, a, t, u, v in entries(lang, rng):
        rows.append(f'"{t}, {a}","{u}",{v.iso}')
        cited.append((u, v.iso, f"cell B{n + 1}"))
    save(f"{lang}.csv", "\ufeff" + "\r\n".join(rows) + "\r\n", cited)


def rdf(lang, rng):
    out, cited = [], []
    for n, a, t, u, v in entries(lang, rng):
        out.append(f'<bib:Document rdf:about="#item_{n}"><z:itemType>webpage</z:itemType><dc:title>{escape(t)}</dc:title><dc:identifier><dcterms:URI><rdf:value>{escape(u)}</rdf:value></dcterms:URI></dc:identifier><dcterms:dateSubmitted>{v.iso} 03:11:22</dcterms:dateSubmitted></bib:Document>')
        cited.append((u, v.iso, f"entry #item_{n}"))
    head = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
    save(f"{lang}.rdf", head + "\n" + "\n".join(out) + "\n</rdf:RDF>\n", cited)


def endnote(lang, rng):
    out, cited = [], []
    for n, a, t, u, v in entries(lang, rng):
        out.append(f'<record><rec-number>{n}</rec-number><titles><title><style face="normal" font="default" size="100%">{escape(t)}</style></title></titles><urls><related-urls><url><style face="normal">{escape(u)}</style></url></related-urls></urls><access-date><style face="normal">{v.iso}</style></access-date></record>')
        cited.append((u, v.iso, f"entry {n}"))
    save(f"{lang}.xml", '<?xml version="1.0" encoding="UTF-8"?><xml><records>' + "\n".join(out) + "</records></xml>\n", cited)


def main():
    os.makedirs(HERE, exist_ok=True)
    for lang in SOURCES:
        rng = random.Random("links " + lang)
        for number in (1, 2, 3):
            footnotes(lang, rng, number)
        for number in (1, 2):
            paragraphs(lang, rng, number)
            markdown(lang, rng, number)
            page(lang, rng, number)
            bibtex(lang, rng, number)
        for make in (ris, csl, table, rdf, endnote):
            make(lang, rng)


if __name__ == "__main__":
    main()
