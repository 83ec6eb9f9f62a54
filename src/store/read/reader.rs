//! Reading: a separate connection that cannot write, so that reading never waits for a pass. Calls
//! block; the engine uses [`crate::store::Store`], which runs them outside its threads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::model::event::Event;
use crate::model::last_reading::LastReading;
use crate::model::mail::QueuedMail;
use crate::model::note::Note;
use crate::model::page::History;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::time::from_micros;
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, MeasurementUid, ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::open::read_only::{self, ReadOnlyConnection, Schema, UnchangedFile};
use crate::store::open::{connect, meta};
use crate::store::rows::exported::{FreshnessRow, MeasurementRow, RowFilter, UptimeRow};
use crate::store::rows::incidents::IncidentFilter;
use crate::store::rows::records::StoredRecord;
use crate::store::rows::{
    events, exported, history, incidents, last_readings, notes, outbox, politeness, records,
    statuses, vantages,
};

/// A store opened for reading.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
    still: Option<UnchangedFile>,
}

impl Reader {
    /// Opens the store at `path`, which must exist in this program's schema.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let path = connect::absolute(path);
        let patience = connect::Options::default().busy_timeout;
        Ok(Self::on(
            read_only::open(&path, patience, Schema::Ours)?,
            path,
        ))
    }

    pub(in crate::store) fn on(opened: ReadOnlyConnection, path: PathBuf) -> Self {
        Self {
            connection: opened.connection,
            path,
            still: opened.still,
        }
    }

    /// A reader without a store.
    pub(in crate::store) fn empty(path: PathBuf) -> Result<Self, StoreError> {
        Ok(Self {
            connection: read_only::empty(&path)?,
            path,
            still: None,
        })
    }

    pub(in crate::store) fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on one snapshot, which does not contain later commits.
    pub(in crate::store) fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, InnerError>,
    ) -> Result<T, StoreError> {
        let result = |fault: InnerError| fault.at(&self.path);
        // Reads within a visit of records use the same snapshot.
        let begun = self.connection.is_autocommit();
        let snapshot = begun
            .then(|| self.connection.unchecked_transaction())
            .transpose()
            .map_err(|e| result(e.into()))?;
        let found = work(snapshot.as_deref().unwrap_or(&self.connection));
        // When the file changed in the meantime, neither a result nor an error is valid.
        if let Some(still) = &self.still {
            still.confirm(&self.path).map_err(result)?;
        }
        found.map_err(result)
        // Dropping the snapshot ends it.
    }

    /// Statuses, open incidents and those that ended within 90 days, vantages.
    pub fn tracker_state(&self) -> Result<TrackerState, StoreError> {
        self.read(|c| {
            Ok(TrackerState {
                statuses: statuses::all(c)?
                    .into_iter()
                    .map(|s| ((s.probe.clone(), s.vantage.clone()), s))
                    .collect(),
                incidents: incidents::recent(c)?
                    .into_iter()
                    .map(|i| (i.id, i))
                    .collect(),
                next_incident: incidents::next_id(c)?,
                vantages: vantages::all(c)?
                    .into_iter()
                    .map(|v| (v.vantage.clone(), v))
                    .collect(),
                initial_report: meta::get(c, meta::INITIAL_REPORT)?.is_some(),
            })
        })
    }

    /// Whether the store is unused: nothing was measured or ingested, and nobody said that it
    /// begins anew.
    pub fn is_unused(&self) -> Result<bool, StoreError> {
        self.read(|c| {
            if meta::get(c, meta::BEGUN_ANEW)?.is_some() {
                return Ok(false);
            }
            let used = "SELECT EXISTS (SELECT 1 FROM series) OR EXISTS (SELECT 1 FROM statuses)
                OR EXISTS (SELECT 1 FROM incidents) OR EXISTS (SELECT 1 FROM vantages)";
            Ok(!c.query_row(used, [], |row| row.get::<_, bool>(0))?)
        })
    }

    /// The good values of a probe from one vantage, oldest first: the newest 64 of each name, and
    /// one older value per day for 60 days.
    pub fn history(&self, probe: &ProbeKey, vantage: &VantageId) -> Result<History, StoreError> {
        self.read(|c| history::history(c, probe, vantage, i64::MAX))
    }

    /// What was read of the last page of a probe from one vantage.
    pub fn last_reading(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
    ) -> Result<Option<LastReading>, StoreError> {
        self.read(|c| last_readings::get(c, probe, vantage))
    }

    /// [`Reader::history`] as it was before a time, for judging late records.
    pub fn history_before(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
        before: Time,
    ) -> Result<History, StoreError> {
        self.read(|c| history::history(c, probe, vantage, before.timestamp_micros()))
    }

    /// When the newest round of each (probe, vantage) in a pass began, including skipped rounds. A
    /// round that was interrupted, or made while the vantage did not work, is still due.
    pub fn last_checked(&self) -> Result<BTreeMap<(ProbeKey, VantageId), Time>, StoreError> {
        self.read(|c| {
            let mut statement = c.prepare_cached(LAST_CHECKED_SQL)?;
            let mut rows = statement.query([])?;
            let mut all = BTreeMap::new();
            while let Some(row) = rows.next()? {
                if let Some(us) = row.get::<_, Option<i64>>(3)? {
                    let probe = ProbeKey::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?);
                    all.insert((probe, VantageId(row.get(2)?)), from_micros(us));
                }
            }
            Ok(all)
        })
    }

    /// Back-offs and robots.txt copies.
    pub fn politeness(&self) -> Result<(Vec<BackOff>, Vec<RobotsCopy>), StoreError> {
        self.read(politeness::all)
    }

    /// The incidents that match the filter, oldest first.
    pub fn incidents(&self, filter: &IncidentFilter) -> Result<Vec<Incident>, StoreError> {
        self.read(|c| incidents::select(c, filter))
    }

    /// One incident.
    pub fn incident(&self, id: i64) -> Result<Option<Incident>, StoreError> {
        self.read(|c| incidents::one(c, id))
    }

    /// Events from `since` on and before `until`, oldest first.
    pub fn events(&self, since: Time, until: Time) -> Result<Vec<Event>, StoreError> {
        self.read(|c| events::between(c, since, until))
    }

    /// The newest `most` events of incidents, newest first.
    pub fn incident_events(&self, most: usize) -> Result<Vec<Event>, StoreError> {
        self.read(|c| events::newest_of_incidents(c, most))
    }

    /// All annotations.
    pub fn notes(&self) -> Result<Vec<Note>, StoreError> {
        self.read(notes::all)
    }

    /// The small fact with this key.
    pub fn get_meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        self.read(|c| meta::get(c, key))
    }

    /// Unsent mails that are due.
    pub fn due_mails(&self, now: Time) -> Result<Vec<QueuedMail>, StoreError> {
        self.read(|c| outbox::due(c, now))
    }

    /// Unsent mails, due or not.
    pub fn queue(&self) -> Result<Vec<QueuedMail>, StoreError> {
        self.read(outbox::waiting)
    }

    /// The newest `most` sent mails, newest first.
    pub fn sent(&self, most: u32) -> Result<Vec<QueuedMail>, StoreError> {
        self.read(|c| outbox::sent(c, most))
    }

    /// The number of unsent mails, due or not.
    pub fn unsent_mails(&self) -> Result<u64, StoreError> {
        self.read(outbox::unsent_count)
    }

    /// Since when a tried mail is queued without any mail being accepted.
    pub fn mail_stuck_since(&self) -> Result<Option<Time>, StoreError> {
        self.read(outbox::stuck_since)
    }

    /// The mails given up since `since`, because a server took them whole and never answered.
    pub fn unanswered_mails(&self, since: Time) -> Result<u64, StoreError> {
        self.read(|c| outbox::unanswered_count(c, since))
    }

    /// When the next mail is due.
    pub fn next_mail(&self) -> Result<Option<Time>, StoreError> {
        self.read(outbox::next_due)
    }

    /// When the newest mail of each incident was composed.
    pub fn last_mailed(&self) -> Result<BTreeMap<i64, Time>, StoreError> {
        self.read(outbox::last_mailed)
    }

    /// How many mails were sent.
    pub fn sent_mails(&self) -> Result<u64, StoreError> {
        self.read(outbox::sent_count)
    }

    /// Passes the matching measurements to `each`, oldest first, until it returns false.
    pub fn visit_measurements(
        &self,
        filter: &RowFilter,
        mut each: impl FnMut(MeasurementRow) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| exported::measurements(c, filter, &mut each))
    }

    /// Passes the matching whole records to `each`, including controls, in order of time, attempt
    /// and uid, until it returns false.
    pub fn visit_records(
        &self,
        filter: &RowFilter,
        mut each: impl FnMut(StoredRecord) -> bool,
    ) -> Result<(), StoreError> {
        self.read(|c| records::visit(c, filter, &mut each))
    }

    /// The record of one measurement.
    pub fn record(&self, uid: &MeasurementUid) -> Result<Option<StoredRecord>, StoreError> {
        self.read(|c| records::one(c, uid))
    }

    /// The newest `ok` measurement of a probe from one vantage.
    pub fn last_healthy(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        self.read(|c| records::last_healthy(c, probe, vantage))
    }

    /// SHA-256 (hex) of the bodies of these measurements; those without a body are left out.
    pub fn body_hashes(
        &self,
        uids: &[MeasurementUid],
    ) -> Result<BTreeMap<MeasurementUid, String>, StoreError> {
        self.read(|c| records::body_hashes(c, uids))
    }

    /// Daily counts, in the order of source, probe, vantage, day.
    pub fn uptime(&self, filter: &RowFilter) -> Result<Vec<UptimeRow>, StoreError> {
        self.read(|c| exported::uptime(c, filter))
    }

    /// Daily values, in the order of source, probe, value, day.
    pub fn freshness(&self, filter: &RowFilter) -> Result<Vec<FreshnessRow>, StoreError> {
        self.read(|c| exported::freshness(c, filter))
    }

    /// The vantages in the order of their first appearance, for exports without their names.
    pub fn vantage_order(&self) -> Result<Vec<VantageId>, StoreError> {
        self.read(|c| {
            let mut statement =
                c.prepare_cached("SELECT vantage FROM series GROUP BY vantage ORDER BY min(id)")?;
            let rows = statement.query_map([], |row| Ok(VantageId(row.get(0)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

pub(in crate::store) const LAST_CHECKED_SQL: &str =
    "SELECT source, probe, vantage, checked_us FROM series
     WHERE control = 0 AND source <> ''";
