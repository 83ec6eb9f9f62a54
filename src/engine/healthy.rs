//! The last healthy page of each series while records are read in order: a record without its own
//! comparison is compared with it when it is rejudged.

use std::collections::BTreeMap;

use crate::judge::Judge;
use crate::model::reference::{Reference, ShownDigest};
use crate::model::{MeasurementUid, Probe, ProbeKey, VantageId};
use crate::store::{Reader, StoreError};

use super::judgement::healthy_page_of;

/// The newest healthy measurement so far of every (probe, vantage). Pages are read on demand.
#[derive(Debug, Default)]
pub(super) struct HealthyPages {
    of: BTreeMap<(ProbeKey, VantageId), Newest>,
}

#[derive(Debug)]
struct Newest {
    uid: MeasurementUid,
    shown: Option<ShownDigest>,
    page: Kept,
}

/// The stored part of a healthy page.
#[derive(Debug)]
enum Kept {
    NotRead,
    Nothing,
    Sketch(Box<Reference>),
}

impl HealthyPages {
    /// Records a healthy measurement, and the digest of its page if known.
    pub(super) fn note(
        &mut self,
        key: &(ProbeKey, VantageId),
        uid: &MeasurementUid,
        shown: Option<ShownDigest>,
    ) {
        let newest = Newest {
            uid: uid.clone(),
            shown,
            page: Kept::NotRead,
        };
        self.of.insert(key.clone(), newest);
    }

    /// Whether the newest healthy page shows the same, so that a comparison is not needed.
    pub(super) fn shows(&self, key: &(ProbeKey, VantageId), shown: Option<ShownDigest>) -> bool {
        let newest = self.of.get(key);
        shown.is_some() && newest.is_some_and(|newest| newest.shown == shown)
    }

    /// The newest healthy page of a probe from one vantage, if it is still stored.
    pub(super) fn page(
        &mut self,
        judge: &Judge,
        reader: &Reader,
        probe: &Probe,
        vantage: &VantageId,
    ) -> Result<Option<Reference>, StoreError> {
        let Some(newest) = self.of.get_mut(&(probe.key(), vantage.clone())) else {
            return Ok(None);
        };
        if matches!(newest.page, Kept::NotRead) {
            let record = reader.record(&newest.uid)?;
            let page = record.and_then(|record| healthy_page_of(judge, probe, &record));
            newest.page = page.map_or(Kept::Nothing, |page| Kept::Sketch(Box::new(page)));
        }
        Ok(match &newest.page {
            Kept::Sketch(page) => Some(Reference::clone(page)),
            Kept::NotRead | Kept::Nothing => None,
        })
    }
}
