//! copies.csv: one row per copy of a cited link.

use crate::model::copy::CopyRow;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct CopyTable;

impl Tabular for CopyTable {
    const NAME: &'static str = "copies";
    type Row<'a> = CopyRow;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "link_id" Text "the link" => |r| Cell::text(format!("L{}", r.link));
        "archive" Text "who keeps the copy" => |r| Cell::text(r.copy.archive.as_str());
        "url" Text "the address of the copy; of an own copy, the id of its WARC record" =>
            |r| Cell::text(r.copy.url.as_str());
        "time" Time "when the page was captured" => |r| Cell::maybe(r.copy.time, Cell::Utc);
        "judged" Text
            "good, far (good, more than a year from the day of citing), bad, or empty while it is \
             not judged" => |r| Cell::maybe(r.copy.judged, |judged| Cell::text(<&str>::from(judged)));
        "code" Text "the verdict code of the capture" =>
            |r| Cell::text(r.copy.code.as_deref().unwrap_or_default());
        "found_utc" Time "when this program found or made it" => |r| Cell::Utc(r.found);
        "kind" Text
            "own, found in an archive, saved at our request, or cited by the document itself" =>
            |r| Cell::text(<&str>::from(r.copy.kind));
        "job" Number "the job that saved it" => |r| Cell::maybe(r.copy.job, Cell::Whole);
        "used" YesNo "it is the copy that represents the link" => |r| Cell::Yes(r.is_used);
    };
}
