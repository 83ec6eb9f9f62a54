//! A verifier that keeps the chain as presented, whatever its decision is.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::model::measurement::BinaryData;

/// How many certificates of one chain are kept; browsers give up at about the same number.
const MAX_CERTIFICATES: usize = 10;
/// How many bytes of one chain are kept.
const MAX_BYTES: usize = 64 * 1024;

/// Records one handshake's chain and delegates every decision.
#[derive(Debug)]
pub(super) struct Recorder {
    inner: Arc<WebPkiServerVerifier>,
    chain: Mutex<Vec<BinaryData>>,
}

impl Recorder {
    pub(super) fn new(inner: Arc<WebPkiServerVerifier>) -> Self {
        Self {
            inner,
            chain: Mutex::default(),
        }
    }

    /// Returns the chain; empty on later calls.
    pub(super) fn take_chain(&self) -> Vec<BinaryData> {
        std::mem::take(&mut *self.chain.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, leaf: &CertificateDer<'_>, rest: &[CertificateDer<'_>]) {
        let mut room = MAX_BYTES;
        let kept = std::iter::once(leaf)
            .chain(rest)
            .take(MAX_CERTIFICATES)
            .take_while(|der| {
                let fits = der.len() <= room;
                room = room.saturating_sub(der.len());
                fits
            })
            .map(|der| BinaryData(der.to_vec()))
            .collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.keep(end_entity, intermediates);
        let verdict = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        match verdict {
            // webpki rejects the usual self-signed certificate (a CA, or X.509 version 1) as unfit
            // before it looks for its issuer; its real problem is that no authority vouches for it.
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if is_self_issued(end_entity) =>
            {
                Err(CertificateError::UnknownIssuer.into())
            }
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Whether a certificate names itself as its issuer.
pub(super) fn is_self_issued(der: &[u8]) -> bool {
    X509Certificate::from_der(der).is_ok_and(|(_, c)| c.issuer().as_raw() == c.subject().as_raw())
}
