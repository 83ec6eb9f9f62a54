//! A document on disk: its bytes, as far as documents are read.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::cli::exit::CliError;
use crate::links::read::block::RawDocument;
use crate::links::read::{self, Limits, ReadError};

/// Reads a document, and gives its bytes too.
pub(super) fn read_document(path: &Path) -> Result<(RawDocument, Vec<u8>), CliError> {
    let bytes = document_bytes(path)?;
    let name = path.to_string_lossy();
    let document = read::read(&bytes, &name).map_err(|why| unreadable(&why))?;
    Ok((document, bytes))
}

fn unreadable(error: &ReadError) -> CliError {
    CliError::Work(error.to_string())
}

/// The bytes of a document, as far as documents are read.
pub(super) fn document_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    let failed = || CliError::io("reading");
    let file = File::open(path).map_err(failed())?;
    if file.metadata().is_ok_and(|m| m.is_dir()) {
        let error = "this is a folder; name its files";
        return Err(CliError::Usage(error.to_owned()));
    }
    let limit = Limits::DEFAULT.file_bytes;
    let mut bytes = Vec::new();
    file.take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(failed())?;
    Limits::bound("the file", bytes.len() as u64, limit).map_err(|why| unreadable(&why))?;
    Ok(bytes)
}
