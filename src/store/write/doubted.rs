//! Rounds whose code does not show what readers get, as found after their pass.

use rusqlite::params;

use crate::model::Time;
use crate::model::state::DoubtedRound;
use crate::store::error::InnerError;
use crate::store::write::insert::WriteSession;
use crate::store::write::prepare::SeriesKey;

/// Stores one round.
pub(in crate::store) fn put(
    session: &mut WriteSession,
    doubted: &DoubtedRound,
) -> Result<(), InnerError> {
    let key = SeriesKey {
        probe: doubted.probe.clone(),
        vantage: doubted.vantage.clone(),
        control: false,
    };
    let series = session.series_id(&key, None)?;
    session
        .connection
        .prepare_cached(
            "INSERT OR REPLACE INTO doubted (series_id, round, at_us, finding, provisional)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            series,
            doubted.round.as_str(),
            doubted.at.timestamp_micros(),
            doubted.doubt.finding,
            doubted.doubt.provisional
        ])?;
    Ok(())
}

/// Removes those at or after a time, because they are derived again.
pub(in crate::store) fn forget_since(
    session: &WriteSession,
    since: Time,
) -> Result<(), InnerError> {
    session
        .connection
        .prepare_cached("DELETE FROM doubted WHERE at_us >= ?1")?
        .execute([since.timestamp_micros()])?;
    Ok(())
}
