//! Characters of which every match of an expression contains some. A text without them is not
//! searched: most texts have none of most forms of dates, and one look at a text's characters
//! replaces dozens of searches.

use regex::{Captures, Regex};
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

/// A class with more characters is on nearly every page.
const MOST_OF_CLASS: usize = 32;
/// More alternatives are not worth the look.
const MOST: usize = 96;

/// An expression that most texts do not hold.
#[derive(Debug)]
pub(super) struct RarePattern {
    regex: Regex,
    needed: NeededCharacters,
}

impl RarePattern {
    /// `None` when the pattern does not compile.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        Some(Self {
            regex: Regex::new(pattern).ok()?,
            needed: NeededCharacters::of_pattern(pattern),
        })
    }

    pub(super) fn regex(&self) -> &Regex {
        &self.regex
    }

    /// Whether a text with these characters may hold a match.
    pub(super) fn may_match(&self, text: &CharacterSet) -> bool {
        self.needed.are_in(text)
    }

    /// The text with every match rewritten.
    pub(super) fn rewrite(&self, text: String, to: impl Fn(&Captures<'_>) -> String) -> String {
        if !self.may_match(&CharacterSet::of_text(&text)) {
            return text;
        }
        self.regex.replace_all(&text, to).into_owned()
    }
}

/// Groups of characters: every match contains at least one character of each.
#[derive(Debug, Default)]
struct NeededCharacters(Vec<Vec<char>>);

impl NeededCharacters {
    /// What an expression needs; nothing when it does not compile.
    fn of_pattern(pattern: &str) -> Self {
        let hir = regex_syntax::parse(pattern);
        Self(hir.map(|hir| groups(&hir)).unwrap_or_default())
    }

    /// Whether a text with these characters may hold a match.
    fn are_in(&self, text: &CharacterSet) -> bool {
        let is_there = |group: &Vec<char>| group.iter().any(|c| text.may_hold(*c));
        self.0.iter().all(is_there)
    }
}

fn groups(hir: &Hir) -> Vec<Vec<char>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).unwrap_or_default();
            text.chars().map(|c| vec![c]).collect()
        }
        HirKind::Class(class) => characters(class).into_iter().collect(),
        HirKind::Capture(capture) => groups(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => groups(&repetition.sub),
        HirKind::Concat(parts) => parts.iter().flat_map(groups).collect(),
        HirKind::Alternation(branches) => either(branches).into_iter().collect(),
        HirKind::Repetition(_) | HirKind::Look(_) | HirKind::Empty => Vec::new(),
    }
}

/// One group for all branches, with the rarest group of each; `None` when a branch needs nothing.
fn either(branches: &[Hir]) -> Option<Vec<char>> {
    let mut all = Vec::new();
    for branch in branches {
        let rare = |group: &Vec<char>| (group.iter().any(char::is_ascii), group.len());
        all.extend(groups(branch).into_iter().min_by_key(rare)?);
        if all.len() > MOST {
            return None;
        }
    }
    Some(all)
}

fn characters(class: &Class) -> Option<Vec<char>> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let size: usize = class.iter().map(ClassUnicodeRange::len).sum();
    let all = class.iter().flat_map(|range| range.start()..=range.end());
    (size > 0 && size <= MOST_OF_CLASS).then(|| all.collect())
}

/// The characters of a text: those of ASCII exactly, others by a part of their number.
#[derive(Debug, Default)]
pub(super) struct CharacterSet {
    ascii: u128,
    others: [u64; 16],
}

impl CharacterSet {
    pub(super) fn of_text(text: &str) -> Self {
        let mut set = Self::default();
        for c in text.chars() {
            if c.is_ascii() {
                set.ascii |= 1 << u32::from(c);
            } else {
                let (word, bit) = place(c);
                set.others[word] |= bit;
            }
        }
        set
    }

    fn may_hold(&self, c: char) -> bool {
        if c.is_ascii() {
            return self.ascii & (1 << u32::from(c)) != 0;
        }
        let (word, bit) = place(c);
        self.others[word] & bit != 0
    }
}

fn place(c: char) -> (usize, u64) {
    let number = u32::from(c);
    ((number >> 6) as usize % 16, 1 << (number % 64))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_match_needs() {
        for (pattern, text, may) in [
            (r"(\d{4})年 ?(\d{1,2})月", "2026年3月", true),
            (r"(\d{4})年 ?(\d{1,2})月", "2026-03-01 研究", false),
            (r"今天|本日|\btoday\b", "a dog, to y", true),
            (r"今天|本日|\btoday\b", "昨夜 b", false),
            (r"(?i)jan(?:uary)?\b", "JAN", true),
            (r"(?i)jan(?:uary)?\b", "JUN", false),
            (r"x*y?[一ー]{0,2}", "", true),
            (r"[^a]", "", true),
            (r"(broken", "", true),
        ] {
            let needed = NeededCharacters::of_pattern(pattern);
            let found = needed.are_in(&CharacterSet::of_text(text));
            assert_eq!(found, may, "{pattern} in {text}");
        }
    }

    proptest! {
        /// A text that is left out holds no match, for every form and rewrite of dates.
        #[test]
        fn no_match_is_left_out(pieces in prop::collection::vec(
            prop_oneof![
                "[0-9]{1,4}", "[-/.:~ ()年月日号季周第前至到一二三十]{1,2}",
                prop::sample::select(vec![
                    "today", "yesterday", "昨天", "3小时前", "hours ago", "jan", "december", "民国",
                    "令和", "第一季度", "今年", "上半年", "截止", "월", "일", "년", "分钟", "q3", "th",
                    "编号", "date(", "utc", "刚刚", "春节", "of", "week", "–", "至今",
                ]).prop_map(str::to_owned),
            ], 0..9)) {
            let text = pieces.concat();
            let characters = CharacterSet::of_text(&text);
            for pattern in super::super::find::patterns() {
                let found = pattern.regex().is_match(&text);
                prop_assert!(!found || pattern.may_match(&characters), "{}", pattern.regex());
            }
        }
    }
}
