//! The documents of `[links] documents` are imported again once a night.

use std::sync::Arc;

use chrono::{TimeDelta, Timelike as _};

use crate::model::Time;
use crate::model::time::iso;

use super::error::EngineError;
use super::link_import::{ImportOptions, ImportReport, files, import, is_address};
use super::page_import::import_pages;
use super::setup::Engine;

/// The key in the store of the time of the newest nightly import.
const IMPORTED: &str = "link_documents_imported";
/// The shortest time between two nightly imports, at night.
const PAUSE: TimeDelta = TimeDelta::hours(20);
/// After this time the import runs at any hour: the computer may be off at night.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(36);
/// The hours of the night, in the schedule's zone.
const NIGHT: std::ops::Range<u32> = 0..6;

impl Engine {
    /// Imports the documents of `[links] documents` again, once a night; `None` when it is not
    /// time.
    pub async fn import_documents(&self, now: Time) -> Result<Option<ImportReport>, EngineError> {
        let what = &self.workspace.settings.links.documents;
        if what.is_empty() {
            return Ok(None);
        }
        let last = self.store.get_meta(IMPORTED).await?;
        let last = last.and_then(|text| text.parse::<Time>().ok());
        let zone = self.workspace.settings.schedule.timezone;
        let is_night = NIGHT.contains(&now.with_timezone(&zone).hour());
        let is_due = last.is_none_or(|last| {
            let since = (now - last).abs();
            since >= LONGEST_PAUSE || (is_night && since >= PAUSE)
        });
        if !is_due {
            return Ok(None);
        }
        let (workspace, store) = (&self.workspace, &self.store);
        let (addresses, places): (Vec<String>, Vec<String>) =
            what.iter().cloned().partition(|place| is_address(place));
        let place = |place: &String| {
            let path = workspace.dir.join(place);
            path.to_string_lossy().into_owned()
        };
        let places: Vec<String> = places.iter().map(place).collect();
        let (files, unreadable) = files(&places);
        let options = ImportOptions::default();
        let mut report = import(workspace, store, files, &options, now).await?;
        report.unreadable.extend(unreadable);
        let clock = Arc::clone(&self.clock);
        // Boxed: it is rare, and the daemon's future stays small.
        let pages = Box::pin(import_pages(workspace, store, &addresses, &options, clock));
        report.extend(pages.await?);
        self.store.set_meta(IMPORTED, &iso(now)).await?;
        Ok(Some(report))
    }
}
