//! One request and its answer over one connection.

use std::future::Future;
use std::net::IpAddr;
use std::pin::pin;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::{http1, http2};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Request, Response, Version};
use hyper_util::rt::TokioIo;
use tokio::time::Instant;

use super::body::{self, WireBody};
use super::decode;
use super::drive::{ConnectionDriver, DeadlineExceeded, Tasks};
use super::head::MAX_HEADERS;
use super::recording::{RecordingHandle, RecordingIo};
use super::request::{FetchRequest, as_sent};
use crate::model::Failure;
use crate::model::measurement::{self as record, Body, EXCESS, HeaderText};
use crate::net::Connection;
use crate::net::failure::{self, Retry};

/// Bytes of a head that are read before it is given up.
const MAX_HEAD_READ: usize = 256 * 1024;

/// Header lines that are read before the head is given up.
const MAX_HEADERS_READ: usize = 512;

/// What codings may add to a body that does not shrink.
const CODING_OVERHEAD: usize = 64 * 1024;

/// Bytes of a redirect's body: nobody reads more of it, and a fetch may hold eleven.
const MAX_REDIRECT_BODY: usize = 64 * 1024;

/// HTTP/2's windows: how much may arrive unread.
const H2_WINDOW: u32 = 512 * 1024;

/// What bounds an exchange.
#[derive(Debug, Clone)]
pub struct ExchangeLimits {
    pub user_agent: HeaderValue,
    /// Bytes of a body, as sent and after its codings are undone.
    pub max_body: usize,
    /// Of the whole fetch.
    pub deadline: Instant,
}

/// What came of one request. `request.t0` and `request.t` are left to the caller, who knows the measurement's clock.
#[derive(Debug, Default)]
pub struct Exchange {
    pub request: record::Request,
    /// Our own address on the connection.
    pub local: Option<IpAddr>,
    /// The server's; none behind a proxy, and where there was no connection.
    pub ip: Option<IpAddr>,
    /// `Location` as its bytes were sent.
    pub location: Option<Bytes>,
    /// `Retry-After`.
    pub retry_after: Option<String>,
    /// From the request to the first byte of the answer; none when nothing came.
    pub first_byte_ms: Option<f64>,
    /// Bytes after the codings were undone, before any cut. Where more came than was read this is the announced
    /// length of a body without codings, else what was read.
    pub body_bytes: u64,
    /// The server did not look at the request, and is to be asked once more.
    pub retry: Option<Retry>,
}

/// Asks once. Never fails: a fault is part of what came of it.
pub async fn exchange(
    connection: Connection,
    ask: &FetchRequest,
    cookie: Option<&str>,
    bounds: &ExchangeLimits,
) -> Exchange {
    let h2 = connection.h2;
    let mut made = Exchange::default();
    ask.method
        .as_str()
        .clone_into(&mut made.request.request.method);
    made.request.transaction_id = connection.transaction_id;
    made.local = connection.local;
    let Some(request) = ask.request(&bounds.user_agent, cookie, h2) else {
        made.request.failure = Some(Failure::HTTP_BAD_REDIRECT.into());
        return made;
    };
    made.request.request.headers_list = as_sent(request.headers(), h2);
    made.request.wire.h2 = h2;
    made.request.wire.sent_body = ask.sent_body();
    let (tap, ear) = RecordingIo::new(connection.io, !h2);
    let io = TokioIo::new(tap);
    let begun = Instant::now();
    let outcome = if h2 {
        // Boxed: it is the larger of the two, and the rarer.
        Box::pin(over_h2(io, request, bounds, &ear)).await
    } else {
        over_h1(io, request, bounds, &ear).await
    };
    let heard = ear.heard().first_byte;
    match outcome {
        Ok(answer) => {
            // HTTP/2's first bytes are settings; its answer begins with the head.
            let first = if h2 { Some(answer.head_at) } else { heard };
            made.first_byte_ms = first.map(|at| milliseconds(begun, at));
            take(&mut made, answer, (!h2).then_some(&ear));
        }
        Err(none) => {
            made.first_byte_ms = heard.filter(|_| !h2).map(|at| milliseconds(begun, at));
            made.request.failure = Some(none.failure);
            made.retry = none.again;
        }
    }
    made
}

/// No answer came.
struct Unanswered {
    failure: Failure,
    again: Option<Retry>,
}

impl Unanswered {
    fn of(error: &hyper::Error) -> Self {
        Self {
            failure: failure::from_hyper(error),
            again: failure::refused_stream(error),
        }
    }

    fn late() -> Self {
        Self {
            failure: failure::timeout(),
            again: None,
        }
    }
}

/// The head as hyper has it, and the body.
struct Answer {
    head_at: Instant,
    code: u16,
    headers: HeaderMap,
    wire: WireBody,
    /// The limit for this answer.
    max_body: usize,
}

async fn over_h1(
    io: TokioIo<RecordingIo>,
    request: Request<Full<Bytes>>,
    bounds: &ExchangeLimits,
    ear: &RecordingHandle,
) -> Result<Answer, Unanswered> {
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .ignore_invalid_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .max_headers(MAX_HEADERS_READ)
        .max_header_size(MAX_HEAD_READ)
        .handshake(io)
        .await
        .map_err(|e| Unanswered::of(&e))?;
    let connection = pin!(connection);
    let mut drive = ConnectionDriver::new(connection, bounds.deadline);
    answer(sender.send_request(request), &mut drive, bounds, ear).await
}

async fn over_h2(
    io: TokioIo<RecordingIo>,
    request: Request<Full<Bytes>>,
    bounds: &ExchangeLimits,
    ear: &RecordingHandle,
) -> Result<Answer, Unanswered> {
    let tasks = Tasks::default();
    let _end = tasks.guard();
    let handshake = http2::Builder::new(tasks)
        .initial_stream_window_size(H2_WINDOW)
        .initial_connection_window_size(H2_WINDOW)
        .max_header_list_size(64 * 1024)
        .handshake(io);
    let (mut sender, connection) = tokio::time::timeout_at(bounds.deadline, handshake)
        .await
        .map_err(|_| Unanswered::late())?
        .map_err(|e| Unanswered::of(&e))?;
    let connection = pin!(connection);
    let mut drive = ConnectionDriver::new(connection, bounds.deadline);
    answer(sender.send_request(request), &mut drive, bounds, ear).await
}

async fn answer<C: Future>(
    response: impl Future<Output = hyper::Result<Response<Incoming>>>,
    drive: &mut ConnectionDriver<'_, C>,
    bounds: &ExchangeLimits,
    ear: &RecordingHandle,
) -> Result<Answer, Unanswered> {
    let response = match drive.step(response).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(Unanswered::of(&error)),
        Err(DeadlineExceeded) => return Err(Unanswered::late()),
    };
    ear.heard().answered = true;
    let head_at = Instant::now();
    let (parts, body) = response.into_parts();
    let max_body = if parts.status.is_redirection() {
        bounds.max_body.min(MAX_REDIRECT_BODY)
    } else {
        bounds.max_body
    };
    let read = if decode::is_coded(encodings(&parts.headers)) {
        max_body.saturating_add(CODING_OVERHEAD)
    } else {
        max_body
    };
    let mut wire = body::read(body, read, drive).await;
    if ends_with_the_connection(parts.version, &parts.headers, &wire) {
        wire.failure = None;
    }
    Ok(Answer {
        head_at,
        code: parts.status.as_u16(),
        headers: parts.headers,
        wire,
        max_body,
    })
}

/// A body without length ends where the connection does. Many servers end TLS without its farewell, which browsers
/// forgive for such bodies.
fn ends_with_the_connection(version: Version, headers: &HeaderMap, wire: &WireBody) -> bool {
    version != Version::HTTP_2
        && wire.announced.is_none()
        && !headers.contains_key(header::TRANSFER_ENCODING)
        && wire
            .failure
            .as_ref()
            .is_some_and(|f| f.equals(Failure::EOF))
}

/// Fills the record from the answer; `ear` heard the head of an HTTP/1 answer.
fn take(made: &mut Exchange, answer: Answer, ear: Option<&RecordingHandle>) {
    let Answer {
        code,
        headers,
        wire,
        max_body,
        ..
    } = answer;
    let whole = !wire.over && wire.failure.is_none();
    let came = wire.bytes.len() as u64;
    let decoded = decode::decode(wire.bytes.clone(), encodings(&headers), max_body, whole);
    // Of a body that is decoded in part the rest could not be searched for what must be redacted.
    if whole && !decoded.truncated && !decoded.broken {
        let has_coding = headers.contains_key(header::CONTENT_ENCODING);
        made.request.wire.encoded_body = has_coding.then_some(wire.bytes);
    }
    if let Some(ear) = ear {
        made.request.wire.reason = ear.heard().head.reason();
    }
    made.body_bytes = if decode::is_coded(encodings(&headers)) {
        decoded.bytes.len() as u64
    } else if wire.over {
        wire.announced.unwrap_or(came).max(came)
    } else {
        came
    };
    made.location = headers
        .get(header::LOCATION)
        .map(|value| Bytes::copy_from_slice(value.as_bytes()));
    made.retry_after = headers
        .get(header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok())
        .map(str::to_owned);
    made.request.response = record::Response {
        code,
        headers_list: ear.map_or_else(|| from_map(&headers), |ear| ear.heard().head.headers()),
        body: Body(decoded.bytes),
        body_is_truncated: decoded.truncated || wire.over,
    };
    if ear.is_some_and(|ear| ear.heard().excess) {
        made.request.tags.push(EXCESS.to_owned());
    }
    made.request.failure = wire.failure.or_else(|| {
        decoded
            .broken
            .then(|| Failure::from(Failure::HTTP_BAD_ENCODING))
    });
}

fn milliseconds(from: Instant, to: Instant) -> f64 {
    to.saturating_duration_since(from).as_secs_f64() * 1000.0
}

fn encodings(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
}

fn from_map(headers: &HeaderMap) -> Vec<(HeaderText, HeaderText)> {
    headers
        .iter()
        .take(MAX_HEADERS)
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (HeaderText(name.as_str().to_owned()), HeaderText(value))
        })
        .collect()
}
