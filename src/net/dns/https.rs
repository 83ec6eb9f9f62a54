//! DNS over HTTPS (RFC 8484), by reqwest, which only transports the questions and is not measured
//! itself.

use std::net::IpAddr;

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::time::Instant;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use crate::model::Failure;
use crate::net::failure;
use crate::net::http::redacted_url;
use crate::net::log::Stopwatch;

use super::message::{DnsReply, LookupOutcome, Question};

/// The media type of RFC 8484 section 6.
const DNS_MESSAGE: &str = "application/dns-message";
/// The length field of a DNS message allows no more bytes.
const MAX_REPLY: usize = 65_535;

/// A resolver over HTTPS. The system resolves its own name; connections are reused.
pub(super) struct Doh {
    url: Url,
    client: reqwest::Client,
}

impl Doh {
    /// `tls` must offer HTTP's protocols by ALPN.
    pub(super) fn new(
        url: Url,
        bind: Option<IpAddr>,
        tls: ClientConfig,
    ) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // Proxies from the environment would change the vantage.
            .no_proxy()
            .local_address(bind)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { url, client })
    }

    /// Sends a question; a reply with a status other than 200, or of another type, is misbehaviour.
    pub(super) async fn ask(
        &self,
        question: &Question,
        clock: Stopwatch,
        deadline: Instant,
    ) -> LookupOutcome {
        let record = question.record("doh", &redacted_url(self.url.as_str()), clock.elapsed());
        let result = self.attempt(question, deadline).await;
        LookupOutcome::once(record, result, clock)
    }

    async fn attempt(&self, question: &Question, deadline: Instant) -> Result<DnsReply, Failure> {
        let mut response = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, DNS_MESSAGE)
            .header(ACCEPT, DNS_MESSAGE)
            .timeout(deadline.saturating_duration_since(Instant::now()))
            .body(question.wire.clone())
            .send()
            .await
            .map_err(|error| failure::from_reqwest(&error))?;
        let is_message = response
            .headers()
            .get(CONTENT_TYPE)
            .is_some_and(|t| t.as_bytes().starts_with(DNS_MESSAGE.as_bytes()));
        if response.status() != reqwest::StatusCode::OK || !is_message {
            return Err(Failure::DNS_MALFORMED.into());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| failure::from_reqwest(&error))?
        {
            if body.len() + chunk.len() > MAX_REPLY {
                return Err(Failure::DNS_MALFORMED.into());
            }
            body.extend_from_slice(&chunk);
        }
        question
            .read(&body)
            .ok_or_else(|| Failure::DNS_MALFORMED.into())
    }
}
