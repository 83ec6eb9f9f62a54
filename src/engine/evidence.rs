//! Evidence of changes: the exchange that decided and the last healthy one before it go into files,
//! each once, and are on disk before anything refers to them (evidence.md section 1).

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Workspace;
use crate::evidence::EvidenceFiles;
use crate::evidence::exchange::{self, EarlierPayload, Kept};
use crate::evidence::warc::{Record, RecordId, RecordKind, RecordPlace, Series};
use crate::model::tracker_state::TrackerState;
use crate::model::{Code, MeasurementUid, Observation, ProbeKey, Status, Time, Vantage, VantageId};
use crate::store::{
    BodyState, EvidenceExchange, EvidenceRecord, NewEvidence, Reader, StatusChange, Store,
    StoreError, StoredRecord,
};
use crate::track::sibling::SiblingVerdict;

use super::error::EngineError;
use super::ports::PassStore;
use super::setup::Engine;

/// The codes of all statuses.
pub(super) type Codes = HashMap<(ProbeKey, VantageId), Code>;

/// What was written, and the problems that the operator should know.
#[derive(Debug, Default)]
pub(super) struct WrittenEvidence {
    pub new: NewEvidence,
    pub notes: Vec<String>,
}

/// What is to be written.
#[derive(Debug, Default)]
pub(super) struct WantedEvidence {
    pub changes: Vec<StatusChange>,
    /// What incidents rest on.
    pub cited: Vec<MeasurementUid>,
    /// The verdicts that the pass changed; the store does not have them yet.
    pub reconsidered: HashMap<MeasurementUid, Observation>,
}

/// The codes before a pass.
pub(super) fn codes(tracker: &TrackerState) -> Codes {
    let code =
        |(key, status): (&(ProbeKey, VantageId), &Status)| (key.clone(), status.observed.code);
    tracker.statuses.iter().map(code).collect()
}

/// The statuses with a new code, and new statuses.
pub(super) fn changes<'a>(
    before: &Codes,
    after: impl IntoIterator<Item = &'a Status>,
) -> Vec<StatusChange> {
    let change = |status: &Status| {
        let from = before.get(&status.key()).copied();
        let uid = status.measurement.clone()?;
        (from != Some(status.observed.code)).then(|| StatusChange {
            probe: status.probe.clone(),
            vantage: status.vantage.clone(),
            at: status.since,
            from,
            to: status.observed.code,
            uid,
            healthy: None,
        })
    };
    after.into_iter().filter_map(change).collect()
}

impl<M, S: PassStore> Engine<M, S> {
    /// Writes the exchanges that prove `changes`, those that are `cited`, and those that could not
    /// be written before. A pass does not fail when the folder cannot be written: the exchanges are
    /// kept for the next pass.
    pub(super) async fn write_evidence(
        &self,
        changes: Vec<StatusChange>,
        cited: Vec<MeasurementUid>,
        reconsidered: &[SiblingVerdict],
        now: Time,
    ) -> Result<WrittenEvidence, EngineError> {
        let Some(store) = self.store.evidence_store() else {
            return Ok(WrittenEvidence::default());
        };
        let vantages = self.workspace.settings.vantages.clone();
        let wanted = WantedEvidence {
            changes,
            cited,
            reconsidered: reconsidered.iter().cloned().collect(),
        };
        let mut written = write(store, &self.evidence, vantages, wanted, now).await?;
        let waiting = std::mem::take(&mut *lock(&self.evidence_notes));
        written.notes.splice(0..0, waiting);
        Ok(written)
    }

    /// Notes problems outside a pass, for the report of the next pass.
    pub(super) fn note_evidence(&self, notes: Vec<String>) {
        lock(&self.evidence_notes).extend(notes);
    }

    /// What was written is referred to.
    pub(super) fn evidence_committed(&self) {
        committed(&self.evidence);
    }
}

/// What was written is referred to.
pub(super) fn committed(files: &Mutex<EvidenceFiles>) {
    lock(files).committed();
}

/// See [`Engine::write_evidence`].
pub(super) async fn write(
    store: &Store,
    files: &Arc<Mutex<EvidenceFiles>>,
    vantages: Vec<Vantage>,
    wanted: WantedEvidence,
    now: Time,
) -> Result<WrittenEvidence, EngineError> {
    let files = Arc::clone(files);
    let work = move |reader: &Reader| {
        let mut files = lock(&files);
        let writing = Writing {
            reader,
            files: &mut files,
            vantages: &vantages,
            reconsidered: wanted.reconsidered,
            now,
            written: WrittenEvidence::default(),
            payloads: HashMap::new(),
        };
        writing.run(wanted.changes, wanted.cited)
    };
    Ok(store.with_reader(work).await?)
}

/// Removes the files of evidence that are older than a time and that nothing needs; returns how
/// many files were removed.
pub async fn remove_before(
    store: &Store,
    folder: &Path,
    before: Time,
) -> Result<usize, EngineError> {
    let files = store.forget_evidence(before).await?;
    for name in &files {
        let path = folder.join(name);
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!("{}: cannot be removed: {error}", path.display());
        }
    }
    Ok(files.len())
}

/// Writes, outside a pass, the evidence of what changed since `before`, and stores the references
/// to it. Returns the problems with the files.
pub(super) async fn keep_changes(
    workspace: &Workspace,
    store: &Store,
    before: &Codes,
    now: Time,
) -> Result<Vec<String>, EngineError> {
    let folder = &workspace.settings.store.evidence;
    let files = Arc::new(Mutex::new(EvidenceFiles::new(folder, Series::Status)));
    let after = store.tracker_state().await?;
    let changes = changes(before, after.statuses.values());
    let vantages = workspace.settings.vantages.clone();
    let wanted = WantedEvidence {
        changes,
        ..WantedEvidence::default()
    };
    let written = write(store, &files, vantages, wanted, now).await?;
    store.add_evidence(written.new).await?;
    Ok(written.notes)
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Writing<'a> {
    reader: &'a Reader,
    files: &'a mut EvidenceFiles,
    vantages: &'a [Vantage],
    /// See [`WantedEvidence`].
    reconsidered: HashMap<MeasurementUid, Observation>,
    now: Time,
    written: WrittenEvidence,
    /// The payloads that were written, by digest.
    payloads: HashMap<String, EarlierPayload>,
}

impl Writing<'_> {
    fn run(
        mut self,
        mut changes: Vec<StatusChange>,
        cited: Vec<MeasurementUid>,
    ) -> Result<WrittenEvidence, StoreError> {
        for change in &mut changes {
            let (probe, vantage) = (&change.probe, &change.vantage);
            change.at = self.reader.began(&change.uid)?.unwrap_or(change.at);
            let (uid, at) = (&change.uid, change.at);
            change.healthy = self.reader.last_healthy_before(probe, vantage, uid, at)?;
        }
        self.recover()?;
        let wanted = self.wanted(&changes, &cited)?;
        self.written.new.changes = changes;
        self.written.new.cited = cited;
        for uid in wanted {
            let Some(mut record) = self.reader.exchange(&uid)? else {
                self.written.new.lost.push(uid);
                continue;
            };
            if let Some(observed) = self.reconsidered.get(&uid) {
                record.observed = observed.clone();
            }
            if !self.append(&record) {
                break;
            }
        }
        if let Err(error) = self.files.sync() {
            // Whether it is on disk is not known: nothing may refer to it.
            self.written.new.exchanges.clear();
            self.written.notes.push(error.to_string());
        }
        Ok(self.written)
    }

    /// What the changes rest on and what is missing, except what is already in a file. The last
    /// healthy exchange of a change comes before the one that decided.
    fn wanted(
        &mut self,
        changes: &[StatusChange],
        cited: &[MeasurementUid],
    ) -> Result<Vec<MeasurementUid>, StoreError> {
        let mut seen = BTreeSet::new();
        // What is missing is left to the writer of the statuses, so that it is written once.
        let mut wanted = match self.files.series() {
            Series::Status => self.reader.missing_evidence()?,
            Series::Links | Series::Copies => Vec::new(),
        };
        // What is on disk already is referred to now, so that it is never written again.
        wanted.extend(self.files.found().into_iter().map(MeasurementUid));
        for change in changes {
            wanted.extend(change.healthy.clone());
            wanted.push(change.uid.clone());
        }
        wanted.extend(cited.iter().cloned());
        wanted.retain(|uid| seen.insert(uid.clone()));
        let mut left = Vec::new();
        for uid in wanted {
            if !self.reader.has_evidence(&uid)? {
                left.push(uid);
            }
        }
        Ok(left)
    }

    fn recover(&mut self) -> Result<(), StoreError> {
        let moved = match self.files.has_changed() {
            Ok(false) => return Ok(()),
            Ok(true) => self.files.recover(&self.reader.evidence_files()?),
            Err(error) => Err(error),
        };
        match moved {
            Ok(moved) => self.written.notes.extend(moved.iter().map(|path| {
                let path = path.display();
                format!("a record of evidence was cut short when the program ended; the part that was there is in {path}")
            })),
            Err(error) => self
                .written
                .notes
                .push(format!("the folder of evidence cannot be read: {error}")),
        }
        Ok(())
    }

    /// Appends the records of an exchange; false when that failed.
    fn append(&mut self, record: &StoredRecord) -> bool {
        let kept = Kept {
            measurement: &record.measurement,
            observed: Some(&record.observed),
            without_body: match record.body {
                BodyState::Whole => None,
                BodyState::Head => Some("store_body"),
                BodyState::Purged => Some("keep_bodies"),
            },
            vantage: self.vantages.iter().find(|v| v.id == record.place.vantage),
        };
        let records = exchange::records(&kept, |digest| {
            let known = || self.reader.evidence_of_payload(digest).ok().flatten();
            let fresh = self.payloads.get(digest).cloned();
            fresh.or_else(|| earlier(&known()?))
        });
        let mut exchange = EvidenceExchange {
            uid: record.uid.clone(),
            link: record.measurement.link(),
            probe: record.place.probe.clone(),
            vantage: record.place.vantage.clone(),
            at: record.started,
            code: record.observed.code,
            records: Vec::with_capacity(records.len()),
        };
        let mut hop = 0;
        for record in &records {
            match self.files.append(record, self.now) {
                Ok(place) => exchange.records.push(referred(record, hop, place)),
                Err(error) => {
                    self.written.notes.push(error.to_string());
                    return false;
                }
            }
            hop += u32::from(record.kind() == RecordKind::Request);
        }
        for record in &exchange.records {
            if let (Some(digest), Some(payload)) = (&record.payload, earlier(record)) {
                self.payloads.insert(digest.clone(), payload);
            }
        }
        self.written.new.exchanges.push(exchange);
        true
    }
}

/// The payload of a record that holds one.
fn earlier(record: &EvidenceRecord) -> Option<EarlierPayload> {
    if record.kind != RecordKind::Response.as_str() {
        return None;
    }
    Some(EarlierPayload {
        record: RecordId(record.id.strip_prefix("urn:uuid:")?.parse().ok()?),
        url: record.url.clone(),
        date: record.at,
    })
}

fn referred(record: &Record, hop: u32, place: RecordPlace) -> EvidenceRecord {
    let bare = |text: &str| text.trim_matches(['<', '>']).to_owned();
    let refers_to = match record.kind() {
        RecordKind::Revisit => record.field("WARC-Refers-To").map(bare),
        _ => None,
    };
    EvidenceRecord {
        id: record.id().to_string(),
        hop,
        kind: record.kind().as_str().to_owned(),
        url: record
            .field("WARC-Target-URI")
            .map(|url| url.strip_prefix(exchange::METADATA_OF).unwrap_or(url))
            .unwrap_or_default()
            .to_owned(),
        at: record.date(),
        payload: record.field("WARC-Payload-Digest").map(str::to_owned),
        refers_to,
        file: place.file,
        offset: place.offset,
        length: place.length,
    }
}
