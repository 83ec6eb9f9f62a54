//! sources.csv: a row for each source of the catalogue, watched or not.

use crate::judge::state::{self, Known, Pair, Reason, WhyNot};
use crate::model::state::State;
use crate::model::{Level, Source, Time};
use crate::report::cell::{Cell, Column, column};

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column("source_id", "text", "the source"),
    column("name", "text", "its name"),
    column("name_zh", "text", "its Chinese name"),
    column("name_ko", "text", "its Korean name"),
    column("group", "text", "the group that it is listed in"),
    column(
        "access",
        "text",
        "who may normally read it: public, login, subscription",
    ),
    column("homepage", "text", "its address"),
    column(
        "state",
        "text",
        "over its pairs: open, less, closed, unknown; empty where it is not watched",
    ),
    column(
        "usual",
        "yes/no",
        "less or closed, and all its restricted pairs never were other for as long as they are watched",
    ),
    column("since_utc", "time", "since when it has this state"),
    column(
        "as_of_utc",
        "time",
        "when the newest thing was seen by this installation: now in every figure",
    ),
    column("open_incidents", "number", "incidents that are going on"),
    column("probes", "number", "that are switched on"),
    column(
        "probes_known",
        "number",
        "of these, with a pair whose state is known",
    ),
    column(
        "last_verified_home_utc",
        "time",
        "the newest round at baseline or better, by level",
    ),
    column("last_verified_search_utc", "time", "the same"),
    column("last_verified_abstract_utc", "time", "the same"),
    column("last_verified_fulltext_utc", "time", "the same"),
    column("last_verified_data_utc", "time", "the same"),
    column("last_verified_api_utc", "time", "the same"),
    column("watched", "yes/no", "whether anything of it is fetched"),
    column(
        "why_not",
        "text",
        "disabled, no_probe, consent or robots, where it is not",
    ),
    column("note", "text", "of its probe file"),
    column(
        "reason",
        "text",
        "as in status.csv, when all its pairs have the same one",
    ),
];

/// The levels, in the order of their columns.
const LEVELS: [Level; 6] = [
    Level::Home,
    Level::Search,
    Level::Abstract,
    Level::Fulltext,
    Level::Data,
    Level::Api,
];

/// When the newest thing was seen; nothing while nothing was.
fn seen_anything(known: &Known<'_>) -> Option<Time> {
    Some(known.as_of).filter(|at| *at != Time::default())
}

/// A row.
pub fn cells(source: &Source, known: &Known<'_>, pairs: &[Pair<'_>]) -> Vec<Cell> {
    let own: Vec<&Pair<'_>> = pairs
        .iter()
        .filter(|p| p.probe.source == source.id)
        .collect();
    let state = state::source(known, source, &own);
    let incidents = known.book.incidents.values();
    let open = incidents.filter(|i| i.is_open() && i.source.as_ref() == Some(&source.id));
    let whole = |n: usize| Cell::Whole(i64::try_from(n).unwrap_or(i64::MAX));
    let text = |t: &Option<String>| Cell::of(t.as_deref(), Cell::text);
    let mut cells = vec![
        Cell::text(source.id.as_str()),
        Cell::text(source.name.as_str()),
        text(&source.name_zh),
        text(&source.name_ko),
        Cell::text(source.group.as_str()),
        Cell::text(source.access.as_str()),
        text(&source.homepage),
        Cell::of(state.state, |s: State| Cell::text(s.as_str())),
        Cell::Yes(state.usual),
        Cell::of(state.since, Cell::Utc),
        Cell::of(seen_anything(known), Cell::Utc),
        whole(open.count()),
        whole(state.probes),
        whole(state.probes_known),
    ];
    let verified = |level| state.last_verified.get(level).copied();
    cells.extend(LEVELS.iter().map(|l| Cell::of(verified(l), Cell::Utc)));
    cells.extend([
        Cell::Yes(state.why_not.is_none()),
        Cell::of(state.why_not, |w: WhyNot| Cell::text(w.as_str())),
        text(&source.note),
        Cell::of(state.reason, |r: Reason| Cell::text(r.as_str())),
    ]);
    cells
}
