//! A format as a sink of rows: one implementation a file.

use std::io;

use super::cell::Cell;
use super::column::ColumnHead;

/// Takes a table row by row.
pub trait Sink {
    /// The columns; once, before any row.
    fn begin(&mut self, columns: &[ColumnHead]) -> io::Result<()>;
    /// One row, with as many cells as there are columns.
    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()>;
    /// Everything was given.
    fn finish(&mut self) -> io::Result<()>;
}
