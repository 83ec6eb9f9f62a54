//! A tokenizer for HTML: one linear pass without allocation.
//!
//! It follows WHATWG's tokenization for tags, attributes, comments and raw text; [`super::entity`]
//! decodes character references later. It serves both the visible text ([`super::html`]) and the
//! tree for selectors ([`super::tree`]), so that both read a page the same way.

use memchr::memchr;

use super::attributes::Attributes;

/// One piece of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// Characters between tags; references are not decoded yet.
    Text(&'a str),
    /// The content of a `<script>`, `<style>` and similar elements, which has no references.
    Raw(&'a str),
    /// A CDATA section, as in feeds: shown, without references. (Browsers hide those of HTML
    /// pages.)
    Cdata(&'a str),
    Start(Tag<'a>),
    /// The name as written.
    End(&'a str),
    Doctype,
    Comment,
}

/// A start tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'a> {
    /// As written.
    pub name: &'a str,
    attributes: &'a str,
    pub self_closing: bool,
}

impl<'a> Tag<'a> {
    /// Whether the tag has this name; case does not matter.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Names as written; references in values are not decoded yet.
    #[must_use]
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::new(self.attributes)
    }

    /// The first attribute with this name, in any case; empty when it has no value.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        if self.attributes.is_empty() {
            return None;
        }
        self.attributes()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }
}

/// Elements with only text up to their end tag: no tags, no references.
const RAW: [&str; 7] = [
    "script", "style", "noscript", "iframe", "xmp", "noembed", "noframes",
];
/// The same, but with references.
const ESCAPABLE_RAW: [&str; 2] = ["title", "textarea"];

/// The pieces of a page, in order.
#[derive(Debug, Clone)]
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The element whose raw text comes next, and whether references are decoded in it.
    raw: Option<(&'static str, bool)>,
}

impl<'a> Tokens<'a> {
    #[must_use]
    pub fn new(html: &'a str) -> Self {
        Self {
            html,
            at: 0,
            raw: None,
        }
    }

    /// Where the next piece begins, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a str {
        &self.html[self.at..]
    }

    fn take(&mut self, length: usize) -> &'a str {
        let piece = &self.html[self.at..self.at + length];
        self.at += length;
        piece
    }

    fn raw_text(&mut self, element: &str, escapable: bool) -> Option<Token<'a>> {
        let rest = self.rest();
        let length = end_tag(rest, element).unwrap_or(rest.len());
        if length == 0 {
            return None;
        }
        let text = self.take(length);
        Some(if escapable {
            Token::Text(text)
        } else {
            Token::Raw(text)
        })
    }

    fn text(&mut self) -> Token<'a> {
        let rest = self.rest();
        // The first character may be a `<` that begins nothing.
        let mut from = rest.chars().next().map_or(0, char::len_utf8);
        loop {
            match rest.get(from..).and_then(|r| memchr(b'<', r.as_bytes())) {
                None => return Token::Text(self.take(rest.len())),
                Some(more) if begins_markup(&rest[from + more..]) => {
                    return Token::Text(self.take(from + more));
                }
                Some(more) => from += more + 1,
            }
        }
    }

    fn markup(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        if let Some(body) = rest.strip_prefix("<!--") {
            self.take(4 + comment_length(body));
            return Some(Token::Comment);
        }
        if let Some(body) = rest.strip_prefix("<![CDATA[") {
            let length = body.find("]]>").unwrap_or(body.len());
            self.take(9 + length);
            self.take(self.rest().len().min(3));
            return Some(Token::Cdata(&body[..length]));
        }
        let bytes = rest.as_bytes();
        if bytes[1].is_ascii_alphabetic() {
            return self.tag(1).map(Token::Start).inspect(|token| {
                if let Token::Start(tag) = token {
                    self.raw = raw_element(tag.name);
                }
            });
        }
        if bytes[1] == b'/' && bytes.get(2).is_some_and(u8::is_ascii_alphabetic) {
            return self.tag(2).map(|tag| Token::End(tag.name));
        }
        let length = rest.find('>').map_or(rest.len(), |end| end + 1);
        let piece = self.take(length);
        let doctype = piece
            .get(..9)
            .is_some_and(|p| p.eq_ignore_ascii_case("<!doctype"));
        Some(if doctype {
            Token::Doctype
        } else {
            Token::Comment
        })
    }

    /// A tag whose name begins after `skip` bytes; `None` when the page ends inside it.
    fn tag(&mut self, skip: usize) -> Option<Tag<'a>> {
        let start = self.at + skip;
        let rest = &self.html[start..];
        let length = rest
            .bytes()
            .position(|b| b.is_ascii_whitespace() || b == b'/' || b == b'>')
            .unwrap_or(rest.len());
        let name = &rest[..length];
        let Some(attributes) = Attributes::new(&rest[length..]).whole() else {
            self.at = self.html.len();
            return None;
        };
        self.at = start + length + attributes.len() + 1;
        Some(Tag {
            name,
            attributes,
            self_closing: attributes.ends_with('/'),
        })
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some((element, escapable)) = self.raw.take()
            && let Some(token) = self.raw_text(element, escapable)
        {
            return Some(token);
        }
        let rest = self.rest();
        if rest.is_empty() {
            return None;
        }
        if begins_markup(rest) {
            self.markup()
        } else {
            // Not markup: at least one byte, and whole characters, up to the next `<`.
            Some(self.text())
        }
    }
}

fn begins_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes[0] == b'<'
        && match bytes.get(1) {
            Some(b'!' | b'?') => true,
            Some(b'/') => bytes.get(2).is_some(),
            Some(c) => c.is_ascii_alphabetic(),
            None => false,
        }
}

fn raw_element(name: &str) -> Option<(&'static str, bool)> {
    let find = |list: &'static [&'static str]| {
        list.iter()
            .copied()
            .find(|raw| name.eq_ignore_ascii_case(raw))
    };
    find(&RAW)
        .map(|raw| (raw, false))
        .or_else(|| find(&ESCAPABLE_RAW).map(|raw| (raw, true)))
}

/// Where the end tag of `element` begins.
fn end_tag(text: &str, element: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let name = from + at + 2;
        let after = name + element.len();
        let same = text
            .get(name..after)
            .is_some_and(|n| n.eq_ignore_ascii_case(element));
        let ends = text
            .as_bytes()
            .get(after)
            .is_none_or(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        if same && ends {
            return Some(from + at);
        }
        from = name;
    }
    None
}

/// The length of a comment, from after its `<!--` to after its end.
fn comment_length(body: &str) -> usize {
    if body.starts_with('>') {
        return 1;
    }
    if body.starts_with("->") {
        return 2;
    }
    let mut from = 0;
    while let Some(at) = body[from..].find("--") {
        let after = &body[from + at + 2..];
        if after.starts_with('>') {
            return from + at + 3;
        }
        if after.starts_with("!>") {
            return from + at + 4;
        }
        from += at + 1;
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(html: &str) -> String {
        Tokens::new(html).map(|token| show_one(&token)).collect()
    }

    fn show_one(token: &Token<'_>) -> String {
        match token {
            Token::Text(t) => format!("[{t}]"),
            Token::Raw(t) => format!("raw[{t}]"),
            Token::Cdata(t) => format!("cdata[{t}]"),
            Token::End(n) => format!("</{n}>"),
            Token::Doctype => "!".to_owned(),
            Token::Comment => "#".to_owned(),
            Token::Start(tag) => {
                let list: Vec<String> = tag.attributes().map(|(n, v)| format!("{n}={v}")).collect();
                let slash = if tag.self_closing { "/" } else { "" };
                format!("<{}{{{}}}{slash}>", tag.name, list.join(","))
            }
        }
    }

    #[test]
    fn tags_attributes_text() {
        assert_eq!(
            show("<!DOCTYPE html><A HREF=x/y b='1>2' c d = \"e\">摘<br/>a < b</A >"),
            "!<A{HREF=x/y,b=1>2,c=,d=e}>[摘]<br{}/>[a < b]</A>"
        );
    }

    #[test]
    fn raw_text_ends_at_its_own_end_tag() {
        assert_eq!(
            show("<script>if (a</b) '<p>'</scripty></SCRIPT ><title>a<b>&amp;</title>x"),
            "<script{}>raw[if (a</b) '<p>'</scripty>]</SCRIPT><title{}>[a<b>&amp;]</title>[x]"
        );
        assert_eq!(show("<style></style>x"), "<style{}></style>[x]");
        assert_eq!(
            show("<script>never closed <p>"),
            "<script{}>raw[never closed <p>]"
        );
    }

    #[test]
    fn comments_end_as_browsers_end_them() {
        assert_eq!(
            show("<!-->a<!--->b<!-- x -- > --!>c<!-- -->d<?php ?>e</3>f<!-- open"),
            "#[a]#[b]#[c]#[d]#[e]#[f]#"
        );
    }

    #[test]
    fn cdata_of_feeds() {
        assert_eq!(
            show("<b><![CDATA[1 < 2 &]]>x<![CDATA[open"),
            "<b{}>cdata[1 < 2 &][x]cdata[open]"
        );
    }

    #[test]
    fn a_tag_cut_off_is_dropped() {
        assert_eq!(show("a<b c='"), "[a]");
        assert_eq!(show("a<"), "[a<]");
        assert_eq!(show("a</"), "[a</]");
    }

    proptest::proptest! {
        #[test]
        fn any_text_ends(html in "(<|>|/|!|-|\\]|<!\\[CDATA\\[|=|'|\"| |a|摘|script|title|</script>|\\PC){0,60}") {
            let mut last = usize::MAX;
            let mut tokens = Tokens::new(&html);
            while tokens.next().is_some() {
                let left = tokens.rest().len();
                proptest::prop_assert!(left < last || left == 0);
                last = left;
            }
        }
    }
}
