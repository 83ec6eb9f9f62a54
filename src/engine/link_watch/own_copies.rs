//! Copies of our own that checks make: of the first healthy page of a link, or of each change
//! (links.md 6). The exchange of the check is written with the evidence of the batch.

use std::collections::HashMap;

use crate::engine::copies::own_copy_of;
use crate::engine::error::EngineError;
use crate::engine::link_check::WantedCopy;
use crate::engine::unstored_hosts::UnstoredHosts;
use crate::links::copies::JudgedCapture;
use crate::model::MeasurementUid;
use crate::model::copy::{LinkToCopy, OwnCopies};
use crate::model::link_status::WatchedLink;
use crate::model::source::StoreBody;
use crate::store::{NewEvidence, OwnCopy, Store, main_record};

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

/// A page that is to be saved as a copy of a link.
pub(super) struct PageToSave {
    pub(super) link: i64,
    pub(super) wanted: WantedCopy,
    pub(super) record: MeasurementUid,
    pub(super) judged: JudgedCapture,
}

/// The copies of the pages that were written.
pub(super) fn written(pages: Vec<PageToSave>, evidence: &NewEvidence) -> Vec<OwnCopy> {
    let copy = |page: PageToSave| {
        let exchange = evidence.exchanges.iter().find(|e| e.uid == page.record)?;
        let record = main_record(&exchange.records)?;
        Some(OwnCopy {
            link: page.link,
            cited_on: page.wanted.cited_on,
            copy: own_copy_of(record, exchange.at, &page.judged),
        })
    };
    pages.into_iter().filter_map(copy).collect()
}
