//! Imports people's lists as probe files: each row becomes a `home` probe, and a list becomes one
//! file.
//!
//! * `detect` distinguishes citizenlab lists, tables, bare lists, OPML, bookmarks, sitemaps and the
//!   files of other monitors; `table`, `markup` and `monitors` read them
//! * `row` checks each row separately: a bad row is reported with its line, and the others are
//!   imported
//! * `ids` makes ids that depend only on the address, so that a newer list finds its pages again
//! * `plan` leaves out existing probes, and writes the file
//!
//! The content of such a file came from someone else: it is limited and cleaned here, and escaped
//! when it is written.

mod detect;
mod format;
mod ids;
mod limits;
mod markup;
mod monitors;
mod plan;
mod row;
mod table;

pub use format::ListFormat;
pub use ids::slug;
pub use limits::{MAX_BYTES, MAX_ROWS};
pub use plan::{ImportError, ImportPlan, ImportTarget, plan};
pub use row::{BadRow, ImportList, ImportRow};

use super::doc::problem;
use crate::text::charset;

/// Reads a list; without a given format, its content decides.
///
/// # Errors
/// A sentence that says why the list cannot be read, with the fix.
pub fn read(bytes: &[u8], format: Option<ListFormat>) -> Result<ImportList, ImportError> {
    let (text, _) = charset::decode(bytes, None, wide(bytes));
    let text = text.trim_start_matches('\u{feff}');
    let format = format
        .or_else(|| detect::found(text))
        .ok_or(ImportError::UnknownFormat)?;
    let mut list = ImportList::new(format);
    match format {
        ListFormat::Citizenlab | ListFormat::Csv => table::read(text, &mut list)?,
        ListFormat::Urls => table::read_lines(text, &mut list)?,
        ListFormat::Opml => markup::opml(text, &mut list)?,
        ListFormat::Bookmarks => markup::bookmarks(text, &mut list)?,
        ListFormat::Sitemap => markup::sitemap(text, &mut list)?,
        ListFormat::Urlwatch => monitors::urlwatch(text, &mut list)?,
        ListFormat::UptimeKuma => monitors::uptime_kuma(text, &mut list)?,
    }
    Ok(list)
}

/// UTF-16 without a byte order mark, as some spreadsheets write it: every other byte of Latin
/// letters is zero.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |first: usize| {
        head.iter()
            .skip(first)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let many = |zeros: usize, others: usize| zeros * 5 > head.len() && others * 10 < zeros;
    if many(odd, even) {
        Some("utf-16le")
    } else if many(even, odd) {
        Some("utf-16be")
    } else {
        None
    }
}
