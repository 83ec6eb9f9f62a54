//! status.csv: one row per (probe, vantage): its current status.

use crate::model::Status;
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};
use crate::track::state::PairState;

/// The table.
pub struct StatusTable;

impl Tabular for StatusTable {
    const NAME: &'static str = "status";
    type Row<'a> = (&'a PairState<'a>, &'a VantageAliases);
    const COLUMNS: &'static [Column<Self>] = columns! {
        "source_id" Text "the source" => |(p, _)| Cell::text(p.probe.source.as_str());
        "probe_id" Text "the probe within the source" => |(p, _)| Cell::text(p.probe.id.as_str());
        "level" Text "home, search, abstract, fulltext, data or api" =>
            |(p, _)| Cell::text(p.probe.level.as_str());
        "vantage" Text "from where" => |(p, names)| Cell::text(names.called(p.vantage.as_str()));
        "code" Text "the current verdict; empty while nothing is settled" =>
            |(p, _)| Cell::maybe(p.status, |s| Cell::text(s.observed.code.as_str()));
        "state" Text "what readers get: open, less, closed, or unknown" =>
            |(p, _)| Cell::text(p.state.as_str());
        "usual" YesNo "not open, and never was other for as long as it is watched" =>
            |(p, _)| Cell::Yes(p.usual);
        "since_utc" Time "since when it has this code and state" =>
            |(p, _)| Cell::maybe(p.since, Cell::Utc);
        "last_ok_utc" Time "the newest check that was ok" =>
            |(p, _)| Cell::maybe(p.status.and_then(Status::last_ok), Cell::Utc);
        "last_checked_utc" Time "the newest round" =>
            |(p, _)| Cell::maybe(p.last_checked, Cell::Utc);
        "incident_id" Number "the ongoing incident of the probe" =>
            |(p, _)| Cell::maybe(p.incident, Cell::Whole);
        "reason" Text
            "why the state is unknown: own_end, robots, back_off, never, late, blind, declined, \
             insufficient, client, provisional; or person, where a person looked" =>
            |(p, _)| Cell::maybe(p.reason, |r| Cell::text(r.as_str()));
    };
}
