//! vantages.csv: one row per vantage: whether it works, and how much it could observe.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::tracker_state::{TrackerState, VantageStatus};
use crate::model::{Settings, Vantage, VantageId};
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct VantageTable;

/// A vantage that is configured or has measurements.
pub struct VantageRow<'a> {
    id: &'a VantageId,
    called: String,
    are_hidden: bool,
    vantage: Option<&'a Vantage>,
    status: Option<&'a VantageStatus>,
    coverage: Option<f64>,
}

impl Tabular for VantageTable {
    const NAME: &'static str = "vantages";
    type Row<'a> = VantageRow<'a>;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "vantage" Text "its id" => |r| Cell::text(&r.called);
        "name" Text "as configured; its id where it is not" => |r| Cell::text(r.name());
        "country" Text "ISO 3166, as its operator states it" =>
            |r| Cell::maybe(r.country(), Cell::text);
        "network" Text
            "campus, office, residential, datacentre or vpn, as its operator states it" =>
            |r| Cell::maybe(r.vantage.and_then(|v| v.network), |n| Cell::text(n.as_str()));
        "usable" YesNo "in its newest round; empty where it has no controls" =>
            |r| Cell::maybe(r.status, |s| Cell::Yes(s.usable));
        "code" Text "why it is not usable" =>
            |r| Cell::maybe(r.status.and_then(|s| s.code), |c| Cell::text(c.as_str()));
        "since_utc" Time "since when it is or is not" =>
            |r| Cell::maybe(r.status, |s| Cell::Utc(s.since));
        "last_checked_utc" Time "its newest round" =>
            |r| Cell::maybe(r.status, |s| Cell::Utc(s.last_checked));
        "controls_ok" Number "controls that passed in its newest round" =>
            |r| Cell::maybe(r.status, |s| Cell::whole(s.controls_passed));
        "controls" Number "of so many" => |r| Cell::maybe(r.status, |s| Cell::whole(s.controls));
        "coverage_pct_30d" Number
            "rounds that could see, of those due, over the 30 days before as_of (sources.csv)" =>
            |r| Cell::percent(r.coverage);
    };
}

impl VantageRow<'_> {
    fn name(&self) -> &str {
        let configured = self.vantage.filter(|_| !self.are_hidden);
        configured.map_or(self.called.as_str(), |v| v.name.as_str())
    }

    /// OONI's records have the country in the vantage's name, `ooni:<CC>:<ASN>`.
    fn country(&self) -> Option<&str> {
        let stated = || self.id.as_str().strip_prefix("ooni:")?.split(':').next();
        self.vantage.map(|v| v.country.as_str()).or_else(stated)
    }
}

/// The rows: configured vantages, and others whose records were ingested.
pub fn rows<'a>(
    tracker: &'a TrackerState,
    settings: &'a Settings,
    coverage: &'a BTreeMap<VantageId, f64>,
    names: &'a VantageAliases,
) -> impl Iterator<Item = VantageRow<'a>> + 'a {
    let configured = settings.vantages.iter().map(|v| &v.id);
    let ids: BTreeSet<&VantageId> = configured
        .chain(tracker.vantages.keys())
        .chain(coverage.keys())
        .collect();
    ids.into_iter().map(|id| VantageRow {
        id,
        called: names.called(id.as_str()),
        are_hidden: names.are_hidden(),
        vantage: settings.vantages.iter().find(|v| v.id == *id),
        status: tracker.vantages.get(id),
        coverage: coverage.get(id).copied(),
    })
}
