//! Columns of a table that are gone, while its rows are there.

use std::collections::BTreeMap;

use super::rule_input::RuleInput;
use super::rule_match::{RuleMatch, evidence};
use super::value::extract::Extraction;
use crate::model::Fact;
use crate::model::page::Value;
use crate::model::probe::{ValueFrom, ValueKind, ValueSpec};

/// What follows the selector of the rows in the selector of a column.
const CELL: &str = " > td:nth-child(";
/// How a regular expression that reads lines begins.
const LINE: &str = "(?m)^";
/// A single column may be the site's own revision.
const FEWEST: usize = 2;

/// At least half of the columns of the rows that the probe counts are gone.
pub(super) fn gone(case: &RuleInput<'_>) -> RuleMatch {
    let specs = &case.probe?.values;
    let mut tables: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for spec in specs {
        if let Some(rows) = rows_of_column(spec) {
            let taken = case.reading.taken.get(&spec.name);
            let is_gone = matches!(taken, Some(Extraction::Missing { .. }));
            let (gone, all) = tables.entry(rows).or_default();
            *gone += usize::from(is_gone);
            *all += 1;
        }
    }
    let lost = |(gone, all): (usize, usize)| gone >= FEWEST && 2 * gone >= all;
    let (counted, (gone, all)) = specs.iter().find_map(|spec| {
        let table = tables.iter().find(|(rows, _)| counts(spec, rows))?;
        (lost(*table.1) && stands(case, spec)).then_some((spec, *table.1))
    })?;
    let fact = Fact::ColumnsGone {
        value: counted.name.clone(),
        gone: gone as u64,
        all: all as u64,
    };
    Some(vec![evidence(fact, "requests[0].response.body")])
}

/// The rows whose column a value is: their selector, or the beginning of the regular expression
/// that reads a line, up to the number of its column.
fn rows_of_column(spec: &ValueSpec) -> Option<&str> {
    match &spec.from {
        ValueFrom::Select(css) => css.split_once(CELL).map(|(rows, _)| rows),
        ValueFrom::Text if spec.kind == ValueKind::NullShare => {
            let (rows, _) = spec.regex.as_deref()?.rsplit_once("){")?;
            rows.starts_with(LINE).then_some(rows)
        }
        _ => None,
    }
}

/// Whether a value counts these rows.
fn counts(spec: &ValueSpec, rows: &str) -> bool {
    let is_count = spec.kind == ValueKind::Count;
    is_count
        && match &spec.from {
            ValueFrom::Select(css) => css == rows,
            ValueFrom::Text => rows.starts_with(LINE) && spec.regex.is_some(),
            _ => false,
        }
}

/// Whether the counted rows are there.
fn stands(case: &RuleInput<'_>, spec: &ValueSpec) -> bool {
    let taken = case.reading.taken.get(&spec.name);
    let rows = matches!(taken, Some(Extraction::Value(Value::Count(rows))) if *rows > 0);
    rows && !case.faults.iter().any(|f| f.name == spec.name)
}
