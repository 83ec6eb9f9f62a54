//! A mark next to the database that it was used. The mark outlives the database, so that a lost
//! database is noticed.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

const NAME: &str = "accesswatch.used";

const TEXT: &str = "Observations were stored in the database beside this file. While this file is there and the\n\
    database is not, `accesswatch run` does nothing until the database is put back, or until\n\
    `accesswatch run --begin-anew` says that it is to begin anew.\n";

/// The path of the mark of the store at `store`.
#[must_use]
pub fn stamp_of(store: &Path) -> PathBuf {
    store.with_file_name(NAME)
}

/// Creates the mark if it does not exist. A failure is ignored, because only the records matter.
pub fn stamp(store: &Path) {
    let path = stamp_of(store);
    if !path.exists() {
        let made = File::create_new(path).and_then(|mut file| file.write_all(TEXT.as_bytes()));
        if let Err(error) = made {
            tracing::debug!(%error, "no mark of use was made next to the database");
        }
    }
}
