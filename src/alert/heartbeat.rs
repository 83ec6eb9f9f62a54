//! A dead man's switch: after each pass an address is asked, so that its keeper notices when none is
//! asked any more. Healthchecks' convention: `/fail` behind the address says that the pass failed.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// Of one try.
const LIMIT: Duration = Duration::from_secs(10);

/// Waits between tries.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// The switch was not reached. A pass is never failed by it.
#[derive(Debug, thiserror::Error)]
pub enum HeartbeatError {
    #[error(
        "the heartbeat address {host} did not take the signal: {reason}; check [alerts] heartbeat"
    )]
    NotTaken { host: String, reason: String },
    #[error("no HTTP client for the heartbeat: {0}")]
    Client(String),
}

/// Asks `url`, or `url/fail` when the pass failed; three tries. The address itself is a secret of a
/// kind: errors and logs name its host only.
pub async fn heartbeat(url: &Url, ok: bool) -> Result<(), HeartbeatError> {
    let target = if ok { url.clone() } else { failing(url) };
    let client = client().map_err(|error| HeartbeatError::Client(error.to_string()))?;
    let mut reason = String::new();
    for try_number in 0..=PAUSES.len() {
        match ask(&client, &target).await {
            Ok(()) => return Ok(()),
            Err(error) => reason = error,
        }
        if let Some(pause) = PAUSES.get(try_number) {
            tokio::time::sleep(*pause).await;
        }
    }
    let host = url.host_str().unwrap_or("?").to_owned();
    Err(HeartbeatError::NotTaken { host, reason })
}

async fn ask(client: &Client, url: &Url) -> Result<(), String> {
    let answer = client.get(url.clone()).send().await;
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(format!("it answered {}", answer.status().as_u16())),
        Err(error) if error.is_timeout() => Err("it did not answer in 10 s".to_owned()),
        Err(error) => Err(innermost(&error.without_url())),
    }
}

/// The last cause says most, and no layer above it names the address.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn failing(url: &Url) -> Url {
    let mut failing = url.clone();
    failing.set_path(&format!("{}/fail", url.path().trim_end_matches('/')));
    failing
}

/// Mozilla's roots, no proxy from the environment, no redirects to anywhere.
fn client() -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .timeout(LIMIT)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("accesswatch/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fail_goes_behind_the_path() {
        for (url, expected) in [
            ("https://hc.example/uuid", "https://hc.example/uuid/fail"),
            ("https://hc.example/uuid/", "https://hc.example/uuid/fail"),
            (
                "https://hc.example/uuid?rid=1",
                "https://hc.example/uuid/fail?rid=1",
            ),
        ] {
            assert_eq!(failing(&url.parse().unwrap()).as_str(), expected);
        }
    }
}
