//! The links of which checks make a copy of our own: a copy of the first healthy page, or of each
//! change (links.md 6). The exchange of the check is written with the evidence of the batch.

use std::collections::HashMap;

use super::outcome::CheckedInBatch;
use crate::engine::copies::PageToSave;
use crate::engine::error::EngineError;
use crate::engine::link_check::WantedCopy;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::model::copy::{LinkToCopy, OwnCopies};
use crate::model::link_status::WatchedLink;
use crate::model::source::StoreBody;
use crate::store::Store;

/// What is wanted of each link of a batch.
pub(super) async fn wanted(
    store: &Store,
    policy: OwnCopies,
    unstored: &UnstoredHosts,
    links: &[WatchedLink],
) -> Result<HashMap<i64, WantedCopy>, EngineError> {
    if policy == OwnCopies::Never {
        return Ok(HashMap::new());
    }
    let savable = links
        .iter()
        .filter(|link| unstored.policy(&link.url) != StoreBody::Never);
    let known = store.links_by_id(savable.map(|link| link.id.0).collect());
    let wanted = |link: LinkToCopy| {
        let only_changed = link.has_own;
        let is_wanted = policy == OwnCopies::Changed || !only_changed;
        is_wanted.then_some((
            link.id,
            WantedCopy {
                cited_on: link.cited_on,
                only_changed,
            },
        ))
    };
    Ok(known.await?.into_iter().filter_map(wanted).collect())
}

/// The pages that are saved as copies of our own.
pub(super) fn pages_to_save(
    links: &[WatchedLink],
    done: &mut [CheckedInBatch],
    wanted: &HashMap<i64, WantedCopy>,
) -> Vec<PageToSave> {
    let page = |(link, done): (&WatchedLink, &mut CheckedInBatch)| {
        let (record, judged) = done.own_copy.take()?;
        let wanted = wanted.get(&link.id.0)?;
        Some(PageToSave {
            link: link.id.0,
            cited_on: wanted.cited_on,
            record,
            judged,
        })
    };
    links.iter().zip(done).filter_map(page).collect()
}
