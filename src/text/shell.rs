//! Pages that are empty until a script has run.

use super::token::{Token, Tokens};

/// Elements that a script fills: until it runs, their page is the same for every address.
const SHELLS: &[&str] = &[
    "id=\"app\"",
    "id='app'",
    "id=app",
    "id=\"root\"",
    "id='root'",
    "id=root",
    "id=\"__next\"",
    "id=\"__nuxt\"",
];
/// A page with this many visible characters has its own content.
const SHORT: usize = 300;

/// Whether a page has almost no text, and an element for a script to fill. `text`: the visible text
/// of `source`.
#[must_use]
pub fn is_shell(source: &str, text: &str) -> bool {
    text.chars().take(SHORT).count() < SHORT && SHELLS.iter().any(|shell| source.contains(shell))
}

/// How many characters a page has that only says that it is loading.
const LOADING: usize = 60;

/// Whether a page is empty until a script has run: it has an external script, an element without
/// content, and no more text than "loading". A page without these is blank, not a shell.
#[must_use]
pub fn is_script_shell(source: &str, text: &str) -> bool {
    if text.chars().take(LOADING + 1).count() > LOADING {
        return false;
    }
    let mut script = false;
    let mut opened: Option<&str> = None;
    let mut empty_element = false;
    for token in Tokens::new(source) {
        match token {
            Token::Start(tag) => {
                script |= tag.is("script") && tag.attribute("src").is_some();
                opened = is_container(tag.name).then_some(tag.name);
            }
            Token::End(name) => {
                empty_element |= opened.is_some_and(|open| open.eq_ignore_ascii_case(name));
                opened = None;
            }
            Token::Text(text) if !text.trim().is_empty() => opened = None,
            _ => {}
        }
        if script && empty_element {
            return true;
        }
    }
    script && SHELLS.iter().any(|shell| source.contains(shell))
}

/// Elements that frameworks fill; a name with a hyphen is a custom element of the page.
fn is_container(name: &str) -> bool {
    ["div", "main", "section"]
        .iter()
        .any(|n| n.eq_ignore_ascii_case(name))
        || name.contains('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_that_a_script_file_fills_is_a_script_shell() {
        for shell in [
            "<title>x</title><div id=app></div><script src=/a.js></script>",
            "<script type=module src=/a.js></script><body><app-root></app-root>",
            "<div id=root><div class=spin></div>加载中…</div><script src=a.js></script>",
        ] {
            let text = crate::text::html::read(shell).text;
            assert!(is_script_shell(shell, &text), "{shell}");
        }
        for other in [
            "",
            "<html><head></head><body></body></html>",
            "<script>alert('请登录')</script>",
            "<script src=/challenge.js></script>",
            "<div></div><p>本站暂停服务</p>",
            &format!(
                "<div id=app></div><script src=a.js></script>{}",
                "文".repeat(LOADING + 1)
            ),
        ] {
            let text = crate::text::html::read(other).text;
            assert!(!is_script_shell(other, &text), "{other}");
        }
    }

    #[test]
    fn a_shell_has_no_text_and_a_place_for_some() {
        let source = "<div id=\"app\"></div><script src=/a.js></script>";
        assert!(is_shell(source, ""));
        assert!(!is_shell(source, &"文".repeat(SHORT)));
        assert!(!is_shell("<div id=main></div>", ""));
    }
}
