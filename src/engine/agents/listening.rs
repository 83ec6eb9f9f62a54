//! Since when something was there to hear of agents, for a hub that makes its passes by `run`: the
//! process that serves notes it, and a pass that finds an agent silent can tell that from a hub
//! that was away.

use chrono::TimeDelta;

use super::silence::{Hearing, PAUSE};
use crate::model::Time;
use crate::model::time::from_micros;
use crate::store::{Store, StoreError};

/// How often a process that serves notes that it is there.
pub const NOTE_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Where it is noted: since when, and when last.
const KEY: &str = "agents.listening";

/// Notes that agents can be heard of at `now`.
pub async fn note(store: &Store, now: Time) -> Result<(), StoreError> {
    let since = since(store, now).await?.unwrap_or(now);
    let text = format!("{} {}", since.timestamp_micros(), now.timestamp_micros());
    store.set_meta(KEY, &text).await
}

/// How a pass at `now` knows that the hub was there to hear of an agent.
pub async fn hearing(store: &Store, now: Time) -> Result<Hearing, StoreError> {
    let since = since(store, now).await?;
    Ok(since.map_or(Hearing::ByOthers, Hearing::Since))
}

/// Since when something has been there without a pause.
async fn since(store: &Store, now: Time) -> Result<Option<Time>, StoreError> {
    let text = store.get_meta(KEY).await?.unwrap_or_default();
    let mut times = text.split(' ').map(|us| us.parse().ok().map(from_micros));
    let (Some(Some(since)), Some(Some(last))) = (times.next(), times.next()) else {
        return Ok(None);
    };
    Ok(((now - last).abs() <= PAUSE).then_some(since))
}
