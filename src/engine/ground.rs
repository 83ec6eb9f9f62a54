//! The ground that the past is told from: the book as it stood where the kept measurements begin.
//!
//! Measurements are let go of after a while (`keep_measurements`, `purge`); what was concluded from them
//! stays. Without the book of that time, an incident that began before would be none as soon as statuses
//! are derived again, and the restriction it tells of would be taken for normal.

use serde::{Deserialize, Serialize};

use crate::config::Workspace;
use crate::judge::Judge;
use crate::judge::track;
use crate::model::book::{Book, VantageStatus};
use crate::model::{Incident, Status, Time};
use crate::store::{Filter, IncidentFilter, Reader, Store, StoreError};

use super::again;
use super::derive;

/// Where it is kept (`meta` in the schema).
const KEY: &str = "ground";

/// The book at a time.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Measurements from here on are told; none: all there are.
    pub since: Option<Time>,
    pub book: Book,
}

/// The same, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    since: Time,
    statuses: Vec<Status>,
    incidents: Vec<Incident>,
    vantages: Vec<VantageStatus>,
    next_incident: i64,
    first_letter: bool,
}

impl Ground {
    /// As it is kept; nothing known while no measurement was ever let go of.
    pub fn read(reader: &Reader) -> Result<Self, StoreError> {
        let Some(text) = reader.get_meta(KEY)? else {
            return Ok(Self::default());
        };
        let kept: Kept = serde_json::from_str(&text).map_err(|e| reader.unreadable(KEY, &e))?;
        let statuses = kept.statuses.into_iter().map(|s| (s.key(), s)).collect();
        let mut incidents = kept.incidents;
        incidents.iter_mut().for_each(Incident::fill_phases);
        let incidents = incidents.into_iter().map(|i| (i.id, i)).collect();
        let vantages = kept.vantages.into_iter().map(|v| (v.vantage.clone(), v));
        Ok(Self {
            since: Some(kept.since),
            book: Book {
                statuses,
                incidents,
                next_incident: kept.next_incident,
                vantages: vantages.collect(),
                first_letter: kept.first_letter,
            },
        })
    }

    /// What is told from it: no record twice, none that is about to go.
    #[must_use]
    pub fn filter(&self) -> Filter {
        Filter {
            since: self.since,
            ..Filter::default()
        }
    }

    fn to_text(&self, since: Time) -> Result<String, serde_json::Error> {
        let book = self.book.clone();
        serde_json::to_string(&Kept {
            since,
            statuses: book.statuses.into_values().collect(),
            incidents: book.incidents.into_values().collect(),
            vantages: book.vantages.into_values().collect(),
            next_incident: book.next_incident,
            first_letter: book.first_letter,
        })
    }
}

/// Moves the ground up to `before`, so that the measurements before it can be let go of. Cut short before
/// they are, they are still there and told no more.
pub async fn raise(
    workspace: &Workspace,
    judge: &Judge,
    store: &Store,
    before: Time,
) -> Result<(), StoreError> {
    let raised = raised(workspace, judge, &store.reader()?, before)?;
    match raised {
        Some(text) => store.set_meta(KEY, &text).await,
        None => Ok(()),
    }
}

/// The ground at `until`, when anything was measured between it and the present one.
fn raised(
    workspace: &Workspace,
    judge: &Judge,
    reader: &Reader,
    until: Time,
) -> Result<Option<String>, StoreError> {
    let mut ground = Ground::read(reader)?;
    let filter = Filter {
        until: Some(until),
        ..ground.filter()
    };
    let mut any = false;
    reader.visit_records(&filter, |_| {
        any = true;
        false
    })?;
    if !any {
        return Ok(None);
    }
    let told = again::as_judged(workspace, judge, reader, &filter)?;
    let stored = reader.incidents(&IncidentFilter::default())?;
    let events = reader.events(Time::MIN_UTC, until)?;
    let mut deeds = track::deeds(&events, &stored);
    deeds.retain(|d| d.at() < until && ground.since.is_none_or(|since| d.at() >= since));
    let book = std::mem::take(&mut ground.book);
    let mut replay = derive::tell(workspace, book, told, &deeds).replay;
    let kept = stored.into_iter().map(|i| (i.id, i)).collect();
    track::reconcile(&mut replay, &kept, reader.book()?.next_incident);
    ground.book = replay.book;
    ground
        .to_text(until)
        .map(Some)
        .map_err(|e| reader.unreadable(KEY, &e))
}
