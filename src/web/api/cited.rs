//! The tables of cited links, a part at a time: links, citations and documents by their numbers,
//! and copies by those of their links.

use std::io;

use super::answer::ApiFailure;
use super::filters::ApiFilters;
use super::query::{TableQuery, bad_cursor};
use super::rows::{RowWriter, export_request};
use super::table::ApiTable;
use crate::model::document::LinkFilter;
use crate::report::{self, Cell, CitationTable, CopyTable, DocumentTable, LinkTable, Tabular as _};
use crate::web::page::PageContext;
use crate::web::page::number;

/// A row as JSON, with its key.
type KeyedRow = (Vec<String>, Vec<u8>);

/// Takes the number and the cells of a row.
type CitedVisitor<'a> = &'a mut dyn FnMut(i64, &[Cell<'_>]) -> io::Result<()>;

/// No document has this number.
const NO_DOCUMENT: i64 = -1;

/// Rows with their keys; when there are more than fit, at least one more than fits.
pub fn page(
    context: &PageContext<'_>,
    table: ApiTable,
    query: &TableQuery,
) -> Result<Vec<KeyedRow>, ApiFailure> {
    let writer = RowWriter::new(table, context, &query.filters);
    let wanted = query.limit + 1;
    let mut after = match &query.after {
        Some(key) => first_number(key)? - i64::from(table == ApiTable::Copies),
        None => 0,
    };
    let mut rows = Vec::new();
    while rows.len() < wanted {
        let mut found = Vec::new();
        let next = visit(
            context,
            table,
            &query.filters,
            (after, wanted),
            &mut |_, cells| {
                let columns = table.key_columns().iter();
                let key: Vec<String> = columns
                    .map(|column| in_order(&writer.text(cells, column)))
                    .collect();
                let is_before = query.after.as_ref().is_some_and(|last| key <= *last);
                if !is_before && let Some(row) = writer.select(cells) {
                    found.push((key, writer.json(&row)?));
                }
                Ok(())
            },
        )?;
        // Copies of one link come by time.
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        rows.append(&mut found);
        match next {
            Some(last) => after = last,
            None => break,
        }
    }
    rows.truncate(wanted);
    Ok(rows)
}

/// Passes the rows after a number to `each`, at most about `most`; returns the number to go on
/// with, where there may be more.
pub fn visit(
    context: &PageContext<'_>,
    table: ApiTable,
    filters: &ApiFilters,
    (after, most): (i64, usize),
    each: CitedVisitor<'_>,
) -> Result<Option<i64>, ApiFailure> {
    let (reader, rows) = (context.reader, most as u64);
    let filter = link_filter(filters);
    let (mut count, mut last) = (0, None);
    match table {
        ApiTable::Links => {
            let request = export_request(context, table, filters.row_filter());
            let names = report::vantage_names(reader, &request)?;
            for link in reader.links_after(&filter, after, rows)? {
                each(link.id, &LinkTable::cells(&(&link, &names)))?;
                (count, last) = (count + 1, Some(link.id));
            }
        }
        ApiTable::Citations => {
            for (citation, link) in reader.citations_after(&filter, after, rows)? {
                each(citation.id, &CitationTable::cells(&(&citation, &link)))?;
                (count, last) = (count + 1, Some(citation.id));
            }
        }
        ApiTable::Copies => {
            for copy in reader.copies_after(after, rows)? {
                each(copy.link, &CopyTable::cells(&copy))?;
                count += usize::from(last != Some(copy.link));
                last = Some(copy.link);
            }
        }
        _ => {
            for document in reader.documents_after(after, rows)? {
                each(document.id, &DocumentTable::cells(&document))?;
                (count, last) = (count + 1, Some(document.id));
            }
        }
    }
    Ok(last.filter(|_| count >= most))
}

/// The filters as the store takes them.
fn link_filter(filters: &ApiFilters) -> LinkFilter {
    let document = filters.document.as_deref();
    let document = document.map(|id| number(id, 'D').unwrap_or(NO_DOCUMENT));
    LinkFilter {
        document,
        state: filters
            .state
            .as_deref()
            .and_then(|state| state.parse().ok()),
        host: filters.host.clone(),
    }
}

/// The number that a key begins with.
fn first_number(key: &[String]) -> Result<i64, ApiFailure> {
    let number = key.first().and_then(|first| first.parse::<i64>().ok());
    Ok(number.filter(|n| *n >= 0).ok_or_else(bad_cursor)?)
}

/// An id such as `L12`, padded so that texts sort like numbers; anything else is unchanged.
fn in_order(id: &str) -> String {
    let number = id.get(1..).and_then(|digits| digits.parse::<u64>().ok());
    number.map_or_else(|| id.to_owned(), |number| format!("{number:020}"))
}
