//! links.csv: one row per link that documents cite.

use crate::model::document::LinkRow;
use crate::model::link::LinkId;
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct LinkTable;

impl Tabular for LinkTable {
    const NAME: &'static str = "links";
    type Row<'a> = (&'a LinkRow, &'a VantageAliases);
    const COLUMNS: &'static [Column<Self>] = columns! {
        "link_id" Text "the key" => |(l, _)| Cell::text(LinkId(l.id).to_string());
        "url" Text "the address that is fetched, as cited newest" => |(l, _)| Cell::text(&l.url);
        "identity" Text "the same for all addresses of one resource" =>
            |(l, _)| Cell::text(&l.identity);
        "state" Text
            "alive, moved, drifted, declines, unreachable, blocked, gone or unknown" =>
            |(l, _)| Cell::text(l.state.to_string());
        "code" Text "the verdict that decided" => |(l, _)| Cell::maybe(l.code.as_deref(), Cell::text);
        "since_utc" Time "since when it has this state" => |(l, _)| Cell::maybe(l.since, Cell::Utc);
        "last_ok_utc" Time "the newest check that was served" =>
            |(l, _)| Cell::maybe(l.last_ok, Cell::Utc);
        "last_checked_utc" Time "the newest check" =>
            |(l, _)| Cell::maybe(l.last_checked, Cell::Utc);
        "first_gone_utc" Time "the first check that found it gone, once that was confirmed" =>
            |(l, _)| Cell::maybe(l.first_gone, Cell::Utc);
        "vantages" List "vantage=code of the newest observation of each vantage" =>
            |(l, names)| Cell::List(vantages(l, names));
        "moved_to" Text "the new address of a moved link" =>
            |(l, _)| Cell::maybe(l.moved_to.as_deref(), Cell::text);
        "archive_url" Text "the chosen copy; empty for an own copy, which has no public address" =>
            |(l, _)| Cell::maybe(l.archive_url.as_deref(), Cell::text);
        "archive_time" Time "when that was captured" =>
            |(l, _)| Cell::maybe(l.archive_time, Cell::Utc);
        "archive_judged" Text "good, far or bad" =>
            |(l, _)| Cell::maybe(l.archive_judged.as_deref(), Cell::text);
        "citations" Number "places that cite it" => |(l, _)| Cell::whole(l.citations);
        "documents" Number "documents that cite it" => |(l, _)| Cell::whole(l.documents);
        "title" Text "of the page as last served" =>
            |(l, _)| Cell::maybe(l.title.as_deref(), Cell::text);
        "suggestion" Text "what to cite instead" =>
            |(l, _)| Cell::maybe(l.suggestion(), Cell::text);
        "remarks" List "what else is known of it" => |(l, _)| Cell::List(l.remarks.clone());
    };
}

/// `vantage=code` with the names that the export gives vantages.
fn vantages(link: &LinkRow, names: &VantageAliases) -> Vec<String> {
    let shown = |pair: &String| match pair.rsplit_once('=') {
        Some((vantage, code)) => format!("{}={code}", names.called(vantage)),
        None => pair.clone(),
    };
    link.vantages.iter().map(shown).collect()
}
