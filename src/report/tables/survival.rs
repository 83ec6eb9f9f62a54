//! survival.csv: one row per group of cited links.

use std::io;

use crate::model::link::LinkState;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};
use crate::report::error::ExportError;
use crate::report::survival::{SurvivalFigures, SurvivalRow};
use crate::store::Reader;

/// The table.
pub struct SurvivalTable;

impl Tabular for SurvivalTable {
    const NAME: &'static str = "survival";
    type Row<'a> = SurvivalRow;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "by" Text "all, document, host, or year of citing" => |r| Cell::text(<&str>::from(r.by));
        "group" Text "the id of the document, the host or the year; empty for all links" =>
            |r| Cell::text(&r.group);
        "links" Number "cited links, each once, without ignored ones" => |r| Cell::whole(r.links);
        "alive" Number "links in this state" => |r| links(r, LinkState::Alive);
        "moved" Number "links in this state" => |r| links(r, LinkState::Moved);
        "drifted" Number "links in this state" => |r| links(r, LinkState::Drifted);
        "declines" Number "links in this state" => |r| links(r, LinkState::Declines);
        "unreachable" Number "links in this state" => |r| links(r, LinkState::Unreachable);
        "blocked" Number "links in this state" => |r| links(r, LinkState::Blocked);
        "gone" Number "links in this state" => |r| links(r, LinkState::Gone);
        "unknown" Number "links in this state" => |r| links(r, LinkState::Unknown);
        "counted" Number "links in the estimates that follow" => |r| Cell::count(r.counted);
        "undated" Number "left out: the day of citing is not known" => |r| Cell::whole(r.undated);
        "already" Number "left out: gone before the first check" => |r| Cell::whole(r.already);
        "unseen" Number "left out: no check saw whether it was there" =>
            |r| Cell::whole(r.unseen);
        "observed_years" Number "the longest time since citing that was observed" =>
            |r| if r.counted == 0 { Cell::Empty } else { Cell::Number(r.observed, 2) };
        "not_gone_1y" Number
            "the share that is not gone a year after citing (Kaplan and Meier, late entry at the \
             first check); empty where nothing was observed so long" => |r| share(r, 0);
        "not_gone_1y_low" Number "the lower end of its 95 % confidence interval (Greenwood, log-log)" =>
            |r| low(r, 0);
        "not_gone_1y_high" Number "the upper end of its band" => |r| high(r, 0);
        "not_gone_3y" Number "the same after three years" => |r| share(r, 1);
        "not_gone_3y_low" Number "the lower end of its band" => |r| low(r, 1);
        "not_gone_3y_high" Number "the upper end of its band" => |r| high(r, 1);
        "not_gone_5y" Number "the same after five years" => |r| share(r, 2);
        "not_gone_5y_low" Number "the lower end of its band" => |r| low(r, 2);
        "not_gone_5y_high" Number "the upper end of its band" => |r| high(r, 2);
        "median_years" Number "when half are gone; empty while more than half are there" =>
            |r| Cell::maybe(r.median, |years| Cell::Number(years, 2));
        "lost_gone_1y" Number
            "the share that was lost within a year of citing, and first by being gone (Aalen and \
             Johansen)" => |r| number(r.gone[0]);
        "lost_gone_3y" Number "the same within three years" => |r| number(r.gone[1]);
        "lost_gone_5y" Number "the same within five years" => |r| number(r.gone[2]);
        "lost_drifted_1y" Number
            "the share that was lost within a year of citing, and first by saying something else" =>
            |r| number(r.drifted[0]);
        "lost_drifted_3y" Number "the same within three years" => |r| number(r.drifted[1]);
        "lost_drifted_5y" Number "the same within five years" => |r| number(r.drifted[2]);
    };
}

/// Passes the row of every group to `each`.
pub fn visit(
    reader: &Reader,
    each: &mut dyn FnMut(&[Cell<'_>]) -> io::Result<()>,
) -> Result<(), ExportError> {
    for row in SurvivalFigures::read(reader)?.rows(|_| true) {
        each(&SurvivalTable::cells(&row))?;
    }
    Ok(())
}

fn links(row: &SurvivalRow, state: LinkState) -> Cell<'_> {
    Cell::whole(row.states.get(&state).copied().unwrap_or(0))
}

fn number(share: Option<f64>) -> Cell<'static> {
    Cell::maybe(share, |share| Cell::Number(share, 4))
}

fn share(row: &SurvivalRow, at: usize) -> Cell<'_> {
    number(row.not_gone[at].map(|share| share.share))
}

fn low(row: &SurvivalRow, at: usize) -> Cell<'_> {
    number(
        row.not_gone[at]
            .and_then(|share| share.band)
            .map(|band| band.0),
    )
}

fn high(row: &SurvivalRow, at: usize) -> Cell<'_> {
    number(
        row.not_gone[at]
            .and_then(|share| share.band)
            .map(|band| band.1),
    )
}
