//! The newest good and bad records of a probe from one vantage.

use crate::model::VantageId;
use crate::store::StoredRecord;

/// The newest records of one vantage.
pub struct NewestRecords {
    pub vantage: VantageId,
    pub good: Option<StoredRecord>,
    pub bad: Option<StoredRecord>,
}

impl NewestRecords {
    /// The newer of both.
    pub fn newest(&self) -> Option<&StoredRecord> {
        let both = [self.good.as_ref(), self.bad.as_ref()];
        both.into_iter().flatten().max_by_key(|r| r.started)
    }
}
