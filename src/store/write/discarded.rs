//! Rounds made while their vantage did not work: their measurements are stored, and count neither
//! for nor against the source.

use rusqlite::params;

use crate::model::Time;
use crate::model::time::day_of;
use crate::store::error::InnerError;
use crate::store::write::input::DiscardedRound;
use crate::store::write::insert::WriteSession;
use crate::store::write::prepare::SeriesKey;

/// Stores the round; returns its (series, day).
pub(in crate::store) fn put(
    session: &mut WriteSession,
    aside: &DiscardedRound,
) -> Result<(i64, i64), InnerError> {
    let series = session.series_id(
        &SeriesKey {
            probe: aside.probe.clone(),
            vantage: aside.vantage.clone(),
            control: false,
        },
        None,
    )?;
    let at_us = aside.at.timestamp_micros();
    session
        .connection
        .prepare_cached(
            "INSERT INTO set_aside (series_id, round, at_us) VALUES (?1, ?2, ?3)
             ON CONFLICT (series_id, round) DO NOTHING",
        )?
        .execute(params![series, aside.round.as_str(), at_us])?;
    Ok((series, day_of(at_us)))
}

/// Removes those at or after a time, because they are derived again.
pub(in crate::store) fn forget_since(
    session: &WriteSession,
    since: Time,
) -> Result<(), InnerError> {
    session
        .connection
        .prepare_cached("DELETE FROM set_aside WHERE at_us >= ?1")?
        .execute([since.timestamp_micros()])?;
    Ok(())
}
