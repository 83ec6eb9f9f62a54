//! Events as rows, for the digest and for exports.

use rusqlite::{Connection, params};

use crate::model::event::Event;
use crate::model::time::from_micros;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;

pub(in crate::store) fn put(connection: &Connection, event: &Event) -> Result<(), InnerError> {
    let kind = serde_json::to_value(event.kind)?;
    connection
        .prepare_cached(
            "INSERT INTO events (at_us, kind, source, probe, vantage, incident, from_code, to_code, text,
                detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?
        .execute(params![
            event.at.timestamp_micros(),
            kind.as_str().unwrap_or_default(),
            event.probe.as_ref().map(|p| p.source.as_str()),
            event.probe.as_ref().map(|p| p.probe.as_str()),
            event.vantage.as_ref().map(VantageId::as_str),
            event.incident,
            event.from.map(crate::model::Code::as_str),
            event.to.map(crate::model::Code::as_str),
            event.text,
            event.detail.as_ref().map(serde_json::to_string).transpose()?
        ])?;
    Ok(())
}

/// Events from `since` on and before `until`, oldest first.
pub(in crate::store) fn between(
    connection: &Connection,
    since: Time,
    until: Time,
) -> Result<Vec<Event>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT at_us, kind, source, probe, vantage, incident, from_code, to_code, text, detail
         FROM events WHERE at_us >= ?1 AND at_us < ?2 ORDER BY at_us, id",
    )?;
    let mut rows = statement.query([since.timestamp_micros(), until.timestamp_micros()])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(&Cells::new(row))?);
    }
    Ok(all)
}

/// The newest events of incidents, newest first: opened, joined by a vantage or left by one, ended.
pub(in crate::store) fn newest_of_incidents(
    connection: &Connection,
    most: usize,
) -> Result<Vec<Event>, InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT at_us, kind, source, probe, vantage, incident, from_code, to_code, text, detail
         FROM events WHERE kind IN ('opened', 'joined', 'left', 'ended')
         ORDER BY at_us DESC, id DESC LIMIT ?1",
    )?;
    let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(&Cells::new(row))?);
    }
    Ok(all)
}

fn read(row: &Cells<'_, '_>) -> Result<Event, InnerError> {
    let source: Option<String> = row.get("source")?;
    let probe: Option<String> = row.get("probe")?;
    let code = |name: &str| -> Result<_, InnerError> {
        let text: Option<String> = row.get(name)?;
        Ok(text.map(|t| t.parse()).transpose()?)
    };
    Ok(Event {
        at: from_micros(row.get("at_us")?),
        kind: serde_json::from_value(serde_json::Value::String(row.get("kind")?))?,
        probe: source.zip(probe).map(|(s, p)| ProbeKey::new(s, p)),
        vantage: row.get::<Option<String>>("vantage")?.map(VantageId),
        incident: row.get("incident")?,
        from: code("from_code")?,
        to: code("to_code")?,
        text: row.get("text")?,
        detail: match row.get::<Option<String>>("detail")? {
            Some(json) => serde_json::from_str(&json)?,
            None => None,
        },
    })
}
