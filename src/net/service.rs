//! The HTTP client for services of the operator's own choice: the dead man's switch and the time
//! stamp authority. What it fetches is not what is measured.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
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
