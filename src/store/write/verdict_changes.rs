//! Verdicts that are replaced: each that differs from the one before enters the day chain.

use std::collections::BTreeMap;

use rusqlite::OptionalExtension as _;

use crate::model::{MeasurementUid, Time};
use crate::store::error::InnerError;
use crate::store::rows::chain_entries;
use crate::store::write::insert::WriteSession;

/// The rule and the code of a measurement.
pub(in crate::store) type RuleAndCode = (String, String);

/// The stored rules and codes of these measurements.
pub(in crate::store) fn current<'u>(
    session: &WriteSession,
    uids: impl IntoIterator<Item = &'u MeasurementUid>,
) -> Result<BTreeMap<MeasurementUid, RuleAndCode>, InnerError> {
    let mut verdicts = BTreeMap::new();
    for uid in uids {
        if let Some(verdict) = verdict_of(session, uid)? {
            verdicts.insert(uid.clone(), verdict);
        }
    }
    Ok(verdicts)
}

/// Enters every verdict that differs from the one in `before`.
pub(in crate::store) fn enter(
    session: &WriteSession,
    before: &BTreeMap<MeasurementUid, RuleAndCode>,
    now: Time,
) -> Result<(), InnerError> {
    for (uid, old) in before {
        let new = verdict_of(session, uid)?.filter(|new| new != old);
        if let Some((rule, code)) = new {
            let codes = (old.1.as_str(), code.as_str());
            chain_entries::put_change(&session.connection, now, uid.as_str(), &rule, codes)?;
        }
    }
    Ok(())
}

fn verdict_of(
    session: &WriteSession,
    uid: &MeasurementUid,
) -> Result<Option<RuleAndCode>, InnerError> {
    Ok(session
        .connection
        .prepare_cached("SELECT rule, code FROM measurements WHERE uid = ?1")?
        .query_row([uid.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}
