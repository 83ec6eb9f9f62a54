//! The line that ends `run` and `status` while mails go to a folder: nobody was told.

use std::path::Path;

use crate::i18n::mail::{fill, texts};
use crate::model::settings::Language;

/// "3 mails written to data/outbox, none sent."; `folder` as the configuration states it.
#[must_use]
pub fn folder_reminder(mails: usize, folder: &Path, language: Language) -> String {
    let folder = folder.display().to_string();
    fill(
        texts(language).say.folder_reminder,
        &[("n", &mails.to_string()), ("folder", &folder)],
    )
}
