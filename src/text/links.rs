//! The links of a page.

use super::entity;
use super::token::{Token, Tokens};
use super::words::CollapsedText;

/// One link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// As written, with decoded references.
    pub href: String,
    /// The link's text, white space collapsed.
    pub text: String,
}

/// The first `max` links of a page, including hidden ones.
#[must_use]
pub fn links(html: &str, max: usize) -> Vec<Link> {
    let mut found: Vec<Link> = Vec::new();
    let mut open: Option<(String, CollapsedText)> = None;
    for token in Tokens::new(html) {
        let border = match token {
            Token::Start(tag) => tag.is("a"),
            Token::End(name) => name.eq_ignore_ascii_case("a"),
            Token::Text(text) => {
                if let Some((_, line)) = &mut open {
                    line.push(text);
                }
                false
            }
            _ => false,
        };
        if !border {
            continue;
        }
        found.extend(open.take().map(link));
        if found.len() >= max {
            break;
        }
        if let Token::Start(tag) = token {
            let href = tag.attribute("href");
            open = href.map(|h| {
                (
                    entity::decode(h.trim(), true).into_owned(),
                    CollapsedText::default(),
                )
            });
        }
    }
    found.extend(open.map(link));
    found.truncate(max);
    found
}

fn link((href, line): (String, CollapsedText)) -> Link {
    Link {
        href,
        text: line.out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_with_their_text() {
        let html = "<a name=x>no</a><a href='/a?b=1&amp;c'>one <b>two</b></a><a href=x>z<a href=y>";
        let all: Vec<(String, String)> = links(html, 9)
            .into_iter()
            .map(|l| (l.href, l.text))
            .collect();
        let want = [("/a?b=1&c", "one two"), ("x", "z"), ("y", "")];
        assert_eq!(all, want.map(|(h, t)| (h.to_owned(), t.to_owned())));
        assert_eq!(links(html, 1).len(), 1);
    }
}
