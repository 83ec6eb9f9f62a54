//! Regular expressions: whether one compiles, determined without compiling it.
//!
//! Every command loads hundreds of patterns, and most commands match none of them. The syntax tree
//! alone shows every fault of a pattern except three: an unknown Unicode property, bytes outside
//! UTF-8, and the size. A pattern without properties, with Unicode on, and of small size is
//! therefore known to compile.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    Ast, ClassPerlKind, ClassSet, ClassSetItem, ClassSetRange, Flag, Flags, FlagsItemKind,
    GroupKind, RepetitionKind, RepetitionRange,
};

use super::patterns::too_long;
use super::quote;
use crate::config::doc::{Problem, problem};

/// A pattern with fewer states compiles to less than the limit of `regex` (10 MB).
const SURELY_SMALL: u64 = 20_000;
/// The largest number of states of one range of a class.
const RANGE: u64 = 8;
/// The largest number of states of one letter in all its cases.
const LETTER: u64 = 4 * RANGE;
/// An upper limit for the ranges of `\w`, the largest class without a name.
const PERL_RANGES: u64 = 1_000;

/// A regular expression in the syntax of the `regex` crate.
pub(in crate::config) fn pattern(text: &str) -> Result<(), Problem> {
    too_long(text, "pattern")?;
    if surely_compiles(text, SURELY_SMALL) {
        return Ok(());
    }
    let Err(e) = regex::Regex::new(text) else {
        return Ok(());
    };
    let reason = e.to_string();
    let last = reason.lines().last().unwrap_or_default();
    let last = last.trim().trim_start_matches("error: ");
    Err(problem(
        format!("{} is not a regular expression: {last}", quote(text)),
        "fix the pattern; look-around and back-references do not exist here",
    ))
}

/// Whether a pattern compiles to a tenth of the limit of [`pattern`].
pub(in crate::config) fn is_small(text: &str) -> bool {
    surely_compiles(text, SURELY_SMALL / 10)
}

/// Whether a pattern is known to compile to fewer than `most` states. Other patterns may still
/// compile.
fn surely_compiles(text: &str, most: u64) -> bool {
    let flags = |rest: &str| {
        rest.split([':', ')', '<', 'P'])
            .next()
            .map(|f| f.contains('i'))
    };
    let folds = text
        .split("(?")
        .skip(1)
        .any(|rest| flags(rest) == Some(true));
    Parser::new()
        .parse(text)
        .is_ok_and(|ast| states(&ast, folds).is_some_and(|n| n < most))
}

/// The largest number of states of a compiled pattern; `None` when the syntax tree does not show
/// whether it compiles. `folds`: letters also match in their other cases.
fn states(ast: &Ast, folds: bool) -> Option<u64> {
    match ast {
        Ast::Empty(_) | Ast::Assertion(_) => Some(1),
        Ast::Flags(set) => keeps_unicode(&set.flags).then_some(1),
        Ast::Literal(literal) => Some(letter(literal.c, folds)),
        Ast::Dot(_) => Some(2 * RANGE),
        Ast::ClassUnicode(_) => None,
        Ast::ClassPerl(class) => Some(perl(&class.kind)),
        Ast::ClassBracketed(class) => Some(set(&class.kind, folds)?.saturating_add(RANGE)),
        Ast::Repetition(repetition) => {
            let times = match &repetition.op.kind {
                RepetitionKind::ZeroOrOne
                | RepetitionKind::ZeroOrMore
                | RepetitionKind::OneOrMore => 1,
                RepetitionKind::Range(
                    RepetitionRange::Exactly(n)
                    | RepetitionRange::AtLeast(n)
                    | RepetitionRange::Bounded(_, n),
                ) => (*n).max(1),
            };
            let once = states(&repetition.ast, folds)?.saturating_add(2);
            Some(once.saturating_mul(times.into()))
        }
        Ast::Group(group) => match &group.kind {
            GroupKind::NonCapturing(flags) if !keeps_unicode(flags) => None,
            _ => Some(states(&group.ast, folds)?.saturating_add(2)),
        },
        Ast::Alternation(list) => sum(list.asts.iter().map(|ast| states(ast, folds))),
        Ast::Concat(list) => sum(list.asts.iter().map(|ast| states(ast, folds))),
    }
}

fn sum(mut parts: impl Iterator<Item = Option<u64>>) -> Option<u64> {
    parts.try_fold(1_u64, |all, part| Some(all.saturating_add(part?)))
}

fn keeps_unicode(flags: &Flags) -> bool {
    let of_unicode = FlagsItemKind::Flag(Flag::Unicode);
    !flags.items.iter().any(|item| item.kind == of_unicode)
}

fn perl(kind: &ClassPerlKind) -> u64 {
    match kind {
        ClassPerlKind::Word => PERL_RANGES * RANGE,
        ClassPerlKind::Digit => 100 * RANGE,
        ClassPerlKind::Space => 20 * RANGE,
    }
}

/// The states of a bracketed set.
fn set(set: &ClassSet, folds: bool) -> Option<u64> {
    match set {
        ClassSet::Item(item) => self::item(item, folds),
        ClassSet::BinaryOp(op) => {
            sum([self::set(&op.lhs, folds), self::set(&op.rhs, folds)].into_iter())
        }
    }
}

fn item(item: &ClassSetItem, folds: bool) -> Option<u64> {
    match item {
        ClassSetItem::Empty(_) => Some(1),
        ClassSetItem::Literal(literal) => Some(letter(literal.c, folds)),
        ClassSetItem::Range(range) => Some(self::range(range, folds)),
        ClassSetItem::Ascii(_) => Some(32 * LETTER),
        ClassSetItem::Unicode(_) => None,
        ClassSetItem::Perl(class) => Some(perl(&class.kind)),
        ClassSetItem::Bracketed(class) => Some(set(&class.kind, folds)?.saturating_add(RANGE)),
        ClassSetItem::Union(union) if is_everything(&union.items) => Some(RANGE),
        ClassSetItem::Union(union) => sum(union.items.iter().map(|part| self::item(part, folds))),
    }
}

/// Whether a class contains a part and its complement: `[\s\S]`.
fn is_everything(items: &[ClassSetItem]) -> bool {
    let perl = |item: &ClassSetItem| match item {
        ClassSetItem::Perl(class) => Some((class.kind.clone(), class.negated)),
        _ => None,
    };
    let parts: Vec<_> = items.iter().filter_map(perl).collect();
    parts
        .iter()
        .any(|(kind, negated)| parts.contains(&(kind.clone(), !negated)))
}

fn letter(letter: char, folds: bool) -> u64 {
    if folds && letter.is_alphabetic() {
        LETTER
    } else {
        RANGE
    }
}

/// Ignoring case splits a range into as many ranges as it has letters; Chinese and Korean
/// characters have one case.
fn range(range: &ClassSetRange, folds: bool) -> u64 {
    let (start, end) = (u32::from(range.start.c), u32::from(range.end.c));
    let within = |first, last| first <= start && end <= last;
    if !folds || within(0x2e80, 0xa63f) || within(0xac00, 0xd7a3) {
        return RANGE;
    }
    (u64::from(end.abs_diff(start)) + 1).saturating_mul(LETTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_compiled_would_have_compiled() {
        for unit in [
            r"\w",
            r"\W",
            r"(?i)\pL",
            r"[^a]",
            ".",
            "(?i)kelvin",
            r"(?i:[k-s])",
            r"(?i)[^\d\sa-zſ-ʓ]",
            r"[[:alpha:]&&[^x]]",
            "中{3,9}",
            "[一-龥]",
            "(a|b)?",
            r"(?-u:\xff)",
            r"\p{Nonsense}",
        ] {
            for times in [1, 2, 3, 10, 50, 100, 1000] {
                for text in [
                    unit.repeat(times),
                    format!("(?:{unit}){{{times}}}"),
                    format!("(?:(?:{unit})+){{2,{times}}}"),
                ] {
                    let known = surely_compiles(&text, SURELY_SMALL);
                    assert!(!known || regex::Regex::new(&text).is_ok(), "{text:.60}");
                    let bound = regex::RegexBuilder::new(&text).size_limit(1 << 20).build();
                    assert!(!is_small(&text) || bound.is_ok(), "{text:.60}");
                }
            }
        }
        assert!(pattern(r"\w{5000}").is_err());
        assert!(pattern("(").is_err());
        assert!(pattern(r"\p{Nonsense}").is_err());
        assert!(pattern(r"(?-u:\xff)").is_err());
    }

    /// The shipped patterns are known to compile: no command has to compile them to load them.
    #[test]
    fn shipped_patterns_are_read_without_compiling() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("probes/signatures");
        let (mut all, mut slow) = (0, Vec::new());
        for file in std::fs::read_dir(folder).unwrap() {
            let mut rows = csv::Reader::from_path(file.unwrap().path()).unwrap();
            let header = rows.headers().unwrap().clone();
            let at = |name: &str| header.iter().position(|c| c == name).unwrap();
            let (kind, expression, unless) = (at("pattern_type"), at("pattern"), at("unless"));
            for row in rows.records().map(Result::unwrap) {
                let mut read = vec![row[unless].to_owned()];
                read.extend((&row[kind] == "regexp").then(|| row[expression].to_owned()));
                all += read.len();
                slow.extend(
                    read.into_iter()
                        .filter(|p| !surely_compiles(p, SURELY_SMALL)),
                );
            }
        }
        assert!(all > 300);
        assert_eq!(slow, [""; 0]);
    }
}
