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
/// The longest cell; the rest is cut.
const CELL: usize = 400;

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
        end = put(&DocumentTable::cells(document));
        end.is_ok()
    })?;
    end.map_err(written)
}

fn table(store: &Store) -> Result<(), CliError> {
    let mut list = DocumentList::default();
    let mut end = Ok(());
    store.reader()?.visit_documents(|document| {
        end = list.add(document);
        end.is_ok()
    })?;
    end.map_err(written)?;
    list.finish()
}

/// The documents as a table: laid out as a whole, or, when they are many, line by line as they are
/// read, in columns as wide as those of the first ones.
#[derive(Default)]
struct DocumentList {
    first: Vec<DocumentRow>,
    lines: Option<DocumentLines>,
}

impl DocumentList {
    fn add(&mut self, document: &DocumentRow) -> io::Result<()> {
        if let Some(lines) = &mut self.lines {
            return lines.put(document);
        }
        self.first.push(document.clone());
        if self.first.len() > LAID_OUT {
            let mut lines = DocumentLines::begin(&self.first)?;
            for document in self.first.drain(..) {
                lines.put(&document)?;
            }
            self.lines = Some(lines);
        }
        Ok(())
    }

    fn finish(self) -> Result<(), CliError> {
        if let Some(mut lines) = self.lines {
            return lines.out.flush().map_err(written);
        }
        let columns: Vec<&'static str> = DocumentTable::COLUMNS.iter().map(|c| c.name).collect();
        let mut table = OutputTable::new(&columns);
        for document in &self.first {
            let cells = DocumentTable::cells(document);
            table.push(cells.iter().map(text).collect());
        }
        table.print(None, NONE_YET)
    }
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
struct DocumentLines {
    widths: Vec<usize>,
    line: String,
    out: BufWriter<io::StdoutLock<'static>>,
}

impl DocumentLines {
    /// Prints the head.
    fn begin(documents: &[DocumentRow]) -> io::Result<Self> {
        let names = DocumentTable::COLUMNS.iter().map(|column| column.name);
        let mut widths: Vec<usize> = names.clone().map(str::len).collect();
        for document in documents {
            for (width, cell) in widths.iter_mut().zip(DocumentTable::cells(document)) {
                *width = (*width).max(length(&cell).min(PADDED));
            }
        }
        let mut lines = Self {
            widths,
            line: String::new(),
            out: stdout(),
        };
        for (at, name) in names.enumerate() {
            lines.line.push_str(&name.replace('_', " ").to_uppercase());
            pad(&mut lines.line, lines.widths[at], name.len());
        }
        lines.end()?;
        Ok(lines)
    }

    fn put(&mut self, document: &DocumentRow) -> io::Result<()> {
        let cells = DocumentTable::cells(document);
        for (width, cell) in self.widths.iter().zip(&cells) {
            let before = self.line.len();
            match cell {
                Cell::Text(text) => push_text(&mut self.line, text),
                Cell::Whole(n) => push_number(&mut self.line, *n),
                Cell::Yes(yes) => self.line.push_str(if *yes { "yes" } else { "no" }),
                _ => {}
            }
            let length = self.line.len() - before;
            pad(&mut self.line, *width, length);
        }
        self.end()
    }

    fn end(&mut self) -> io::Result<()> {
        self.line.truncate(self.line.trim_end().len());
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }
}

/// Text that is hostile until it is cleaned; most is plain.
fn push_text(line: &mut String, text: &str) {
    let is_plain = text.len() <= CELL && text.bytes().all(|b| b.is_ascii_graphic());
    if is_plain {
        line.push_str(text);
    } else {
        line.push_str(&clean::line(text, CELL));
    }
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
