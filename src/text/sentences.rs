//! A diff of two texts by sentences: each change has the old sentence, the new one, or both.
//!
//! Chinese and Japanese sentences end at `。！？；`, others at `.!?;` before white space, and all at
//! the end of a line. The diff is the longest common subsequence, within bounds: beyond them, what
//! lies between the first and the last difference counts as changed as a whole.

use serde::{Deserialize, Serialize};

use super::clean;

/// How many sentences of a text are read.
const MAX_SENTENCES: usize = 4_000;
/// The longest middle part that is compared sentence by sentence.
const MAX_COMPARED: usize = 1_200;
/// How many changes are given.
const MAX_CHANGES: usize = 200;
/// Characters of a sentence that are shown.
const MAX_SHOWN: usize = 400;

/// A difference: the old sentence, the new one, or both where one takes the place of the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentenceChange {
    pub old: Option<String>,
    pub new: Option<String>,
}

/// The sentences of a text.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let spaced = next.is_none_or(char::is_whitespace);
        let closes =
            |c: Option<char>| matches!(c, Some('”' | '"' | '』' | '」' | '）' | ')' | '。'));
        let ends = match c {
            '\n' => true,
            '。' | '！' | '？' | '；' => !closes(next),
            // NFKC makes these of full-width marks; between East Asian characters they end too.
            '!' | '?' | ';' => !next.is_some_and(|c| c.is_ascii_alphanumeric()) && !closes(next),
            '.' => spaced,
            _ => false,
        };
        if ends {
            found.push(text[start..at + c.len_utf8()].trim());
            start = at + c.len_utf8();
        }
    }
    found.push(text[start..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found.truncate(MAX_SENTENCES);
    found
}

/// What changed between two texts, in their order; white space does not count.
#[must_use]
pub fn changes(old: &str, new: &str) -> Vec<SentenceChange> {
    let (old, new) = (sentences(old), sentences(new));
    let keys = |list: &[&str]| -> Vec<String> {
        let compact = |text: &&str| text.chars().filter(|c| !c.is_whitespace()).collect();
        list.iter().map(compact).collect()
    };
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    let pairs = old_keys.iter().zip(&new_keys);
    let head = pairs.take_while(|(a, b)| a == b).count();
    let pairs = old_keys[head..]
        .iter()
        .rev()
        .zip(new_keys[head..].iter().rev());
    let tail = pairs.take_while(|(a, b)| a == b).count();
    let old_middle = head..old.len() - tail;
    let new_middle = head..new.len() - tail;
    let common = common(&old_keys[old_middle.clone()], &new_keys[new_middle.clone()]);
    let mut all = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    let ends = (old_middle.len(), new_middle.len());
    for (next_old, next_new) in common.into_iter().chain(std::iter::once(ends)) {
        let gone = &old[head + at_old..head + next_old];
        let come = &new[head + at_new..head + next_new];
        for n in 0..gone.len().max(come.len()) {
            if all.len() >= MAX_CHANGES {
                return all;
            }
            let shown = |text: &&str| clean::line(text, MAX_SHOWN);
            all.push(SentenceChange {
                old: gone.get(n).map(shown),
                new: come.get(n).map(shown),
            });
        }
        (at_old, at_new) = (next_old + 1, next_new + 1);
    }
    all
}

/// The places of a longest common subsequence.
fn common(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    if old.len() > MAX_COMPARED || new.len() > MAX_COMPARED {
        return Vec::new();
    }
    let width = new.len() + 1;
    let mut lengths = vec![0_u16; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            lengths[a * width + b] = if old[a] == new[b] {
                lengths[(a + 1) * width + b + 1] + 1
            } else {
                lengths[(a + 1) * width + b].max(lengths[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    let mut places = Vec::new();
    while a < old.len() && b < new.len() {
        if old[a] == new[b] {
            places.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if lengths[(a + 1) * width + b] >= lengths[a * width + b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_where_readers_stop() {
        assert_eq!(
            sentences("价格上涨。同比如何？上涨0.3%；环比持平\n附注"),
            ["价格上涨。", "同比如何？", "上涨0.3%；", "环比持平", "附注"]
        );
        assert_eq!(
            sentences("It rose by 0.3 per cent. Why? See a.b.c; then stop."),
            [
                "It rose by 0.3 per cent.",
                "Why?",
                "See a.b.c;",
                "then stop."
            ]
        );
        assert_eq!(sentences("他说：“好。”走了。"), ["他说：“好。”走了。"]);
        assert!(sentences(" \n ").is_empty());
    }

    #[test]
    fn what_was_changed_added_and_taken_away() {
        let old = "价格上涨。食品下降5.0%。环比持平。附注。";
        let new = "价格上涨。食品下降4.8%。 环比 持平。新增一句。附注。";
        let change = |old: Option<&str>, new: Option<&str>| SentenceChange {
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        };
        assert_eq!(
            changes(old, new),
            [
                change(Some("食品下降5.0%。"), Some("食品下降4.8%。")),
                change(None, Some("新增一句。"))
            ]
        );
        assert_eq!(changes(old, old), []);
        assert_eq!(changes("甲。", ""), [change(Some("甲。"), None)]);
    }

    #[test]
    fn long_texts_are_bounded() {
        let text =
            |of: &str| (0..50_000).fold(String::new(), |s, n| s + of + &n.to_string() + "。");
        assert_eq!(changes(&text("甲"), &text("乙")).len(), MAX_CHANGES);
    }

    proptest::proptest! {
        /// With the changes put in, the old text is the new one.
        #[test]
        fn changes_hold_all_that_differs(old in "([ab]。){0,12}", new in "([ab]。){0,12}") {
            let (was, now) = (sentences(&old), sentences(&new));
            let found = changes(&old, &new);
            let gone = found.iter().filter(|c| c.old.is_some()).count();
            let come = found.iter().filter(|c| c.new.is_some()).count();
            proptest::prop_assert_eq!(was.len() - gone, now.len() - come);
            proptest::prop_assert_eq!(found.is_empty(), was == now);
        }
    }
}
