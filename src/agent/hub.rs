//! The requests to the hub over HTTPS. Whatever it answers is bounded, and a fault is one sentence
//! with its fix.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, Url, header};
use serde::de::DeserializeOwned;

use crate::fleet::messages::unpack;
use crate::model::agent::{
    AGENT_FORMAT, AgentHello, AgentTasks, AgentWorkspace, FORMAT_HEADER, HelloAnswer,
    LONGEST_WORKSPACE, PASS_CONTINUES, PASS_ENDED, PASS_HEADER,
};
use crate::model::vantage::Secret;
use crate::net::pace::HostLeases;
use crate::net::{ServiceAnswer, innermost, is_untrusted, service_client, service_client_trusting};
use crate::text::clean;

use super::spool::Batch;
use super::transport::{Answer, Delivery, HubError, HubTransport, Progress, Taken};

/// A short request ends within this time.
const SHORT: Duration = Duration::from_secs(30);
/// Sending a batch over a slow line takes longer.
const SENDING: Duration = Duration::from_secs(600);
/// How long the hub waits for a change, in seconds: less than proxies wait for an answer.
const WAIT: u64 = 50;
/// The longest answers, as sent.
const MOST_OF_HELLO: usize = 64 * 1024;
const MOST_OF_TASKS: usize = 1024 * 1024;
const MOST_OF_RECORDS: usize = 1024 * 1024;
const MOST_OF_WORKSPACE: usize = 8 * 1024 * 1024;
/// The longest sentence of the hub that is shown.
const SENTENCE: usize = 400;

/// The hub of an agent.
#[derive(Debug)]
pub struct HubClient {
    base: Url,
    token: Secret,
    client: Client,
}

impl HubClient {
    /// A client for the hub at `base`; `roots` are further authorities, as PEM. A token leaves this
    /// computer only over TLS.
    pub fn new(base: Url, token: Secret, roots: Option<&[u8]>) -> Result<Self, HubError> {
        let is_here = match base.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if base.scheme() != "https" && !(base.scheme() == "http" && is_here) {
            let why = "--hub needs https://: the token must not be read on the way";
            return Err(HubError::Client(why.to_owned()));
        }
        let client = match roots {
            Some(pem) => service_client_trusting(SHORT, pem),
            None => service_client(SHORT),
        };
        let client = client.map_err(|error| HubError::Client(format!("no client: {error}")))?;
        Ok(Self {
            base,
            token,
            client,
        })
    }

    async fn newest_workspace(
        &self,
        known: Option<&str>,
    ) -> Result<Option<(String, AgentWorkspace)>, HubError> {
        let wait = if known.is_some() { WAIT } else { 0 };
        let place = format!("api/v1/agent/workspace?wait={wait}");
        let mut request = self.request(Method::GET, &place);
        request = request
            .timeout(SHORT + Duration::from_secs(wait))
            .header(header::ACCEPT_ENCODING, "gzip");
        if let Some(known) = known {
            request = request.header(header::IF_NONE_MATCH, known);
        }
        let answer = self.answer_to(request, MOST_OF_WORKSPACE).await?;
        if answer.status == 304 {
            return Ok(None);
        }
        let tag = answer.header("etag").unwrap_or_default().to_owned();
        Ok(Some((tag, parse(&unpacked(answer)?)?)))
    }

    async fn leased_tasks(&self) -> Result<AgentTasks, HubError> {
        let request = self.request(Method::GET, &format!("api/v1/agent/tasks?wait={WAIT}"));
        let request = request.timeout(SHORT + Duration::from_secs(WAIT));
        parse(&self.answer_to(request, MOST_OF_TASKS).await?.body)
    }

    async fn report(&self, hello: &AgentHello) -> Result<HelloAnswer, HubError> {
        let request = self.request(Method::POST, "api/v1/agent/hello");
        let body = serde_json::to_vec(hello).map_err(|e| HubError::Client(e.to_string()))?;
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .body(body);
        parse(&self.answer_to(request, MOST_OF_HELLO).await?.body)
    }

    async fn post(&self, batch: &Batch) -> Result<Taken, HubError> {
        let part = if batch.continues {
            PASS_CONTINUES
        } else {
            PASS_ENDED
        };
        let request = self
            .request(Method::POST, "api/v1/measurements")
            .timeout(SENDING)
            .header(header::CONTENT_TYPE, "application/x-ndjson")
            .header(header::CONTENT_ENCODING, "gzip")
            .header(PASS_HEADER, part)
            .body(batch.body.clone());
        parse(&self.answer_to(request, MOST_OF_RECORDS).await?.body)
    }

    /// `place` is a path below the address of the hub, with its query.
    fn request(&self, method: Method, place: &str) -> RequestBuilder {
        let (path, query) = place.split_once('?').unwrap_or((place, ""));
        let mut address = self.base.clone();
        let folder = address.path().trim_end_matches('/').to_owned();
        address.set_path(&format!("{folder}/{path}"));
        address.set_query(Some(query).filter(|query| !query.is_empty()));
        let request = self.client.request(method, address);
        request
            .bearer_auth(&self.token.0)
            .header(FORMAT_HEADER, AGENT_FORMAT)
    }

    async fn answer_to(
        &self,
        request: RequestBuilder,
        most: usize,
    ) -> Result<ServiceAnswer, HubError> {
        let answer = request.send().await.map_err(|error| self.fault(error))?;
        let answer = self.read(answer, most).await?;
        match answer.status {
            200..=299 | 304 => Ok(answer),
            401 => Err(HubError::WrongToken),
            426 => Err(HubError::OtherFormat(detail(&answer))),
            429 | 503 => Err(HubError::Busy(detail(&answer))),
            status => Err(HubError::Refused {
                status,
                detail: detail(&answer),
            }),
        }
    }

    async fn read(&self, answer: Response, most: usize) -> Result<ServiceAnswer, HubError> {
        let read = ServiceAnswer::read(answer, most).await;
        let read = read.map_err(|error| self.fault(error))?;
        if read.is_truncated {
            return Err(HubError::Unreadable(format!(
                "it is longer than {most} bytes"
            )));
        }
        Ok(read)
    }

    fn fault(&self, error: reqwest::Error) -> HubError {
        let host = self.base.host_str().unwrap_or("?").to_owned();
        let untrusted = is_untrusted(&error);
        let reason = clean::line(&innermost(&error.without_url()), SENTENCE);
        if untrusted {
            HubError::Untrusted { host, reason }
        } else {
            HubError::Unreachable { host, reason }
        }
    }
}

impl HubTransport for HubClient {
    fn workspace<'a>(
        &'a self,
        known: Option<&'a str>,
    ) -> Answer<'a, Option<(String, AgentWorkspace)>> {
        Box::pin(self.newest_workspace(known))
    }

    fn tasks(&self) -> Answer<'_, AgentTasks> {
        Box::pin(self.leased_tasks())
    }

    fn hello<'a>(&'a self, hello: &'a AgentHello) -> Answer<'a, HelloAnswer> {
        Box::pin(self.report(hello))
    }

    fn send<'a>(&'a self, batch: &'a Batch) -> Answer<'a, Delivery> {
        Box::pin(async { self.post(batch).await.map(Delivery::Taken) })
    }

    fn has_turn(&self) -> Answer<'_, bool> {
        Box::pin(std::future::ready(Ok(true)))
    }

    fn host_leases(&self) -> Option<Arc<dyn HostLeases>> {
        None
    }

    /// The answer to a batch says that the hub has it: nothing is ever on its way.
    fn progress(&self) -> Answer<'_, Progress> {
        Box::pin(std::future::ready(Ok(Progress::default())))
    }
}

/// The sentence of a problem, or else what was answered.
fn detail(answer: &ServiceAnswer) -> String {
    let problem: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
    let detail = problem.as_ref().and_then(|p| p["detail"].as_str());
    let text = answer.text();
    clean::line(detail.unwrap_or(&text), SENTENCE)
}

fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, HubError> {
    serde_json::from_slice(body).map_err(|error| HubError::Unreadable(error.to_string()))
}

fn unpacked(answer: ServiceAnswer) -> Result<Vec<u8>, HubError> {
    if answer.header("content-encoding") != Some("gzip") {
        return Ok(answer.body);
    }
    unpack(&answer.body, LONGEST_WORKSPACE).map_err(|error| HubError::Unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpListener};

    use super::*;

    /// A hub that answers everything with `head` and `body`.
    fn hub(head: &'static str, body: Vec<u8>) -> HubClient {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at: SocketAddr = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let length = body.len();
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n{head}\r\n");
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(&body);
            }
        });
        let base = format!("http://{at}/").parse().unwrap();
        HubClient::new(base, Secret("t".to_owned()), None).unwrap()
    }

    fn hello() -> AgentHello {
        serde_json::from_value(serde_json::json!({
            "version": "1", "clock": "2026-03-02T08:00:00Z", "spool": 0,
            "last_round": null,
        }))
        .unwrap()
    }

    fn is_too_long(error: &HubError) -> bool {
        matches!(error, HubError::Unreadable(why) if why.contains("longer than"))
    }

    #[tokio::test]
    async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
        let error = hub("", vec![b' '; MOST_OF_HELLO + 1]).hello(&hello()).await;
        let error = error.unwrap_err();
        assert!(is_too_long(&error), "{error}");
        let long = vec![b' '; MOST_OF_WORKSPACE + 1];
        let error = hub("", long).workspace(None).await.unwrap_err();
        assert!(is_too_long(&error), "{error}");
    }

    #[tokio::test]
    async fn a_small_body_that_unpacks_to_a_large_one_is_refused() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed
            .write_all(&vec![b' '; LONGEST_WORKSPACE + 1])
            .unwrap();
        let hub = hub("Content-Encoding: gzip\r\n", packed.finish().unwrap());
        let error = hub.workspace(None).await.unwrap_err();
        assert!(is_too_long(&error), "{error}");
    }
}
