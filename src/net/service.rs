//! The HTTP client for services of the operator's own choice: the dead man's switch, the time stamp
//! authority, and the interfaces of archives. What it fetches is not what is measured.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Response};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// Mozilla's roots, no proxy from the environment, no redirects to anywhere.
pub fn service_client(limit: Duration) -> Result<Client, Box<dyn std::error::Error + Send + Sync>> {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .timeout(limit)
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("accesswatch/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

/// An answer of a service, cut at a length.
#[derive(Debug, Clone)]
pub struct ServiceAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub is_truncated: bool,
}

impl ServiceAnswer {
    /// Reads at most `max` bytes of the body.
    pub async fn read(mut answer: Response, max: usize) -> reqwest::Result<Self> {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let mut read = Self {
            status,
            headers,
            body: Vec::new(),
            is_truncated: false,
        };
        while let Some(chunk) = answer.chunk().await? {
            let room = max - read.body.len();
            read.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                read.is_truncated = true;
                break;
            }
        }
        Ok(read)
    }

    /// The first header with this name, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as text; what is not UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}
