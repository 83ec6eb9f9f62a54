//! Why a pack could not be made.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::alert::headers::BadAddress;
use crate::evidence::pack::PackError;
use crate::model::link::LinkId;
use crate::store::StoreError;

/// A pack could not be made.
#[derive(Debug, Error)]
pub enum EvidencePackError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Pack(#[from] PackError),
    #[error("{0}")]
    Mail(#[from] BadAddress),
    #[error("{path}: cannot be read ({source}); put the file back from a backup")]
    Evidence { path: PathBuf, source: io::Error },
    #[error("the proofs cannot be written ({0})")]
    Json(#[from] serde_json::Error),
    #[error("the page of the link cannot be written ({0})")]
    Page(#[from] askama::Error),
    /// Nothing of the link is in a file.
    #[error(
        "no evidence is kept of link {0}: it is written when the state of a link changes; `accesswatch links check` makes the first check"
    )]
    NothingKept(LinkId),
}
