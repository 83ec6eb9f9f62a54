//! citations.csv: one row per place in a document that cites a link.

use crate::model::document::{CitationRow, LinkRow};
use crate::model::link::LinkId;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct CitationTable;

impl Tabular for CitationTable {
    const NAME: &'static str = "citations";
    type Row<'a> = (&'a CitationRow, &'a LinkRow);
    const COLUMNS: &'static [Column<Self>] = columns! {
        "citation_id" Text "the key" => |(c, _)| Cell::text(format!("C{}", c.id));
        "link_id" Text "the link" => |(_, l)| Cell::text(LinkId(l.id).to_string());
        "document_id" Text "the document" => |(c, _)| Cell::text(format!("D{}", c.document));
        "document" Text "its path or address" => |(c, _)| Cell::text(&c.path);
        "place" Text "where in the document" => |(c, _)| Cell::text(&c.place);
        "url_as_cited" Text "the link as it is written there" =>
            |(c, _)| Cell::text(&c.url_as_cited);
        "cited_on" Text "the day of citing: 2023, 2023-05 or 2023-05-08" =>
            |(c, _)| Cell::maybe(c.cited_on.as_deref(), Cell::text);
        "cited_on_from" Text "field, text, document or person" =>
            |(c, _)| Cell::maybe(c.cited_on_from.as_deref(), Cell::text);
        "title" Text "of the cited work, as cited" =>
            |(c, _)| Cell::maybe(c.title.as_deref(), Cell::text);
        "quote" Text "the quoted passage" => |(c, _)| Cell::maybe(c.quote.as_deref(), Cell::text);
        "ended_utc" Time "since when it is no longer in its document" =>
            |(c, _)| Cell::maybe(c.ended, Cell::Utc);
        "url" Text "of the link: the address that is fetched" => |(_, l)| Cell::text(&l.url);
        "state" Text "of the link" => |(_, l)| Cell::text(l.state.to_string());
        "code" Text "of the link: the verdict that decided" =>
            |(_, l)| Cell::maybe(l.code.as_deref(), Cell::text);
        "archive_url" Text "of the link: the chosen copy; empty for an own copy" =>
            |(_, l)| Cell::maybe(l.archive_url.as_deref(), Cell::text);
        "archive_time" Time "of the link: when that was captured" =>
            |(_, l)| Cell::maybe(l.archive_time, Cell::Utc);
        "suggestion" Text "of the link: what to cite instead" =>
            |(_, l)| Cell::maybe(l.suggestion(), Cell::text);
        "occurrences" Number "how often the link occurs at this place" =>
            |(c, _)| Cell::whole(c.occurrences);
    };
}
