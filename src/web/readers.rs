//! Threads that read the store, so that no page holds up another, or a pass.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::error::WebError;
use super::limits::WebLimits;
use super::snapshot::StoreSnapshot;
use crate::model::clock::Clock;
use crate::store::{Reader, Store, StoreError, StoreGeneration};

/// A store that is open for reading, in one generation.
pub struct OpenStore {
    pub generation: StoreGeneration,
    pub reader: Reader,
    pub snapshot: Arc<StoreSnapshot>,
}

type ReadJob = Box<dyn FnOnce(&mut StoreThread) + Send>;

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many pages are waiting.
    #[error("too many pages wait for the store")]
    Full,
    /// The thread is gone, or the work panicked.
    #[error("the page could not be made")]
    Lost,
}

/// The threads.
pub struct ReaderPool {
    jobs: SyncSender<ReadJob>,
}

impl ReaderPool {
    /// Starts the threads.
    pub fn start(
        path: &Path,
        clock: &Arc<dyn Clock>,
        limits: &WebLimits,
    ) -> Result<Self, WebError> {
        let (jobs, waiting) = sync_channel::<ReadJob>(limits.waiting);
        let waiting = Arc::new(Mutex::new(waiting));
        let newest = Arc::new(Mutex::new(None));
        for number in 0..limits.readers.max(1) {
            let mut thread = StoreThread {
                path: path.to_owned(),
                clock: Arc::clone(clock),
                open: None,
                newest: Arc::clone(&newest),
            };
            let waiting = Arc::clone(&waiting);
            std::thread::Builder::new()
                .name(format!("web-reader-{number}"))
                .spawn(move || {
                    while let Some(job) = next(&waiting) {
                        job(&mut thread);
                    }
                })
                .map_err(WebError::Thread)?;
        }
        Ok(Self { jobs })
    }

    /// Runs `work` over the newest generation of the store.
    pub async fn read<T, F>(&self, work: F) -> Result<T, PoolError>
    where
        T: Send + 'static,
        F: FnOnce(&OpenStore) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: ReadJob = Box::new(move |thread| {
            // A page whose requester went away is not made.
            if !answer.is_closed() {
                // A panic of one page must not end the thread.
                let made =
                    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| thread.run(work)));
                if made.is_err() {
                    thread.open = None;
                }
                let _ = answer.send(made);
            }
        });
        self.jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => PoolError::Full,
            TrySendError::Disconnected(_) => PoolError::Lost,
        })?;
        match answered.await {
            Ok(Ok(made)) => Ok(made?),
            _ => Err(PoolError::Lost),
        }
    }
}

fn next(waiting: &Mutex<Receiver<ReadJob>>) -> Option<ReadJob> {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.recv().ok()
}

type NewestSnapshot = Arc<Mutex<Option<(StoreGeneration, Arc<StoreSnapshot>)>>>;

/// What one thread holds.
struct StoreThread {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    open: Option<OpenStore>,
    /// Shared, so that a generation is read once.
    newest: NewestSnapshot,
}

impl StoreThread {
    fn run<T>(
        &mut self,
        work: impl FnOnce(&OpenStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let generation = StoreGeneration::at(&self.path);
        let open = match self.open.take() {
            Some(open) if open.generation == generation => open,
            _ => self.open(generation)?,
        };
        let made = work(&open)?;
        // After a fault the store is opened again.
        self.open = Some(open);
        Ok(made)
    }

    fn open(&self, generation: StoreGeneration) -> Result<OpenStore, StoreError> {
        let reader = Store::open_read_only(&self.path)?.reader()?;
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let known = newest
            .as_ref()
            .filter(|(of, _)| *of == generation)
            .map(|(_, snapshot)| Arc::clone(snapshot));
        let snapshot = if let Some(snapshot) = known {
            snapshot
        } else {
            let read = Arc::new(StoreSnapshot::read(&reader, self.clock.now())?);
            *newest = Some((generation.clone(), Arc::clone(&read)));
            read
        };
        Ok(OpenStore {
            generation,
            reader,
            snapshot,
        })
    }
}
