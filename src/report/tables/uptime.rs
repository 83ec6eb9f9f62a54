//! uptime.csv: one row per probe, vantage and UTC day, from the roll-ups.

use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};
use crate::store::UptimeRow;

/// The table.
pub struct UptimeTable;

impl Tabular for UptimeTable {
    const NAME: &'static str = "uptime";
    type Row<'a> = (&'a UptimeRow, &'a VantageAliases);
    const COLUMNS: &'static [Column<Self>] = columns! {
        "source_id" Text "the source" => |(u, _)| Cell::text(u.probe.source.as_str());
        "probe_id" Text "the probe within the source" =>
            |(u, _)| Cell::text(u.probe.probe.as_str());
        "level" Text "home, search, abstract, fulltext, data or api" =>
            |(u, _)| Cell::maybe(u.level.as_deref(), Cell::text);
        "vantage" Text "from where" => |(u, names)| Cell::text(names.called(&u.vantage));
        "day" Date "in UTC; a round belongs to the day it began on" => |(u, _)| Cell::Day(u.day);
        "checks" Number
            "rounds that were made, or begun and stopped by our own end; each round counts once, \
             in one of the next seven columns" =>
            |(u, _)| Cell::whole(u.checks);
        "ok" Number "served as usual, or with a harmless change" => |(u, _)| Cell::whole(u.ok);
        "limited" Number
            "not seen: challenge, rate limit, maintenance, robots, back-off, our client's limits; \
             lowers coverage, never availability" =>
            |(u, _)| Cell::whole(u.limited);
        "blocked" Number "refused" => |(u, _)| Cell::whole(u.blocked);
        "rot" Number "gone or moved" => |(u, _)| Cell::whole(u.rot);
        "stale" Number "served, but old, shrunk, emptied or without values" =>
            |(u, _)| Cell::whole(u.stale);
        "failed" Number "did not work, and nothing says why" => |(u, _)| Cell::whole(u.failed);
        "vantage_offline" Number "our own end did not work; outside of availability" =>
            |(u, _)| Cell::whole(u.vantage_offline);
        "gaps" Number
            "rounds that should have been and were not; outside of checks and availability" =>
            |(u, _)| Cell::whole(u.gaps);
        "availability_pct" Number
            "100 * ok / (ok + blocked + rot + stale + failed); empty when none of these was seen" =>
            |(u, _)| Cell::percent(u.availability_pct());
        "coverage_pct" Number "100 * (ok + blocked + rot + stale + failed) / (checks + gaps)" =>
            |(u, _)| Cell::percent(u.coverage_pct());
        "p50_ms" Number "median total time of the rounds in ok, nearest rank" =>
            |(u, _)| Cell::ms(u.p50_ms);
        "p95_ms" Number "95th percentile of the same" => |(u, _)| Cell::ms(u.p95_ms);
        "longest_outage_hours" Number
            "longest time within the day from a round in blocked, rot, stale or failed to the \
             next in ok; rounds that saw nothing do not end it; not ended yet: to its last such \
             round" =>
            |(u, _)| Cell::Number(u.longest_outage_hours, 2);
        "withdrawn" Number
            "how many of blocked were content.withdrawn; empty where it was not kept" =>
            |(u, _)| Cell::maybe(u.withdrawn, Cell::whole);
        "empty" Number "how many of stale were content.empty; empty where it was not kept" =>
            |(u, _)| Cell::maybe(u.empty, Cell::whole);
        "moved" Number "how many of rot were content.moved; empty where it was not kept" =>
            |(u, _)| Cell::maybe(u.moved, Cell::whole);
        "open" Number
            "checks by state: readers get what they should, as far as the check shows; these four \
             and vantage_offline add up to checks" =>
            |(u, _)| Cell::whole(u.open);
        "less" Number "checks by state: they get less" => |(u, _)| Cell::whole(u.less);
        "closed" Number "checks by state: they get nothing" => |(u, _)| Cell::whole(u.closed);
        "unknown" Number "checks by state: what readers get is unknown" =>
            |(u, _)| Cell::whole(u.unknown);
    };
}
