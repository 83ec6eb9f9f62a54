//! What is to be printed, and what comes of it.

use std::path::PathBuf;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::model::settings::Language;
use crate::model::{Catalogue, Settings, Source, SourceId, Time};
use crate::report::error::ExportError;
use crate::schedule::calendar::Calendars;

/// Which sources a report is about; both conditions hold where both are given.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReportScope {
    pub group: Option<String>,
    pub source: Option<SourceId>,
}

impl ReportScope {
    /// Whether a source is in it.
    #[must_use]
    pub fn covers(&self, source: &Source) -> bool {
        self.group
            .as_ref()
            .is_none_or(|group| source.group == *group)
            && self.source.as_ref().is_none_or(|id| source.id == *id)
    }

    /// Whether the source with this id is in it.
    #[must_use]
    pub fn covers_id(&self, id: &SourceId, catalogue: &Catalogue) -> bool {
        match catalogue.source(id) {
            Some(source) => self.covers(source),
            // A source that was removed has no group any more.
            None => self.group.is_none() && self.source.as_ref().is_none_or(|own| own == id),
        }
    }
}

/// What is to be printed.
pub struct ReportRequest<'a> {
    /// The first UTC day.
    pub from: NaiveDate,
    /// The last UTC day.
    pub to: NaiveDate,
    pub language: Language,
    /// The zone of times; days in figures are UTC days.
    pub zone: Tz,
    pub scope: ReportScope,
    pub catalogue: &'a Catalogue,
    pub calendars: &'a Calendars,
    pub settings: &'a Settings,
}

/// A report, and the files of its tables.
#[derive(Debug)]
pub struct PrintedReport {
    pub html: String,
    pub tables: Vec<PathBuf>,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Table(#[from] ExportError),
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
}

impl From<crate::store::StoreError> for ReportError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Table(error.into())
    }
}

/// The instant at which a UTC day begins.
#[must_use]
pub fn midnight(day: NaiveDate) -> Time {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}
