//! A vantage's trusted roots and the fixed shape of our `ClientHello`, built once.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::client::{Resumption, WebPkiServerVerifier};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::model::Vantage;
use crate::net::NetError;

use super::recorder::Recorder;

/// The TLS library and its fixed shape, as in records.
#[must_use]
pub fn client_label() -> &'static str {
    "rustls 0.23 ring"
}

/// TLS settings of one vantage; cheap to clone.
#[derive(Debug, Clone)]
pub struct Tls {
    verifier: Arc<WebPkiServerVerifier>,
    base: Arc<ClientConfig>,
}

impl Tls {
    /// Mozilla's roots, compiled in so that every vantage gives the same verdict, and the vantage's
    /// own roots.
    pub fn new(vantage: &Vantage, dir: &Path) -> Result<Self, NetError> {
        let fault = |what: String| NetError::Tls {
            vantage: vantage.id.to_string(),
            what,
        };
        let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        if let Some(ca) = &vantage.ca {
            add_roots(&mut roots, vantage, &dir.join(ca))?;
        }
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .map_err(|error| fault(error.to_string()))?;
        let mut base = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| fault(error.to_string()))?
            .with_webpki_verifier(Arc::clone(&verifier))
            .with_no_client_auth();
        base.resumption = Resumption::disabled();
        Ok(Self {
            verifier,
            base: Arc::new(base),
        })
    }

    /// The plain configuration, without ALPN: for resolvers.
    pub(in crate::net) fn plain(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.base)
    }

    /// The configuration with these protocols offered.
    pub(in crate::net) fn offering(&self, protocols: &[&[u8]]) -> ClientConfig {
        let mut config = (*self.base).clone();
        config.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
        config
    }

    /// A configuration for one measured handshake, with HTTP's protocols and a recorder of the
    /// chain. It copies a few pointers; a handshake costs a thousand times that.
    pub(super) fn recording(&self, http1_only: bool) -> (Arc<ClientConfig>, Arc<Recorder>) {
        let recorder = Arc::new(Recorder::new(Arc::clone(&self.verifier)));
        let protocols: &[&[u8]] = &[b"h2", b"http/1.1"];
        let mut config = self.offering(&protocols[usize::from(http1_only)..]);
        config
            .dangerous()
            .set_certificate_verifier(Arc::clone(&recorder) as _);
        (Arc::new(config), recorder)
    }
}

fn add_roots(roots: &mut RootCertStore, vantage: &Vantage, path: &Path) -> Result<(), NetError> {
    let faulty = |what: String| NetError::RootsFaulty {
        vantage: vantage.id.to_string(),
        path: path.to_owned(),
        what,
    };
    let pem = std::fs::read(path).map_err(|source| NetError::RootsUnreadable {
        vantage: vantage.id.to_string(),
        path: path.to_owned(),
        source,
    })?;
    let mut found = 0;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        found += 1;
        let certificate = certificate.map_err(|e| faulty(format!("is not PEM ({e:?})")))?;
        roots
            .add(certificate)
            .map_err(|e| faulty(format!("has a faulty certificate, number {found} ({e})")))?;
    }
    if found == 0 {
        return Err(faulty("holds no certificate".to_owned()));
    }
    Ok(())
}
