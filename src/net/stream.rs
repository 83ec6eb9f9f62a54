//! The byte stream under HTTP, and the number of bytes in each direction.

use std::io::{self, IoSlice};
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A byte stream for an exchange.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// The number of bytes in each direction, readable while the stream is in use.
#[derive(Debug, Default)]
pub struct Traffic {
    received: AtomicU64,
    sent: AtomicU64,
}

impl Traffic {
    /// Bytes that came.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Relaxed)
    }

    /// Bytes that were passed to the system.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }
}

/// One hop's connection, ready for HTTP.
pub struct Connection {
    pub io: Box<dyn Io>,
    /// HTTP/2 was agreed on by ALPN.
    pub h2: bool,
    /// The server's address; `None` behind a proxy, which resolves names itself.
    pub ip: Option<IpAddr>,
    /// Our own address on this connection, which is redacted where a page echoes it.
    pub local: Option<IpAddr>,
    /// Bytes of HTTP, inside TLS: zero received means that nothing came before a reset.
    pub traffic: Arc<Traffic>,
    /// Shared by the connect, the handshake and the exchange.
    pub transaction_id: u64,
}

impl Connection {
    pub(crate) fn over(
        stream: impl Io + 'static,
        h2: bool,
        ip: Option<IpAddr>,
        local: Option<IpAddr>,
        transaction_id: u64,
    ) -> Self {
        let tee = Tee::new(stream);
        Self {
            traffic: tee.traffic(),
            io: Box::new(tee),
            h2,
            ip,
            local,
            transaction_id,
        }
    }
}

/// Counts the bytes.
#[derive(Debug)]
pub struct Tee<S> {
    inner: S,
    traffic: Arc<Traffic>,
}

impl<S> Tee<S> {
    /// Starts counting at zero.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            traffic: Arc::default(),
        }
    }

    /// The counters, which stay usable after the stream is moved.
    pub fn traffic(&self) -> Arc<Traffic> {
        Arc::clone(&self.traffic)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tee<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        let came = buf.filled().len().saturating_sub(before);
        self.traffic.received.fetch_add(came as u64, Relaxed);
        polled
    }
}

impl<S: AsyncWrite + Unpin> Tee<S> {
    fn count(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Ok(n)) = &polled {
            self.traffic.sent.fetch_add(*n as u64, Relaxed);
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tee<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.count(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.count(polled)
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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn both_ways_are_counted() {
        let (near, mut far) = tokio::io::duplex(64);
        let mut tee = Tee::new(near);
        let traffic = tee.traffic();
        tee.write_all(b"hello").await.unwrap();
        far.write_all(b"hi").await.unwrap();
        let mut buf = [0; 2];
        tee.read_exact(&mut buf).await.unwrap();
        assert_eq!((traffic.sent(), traffic.received()), (5, 2));
    }
}
