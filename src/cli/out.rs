//! How rows are printed: as a table for people, as CSV or JSON for programs.

use std::io::{IsTerminal, Write};

use super::args::OutputFormat;
use super::exit::CliError;
use super::{shown_bar, table};
use crate::report;

/// What the text of a cell becomes in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonKind {
    Text,
    Number,
    YesNo,
    /// Several values, separated by ` | `; an empty cell is an empty list.
    List,
}

/// A table of text cells with named columns.
pub struct OutputTable {
    pub columns: Vec<&'static str>,
    pub rows: Vec<Vec<String>>,
    /// The types of the columns in JSON. With types, an empty cell is null (or an empty list);
    /// without types, every cell is a text.
    kinds: Option<Vec<JsonKind>>,
}

impl OutputTable {
    /// An empty table.
    #[must_use]
    pub fn new(columns: &[&'static str]) -> Self {
        Self {
            columns: columns.to_vec(),
            rows: Vec::new(),
            kinds: None,
        }
    }

    /// An empty table whose JSON has types.
    #[must_use]
    pub fn typed(columns: &[(&'static str, JsonKind)]) -> Self {
        Self {
            columns: columns.iter().map(|(name, _)| *name).collect(),
            rows: Vec::new(),
            kinds: Some(columns.iter().map(|(_, kind)| *kind).collect()),
        }
    }

    /// Adds a row; `cells` are in the order of the columns.
    pub fn push(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// Prints to standard output. A table without rows is not printed to people: they get `empty`
    /// on standard error.
    pub fn print(&self, format: Option<OutputFormat>, empty: &str) -> Result<(), CliError> {
        self.print_or(format, empty, || self.table())
    }

    /// Like [`OutputTable::print`], but people get the text of `table`; programs get every column.
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
                let cells = self.columns.iter().zip(row).enumerate();
                cells
                    .map(|(at, (column, cell))| ((*column).to_owned(), self.value(at, cell)))
                    .collect()
            })
            .collect();
        serde_json::to_string_pretty(&rows)
            .map(|text| text + "\n")
            .map_err(|e| CliError::Work(e.to_string()))
    }

    fn value(&self, column: usize, cell: &str) -> serde_json::Value {
        let kinds = self.kinds.as_ref();
        let Some(kind) = kinds.and_then(|kinds| kinds.get(column)) else {
            return cell.into();
        };
        match kind {
            JsonKind::List => cell
                .split(" | ")
                .filter(|one| !one.is_empty())
                .collect::<Vec<_>>()
                .into(),
            _ if cell.is_empty() => serde_json::Value::Null,
            JsonKind::Number => cell
                .parse::<i64>()
                .map_or_else(|_| cell.into(), serde_json::Value::from),
            JsonKind::YesNo => (cell == "yes").into(),
            JsonKind::Text => cell.into(),
        }
    }

    fn csv(&self) -> Result<String, CliError> {
        let mut out = Vec::new();
        report::write_text_rows(&mut out, &self.columns, &self.rows)
            .map_err(CliError::io("writing the table"))?;
        String::from_utf8(out).map_err(|e| CliError::Work(e.to_string()))
    }
}

/// Writes text to standard output. If the output is closed, the error goes to the caller, who ends
/// without a message.
pub fn put(text: &str) -> Result<(), CliError> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(CliError::io("writing to standard output"))
}

/// A line on standard error; see `say!`.
pub fn say(text: std::fmt::Arguments<'_>) {
    shown_bar::above_the_bar(|| {
        // A closed output (`2>&1 | head`) must not stop the work halfway.
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    });
}

/// Whether to draw progress, which is only for people.
#[must_use]
pub fn on_terminal() -> bool {
    std::io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_types_of_their_columns_in_json() {
        let mut table = OutputTable::typed(&[
            ("id", JsonKind::Text),
            ("links", JsonKind::Number),
            ("used", JsonKind::YesNo),
            ("remarks", JsonKind::List),
        ]);
        table.push(["L1", "12", "yes", "a | b"].map(str::to_owned).to_vec());
        table.push(["", "", "", ""].map(str::to_owned).to_vec());
        let json: serde_json::Value = serde_json::from_str(&table.json().unwrap()).unwrap();
        let want = serde_json::json!([
            {"id": "L1", "links": 12, "used": true, "remarks": ["a", "b"]},
            {"id": null, "links": null, "used": null, "remarks": []},
        ]);
        assert_eq!(json, want);
    }
}
