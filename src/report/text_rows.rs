//! A table of plain text, as commands print it with `--format csv`.

use std::io::{self, Write};

use super::cell::{Cell, Column, column};
use super::csv::CsvSink;
use super::sink::Sink;

/// Writes rows of text as CSV, guarded like every export.
pub fn write_text_rows(
    out: impl Write,
    columns: &[&'static str],
    rows: &[Vec<String>],
) -> io::Result<()> {
    let columns: Vec<Column> = columns
        .iter()
        .map(|&name| column(name, "text", ""))
        .collect();
    let mut sink = CsvSink::new(out)?;
    sink.begin(&columns)?;
    for row in rows {
        let cells: Vec<Cell> = row.iter().map(|text| Cell::Text(text.clone())).collect();
        sink.row(&cells)?;
    }
    sink.finish()
}
