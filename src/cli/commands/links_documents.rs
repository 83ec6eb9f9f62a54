//! `links status` without a filter: each document with its links by state, however many there are.

use std::io::{self, BufWriter, Write};

use crate::cli::args::OutputFormat;
use crate::cli::exit::CliError;
use crate::cli::out::OutputTable;
use crate::model::document::DocumentRow;
use crate::report::{Cell, CsvSink, DocumentTable, Sink as _, Tabular as _, write_json_row};
use crate::store::Store;
use crate::text::clean;

const NONE_YET: &str = "no documents yet: `accesswatch links import FILE` keeps the links of one";
/// More documents than this are laid out for programs that search and page, not for a terminal: a
/// line each, and long cells are not wrapped.
const LAID_OUT: usize = 1_000;
/// A column of text that is longer is not padded any more.
const PADDED: usize = 60;

pub(super) fn print_documents(store: &Store, format: Option<OutputFormat>) -> Result<(), CliError> {
    match format.unwrap_or(OutputFormat::Table) {
        OutputFormat::Table => table(store),
        OutputFormat::Csv => {
            let mut sink = CsvSink::new(stdout()).map_err(written)?;
            sink.begin(&DocumentTable::heading().columns)
                .map_err(written)?;
            each(store, |cells| sink.row(cells))?;
            sink.finish().map_err(written)
        }
        OutputFormat::Json => {
            let names: Vec<&'static str> = DocumentTable::COLUMNS.iter().map(|c| c.name).collect();
            let mut out = stdout();
            let mut before = "[\n";
            each(store, |cells| {
                out.write_all(before.as_bytes())?;
                before = ",\n";
                write_json_row(&mut out, &names, cells)
            })?;
            let end = if before == "[\n" { "[]\n" } else { "\n]\n" };
            out.write_all(end.as_bytes())
                .and_then(|()| out.flush())
                .map_err(written)
        }
    }
}

fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

fn written(error: io::Error) -> CliError {
    CliError::io("writing to standard output")(error)
}

/// Passes the cells of every document to `put`, by path.
fn each(store: &Store, mut put: impl FnMut(&[Cell<'_>]) -> io::Result<()>) -> Result<(), CliError> {
    let mut end = Ok(());
    store.reader()?.visit_documents(|document| {
        end = put(&DocumentTable::cells(&document));
        end.is_ok()
    })?;
    end.map_err(written)
}

fn table(store: &Store) -> Result<(), CliError> {
    let documents = store.reader()?.documents()?;
    if documents.len() > LAID_OUT {
        return lines(&documents);
    }
    let columns: Vec<&'static str> = DocumentTable::COLUMNS.iter().map(|c| c.name).collect();
    let mut table = OutputTable::new(&columns);
    for document in &documents {
        let cells = DocumentTable::cells(document);
        table.push(cells.iter().map(text).collect());
    }
    table.print(None, NONE_YET)
}

fn text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.clone().into_owned(),
        Cell::Whole(n) => n.to_string(),
        Cell::Yes(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        // The table of documents has no other cells.
        _ => String::new(),
    }
}

/// A line for each document.
fn lines(documents: &[DocumentRow]) -> Result<(), CliError> {
    let mut widths: Vec<usize> = DocumentTable::COLUMNS
        .iter()
        .map(|column| column.name.len())
        .collect();
    let rows: Vec<Vec<Cell<'_>>> = documents.iter().map(DocumentTable::cells).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(length(cell).min(PADDED));
        }
    }
    let mut out = stdout();
    let mut line = String::new();
    for (width, column) in widths.iter().zip(DocumentTable::COLUMNS) {
        let name = column.name.replace('_', " ").to_uppercase();
        line.push_str(&name);
        pad(&mut line, *width, name.len());
    }
    put_line(&mut out, &mut line)?;
    for row in &rows {
        for (width, cell) in widths.iter().zip(row) {
            let before = line.len();
            match cell {
                Cell::Text(text) => line.push_str(&clean::line(text, 400)),
                Cell::Whole(n) => push_number(&mut line, *n),
                Cell::Yes(yes) => line.push_str(if *yes { "yes" } else { "no" }),
                _ => {}
            }
            let length = line.len() - before;
            pad(&mut line, *width, length);
        }
        put_line(&mut out, &mut line)?;
    }
    out.flush().map_err(written)
}

/// About how many columns of a terminal a cell needs.
fn length(cell: &Cell<'_>) -> usize {
    match cell {
        Cell::Text(text) => text.len(),
        Cell::Whole(n) => n.checked_ilog10().map_or(1, |digits| digits as usize + 1),
        Cell::Yes(_) => 3,
        _ => 0,
    }
}

/// Fills a cell that is `length` long, and parts it from the next one.
fn pad(line: &mut String, width: usize, length: usize) {
    const SPACES: &str = "                                                                ";
    let spaces = width.saturating_sub(length) + 2;
    line.push_str(&SPACES[..spaces.min(SPACES.len())]);
}

/// Counts are short, and most of them are 0: this is faster than the formatter.
fn push_number(line: &mut String, n: i64) {
    match u8::try_from(n) {
        Ok(digit @ 0..=9) => line.push(char::from(b'0' + digit)),
        _ => line.push_str(&n.to_string()),
    }
}

fn put_line(out: &mut impl Write, line: &mut String) -> Result<(), CliError> {
    line.truncate(line.trim_end().len());
    line.push('\n');
    out.write_all(line.as_bytes()).map_err(written)?;
    line.clear();
    Ok(())
}
