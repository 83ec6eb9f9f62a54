//! vantages.csv: a row for each vantage: whether it works, and how much it could see.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::book::Book;
use crate::model::vantage::NetworkClass;
use crate::model::{Settings, VantageId};
use crate::report::anonymise::Names;
use crate::report::cell::{Cell, Column, column};

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column("vantage", "text", "its id"),
    column("name", "text", "as configured; its id where it is not"),
    column("country", "text", "ISO 3166, as its operator states it"),
    column(
        "network",
        "text",
        "campus, office, residential, datacentre or vpn, as its operator states it",
    ),
    column(
        "usable",
        "yes/no",
        "in its newest round; empty where it has no controls",
    ),
    column("code", "text", "why it is not usable"),
    column("since_utc", "time", "since when it is or is not"),
    column("last_checked_utc", "time", "its newest round"),
    column(
        "controls_ok",
        "number",
        "controls that passed in its newest round",
    ),
    column("controls", "number", "of so many"),
    column(
        "coverage_pct_30d",
        "number",
        "rounds that could see, of those due, over the 30 days before as_of (sources.csv)",
    ),
];

/// The rows: vantages that are configured, and others whose records were taken in.
pub fn rows(
    book: &Book,
    settings: &Settings,
    coverage: &BTreeMap<VantageId, f64>,
    names: &Names,
) -> Vec<Vec<Cell>> {
    let configured = settings.vantages.iter().map(|v| &v.id);
    let ids: BTreeSet<&VantageId> = configured
        .chain(book.vantages.keys())
        .chain(coverage.keys())
        .collect();
    ids.into_iter()
        .map(|id| cells(id, book, settings, coverage, names))
        .collect()
}

fn cells(
    id: &VantageId,
    book: &Book,
    settings: &Settings,
    coverage: &BTreeMap<VantageId, f64>,
    names: &Names,
) -> Vec<Cell> {
    let vantage = settings.vantages.iter().find(|v| v.id == *id);
    let status = book.vantages.get(id);
    let called = names.of(id.as_str());
    let name = vantage
        .filter(|_| !names.are_hidden())
        .map_or_else(|| called.clone(), |v| v.name.clone());
    let stated = || id.as_str().strip_prefix("ooni:")?.split(':').next();
    vec![
        Cell::text(called.as_str()),
        Cell::text(name),
        Cell::of(
            vantage.map(|v| v.country.as_str()).or_else(stated),
            Cell::text,
        ),
        Cell::of(vantage.and_then(|v| v.network), |n: NetworkClass| {
            Cell::text(n.as_str())
        }),
        Cell::of(status, |s| Cell::Yes(s.usable)),
        Cell::of(status.and_then(|s| s.code), |c| Cell::text(c.as_str())),
        Cell::of(status.map(|s| s.since), Cell::Utc),
        Cell::of(status.map(|s| s.last_checked), Cell::Utc),
        Cell::of(status, |s| Cell::Whole(s.controls_passed.into())),
        Cell::of(status, |s| Cell::Whole(s.controls.into())),
        Cell::of(coverage.get(id).copied(), |p| Cell::Number(p, 2)),
    ]
}
