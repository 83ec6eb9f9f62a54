//! The links of a batch: those that have been due longest, a few of each domain, so that no domain
//! delays the others.

use std::collections::HashMap;

use crate::judge::registrable_domain::registrable;
use crate::model::Time;
use crate::model::link::LinkId;
use crate::store::{Store, StoreError};

/// The most links of one batch.
pub(super) const BATCH: usize = 256;
/// Links of one domain in a batch: they are fetched one after the other.
pub(in crate::engine) const OF_DOMAIN: usize = 8;
/// Due links that are looked through for a batch.
const LOOKED_AT: usize = 50_000;

/// A batch while it is chosen.
#[derive(Debug, Default)]
pub(in crate::engine) struct Choice {
    pub(in crate::engine) ids: Vec<LinkId>,
    /// Links by domain.
    domains: HashMap<String, usize>,
    /// The host that was seen last, and its domain: neighbours often share it.
    last: Option<(String, String)>,
    seen: usize,
}

impl Choice {
    /// Takes a link if its domain has room; returns whether more are wanted.
    pub(in crate::engine) fn add(&mut self, id: LinkId, host: &str, most: usize) -> bool {
        self.seen += 1;
        let domain = match &self.last {
            Some((known, domain)) if known == host => domain.clone(),
            _ => registrable(host).to_ascii_lowercase(),
        };
        let of_domain = self.domains.entry(domain.clone()).or_default();
        if *of_domain < OF_DOMAIN {
            *of_domain += 1;
            self.ids.push(id);
        }
        self.last = Some((host.to_owned(), domain));
        self.ids.len() < most && self.seen < LOOKED_AT
    }
}

/// The next batch of due links, at most `most`.
pub(super) async fn due(store: &Store, now: Time, most: usize) -> Result<Vec<LinkId>, StoreError> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let most = most.min(BATCH);
    let chosen = store.visit_due_links(now, Choice::default(), move |choice, id, host| {
        choice.add(id, host, most)
    });
    Ok(chosen.await?.ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_domain_takes_the_room_of_the_others() {
        let mut choice = Choice::default();
        for n in 0..1_000 {
            assert!(choice.add(LinkId(n), "www.big.com.cn", BATCH));
        }
        for n in 0..5 {
            choice.add(LinkId(1_000 + n), "other.example", BATCH);
            choice.add(LinkId(2_000 + n), "data.big.com.cn", BATCH);
        }
        assert_eq!(choice.ids.len(), OF_DOMAIN + 5);
        let mut full = Choice::default();
        let taken = (0..BATCH + 10).take_while(|n| {
            let host = format!("h{n}.example");
            full.add(LinkId(0), &host, BATCH)
        });
        assert_eq!(taken.count(), BATCH - 1);
        assert_eq!(full.ids.len(), BATCH);
    }
}
