//! Why a table could not be written.

use std::io;

use crate::store::StoreError;

/// An export that stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Unreadable records were left out; all others were written.
    #[error(
        "{count} of the records cannot be read and were left out, the first is {first}; `accesswatch verify` names all"
    )]
    Damaged { count: usize, first: String },
    /// The output could not be written.
    #[error("the table cannot be written: {0}; give -o a file on a disk with room")]
    Write(#[from] io::Error),
}
