//! A dead man's switch: each pass requests a URL, so that the service behind it notices when the
//! requests stop. By Healthchecks' convention, `/fail` after the URL reports a failed pass.

use std::time::Duration;

use reqwest::{Client, Url};

use crate::model::settings::heartbeat_secrets;
use crate::net::{innermost, service_client};
use crate::text::secrets::Redactor;

/// The time limit of one attempt.
const LIMIT: Duration = Duration::from_secs(10);

/// The longest error text; the rest is cut.
const WORDS: usize = 300;

/// The waits between attempts.
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

/// The switch was not reached. This never fails a pass.
#[derive(Debug, thiserror::Error)]
pub enum HeartbeatError {
    #[error(
        "the heartbeat address {host} did not take the signal: {reason}; check [alerts] heartbeat"
    )]
    NotTaken { host: String, reason: String },
    #[error("no HTTP client for the heartbeat: {0}")]
    Client(String),
}

/// Requests `url`, or `url/fail` when the pass failed; up to three attempts. The URL works like a
/// password, so errors and logs name only its host.
pub async fn heartbeat(url: &Url, ok: bool) -> Result<(), HeartbeatError> {
    signal(url, ok, &PAUSES).await
}

async fn signal(url: &Url, ok: bool, pauses: &[Duration]) -> Result<(), HeartbeatError> {
    let target = if ok { url.clone() } else { failing(url) };
    let client =
        service_client(LIMIT).map_err(|error| HeartbeatError::Client(error.to_string()))?;
    let mut reason = String::new();
    for try_number in 0..=pauses.len() {
        match ask(&client, &target).await {
            Ok(()) => return Ok(()),
            Err(error) => reason = error,
        }
        if let Some(pause) = pauses.get(try_number) {
            tokio::time::sleep(*pause).await;
        }
    }
    let host = url.host_str().unwrap_or("?").to_owned();
    // The answer of the service may repeat the URL.
    let reason = Redactor::new(heartbeat_secrets(url)).line(&reason, WORDS);
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

fn failing(url: &Url) -> Url {
    let mut failing = url.clone();
    failing.set_path(&format!("{}/fail", url.path().trim_end_matches('/')));
    failing
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    /// Answers each connection with the next status and returns the request lines.
    async fn play(listener: TcpListener, statuses: &[&str]) -> Vec<String> {
        let mut asked = Vec::new();
        for status in statuses {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 4096];
            let length = stream.read(&mut request).await.unwrap();
            let text = String::from_utf8_lossy(&request[..length]).into_owned();
            asked.push(text.lines().next().unwrap_or_default().to_owned());
            let answer =
                format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        asked
    }

    async fn check(ok: bool, statuses: &[&str]) -> (Vec<String>, Result<(), String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/secret-uuid", listener.local_addr().unwrap());
        let url = url.parse().unwrap();
        let pauses = [Duration::ZERO; 2];
        let (asked, reached) = tokio::join!(play(listener, statuses), signal(&url, ok, &pauses));
        (asked, reached.map_err(|error| error.to_string()))
    }

    #[tokio::test]
    async fn the_switch_is_asked_until_it_answers() {
        let (asked, reached) = check(true, &["503 Busy", "200 OK"]).await;
        assert_eq!(reached, Ok(()));
        assert_eq!(asked, ["GET /secret-uuid HTTP/1.1"; 2]);
        let (asked, reached) = check(false, &["200 OK"]).await;
        assert_eq!((asked.len(), reached), (1, Ok(())));
        assert_eq!(asked[0], "GET /secret-uuid/fail HTTP/1.1");
    }

    #[tokio::test]
    async fn a_switch_that_does_not_answer_is_told_without_its_secret() {
        let (asked, reached) = check(true, &["503 Busy"; 3]).await;
        assert_eq!(asked.len(), 3);
        let error = reached.unwrap_err();
        assert!(
            error.contains("it answered 503") && error.contains("[alerts] heartbeat"),
            "{error}"
        );
        assert!(!error.contains("secret-uuid"));
        let closed = "http://127.0.0.1:1/secret-uuid".parse().unwrap();
        let error = signal(&closed, true, &[]).await.unwrap_err().to_string();
        assert!(
            error.contains("127.0.0.1") && !error.contains("secret-uuid"),
            "{error}"
        );
    }

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
