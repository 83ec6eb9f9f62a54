//! What becomes of an archive's parts after its repair, or of a document that is left as it is.

use super::draft::RepairDraft;
use super::office::PartEdits;
use super::options::RepairedDocument;
use crate::links::read;
use crate::links::read::block::RawDocument;
use crate::model::repair::{LeftReason, RepairAction, RepairRow};

/// Writes the parts of an archive. Where they cannot be written, all is left to be done by hand.
pub(super) fn office_result(parts: PartEdits<'_>, draft: RepairDraft<'_>) -> RepairedDocument {
    let (_, mut rows) = draft.finish();
    let bytes = parts.finish();
    let is_writable = bytes.is_ok();
    let bytes = bytes.unwrap_or_else(|_| {
        undo(&mut rows, LeftReason::Unsafe);
        None
    });
    RepairedDocument {
        bytes,
        is_writable,
        rows,
    }
}

/// What was changed is to be done by hand instead.
pub(super) fn undo(rows: &mut [RepairRow], reason: LeftReason) {
    for row in rows
        .iter_mut()
        .filter(|row| row.action == RepairAction::Changed)
    {
        row.action = RepairAction::Listed;
        row.reason = Some(reason);
        let copy = row.copy.as_ref().map(|copy| copy.url.clone());
        row.paste = row.new_url.clone().or(copy);
    }
}

/// A document with a digital signature is left as it is.
pub(super) fn signed(mut draft: RepairDraft<'_>, document: &RawDocument) -> RepairedDocument {
    for citation in read::citations(document) {
        for proposal in draft.proposals(std::slice::from_ref(&citation), "") {
            draft.leave(&proposal, LeftReason::Signed);
        }
    }
    RepairedDocument {
        bytes: None,
        is_writable: false,
        rows: draft.finish().1,
    }
}
