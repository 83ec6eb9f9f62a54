//! A document on disk: its bytes, as far as documents are read.

use std::path::Path;

use crate::cli::exit::CliError;
use crate::engine::link_import::{self, DocumentError};
use crate::links::read::block::RawDocument;

/// Reads a document, and gives its bytes too.
pub(super) fn read_document(path: &Path) -> Result<(RawDocument, Vec<u8>), CliError> {
    link_import::read_document(path).map_err(|error| match error {
        DocumentError::Io(why) => CliError::io("reading")(why),
        DocumentError::Folder => CliError::Usage(error.to_string()),
        DocumentError::Read(why) => CliError::Work(why.to_string()),
    })
}
