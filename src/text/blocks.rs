//! The visible text of a page in blocks: a sentence stays whole, and a menu splits into its links.
//!
//! Each block and each piece of a block has a fingerprint, so that new words on a page can be found
//! without keeping the page.

use super::clean;
use super::shingle::hash;

/// How many blocks of one page are read.
const MAX_BLOCKS: usize = 4_000;
/// How many fingerprints of one page are kept.
const MAX_PRINTS: usize = 2_000;
/// How many characters of new text are returned.
const MAX_NEW: usize = 8_000;
/// How many characters of a block count.
const MAX_BLOCK: usize = 2_000;

/// A run of text in one block, inside a link or outside.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    text: String,
    is_link: bool,
}

/// The text between two borders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextBlock(Vec<Piece>);

impl TextBlock {
    /// The text of the block, with single spaces between its pieces.
    #[must_use]
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.0.iter().map(|p| p.text.as_str()).collect();
        texts.join(" ")
    }

    /// Whether it is mostly words, and not a link with a remark.
    fn is_sentence(&self) -> bool {
        let length = |is_link: bool| {
            let pieces = self.0.iter().filter(|p| p.is_link == is_link);
            pieces.map(|p| p.text.chars().count()).sum::<usize>()
        };
        length(false) > length(true)
    }

    /// The new part of the block: the whole block when its text outside links is new, or else its
    /// new links.
    fn new_part(&self, known: &[u32]) -> Option<String> {
        let is_known =
            |text: &str| fingerprint(text).is_none_or(|print| known.binary_search(&print).is_ok());
        if is_known(&self.text()) {
            return None;
        }
        let has_new_words = self.0.iter().any(|p| !p.is_link && !is_known(&p.text));
        let pieces = self.0.iter();
        let kept: Vec<&str> = pieces
            .filter(|p| has_new_words || p.is_link && !is_known(&p.text))
            .map(|p| p.text.as_str())
            .collect();
        // Adjacent links do not form a sentence.
        let between = if has_new_words { " " } else { "\n" };
        Some(kept.join(between)).filter(|text| !text.is_empty())
    }
}

/// Collects blocks while a page is scanned.
#[derive(Debug, Default)]
pub(super) struct Collector {
    done: Vec<TextBlock>,
    open: Vec<Piece>,
    in_link: bool,
}

impl Collector {
    /// Adds text with decoded references.
    pub(super) fn text(&mut self, text: &str) {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if words.is_empty() {
            return;
        }
        let is_link = self.in_link;
        match self.open.last_mut() {
            Some(last) if last.is_link == is_link => {
                if !last.text.is_empty() {
                    last.text.push(' ');
                }
                last.text.push_str(&words);
            }
            _ => self.open.push(Piece {
                text: words,
                is_link,
            }),
        }
    }

    /// Marks the start or end of a link.
    pub(super) fn link(&mut self, begins: bool) {
        self.in_link = begins;
        // Two consecutive links are two pieces.
        if begins && self.open.last().is_some_and(|last| last.is_link) {
            self.open.push(Piece {
                text: String::new(),
                is_link: true,
            });
        }
    }

    /// Marks the border of a block.
    pub(super) fn border(&mut self) {
        let mut open = std::mem::take(&mut self.open);
        open.retain(|piece| !piece.text.is_empty());
        if !open.is_empty() && self.done.len() < MAX_BLOCKS {
            self.done.push(TextBlock(open));
        }
    }

    pub(super) fn end(mut self) -> Vec<TextBlock> {
        self.border();
        self.done
    }
}

/// The fingerprint of a text, independent of spaces, capitals and numbers; `None` for a text
/// without a letter.
#[must_use]
pub fn fingerprint(text: &str) -> Option<u32> {
    let mut chars: Vec<char> = Vec::new();
    let mut has_letter = false;
    for c in super::normalise::for_matching(text).chars().take(MAX_BLOCK) {
        if c.is_ascii_digit() {
            if chars.last() != Some(&'#') {
                chars.push('#');
            }
        } else if !c.is_whitespace() {
            has_letter |= c.is_alphabetic();
            chars.extend(c.to_lowercase());
        }
    }
    has_letter.then(|| hash(&chars))
}

/// The fingerprints of all blocks and their pieces, ascending, without duplicates.
#[must_use]
pub fn fingerprints(blocks: &[TextBlock]) -> Vec<u32> {
    let mut prints: Vec<u32> = Vec::new();
    for block in blocks {
        prints.extend(fingerprint(&block.text()));
        prints.extend(block.0.iter().filter_map(|piece| fingerprint(&piece.text)));
    }
    prints.sort_unstable();
    prints.dedup();
    prints.truncate(MAX_PRINTS);
    prints
}

/// How many letters outside links are in pieces of text that are not in `known` (ascending).
#[must_use]
pub fn new_letters_outside_links(blocks: &[TextBlock], known: &[u32]) -> usize {
    let is_new =
        |text: &str| fingerprint(text).is_some_and(|print| known.binary_search(&print).is_err());
    let new = blocks.iter().filter(|block| is_new(&block.text()));
    let pieces = new.flat_map(|block| &block.0);
    let said = pieces.filter(|piece| !piece.is_link && is_new(&piece.text));
    said.map(|piece| piece.text.chars().filter(|c| c.is_alphabetic()).count())
        .sum()
}

/// The text of the blocks that are not in `known` (ascending), one block per line.
#[must_use]
pub fn new_text(blocks: &[TextBlock], known: &[u32]) -> String {
    joined(blocks.iter().filter_map(|block| block.new_part(known)))
}

/// The same of the blocks that are sentences: without adverts that are links, and without lists
/// that differ every day.
#[must_use]
pub fn new_sentences(blocks: &[TextBlock], known: &[u32]) -> String {
    let sentences = blocks.iter().filter(|block| block.is_sentence());
    joined(sentences.filter_map(|block| block.new_part(known)))
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    let mut out = String::new();
    for part in parts {
        if out.len() + part.len() > MAX_NEW {
            break;
        }
        for line in part.lines() {
            out.push_str(&clean::line(line, MAX_BLOCK));
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::html::blocks;

    fn new(before: &str, after: &str) -> String {
        new_text(&blocks(after), &fingerprints(&blocks(before)))
    }

    #[test]
    fn a_menu_that_was_there_is_not_new_and_a_sentence_around_a_link_is() {
        let menu = "<div class=top>您好，请<a href=/login>登录</a> <a href=/reg>注册</a></div>";
        let page = |content: &str| format!("{menu}<p>第12期</p>{content}<div>版权所有</div>");
        let before = page("<p>摘要：正文</p>");
        assert_eq!(new(&before, &page("<p>摘要：正文</p>")), "");
        assert_eq!(
            new(&before, &page("<p>请<a href=/login>登录</a>后查看</p>")),
            "请 登录 后查看\n"
        );
        // When a menu gains a link, only that link is new.
        let menu = |more: &str| format!("<ul><a>首页</a><a>登录</a>{more}</ul>");
        assert_eq!(new(&menu(""), &menu("<a>专题</a>")), "专题\n");
        assert_eq!(new(&before, &before.replace("12", "13")), "");
    }

    #[test]
    fn sentences_are_told_from_lists_that_differ() {
        let list = |day: u32| {
            format!(
                "<ul><li><a>某地研究之{}</a> <span>甲乙</span></li></ul>",
                ["一", "二"][day as usize]
            )
        };
        let page =
            |day: u32, said: &str| format!("<a><img alt=推广{day}></a>{}<p>{said}</p>", list(day));
        let known = fingerprints(&blocks(&page(0, "摘要正文")));
        let new = |said: &str| new_sentences(&blocks(&page(1, said)), &known);
        assert_eq!(new("摘要正文"), "");
        assert_eq!(new("请<a>登录</a>后查看全文"), "请 登录 后查看全文\n");
    }

    #[test]
    fn new_letters_of_an_advert_are_within_its_link() {
        let before = blocks("<p>股东</p><p>查询时间：3日</p><a href=/x><img alt=秋季展览></a>");
        let letters =
            |after: &str| new_letters_outside_links(&blocks(after), &fingerprints(&before));
        let advert = "<p>股东</p><p>查询时间：4日</p><a href=/x><img alt=讲座报名开始了></a>";
        assert_eq!(letters(advert), 0);
        assert_eq!(letters("<p>股东</p><p>依申请公开</p>"), 5);
    }

    proptest::proptest! {
        #[test]
        fn a_page_has_nothing_new_beside_itself(html in "(<p>|<a href=x>|</a>|<b>|</p>|登录|x|&amp;|7| |<br>|\\PC){0,40}") {
            proptest::prop_assert_eq!(new(&html, &html), "");
        }
    }
}
