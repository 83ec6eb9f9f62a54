//! Which of several losses of a list is its verdict: rows that are there and lost their links,
//! their files, their columns or themselves.

use super::replaced;
use super::rule_input::RuleInput;
use super::rule_match::RuleMatch;
use super::value::check::LimitViolation;
use super::value::extract::Extraction;
use super::withdrawn;
use crate::model::page::Value;
use crate::model::probe::{ValueFrom, ValueKind, ValueSpec};
use crate::model::{Code, Fact};

/// With at most this share of the rows that the probe expects, the columns of the rest say nothing.
const RESTS: f64 = 0.25;

/// The markers of the next level are gone together with the files or links of the rows.
pub(super) fn with_the_level(case: &RuleInput<'_>) -> RuleMatch {
    let is_not_found =
        |fault: &LimitViolation| matches!(fault.evidence.fact, Fact::ValueNotFound { .. });
    let goes_along = |fault: &LimitViolation| {
        matches!(fault.code, Code::ContentShrunk | Code::ContentNulls)
            || withdrawn::goes_with_the_way(case, fault)
            || is_not_found(fault) && is_of_cells(case, fault)
            || fault.code == Code::ContentWithdrawn
            || fault.code == Code::ContentEmpty && is_of_links(case, fault)
    };
    let is_more = !case.faults.iter().all(is_not_found);
    let rows_stand = stands(case);
    if !is_more || !rows_stand || !case.faults.iter().all(goes_along) {
        return None;
    }
    let mut found = withdrawn::without_level(case)?;
    if replaced::is_replaced(case) {
        return None;
    }
    found.extend(case.faults.iter().map(|fault| fault.evidence.clone()));
    Some(found)
}

/// Values are gone, and this is the loss: neither are the rows themselves gone, nor only the files
/// that they led to, nor are all of them others.
pub(super) fn nulls(case: &RuleInput<'_>) -> RuleMatch {
    let found = case.fault(Code::ContentNulls)?;
    let is_column = |spec: &&ValueSpec| spec.kind == ValueKind::NullShare;
    let columns = case.probe?.values.iter().filter(is_column).count();
    let without_files = found.len() < columns && case.fault(Code::ContentWithdrawn).is_some();
    let others = 2 * found.len() < columns && other_rows(case).is_some();
    (!without_files && !others && !are_rests(case)).then_some(found)
}

/// The rows are all others than before. Of the links in rows that are counted too, only the rows
/// say so: a row may have a date, and be newer than all that was known.
pub(super) fn other_rows(case: &RuleInput<'_>) -> RuleMatch {
    let found = case.fault(Code::ContentReplaced)?;
    let specs = case.probe.map_or(&[][..], |probe| &probe.values);
    let counts_rows = specs.iter().any(|spec| {
        spec.kind == ValueKind::Count && selector(spec).is_some_and(|css| !is_link(css))
    });
    let mut of_rows = case.faults.iter();
    let is_of_rows = of_rows.any(|f| f.code == Code::ContentReplaced && !is_of_links(case, f));
    let are_others = (!counts_rows || is_of_rows) && !replaced::rows_are_reworded(case);
    are_others.then_some(found)
}

/// So few of the expected rows are there that their values say nothing of a column.
#[allow(clippy::cast_precision_loss)] // counts of rows stay far below 2^53
fn are_rests(case: &RuleInput<'_>) -> bool {
    case.faults.iter().any(|fault| match fault.evidence.fact {
        Fact::ValueRows { rows, least, .. } => {
            fault.code == Code::ContentShrunk && rows as f64 <= least * RESTS
        }
        _ => false,
    })
}

/// Some of the rows' links are counted as zero, and the rows are there: they lead nowhere.
pub(super) fn only_links_are_gone(case: &RuleInput<'_>) -> bool {
    let codes = [Code::ContentWithdrawn, Code::ContentNulls];
    let is_said = codes.iter().any(|code| case.fault(*code).is_some());
    let mut empty = case
        .faults
        .iter()
        .filter(|fault| fault.code == Code::ContentEmpty);
    is_said && stands(case) && empty.all(|fault| is_of_links(case, fault))
}

/// Only links are fewer, and the rows that they stood in say what is lost.
pub(super) fn only_links_are_fewer(case: &RuleInput<'_>) -> bool {
    let withdrawn = case.fault(Code::ContentWithdrawn).is_some();
    let mut fewer = case
        .faults
        .iter()
        .filter(|fault| fault.code == Code::ContentShrunk);
    withdrawn && stands(case) && fewer.all(|fault| is_of_links(case, fault))
}

/// Whether the rows that the probe counts are there, where it counts any.
fn stands(case: &RuleInput<'_>) -> bool {
    let counts = |spec: &&ValueSpec| {
        spec.kind == ValueKind::Count && selector(spec).is_some_and(|css| !is_link(css))
    };
    let has_rows = |spec: &ValueSpec| {
        let taken = case.reading.taken.get(&spec.name);
        matches!(taken, Some(Extraction::Value(Value::Count(rows))) if *rows > 0)
    };
    let specs = case.probe.map_or(&[][..], |probe| &probe.values);
    specs.iter().filter(counts).all(has_rows)
}

/// The value is taken from links.
fn is_of_links(case: &RuleInput<'_>, fault: &LimitViolation) -> bool {
    let specs = case.probe.map_or(&[][..], |probe| &probe.values);
    let spec = specs.iter().find(|spec| spec.name == fault.name);
    spec.and_then(selector).is_some_and(is_link)
}

/// The value is a column of the rows.
fn is_of_cells(case: &RuleInput<'_>, fault: &LimitViolation) -> bool {
    let mut specs = case.probe.iter().flat_map(|probe| &probe.values);
    specs.any(|spec| spec.name == fault.name && spec.kind == ValueKind::NullShare)
}

fn selector(spec: &ValueSpec) -> Option<&str> {
    match &spec.from {
        ValueFrom::Select(css) => Some(css),
        _ => None,
    }
}

/// Whether a selector ends in an element `a`.
fn is_link(css: &str) -> bool {
    let last = css.rsplit([' ', '>']).next().unwrap_or_default();
    last == "a" || last.starts_with(['a']) && last[1..].starts_with(['[', '.', ':', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_links() {
        for css in ["li a", ".x > a[href]", "a.pdf", "td a:last-child", "div>a"] {
            assert!(is_link(css), "{css}");
        }
        for css in ["li", "abbr", "a b", ".a", "article.x"] {
            assert!(!is_link(css), "{css}");
        }
    }
}
