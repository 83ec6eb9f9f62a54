//! Listens to what comes in: when the first byte came, and the head as it stood on the wire.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::head::Head;
use crate::net::Io;

/// What was heard so far.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) first_byte: Option<Instant>,
    pub(super) head: Head,
}

/// Reads [`Heard`] while the stream is in hyper's hands.
#[derive(Debug, Clone, Default)]
pub(super) struct Ear(Arc<Mutex<Heard>>);

impl Ear {
    pub(super) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stream, listened to.
pub(super) struct Tap {
    inner: Box<dyn Io>,
    ear: Ear,
    listening: bool,
    head_wanted: bool,
}

impl Tap {
    /// `head_wanted`: the stream carries HTTP/1, whose head is text.
    pub(super) fn new(inner: Box<dyn Io>, head_wanted: bool) -> (Self, Ear) {
        let ear = Ear::default();
        let tap = Self {
            inner,
            ear: ear.clone(),
            listening: true,
            head_wanted,
        };
        (tap, ear)
    }
}

impl AsyncRead for Tap {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let came = &buf.filled()[before..];
        if self.listening && !came.is_empty() {
            let mut heard = self.ear.heard();
            heard.first_byte.get_or_insert_with(Instant::now);
            let more = self.head_wanted && heard.head.push(came);
            drop(heard);
            self.listening = more;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Tap {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
