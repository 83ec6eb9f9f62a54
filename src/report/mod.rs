//! L3: tables for reports: CSV, XLSX, JSON lines, the data dictionary.
//!
//! A table is a list of columns (`tables`), and each [`Column`] has its name, its meaning and the way from a
//! stored row to a cell; a format is a sink of cells, one a file. [`export()`] brings the two together. The
//! data dictionary is made of the same columns.

mod anonymise;
mod cell;
mod column;
mod csv;
mod error;
mod export;
mod guard;
mod jsonl;
mod sink;
mod tables;
mod text_rows;
mod xlsx;

pub use anonymise::Names;
pub use cell::Cell;
pub use column::{Column, ColumnHead, ColumnKind, TableHead, Tabular};
pub use error::ExportError;
pub use export::{Format, Request, Table, Written, export, export_dictionary};
pub use sink::Sink;
pub use tables::dictionary::headings;
pub use text_rows::write_text_rows;
