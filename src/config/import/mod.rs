//! Lists that people have become probe files: each row a `home` probe, all of them in one file of their own.
//!
//! * `format` tells citizenlab lists, tables, bare lists, OPML and bookmarks apart; `table` and `markup` read them
//! * `row` checks each row by itself: a bad one is told by its line, the others are taken
//! * `ids` gives names that depend on the address alone, so that a newer list finds its pages again
//! * `plan` leaves out what is there already, and writes the file
//!
//! Whatever such a file holds came from someone else: it is bounded here, cleaned, and escaped where it is written.

mod format;
mod ids;
mod markup;
mod plan;
mod row;
mod table;

pub use format::ListFormat;
pub use ids::slug;
pub use plan::{ImportError, Plan, Target, plan};
pub use row::{BadRow, List, Row};

use super::doc::wrong;
use crate::text::charset;

/// Bytes of a list; the largest known ones have a tenth of this.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Rows of a list.
pub const MAX_ROWS: usize = 100_000;

/// Reads a list; its format is found by what it holds, unless it is given.
///
/// # Errors
/// The sentence that says why nothing can be read of it, with the mend.
pub fn read(bytes: &[u8], format: Option<ListFormat>) -> Result<List, ImportError> {
    let (text, _) = charset::decode(bytes, None, None);
    let text = text.trim_start_matches('\u{feff}');
    let format = format
        .or_else(|| format::found(text))
        .ok_or(ImportError::UnknownFormat)?;
    let mut list = List::new(format);
    match format {
        ListFormat::Citizenlab | ListFormat::Csv => table::read(text, &mut list)?,
        ListFormat::Urls => table::read_lines(text, &mut list)?,
        ListFormat::Opml => markup::opml(text, &mut list)?,
        ListFormat::Bookmarks => markup::bookmarks(text, &mut list)?,
    }
    Ok(list)
}
