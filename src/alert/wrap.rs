//! Lines of 76 columns. Breaks at spaces, and in Chinese letters between any two characters, but before no mark
//! that closes and behind none that opens; addresses and commands are never broken.

use super::script;
use crate::i18n::mail::Marks;

pub(super) const WIDTH: usize = 76;

/// Marks that no line of Chinese begins with.
const CLOSING: &[char] = &[
    '，', '。', '、', '；', '：', '？', '！', '）', '》', '”', '’', '」', '』', '…',
];

/// Marks that no line of Chinese ends with.
const OPENING: &[char] = &['（', '《', '“', '‘', '「', '『'];

/// Adds `text` to `out` with a line end; the first line opens with the first of `heads`, the others with
/// the second.
pub(super) fn wrap(out: &mut String, heads: [&str; 2], text: &str, marks: &Marks) {
    let [first, next] = heads;
    out.push_str(first);
    let mut column = width(first);
    let mut fresh = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let pieces = if marks.breaks_han {
            pieces(word)
        } else {
            vec![word]
        };
        for (at, piece) in pieces.into_iter().enumerate() {
            let space = usize::from(at == 0 && !fresh);
            let w = width(piece);
            if !fresh && column + space + w > WIDTH {
                out.push('\n');
                out.push_str(next);
                column = width(next);
            } else if space > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(piece);
            column += w;
            fresh = false;
        }
    }
    out.push('\n');
}

/// A word, cut where a line may break.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in word.char_indices() {
        if before.is_some_and(|b| may_break(b, c)) {
            pieces.push(&word[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&word[start..]);
    pieces
}

fn may_break(before: char, after: char) -> bool {
    let wide = |c| script::is_han(c) || script::is_wide_mark(c);
    (wide(before) || wide(after)) && !CLOSING.contains(&after) && !OPENING.contains(&before)
}

/// Columns, with East Asian characters two wide. Near enough for wrapping.
fn width(text: &str) -> usize {
    text.chars()
        .map(|c| if script::is_east_asian(c) { 2 } else { 1 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::mail::texts;
    use crate::model::settings::Language;

    fn wrapped(language: Language, text: &str) -> Vec<String> {
        let mut out = String::new();
        wrap(&mut out, ["- ", "  "], text, &texts(language).marks);
        out.lines().map(str::to_owned).collect()
    }

    #[test]
    fn long_lines_break_at_spaces_and_addresses_do_not() {
        let url = format!("https://a.example/{}", "x".repeat(120));
        let lines = wrapped(Language::En, &format!("{} {url} end", "word ".repeat(30)));
        assert!(lines.iter().any(|l| l.ends_with(&url)));
        assert!(
            lines.iter().all(|l| l.len() <= WIDTH || l.ends_with(&url)),
            "{lines:?}"
        );
    }

    #[test]
    fn chinese_breaks_anywhere_but_at_its_marks() {
        let text = "网站返回的页面中，“全文”按钮未显示（观测点：Boston 和首尔）。".repeat(6);
        let lines = wrapped(Language::Zh, &text);
        assert!(
            lines.len() > 3 && lines.iter().all(|l| width(l) <= WIDTH),
            "{lines:?}"
        );
        for line in &lines {
            let line = line.trim_start_matches([' ', '-']);
            assert!(
                !line.starts_with(CLOSING) && !line.ends_with(OPENING),
                "{line}"
            );
        }
        let joined: String = lines.iter().map(|l| &l[2..]).collect();
        let plain = |t: &str| t.replace(' ', "");
        assert_eq!(plain(&joined), plain(&text), "nothing is lost");
    }

    #[test]
    fn korean_breaks_at_spaces() {
        let lines = wrapped(
            Language::Ko,
            &"원문 보기 버튼이 보이지 않습니다. ".repeat(8),
        );
        assert!(lines.len() > 2 && lines.iter().all(|l| width(l) <= WIDTH));
        let words = ["원문", "보기", "버튼이", "보이지", "않습니다."];
        for line in &lines {
            assert!(
                line.split([' ', '-'])
                    .all(|w| w.is_empty() || words.contains(&w)),
                "{line}"
            );
        }
    }
}
