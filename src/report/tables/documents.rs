//! documents.csv: one row per imported document.

use crate::model::document::DocumentRow;
use crate::model::link::LinkState;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct DocumentTable;

impl Tabular for DocumentTable {
    const NAME: &'static str = "documents";
    type Row<'a> = DocumentRow;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "document_id" Text "the key" => |d| Cell::text(format!("D{}", d.id));
        "title" Text "as stated, else its own" => |d| Cell::maybe(d.title.as_deref(), Cell::text);
        "path" Text "the path of the file, or the address of the page" => |d| Cell::text(&d.path);
        "group" Text "as stated" => |d| Cell::maybe(d.group.as_deref(), Cell::text);
        "date" Text "2023, 2023-05 or 2023-05-08" => |d| Cell::maybe(d.date.as_deref(), Cell::text);
        "watched" YesNo "changes of its links are mailed at once" => |d| Cell::Yes(d.is_watched);
        "citations" Number "places in it that cite links, without ended ones" =>
            |d| Cell::whole(d.citations);
        "links" Number "links that it cites, each once" => |d| Cell::whole(d.links);
        "alive" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Alive));
        "moved" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Moved));
        "drifted" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Drifted));
        "declines" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Declines));
        "unreachable" Number "links in this state" =>
            |d| Cell::whole(links(d, LinkState::Unreachable));
        "blocked" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Blocked));
        "gone" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Gone));
        "unknown" Number "links in this state" => |d| Cell::whole(links(d, LinkState::Unknown));
    };
}

fn links(document: &DocumentRow, wanted: LinkState) -> u32 {
    let found = document.states.iter().find(|(state, _)| *state == wanted);
    found.map_or(0, |(_, count)| *count)
}
