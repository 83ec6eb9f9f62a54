//! status.csv: a row for each (probe, vantage): where it stands.

use crate::judge::state::{Pair, Reason};
use crate::model::Status;
use crate::report::anonymise::Names;
use crate::report::cell::{Cell, Column, column};

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column("source_id", "text", "the source"),
    column("probe_id", "text", "the probe within the source"),
    column(
        "level",
        "text",
        "home, search, abstract, fulltext, data or api",
    ),
    column("vantage", "text", "from where"),
    column(
        "code",
        "text",
        "the verdict that stands; empty while nothing was settled",
    ),
    column(
        "state",
        "text",
        "what readers get: open, less, closed, or unknown",
    ),
    column(
        "usual",
        "yes/no",
        "not open, and never was other for as long as it is watched",
    ),
    column("since_utc", "time", "since when it has this code and state"),
    column("last_ok_utc", "time", "the newest check that was ok"),
    column("last_checked_utc", "time", "the newest round"),
    column("incident_id", "number", "the ongoing incident of the probe"),
    column(
        "reason",
        "text",
        "why the state is unknown: own_end, robots, back_off, never, late, blind, declined, insufficient, client, provisional; or person, where a person looked",
    ),
];

/// A row.
pub fn cells(pair: &Pair<'_>, names: &Names) -> Vec<Cell> {
    vec![
        Cell::text(pair.probe.source.as_str()),
        Cell::text(pair.probe.id.as_str()),
        Cell::text(pair.probe.level.as_str()),
        Cell::text(names.of(pair.vantage.as_str())),
        Cell::of(pair.status, |s| Cell::text(s.observed.code.as_str())),
        Cell::text(pair.state.as_str()),
        Cell::Yes(pair.usual),
        Cell::of(pair.since, Cell::Utc),
        Cell::of(pair.status.and_then(Status::last_ok), Cell::Utc),
        Cell::of(pair.last_checked, Cell::Utc),
        Cell::of(pair.incident, Cell::Whole),
        Cell::of(pair.reason, |r: Reason| Cell::text(r.as_str())),
    ]
}
