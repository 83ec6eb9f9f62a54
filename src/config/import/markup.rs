//! Outlines and bookmarks: read with the HTML tokenizer, which expands no entities defined by the
//! file and is linear on any input.

use super::row::RawEntry;
use super::{ImportError, ImportList};
use crate::text::entity;
use crate::text::token::{Tag, Token, Tokens};

/// OPML: the page of each outline (`htmlUrl`, `url`), or else its feed (`xmlUrl`).
pub(super) fn opml(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    let mut lines = Lines::new(text);
    let mut tokens = Tokens::new(text);
    loop {
        let at = tokens.offset();
        let Some(token) = tokens.next() else {
            return Ok(());
        };
        let Token::Start(tag) = token else { continue };
        if !tag.is("outline") {
            continue;
        }
        let value = |name| attribute(&tag, name);
        let address = ["htmlUrl", "url", "xmlUrl"].into_iter().find_map(value);
        // An outline without an address is a folder.
        let Some(url) = address else { continue };
        let name = ["title", "text"].into_iter().find_map(value);
        let entry = RawEntry {
            line: lines.of(at),
            url: &url,
            name: name.as_deref().unwrap_or_default(),
            ..RawEntry::default()
        };
        if !list.add(entry) {
            return Err(ImportError::TooLong);
        }
    }
}

/// Bookmarks: each link with its text.
pub(super) fn bookmarks(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    let mut lines = Lines::new(text);
    let mut tokens = Tokens::new(text);
    // The open link: its position, its target, its text so far.
    let mut open: Option<(usize, String, String)> = None;
    loop {
        let at = tokens.offset();
        let token = tokens.next();
        let ends = match &token {
            None => true,
            Some(Token::Start(tag)) => tag.is("a") || tag.is("dt") || tag.is("dl"),
            Some(Token::End(name)) => name.eq_ignore_ascii_case("a"),
            Some(Token::Text(text)) => {
                if let Some((_, _, name)) = &mut open {
                    name.push_str(&entity::decode(text, false));
                }
                false
            }
            _ => false,
        };
        if ends && let Some((line, url, name)) = open.take() {
            let entry = RawEntry {
                line,
                url: &url,
                name: &name,
                ..RawEntry::default()
            };
            if !list.add(entry) {
                return Err(ImportError::TooLong);
            }
        }
        match token {
            None => return Ok(()),
            Some(Token::Start(tag)) if tag.is("a") => {
                open = attribute(&tag, "href").map(|url| (lines.of(at), url, String::new()));
            }
            _ => {}
        }
    }
}

/// A sitemap: each `<loc>`. A sitemap of other sitemaps names no pages.
pub(super) fn sitemap(text: &str, list: &mut ImportList) -> Result<(), ImportError> {
    let mut lines = Lines::new(text);
    let mut tokens = Tokens::new(text);
    let mut open: Option<(usize, String)> = None;
    loop {
        let at = tokens.offset();
        let Some(token) = tokens.next() else {
            return Ok(());
        };
        match token {
            Token::Start(tag) if tag.is("sitemapindex") => return Err(ImportError::SitemapIndex),
            Token::Start(tag) if tag.is("loc") => open = Some((lines.of(at), String::new())),
            Token::Text(text) | Token::Cdata(text) => {
                if let Some((_, url)) = &mut open {
                    url.push_str(&entity::decode(text, false));
                }
            }
            Token::End(name) if name.eq_ignore_ascii_case("loc") => {
                let Some((line, url)) = open.take() else {
                    continue;
                };
                let entry = RawEntry {
                    line,
                    url: &url,
                    ..RawEntry::default()
                };
                if !list.add(entry) {
                    return Err(ImportError::TooLong);
                }
            }
            _ => {}
        }
    }
}

/// The value of an attribute that is present and not empty.
fn attribute(tag: &Tag<'_>, name: &str) -> Option<String> {
    let value = entity::decode(tag.attribute(name)?.trim(), true).into_owned();
    (!value.is_empty()).then_some(value)
}

/// Line numbers of increasing positions.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
        }
    }

    fn of(&mut self, at: usize) -> usize {
        let between = &self.text[self.at.min(at)..at];
        self.line += between.matches('\n').count();
        self.at = at;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    fn rows(text: &str) -> Vec<(usize, String, String)> {
        let list = read(text.as_bytes(), None).unwrap();
        let row = |r: &super::super::ImportRow| (r.line, r.url.to_string(), r.name.clone());
        list.rows.iter().map(row).collect()
    }

    fn want(rows: &[(usize, &str, &str)]) -> Vec<(usize, String, String)> {
        let own = |(line, url, name): &(usize, &str, &str)| {
            (*line, (*url).to_owned(), (*name).to_owned())
        };
        rows.iter().map(own).collect()
    }

    #[test]
    fn outlines() {
        let text = "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE opml [<!ENTITY x \"boom\">]>\n<opml version='2.0'>\n\
            <head><title>Feeds</title></head><body>\n<outline text='期刊'>\n\
            <outline type='rss' text='A &amp; B' xmlUrl='https://a.cn/rss' htmlUrl='https://a.cn/?x=1&amp;y=2'/>\n\
            <!-- <outline url='https://no.cn/'/> -->\
            <outline text='C &x;' xmlUrl='https://c.cn/feed'/><outline type='link' title='D' url='https://d.cn/'/>\n</outline></body></opml>";
        assert_eq!(
            rows(text),
            want(&[
                (6, "https://a.cn/?x=1&y=2", "A & B"),
                (7, "https://c.cn/feed", "C &x;"),
                (7, "https://d.cn/", "D"),
            ])
        );
    }

    #[test]
    fn bookmarks_of_browsers() {
        let text = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n\
            <DT><H3>Databases</H3>\n<DL><p>\n<DT><A HREF=\"https://a.cn/\" ADD_DATE=\"1\" ICON=\"data:image/png;base64,xx\">知网 &lt;1&gt;</A>\n\
            <DT><A HREF=\"javascript:alert('x')\">no</A>\n<DT><A HREF=\"https://b.cn/\">B\n</DL>";
        assert_eq!(
            rows(text),
            want(&[(6, "https://a.cn/", "知网 <1>"), (8, "https://b.cn/", "B")])
        );
        let list = read(text.as_bytes(), None).unwrap();
        assert_eq!(list.bad[0].line, 7);
        assert!(list.bad[0].what.contains("`javascript:` is not fetched"));
    }
}
