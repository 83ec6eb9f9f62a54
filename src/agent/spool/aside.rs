//! Records that the hub will never take: set aside in a file, each with its reason, so that those
//! after them are sent.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::Path;

use serde::Serialize;
use serde_json::value::RawValue;

/// The file, in the folder of the spool.
pub const REFUSED: &str = "refused.jsonl";
/// The file grows no further than this; later records are only logged.
const MOST: u64 = 64 * 1024 * 1024;

#[derive(Serialize)]
struct RefusedLine<'a> {
    why: &'a str,
    record: &'a RawValue,
}

/// Sets a record aside; it is on disk when this returns.
pub fn put(dir: &Path, record: &RawValue, why: &str) -> io::Result<()> {
    let path = dir.join(REFUSED);
    let mut bytes = serde_json::to_vec(&RefusedLine { why, record }).map_err(io::Error::other)?;
    bytes.push(b'\n');
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let len = file.metadata()?.len();
    let path = path.display();
    if len + bytes.len() as u64 > MOST {
        tracing::error!("a record is left out, and {path} is full: {why}");
        return Ok(());
    }
    let written = file.write_all(&bytes).and_then(|()| file.sync_data());
    if let Err(error) = written {
        // The next line must not follow half a line.
        file.set_len(len)?;
        return Err(error);
    }
    tracing::error!("a record is set aside in {path}: {why}");
    Ok(())
}
