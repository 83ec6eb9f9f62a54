//! A table as its columns: a column's name, type, meaning and cells are defined in one place, so
//! that no format and no dictionary can differ from the rows.

use super::cell::Cell;

/// The type of the cells in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum ColumnKind {
    Text,
    Number,
    Time,
    Date,
    List,
    #[strum(serialize = "yes/no")]
    YesNo,
}

impl ColumnKind {
    /// The word in the data dictionary.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A column of `T`.
pub struct Column<T: Tabular> {
    pub name: &'static str,
    pub kind: ColumnKind,
    /// Its meaning; the data dictionary consists of these.
    pub about: &'static str,
    pub cell: for<'a, 'r> fn(&'r T::Row<'a>) -> Cell<'r>,
}

/// A table: its name, and its columns in a fixed order; new ones are added at the end.
pub trait Tabular: Sized + 'static {
    const NAME: &'static str;
    /// The data of a row.
    type Row<'a>;
    const COLUMNS: &'static [Column<Self>];

    /// The cells of a row, in the order of the columns.
    fn cells<'r>(row: &'r Self::Row<'_>) -> Vec<Cell<'r>> {
        let cells = Self::COLUMNS.iter().map(|column| (column.cell)(row));
        cells.collect()
    }

    /// The description of the table without rows.
    #[must_use]
    fn heading() -> TableHead {
        let columns = Self::COLUMNS.iter().map(|column| ColumnHead {
            name: column.name,
            kind: column.kind,
            about: column.about,
        });
        TableHead {
            table: Self::NAME,
            columns: columns.collect(),
        }
    }
}

/// A table without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHead {
    pub table: &'static str,
    pub columns: Vec<ColumnHead>,
}

/// A column without its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ColumnHead {
    pub name: &'static str,
    pub kind: ColumnKind,
    pub about: &'static str,
}

/// The columns of the surrounding table: `"name" ColumnKind "what it means" => |row| cell;`.
macro_rules! columns {
    ($($name:literal $kind:ident $about:literal => $cell:expr;)*) => {
        &[$($crate::report::column::Column::<Self> {
            name: $name,
            kind: $crate::report::column::ColumnKind::$kind,
            about: $about,
            cell: $cell,
        }),*]
    };
}
pub(super) use columns;
