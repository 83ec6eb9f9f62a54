//! What the measurement record cannot hold of an exchange as it was on the wire.
//!
//! The record has the headers in their order and the decoded body. With the form kept here, both
//! can be reconstructed as they were sent (evidence.md 1.5).

use bytes::Bytes;

/// The wire form of one request of a measurement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireForm {
    /// The exchange was made over HTTP/2.
    pub h2: bool,
    /// The reason phrase of an HTTP/1 answer, such as `Not Found`.
    pub reason: String,
    /// The body of the request, after redaction.
    pub sent_body: Bytes,
    /// The body of the answer as sent, with its content codings. `None` when it had no coding or
    /// when the decoded body was redacted; the decoded body then takes its place.
    pub encoded_body: Option<Bytes>,
    /// What was removed from the exchange, such as `cookies` and `client address`.
    pub redacted: Vec<String>,
}
