//! uptime.csv: a row for each probe, vantage and UTC day, from the roll-ups.

use crate::report::anonymise::Names;
use crate::report::cell::{Cell, Column, column};
use crate::store::UptimeRow;

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
        "day",
        "date",
        "in UTC; a round belongs to the day it began on",
    ),
    column(
        "checks",
        "number",
        "rounds that were made, or begun and stopped by our own end; each round counts once, in one of the next seven columns",
    ),
    column("ok", "number", "served as usual, or with a harmless change"),
    column(
        "limited",
        "number",
        "not seen: challenge, rate limit, maintenance, robots, back-off, our client's limits; lowers coverage, never availability",
    ),
    column("blocked", "number", "refused"),
    column("rot", "number", "gone or moved"),
    column(
        "stale",
        "number",
        "served, but old, shrunk, emptied or without values",
    ),
    column("failed", "number", "did not work, and nothing says why"),
    column(
        "vantage_offline",
        "number",
        "our own end did not work; outside of availability",
    ),
    column(
        "gaps",
        "number",
        "rounds that should have been and were not; outside of checks and availability",
    ),
    column(
        "availability_pct",
        "number",
        "100 * ok / (ok + blocked + rot + stale + failed); empty when none of these was seen",
    ),
    column(
        "coverage_pct",
        "number",
        "100 * (ok + blocked + rot + stale + failed) / (checks + gaps)",
    ),
    column(
        "p50_ms",
        "number",
        "median total time of the rounds in ok, nearest rank",
    ),
    column("p95_ms", "number", "95th percentile of the same"),
    column(
        "longest_outage_hours",
        "number",
        "longest time within the day from a round in blocked, rot, stale or failed to the next in ok; rounds that saw nothing do not end it; not ended yet: to its last such round",
    ),
    column(
        "withdrawn",
        "number",
        "how many of blocked were content.withdrawn; empty where it was not kept",
    ),
    column(
        "empty",
        "number",
        "how many of stale were content.empty; empty where it was not kept",
    ),
    column(
        "moved",
        "number",
        "how many of rot were content.moved; empty where it was not kept",
    ),
    column(
        "open",
        "number",
        "checks by state: readers get what they should, as far as the check shows; these four and vantage_offline add up to checks",
    ),
    column("less", "number", "checks by state: they get less"),
    column("closed", "number", "checks by state: they get nothing"),
    column(
        "unknown",
        "number",
        "checks by state: it cannot be told what they get",
    ),
];

/// A row.
pub fn cells(u: &UptimeRow, names: &Names) -> Vec<Cell> {
    let whole = |n: u32| Cell::Whole(n.into());
    let percent = |p: Option<f64>| Cell::of(p, |p| Cell::Number(p, 2));
    vec![
        Cell::text(u.probe.source.as_str()),
        Cell::text(u.probe.probe.as_str()),
        Cell::of(u.level.clone(), Cell::Text),
        Cell::Text(names.of(&u.vantage)),
        Cell::Day(u.day),
        whole(u.checks),
        whole(u.ok),
        whole(u.limited),
        whole(u.blocked),
        whole(u.rot),
        whole(u.stale),
        whole(u.failed),
        whole(u.vantage_offline),
        whole(u.gaps),
        percent(u.availability_pct()),
        percent(u.coverage_pct()),
        Cell::ms(u.p50_ms),
        Cell::ms(u.p95_ms),
        Cell::Number(u.longest_outage_hours, 2),
        Cell::of(u.withdrawn, whole),
        Cell::of(u.empty, whole),
        Cell::of(u.moved, whole),
        whole(u.open),
        whole(u.less),
        whole(u.closed),
        whole(u.unknown),
    ]
}
