//! Runs a connection's future and one step of an exchange together, up to the deadline, without a
//! separate task.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use hyper::rt::Executor;
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep_until};

/// The deadline passed before the step was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DeadlineExceeded;

/// A connection's own future, polled whenever a step of the exchange is.
pub(super) struct ConnectionDriver<'a, C> {
    /// `None` once it has ended; its error also reaches the step that waits for it.
    work: Option<Pin<&'a mut C>>,
    end: Pin<Box<Sleep>>,
}

impl<'a, C: Future> ConnectionDriver<'a, C> {
    pub(super) fn new(work: Pin<&'a mut C>, deadline: Instant) -> Self {
        Self {
            work: Some(work),
            end: Box::pin(sleep_until(deadline)),
        }
    }

    /// Runs one step.
    pub(super) async fn step<F: Future>(&mut self, step: F) -> Result<F::Output, DeadlineExceeded> {
        let mut step = pin!(step);
        std::future::poll_fn(move |cx| {
            // The deadline is checked first, by the clock: a server that always has more data uses
            // up tokio's budget for the task, including the timer's turn.
            if Instant::now() >= self.end.deadline() {
                return Poll::Ready(Err(DeadlineExceeded));
            }
            if let Some(work) = &mut self.work
                && work.as_mut().poll(cx).is_ready()
            {
                self.work = None;
            }
            if let Poll::Ready(output) = step.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
            }
            self.end.as_mut().poll(cx).map(|()| Err(DeadlineExceeded))
        })
        .await
    }
}

/// The tasks of hyper's HTTP/2 connection. They end with it: nothing keeps running.
#[derive(Debug, Clone, Default)]
pub(super) struct Tasks(Arc<Mutex<JoinSet<()>>>);

impl Tasks {
    /// Ends the tasks when dropped.
    pub(super) fn guard(&self) -> TaskGuard {
        TaskGuard(self.clone())
    }
}

impl<F> Executor<F> for Tasks
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, future: F) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .spawn(future);
    }
}

pub(super) struct TaskGuard(Tasks);

impl Drop for TaskGuard {
    fn drop(&mut self) {
        let tasks = &self.0.0;
        tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .abort_all();
    }
}
