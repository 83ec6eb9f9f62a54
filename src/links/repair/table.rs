//! CSV and TSV: the copy has the columns `archive_url` and `archive_date` at the end.

use std::ops::Range;

use csv::StringRecord;

use super::draft::{LinkRepair, RepairDraft, RepairProposal};
use super::literal::occurrences;
use super::source_text::{SourceText, TextEdit};
use crate::links::read::ReadError;
use crate::links::read::citing::citations_of_block;
use crate::links::read::text_formats::table::{Columns, row_blocks};
use crate::model::repair::{CitableCopy, LeftReason};

const ADDRESS: &str = "archive_url";
const DAY: &str = "archive_date";

/// A row as written.
#[derive(Debug)]
struct TableRow {
    /// Each with its quotes.
    fields: Vec<Range<usize>>,
    /// Without the end of the line.
    end: usize,
    cells: StringRecord,
}

pub(super) fn repair(
    source: &SourceText<'_>,
    delimiter: u8,
    draft: &mut RepairDraft<'_>,
) -> Result<(), ReadError> {
    let text = source.text();
    let rows = rows(text, delimiter)?;
    let header = rows.first().and_then(|row| Columns::of_header(&row.cells));
    let has_header = header.is_some();
    let columns = header.unwrap_or_default();
    let mut table = TableRepair {
        source,
        delimiter: char::from(delimiter),
        width: rows.first().map_or(0, |row| row.fields.len()),
        place: CopyColumns::Appended,
        has_header,
    };
    if has_header && let Some(first) = rows.first() {
        table.place = CopyColumns::in_header(&first.cells);
    }
    let mut archived = Vec::new();
    for (number, row) in rows.iter().enumerate().skip(usize::from(has_header)) {
        let mut citations = Vec::new();
        for block in row_blocks(&row.cells, number, &columns)? {
            let found = citations_of_block(&block, None);
            citations.extend(found.into_iter().map(|c| c.citation));
        }
        let begin = row.fields.first().map_or(row.end, |field| field.start);
        let mut copies = Vec::new();
        for proposal in draft.proposals(&citations, &text[begin..row.end]) {
            match &proposal.change {
                LinkRepair::Move(new) => {
                    let edits = table.moved(row, &proposal.citation.url, new);
                    draft.change(&proposal, source, &edits);
                }
                LinkRepair::Archive(copy) => copies.push((proposal.clone(), copy.clone())),
            }
        }
        archived.push((row, copies));
    }
    table.archive(&rows, archived, draft);
    Ok(())
}

/// Where the columns of copies stand.
#[derive(Debug, Clone, Copy)]
enum CopyColumns {
    /// Behind the last column.
    Appended,
    /// The columns are there: the address and the day.
    Columns(usize, usize),
}

impl CopyColumns {
    fn in_header(header: &StringRecord) -> Self {
        let find = |name: &str| header.iter().position(|cell| cell.trim() == name);
        match (find(ADDRESS), find(DAY)) {
            (Some(address), Some(day)) => Self::Columns(address, day),
            _ => Self::Appended,
        }
    }
}

struct TableRepair<'a> {
    source: &'a SourceText<'a>,
    delimiter: char,
    width: usize,
    place: CopyColumns,
    has_header: bool,
}

type RowCopies = Vec<(RepairProposal, CitableCopy)>;

impl TableRepair<'_> {
    fn moved(&self, row: &TableRow, old: &str, new: &str) -> Vec<TextEdit> {
        let text = self.source.text();
        let mut edits = Vec::new();
        for (field, cell) in row.fields.iter().zip(&row.cells) {
            if cell.trim() == old {
                edits.push(TextEdit {
                    range: field.clone(),
                    text: self.cell(new),
                });
            } else {
                for range in occurrences(text, field.clone(), old) {
                    edits.push(TextEdit {
                        range,
                        text: new.replace('"', "%22"),
                    });
                }
            }
        }
        edits
    }

    fn archive(
        &self,
        rows: &[TableRow],
        archived: Vec<(&TableRow, RowCopies)>,
        draft: &mut RepairDraft<'_>,
    ) {
        let mut is_any = false;
        for (row, copies) in archived {
            let is_whole = row.fields.len() <= self.width;
            let edits = if copies.is_empty() || !is_whole {
                None
            } else {
                self.row_edits(row, &copies)
            };
            let can_hold = |edit: &TextEdit| self.source.can_hold(&edit.text);
            let edits = edits.filter(|edits| edits.iter().all(can_hold));
            for (proposal, _) in &copies {
                match &edits {
                    Some(_) => draft.mark_changed(proposal),
                    None => draft.list(proposal, LeftReason::Unsafe),
                }
            }
            is_any |= edits.is_some();
            match (edits, self.place) {
                (Some(edits), _) => edits.into_iter().for_each(|edit| {
                    draft.add_edit(edit);
                }),
                // Every row of the table gets the new columns, once one of them needs them.
                (None, CopyColumns::Appended) if is_whole => self.empty_cells(row, draft),
                (None, _) => {}
            }
        }
        if !matches!(self.place, CopyColumns::Appended) {
            return;
        }
        if !is_any {
            draft.drop_columns();
        } else if self.has_header
            && let Some(header) = rows.first()
        {
            let names = format!("{0}{ADDRESS}{0}{DAY}", self.delimiter);
            draft.add_edit(insertion(header.end, names));
        }
    }

    /// The cells of a row that has no copy.
    fn empty_cells(&self, row: &TableRow, draft: &mut RepairDraft<'_>) {
        let missing = self.width - row.fields.len() + 2;
        let cells = self.delimiter.to_string().repeat(missing);
        draft.add_column_edit(insertion(row.end, cells));
    }

    /// The copies of a row in their columns.
    fn row_edits(&self, row: &TableRow, copies: &RowCopies) -> Option<Vec<TextEdit>> {
        let joined = |part: fn(&CitableCopy) -> String| {
            let parts: Vec<String> = copies.iter().map(|(_, copy)| part(copy)).collect();
            self.cell(&parts.join(" | "))
        };
        let address = joined(|copy| copy.url.clone());
        let day = joined(|copy| copy.day.to_string());
        let delimiter = self.delimiter;
        match self.place {
            CopyColumns::Appended => {
                let missing = self.width - row.fields.len();
                let lead = delimiter.to_string().repeat(missing);
                let cells = format!("{lead}{delimiter}{address}{delimiter}{day}");
                Some(vec![insertion(row.end, cells)])
            }
            CopyColumns::Columns(for_address, for_day) => {
                let mut edits = Vec::new();
                for (column, text) in [(for_address, address), (for_day, day)] {
                    let field = row.fields.get(column)?;
                    let is_empty = row.cells.get(column).is_some_and(|c| c.trim().is_empty());
                    if !is_empty {
                        return None;
                    }
                    edits.push(TextEdit {
                        range: field.clone(),
                        text,
                    });
                }
                Some(edits)
            }
        }
    }

    /// A cell, in quotes where it needs them.
    fn cell(&self, text: &str) -> String {
        let needs_quotes = text.contains([self.delimiter, '"', '\n', '\r']);
        if needs_quotes {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    }
}

fn insertion(at: usize, text: String) -> TextEdit {
    TextEdit {
        range: at..at,
        text,
    }
}

/// The rows as the reader of tables sees them, with the places of their fields.
fn rows(text: &str, delimiter: u8) -> Result<Vec<TableRow>, ReadError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut scanned = scan(text, delimiter).into_iter();
    let mut rows = Vec::new();
    for cells in reader.records() {
        let cells = cells.map_err(|why| ReadError::damaged("CSV", why))?;
        let fields = scanned.next().filter(|fields| fields.len() == cells.len());
        let fields = fields.ok_or_else(|| ReadError::damaged("CSV", "its quotes do not close"))?;
        rows.push(TableRow {
            end: fields.last().map_or(0, |field| field.end),
            fields,
            cells,
        });
    }
    Ok(rows)
}

/// The fields of each row. Quotes count where a field begins with one; empty lines are not rows.
fn scan(text: &str, delimiter: u8) -> Vec<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut rows = Vec::new();
    let mut fields = Vec::new();
    let (mut at, mut begin) = (0, 0);
    let (mut is_quoted, mut is_start) = (false, true);
    while let Some(&byte) = bytes.get(at) {
        if is_quoted {
            if byte == b'"' {
                if bytes.get(at + 1) == Some(&b'"') {
                    at += 1;
                } else {
                    is_quoted = false;
                }
            }
        } else if byte == b'"' && is_start {
            is_quoted = true;
        } else if byte == delimiter {
            fields.push(begin..at);
            begin = at + 1;
            is_start = true;
            at += 1;
            continue;
        } else if matches!(byte, b'\n' | b'\r') {
            if begin < at || !fields.is_empty() {
                fields.push(begin..at);
                rows.push(std::mem::take(&mut fields));
            }
            begin = at + 1;
            is_start = true;
            at += 1;
            continue;
        }
        is_start = false;
        at += 1;
    }
    if begin < at || !fields.is_empty() {
        fields.push(begin..at);
        rows.push(fields);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn fields_are_scanned_as_they_are_read(text in "[ab\",;\r\n]{0,40}") {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let read: Vec<Vec<String>> = reader
                .records()
                .map(|row| row.unwrap().iter().map(str::to_owned).collect())
                .collect();
            let scanned: Vec<Vec<String>> = scan(&text, b',')
                .into_iter()
                .map(|fields| fields.into_iter().map(|f| unquoted(&text[f])).collect())
                .collect();
            proptest::prop_assert_eq!(scanned, read);
        }
    }

    /// A field as the `csv` crate reads it.
    fn unquoted(field: &str) -> String {
        let Some(rest) = field.strip_prefix('"') else {
            return field.to_owned();
        };
        let (mut out, mut is_open) = (String::new(), true);
        let mut chars = rest.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' if is_open && chars.peek() == Some(&'"') => {
                    chars.next();
                    out.push('"');
                }
                '"' if is_open => is_open = false,
                c => out.push(c),
            }
        }
        out
    }
}
