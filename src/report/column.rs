//! A table as its columns: what a column is called, what it holds and means, and where its cells come from stand in
//! one place, so that no format, and no dictionary, can differ from the rows.

use super::cell::Cell;

/// What the cells of a column hold.
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
    /// What it means; the data dictionary is made of these.
    pub about: &'static str,
    pub cell: for<'a, 'r> fn(&'r T::Row<'a>) -> Cell<'r>,
}

/// A table: its name, and its columns in their order for ever; new ones come at the end.
pub trait Tabular: Sized + 'static {
    const NAME: &'static str;
    /// What a row is made of.
    type Row<'a>;
    const COLUMNS: &'static [Column<Self>];

    /// The cells of a row, in the order of the columns.
    fn cells<'r>(row: &'r Self::Row<'_>) -> Vec<Cell<'r>> {
        let cells = Self::COLUMNS.iter().map(|column| (column.cell)(row));
        cells.collect()
    }

    /// What is known of the table without any row.
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

/// The columns of the table that it stands in: `"name" ColumnKind "what it means" => |row| cell;`.
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
