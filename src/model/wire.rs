//! What the measurement record cannot hold of an exchange as it stood on the wire.
//!
//! The record has the headers in their order and the body after its codings were undone. With the
//! form kept here both can be put back together as they were sent (evidence.md 1.5).

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
    /// The body of the answer as it was sent, with its content codings. `None` when it had no
    /// coding, and when the decoded body was redacted: then the decoded body stands for it.
    pub encoded_body: Option<Bytes>,
    /// What was taken out of the exchange, such as `cookies` and `client address`.
    pub redacted: Vec<String>,
}
