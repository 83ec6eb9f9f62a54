//! Errors of an HTTP exchange.

use std::error::Error as StdError;
use std::io;

use tokio_rustls::rustls;

use crate::model::Failure;

use super::{from_io, from_tls, unknown};

/// How deep sources are followed.
const MAX_DEPTH: usize = 16;

/// The failure of an exchange on a connection of our own.
#[must_use]
pub fn from_hyper(error: &hyper::Error) -> Failure {
    // A head over hyper's bounds on size or number of headers is a parse error too.
    if error.is_parse() {
        return Failure::HTTP_MALFORMED.into();
    }
    if let Some(failure) = wrapped(error) {
        return failure;
    }
    if error.is_timeout() {
        return super::timeout();
    }
    // The connection ended before the answer did; or hyper's task was told to stop because it had ended.
    if error.is_incomplete_message()
        || error.is_closed()
        || error.is_canceled()
        || error.is_body_write_aborted()
    {
        return Failure::EOF.into();
    }
    unknown(error)
}

/// The failure of a request by reqwest, which carries DNS over HTTPS.
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
    wrapped(error).unwrap_or_else(|| unknown(error))
}

/// A socket's, TLS's or HTTP/2's error among the sources.
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

/// An HTTP/2 stream or connection that the server ended is an answer that never came; one that we had to end
/// broke the protocol.
fn from_h2(error: &h2::Error) -> Failure {
    match error.get_io() {
        Some(io) => from_io(io),
        None if error.is_remote() => Failure::EOF.into(),
        None => Failure::HTTP_MALFORMED.into(),
    }
}
