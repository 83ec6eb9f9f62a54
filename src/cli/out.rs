//! How records are printed: as a table for people, as CSV and JSON for programs.

use std::io::{IsTerminal, Write};

use super::args::OutputFormat;
use super::exit::CliError;
use super::{long_work, table};
use crate::report;

/// A table of text cells with named columns.
pub struct OutputTable {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
}

impl OutputTable {
    /// An empty table.
    #[must_use]
    pub fn new(columns: &[&'static str]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; `cells` are in the order of the columns.
    pub fn push(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Prints to standard output. `empty` is printed on standard error when there are no rows.
    pub fn print(&self, format: Option<OutputFormat>, empty: &str) -> Result<(), CliError> {
        self.print_or(format, empty, || self.table())
    }

    /// Like [`OutputTable::print`], with another table for people: programs get every column.
    pub fn print_or(
        &self,
        format: Option<OutputFormat>,
        empty: &str,
        table: impl FnOnce() -> String,
    ) -> Result<(), CliError> {
        let text = match format.unwrap_or(OutputFormat::Table) {
            OutputFormat::Table if self.rows.is_empty() => {
                say!("{empty}");
                return Ok(());
            }
            OutputFormat::Table => table(),
            OutputFormat::Json => self.json()?,
            OutputFormat::Csv => self.csv()?,
        };
        put(&text)
    }

    fn table(&self) -> String {
        table::wrapped(&self.columns, &self.rows, table::terminal_width())
    }

    fn json(&self) -> Result<String, CliError> {
        let rows: Vec<serde_json::Map<String, serde_json::Value>> = self
            .rows
            .iter()
            .map(|row| {
                self.columns
                    .iter()
                    .zip(row)
                    .map(|(column, cell)| ((*column).to_owned(), cell.clone().into()))
                    .collect()
            })
            .collect();
        serde_json::to_string_pretty(&rows)
            .map(|text| text + "\n")
            .map_err(|e| CliError::Work(e.to_string()))
    }

    fn csv(&self) -> Result<String, CliError> {
        let mut out = Vec::new();
        report::write_text_rows(&mut out, &self.columns, &self.rows)
            .map_err(CliError::io("writing the table"))?;
        String::from_utf8(out).map_err(|e| CliError::Work(e.to_string()))
    }
}

/// Writes text to standard output. A closed output is an error that the caller does not print.
pub fn put(text: &str) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(CliError::io("writing to standard output"))
}

/// A line on standard error; see `say!`.
pub fn say(text: std::fmt::Arguments<'_>) {
    long_work::above_the_bar(|| {
        // A closed output (`2>&1 | head`) must not end the work half way.
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    });
}

/// Whether to draw progress, which is only for people.
#[must_use]
pub fn on_terminal() -> bool {
    std::io::stderr().is_terminal()
}
