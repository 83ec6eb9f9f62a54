//! What is kept of an answer besides its values: the figures of their rows and of the whole page.
//! Their names have a point. Most answers say what the last one said, and share its set of figures.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use crate::model::page::Value;
use crate::model::{ProbeKey, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::values;
use crate::store::write::codec;

/// The figures of one answer by name.
pub(in crate::store) type FigureSet = Rc<Vec<(String, Value)>>;

/// Where figures belong.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct FigurePlace<'a> {
    pub series: i64,
    pub at_us: i64,
    pub round: &'a str,
    pub uid: &'a str,
    pub good: bool,
}

/// Whether something is kept besides the values, by its name.
pub(in crate::store) fn is_figure(name: &str) -> bool {
    name.contains('.')
}

/// A set of figures as it is kept, and its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct PackedFigures {
    sha256: [u8; 32],
    json: Vec<u8>,
}

impl PackedFigures {
    /// The figures among the values of an answer; `None` when there are none.
    pub(in crate::store) fn among(
        all: &BTreeMap<String, Value>,
    ) -> Result<Option<Self>, InnerError> {
        let figures = all.iter().filter(|(name, _)| is_figure(name));
        let rows: Vec<(&str, &str, String)> = figures
            .map(|(name, value)| (name.as_str(), values::kind(value), value.show()))
            .collect();
        if rows.is_empty() {
            return Ok(None);
        }
        let json = serde_json::to_vec(&rows)?;
        let sha256 = Sha256::digest(&json).into();
        Ok(Some(Self { sha256, json }))
    }
}

/// Stores the figures of one answer; those that stand at its place stay.
pub(in crate::store) fn put(
    connection: &Connection,
    place: &FigurePlace<'_>,
    packed: &PackedFigures,
) -> Result<(), InnerError> {
    let set = set_id(connection, packed)?;
    connection
        .prepare_cached(
            "INSERT INTO figures (series_id, at_us, round, uid, good, set_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (series_id, at_us) DO NOTHING",
        )?
        .execute(params![
            place.series,
            place.at_us,
            place.round,
            place.uid,
            place.good,
            set
        ])?;
    Ok(())
}

/// The id of a set, which is stored if new.
fn set_id(connection: &Connection, packed: &PackedFigures) -> Result<i64, InnerError> {
    let known = connection
        .prepare_cached("SELECT id FROM figure_sets WHERE sha256 = ?1")?
        .query_row([packed.sha256.as_slice()], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    connection
        .prepare_cached("INSERT INTO figure_sets (sha256, data) VALUES (?1, ?2)")?
        .execute(params![
            packed.sha256.as_slice(),
            codec::pack_record(&packed.json)?
        ])?;
    Ok(connection.last_insert_rowid())
}

/// Removes the figures of a measurement.
pub(in crate::store) fn remove(
    connection: &Connection,
    series: i64,
    at_us: i64,
    uid: &str,
) -> Result<(), InnerError> {
    connection
        .prepare_cached("DELETE FROM figures WHERE series_id = ?1 AND at_us = ?2 AND uid = ?3")?
        .execute(params![series, at_us, uid])?;
    Ok(())
}

/// Removes the sets that no answer shares any more.
pub(in crate::store) fn remove_unused_sets(connection: &Connection) -> Result<(), InnerError> {
    connection
        .prepare_cached(
            "DELETE FROM figure_sets
             WHERE NOT EXISTS (SELECT 1 FROM figures f WHERE f.set_id = figure_sets.id)",
        )?
        .execute([])?;
    Ok(())
}

/// The figures of one good answer.
pub(in crate::store) struct PastFigures {
    pub at_us: i64,
    pub round: String,
    pub set: FigureSet,
}

pub(in crate::store) const PAST_SQL: &str = "SELECT f.at_us, f.round, f.set_id, g.data
         FROM series s JOIN figures f ON f.series_id = s.id JOIN figure_sets g ON g.id = f.set_id
         WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0 AND f.good = 1
           AND f.at_us < ?4
         ORDER BY f.at_us DESC LIMIT ?5";

/// The figures of a probe's good answers from one vantage before a time, newest first and at most
/// `most` of them. Each set is read once.
pub(in crate::store) fn past(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
    before_us: i64,
    most: i64,
) -> Result<Vec<PastFigures>, InnerError> {
    let mut statement = connection.prepare_cached(PAST_SQL)?;
    let mut rows = statement.query(params![
        probe.source.as_str(),
        probe.probe.as_str(),
        vantage.as_str(),
        before_us,
        most
    ])?;
    let mut sets: HashMap<i64, FigureSet> = HashMap::new();
    let mut past = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(2)?;
        let set = if let Some(known) = sets.get(&id) {
            Rc::clone(known)
        } else {
            let data = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            Rc::clone(sets.entry(id).or_insert(read(data)?))
        };
        past.push(PastFigures {
            at_us: row.get(0)?,
            round: row.get(1)?,
            set,
        });
    }
    Ok(past)
}

fn read(data: &[u8]) -> Result<FigureSet, InnerError> {
    let rows: Vec<(String, String, String)> = serde_json::from_slice(&codec::unpack(data)?)?;
    let value =
        |(name, kind, text): (String, String, String)| Some((name, values::parse(&kind, text)?));
    Ok(Rc::new(rows.into_iter().filter_map(value).collect()))
}
