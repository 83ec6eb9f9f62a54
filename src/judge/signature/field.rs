//! Thousands of patterns over one text in one pass.
//!
//! Literals go into one Aho-Corasick automaton. A regular expression goes in with the longest literal that
//! every match of it must hold, and runs only when that is found; the few without such a literal share a
//! `RegexSet`.

use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use regex_syntax::hir::{Hir, HirKind};

use crate::model::signature::PatternType;

/// A literal shorter than this many bytes is found on every page, and saves nothing.
const SHORTEST: usize = 3;

/// What must hold once a literal is found.
#[derive(Debug)]
enum Then {
    Contains,
    Prefix,
    Full,
    Regex(Lazy),
}

/// A regular expression that is compiled when first needed: most are never.
#[derive(Debug)]
pub(super) struct Lazy {
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Lazy {
    pub(super) fn new(pattern: &str) -> Self {
        Self {
            pattern: pattern.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    /// Whether it matches, letters as written; one that does not compile matches nothing.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.find(text, false).is_some()
    }

    /// `fold` is the same in all calls.
    fn find(&self, text: &str, fold: bool) -> Option<Range<usize>> {
        let compile = || {
            RegexBuilder::new(&self.pattern)
                .case_insensitive(fold)
                .build()
                .ok()
        };
        let regex = self.compiled.get_or_init(compile).as_ref()?;
        regex.find(text).map(|found| found.range())
    }
}

/// Collects patterns for a field.
#[derive(Debug, Default)]
pub(super) struct FieldBuilder {
    literals: Vec<String>,
    then: Vec<(usize, Then)>,
    loose: Vec<(usize, Lazy)>,
}

impl FieldBuilder {
    /// Adds a pattern for row `row`; one that does not compile is left out (`check` reports it).
    pub(super) fn add(&mut self, row: usize, kind: PatternType, pattern: &str) {
        if pattern.is_empty() {
            return;
        }
        let then = match kind {
            PatternType::Contains => Then::Contains,
            PatternType::Prefix => Then::Prefix,
            PatternType::Full => Then::Full,
            PatternType::Regexp => return self.add_regex(row, pattern),
        };
        self.literals.push(pattern.to_owned());
        self.then.push((row, then));
    }

    fn add_regex(&mut self, row: usize, pattern: &str) {
        let Ok(hir) = regex_syntax::parse(pattern) else {
            return;
        };
        let mut best = String::new();
        needed(&hir, &mut best);
        if best.len() >= SHORTEST {
            self.literals.push(best);
            self.then.push((row, Then::Regex(Lazy::new(pattern))));
        } else {
            self.loose.push((row, Lazy::new(pattern)));
        }
    }

    /// Builds the automaton. `fold`: Latin letters match in any case.
    pub(super) fn build(self, fold: bool) -> Field {
        // One kind for all sizes, so that the cost of a page hardly depends on the number of rows.
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(fold)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&self.literals)
            .ok();
        let patterns = self.loose.iter().map(|(_, lazy)| &lazy.pattern);
        let set = RegexSetBuilder::new(patterns)
            .case_insensitive(fold)
            .build()
            .ok();
        Field {
            automaton: automaton.filter(|_| !self.then.is_empty()),
            then: self.then,
            loose: self.loose,
            set,
            fold,
        }
    }
}

/// The longest literal that every match holds. Case-folded letters are classes, not literals.
fn needed(hir: &Hir, best: &mut String) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            if let Ok(text) = std::str::from_utf8(&literal.0)
                && text.len() > best.len()
            {
                text.clone_into(best);
            }
        }
        HirKind::Capture(capture) => needed(&capture.sub, best),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub, best),
        HirKind::Concat(list) => list.iter().for_each(|part| needed(part, best)),
        _ => {}
    }
}

/// Patterns over one kind of text, compiled.
#[derive(Debug)]
pub(super) struct Field {
    automaton: Option<AhoCorasick>,
    then: Vec<(usize, Then)>,
    loose: Vec<(usize, Lazy)>,
    set: Option<RegexSet>,
    fold: bool,
}

impl Field {
    /// Calls `found` with each row that matches, once a pattern, and how many characters matched.
    pub(super) fn search(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        if text.is_empty() {
            return;
        }
        if let Some(automaton) = &self.automaton {
            let mut tried: Vec<bool> = Vec::new();
            for hit in automaton.find_overlapping_iter(text) {
                let pattern = hit.pattern().as_usize();
                if tried.is_empty() {
                    tried.resize(self.then.len(), false);
                }
                // The first occurrence settles it: one at the beginning is the first.
                if std::mem::replace(&mut tried[pattern], true) {
                    continue;
                }
                let (row, then) = &self.then[pattern];
                let matched = match then {
                    Then::Contains => Some(hit.range()),
                    Then::Prefix => (hit.start() == 0).then(|| hit.range()),
                    Then::Full => (hit.range() == (0..text.len())).then(|| hit.range()),
                    Then::Regex(compiled) => compiled.find(text, self.fold),
                };
                if let Some(range) = matched {
                    found(*row, chars(text, range));
                }
            }
        }
        if let Some(set) = self.set.as_ref().filter(|_| !self.loose.is_empty()) {
            for index in set.matches(text) {
                let (row, compiled) = &self.loose[index];
                if let Some(range) = compiled.find(text, self.fold) {
                    found(*row, chars(text, range));
                }
            }
        }
    }
}

fn chars(text: &str, range: Range<usize>) -> usize {
    text.get(range).map_or(0, |matched| matched.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(patterns: &[(PatternType, &str)], fold: bool, text: &str) -> Vec<usize> {
        let mut builder = FieldBuilder::default();
        for (row, (kind, pattern)) in patterns.iter().enumerate() {
            builder.add(row, *kind, pattern);
        }
        let mut found = Vec::new();
        builder.build(fold).search(text, |row, _| found.push(row));
        found.sort_unstable();
        found
    }

    #[test]
    fn every_kind_of_pattern() {
        use PatternType::{Contains, Full, Prefix, Regexp};
        let patterns = [
            (Contains, "wzws"),
            (Prefix, "wzws"),
            (Full, "wzwsquestion"),
            (Regexp, "wzws.*tion$"),
            (Regexp, "^.{12}$"),
            (Regexp, "(broken"),
            (Contains, ""),
        ];
        assert_eq!(rows(&patterns, false, "wzwsquestion"), [0, 1, 2, 3, 4]);
        assert_eq!(rows(&patterns, false, "a wzws question"), [0, 3]);
        assert!(rows(&patterns, false, "WZWS").is_empty());
        assert_eq!(rows(&patterns, true, "WZWS"), [0, 1]);
    }

    #[test]
    fn patterns_within_patterns_are_all_found() {
        use PatternType::Contains;
        let patterns = [
            (Contains, "访问"),
            (Contains, "访问过于频繁"),
            (Contains, "过于"),
        ];
        assert_eq!(rows(&patterns, false, "您的访问过于频繁"), [0, 1, 2]);
    }

    #[test]
    fn the_literal_a_regex_needs() {
        for (pattern, want) in [
            (r"您的\s?IP(?:地址)?已被封禁", "已被封禁"),
            (r"(?i)abcdef访问", "访问"),
            (r"(?:ab|cd)ef", "ef"),
            (r"(?:abc)*d+", "d"),
            (r"x{2}(yyy)", "yyy"),
        ] {
            let mut best = String::new();
            needed(&regex_syntax::parse(pattern).unwrap(), &mut best);
            assert_eq!(best, want, "{pattern}");
        }
    }
}
