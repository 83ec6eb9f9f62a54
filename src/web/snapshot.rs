//! What pages are made of, read once for each generation of the store.

use crate::model::Time;
use crate::model::demonstration::DemonstrationSpan;
use crate::model::incident::HumanCheck;
use crate::model::note::Note;
use crate::model::tracker_state::TrackerState;
use crate::model::{ProbeKey, VantageId};
use crate::store::{NewestRounds, Reader, StoreError};

/// The state of everything, and what people and the demonstration added.
#[derive(Debug)]
pub struct StoreSnapshot {
    pub tracker: TrackerState,
    pub rounds: NewestRounds,
    pub observations: Vec<(ProbeKey, HumanCheck)>,
    pub as_of: Option<Time>,
    pub notes: Vec<Note>,
    pub demonstration: Option<DemonstrationSpan>,
    /// In the order of their first appearance, for pages without their names.
    pub vantage_order: Vec<VantageId>,
    /// Documents are imported.
    pub has_documents: bool,
}

impl StoreSnapshot {
    /// Reads the state; `now` is the current time, for what people saw lately.
    pub fn read(reader: &Reader, now: Time) -> Result<Self, StoreError> {
        let mark = reader.get_meta(DemonstrationSpan::KEY)?;
        let demonstration = mark.as_deref().and_then(DemonstrationSpan::parse);
        let now = demonstration.map_or(now, |span| span.until);
        Ok(Self {
            tracker: reader.tracker_state()?,
            rounds: reader.newest_rounds()?,
            observations: reader.observations(now)?,
            as_of: reader.as_of()?,
            notes: reader.notes()?,
            demonstration,
            vantage_order: reader.vantage_order()?,
            has_documents: reader.has_documents()?,
        })
    }
}
