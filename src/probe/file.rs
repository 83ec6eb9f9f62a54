//! `file:` probes: a file that the library's own licensed job writes is read like an answer.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use crate::model::Failure;
use crate::model::measurement::{Body, HeaderText, Request, RequestSent, Response};

/// Reads `path`, relative to the workspace `dir`, up to `limit` bytes. Returns the answer and the
/// file's total size.
///
/// A file outside the workspace, also through a symbolic link, counts as missing.
pub(super) fn read(dir: &Path, path: &Path, limit: u64) -> (Request, u64) {
    let mut request = Request {
        request: RequestSent {
            method: "GET".to_owned(),
            url: format!("file:{}", path.display()),
            headers_list: Vec::new(),
        },
        ..Request::default()
    };
    if let Ok((response, size)) = open(dir, path, limit) {
        request.response = response;
        (request, size)
    } else {
        request.failure = Some(Failure::FILE_UNREADABLE.into());
        (request, 0)
    }
}

/// Opens a watched file, and returns its resolved path.
///
/// # Errors
/// The file is missing, outside the workspace, not a regular file, or not readable.
pub fn open_watched(dir: &Path, path: &Path) -> io::Result<(File, PathBuf)> {
    let full = dir.join(path).canonicalize()?;
    let inside = full.starts_with(dir.canonicalize()?);
    // Reading a pipe or a device might never end.
    if !inside || !full.metadata()?.is_file() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok((File::open(&full)?, full))
}

fn open(dir: &Path, path: &Path, limit: u64) -> io::Result<(Response, u64)> {
    let (file, full) = open_watched(dir, path)?;
    let facts = file.metadata()?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    let kept = usize::try_from(limit).unwrap_or(usize::MAX);
    let truncated = bytes.len() > kept;
    bytes.truncate(kept);
    let mut headers = vec![("Content-Type", content_type(&full).to_owned())];
    if let Ok(changed) = facts.modified() {
        let changed: DateTime<Utc> = changed.into();
        headers.push((
            "Last-Modified",
            changed.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
        ));
    }
    let response = Response {
        code: 200,
        headers_list: headers
            .into_iter()
            .map(|(name, value)| (HeaderText(name.to_owned()), HeaderText(value)))
            .collect(),
        body: Body(bytes.into()),
        body_is_truncated: truncated,
    };
    Ok((response, facts.len().max(read)))
}

fn content_type(path: &Path) -> &'static str {
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default();
    match extension.to_ascii_lowercase().as_str() {
        "json" => "application/json",
        "html" | "htm" => "text/html",
        "xml" => "application/xml",
        "csv" => "text/csv",
        "txt" | "log" => "text/plain",
        _ => "application/octet-stream",
    }
}
