//! A page's text outside its links and its frame: its own text, without the site's menus and
//! footers.

use super::token::{Tag, Token, Tokens};
use super::{entity, html};

/// Elements with text that belongs to the site, or that leads elsewhere.
const FRAME: [&str; 7] = ["a", "nav", "header", "footer", "select", "button", "title"];
/// Words in ids and classes that mark the frame.
const MARKS: [&str; 4] = ["foot", "copyright", "nav", "menu"];
/// Elements that have no end tag.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "link", "meta"];

/// The skipped element of the frame, and how many elements with its name are open.
struct Passed {
    name: String,
    depth: u32,
}

/// The text of a page, shown or hidden, without its scripts and style sheets.
#[must_use]
pub fn shown_or_hidden(html: &str) -> String {
    let mut all = String::new();
    for token in Tokens::new(html) {
        if let Token::Text(text) = token {
            all.push_str(&entity::decode(text, false));
        }
    }
    all
}

/// The text: pieces are separated by spaces, blocks by line ends.
#[must_use]
pub fn outside_links(html: &str) -> String {
    let mut text = String::new();
    let mut passed: Option<Passed> = None;
    for token in Tokens::new(html) {
        if passed.is_none() && is_border(&token) {
            text.push('\n');
        }
        match token {
            Token::Start(tag) => match &mut passed {
                // A link within a link ends the first.
                Some(open) if tag.is(&open.name) && open.name != "a" => open.depth += 1,
                None if is_frame(&tag) => {
                    passed = Some(Passed {
                        name: tag.name.to_ascii_lowercase(),
                        depth: 1,
                    });
                }
                Some(_) | None => {}
            },
            Token::End(name) => {
                if let Some(open) = &mut passed
                    && open.name.eq_ignore_ascii_case(name)
                {
                    open.depth -= 1;
                    if open.depth == 0 {
                        passed = None;
                    }
                }
            }
            Token::Text(piece) if passed.is_none() => {
                text.push_str(&entity::decode(piece, false));
                text.push(' ');
            }
            _ => {}
        }
    }
    text
}

/// Tags of inline elements separate nothing.
fn is_border(token: &Token<'_>) -> bool {
    let name = match token {
        Token::Start(tag) => tag.name,
        Token::End(name) => name,
        _ => return false,
    };
    !html::is_inline(name)
}

fn is_frame(tag: &Tag<'_>) -> bool {
    if tag.self_closing || VOID.iter().any(|v| tag.is(v)) {
        return false;
    }
    let marked = |name: &str| {
        let value = tag.attribute(name).unwrap_or_default().to_ascii_lowercase();
        MARKS.iter().any(|mark| value.contains(mark))
    };
    FRAME.iter().any(|name| tag.is(name)) || (!tag.is("body") && (marked("class") || marked("id")))
}

#[cfg(test)]
mod tests {
    use super::outside_links;

    fn said(html: &str) -> String {
        outside_links(html)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn menus_links_and_footers_are_left_out() {
        let page = "<title>t</title><body><div class=\"top-nav\"><div>menu</div></div><p>own <a href=/x>link</a> text</p>\
                    <div id=footer><div>foot</div> c</div><p>more";
        assert_eq!(said(page), "own text more");
        assert_eq!(said("<a href=1>x<a href=2>y</a>z"), "z");
        assert_eq!(said("<body class=nav-open><p>x"), "x");
    }

    proptest::proptest! {
        #[test]
        fn any_page_has_a_text(html in "(<div class=nav>|</div>|<a>|</a>|<p>|x|&amp;|\\PC){0,40}") {
            let _ = outside_links(&html);
        }
    }
}
