//! The documents of `[links] documents` are imported again once a night.

use std::sync::Arc;

use chrono::{TimeDelta, Timelike as _};

use crate::model::Time;
use crate::model::time::iso;

use super::error::EngineError;
use super::link_import::{ImportOptions, ImportReport, files, import, is_address};
use super::page_import::import_part;
use super::pages_left::PagesLeft;
use super::setup::Engine;

/// The key in the store of the time of the newest nightly import.
const IMPORTED: &str = "link_documents_imported";
/// The key in the store of the pages that wait for the next part of an import.
const LEFT: &str = "link_documents_left";
/// How long a part of an import may fetch pages: passes, mails and checks of links go on between.
pub const IMPORT_PART: TimeDelta = TimeDelta::minutes(5);
/// The shortest time between two nightly imports, at night.
const PAUSE: TimeDelta = TimeDelta::hours(20);
/// After this time the import runs at any hour: the computer may be off at night.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(36);
/// The hours of the night, in the schedule's zone.
const NIGHT: std::ops::Range<u32> = 0..6;

impl Engine {
    /// Imports the documents of `[links] documents` again, once a night; `None` when it is not
    /// time. What a site lists may take days to fetch: the pages that are left at `until` wait for
    /// the next call.
    pub async fn import_documents(&self, until: Time) -> Result<Option<ImportReport>, EngineError> {
        let now = self.clock.now();
        let what = &self.workspace.settings.links.documents;
        if what.is_empty() {
            return Ok(None);
        }
        let (addresses, places): (Vec<String>, Vec<String>) =
            what.iter().cloned().partition(|place| is_address(place));
        let is_due = self.is_import_due(now).await?;
        let mut left = self.pages_left(&addresses).await?;
        let mut report = ImportReport::default();
        if is_due {
            report = self.import_files(places, now).await?;
            if left.is_none() && !addresses.is_empty() {
                left = Some(PagesLeft::all(&addresses));
                self.keep_left(left.as_ref()).await?;
            }
            self.store.set_meta(IMPORTED, &iso(now)).await?;
        }
        let Some(left) = left else {
            return Ok(is_due.then_some(report));
        };
        let (workspace, store) = (&self.workspace, &self.store);
        let (options, clock) = (ImportOptions::default(), Arc::clone(&self.clock));
        // Boxed: it is rare, and the daemon's future stays small.
        let part = import_part(workspace, store, left, &options, clock, Some(until));
        let (pages, left) = Box::pin(part).await?;
        report.extend(pages);
        report.waiting = left.as_ref().map_or(0, PagesLeft::count);
        self.keep_left(left.as_ref()).await?;
        Ok(Some(report))
    }

    async fn is_import_due(&self, now: Time) -> Result<bool, EngineError> {
        let last = self.store.get_meta(IMPORTED).await?;
        let last = last.and_then(|text| text.parse::<Time>().ok());
        let zone = self.workspace.settings.schedule.timezone;
        let is_night = NIGHT.contains(&now.with_timezone(&zone).hour());
        Ok(last.is_none_or(|last| {
            let since = (now - last).abs();
            since >= LONGEST_PAUSE || (is_night && since >= PAUSE)
        }))
    }

    async fn import_files(
        &self,
        places: Vec<String>,
        now: Time,
    ) -> Result<ImportReport, EngineError> {
        let workspace = &self.workspace;
        let place = |place: String| {
            let path = workspace.dir.join(place);
            path.to_string_lossy().into_owned()
        };
        let places: Vec<String> = places.into_iter().map(place).collect();
        let (files, unreadable) = files(&places);
        let options = ImportOptions::default();
        let mut report = import(workspace, &self.store, files, &options, now).await?;
        report.unreadable.extend(unreadable);
        Ok(report)
    }

    /// What is left of the newest import of these addresses.
    async fn pages_left(&self, addresses: &[String]) -> Result<Option<PagesLeft>, EngineError> {
        let stored = self.store.get_meta(LEFT).await?;
        let left = stored.and_then(|text| serde_json::from_str::<PagesLeft>(&text).ok());
        Ok(left.filter(|left| left.named == addresses))
    }

    async fn keep_left(&self, left: Option<&PagesLeft>) -> Result<(), EngineError> {
        // A text that cannot be read is nothing that is left.
        let text = left.and_then(|left| serde_json::to_string(left).ok());
        Ok(self.store.set_meta(LEFT, &text.unwrap_or_default()).await?)
    }
}
