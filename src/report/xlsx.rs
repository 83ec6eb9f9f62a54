//! XLSX: text is text (never a formula), times and numbers are typed; rows go one at a time through
//! a temporary file, so that memory does not grow with the table.

use std::io::{self, Write};

use chrono::NaiveTime;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use super::cell::{Cell, rounded};
use super::column::{ColumnHead, ColumnKind};
use super::guard;
use super::sink::Sink;
use crate::model::Time;
use crate::model::time::{BEIJING, from_micros, iso};

/// How many rows one sheet has, including the header; further rows go to another sheet.
const SHEET_ROWS: u32 = 1_048_576;

/// Writes a workbook.
pub struct XlsxSink<W: Write + Send> {
    out: W,
    name: &'static str,
    tracker: Workbook,
    columns: Vec<ColumnHead>,
    /// The first sheet of the table, and the newest.
    first_sheet: usize,
    sheet: usize,
    next_row: u32,
    sheet_rows: u32,
    formats: Formats,
}

struct Formats {
    head: Format,
    prose: Format,
    time: Format,
    day: Format,
    decimals: [Format; 5],
}

impl<W: Write + Send> XlsxSink<W> {
    /// Writes to `out`; sheets are called `name`. Nothing is written before the end.
    ///
    /// The workbook states the creation time `made`, or none when it is unknown: equal rows give
    /// equal bytes.
    pub fn new(out: W, name: &'static str, made: Option<Time>) -> Self {
        let mut tracker = Workbook::new();
        let made = ExcelDateTime::from_timestamp(made.unwrap_or_default().timestamp());
        if let Ok(made) = made {
            tracker.set_properties(&DocProperties::new().set_creation_datetime(&made));
        }
        Self {
            out,
            name,
            tracker,
            columns: Vec::new(),
            first_sheet: 0,
            sheet: 0,
            next_row: 0,
            sheet_rows: SHEET_ROWS,
            formats: Formats {
                head: Format::new().set_bold(),
                prose: Format::new().set_text_wrap().set_align(FormatAlign::Top),
                time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
                day: Format::new().set_num_format("yyyy-mm-dd"),
                decimals: ["0", "0.0", "0.00", "0.000", "0.0000"]
                    .map(|f| Format::new().set_num_format(f)),
            },
        }
    }

    /// Begins another table of the same workbook, on sheets that are called `name`.
    pub fn begin_table(&mut self, name: &'static str, columns: &[ColumnHead]) -> io::Result<()> {
        if !self.columns.is_empty() {
            self.filter().map_err(plain_error)?;
            self.sheet += 1;
        }
        self.name = name;
        self.first_sheet = self.sheet;
        self.columns = columns.to_vec();
        self.begin_sheet().map_err(plain_error)
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let number = self.sheet - self.first_sheet + 1;
        let sheet = self.tracker.add_worksheet_with_constant_memory()?;
        let name = match number {
            1 => self.name.to_owned(),
            n => format!("{} {n}", self.name),
        };
        sheet.set_name(name)?;
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.set_column_width(at, width(column))?;
        }
        // The header, and the first column, which identifies the row.
        sheet.set_freeze_panes(1, 1)?;
        for (at, column) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, at, column.name, &self.formats.head)?;
        }
        self.next_row = 1;
        Ok(())
    }

    fn write_row(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        if self.next_row >= self.sheet_rows {
            self.sheet += 1;
            self.begin_sheet()?;
        }
        let row = self.next_row;
        let sheet = self.tracker.worksheet_from_index(self.sheet)?;
        for (at, cell) in (0_u16..).zip(cells) {
            let prose = self.columns.get(usize::from(at)).is_some_and(is_prose);
            match cell {
                Cell::Text(text) if prose => {
                    let text = guard::plain(text);
                    sheet.write_string_with_format(row, at, text, &self.formats.prose)?;
                }
                _ => write_cell(sheet, row, at, cell, &self.formats)?,
            }
        }
        self.next_row += 1;
        Ok(())
    }

    /// A filter over each sheet, with its arrows in the header.
    fn filter(&mut self) -> Result<(), XlsxError> {
        let Some(last) = self.columns.len().checked_sub(1) else {
            return Ok(());
        };
        let last = u16::try_from(last).unwrap_or(u16::MAX);
        for number in self.first_sheet..=self.sheet {
            let rows = if number == self.sheet {
                self.next_row
            } else {
                self.sheet_rows
            };
            let sheet = self.tracker.worksheet_from_index(number)?;
            sheet.autofilter(0, 0, rows.saturating_sub(1), last)?;
        }
        Ok(())
    }
}

/// Whether a column holds sentences, which are wrapped in a wide column.
fn is_prose(column: &ColumnHead) -> bool {
    matches!(column.name, "summary" | "finding_text" | "note" | "meaning")
}

impl<W: Write + Send> Sink for XlsxSink<W> {
    fn begin(&mut self, columns: &[ColumnHead]) -> io::Result<()> {
        self.begin_table(self.name, columns)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        self.write_row(cells).map_err(plain_error)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.filter().map_err(plain_error)?;
        let mut out = Patient {
            out: &mut self.out,
            failed: None,
        };
        let saved = self.tracker.save_to_writer(&mut out).map_err(plain_error);
        out.failed.map_or(saved, Err)?;
        self.out.flush()
    }
}

/// Accepts everything, even after a failed write, and reports the error at the end: the zip writer
/// would print its own message about a closed pipe.
struct Patient<W> {
    out: W,
    failed: Option<io::Error>,
}

impl<W: Write> Write for Patient<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.failed.is_none() {
            self.failed = self.out.write_all(bytes).err();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.failed.is_none() {
            self.failed = self.out.flush().err();
        }
        Ok(())
    }
}

fn width(column: &ColumnHead) -> f64 {
    match column.kind {
        _ if is_prose(column) => 70.0,
        ColumnKind::Time => 19.0,
        ColumnKind::Date => 11.0,
        ColumnKind::Number => 10.0,
        _ => 18.0,
    }
}

#[allow(clippy::cast_precision_loss)] // ids and counts stay far below 2^53
fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    at: u16,
    cell: &Cell<'_>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Number(x, _) if !x.is_finite() => return Ok(()),
        Cell::Text(text) => sheet.write_string(row, at, guard::plain(text))?,
        Cell::List(items) => sheet.write_string(row, at, guard::plain(&items.join(" | ")))?,
        Cell::Whole(n) => sheet.write_number(row, at, *n as f64)?,
        Cell::Yes(yes) => sheet.write_boolean(row, at, *yes)?,
        Cell::Number(x, decimals) => {
            let format = &formats.decimals[usize::from(*decimals).min(4)];
            sheet.write_number_with_format(row, at, rounded(*x, *decimals), format)?
        }
        Cell::Utc(t) => write_time(sheet, row, at, t.timestamp(), formats)?,
        Cell::Beijing(t) => write_time(sheet, row, at, beijing_seconds(*t), formats)?,
        Cell::Day(day) => {
            let seconds = day.and_time(NaiveTime::MIN).and_utc().timestamp();
            match ExcelDateTime::from_timestamp(seconds) {
                Ok(date) => sheet.write_datetime_with_format(row, at, date, &formats.day)?,
                Err(_) => sheet.write_string(row, at, day.to_string())?,
            }
        }
    };
    Ok(())
}

fn write_time<'a>(
    sheet: &'a mut Worksheet,
    row: u32,
    at: u16,
    seconds: i64,
    formats: &Formats,
) -> Result<&'a mut Worksheet, XlsxError> {
    match ExcelDateTime::from_timestamp(seconds) {
        Ok(time) => sheet.write_datetime_with_format(row, at, time, &formats.time),
        // Spreadsheets have no years before 1900 or after 9999; a record from elsewhere can state
        // them.
        Err(_) => sheet.write_string(row, at, iso(from_micros(seconds.saturating_mul(1_000_000)))),
    }
}

/// A spreadsheet has no time zones: the wall clock as if it were UTC.
fn beijing_seconds(t: Time) -> i64 {
    t.with_timezone(&BEIJING)
        .naive_local()
        .and_utc()
        .timestamp()
}

/// The system's error inside, so that a closed pipe is recognised.
fn plain_error(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        XlsxError::ZipError(error) => io::Error::from(error),
        other => io::Error::other(other.to_string()),
    }
}
