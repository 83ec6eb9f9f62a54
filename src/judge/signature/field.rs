//! Matches thousands of patterns against one text in one pass.
//!
//! Literals go into one Aho-Corasick automaton. A regular expression is entered by literals of
//! which every match contains at least one ([`super::literal`]), and runs only when one of them is
//! found. The few expressions without such a literal share a `RegexSet`.

use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind};
use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};

use super::literal;
use crate::model::signature::PatternType;
use crate::text::quotation::is_quoted;

/// The condition that remains after a literal is found.
#[derive(Debug)]
enum Then {
    Contains,
    Prefix,
    Full,
    Regex(LazyRegex),
}

/// A regular expression that is compiled on first use: most are never used.
#[derive(Debug)]
pub(super) struct LazyRegex {
    pattern: String,
    compiled: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    pub(super) fn new(pattern: &str) -> Self {
        Self {
            pattern: pattern.to_owned(),
            compiled: OnceLock::new(),
        }
    }

    /// Whether it matches, case-sensitively; an expression that does not compile matches nothing.
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

/// Patterns for a field, compiled when the first text is searched: a healthy page is only searched
/// by its title and its address.
pub(super) type LazyField = LazyLock<FieldMatcher, Box<dyn FnOnce() -> FieldMatcher + Send>>;

/// Collects patterns for a field.
#[derive(Debug, Default)]
pub(super) struct FieldMatcherBuilder {
    patterns: Vec<(usize, PatternType, String)>,
}

impl FieldMatcherBuilder {
    /// Adds a pattern for row `row`; a pattern that does not compile is left out (`check` reports
    /// it).
    pub(super) fn add(&mut self, row: usize, kind: PatternType, pattern: &str) {
        if !pattern.is_empty() {
            self.patterns.push((row, kind, pattern.to_owned()));
        }
    }

    /// The field, which is built on first use. `fold`: Latin letters match in any case.
    pub(super) fn lazy(self, fold: bool) -> LazyField {
        LazyLock::new(Box::new(move || self.build(fold)))
    }

    /// Builds the automaton.
    fn build(self, fold: bool) -> FieldMatcher {
        let mut sorted = SortedPatterns::default();
        for (row, kind, pattern) in self.patterns {
            sorted.add(row, kind, pattern);
        }
        sorted.build(fold)
    }
}

/// Patterns by the way in which they are found.
#[derive(Default)]
struct SortedPatterns {
    /// A literal, and its pattern.
    literals: Vec<(String, usize)>,
    then: Vec<(usize, Then)>,
    loose: Vec<(usize, LazyRegex)>,
}

impl SortedPatterns {
    fn add(&mut self, row: usize, kind: PatternType, pattern: String) {
        let then = match kind {
            PatternType::Contains => Then::Contains,
            PatternType::Prefix => Then::Prefix,
            PatternType::Full => Then::Full,
            PatternType::Regexp => return self.add_regex(row, &pattern),
        };
        self.literals.push((pattern, self.then.len()));
        self.then.push((row, then));
    }

    fn add_regex(&mut self, row: usize, pattern: &str) {
        let Some(found) = literal::needed(pattern) else {
            self.loose.push((row, LazyRegex::new(pattern)));
            return;
        };
        let of = self.then.len();
        self.literals
            .extend(found.into_iter().map(|text| (text, of)));
        self.then.push((row, Then::Regex(LazyRegex::new(pattern))));
    }

    fn build(self, fold: bool) -> FieldMatcher {
        // The automaton ignores case, because expressions may ask for it; exact patterns are
        // compared again. One kind of automaton for all sizes keeps the cost of a page almost
        // independent of the number of rows.
        let automaton = AhoCorasickBuilder::new()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(self.literals.iter().map(|(text, _)| text))
            .ok();
        let sound = |(_, lazy): &(usize, LazyRegex)| regex_syntax::parse(&lazy.pattern).is_ok();
        let loose: Vec<(usize, LazyRegex)> = self.loose.into_iter().filter(sound).collect();
        let set = RegexSetBuilder::new(loose.iter().map(|(_, lazy)| &lazy.pattern))
            .case_insensitive(fold)
            .build()
            .ok();
        FieldMatcher {
            automaton: automaton.filter(|_| !self.then.is_empty()),
            literals: self.literals,
            then: self.then,
            set: set.filter(|_| !loose.is_empty()),
            loose,
            fold,
        }
    }
}

/// Compiled patterns for one kind of text.
#[derive(Debug)]
pub(super) struct FieldMatcher {
    automaton: Option<AhoCorasick>,
    literals: Vec<(String, usize)>,
    then: Vec<(usize, Then)>,
    loose: Vec<(usize, LazyRegex)>,
    set: Option<RegexSet>,
    fold: bool,
}

impl FieldMatcher {
    /// Calls `found` for each row that matches, once per pattern, with the number of matched
    /// characters.
    pub(super) fn search(&self, text: &str, mut found: impl FnMut(usize, usize)) {
        if text.is_empty() {
            return;
        }
        self.search_literals(text, &mut found);
        let Some(set) = &self.set else {
            return;
        };
        for index in set.matches(text) {
            let (row, compiled) = &self.loose[index];
            if let Some(range) = compiled.find(text, self.fold) {
                self.report(*row, text, range, &mut found);
            }
        }
    }

    fn search_literals(&self, text: &str, found: &mut impl FnMut(usize, usize)) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        let mut settled: Vec<bool> = Vec::new();
        for hit in automaton.find_overlapping_iter(text) {
            if settled.is_empty() {
                settled.resize(self.then.len(), false);
            }
            let (literal, pattern) = &self.literals[hit.pattern().as_usize()];
            let (row, then) = &self.then[*pattern];
            let exact = || self.fold || text.get(hit.range()) == Some(literal);
            if settled[*pattern] || !(matches!(then, Then::Regex(_)) || exact()) {
                continue;
            }
            // The first occurrence decides, because one at the beginning is the first.
            settled[*pattern] = true;
            let matched = match then {
                Then::Contains => Some(hit.range()),
                Then::Prefix => (hit.start() == 0).then(|| hit.range()),
                Then::Full => (hit.range() == (0..text.len())).then(|| hit.range()),
                Then::Regex(compiled) => compiled.find(text, self.fold),
            };
            if let Some(range) = matched {
                self.report(*row, text, range, found);
            }
        }
    }

    /// A sentence in quotation marks is quoted by whoever writes about it.
    fn report(
        &self,
        row: usize,
        text: &str,
        range: Range<usize>,
        found: &mut impl FnMut(usize, usize),
    ) {
        if !(self.fold && is_quoted(text, &range)) {
            found(row, chars(text, range));
        }
    }

    /// How many expressions ever ran (they are compiled on their first run), and how many have no
    /// literal.
    #[cfg(test)]
    pub(super) fn work(&self) -> (usize, usize) {
        let run = |lazy: &LazyRegex| usize::from(lazy.compiled.get().is_some());
        let found = self.then.iter().map(|(_, then)| match then {
            Then::Regex(lazy) => run(lazy),
            _ => 0,
        });
        (found.sum(), self.loose.len())
    }
}

fn chars(text: &str, range: Range<usize>) -> usize {
    text.get(range).map_or(0, |matched| matched.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(patterns: &[(PatternType, &str)], fold: bool, text: &str) -> Vec<usize> {
        let mut builder = FieldMatcherBuilder::default();
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

    /// In source, case matters; an expression that ignores case may do so.
    #[test]
    fn case_is_kept_where_it_matters() {
        use PatternType::{Contains, Full, Prefix, Regexp};
        let patterns = [
            (Contains, "TJCaptcha.js"),
            (Regexp, "(?i)blocked by anyu"),
            (Regexp, "Blocked by"),
            (Prefix, "tjcaptcha"),
            (Full, "TJCAPTCHA"),
        ];
        assert_eq!(rows(&patterns, false, "x tjcaptcha.js TJCaptcha.js"), [0]);
        assert_eq!(rows(&patterns, false, "BLOCKED BY AnYu"), [1]);
        assert_eq!(rows(&patterns, true, "blocked BY AnYu"), [1, 2]);
        assert_eq!(rows(&patterns, true, "tjCaptcha"), [3, 4]);
        assert_eq!(rows(&patterns, false, "TJCAPTCHA"), [4]);
    }

    /// A text that is more than the pattern, and a pattern that is not the first of its kind.
    #[test]
    fn a_prefix_is_at_the_beginning_and_a_full_one_is_all() {
        use PatternType::{Full, Prefix};
        let patterns = [(Full, "aba"), (Prefix, "aba"), (Full, "a")];
        assert_eq!(rows(&patterns, false, "ababa"), [1]);
        assert_eq!(rows(&patterns, false, "cababa"), [0; 0]);
        assert_eq!(rows(&patterns, false, "aba"), [0, 1]);
    }

    /// Body patterns of the shipped rows.
    fn shipped() -> Vec<(PatternType, String)> {
        let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("probes/signatures");
        let files = std::fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        let mut all = Vec::new();
        for file in files.filter(|f| f.extension().is_some_and(|e| e == "csv")) {
            for row in csv::Reader::from_path(file).unwrap().records() {
                let row = row.unwrap();
                if &row[3] == "body" {
                    let kind = match &row[4] {
                        "regexp" => PatternType::Regexp,
                        _ => PatternType::Contains,
                    };
                    all.push((kind, row[5].to_owned()));
                }
            }
        }
        all
    }

    /// Shipped patterns and made-up ones like those in the lists of OONI and Censored Planet,
    /// `count` in all.
    fn many(count: usize) -> FieldMatcher {
        let mut builder = FieldMatcherBuilder::default();
        let shipped = shipped();
        assert!(shipped.len() > 150, "{}", shipped.len());
        for row in 0..count {
            if let Some((kind, pattern)) = shipped.get(row).filter(|_| row % 2 == 0) {
                builder.add(row, *kind, pattern);
                continue;
            }
            let (kind, pattern) = match row % 4 {
                0 => (
                    PatternType::Contains,
                    format!("<div id=\"blocked-page-{row:05}\">"),
                ),
                1 => (
                    PatternType::Regexp,
                    format!("(?s)<title>Site {row} closed</title>.*order"),
                ),
                2 => (
                    PatternType::Regexp,
                    format!("(?i)(?:denied|refused) by box {row}[a-z]+"),
                ),
                _ => (
                    PatternType::Prefix,
                    format!("<html><head><title>访问被第{row}号规则拦截"),
                ),
            };
            builder.add(row, kind, &pattern);
        }
        builder.build(false)
    }

    /// The work on a page does not grow with the rows: one pass, and the expressions whose words
    /// the page contains. Counted instead of timed, because a busy machine changes the time.
    #[test]
    fn five_thousand_patterns_run_no_more_expressions_than_two_hundred() {
        let piece = "<div class=\"row\"><p>统计公报 您的地区 访问 blocked-page 系统 page denied by title order</p></div>";
        let page = format!("<html><title>Site closed</title>{}", piece.repeat(1000));
        assert!(page.len() > 100_000);
        let (few, lots) = (many(200), many(5000));
        few.search(&page, |row, _| panic!("row {row}"));
        lots.search(&page, |row, _| panic!("row {row}"));
        let ((run_of_few, loose_few), (run_of_lots, loose_lots)) = (few.work(), lots.work());
        assert_eq!(
            (loose_few, loose_lots),
            (0, 0),
            "every pattern has a literal of its own"
        );
        assert!(
            run_of_lots <= run_of_few + 2,
            "{run_of_few} and {run_of_lots} expressions"
        );
    }
}
