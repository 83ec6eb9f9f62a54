//! Errors of an HTTP exchange.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls;

use crate::model::Failure;

use super::{from_io, from_tls, unknown};

/// How deep the chain of source errors is followed.
const MAX_DEPTH: usize = 16;

/// The failure of an exchange on our own connection.
#[must_use]
pub fn from_hyper(error: &hyper::Error) -> Failure {
    // A head that exceeds hyper's limits on size or number of headers is a parse error too.
    if error.is_parse() {
        return Failure::HTTP_MALFORMED.into();
    }
    if let Some(failure) = wrapped(error) {
        // Errors of hyper's own decoders have only a kind: the framing is wrong.
        let framing = failure.as_str().starts_with(Failure::UNKNOWN);
        return if framing {
            Failure::HTTP_MALFORMED.into()
        } else {
            failure
        };
    }
    if error.is_timeout() {
        return super::timeout();
    }
    // The connection ended before the answer, or hyper's task was stopped because it had ended.
    if error.is_incomplete_message()
        || error.is_closed()
        || error.is_canceled()
        || error.is_body_write_aborted()
    {
        return Failure::EOF.into();
    }
    unknown(error)
}

/// How a request that an HTTP/2 server did not process is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The server requires HTTP/1.1.
    OverHttp1,
    /// In the same way.
    AsBefore,
}

/// Whether an HTTP/2 server refused the stream before it processed the request (RFC 9113 sections
/// 6.8, 8.7): it requires HTTP/1.1, refuses explicitly, or closed the connection without answering
/// this stream. A server that reports too many requests is not asked again.
#[must_use]
pub fn refused_stream(error: &hyper::Error) -> Option<Retry> {
    let mut source = error.source();
    for _ in 0..MAX_DEPTH {
        let next = source?;
        if let Some(h2) = next.downcast_ref::<h2::Error>() {
            let unprocessed = |reason| {
                reason == h2::Reason::REFUSED_STREAM
                    || (h2.is_go_away() && reason != h2::Reason::ENHANCE_YOUR_CALM)
            };
            return match h2.reason().filter(|_| h2.is_remote())? {
                h2::Reason::HTTP_1_1_REQUIRED => Some(Retry::OverHttp1),
                reason => unprocessed(reason).then_some(Retry::AsBefore),
            };
        }
        source = next.source();
    }
    None
}

/// The failure of a reqwest request, which carries DNS over HTTPS.
#[must_use]
pub fn from_reqwest(error: &reqwest::Error) -> Failure {
    if error.is_timeout() {
        return super::timeout();
    }
    let mut source = error.source();
    for _ in 0..MAX_DEPTH {
        let Some(next) = source else { break };
        if let Some(hyper) = next.downcast_ref::<hyper::Error>() {
            return from_hyper(hyper);
        }
        source = next.source();
    }
    // The error's own text contains the requested address, including its login.
    wrapped(error).unwrap_or_else(|| match innermost(error) {
        Some(cause) => unknown(&cause),
        None => unknown(&"the request failed"),
    })
}

/// The innermost source error.
fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let mut found = error.source()?;
    for _ in 0..MAX_DEPTH {
        match found.source() {
            Some(next) => found = next,
            None => break,
        }
    }
    Some(found)
}

/// The socket, TLS or HTTP/2 error among the sources.
fn wrapped(error: &(dyn StdError + 'static)) -> Option<Failure> {
    let mut source = error.source();
    for _ in 0..MAX_DEPTH {
        let next = source?;
        if let Some(io) = next.downcast_ref::<io::Error>() {
            return Some(from_io(io));
        }
        if let Some(tls) = next.downcast_ref::<rustls::Error>() {
            return Some(from_tls(tls));
        }
        if let Some(h2) = next.downcast_ref::<h2::Error>() {
            return Some(from_h2(h2));
        }
        source = next.source();
    }
    None
}

/// An HTTP/2 stream or connection that the server ended is an answer that never came; one that we
/// had to end is a protocol error.
fn from_h2(error: &h2::Error) -> Failure {
    match error.get_io() {
        Some(io) => from_io(io),
        None if error.is_remote() => Failure::EOF.into(),
        None => Failure::HTTP_MALFORMED.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http_body_util::Empty;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf};

    fn get() -> hyper::Request<Empty<Bytes>> {
        hyper::Request::get("http://a.example/")
            .body(Empty::new())
            .unwrap()
    }

    /// The failure of an HTTP/1 exchange over `io`.
    async fn over_http1(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Failure {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(io))
            .await
            .unwrap();
        tokio::spawn(connection);
        from_hyper(&sender.send_request(get()).await.unwrap_err())
    }

    /// A server that reads the request, sends `bytes`, and ends.
    fn server(bytes: Vec<u8>) -> DuplexStream {
        let (near, mut far) = tokio::io::duplex(1 << 20);
        tokio::spawn(async move {
            let _ = far.read(&mut [0; 4096]).await;
            let _ = far.write_all(&bytes).await;
        });
        near
    }

    #[tokio::test]
    async fn http1_failures() {
        let ended = server(Vec::new());
        assert!(over_http1(ended).await.equals(Failure::EOF));
        let cut = server(b"HTTP/1.1 200 OK\r\nA: b".to_vec());
        assert!(over_http1(cut).await.equals(Failure::EOF));
        let foreign = server(b"SSH-2.0-OpenSSH\r\n".to_vec());
        assert!(over_http1(foreign).await.equals(Failure::HTTP_MALFORMED));
        let head = format!("HTTP/1.1 200 OK\r\n{}", "a: b\r\n".repeat(500));
        let many = server(head.into_bytes());
        assert!(over_http1(many).await.equals(Failure::HTTP_MALFORMED));
        let head = format!("HTTP/1.1 200 OK\r\na: {}", "b".repeat(900_000));
        let long = server(head.into_bytes());
        assert!(over_http1(long).await.equals(Failure::HTTP_MALFORMED));
    }

    /// Accepts everything, and answers with a reset.
    struct Resets;

    impl AsyncRead for Resets {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
        }
    }

    impl AsyncWrite for Resets {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    /// The failure of an HTTP/2 exchange over `io`, from the request or the connection.
    async fn over_http2(io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Failure {
        let executor = TokioExecutor::new();
        let made = hyper::client::conn::http2::handshake(executor, TokioIo::new(io)).await;
        let (mut sender, connection) = match made {
            Ok(made) => made,
            Err(error) => return from_hyper(&error),
        };
        let (sent, ended) = tokio::join!(sender.send_request(get()), connection);
        from_hyper(&sent.err().or(ended.err()).unwrap())
    }

    #[tokio::test]
    async fn resets_are_found_in_both_versions() {
        assert!(over_http1(Resets).await.equals(Failure::RESET));
        assert!(over_http2(Resets).await.equals(Failure::RESET));
    }

    #[tokio::test]
    async fn http2_failures() {
        // An empty SETTINGS frame, then GOAWAY with INTERNAL_ERROR (RFC 9113 sections 6.5, 6.8).
        let goodbye = [
            &[0, 0, 0, 4, 0, 0, 0, 0, 0][..],
            &[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
        ]
        .concat();
        assert!(over_http2(server(goodbye)).await.equals(Failure::EOF));
        let foreign = server(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
        assert!(over_http2(foreign).await.equals(Failure::HTTP_MALFORMED));
    }
}
