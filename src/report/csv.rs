//! CSV: UTF-8 with a byte order mark (for Chinese in spreadsheets), RFC 4180 with CRLF, text
//! guarded against formulas.

use std::borrow::Cow;
use std::io::{self, Write};

use super::cell::{Cell, rounded};
use super::column::ColumnHead;
use super::guard;
use super::sink::Sink;
use crate::model::time::{iso, iso_beijing};

/// Writes CSV.
pub struct CsvSink<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> CsvSink<W> {
    /// Writes to `out`; the byte order mark is written at once.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all("\u{feff}".as_bytes())?;
        Ok(Self::without_mark(out))
    }

    /// Writes to `out` what stands after the mark, for further parts of a table.
    pub fn without_mark(out: W) -> Self {
        let writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        Self { writer }
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn begin(&mut self, columns: &[ColumnHead]) -> io::Result<()> {
        let names = columns.iter().map(|c| c.name);
        self.writer.write_record(names).map_err(plain_error)
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        for cell in cells {
            self.writer
                .write_field(text(cell).as_bytes())
                .map_err(plain_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(plain_error)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn text<'c>(cell: &'c Cell<'_>) -> Cow<'c, str> {
    Cow::Owned(match cell {
        Cell::Empty => return Cow::Borrowed(""),
        Cell::Yes(yes) => return Cow::Borrowed(if *yes { "yes" } else { "no" }),
        Cell::Text(text) => return guard::guarded(text),
        Cell::List(items) => guard::guarded(&items.join(" | ")).into_owned(),
        Cell::Whole(n) => n.to_string(),
        Cell::Number(x, decimals) => {
            format!("{:.*}", usize::from(*decimals), rounded(*x, *decimals))
        }
        Cell::Utc(t) => iso(*t),
        Cell::Beijing(t) => iso_beijing(*t),
        Cell::Day(day) => day.to_string(),
    })
}

/// The system's error inside, so that a closed pipe is recognised.
fn plain_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::column::ColumnKind;
    use proptest::prelude::*;

    fn written(rows: &[Vec<Cell<'_>>]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sink = CsvSink::new(&mut out).unwrap();
        let names = ["a", "b", "c"];
        let width = rows.first().map_or(1, Vec::len);
        let columns: Vec<ColumnHead> = names[..width]
            .iter()
            .map(|&name| ColumnHead {
                name,
                kind: ColumnKind::Text,
                about: "",
            })
            .collect();
        sink.begin(&columns).unwrap();
        for row in rows {
            sink.row(row).unwrap();
        }
        sink.finish().unwrap();
        drop(sink);
        out
    }

    #[test]
    fn numbers_and_times_are_plain() {
        let t = crate::model::time::from_micros(1_794_982_400_000_000);
        let row = vec![
            Cell::Number(-1.25, 1),
            Cell::Beijing(t),
            Cell::List(vec!["a".into(), "b".into()]),
        ];
        let text = String::from_utf8(written(&[row])).unwrap();
        assert_eq!(
            text,
            "\u{feff}a,b,c\r\n-1.3,2026-11-18T14:13:20+08:00,a | b\r\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back_but_for_the_guard(texts in proptest::collection::vec("\\PC*|.*|[=+@\t\r\n\",;-].*", 3)) {
            let row: Vec<Cell<'_>> = texts.iter().map(|t| Cell::Text(t.into())).collect();
            let bytes = written(&[row]);
            let body = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap();
            let mut reader = csv::Reader::from_reader(body);
            let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(records.len(), 1);
            for (field, text) in records[0].iter().zip(&texts) {
                let plain = guard::plain(text).into_owned();
                prop_assert!(field == plain || field.strip_prefix('\'') == Some(&plain));
                prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r']));
                prop_assert!(!field.contains(char::is_control));
            }
        }
    }
}
