//! Records arriving data: the time of the first byte, and the head as sent.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::dechunk::{Dechunk, MalformedChunk};
use super::head::Head;
use crate::net::Io;

/// How many bytes of HTTP/2 may precede the head of its answer: settings, interim answers, and the
/// contents of a window.
const MAX_UNANSWERED: u64 = 1024 * 1024;

/// How many bytes of a chunked body are read at once.
const STEP: usize = 16 * 1024;

/// The data recorded so far.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub(super) first_byte: Option<Instant>,
    pub(super) head: Head,
    /// The answer's head arrived; set by the code that waits for it.
    pub(super) answered: bool,
    /// More came than the announced length, and it is not another answer.
    pub(super) excess: bool,
}

/// Reads [`Recording`] while hyper uses the stream.
#[derive(Debug, Clone, Default)]
pub(super) struct RecordingHandle(Arc<Mutex<Recording>>);

impl RecordingHandle {
    pub(super) fn heard(&self) -> MutexGuard<'_, Recording> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The part that is arriving.
#[derive(Debug)]
enum Part {
    /// The head of an HTTP/1 answer.
    Head,
    /// A body that is passed on unchanged, with the remaining bytes of an announced length.
    Body(Option<u64>),
    /// A chunked body, whose framing is rewritten.
    Chunks(Dechunk),
    /// HTTP/2, with the number of bytes so far.
    Frames(u64),
}

/// The recorded stream.
pub(super) struct RecordingIo {
    inner: Box<dyn Io>,
    ear: RecordingHandle,
    part: Part,
    /// Rewritten, and not yet read by hyper.
    anew: Vec<u8>,
    /// An error after the data in `anew`.
    fault: Option<MalformedChunk>,
}

impl RecordingIo {
    /// `http1`: the stream carries HTTP/1, whose head is text.
    pub(super) fn new(inner: Box<dyn Io>, http1: bool) -> (Self, RecordingHandle) {
        let ear = RecordingHandle::default();
        let tap = Self {
            inner,
            ear: ear.clone(),
            part: if http1 { Part::Head } else { Part::Frames(0) },
            anew: Vec::new(),
            fault: None,
        };
        (tap, ear)
    }

    /// Records the data at the end of `buf`, starting at `before`, and removes chunk framing.
    fn hear(&mut self, buf: &mut ReadBuf<'_>, before: usize) -> Result<(), MalformedChunk> {
        let came = &buf.filled()[before..];
        if came.is_empty() {
            return Ok(());
        }
        let mut heard = self.ear.heard();
        heard.first_byte.get_or_insert_with(Instant::now);
        match &mut self.part {
            Part::Frames(count) => {
                *count += came.len() as u64;
                if !heard.answered && *count > MAX_UNANSWERED {
                    return Err(MalformedChunk("no end of what comes before the answer"));
                }
            }
            Part::Body(Some(left)) => heard.excess |= exceeds(left, came),
            Part::Head => {
                let end = heard.head.push(came);
                if heard.head.keeps_waiting() {
                    return Err(MalformedChunk("no end of interim answers"));
                }
                if let Some(end) = end
                    && heard.head.is_chunked()
                {
                    let mut chunks = Dechunk::default();
                    self.fault = chunks.push(&came[end..], &mut self.anew).err();
                    self.part = Part::Chunks(chunks);
                    buf.set_filled(before + end);
                } else if let Some(end) = end {
                    let mut length = heard.head.length();
                    if let Some(left) = &mut length {
                        heard.excess |= exceeds(left, &came[end..]);
                    }
                    self.part = Part::Body(length);
                } else if !heard.head.is_wanted() {
                    self.part = Part::Body(None);
                }
            }
            Part::Body(None) | Part::Chunks(_) => {}
        }
        Ok(())
    }

    /// Reads more of a chunked body until there is data to pass on; false at its end.
    fn poll_chunks(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let mut step = [0; STEP];
        loop {
            let mut buf = ReadBuf::new(&mut step);
            ready!(Pin::new(&mut self.inner).poll_read(cx, &mut buf))?;
            if buf.filled().is_empty() {
                return Poll::Ready(Ok(false));
            }
            let Part::Chunks(chunks) = &mut self.part else {
                return Poll::Ready(Ok(false));
            };
            self.fault = chunks.push(buf.filled(), &mut self.anew).err();
            if let (true, Some(fault)) = (self.anew.is_empty(), self.fault) {
                return Poll::Ready(Err(fault.into()));
            }
            if !self.anew.is_empty() {
                return Poll::Ready(Ok(true));
            }
        }
    }
}

/// Counts the data of a body with an announced length; returns whether more came. Another answer,
/// and blank lines, do not belong to this one.
fn exceeds(left: &mut u64, came: &[u8]) -> bool {
    let here = usize::try_from(*left).map_or(came.len(), |n| n.min(came.len()));
    *left -= here as u64;
    let more = came[here..].trim_ascii_start();
    !more.is_empty() && !more.starts_with(b"HTTP/")
}

impl AsyncRead for RecordingIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if matches!(self.part, Part::Chunks(_)) {
            if self.anew.is_empty() {
                if let Some(fault) = self.fault {
                    return Poll::Ready(Err(fault.into()));
                }
                ready!(self.poll_chunks(cx))?;
            }
            let here = self.anew.len().min(buf.remaining());
            buf.put_slice(&self.anew[..here]);
            self.anew.drain(..here);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        Poll::Ready(self.hear(buf, before).map_err(io::Error::from))
    }
}

impl AsyncWrite for RecordingIo {
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
