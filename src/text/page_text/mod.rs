//! The text of a page in the form in which a page now is compared with what was cited: the main
//! text without the site's frame, the figures of its tables, and all that a reader sees.
//!
//! * `layout`: the elements with their amounts of text, which of them are frame, and the element
//!   that holds the main text
//! * `blocks`: the text of an element in blocks, without dates, counters and lists of links
//! * `tables`: figures by the heads of their rows and columns

mod blocks;
mod layout;
mod tables;

use serde::{Deserialize, Serialize};

use super::normalise::{for_matching, nfkc};
use super::tree::Tree;
use blocks::{PageBlock, collect};
use layout::Layout;

pub use tables::TableFigure;

/// The longest main text that is kept, in bytes.
pub const MAX_MAIN: usize = 64 * 1024;
/// The longest visible text that is kept for searches, in bytes.
const MAX_VISIBLE: usize = 192 * 1024;
/// A list has at least this many links.
const LIST_LINKS: usize = 12;
/// Characters of a title that are kept.
const MAX_TITLE: usize = 300;

/// The text of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PageContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The main text in NFKC, a block a line.
    pub main: String,
    /// The figures of the tables.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub figures: Vec<TableFigure>,
    /// The page is mostly links: a home page, a list, the results of a search.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_list: bool,
    /// The page is not whole: it was cut, or is longer than what is read.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_cut: bool,
    /// All that a reader sees, in the same form. It is not kept.
    #[serde(skip)]
    pub visible: String,
}

impl PageContent {
    /// Reads an HTML page.
    #[must_use]
    pub fn of_html(html: &str) -> Self {
        let tree = Tree::parse(html);
        let layout = Layout::read(tree.html());
        let all = collect(tree.html(), &layout, None);
        let main = layout.main();
        let mut kept: Vec<PageBlock> = collect(tree.html(), &layout, Some(main));
        kept.retain(|block| !block.is_furniture());
        let (main, is_long) = lines(kept.iter(), MAX_MAIN);
        let (visible, _) = lines(all.iter(), MAX_VISIBLE);
        Self {
            title: layout.title().map(|title| short(&title)),
            is_list: is_list(&kept, &all),
            main,
            figures: tables::figures(tree.html()),
            is_cut: is_long || tree.cut,
            visible,
        }
    }

    /// Reads plain text, such as that of a PDF.
    #[must_use]
    pub fn of_plain(text: &str) -> Self {
        let blocks: Vec<PageBlock> = text.lines().map(PageBlock::of_text).collect();
        let (main, is_long) = lines(blocks.iter(), MAX_MAIN);
        let (visible, _) = lines(blocks.iter(), MAX_VISIBLE);
        Self {
            main,
            visible,
            is_cut: is_long,
            ..Self::default()
        }
    }

    /// All text that passages are searched in; a page that was kept has only its main text.
    #[must_use]
    pub fn searched(&self) -> &str {
        if self.visible.is_empty() {
            &self.main
        } else {
            &self.visible
        }
    }
}

/// The blocks in NFKC, one a line, up to a length; whether some did not fit.
fn lines<'b>(blocks: impl Iterator<Item = &'b PageBlock>, most: usize) -> (String, bool) {
    let mut out = String::new();
    for block in blocks {
        let text = for_matching(&block.text);
        if text.is_empty() {
            continue;
        }
        if out.len() + text.len() + 1 > most {
            let room = most.saturating_sub(out.len() + 1);
            out.push_str(&text[..text.floor_char_boundary(room)]);
            return (out, true);
        }
        out.push_str(&text);
        out.push('\n');
    }
    (out, false)
}

fn short(title: &str) -> String {
    nfkc(title).chars().take(MAX_TITLE).collect()
}

/// Whether a page is a list: many links, and more of the text in them than outside.
fn is_list(main: &[PageBlock], all: &[PageBlock]) -> bool {
    let count = |blocks: &[PageBlock]| blocks.iter().map(|b| b.chars).sum::<usize>();
    let links = all.iter().map(|b| b.links).sum::<usize>();
    let linked = all.iter().map(|b| b.link_chars).sum::<usize>();
    let prose: usize = main.iter().filter(|b| b.is_prose()).map(|b| b.chars).sum();
    links >= LIST_LINKS && linked * 2 > count(all) && prose * 4 < count(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARTICLE: &str = "国家统计局今天发布数据。10月份，全国居民消费价格同比上涨0.3%，其中食品价格下降。\
        专家表示，价格总体平稳，下一步将继续做好保供稳价工作，满足群众需要。";

    fn main(html: &str) -> String {
        PageContent::of_html(html).main
    }

    #[test]
    fn the_article_is_left_without_its_frame_dates_and_counters() {
        let page = format!(
            "<title>居民消费价格_统计局</title><body><div class=top-nav><a href=/>首页</a><a href=/x>数据</a></div>\
             <div class=crumb>您现在的位置:首页&gt;数据发布</div><div class=wrap><div class=left>\
             <h1>居民消费价格</h1><div class=info>发布时间:2026-11-09 09:30 来源:国家统计局 浏览次数:1234</div>\
             <div class=TRS_Editor><p>{ARTICLE}</p><p>{ARTICLE}</p></div>\
             <div class=related><h3>相关阅读</h3><a href=/1>工业生产者价格下降二点一个百分点的解读</a></div></div>\
             <div class=right><ul><li><a href=/2>热点一条很长的新闻标题在这里</a></ul></div></div>\
             <div id=footer>版权所有 国家统计局 京ICP备05034670号</div>"
        );
        let text = main(&page);
        assert_eq!(text, format!("{0}\n{0}\n", for_matching(ARTICLE)));
        let seen = PageContent::of_html(&page);
        assert_eq!(seen.title.as_deref(), Some("居民消费价格_统计局"));
        assert!(!seen.is_list && seen.visible.contains("京ICP备"));
    }

    #[test]
    fn an_old_page_of_nested_tables_keeps_its_text() {
        let page = format!(
            "<body bgcolor=#fff><table><tr><td><a href=/>Home</a> <a href=/b>News</a></td></tr><tr><td>\
             <table><tr><td width=20%><a href=/c>List</a></td><td><font size=4>{ARTICLE}<br>{ARTICLE}</font></td></tr></table>\
             </td></tr></table>"
        );
        assert!(main(&page).starts_with(&for_matching(ARTICLE)));
        assert!(!main(&page).contains("News"));
    }

    #[test]
    fn a_page_of_links_is_a_list() {
        let rows: String = (0..20).fold(String::new(), |s, n| {
            s + &format!("<li><a href=/{n}>关于第{n}号公告的通知和说明</a><span>2026-11-{n}</span>")
        });
        assert!(PageContent::of_html(&format!("<h1>公告</h1><ul>{rows}</ul>")).is_list);
        let article = format!("<ul>{rows}</ul><p>{}</p>", ARTICLE.repeat(8));
        assert!(!PageContent::of_html(&article).is_list);
    }

    #[test]
    fn hostile_pages_are_bounded() {
        for html in [
            "<div class=nav>".repeat(60_000),
            format!("<p>{}", "文字，".repeat(400_000)),
            "<table><tr><td>1".repeat(20_000),
            format!(
                "<table>{}",
                "<tr><th colspan=1000 rowspan=1000>a<td>1".repeat(5_000)
            ),
            "<a href=x>y</a><br>".repeat(50_000),
        ] {
            let page = PageContent::of_html(&html);
            assert!(page.main.len() <= MAX_MAIN && page.visible.len() <= MAX_VISIBLE);
            assert!(page.figures.len() <= tables::MAX_FIGURES);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_page_has_a_text(html in "(</?(p|div|a|table|td|th|tr|ul|li|article|nav|script)( (class=(nav|x)|colspan=3|hidden))?/?>|x|字。|1|&amp;|<!--|-->| ){0,60}") {
            let _ = PageContent::of_html(&html);
        }
    }
}
