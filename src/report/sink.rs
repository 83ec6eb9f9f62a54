//! A format as a sink of rows: one implementation per file.

use std::io;

use super::cell::Cell;
use super::column::ColumnHead;

/// Receives a table row by row.
pub trait Sink {
    /// The columns; called once, before any row.
    fn begin(&mut self, columns: &[ColumnHead]) -> io::Result<()>;
    /// One row, with as many cells as there are columns.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;
    /// Called after the last row.
    fn finish(&mut self) -> io::Result<()>;
}
