#!/usr/bin/env python3
"""Makes tuning.jsonl and test.jsonl: pages with a label, made up from families of platforms, content
systems and site frames. Run in this folder; the same files come out each time.

A line is a page: `family`, `kind`, `url`, `status`, `body`; `final_url` after a redirect; `sibling`:
what the host shows at a made-up address; `before`: the page as it was cited; `second`: the page at
its second check; `quote`: the passage that is cited.
"""

import json
import random

import test_families
import tuning_families
from words import Words, number

COUNTERS = [0]


class Site:
    """A site with its frame, which differs a little from page to page as frames do."""

    def __init__(self, families, rng, lang, name, frame=None):
        self.families, self.rng, self.w, self.name = families, rng, Words(lang), name
        at = rng.randrange(3) if frame is None else frame
        self.frame, self.article = families.FRAMES[at], families.ARTICLES[at]
        labels = ["首页", "要闻", "数据", "法规", "互动", "关于我们"] if self.w.zh else ["Home", "News", "Data", "Reports", "People", "About"]
        self.labels = rng.sample(labels, 5)
        self.site = (self.w.title(rng)[:8] + "网") if self.w.zh else "Institute of " + name.replace("_", " ").title()
        self.hot = self.w.headlines(rng, 16)
        tail = "版权所有 未经许可不得转载 京ICP备0512345号 技术支持 信息中心" if self.w.zh else "Copyright. All rights reserved. Contact the webmaster. Privacy and cookies."
        self.foot = tail

    def page(self, head, body):
        self.rng.shuffle(self.hot)
        nav = "".join(f"<li><a href=/c{i}/>{label}</a></li>" for i, label in enumerate(self.labels))
        return self.frame(self.w, self.site, nav, head, body, self.foot)

    def meta(self):
        views = self.rng.randint(10, 99999)
        date = self.w.date(self.rng)
        return f"发布时间：{date} 来源：本站 浏览次数：{views}" if self.w.zh else f"Published: {date} Views: {views}"

    def story(self, title, paragraphs, table=None):
        text = "".join(f"<p>{p}</p>" for p in paragraphs) + (table or "")
        related = "".join(f"<li><a href=/r/{i}>{t}</a></li>" for i, t in enumerate(self.rng.sample(self.hot, 4)))
        label = "相关阅读" if self.w.zh else "Related"
        body = self.article(title, self.meta(), text) + f"<div class=related><h4>{label}</h4><ul>{related}</ul></div>"
        return self.page(f"<title>{title}{'_' if self.w.zh else ' | '}{self.site}</title>", body)

    def url(self, kind="a"):
        COUNTERS[0] += 1
        n = COUNTERS[0]
        host = self.name.replace("_", "-")
        top = "cn" if self.w.zh else "org"
        return f"https://www.{host}.{top}/{kind}/20{self.rng.randint(14, 25)}/{self.w.date(self.rng)[5:7]}/t{n}_{self.rng.randint(10**5, 10**6)}.html"


def path(url):
    return "/" + url.split("/", 3)[3]


def table(rng, zh, values):
    heads = ("地区", "产量（万吨）", "增速") if zh else ("Region", "Output (kt)", "Growth")
    regions = ["北部", "东部", "南部", "西部"] if zh else ["North", "East", "South", "West"]
    rows = "".join(f"<tr><td>{r}</td><td>{a}</td><td>{b}%</td></tr>" for r, (a, b) in zip(regions, values))
    return "<table border=1><tr>" + "".join(f"<th>{h}</th>" for h in heads) + f"</tr>{rows}</table>"


def values(rng):
    return [(f"{rng.randint(1, 9)},{rng.randint(100, 999)}", round(rng.uniform(1, 9), 1)) for _ in range(4)]


class Maker:
    def __init__(self, families, seed, split):
        self.families, self.rng, self.split, self.rows = families, random.Random(seed), split, []

    def add(self, family, kind, url, body, status=200, **more):
        row = {"family": family, "kind": kind, "url": url, "status": status, "body": body}
        row.update({k: v for k, v in more.items() if v is not None})
        self.rows.append(row)

    def site(self, name, lang, frame=None):
        return Site(self.families, self.rng, lang, f"{self.split}_{name}", frame)

    def soft_404(self):
        for name, lang, make in self.families.SOFT_404:
            site = self.site(name, lang)
            def missing(url):
                head, body = make(site.w, self.rng, path(url), site.hot)
                return site.page(head, body)
            for n in range(5):
                url = site.url()
                self.add(name, "soft_404", url, missing(url), sibling=missing(url.replace("/t", "/xq")))
            for n in range(4):
                url = site.url()
                text = site.w.paragraphs(self.rng, self.rng.randint(2, 5))
                self.add(name, "alive", url, site.story(site.w.title(self.rng), text), sibling=missing(url.replace("/t", "/xq")))

    def about(self):
        """Articles whose subject is what error pages, walls and notices say."""
        zh = ["链接失效与“页面不存在”：一千条引文的追踪", "“该内容已被发布者删除”意味着什么", "404页面的历史", "读者为何总被要求登录后查看", "验证码的二十年"]
        en = ["“Page not found”: a decade of link rot", "When a post is deleted by its author", "The 404 page as a genre", "Please sign in: paywalls compared", "What captchas cost readers"]
        for n in range(5):
            for lang, titles in (("zh", zh), ("en", en)):
                site = self.site(f"about{n}", lang)
                paragraphs = site.w.paragraphs(self.rng, 4)
                paragraphs.insert(1, titles[n] + ("。" if lang == "zh" else "."))
                self.add("about", "alive", site.url(), site.story(titles[n], paragraphs))

    def redesigns(self):
        for n in range(40):
            lang = "zh" if n % 5 < 3 else "en"
            old = self.site(f"redesign{n}", lang, n % 3)
            new = self.site(f"redesign{n}", lang, (n + 1) % 3)
            title, text = old.w.title(self.rng), old.w.paragraphs(self.rng, 5)
            later = list(text)
            if n % 4 == 0:
                later.append(old.w.sentence(self.rng))
            if n % 4 == 1:
                later[3] = old.w.sentence(self.rng)
            quote = text[1] if n % 2 else None
            self.add("redesign", "redesign", old.url(), new.story(title, later), before=old.story(title, text), quote=quote)

    def drifts(self):
        for n in range(60):
            lang = "zh" if n % 5 < 3 else "en"
            site = self.site(f"drift{n}", lang)
            other = self.site(f"drift{n}", lang)
            title, text = site.w.title(self.rng), site.w.paragraphs(self.rng, 5)
            before, url = site.story(title, text), site.url()
            later = list(text)
            if n % 3 == 0:
                later[2] = site.w.sentence(self.rng)
                if self.rng.random() < 0.5:
                    later.insert(0, site.w.sentence(self.rng))
                self.add("drift_passage", "drift_passage", url, other.story(title, later), before=before, quote=text[2])
            elif n % 3 == 1:
                self.add("drift_page", "drift_page", url, site.story(site.w.title(self.rng), site.w.paragraphs(self.rng, 5)), before=before)
            else:
                # A rewritten page: a fifth of the text is left.
                kept = [text[0]] + site.w.paragraphs(self.rng, 4)
                self.add("drift_rewritten", "drift_page", url, other.story(title, kept), before=before)

    def figures(self):
        for n in range(40):
            zh = n % 5 < 3
            site = self.site(f"figure{n}", "zh" if zh else "en")
            title, text, url = site.w.title(self.rng), site.w.paragraphs(self.rng, 3), site.url()
            if n % 2:
                was, now = number(self.rng), number(self.rng)
                while now == was:
                    now = number(self.rng)
                line = "经核算，全省年末总量为{}，与快报数据相比有所修正，以本公告为准。" if zh else "After review the total at the end of the year stands at {}, and replaces the flash estimate."
                before = text[:1] + [line.format(was)] + text[1:]
                later = text[:1] + [line.format(now)] + text[1:]
                self.add("figure_passage", "drift_figure", url, site.story(title, later), before=site.story(title, before), quote=line.format(was))
            else:
                old = values(self.rng)
                new = list(old)
                a, b = new[1]
                new[1] = (f"{self.rng.randint(10, 99)},{self.rng.randint(100, 999)}", b)
                self.add("figure_table", "drift_figure", url, site.story(title, text, table(self.rng, zh, new)), before=site.story(title, text, table(self.rng, zh, old)))

    def tables_that_stay(self):
        for n in range(12):
            zh = n % 2 == 0
            site, new = self.site(f"stay{n}", "zh" if zh else "en", 0), self.site(f"stay{n}", "zh" if zh else "en", 2)
            title, text, data = site.w.title(self.rng), site.w.paragraphs(self.rng, 3), values(self.rng)
            plain = [(a.replace(",", ""), b) for a, b in data]
            self.add("table_stays", "redesign", site.url(), new.story(title, text, table(self.rng, zh, plain)), before=site.story(title, text, table(self.rng, zh, data)))

    def living(self):
        for n in range(30):
            zh = n % 2 == 0
            site = self.site(f"living{n}", "zh" if zh else "en")
            def listing(count):
                site.hot = site.w.headlines(self.rng, 30)
                rows = "".join(f"<li><a href=/l/{self.rng.randint(1, 999)}>{t}</a> <span>{site.w.date(self.rng)}</span></li>" for t in site.hot[:count])
                return site.page(f"<title>{site.site}</title>", f"<div class=list><ul>{rows}</ul></div>")
            host = site.url().split("/")[2]
            if n % 3 == 0:
                self.add("home", "living", f"https://{host}/", listing(20), before=listing(20))
            elif n % 3 == 1:
                self.add("list", "living", f"https://{host}/zwgk/gsgg/", listing(24), before=listing(24))
            else:
                title = "每日行情" if zh else "Daily prices"
                data = lambda: site.story(title, site.w.paragraphs(self.rng, 3), table(self.rng, zh, values(self.rng)))
                self.add("rates", "living", site.url(), data(), before=data(), second=data())

    def homes(self):
        for n in range(12):
            site = self.site(f"home{n}", "zh" if n % 2 else "en")
            rows = "".join(f"<li><a href=/l/{i}>{t}</a></li>" for i, t in enumerate(site.hot))
            body = site.page(f"<title>{site.site}</title>", f"<div class=news><ul>{rows}</ul></div>")
            url = site.url()
            home = "/".join(url.split("/")[:3]) + "/"
            self.add("redirected_home", "redirected_home", url, body, final_url=home)

    def walls(self):
        for kind, walls in self.families.WALLS.items():
            for n in range(12):
                lang, to, status, body = walls[n % len(walls)]
                site = self.site(f"{kind}{n}", lang)
                url = site.url()
                final = None
                if to:
                    final = to if to.startswith("http") else "/".join(url.split("/")[:3]) + to
                self.add(kind, kind, url, body, status, final_url=final)

    def write(self):
        for part in ("soft_404", "about", "redesigns", "drifts", "figures", "tables_that_stay", "living", "homes", "walls"):
            getattr(self, part)()
        with open(f"{self.split}.jsonl", "w", encoding="utf-8") as out:
            for row in self.rows:
                out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        return len(self.rows)


if __name__ == "__main__":
    print(Maker(tuning_families, 20261130, "tuning").write(), "tuning pages")
    print(Maker(test_families, 13, "test").write(), "test pages")
