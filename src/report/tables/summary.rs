//! The sentence of an incident's `summary` column.

use crate::i18n::summary::{self, Names as Called};
use crate::model::{Incident, IncidentKind, Level};
use crate::report::anonymise::Names;

/// Neutral: what was seen of what, from when to when, from where. `of` is the probe as its readers know it, `next`
/// the level that it leads on to.
pub(super) fn sentence(
    incident: &Incident,
    of: &str,
    next: Option<Level>,
    names: &Names,
) -> String {
    let called = Called {
        called: &|v| names.of(v.as_str()),
        are_hidden: names.are_hidden(),
    };
    let course = summary::course(incident, next, &called);
    match incident.kind {
        IncidentKind::Probe => format!("{of}: {course}"),
        _ => course,
    }
}
