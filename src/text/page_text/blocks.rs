//! The text of an element in blocks, and which blocks say nothing of what the page is about.

use ego_tree::iter::Edge;
use scraper::node::Element;
use scraper::{Html, Node};

use super::layout::Layout;
use crate::text::html::is_inline;

/// How many blocks of a page are read.
const MAX_BLOCKS: usize = 20_000;
/// How many bytes of text of a page are read.
const MAX_BYTES: usize = 4 << 20;
/// A line of dates, sources and counters has at most this many characters.
const FURNITURE: usize = 80;
/// Words at the beginning of such lines, in lower case.
const LEADS: [&str; 44] = [
    "发布时间",
    "发布日期",
    "发文日期",
    "时间",
    "日期",
    "更新时间",
    "来源",
    "信息来源",
    "文章来源",
    "作者",
    "编辑",
    "责任编辑",
    "责编",
    "浏览",
    "阅读",
    "点击",
    "访问量",
    "字号",
    "字体",
    "打印",
    "分享",
    "扫一扫",
    "上一篇",
    "下一篇",
    "当前位置",
    "您现在的位置",
    "您的位置",
    "關閉",
    "关闭",
    "發布時間",
    "發佈日期",
    "瀏覽",
    "點擊",
    "등록일",
    "작성일",
    "조회",
    "최종수정",
    "published",
    "updated",
    "last updated",
    "posted",
    "views",
    "share this",
    "print",
];
/// Words that count visits, wherever they occur in a short line.
const COUNTERS: [&str; 10] = [
    "浏览次数",
    "阅读次数",
    "点击数",
    "点击量",
    "访问量",
    "瀏覽次數",
    "조회수",
    "page views",
    "downloads:",
    "下载次数",
];

/// The text between two borders of elements.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PageBlock {
    pub text: String,
    /// Characters without white space, those in links, and the links.
    pub chars: usize,
    pub link_chars: usize,
    pub links: usize,
}

impl PageBlock {
    pub(super) fn of_text(text: &str) -> Self {
        let mut block = Self::default();
        block.add(text, false);
        block
    }

    fn add(&mut self, text: &str, is_link: bool) {
        let chars = text.chars().filter(|c| !c.is_whitespace()).count();
        self.chars += chars;
        if is_link {
            self.link_chars += chars;
        }
        self.text.push_str(text);
    }

    /// A block of sentences, not of links.
    pub(super) fn is_prose(&self) -> bool {
        self.chars >= 30 && self.link_chars * 2 < self.chars
    }

    /// Dates, sources, counters, and lists of links.
    pub(super) fn is_furniture(&self) -> bool {
        if self.link_chars * 10 > self.chars * 6 {
            return true;
        }
        let text = self.text.trim().to_lowercase();
        let letters = text
            .chars()
            .filter(|c| c.is_alphabetic() && !matches!(c, '年' | '月' | '日' | '时' | '分'));
        if letters.count() < 2 && self.chars < FURNITURE && self.chars > 0 {
            // A figure alone may be the cell of a table; a date or time is not.
            return text.contains(['-', '/', ':', '年', '.']) && self.chars >= 6;
        }
        self.chars <= FURNITURE
            && (LEADS.iter().any(|lead| leads(&text, lead))
                || COUNTERS.iter().any(|word| text.contains(word)))
    }
}

/// Whether a line begins with a word, as a word: `时间:` and `时间 2026`, not `时间就是金钱`.
fn leads(text: &str, word: &str) -> bool {
    let text = text.trim_start_matches(['【', '[', '(', '（', '●', '·', ' ']);
    let Some(rest) = text.strip_prefix(word) else {
        return false;
    };
    let next = rest.trim_start().chars().next();
    next.is_none_or(|c| {
        matches!(c, ':' | '：' | '】' | ']' | '|' | ')' | '次' | '大') || c.is_ascii_digit()
    }) || !word.is_ascii() && rest.starts_with([' ', '\u{3000}', '\u{a0}'])
}

/// The blocks within an element, without its frame; without an element, all visible blocks.
pub(super) fn collect(html: &Html, layout: &Layout, within: Option<usize>) -> Vec<PageBlock> {
    let mut walk = BlockWalk {
        layout,
        within,
        blocks: Vec::new(),
        block: PageBlock::default(),
        open: Vec::new(),
        next: 0,
        inside: 0,
        skipped: 0,
        links: 0,
    };
    let mut bytes = 0;
    for edge in html.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Text(text) if walk.is_read() => {
                    bytes += text.len();
                    walk.block.add(text, walk.links > 0);
                }
                Node::Element(element) => walk.start(element),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    walk.end(element);
                }
            }
        }
        if walk.blocks.len() >= MAX_BLOCKS || bytes > MAX_BYTES {
            break;
        }
    }
    walk.border();
    walk.blocks
}

/// The elements of a page while their blocks are collected.
struct BlockWalk<'l> {
    layout: &'l Layout,
    within: Option<usize>,
    blocks: Vec<PageBlock>,
    block: PageBlock,
    /// The open elements: their places, and whether each is skipped.
    open: Vec<(usize, bool)>,
    /// The place of the next element.
    next: usize,
    /// How many open elements are the one that is read, are skipped, and are links.
    inside: usize,
    skipped: usize,
    links: usize,
}

impl BlockWalk<'_> {
    fn is_read(&self) -> bool {
        self.skipped == 0 && (self.within.is_none() || self.inside > 0)
    }

    fn start(&mut self, element: &Element) {
        let at = self.next;
        self.next += 1;
        let is_root = self.within == Some(at);
        let is_frame = self.within.is_some() && !is_root && self.layout.is_frame(at);
        let is_skipped = self.layout.is_unseen(at) || is_frame && self.inside > 0;
        self.inside += usize::from(is_root);
        self.skipped += usize::from(is_skipped);
        self.open.push((at, is_skipped));
        if !is_inline(element.name()) {
            self.border();
        }
        if element.name() == "a" {
            self.links += 1;
            self.block.links += 1;
        }
    }

    fn end(&mut self, element: &Element) {
        self.links -= usize::from(element.name() == "a");
        if let Some((at, is_skipped)) = self.open.pop() {
            self.skipped -= usize::from(is_skipped);
            self.inside -= usize::from(self.within == Some(at));
        }
        if !is_inline(element.name()) {
            self.border();
        }
    }

    fn border(&mut self) {
        let block = std::mem::take(&mut self.block);
        if block.chars > 0 {
            self.blocks.push(block);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_dates_sources_and_counters() {
        for text in [
            "发布时间：2026-11-09 09:30",
            "【 字号 大 中 小 】",
            "2026年11月9日",
            "2026-11-09",
            "来源: 新华网  浏览次数: 12",
            "上一篇：关于开展检查的通知",
            "Published: 9 November 2026",
            "조회수 12",
        ] {
            assert!(PageBlock::of_text(text).is_furniture(), "{text}");
        }
        for text in [
            "时间就是金钱，效率就是生命。",
            "来源于生活的艺术",
            "2026年的工作要点",
            "Print culture in late imperial China",
            "12.5",
            "1,234",
        ] {
            assert!(!PageBlock::of_text(text).is_furniture(), "{text}");
        }
    }
}
