//! JSON lines: one object per row, in the order of the columns; absent values are null.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::cell::{Cell, rounded};
use super::column::ColumnHead;
use super::sink::Sink;
use crate::model::time::{iso, iso_beijing};

/// Writes JSON lines.
pub struct JsonSink<W: Write> {
    out: W,
    names: Vec<&'static str>,
}

impl<W: Write> JsonSink<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            names: Vec::new(),
        }
    }
}

impl<W: Write> Sink for JsonSink<W> {
    fn begin(&mut self, columns: &[ColumnHead]) -> io::Result<()> {
        self.names = columns.iter().map(|c| c.name).collect();
        Ok(())
    }

    fn row(&mut self, cells: &[Cell<'_>]) -> io::Result<()> {
        write_json_row(&mut self.out, &self.names, cells)?;
        self.out.write_all(b"\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes one row as a JSON object.
pub fn write_json_row(
    out: impl Write,
    names: &[&'static str],
    cells: &[Cell<'_>],
) -> io::Result<()> {
    Ok(serde_json::to_writer(out, &Row { names, cells })?)
}

struct Row<'a> {
    names: &'a [&'static str],
    cells: &'a [Cell<'a>],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.names.len()))?;
        for (name, cell) in self.names.iter().zip(self.cells) {
            map.serialize_entry(name, cell)?;
        }
        map.end()
    }
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Empty => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Whole(n) => serializer.serialize_i64(*n),
            Cell::Number(x, decimals) => serializer.serialize_f64(rounded(*x, *decimals)),
            Cell::Yes(yes) => serializer.serialize_bool(*yes),
            Cell::Utc(t) => serializer.serialize_str(&iso(*t)),
            Cell::Beijing(t) => serializer.serialize_str(&iso_beijing(*t)),
            Cell::Day(day) => serializer.collect_str(day),
            Cell::List(items) => items.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::column::ColumnKind;

    #[test]
    fn rows_are_objects_in_the_order_of_the_columns() {
        let mut sink = JsonSink::new(Vec::new());
        let head = |name, kind| ColumnHead {
            name,
            kind,
            about: "",
        };
        sink.begin(&[head("z", ColumnKind::Text), head("a", ColumnKind::Number)])
            .unwrap();
        sink.row(&[Cell::Text("=知网\n".into()), Cell::Number(1.04, 1)])
            .unwrap();
        sink.row(&[Cell::Empty, Cell::List(vec!["x".into()])])
            .unwrap();
        let text = String::from_utf8(sink.out).unwrap();
        assert_eq!(
            text,
            "{\"z\":\"=知网\\n\",\"a\":1.0}\n{\"z\":null,\"a\":[\"x\"]}\n"
        );
    }
}
