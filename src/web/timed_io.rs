//! A connection that never waits for ever: not for a header, not between requests, and not for a
//! client that receives nothing.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use super::limits::WebLimits;

/// Where a connection is between two requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Stage {
    /// A header is awaited, or comes in.
    Header = 0,
    /// The last answer is sent, and nothing came since.
    Idle = 1,
    /// A request is under way; its body has limits of its own.
    Busy = 2,
}

/// The stage of a connection, shared by its stream and its service.
#[derive(Debug, Clone, Default)]
pub struct ConnectionStage(Arc<StageCell>);

#[derive(Debug, Default)]
struct StageCell {
    stage: AtomicU8,
    /// Who waits for bytes while a request is under way: the end of the request sets a deadline.
    waiting: Mutex<Option<Waker>>,
}

impl ConnectionStage {
    /// A request is under way.
    pub fn begin_request(&self) {
        self.set(Stage::Busy);
    }

    /// Its answer is sent.
    pub fn end_request(&self) {
        self.set(Stage::Idle);
        if let Some(waiting) = self.waiting().take() {
            waiting.wake();
        }
    }

    fn wait(&self, cx: &Context<'_>) {
        *self.waiting() = Some(cx.waker().clone());
    }

    fn waiting(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, stage: Stage) {
        self.0.stage.store(stage as u8, Ordering::Release);
    }

    fn get(&self) -> Stage {
        match self.0.stage.load(Ordering::Acquire) {
            0 => Stage::Header,
            1 => Stage::Idle,
            _ => Stage::Busy,
        }
    }
}

/// A stream with the limits of a server.
pub struct TimedIo<S> {
    stream: S,
    stage: ConnectionStage,
    header: Duration,
    idle: Duration,
    stalled_write: Duration,
    reading: Pin<Box<Sleep>>,
    /// The stage that `reading` is set for.
    reading_for: Option<Stage>,
    writing: Pin<Box<Sleep>>,
    is_stalled: bool,
}

impl<S> TimedIo<S> {
    /// Wraps a new connection.
    pub fn new(stream: S, stage: ConnectionStage, limits: &WebLimits) -> Self {
        Self {
            stream,
            stage,
            header: limits.header,
            idle: limits.idle,
            stalled_write: limits.stalled_write,
            reading: Box::pin(sleep(limits.header)),
            reading_for: Some(Stage::Header),
            writing: Box::pin(sleep(limits.stalled_write)),
            is_stalled: false,
        }
    }

    /// An error once nothing came for too long.
    fn poll_deadline(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        let stage = self.stage.get();
        let limit = match stage {
            Stage::Busy => {
                self.reading_for = None;
                self.stage.wait(cx);
                return Poll::Pending;
            }
            Stage::Header => self.header,
            Stage::Idle => self.idle,
        };
        if self.reading_for != Some(stage) {
            self.reading_for = Some(stage);
            self.reading.as_mut().reset(Instant::now() + limit);
        }
        ready!(self.reading.as_mut().poll(cx));
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    /// The outcome of a write, or an error once the client took nothing for too long.
    fn limited<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.is_stalled = false;
            return outcome;
        }
        if !self.is_stalled {
            self.is_stalled = true;
            let until = Instant::now() + self.stalled_write;
            self.writing.as_mut().reset(until);
        }
        ready!(self.writing.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedIo<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if outcome.is_pending() {
            return self.poll_deadline(cx).map(Err);
        }
        if buffer.filled().len() > before && self.stage.get() == Stage::Idle {
            self.stage.set(Stage::Header);
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedIo<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.limited(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.limited(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.limited(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.limited(cx, outcome)
    }
}
