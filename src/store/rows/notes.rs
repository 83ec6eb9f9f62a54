//! Annotations as rows.

use rusqlite::{Connection, params};

use crate::model::SourceId;
use crate::model::note::Note;
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

/// Stores a note, and returns the id that it gets.
pub(in crate::store) fn add(connection: &Connection, note: &Note) -> Result<i64, InnerError> {
    connection
        .prepare_cached(
            "INSERT INTO notes (source, from_day, to_day, text, reference, planned, written_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            note.source.as_str(),
            note.from.to_string(),
            note.to.map(|d| d.to_string()),
            note.text,
            note.reference,
            note.planned,
            note.written.map(|at| at.timestamp_micros())
        ])?;
    Ok(connection.last_insert_rowid())
}

pub(in crate::store) fn all(connection: &Connection) -> Result<Vec<Note>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, source, from_day, to_day, text, reference, planned, written_us FROM notes ORDER BY source, from_day, id",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let day = |text: String| {
            text.parse()
                .map_err(|_| InnerError::Unreadable(format!("`{text}` in notes is no date")))
        };
        all.push(Note {
            id: row.get("id")?,
            written: row.get::<Option<i64>>("written_us")?.map(from_micros),
            source: SourceId(row.get("source")?),
            from: day(row.get("from_day")?)?,
            to: row.get::<Option<String>>("to_day")?.map(day).transpose()?,
            text: row.get("text")?,
            reference: row.get("reference")?,
            planned: row.get("planned")?,
        });
    }
    Ok(all)
}
