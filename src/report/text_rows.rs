//! A table of plain text, for commands with `--format csv`.

use std::io::{self, Write};

use super::cell::Cell;
use super::column::{ColumnHead, ColumnKind};
use super::csv::CsvSink;
use super::sink::Sink;

/// Writes rows of text as CSV, guarded like every export.
pub fn write_text_rows(
    out: impl Write,
    columns: &[&'static str],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let head = |&name: &&'static str| ColumnHead {
        name,
        kind: ColumnKind::Text,
        about: "",
    };
    let mut sink = CsvSink::new(out)?;
    sink.begin(&columns.iter().map(head).collect::<Vec<_>>())?;
    for row in rows {
        let cells: Vec<Cell<'_>> = row.iter().map(|text| Cell::Text(text.into())).collect();
        sink.row(&cells)?;
    }
    sink.finish()
}
