//! The last line of `run` and `status` while mails go to a folder: nobody was mailed.

use std::path::Path;

use crate::i18n::mail::{fill, texts};
use crate::model::settings::Language;

/// "1 new mail in data/outbox (3 in all), none sent."; `new` counts those of this run, `folder`
/// is the path in the configuration.
#[must_use]
pub fn folder_reminder(new: usize, all: usize, folder: &Path, language: Language) -> String {
    let folder = folder.display().to_string();
    let (new, all) = (new.to_string(), all.to_string());
    fill(
        texts(language).say.folder_reminder,
        &[("new", &new), ("n", &all), ("folder", &folder)],
    )
}
