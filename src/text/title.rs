//! The parts of titles: `页面不存在_新华网`, `Page not found | Example`, `某文 — 某刊 － 知网`.

/// Marks between the parts of a title, after NFKC (which converts `｜` and `－`).
const BETWEEN: [char; 7] = ['_', '|', '\u{2014}', '\u{2013}', '\u{2015}', '\u{b7}', '-'];

/// The parts of a title, trimmed, without empty ones. A hyphen or dash within a Latin word does not
/// separate.
#[must_use]
pub fn parts(title: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut before = None;
    let mut chars = title.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, c)| *c);
        let joins = matches!(c, '-' | '\u{2013}') && within_a_word(before, after);
        if BETWEEN.contains(&c) && !joins {
            parts.push(&title[start..at]);
            start = at + c.len_utf8();
        }
        before = Some(c);
    }
    parts.push(&title[start..]);
    parts
        .iter()
        .map(|p| p.trim())
        .filter(|p| !p.is_empty())
        .collect()
}

fn within_a_word(before: Option<char>, after: Option<char>) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    latin(before) && latin(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sites_write() {
        for (title, want) in [
            ("页面不存在_新华网", &["页面不存在", "新华网"][..]),
            ("Page not found | Example", &["Page not found", "Example"]),
            ("某文 — 某刊-知网", &["某文", "某刊", "知网"]),
            (
                "A state-of-the-art review - J-STAGE",
                &["A state-of-the-art review", "J-STAGE"],
            ),
            (
                "Databases A\u{2013}Z \u{2013} Library",
                &["Databases A\u{2013}Z", "Library"],
            ),
            ("——", &[]),
            ("", &[]),
            ("首页", &["首页"]),
        ] {
            assert_eq!(parts(title), want, "{title}");
        }
    }
}
