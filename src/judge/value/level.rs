//! Rows that mostly differed before, and are one and the same now.

use super::column::{ColumnSummary, MOSTLY};
use super::context::ValueContext;
use crate::model::Fact;
use crate::model::page::{Value, distinct_of};

/// So many of the last healthy answers are looked at, as far as there are any: in each the rows mostly differed.
const LAST: usize = 5;

/// That the rows, which mostly differed in the last healthy answers, are one and the same.
pub(super) fn levelled(
    name: &str,
    column: &ColumnSummary,
    beside: &ValueContext<'_>,
) -> Option<Fact> {
    let only = column.only.as_ref()?;
    let past = beside.past(&distinct_of(name));
    let mut last = past.iter().rev().take(LAST).peekable();
    last.peek()?;
    let differed = last.all(|past| matches!(past.value, Value::Distinct(share) if share >= MOSTLY));
    differed.then(|| Fact::ValueLevelled {
        value: name.to_owned(),
        rows: column.rows as u64,
        only: only.clone(),
    })
}
