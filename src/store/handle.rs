//! The store as the engine holds it: one writer, readers off the runtime's threads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::connect::{self, Options};
use super::error::{Fault, StoreError};
use super::insert::Desk;
use super::new::{NewMeasurement, PassCommit};
use super::reader::Reader;
use super::writer::{Durability, Writer};
use super::{commit, incidents, meta, notes, outbox, prepare, statuses};
use crate::model::book::Book;
use crate::model::incident::HumanCheck;
use crate::model::mail::{NewMail, QueuedMail};
use crate::model::manners::{BackOff, RobotsCopy};
use crate::model::note::Note;
use crate::model::page::History;
use crate::model::{Code, ProbeKey, Time, VantageId};

/// Reading connections that are kept open between calls.
const IDLE_READERS: usize = 4;

/// An open store. Clones share it; when the last is dropped, what waits is written and the file closed.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    // Readers are closed before the writer, which then folds the log into the file.
    readers: Mutex<Vec<Reader>>,
    writer: Writer,
    path: PathBuf,
    options: Options,
}

impl Store {
    /// Opens the store at `path`, makes it when it is not there, and migrates an older one.
    ///
    /// # Errors
    /// A file of a newer version, another program's file, a damaged or locked one, a folder that may
    /// not be written: see [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, Options::default())
    }

    /// [`Store::open`] with other limits.
    pub fn open_with(path: &Path, options: Options) -> Result<Self, StoreError> {
        let path = connect::absolute(path);
        let connection = connect::writer(&path, &options)?;
        let writer = Writer::start(connection, path.clone())?;
        Ok(Self {
            inner: Arc::new(Inner {
                readers: Mutex::new(Vec::new()),
                writer,
                path,
                options,
            }),
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// A reader of its own, for calls that block.
    pub fn reader(&self) -> Result<Reader, StoreError> {
        let idle = lock(&self.inner.readers).pop();
        if let Some(reader) = idle {
            return Ok(reader);
        }
        let connection = connect::reader(&self.inner.path, self.inner.options.busy_timeout)?;
        Ok(Reader::on(connection, self.inner.path.clone()))
    }

    /// Runs `work` with a reader on a thread that may block.
    pub async fn with_reader<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Reader) -> Result<T, StoreError> + Send + 'static,
    {
        let store = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let reader = store.reader()?;
            let result = work(&reader);
            let mut idle = lock(&store.inner.readers);
            if idle.len() < IDLE_READERS {
                idle.push(reader);
            }
            result
        });
        task.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) async fn write<T, F>(&self, durability: Durability, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Desk) -> Result<T, Fault> + Send + 'static,
    {
        self.inner.writer.write(durability, work).await
    }

    pub(super) async fn alone<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Desk) -> Result<T, Fault> + Send + 'static,
    {
        self.inner.writer.alone(work).await
    }

    /// Keeps measurements; returns how many were new, after they are committed. A killed process
    /// loses none of them; a power cut may lose those since the last pass.
    pub async fn add(&self, measurements: Vec<NewMeasurement>) -> Result<u64, StoreError> {
        let prepared = measurements
            .into_iter()
            .map(prepare::prepare)
            .collect::<Result<Vec<_>, Fault>>()
            .map_err(|fault| fault.at(&self.inner.path))?;
        self.write(Durability::Soon, move |desk| desk.add(prepared))
            .await
    }

    /// Writes what a pass changed, all or nothing; when this returns, it and every measurement
    /// before it survive a power cut.
    pub async fn commit(&self, pass: PassCommit) -> Result<(), StoreError> {
        self.write(Durability::Now, move |desk| commit::commit(desk, &pass))
            .await
    }

    /// See [`Reader::book`].
    pub async fn book(&self) -> Result<Book, StoreError> {
        self.with_reader(Reader::book).await
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

    /// See [`Reader::last_checked`].
    pub async fn last_checked(&self) -> Result<BTreeMap<(ProbeKey, VantageId), Time>, StoreError> {
        self.with_reader(Reader::last_checked).await
    }

    /// See [`Reader::manners`].
    pub async fn manners(&self) -> Result<(Vec<BackOff>, Vec<RobotsCopy>), StoreError> {
        self.with_reader(Reader::manners).await
    }

    /// Unsent mails whose time has come.
    pub async fn due_mails(&self, now: Time) -> Result<Vec<QueuedMail>, StoreError> {
        self.with_reader(move |r| r.due_mails(now)).await
    }

    /// Unsent mails, due or not.
    pub async fn queue(&self) -> Result<Vec<QueuedMail>, StoreError> {
        self.with_reader(Reader::queue).await
    }

    /// Puts mails into the outbox that belong to no pass (digests, tests); returns how many were new.
    pub async fn enqueue(&self, mails: Vec<NewMail>, now: Time) -> Result<u64, StoreError> {
        self.write(Durability::Now, move |desk| {
            let mut new = 0;
            for mail in &mails {
                new += u64::from(outbox::put(&desk.connection, mail, now)?);
            }
            Ok(new)
        })
        .await
    }

    /// The server took it.
    pub async fn mark_sent(&self, id: i64, at: Time) -> Result<(), StoreError> {
        self.write(Durability::Now, move |desk| {
            outbox::mark_sent(&desk.connection, id, at)
        })
        .await
    }

    /// The server did not take it.
    pub async fn mark_failed(
        &self,
        id: i64,
        error: &str,
        next_attempt: Time,
    ) -> Result<(), StoreError> {
        let error = error.to_owned();
        self.write(Durability::Now, move |desk| {
            outbox::mark_failed(&desk.connection, id, &error, next_attempt)
        })
        .await
    }

    /// Keeps an annotation; its id is given here and returned.
    pub async fn add_note(&self, note: Note) -> Result<i64, StoreError> {
        self.write(Durability::Now, move |desk| {
            notes::add(&desk.connection, &note)
        })
        .await
    }

    /// All annotations.
    pub async fn notes(&self) -> Result<Vec<Note>, StoreError> {
        self.with_reader(Reader::notes).await
    }

    /// A small fact kept under a key.
    pub async fn get_meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let key = key.to_owned();
        self.with_reader(move |r| r.get_meta(&key)).await
    }

    /// Keeps a small fact under a key.
    pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(Durability::Now, move |desk| {
            meta::set(&desk.connection, &key, &value)
        })
        .await
    }

    /// A person took note of an incident.
    pub async fn acknowledge(&self, id: i64, by: &str) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(Durability::Now, move |desk| {
            incidents::acknowledge(&desk.connection, id, &by)
        })
        .await
    }

    /// No mails of an incident until then; none ends the silence.
    pub async fn silence(&self, id: i64, until: Option<Time>) -> Result<(), StoreError> {
        self.write(Durability::Now, move |desk| {
            incidents::silence(&desk.connection, id, until)
        })
        .await
    }

    /// What a person saw in a browser.
    pub async fn observe(&self, id: i64, check: HumanCheck) -> Result<(), StoreError> {
        self.write(Durability::Now, move |desk| {
            incidents::observe(&desk.connection, id, check)
        })
        .await
    }

    /// A person declared what is normal here; it holds until they declare something else.
    pub async fn accept_baseline(
        &self,
        probe: &ProbeKey,
        vantage: &VantageId,
        code: Code,
        at: Time,
    ) -> Result<(), StoreError> {
        let (probe, vantage) = (probe.clone(), vantage.clone());
        self.write(Durability::Now, move |desk| {
            statuses::accept_baseline(&desk.connection, &probe, &vantage, code, at)
        })
        .await
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic while the list of idle readers was held leaves it usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
