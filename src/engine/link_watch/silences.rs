//! Discriminators ask a host once a day, whatever batches its links are in, and begin a silence of
//! the host. No pass waits for its end: the other links of the host are put off.

use chrono::TimeDelta;
use url::Url;

use crate::engine::error::EngineError;
use crate::engine::link_check::{DiscriminatedHost, LinkChecker};
use crate::model::Time;
use crate::model::link_status::WatchedLink;
use crate::store::Store;

const DAY: TimeDelta = TimeDelta::days(1);
/// Longer than the silence after discriminators.
const PUT_OFF: TimeDelta = TimeDelta::minutes(5);

/// Loads when hosts were asked into the checker, and takes the links out of a batch whose hosts are
/// to be left alone. Returns how many these are.
pub(super) async fn begin(
    store: &Store,
    checker: &LinkChecker,
    links: &mut Vec<WatchedLink>,
    now: Time,
) -> Result<usize, EngineError> {
    let known = store.discriminated_hosts(now - DAY).await?;
    let known = known
        .into_iter()
        .map(|(vantage, host, at)| DiscriminatedHost { vantage, host, at });
    checker.restore_discriminated(known.collect());
    put_off(store, checker, links, now).await
}

/// Stores which hosts were asked since the last call.
pub(super) async fn save_new(
    store: &Store,
    checker: &LinkChecker,
    now: Time,
) -> Result<(), EngineError> {
    let asked = checker.unsaved_discriminated().into_iter();
    let asked = asked.map(|asked| (asked.vantage, asked.host, asked.at));
    Ok(store
        .put_discriminated_hosts(asked.collect(), now - DAY)
        .await?)
}

/// Puts off the links of hosts that are to be left alone; returns how many.
async fn put_off(
    store: &Store,
    checker: &LinkChecker,
    links: &mut Vec<WatchedLink>,
    now: Time,
) -> Result<usize, EngineError> {
    let is_left_alone = |link: &WatchedLink| {
        let url = Url::parse(&link.url).ok();
        url.is_some_and(|url| checker.is_left_alone(&url))
    };
    let waiting: Vec<_> = links
        .iter()
        .filter(|link| is_left_alone(link))
        .map(|link| link.id)
        .collect();
    links.retain(|link| !waiting.contains(&link.id));
    let count = waiting.len();
    store.put_off_links(waiting, now + PUT_OFF).await?;
    Ok(count)
}
