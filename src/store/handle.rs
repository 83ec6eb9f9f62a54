//! The store as the engine uses it: one writer, and readers outside the runtime's threads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::model::event::{Event, PassOutcome};
use crate::model::mail::{MailFailure, NewMail, QueuedMail, SettledMail};
use crate::model::note::Note;
use crate::model::page::History;
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::tracker_state::TrackerState;
use crate::model::{Incident, ProbeKey, Time, VantageId};
use crate::store::error::{InnerError, StoreError};
use crate::store::open::connect::{self, Options};
use crate::store::open::read_only::{self, Schema};
use crate::store::open::stats::StoreStats;
use crate::store::open::{meta, stamp};
use crate::store::read::reader::Reader;
use crate::store::rows::incidents::IncidentFilter;
use crate::store::rows::periodic_mails::PeriodicMail;
use crate::store::rows::records::StoredRecord;
use crate::store::rows::{notes, outbox, periodic_mails, politeness};
use crate::store::write::input::{NewMeasurement, PassCommit};
use crate::store::write::insert::WriteSession;
use crate::store::write::writer::{Durability, Writer};
use crate::store::write::{commit, prepare};

/// How many reads run at once, and how many reading connections stay open between calls: more would
/// wait for the same disk, each with its own cache and thread.
const READERS: usize = 4;

/// An open store. Clones share it; the drop of the last one finishes writing and closes the file.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    // Readers are closed before the writer, which then folds the log into the file.
    readers: Mutex<Vec<Reader>>,
    turns: Semaphore,
    writer: Option<Writer>,
    access: Access,
    path: PathBuf,
    options: Options,
}

/// What a store was opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Write,
    Read(Schema),
    /// There is no file: reads see an empty store.
    Nothing,
}

impl Store {
    /// Opens the store at `path`, creates it if it does not exist, and migrates an older one.
    ///
    /// # Errors
    /// A file of a newer version, another program's file, a damaged or locked one, a folder that
    /// may not be written: see [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, Options::default())
    }

    /// [`Store::open`] with other limits.
    pub fn open_with(path: &Path, options: Options) -> Result<Self, StoreError> {
        let path = connect::absolute(path);
        let connection = connect::writer(&path, &options)?;
        let writer = Writer::start(connection, path.clone())?;
        Ok(Self::with(Some(writer), Access::Write, path, options))
    }

    /// Opens the store at `path` read-only: nothing is created or changed, and no write permission
    /// is needed. Without a store, reads see an empty one. Every write is [`StoreError::ReadOnly`].
    ///
    /// # Errors
    /// As [`Store::open`]; also for a file of an older version, which is not migrated here.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        Self::opened_to_read(path, Access::Read(Schema::Ours)).or_else(|error| match error {
            StoreError::Missing { path } => Self::opened_to_read(&path, Access::Nothing),
            error => Err(error),
        })
    }

    /// Opens the store at `path` for [`Store::backup`]: like [`Store::open_read_only`], for any
    /// known version; the store must exist.
    pub fn open_for_backup(path: &Path) -> Result<Self, StoreError> {
        Self::opened_to_read(path, Access::Read(Schema::OursOrOlder))
    }

    fn opened_to_read(path: &Path, access: Access) -> Result<Self, StoreError> {
        let path = connect::absolute(path);
        let store = Self::with(None, access, path, Options::default());
        let first = store.reader()?;
        lock(&store.inner.readers).push(first);
        Ok(store)
    }

    fn with(writer: Option<Writer>, access: Access, path: PathBuf, options: Options) -> Self {
        Self {
            inner: Arc::new(Inner {
                readers: Mutex::new(Vec::new()),
                turns: Semaphore::new(READERS),
                writer,
                access,
                path,
                options,
            }),
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// A separate reader, for calls that block.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        let idle = lock(&self.inner.readers).pop();
        if let Some(reader) = idle {
            return Ok(reader);
        }
        let path = self.inner.path.clone();
        let schema = match self.inner.access {
            Access::Nothing => return Reader::empty(path),
            Access::Write => Schema::Ours,
            Access::Read(schema) => schema,
        };
        let opened = read_only::open(&path, self.inner.options.busy_timeout, schema)?;
        Ok(Reader::on(opened, path))
    }

    /// Runs `work` with a reader on a thread that may block.
    pub async fn with_reader<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        let turn = self.inner.turns.acquire().await;
        let _turn = turn.map_err(|_| StoreError::Closed)?;
        let task = tokio::task::spawn_blocking(move || {
            let reader = store.reader()?;
            let result = work(&reader);
            let mut idle = lock(&store.inner.readers);
            if idle.len() < READERS {
                idle.push(reader);
            }
            result
        });
        task.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) fn writer(&self) -> Result<&Writer, StoreError> {
        self.inner
            .writer
            .as_ref()
            .ok_or_else(|| StoreError::ReadOnly {
                path: self.inner.path.clone(),
            })
    }

    pub(super) async fn write<T, F>(&self, durability: Durability, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteSession) -> Result<T, InnerError> + Send + 'static,
    {
        self.writer()?.write(durability, work).await
    }

    pub(super) async fn outside_transaction<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteSession) -> Result<T, InnerError> + Send + 'static,
    {
        self.writer()?.outside_transaction(work).await
    }

    /// Stores measurements; returns how many were new, after they are committed. A killed process
    /// loses none of them; a power cut may lose those since the last pass.
    pub async fn add(&self, measurements: Vec<NewMeasurement>) -> Result<u64, StoreError> {
        let prepared = measurements
            .into_iter()
            .map(prepare::prepare)
            .collect::<Result<Vec<_>, InnerError>>()
            .map_err(|fault| fault.at(&self.inner.path))?;
        self.writer()?
            .write_repeatably(Durability::Soon, move |session| session.add(&prepared))
            .await
    }

    /// Stores back-offs and robots.txt copies before their pass ends.
    pub async fn save_politeness(
        &self,
        back_offs: Vec<BackOff>,
        robots: Vec<RobotsCopy>,
        now: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Soon, move |session| {
            politeness::put(&session.connection, &back_offs, &robots, now)
        })
        .await
    }

    /// Removes the copies of robots.txt of these origins.
    pub async fn forget_robots(&self, origins: Vec<String>) -> Result<(), StoreError> {
        self.write(Durability::Soon, move |session| {
            politeness::forget_robots(&session.connection, &origins)
        })
        .await
    }

    /// Writes what a pass changed, all or nothing; when this returns, it and every measurement
    /// before it survive a power cut.
    pub async fn commit(&self, pass: impl Into<Arc<PassCommit>>) -> Result<(), StoreError> {
        let pass = pass.into();
        self.write(Durability::Now, move |session| {
            commit::commit(session, &pass)
        })
        .await?;
        stamp::stamp(&self.inner.path);
        Ok(())
    }

    /// Records that a person says the store begins anew.
    pub async fn begin_anew(&self, now: Time) -> Result<(), StoreError> {
        self.set_meta(meta::BEGUN_ANEW, &now.to_rfc3339()).await
    }

    /// See [`Reader::tracker_state`].
    pub async fn tracker_state(&self) -> Result<TrackerState, StoreError> {
        self.with_reader(Reader::tracker_state).await
    }

    /// See [`Reader::history`].
    pub async fn history(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
    ) -> Result<History, StoreError> {
        let (probe, vantage) = (probe.clone(), vantage.clone());
        self.with_reader(move |r| r.history(&probe, &vantage)).await
    }

    /// See [`Reader::last_healthy`].
    pub async fn last_healthy(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
    ) -> Result<Option<StoredRecord>, StoreError> {
        let (probe, vantage) = (probe.clone(), vantage.clone());
        self.with_reader(move |r| r.last_healthy(&probe, &vantage))
            .await
    }

    /// See [`Reader::last_checked`].
    pub async fn last_checked(&self) -> Result<BTreeMap<(ProbeKey, VantageId), Time>, StoreError> {
        self.with_reader(Reader::last_checked).await
    }

    /// See [`Reader::politeness`].
    pub async fn politeness(&self) -> Result<(Vec<BackOff>, Vec<RobotsCopy>), StoreError> {
        self.with_reader(Reader::politeness).await
    }

    /// Unsent mails that are due.
    pub async fn due_mails(&self, now: Time) -> Result<Vec<QueuedMail>, StoreError> {
        self.with_reader(move |r| r.due_mails(now)).await
    }

    /// Unsent mails, due or not.
    pub async fn queue(&self) -> Result<Vec<QueuedMail>, StoreError> {
        self.with_reader(Reader::queue).await
    }

    /// The number of unsent mails, due or not.
    pub async fn unsent_mails(&self) -> Result<u64, StoreError> {
        self.with_reader(Reader::unsent_mails).await
    }

    /// See [`Reader::last_mailed`].
    pub async fn last_mailed(&self) -> Result<BTreeMap<i64, Time>, StoreError> {
        self.with_reader(Reader::last_mailed).await
    }

    /// When the next mail is due.
    pub async fn next_mail(&self) -> Result<Option<Time>, StoreError> {
        self.with_reader(Reader::next_mail).await
    }

    /// Adds mails without a pass (digests, tests) to the outbox, and records when periodic mails
    /// were composed. Returns how many mails were new.
    pub async fn enqueue(
        &self,
        mails: Vec<NewMail>,
        composed: Vec<(PeriodicMail, Time)>,
    ) -> Result<u64, StoreError> {
        self.write(Durability::Now, move |session| {
            let mut new = 0;
            for mail in &mails {
                new += u64::from(outbox::put(&session.connection, mail, mail.not_before)?);
            }
            for (mail, at) in &composed {
                periodic_mails::put(&session.connection, mail, *at)?;
            }
            Ok(new)
        })
        .await
    }

    /// When this periodic mail was last composed.
    pub async fn last_composed(&self, mail: PeriodicMail) -> Result<Option<Time>, StoreError> {
        self.with_reader(move |r| r.read(|c| periodic_mails::get(c, &mail)))
            .await
    }

    /// The server accepted the mail.
    pub async fn mark_sent(&self, id: i64, at: Time) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            outbox::mark_sent(&session.connection, id, at)
        })
        .await
    }

    /// The server did not accept the mail.
    pub async fn mark_failed(&self, id: i64, failure: MailFailure) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            outbox::mark_failed(&session.connection, id, &failure)
        })
        .await
    }

    /// Gives up a mail that no server accepted.
    pub async fn settle_mail(
        &self,
        id: i64,
        settled: SettledMail,
        because: String,
        at: Time,
    ) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            outbox::settle(&session.connection, id, settled, &because, at)
        })
        .await
    }

    /// Replaces the text of a queued mail by a newer one.
    pub async fn renew_mail(&self, id: i64, mail: NewMail, at: Time) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            outbox::renew(&session.connection, id, &mail, at)
        })
        .await
    }

    /// Makes every queued mail due at `now`; returns their number.
    pub async fn hasten_mails(&self, now: Time) -> Result<usize, StoreError> {
        self.write(Durability::Now, move |session| {
            outbox::hasten(&session.connection, now)
        })
        .await
    }

    /// Stores a note; assigns its id and returns it.
    pub async fn add_note(&self, note: Note) -> Result<i64, StoreError> {
        self.write(Durability::Now, move |session| {
            notes::add(&session.connection, &note)
        })
        .await
    }

    /// All annotations.
    pub async fn notes(&self) -> Result<Vec<Note>, StoreError> {
        self.with_reader(Reader::notes).await
    }

    /// The small fact with this key.
    pub async fn get_meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.with_reader(move |r| r.get_meta(&key)).await
    }

    /// Stores a small fact under a key.
    pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(Durability::Now, move |session| {
            meta::set(&session.connection, &key, &value)
        })
        .await
    }

    /// Writes what a person changed: acknowledged, silenced, observed, accepted as normal.
    pub async fn commit_edit(&self, outcome: PassOutcome) -> Result<(), StoreError> {
        self.write(Durability::Now, move |session| {
            commit::commit_edit(session, &outcome)
        })
        .await
    }

    /// [`Store::commit_edit`] of one incident.
    pub async fn update_incident(&self, incident: Incident) -> Result<(), StoreError> {
        let incidents = vec![incident];
        self.commit_edit(PassOutcome {
            incidents,
            ..PassOutcome::default()
        })
        .await
    }

    /// One incident.
    pub async fn incident(&self, id: i64) -> Result<Option<Incident>, StoreError> {
        self.with_reader(move |r| r.incident(id)).await
    }

    /// The incidents that match the filter, oldest first.
    pub async fn incidents(&self, filter: IncidentFilter) -> Result<Vec<Incident>, StoreError> {
        self.with_reader(move |r| r.incidents(&filter)).await
    }

    /// Events from `since` on and before `until`, oldest first.
    pub async fn events(&self, since: Time, until: Time) -> Result<Vec<Event>, StoreError> {
        self.with_reader(move |r| r.events(since, until)).await
    }

    /// See [`Reader::backup`].
    pub async fn backup(&self, to: &Path) -> Result<u64, StoreError> {
        let to = connect::absolute(to);
        self.with_reader(move |r| r.backup(&to)).await
    }

    /// See [`Reader::check`].
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        self.with_reader(Reader::check).await
    }

    /// See [`Reader::stats`].
    pub async fn stats(&self) -> Result<StoreStats, StoreError> {
        self.with_reader(Reader::stats).await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // The list of idle readers stays usable after a panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
