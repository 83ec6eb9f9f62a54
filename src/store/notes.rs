//! Annotations as rows.

use rusqlite::{Connection, params};

use super::error::Fault;
use crate::model::SourceId;
use crate::model::note::Note;

/// Keeps a note; its id is given here. Returns the id.
pub(super) fn add(connection: &Connection, note: &Note) -> Result<i64, Fault> {
    connection
        .prepare_cached(
            "INSERT INTO notes (source, from_day, to_day, text, reference, planned)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            note.source.as_str(),
            note.from.to_string(),
            note.to.map(|d| d.to_string()),
            note.text,
            note.reference,
            note.planned
        ])?;
    Ok(connection.last_insert_rowid())
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Note>, Fault> {
    let mut statement = connection.prepare_cached(
        "SELECT id, source, from_day, to_day, text, reference, planned FROM notes ORDER BY source, from_day, id",
    )?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let day = |text: String| {
            text.parse()
                .map_err(|_| Fault::Unreadable(format!("`{text}` in notes is no date")))
        };
        all.push(Note {
            id: row.get(0)?,
            source: SourceId(row.get(1)?),
            from: day(row.get(2)?)?,
            to: row.get::<_, Option<String>>(3)?.map(day).transpose()?,
            text: row.get(4)?,
            reference: row.get(5)?,
            planned: row.get(6)?,
        });
    }
    Ok(all)
}
