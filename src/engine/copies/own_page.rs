//! Copies of our own: pages whose exchanges are in the files of evidence.

use crate::links::copies::JudgedCapture;
use crate::model::citation::PartialDate;
use crate::model::copy::{CopyKind, NewCopy};
use crate::model::{MeasurementUid, Time};
use crate::store::{EvidenceRecord, NewEvidence, OwnCopy, main_record};

/// As tables name our own copies.
const ARCHIVE: &str = "accesswatch";

/// A page that is to be saved as a copy of a link.
pub(in crate::engine) struct PageToSave {
    pub(in crate::engine) link: i64,
    /// The earliest day of citing.
    pub(in crate::engine) cited_on: Option<PartialDate>,
    pub(in crate::engine) record: MeasurementUid,
    pub(in crate::engine) judged: JudgedCapture,
}

/// The copies of the pages whose exchanges were written.
pub(in crate::engine) fn written_copies(
    pages: Vec<PageToSave>,
    evidence: &NewEvidence,
) -> Vec<OwnCopy> {
    let copy = |page: PageToSave| {
        let exchange = evidence.exchanges.iter().find(|e| e.uid == page.record)?;
        let record = main_record(&exchange.records)?;
        Some(OwnCopy {
            link: page.link,
            cited_on: page.cited_on,
            copy: own_copy(record, exchange.at, &page.judged),
        })
    };
    pages.into_iter().filter_map(copy).collect()
}

/// A page whose exchange is on disk, as a copy: `record` holds the answer.
fn own_copy(record: &EvidenceRecord, at: Time, judged: &JudgedCapture) -> NewCopy {
    NewCopy {
        archive: ARCHIVE.to_owned(),
        url: record.id.clone(),
        time: Some(at),
        judged: Some(judged.judged),
        code: Some(judged.code.to_string()),
        kind: CopyKind::Own,
        job: None,
        body_sha256: judged.body_sha256.clone(),
    }
}
