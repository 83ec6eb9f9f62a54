//! The cells of a row by the names of their columns, so that a statement may list them in any
//! order.

use std::cell::Cell;

use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Row, Statement};

/// A row that is read by column name. Reading the cells in the order of the statement needs no
/// search.
pub(in crate::store) struct Cells<'r, 's> {
    row: &'r Row<'s>,
    next: Cell<usize>,
}

impl<'r, 's> Cells<'r, 's> {
    pub(in crate::store) fn new(row: &'r Row<'s>) -> Self {
        Self {
            row,
            next: Cell::new(0),
        }
    }

    pub(in crate::store) fn get<T: FromSql>(&self, name: &str) -> rusqlite::Result<T> {
        self.row.get(self.index(name)?)
    }

    /// The cell without a copy.
    pub(in crate::store) fn get_ref(&self, name: &str) -> rusqlite::Result<ValueRef<'r>> {
        self.row.get_ref(self.index(name)?)
    }

    fn index(&self, name: &str) -> rusqlite::Result<usize> {
        let statement: &Statement<'_> = self.row.as_ref();
        let (next, count) = (self.next.get(), statement.column_count());
        let is_it = |at: &usize| statement.column_name(*at).is_ok_and(|found| found == name);
        let at = (next..count)
            .chain(0..next.min(count))
            .find(is_it)
            .ok_or_else(|| rusqlite::Error::InvalidColumnName(name.to_owned()))?;
        self.next.set(at + 1);
        Ok(at)
    }
}

/// Fills a struct from a row: some fields by an expression, the others from the columns with their
/// names.
macro_rules! from_row {
    ($row:ident => $type:ident { $($field:ident: $value:expr,)* .. $($name:ident)* }) => {
        $type {
            $($field: $value,)*
            $($name: $row.get(stringify!($name))?,)*
        }
    };
}
pub(in crate::store) use from_row;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_in_any_order() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let read = |row: &Row<'_>| {
            let cells = Cells::new(row);
            let (a, b): (i64, String) = (cells.get("a")?, cells.get("b")?);
            assert_eq!(cells.get::<i64>("a")?, a);
            assert!(cells.get::<i64>("c").is_err());
            Ok((a, b))
        };
        for sql in ["SELECT 1 AS a, 'x' AS b", "SELECT 'x' AS b, 0 AS d, 1 AS a"] {
            let row = connection.query_row(sql, [], read).unwrap();
            assert_eq!(row, (1, "x".to_owned()), "{sql}");
        }
    }
}
