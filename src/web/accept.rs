//! The accept loop: hyper's connections under limits that `axum::serve` does not have.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::limits::WebLimits;
use super::timed_io::{ConnectionStage, TimedIo};

/// The address that a request came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub IpAddr);

/// After a failed accept, as when no file can be opened, the next one waits.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` becomes true; answers that are under way then have a little time.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: WebLimits,
    mut stop: watch::Receiver<bool>,
) {
    let permits = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                // With no permit left the stream is dropped, which closes it.
                if let Ok(permit) = Arc::clone(&permits).try_acquire_owned() {
                    let client = Client {
                        stream,
                        peer: PeerAddress(peer.ip().to_canonical()),
                        permit,
                    };
                    client.spawn(router.clone(), &limits, &graceful);
                }
            }
            Err(error) => {
                tracing::warn!("a connection was not accepted: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(limits.farewell, graceful.shutdown()).await;
}

/// One connection.
struct Client {
    stream: TcpStream,
    peer: PeerAddress,
    permit: OwnedSemaphorePermit,
}

impl Client {
    fn spawn(self, router: Router, limits: &WebLimits, graceful: &GracefulShutdown) {
        let _ = self.stream.set_nodelay(true);
        let stage = ConnectionStage::default();
        let stream = TimedIo::new(self.stream, stage.clone(), limits);
        let service = TowerToHyperService::new(router);
        let peer = self.peer;
        let answer = service_fn(move |mut request: Request<Incoming>| {
            stage.begin_request();
            request.extensions_mut().insert(peer);
            let answering = service.call(request);
            let stage = stage.clone();
            async move {
                let response = answering.await?;
                Ok::<_, std::convert::Infallible>(watched(response, stage))
            }
        });
        let connection = http1::Builder::new()
            .max_buf_size(limits.header_bytes)
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), answer);
        let connection = graceful.watch(connection);
        let permit = self.permit;
        tokio::spawn(async move {
            // Any error is ignored: a client that went away is not a fault of ours.
            let _ = connection.await;
            drop(permit);
        });
    }
}

/// The answer with a body whose end marks the end of the request.
fn watched(response: Response<Body>, stage: ConnectionStage) -> Response<WatchedBody> {
    response.map(|body| WatchedBody { body, stage })
}

/// A body that reports its end.
struct WatchedBody {
    body: Body,
    stage: ConnectionStage,
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for WatchedBody {
    fn drop(&mut self) {
        self.stage.end_request();
    }
}

/// Why a body was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyError {
    TooLong,
    TooSlow,
    Broken,
}

/// A whole body of at most `most` bytes that does not come too slowly.
pub async fn read_body(
    mut body: Body,
    most: usize,
    limits: &WebLimits,
) -> Result<Vec<u8>, BodyError> {
    let start = tokio::time::Instant::now();
    let mut bytes: Vec<u8> = Vec::new();
    loop {
        let earned = Duration::from_millis(1000 * bytes.len() as u64 / limits.body_rate.max(1));
        let until = start + limits.body.min(limits.body_grace + earned);
        let next = tokio::time::timeout_at(until, body.frame()).await;
        let frame = match next.map_err(|_| BodyError::TooSlow)? {
            None => return Ok(bytes),
            Some(frame) => frame.map_err(|_| BodyError::Broken)?,
        };
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > most {
                return Err(BodyError::TooLong);
            }
            bytes.extend_from_slice(&data);
        }
    }
}
