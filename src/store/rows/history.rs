//! The good values of a probe before a time: the history for `judge`.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use crate::model::page::{HISTORY_DAYS, HISTORY_NEWEST, History, PastValue, Value};
use crate::model::time::{DAY_US, day_of, from_micros};
use crate::model::{ProbeKey, VantageId};
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::store::rows::figures::{self, PastFigures};
use crate::store::rows::values::parse;

/// The limit of rows that are read, so that a schedule of one minute does not make lookups endless.
const MOST_ROWS: i64 = 40_000;

pub(in crate::store) const HISTORY_SQL: &str = "SELECT r.at_us, r.name, r.round, r.kind, r.value
         FROM series s JOIN readings r ON r.series_id = s.id
         WHERE s.source = ?1 AND s.probe = ?2 AND s.vantage = ?3 AND s.control = 0 AND r.good = 1
           AND r.at_us < ?4
         ORDER BY r.at_us DESC LIMIT ?5";

/// The good values of a probe from one vantage before a time, oldest first: one per round, the
/// newest 64 of each name, and one older value per day for 60 days.
pub(in crate::store) fn history(
    connection: &Connection,
    probe: &ProbeKey,
    vantage: &VantageId,
    before_us: i64,
) -> Result<History, InnerError> {
    let mut statement = connection.prepare_cached(HISTORY_SQL)?;
    let mut rows = statement.query(params![
        probe.source.as_str(),
        probe.probe.as_str(),
        vantage.as_str(),
        before_us,
        MOST_ROWS
    ])?;
    let past = figures::past(connection, probe, vantage, before_us, MOST_ROWS)?;
    let mut figures = past.iter().peekable();
    let mut sieves = Sieves::default();
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let at_us: i64 = row.get("at_us")?;
        while let Some(newer) = figures.next_if(|figures| figures.at_us >= at_us) {
            sieves.add_figures(newer);
        }
        let name = row
            .get_ref("name")?
            .as_str()
            .map_err(rusqlite::Error::from)?;
        let Some(sieve) = sieves.wanting(name, at_us) else {
            continue;
        };
        let round = row
            .get_ref("round")?
            .as_str()
            .map_err(rusqlite::Error::from)?;
        if sieve.round.as_deref() == Some(round) {
            continue;
        }
        let kind = row
            .get_ref("kind")?
            .as_str()
            .map_err(rusqlite::Error::from)?;
        if let Some(value) = parse(kind, row.get("value")?) {
            sieve.take(at_us, round.to_owned(), value);
        }
    }
    figures.for_each(|older| sieves.add_figures(older));
    Ok(sieves.oldest_first())
}

/// The rows that are kept, by name; they come newest first.
#[derive(Default)]
struct Sieves {
    by_name: BTreeMap<String, Sieve>,
    newest: Option<i64>,
}

impl Sieves {
    /// The sieve of a name, if it wants a row of this time.
    fn wanting(&mut self, name: &str, at_us: i64) -> Option<&mut Sieve> {
        let newest = *self.newest.get_or_insert(at_us);
        #[allow(clippy::map_entry)] // an entry needs a copy of the name, and most names are known
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.to_owned(), Sieve::default());
        }
        let sieve = self.by_name.get_mut(name)?;
        sieve.wants(at_us, newest).then_some(sieve)
    }

    fn add_figures(&mut self, past: &PastFigures) {
        for (name, value) in past.set.iter() {
            if let Some(sieve) = self.wanting(name, past.at_us)
                && sieve.round.as_ref() != Some(&past.round)
            {
                sieve.take(past.at_us, past.round.clone(), value.clone());
            }
        }
    }

    fn oldest_first(self) -> History {
        let all = self.by_name.into_iter();
        all.map(|(name, sieve)| (name, sieve.oldest_first()))
            .collect()
    }
}

/// Selects the rows of one name, newest first.
#[derive(Default)]
struct Sieve {
    taken: Vec<PastValue>,
    round: Option<String>,
    day: Option<i64>,
}

impl Sieve {
    fn wants(&self, at_us: i64, newest: i64) -> bool {
        self.taken.len() < HISTORY_NEWEST
            || (at_us > newest - HISTORY_DAYS * DAY_US && self.day != Some(day_of(at_us)))
    }

    fn take(&mut self, at_us: i64, round: String, value: Value) {
        self.day = Some(day_of(at_us));
        self.round = Some(round);
        self.taken.push(PastValue {
            at: from_micros(at_us),
            value,
        });
    }

    fn oldest_first(mut self) -> Vec<PastValue> {
        self.taken.reverse();
        self.taken
    }
}
