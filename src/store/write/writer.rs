//! The only thread that writes. It owns the writing connection and takes jobs from a queue; queued
//! jobs go into one transaction together (group commit), and a job is reported as done only after
//! its transaction is committed.

use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::store::error::{InnerError, StoreError};
use crate::store::write::insert::WriteSession;

/// How many jobs may be queued before callers wait.
const QUEUE: usize = 256;
/// How many jobs one transaction may have, so that its first caller does not wait forever.
const GROUP: usize = 128;
/// How long the first job of a group waits for others when many write at once: each transaction
/// writes the pages of all indexes again, so larger groups cost less. A single writer does not
/// wait.
const GATHER: Duration = Duration::from_millis(10);

/// How durable a write is against a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Durability {
    /// Durable after the next flushed commit.
    Soon,
    /// Durable when it is reported as done.
    Now,
}

/// Work for the writer: it runs inside a transaction, and is then informed of the outcome.
trait Job: Send {
    fn durability(&self) -> Durability;
    /// Whether it can run again after its transaction was rolled back.
    fn is_repeatable(&self) -> bool;
    fn run(&mut self, session: &mut WriteSession) -> Result<(), InnerError>;
    fn finish(self: Box<Self>, end: Result<(), StoreError>);
}

struct Task<T, F> {
    durability: Durability,
    repeatable: bool,
    work: F,
    result: Option<T>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Task<T, F>
where
    T: Send,
    F: FnMut(&mut WriteSession) -> Result<T, InnerError> + Send,
{
    fn durability(&self) -> Durability {
        self.durability
    }

    fn is_repeatable(&self) -> bool {
        self.repeatable
    }

    fn run(&mut self, session: &mut WriteSession) -> Result<(), InnerError> {
        self.result = Some((self.work)(session)?);
        Ok(())
    }

    fn finish(self: Box<Self>, end: Result<(), StoreError>) {
        let Task { result, reply, .. } = *self;
        let outcome = end.and_then(|()| result.ok_or(StoreError::Closed));
        // Nobody receives the result when the caller was dropped; the work is done anyway.
        let _ = reply.send(outcome);
    }
}

/// Work that runs once.
fn once<T>(
    work: impl FnOnce(&mut WriteSession) -> Result<T, InnerError> + Send,
) -> impl FnMut(&mut WriteSession) -> Result<T, InnerError> + Send {
    let mut work = Some(work);
    move |session| match work.take() {
        Some(work) => work(session),
        None => Err(InnerError::Store(StoreError::Closed)),
    }
}

enum Order {
    /// Inside a transaction, together with others.
    Grouped(Box<dyn Job>),
    /// On the bare connection, outside any transaction (vacuum, checkpoint).
    Alone(Box<dyn Job>),
}

/// The handle of the writer thread. Dropping it ends the thread after the queue is finished.
pub(in crate::store) struct Writer {
    queue: Option<mpsc::Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(in crate::store) fn start(
        connection: Connection,
        path: PathBuf,
    ) -> Result<Self, StoreError> {
        let (queue, orders) = mpsc::channel(QUEUE);
        let place = path.clone();
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || serve(WriteSession::new(connection), orders, &path))
            .map_err(|e| InnerError::Io(e).at(&place))?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    /// Runs `work` in a transaction; returns after the commit.
    pub(in crate::store) async fn write<T, F>(
        &self,
        durability: Durability,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteSession) -> Result<T, InnerError> + Send + 'static,
    {
        self.order(durability, false, once(work), Order::Grouped)
            .await
    }

    /// [`Writer::write`] for work that may run twice: once with others and, when one of them failed
    /// and rolled everything back, again alone.
    pub(in crate::store) async fn write_repeatably<T, F>(
        &self,
        durability: Durability,
        work: F,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteSession) -> Result<T, InnerError> + Send + 'static,
    {
        self.order(durability, true, work, Order::Grouped).await
    }

    /// Runs `work` on the bare connection.
    pub(in crate::store) async fn outside_transaction<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut WriteSession) -> Result<T, InnerError> + Send + 'static,
    {
        self.order(Durability::Now, false, once(work), Order::Alone)
            .await
    }

    async fn order<T, F>(
        &self,
        durability: Durability,
        repeatable: bool,
        work: F,
        kind: fn(Box<dyn Job>) -> Order,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut WriteSession) -> Result<T, InnerError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let task = Task {
            durability,
            repeatable,
            work,
            result: None,
            reply,
        };
        let queue = self.queue.as_ref().ok_or(StoreError::Closed)?;
        queue
            .send(kind(Box::new(task)))
            .await
            .map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn serve(mut session: WriteSession, mut orders: mpsc::Receiver<Order>, path: &Path) {
    let mut flushed = Durability::Now;
    let mut next = orders.blocking_recv();
    let mut busy = false;
    while let Some(order) = next.take() {
        match order {
            Order::Alone(mut job) => {
                let end = job.run(&mut session).map_err(|fault| fault.at(path));
                job.finish(end);
            }
            Order::Grouped(first) => {
                if busy && first.durability() == Durability::Soon {
                    std::thread::sleep(GATHER);
                }
                let mut group = vec![first];
                while group.len() < GROUP {
                    match orders.try_recv() {
                        Ok(Order::Grouped(job)) => group.push(job),
                        Ok(alone) => {
                            next = Some(alone);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                busy = group.len() > 1;
                commit_group(&mut session, group, &mut flushed, path);
            }
        }
        if next.is_none() {
            next = orders.blocking_recv();
        }
    }
    // Small statistics for the query planner, then the log is folded into the file on close.
    let _ = session.connection.execute_batch("PRAGMA optimize");
}

/// One transaction over a group.
fn commit_group(
    session: &mut WriteSession,
    mut group: Vec<Box<dyn Job>>,
    flushed: &mut Durability,
    path: &Path,
) {
    let repeatable = group.iter().all(|job| job.is_repeatable());
    if repeatable && commit_at_once(session, &mut group, flushed) {
        for job in group {
            job.finish(Ok(()));
        }
        return;
    }
    commit_guarded(session, group, flushed, path);
}

/// Repeatable jobs need no savepoints: when one fails, everything is rolled back as if it had not
/// been tried. Returns whether it was committed.
fn commit_at_once(
    session: &mut WriteSession,
    group: &mut [Box<dyn Job>],
    flushed: &mut Durability,
) -> bool {
    let wanted = group.iter().map(|job| job.durability()).max();
    let done = begin(session, wanted.unwrap_or(Durability::Now), flushed)
        .and_then(|()| group.iter_mut().try_for_each(|job| job.run(session)))
        .and_then(|()| session.run_cached("COMMIT"));
    if done.is_err() {
        if !session.connection.is_autocommit() {
            let _ = session.connection.execute_batch("ROLLBACK");
        }
        session.forget();
    }
    done.is_ok()
}

/// A failing job rolls back only its own part; when the whole transaction is lost (full disk),
/// every job of the group gets the error.
fn commit_guarded(
    session: &mut WriteSession,
    group: Vec<Box<dyn Job>>,
    flushed: &mut Durability,
    path: &Path,
) {
    let wanted = group
        .iter()
        .map(|job| job.durability())
        .max()
        .unwrap_or(Durability::Now);
    if let Err(fault) = begin(session, wanted, flushed) {
        let error = fault.at(path);
        for job in group {
            job.finish(Err(error.clone()));
        }
        return;
    }
    let mut ends = Vec::with_capacity(group.len());
    let mut lost = None;
    for mut job in group {
        let end = match &lost {
            Some(_) => Ok(()),
            None => run_guarded(job.as_mut(), session, path),
        };
        if session.connection.is_autocommit() && lost.is_none() {
            lost = end.clone().err().or(Some(StoreError::Closed));
        }
        ends.push((job, end));
    }
    if lost.is_none() {
        lost = session
            .run_cached("COMMIT")
            .map_err(|fault| fault.at(path))
            .err();
    }
    if lost.is_some() {
        if !session.connection.is_autocommit() {
            let _ = session.connection.execute_batch("ROLLBACK");
        }
        session.forget();
    }
    for (job, end) in ends {
        job.finish(lost.clone().map_or(end, Err));
    }
}

fn begin(
    session: &mut WriteSession,
    wanted: Durability,
    flushed: &mut Durability,
) -> Result<(), InnerError> {
    if wanted != *flushed {
        session.run_cached(match wanted {
            Durability::Now => "PRAGMA synchronous = FULL",
            Durability::Soon => "PRAGMA synchronous = NORMAL",
        })?;
        *flushed = wanted;
    }
    session.run_cached("BEGIN IMMEDIATE")
}

fn run_guarded(
    job: &mut dyn Job,
    session: &mut WriteSession,
    path: &Path,
) -> Result<(), StoreError> {
    let guarded = session
        .run_cached("SAVEPOINT job")
        .and_then(|()| job.run(session))
        .and_then(|()| session.run_cached("RELEASE job"));
    guarded.map_err(|fault| {
        let error = fault.at(path);
        if !session.connection.is_autocommit() {
            let _ = session
                .connection
                .execute_batch("ROLLBACK TO job; RELEASE job");
        }
        session.forget();
        error
    })
}
