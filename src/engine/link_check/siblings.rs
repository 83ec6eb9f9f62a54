//! What hosts show at made-up addresses. A host is asked at most once a day.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;

use crate::model::reference::Reference;
use crate::model::time::from_micros;
use crate::model::{Time, VantageId};

/// How long an answer is valid.
const HOLDS: TimeDelta = TimeDelta::days(1);
/// How many hosts are remembered.
const MAX_HOSTS: usize = 20_000;

/// The page of a made-up address, with its vantage and origin.
#[derive(Debug, Clone, PartialEq)]
pub struct SiblingPage {
    pub vantage: VantageId,
    /// Scheme, host and port.
    pub origin: String,
    pub page: Reference,
}

/// The pages by vantage and origin, and whether each is still to be kept in a store.
#[derive(Debug, Default)]
pub(super) struct Siblings(Mutex<HashMap<(VantageId, String), (Reference, bool)>>);

impl Siblings {
    /// The page, if it is not older than a day.
    pub(super) fn valid(&self, vantage: &VantageId, origin: &str, now: Time) -> Option<Reference> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (page, _) = all.get(&(vantage.clone(), origin.to_owned()))?;
        let age = now - from_micros(page.at_us);
        (TimeDelta::zero()..HOLDS)
            .contains(&age)
            .then(|| page.clone())
    }

    /// Remembers a page. `is_new`: it was fetched now.
    pub(super) fn add(&self, sibling: SiblingPage, is_new: bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MAX_HOSTS {
            all.insert((sibling.vantage, sibling.origin), (sibling.page, is_new));
        }
    }

    /// The pages that were fetched since this was last called.
    pub(super) fn unsaved(&self) -> Vec<SiblingPage> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut unsaved = Vec::new();
        for ((vantage, origin), (page, is_new)) in all.iter_mut().filter(|(_, (_, new))| *new) {
            *is_new = false;
            unsaved.push(SiblingPage {
                vantage: vantage.clone(),
                origin: origin.clone(),
                page: page.clone(),
            });
        }
        unsaved
    }
}
