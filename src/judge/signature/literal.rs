//! Literals of a regular expression, at least one of which is in every match.
//!
//! An expression runs only on a text that contains one of them. This keeps the cost of a page
//! independent of the number of rows.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A literal with fewer bytes is on every page, and saves nothing.
const SHORTEST: usize = 3;
/// More alternatives than this are not worth the space.
const MOST: usize = 64;
/// A longer literal is not rarer beyond this many bytes.
const LONG: usize = 8;

/// Literals in lower or upper case, at least one of which is in every match when ASCII letters are
/// compared without case; `None` when the expression needs no such literal.
pub(super) fn needed(pattern: &str) -> Option<Vec<String>> {
    let hir = regex_syntax::parse(pattern).ok()?;
    any_of(&hir).filter(|found| shortest(found) >= SHORTEST)
}

fn any_of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Capture(capture) => any_of(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => any_of(&repetition.sub),
        HirKind::Concat(parts) => of_sequence(parts),
        HirKind::Alternation(branches) => {
            let mut all = Vec::new();
            for branch in branches {
                all.append(&mut any_of(branch)?);
                if all.len() > MOST {
                    return None;
                }
            }
            Some(all)
        }
        _ => exact(hir)
            .filter(|text| !text.is_empty())
            .map(|text| vec![text]),
    }
}

/// The best run of letters in a sequence and its parts.
fn of_sequence(parts: &[Hir]) -> Option<Vec<String>> {
    let mut best: Option<Vec<String>> = None;
    let mut run = String::new();
    for part in parts {
        if let Some(text) = exact(part) {
            run.push_str(&text);
            continue;
        }
        better(&mut best, Some(vec![std::mem::take(&mut run)]));
        better(&mut best, any_of(part));
    }
    better(&mut best, Some(vec![run]));
    best
}

fn better(best: &mut Option<Vec<String>>, other: Option<Vec<String>>) {
    let worth = |found: &[String]| (shortest(found).min(LONG), MOST.saturating_sub(found.len()));
    let Some(other) = other.filter(|found| shortest(found) > 0) else {
        return;
    };
    if best
        .as_deref()
        .is_none_or(|found| worth(found) < worth(&other))
    {
        *best = Some(other);
    }
}

fn shortest(found: &[String]) -> usize {
    found.iter().map(String::len).min().unwrap_or(0)
}

/// The single text that this part matches (in any case); empty for a part without width.
fn exact(hir: &Hir) -> Option<String> {
    match hir.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().map(str::to_owned),
        HirKind::Class(class) => one_letter(class).map(String::from),
        HirKind::Empty | HirKind::Look(_) => Some(String::new()),
        HirKind::Capture(capture) => exact(&capture.sub),
        _ => None,
    }
}

/// The single letter that a class has in both cases, as `(?i)` makes it. `k` and `s` have relatives
/// outside ASCII.
fn one_letter(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else {
        return None;
    };
    let [upper, lower] = class.ranges() else {
        return None;
    };
    let single = upper.start() == upper.end() && lower.start() == lower.end();
    let pair =
        upper.start().is_ascii_uppercase() && upper.start().to_ascii_lowercase() == lower.start();
    (single && pair).then(|| lower.start())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literals_an_expression_needs() {
        for (pattern, want) in [
            (r"您的\s?IP(?:地址)?已被封禁", Some(vec!["已被封禁"])),
            (r"(?i)xyz访问", Some(vec!["xyz访问"])),
            (r"(?i)blocked by", Some(vec!["bloc", "ed by"].split_off(1))),
            (r"(?:abc)*d+", None),
            (r"x{2}(yyyy)?zz\bzz", Some(vec!["zzzz"])),
            (
                r"(?:not|un)available|forbidden",
                Some(vec!["available", "forbidden"]),
            ),
            (r"abcdef|.", None),
            (r"[^a]", None),
            ("", None),
        ] {
            let found = needed(pattern);
            let found: Option<Vec<&str>> = found
                .as_ref()
                .map(|all| all.iter().map(String::as_str).collect());
            assert_eq!(found, want, "{pattern}");
        }
    }

    /// Texts that the literals rule out would not have matched.
    #[test]
    fn every_match_holds_one_of_them() {
        for (pattern, texts) in [
            (
                r"(?i)error code:?\s*100[678]\b|banned your IP address",
                vec!["ERROR CODE 1007", "has Banned Your ip Address x"],
            ),
            (
                r"(?:系统|网站)(?:正在|正)(?:维护|升级)|系统维护中",
                vec!["系统正在升级", "网站正维护", "系统维护中"],
            ),
            (r"(?s)<b>.*blocked.*</b>", vec!["<b>\nblocked\n</b>"]),
        ] {
            let regex = regex::Regex::new(pattern).unwrap();
            let literals = needed(pattern).unwrap();
            for text in texts {
                assert!(regex.is_match(text), "{text}");
                let lower = text.to_ascii_lowercase();
                let held = literals
                    .iter()
                    .any(|l| lower.contains(&l.to_ascii_lowercase()));
                assert!(held, "{pattern}: {text}: {literals:?}");
            }
        }
    }
}
