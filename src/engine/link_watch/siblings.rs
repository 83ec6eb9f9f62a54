//! What hosts show at made-up addresses is stored, so that a host is asked once a day, whatever
//! batches its links are in.

use std::collections::BTreeSet;

use url::Url;

use crate::engine::error::EngineError;
use crate::engine::link_check::{LinkChecker, SiblingPage};
use crate::model::link_status::WatchedLink;
use crate::model::reference::ReferenceKind;
use crate::store::Store;

/// Loads the stored pages of the hosts of links into the checker.
pub(super) async fn restore(
    store: &Store,
    checker: &LinkChecker,
    links: &[WatchedLink],
) -> Result<(), EngineError> {
    let origin = |link: &WatchedLink| Some(Url::parse(&link.url).ok()?.origin());
    let origins: BTreeSet<String> = links
        .iter()
        .filter_map(|link| Some(origin(link)?.ascii_serialization()))
        .collect();
    let mut pages = Vec::new();
    for vantage in checker.vantage_ids() {
        for origin in &origins {
            let page = store
                .reference_page(vantage, origin, ReferenceKind::MadeUp)
                .await?;
            pages.extend(page.map(|page| SiblingPage {
                vantage: vantage.clone(),
                origin: origin.clone(),
                page,
            }));
        }
    }
    checker.restore_siblings(pages);
    Ok(())
}

/// Stores the pages that were fetched since the last call.
pub(super) async fn save_new(store: &Store, checker: &LinkChecker) -> Result<(), EngineError> {
    for sibling in checker.unsaved_siblings() {
        let SiblingPage {
            vantage,
            origin,
            page,
        } = sibling;
        store.put_reference_page(&vantage, &origin, &page).await?;
    }
    Ok(())
}
