//! sources.csv: one row per source of the catalogue, watched or not.

use crate::model::{Level, Source, Time};
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};
use crate::track::state;
use crate::track::state::{PairState, SourceState, StateInput};

/// The table.
pub struct SourceTable;

/// A source and its state.
pub struct SourceRow<'a> {
    source: &'a Source,
    state: SourceState,
    /// Open incidents.
    open: usize,
    /// The time of the newest observation; `None` before the first one.
    as_of: Option<Time>,
}

impl Tabular for SourceTable {
    const NAME: &'static str = "sources";
    type Row<'a> = SourceRow<'a>;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "source_id" Text "the source" => |r| Cell::text(r.source.id.as_str());
        "name" Text "its name" => |r| Cell::text(&r.source.name);
        "name_zh" Text "its Chinese name" =>
            |r| Cell::maybe(r.source.name_zh.as_deref(), Cell::text);
        "name_ko" Text "its Korean name" =>
            |r| Cell::maybe(r.source.name_ko.as_deref(), Cell::text);
        "group" Text "the group that it is listed in" => |r| Cell::text(&r.source.group);
        "access" Text "who may normally read it: public, login, subscription" =>
            |r| Cell::text(r.source.access.as_str());
        "homepage" Text "its address" => |r| Cell::maybe(r.source.homepage.as_deref(), Cell::text);
        "state" Text "over its pairs: open, less, closed, unknown; empty where it is not watched" =>
            |r| Cell::maybe(r.state.state, |s| Cell::text(s.as_str()));
        "usual" YesNo
            "less or closed, and all its restricted pairs never were other for as long as they \
             are watched" =>
            |r| Cell::Yes(r.state.usual);
        "since_utc" Time "since when it has this state" =>
            |r| Cell::maybe(r.state.since, Cell::Utc);
        "as_of_utc" Time
            "when the newest thing was seen by this installation: now in every figure" =>
            |r| Cell::maybe(r.as_of, Cell::Utc);
        "open_incidents" Number "incidents that are going on" => |r| Cell::count(r.open);
        "probes" Number "that are switched on" => |r| Cell::count(r.state.probes);
        "probes_known" Number "of these, with a pair whose state is known" =>
            |r| Cell::count(r.state.probes_known);
        "last_verified_home_utc" Time "the newest round at baseline or better, by level" =>
            |r| r.verified(Level::Home);
        "last_verified_search_utc" Time "the same" => |r| r.verified(Level::Search);
        "last_verified_abstract_utc" Time "the same" => |r| r.verified(Level::Abstract);
        "last_verified_fulltext_utc" Time "the same" => |r| r.verified(Level::Fulltext);
        "last_verified_data_utc" Time "the same" => |r| r.verified(Level::Data);
        "last_verified_api_utc" Time "the same" => |r| r.verified(Level::Api);
        "watched" YesNo "whether anything of it is fetched" =>
            |r| Cell::Yes(r.state.why_not.is_none());
        "why_not" Text "disabled, no_probe, consent or robots, where it is not" =>
            |r| Cell::maybe(r.state.why_not, |w| Cell::text(w.as_str()));
        "note" Text "of its probe file" => |r| Cell::maybe(r.source.note.as_deref(), Cell::text);
        "reason" Text "as in status.csv, when all its pairs have the same one" =>
            |r| Cell::maybe(r.state.reason, |reason| Cell::text(reason.as_str()));
    };
}

impl<'a> SourceRow<'a> {
    /// The row of a source; `pairs` are those of every source.
    pub fn new(source: &'a Source, known: &StateInput<'_>, pairs: &[PairState<'_>]) -> Self {
        let own: Vec<&PairState<'_>> = pairs
            .iter()
            .filter(|p| p.probe.source == source.id)
            .collect();
        let incidents = known.tracker.incidents.values();
        let open = incidents.filter(|i| i.is_open() && i.source.as_ref() == Some(&source.id));
        Self {
            source,
            state: state::source(known, source, &own),
            open: open.count(),
            as_of: Some(known.as_of).filter(|at| *at != Time::default()),
        }
    }

    /// The row with another time of the newest observation than the time that states are of.
    #[must_use]
    pub fn seen_as_of(self, as_of: Option<Time>) -> Self {
        Self {
            as_of: as_of.filter(|at| *at != Time::default()),
            ..self
        }
    }

    fn verified(&self, level: Level) -> Cell<'_> {
        Cell::maybe(self.state.last_verified.get(&level).copied(), Cell::Utc)
    }
}
