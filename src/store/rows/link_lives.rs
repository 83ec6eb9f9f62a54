//! The lives of links as rows: what their checks saw, from the first to the last.

use rusqlite::{Connection, params};

use crate::model::Time;
use crate::model::citation::PartialDate;
use crate::model::link::LinkState;
use crate::model::time::from_micros;
use crate::store::error::InnerError;
use crate::store::rows::cells::Cells;
use crate::track::survival::StateSpell;

/// What is known about the life of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkLife {
    pub link: i64,
    pub host: String,
    pub state: LinkState,
    /// The earliest day of citing.
    pub cited_on: Option<PartialDate>,
    /// The documents that cite it; of two files of one text, the first.
    pub documents: Vec<i64>,
    /// In the order of time.
    pub spells: Vec<StateSpell>,
}

/// Passes the life of every link that a document cites and that is not ignored, by id, to `each`.
pub(in crate::store) fn visit(
    connection: &Connection,
    each: &mut dyn FnMut(LinkLife) -> bool,
) -> Result<(), InnerError> {
    let mut links = connection.prepare_cached(
        "SELECT id, host, state, since_us, last_checked_us, first_gone_us FROM links l
         WHERE ignored = 0 AND EXISTS
            (SELECT 1 FROM citations c WHERE c.link = l.id AND c.ended_us IS NULL)
         ORDER BY id",
    )?;
    let mut rows = links.query([])?;
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let time = |name| -> Result<Option<Time>, InnerError> {
            Ok(row.get::<Option<i64>>(name)?.map(from_micros))
        };
        let newest = Newest {
            state: state(&row.get::<String>("state")?)?,
            since: time("since_us")?,
            first_gone: time("first_gone_us")?,
            last_checked: time("last_checked_us")?,
        };
        let link = row.get("id")?;
        let mut life = LinkLife {
            link,
            host: row.get("host")?,
            state: newest.state,
            cited_on: None,
            documents: Vec::new(),
            spells: spells(connection, link, &newest)?,
        };
        add_citations(connection, &mut life)?;
        if !each(life) {
            break;
        }
    }
    Ok(())
}

/// How a link stands now.
struct Newest {
    state: LinkState,
    since: Option<Time>,
    first_gone: Option<Time>,
    last_checked: Option<Time>,
}

fn state(text: &str) -> Result<LinkState, InnerError> {
    text.parse()
        .map_err(|_| InnerError::Unreadable(format!("`{text}` is no state of a link")))
}

fn add_citations(connection: &Connection, life: &mut LinkLife) -> Result<(), InnerError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(d.same_as, d.id) AS document, c.cited_on
         FROM citations c JOIN documents d ON d.id = c.document
         WHERE c.link = ?1 AND c.ended_us IS NULL ORDER BY document",
    )?;
    let mut rows = statement.query([life.link])?;
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let document = row.get("document")?;
        if life.documents.last() != Some(&document) {
            life.documents.push(document);
        }
        let day: Option<String> = row.get("cited_on")?;
        let day = day.and_then(|day| PartialDate::parse(&day));
        let days = [life.cited_on, day].into_iter().flatten();
        life.cited_on = days.min_by_key(|day| day.first_day());
    }
    Ok(())
}

/// The states of a link, each from its first to its last check. A state ends with the last check
/// before the first one that saw the next state.
fn spells(
    connection: &Connection,
    link: i64,
    newest: &Newest,
) -> Result<Vec<StateSpell>, InnerError> {
    let mut spells: Vec<StateSpell> = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT at_us, to_state FROM link_events
         WHERE link = ?1 AND to_state IS NOT NULL ORDER BY at_us, id",
    )?;
    let mut rows = statement.query([link])?;
    while let Some(row) = rows.next()? {
        let row = Cells::new(row);
        let first = from_micros(row.get("at_us")?);
        let state = state(&row.get::<String>("to_state")?)?;
        if spells.last().is_none_or(|last| last.state != state) {
            spells.push(StateSpell {
                state,
                first,
                last: first,
            });
        }
    }
    let Some(last_checked) = newest.last_checked else {
        return Ok(spells);
    };
    // A link without events was checked by a version that wrote none.
    if spells.last().is_none_or(|last| last.state != newest.state) {
        let first = newest.since.unwrap_or(last_checked);
        spells.push(StateSpell {
            state: newest.state,
            first,
            last: first,
        });
    }
    let count = spells.len();
    let last = &mut spells[count - 1];
    // A state is confirmed later than it is first seen.
    let since = match newest.state {
        LinkState::Gone => newest.first_gone.or(newest.since),
        _ => newest.since,
    };
    last.first = since.map_or(last.first, |since| since.min(last.first));
    last.last = last_checked.max(last.first);
    for at in 1..count {
        let (start, next) = (spells[at - 1].first, spells[at].first);
        let before = last_check(connection, link, next)?;
        spells[at - 1].last = before.map_or(start, |before| before.max(start));
    }
    Ok(spells)
}

/// The newest check before a time.
fn last_check(
    connection: &Connection,
    link: i64,
    before: Time,
) -> Result<Option<Time>, InnerError> {
    let at: Option<i64> = connection
        .prepare_cached("SELECT max(at_us) FROM link_checks WHERE link = ?1 AND at_us < ?2")?
        .query_row(params![link, before.timestamp_micros()], |row| row.get(0))?;
    Ok(at.map(from_micros))
}
