//! What a batch of checks did.

use crate::model::VantageId;
use crate::model::link::LinkId;
use crate::model::link_status::LinkEvent;

/// What a batch did.
#[derive(Debug, Clone, Default)]
pub struct LinkBatch {
    /// Links that were checked.
    pub checked: usize,
    /// Links that wait: their hosts are left alone after discriminators.
    pub put_off: usize,
    /// Links that are left to agents.
    pub queued: usize,
    pub changes: Vec<LinkChange>,
    /// Hosts of which many links turned worse together.
    pub host_events: usize,
    /// Why vantages did not check.
    pub unusable: Vec<(VantageId, String)>,
    /// What did not go well with the files of evidence.
    pub evidence_notes: Vec<String>,
}

/// The change of a link.
#[derive(Debug, Clone)]
pub struct LinkChange {
    pub id: LinkId,
    pub url: String,
    pub event: LinkEvent,
}
