//! Incidents as rows. Acknowledgement, silence and observations are entered by people and have
//! separate columns: a pass that began before they were entered does not undo them.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::i18n::summary::{self, VantageNames};
use crate::model::time::from_micros;
use crate::model::{Incident, Level, SourceId, Time, VantageId};
use crate::store::error::InnerError;
use crate::store::open::meta;
use crate::store::rows::{observed, phases};

/// The key in `meta` of the next id: an id is never used again, even when `rejudge` removes an
/// incident.
pub(in crate::store) const NEXT_ID: &str = "next_incident";

pub(in crate::store) const RECENT_SQL: &str =
    "SELECT detail, acknowledged_by, silenced_until_us, human_checks
     FROM incidents WHERE ended_us IS NULL
     UNION ALL
     SELECT detail, acknowledged_by, silenced_until_us, human_checks FROM incidents
     WHERE ended_us >= (SELECT max(ended_us) FROM incidents) - 90 * 86400000000";

pub(in crate::store) const SELECT_SQL: &str = "SELECT detail, acknowledged_by, silenced_until_us, human_checks
     FROM incidents
     WHERE (ended_us IS NULL OR ended_us >= ?1) AND first_bad_us < ?2 AND (?3 IS NULL OR source = ?3)
     ORDER BY id";

/// The same incidents in pages, newest first: those with a lower number.
pub(in crate::store) const BEFORE_SQL: &str =
    "SELECT detail, acknowledged_by, silenced_until_us, human_checks
     FROM incidents
     WHERE id < ?4 AND (ended_us IS NULL OR ended_us >= ?1) AND first_bad_us < ?2
        AND (?3 IS NULL OR source = ?3)
     ORDER BY id DESC";

const ONE_SQL: &str = "SELECT detail, acknowledged_by, silenced_until_us, human_checks
     FROM incidents WHERE id = ?1";

/// In the store, vantages have their own names.
const OWN_NAMES: VantageNames<'static> = VantageNames {
    called: &own_name,
    are_hidden: false,
};

fn own_name(vantage: &VantageId) -> String {
    vantage.to_string()
}

/// The requested incidents; all by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IncidentFilter {
    /// Still open then, or later.
    pub since: Option<Time>,
    /// Begun before.
    pub until: Option<Time>,
    pub source: Option<SourceId>,
    pub open_only: bool,
}

impl IncidentFilter {
    /// The earliest end of an incident that matches; open incidents always do.
    fn ended_from(&self) -> i64 {
        match self.since {
            _ if self.open_only => i64::MAX,
            Some(since) => since.timestamp_micros(),
            None => i64::MIN,
        }
    }
}

/// Writes an incident as the tracker has it. Later input of people is kept.
pub(in crate::store) fn put(
    connection: &Connection,
    incident: &Incident,
) -> Result<(), InnerError> {
    let kind = serde_json::to_value(incident.kind)?;
    connection
        .prepare_cached(
            "INSERT INTO incidents (id, kind, source, probe, level, finding, from_code, to_code, severity,
                first_bad_us, confirmed_us, ended_us, detail, layer, last_good_us, checks, checks_bad, course,
                finding_text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
             ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, source = excluded.source,
                probe = excluded.probe, level = excluded.level, finding = excluded.finding,
                from_code = excluded.from_code, to_code = excluded.to_code,
                severity = excluded.severity, first_bad_us = excluded.first_bad_us,
                confirmed_us = excluded.confirmed_us, ended_us = excluded.ended_us,
                detail = excluded.detail, layer = excluded.layer, last_good_us = excluded.last_good_us,
                checks = excluded.checks, checks_bad = excluded.checks_bad, course = excluded.course,
                finding_text = excluded.finding_text",
        )?
        .execute(params![
            incident.id,
            kind.as_str().unwrap_or_default(),
            incident.source.as_ref().map(SourceId::as_str),
            incident.probe.as_ref().map(|p| p.probe.as_str()),
            incident.level.map(Level::as_str),
            incident.finding.as_str(),
            incident.from.as_str(),
            incident.to.as_str(),
            incident.worst_severity(incident.last_bad.unwrap_or(incident.first_bad)),
            incident.first_bad.timestamp_micros(),
            incident.confirmed.timestamp_micros(),
            incident.ended.map(|t| t.timestamp_micros()),
            detail(incident)?,
            incident.to.layer().as_str(),
            incident.last_good.map(|t| t.timestamp_micros()),
            incident.checks,
            incident.checks_bad,
            summary::course(incident, None, &OWN_NAMES),
            summary::finding(incident, None, |_| String::new(), own_name)
        ])?;
    phases::put(connection, incident)?;
    let next = next_id(connection)?.max(incident.id + 1);
    meta::set(connection, NEXT_ID, &next.to_string())
}

fn detail(incident: &Incident) -> Result<String, serde_json::Error> {
    let mut detail = serde_json::to_value(incident)?;
    for (vantage, part) in &incident.vantages {
        if let Some(of_part) = detail["vantages"].get_mut(vantage.as_str()) {
            observed::add_english(of_part, &part.observed);
        }
    }
    serde_json::to_string(&detail)
}

/// The id that the next incident gets, from 1 up.
pub(in crate::store) fn next_id(connection: &Connection) -> Result<i64, InnerError> {
    Ok(meta::get_number(connection, NEXT_ID)?.unwrap_or(1))
}

pub(in crate::store) fn remove(connection: &Connection, id: i64) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM incidents WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

/// Open incidents, and those that ended in the 90 days before the newest time of any incident.
pub(in crate::store) fn recent(connection: &Connection) -> Result<Vec<Incident>, InnerError> {
    collect(connection, RECENT_SQL, params![])
}

/// The incidents that match the filter, oldest first.
pub(in crate::store) fn select(
    connection: &Connection,
    filter: &IncidentFilter,
) -> Result<Vec<Incident>, InnerError> {
    collect(
        connection,
        SELECT_SQL,
        params![
            filter.ended_from(),
            filter.until.map_or(i64::MAX, |t| t.timestamp_micros()),
            filter.source.as_ref().map(SourceId::as_str)
        ],
    )
}

/// Passes the incidents below a number that match the filter to `each`, newest first, until it
/// returns false.
pub(in crate::store) fn before(
    connection: &Connection,
    filter: &IncidentFilter,
    id: i64,
    each: &mut dyn FnMut(Incident) -> bool,
) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(BEFORE_SQL)?;
    let mut rows = statement.query(params![
        filter.ended_from(),
        filter.until.map_or(i64::MAX, |t| t.timestamp_micros()),
        filter.source.as_ref().map(SourceId::as_str),
        id
    ])?;
    while let Some(row) = rows.next()? {
        if !each(read(row)?) {
            break;
        }
    }
    Ok(())
}

/// All incidents.
pub(in crate::store) fn every(connection: &Connection) -> Result<Vec<Incident>, InnerError> {
    select(connection, &IncidentFilter::default())
}

pub(in crate::store) fn one(
    connection: &Connection,
    id: i64,
) -> Result<Option<Incident>, InnerError> {
    let raw = connection
        .prepare_cached(ONE_SQL)?
        .query_row([id], |row| Ok(read(row)))
        .optional()?;
    raw.transpose()
}

fn collect(
    connection: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<Vec<Incident>, InnerError> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

fn read(row: &Row<'_>) -> Result<Incident, InnerError> {
    let detail = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
    let mut incident: Incident = serde_json::from_str(detail)?;
    incident.acknowledged_by = row.get(1)?;
    incident.silenced_until = row.get::<_, Option<i64>>(2)?.map(from_micros);
    let checks = row.get_ref(3)?.as_str().map_err(rusqlite::Error::from)?;
    incident.human_checks = serde_json::from_str(checks)?;
    incident.fill_phases();
    Ok(incident)
}

/// Writes what people entered, with the rest.
pub(in crate::store) fn put_edited(
    connection: &Connection,
    incident: &Incident,
) -> Result<(), InnerError> {
    put(connection, incident)?;
    connection
        .prepare_cached(
            "UPDATE incidents SET acknowledged_by = ?2, silenced_until_us = ?3, human_checks = ?4
             WHERE id = ?1",
        )?
        .execute(params![
            incident.id,
            incident.acknowledged_by,
            incident.silenced_until.map(|t| t.timestamp_micros()),
            serde_json::to_string(&incident.human_checks)?
        ])?;
    Ok(())
}

/// Gives incidents of an older store the phases from their stories, and the columns of the view.
pub(in crate::store) fn fill_phases(connection: &Connection) -> Result<(), InnerError> {
    for incident in every(connection)? {
        put(connection, &incident)?;
    }
    Ok(())
}
