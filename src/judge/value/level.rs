//! Rows that mostly differed before, and are all equal now.

use super::column::{ColumnSummary, MOSTLY};
use super::context::ValueContext;
use crate::model::Fact;
use crate::model::page::{Value, distinct_of};

/// How many of the last healthy answers are compared, if available; in each the rows mostly
/// differed.
const LAST: usize = 5;

/// Whether the rows, which mostly differed in the last healthy answers, are all equal.
pub(super) fn levelled(
    name: &str,
    column: &ColumnSummary,
    context: &ValueContext<'_>,
) -> Option<Fact> {
    let (only, alike) = column.only.as_ref()?;
    let past = context.past(&distinct_of(name));
    let mut last = past.iter().rev().take(LAST).peekable();
    last.peek()?;
    let differed = last.all(|past| matches!(past.value, Value::Distinct(share) if share >= MOSTLY));
    differed.then(|| Fact::ValueLevelled {
        value: name.to_owned(),
        rows: *alike as u64,
        only: only.clone(),
    })
}
