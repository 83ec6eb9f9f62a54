//! The HTTP client for services of the operator's own choice: the dead man's switch, the time stamp
//! authority, and the interfaces of archives. What it fetches is not what is measured.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Response};
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// Why there is no client.
pub type ServiceFault = Box<dyn std::error::Error + Send + Sync>;

/// Mozilla's roots, no proxy from the environment, no redirects to anywhere.
pub fn service_client(limit: Duration) -> Result<Client, ServiceFault> {
    client(limit, service_tls(None)?)
}

/// The same with further roots, as PEM.
pub fn service_client_trusting(limit: Duration, pem: &[u8]) -> Result<Client, ServiceFault> {
    client(limit, service_tls(Some(pem))?)
}

/// TLS of a service: Mozilla's roots, and further ones as PEM.
pub fn service_tls(further: Option<&[u8]>) -> Result<ClientConfig, ServiceFault> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    if let Some(pem) = further {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate?)?;
        }
        if roots.len() == before {
            return Err("the file holds no certificate".into());
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(tls)
}

/// The innermost cause of an error, which says most.
#[must_use]
pub fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Whether a request failed because the certificate of the service is not trusted.
#[must_use]
pub fn is_untrusted(error: &reqwest::Error) -> bool {
    is_certificate_fault(error)
}

/// Whether a certificate that is not trusted is among the causes of an error. An I/O error hides
/// what it was made of from its sources.
#[must_use]
pub fn is_certificate_fault(error: &(dyn std::error::Error + 'static)) -> bool {
    let own = error.downcast_ref::<rustls::Error>();
    if matches!(own, Some(rustls::Error::InvalidCertificate(_))) {
        return true;
    }
    let io = error.downcast_ref::<std::io::Error>();
    if let Some(inner) = io.and_then(std::io::Error::get_ref)
        && is_certificate_fault(inner)
    {
        return true;
    }
    error.source().is_some_and(is_certificate_fault)
}

/// A connection that was idle for longer is not used again: its other end may close it now, and a
/// request that it breaks off is not sent twice.
const IDLE: Duration = Duration::from_secs(30);

fn client(limit: Duration, tls: ClientConfig) -> Result<Client, ServiceFault> {
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .timeout(limit)
        .pool_idle_timeout(IDLE)
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
