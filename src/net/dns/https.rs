//! DNS over HTTPS (RFC 8484), by reqwest, which only transports the questions and is not measured
//! itself.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use tokio::time::Instant;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use crate::model::Failure;
use crate::net::failure;
use crate::net::http::redacted_url;
use crate::net::log::Stopwatch;
use crate::text::secrets::Redactor;

use super::message::{DnsReply, LookupOutcome, Question};

/// The media type of RFC 8484 section 6.
const DNS_MESSAGE: &str = "application/dns-message";
/// The length field of a DNS message allows no more bytes.
const MAX_REPLY: usize = 65_535;

/// Shorter passwords, and shorter values of a query, occur in names by chance.
const MIN_PASSWORD: usize = 4;
const MIN_VALUE: usize = 8;

/// A resolver on HTTPS. Its own name is asked of the system; connections are kept.
pub(super) struct Doh {
    url: Url,
    client: reqwest::Client,
    /// What the address holds and no record may: a resolver can send it back as a name.
    secrets: Redactor,
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
        let secrets = secrets(&url);
        Ok(Self {
            url,
            client,
            secrets,
        })
    }

    /// Sends a question; a reply with a status other than 200, or of another type, is misbehaviour.
    pub(super) async fn ask(
        &self,
        question: &Question,
        clock: Stopwatch,
        deadline: Instant,
    ) -> LookupOutcome {
        let record = question.record("doh", &redacted_url(self.url.as_str()), clock.elapsed());
        let mut result = self.attempt(question, deadline).await;
        self.hide_secrets(&mut result);
        LookupOutcome::once(record, result, clock)
    }

    fn hide_secrets(&self, result: &mut Result<DnsReply, Failure>) {
        match result {
            Ok(reply) => {
                let names = reply.answers.iter_mut().filter_map(|a| a.hostname.as_mut());
                for name in names {
                    *name = self.secrets.redact(name);
                }
            }
            Err(failure) => failure.0 = self.secrets.redact(&failure.0),
        }
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

/// The user, the password and the longer values of an address's query.
fn secrets(url: &Url) -> Redactor {
    let login = url.password().into_iter().chain([url.username()]);
    let login = login.map(|text| percent_decode_str(text).decode_utf8_lossy().into_owned());
    let values = url.query_pairs().map(|(_, value)| value.into_owned());
    let secrets: Vec<String> = login
        .filter(|text| text.len() >= MIN_PASSWORD)
        .chain(values.filter(|value| value.len() >= MIN_VALUE))
        .collect();
    Redactor::new(secrets.iter().map(String::as_str))
}
