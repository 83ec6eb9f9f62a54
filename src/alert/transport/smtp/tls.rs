//! TLS to a mail server, and how to fix a handshake that fails.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{AlertDescription, CertificateError, ClientConfig, RootCertStore};
use tokio_rustls::{TlsConnector, rustls};

use super::wire::SmtpStream;

/// Parses PEM certificates.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err("it holds no certificate in PEM".to_owned()),
        Ok(found) => Ok(found),
        Err(error) => Err(format!("it is not PEM ({error:?})")),
    }
}

/// Mozilla's roots and those of `extra`.
pub fn config(extra: &[CertificateDer<'static>]) -> Result<Arc<ClientConfig>, String> {
    let mut roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    for certificate in extra {
        roots
            .add(certificate.clone())
            .map_err(|error| format!("a certificate of it cannot be used ({error})"))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Performs the TLS handshake.
pub async fn wrap(
    io: Box<dyn SmtpStream>,
    config: &Arc<ClientConfig>,
    host: &str,
) -> std::io::Result<Box<dyn SmtpStream>> {
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    let stream = TlsConnector::from(Arc::clone(config))
        .connect(name, io)
        .await?;
    Ok(Box::new(stream))
}

/// Whether the answer was not TLS at all, such as a greeting in plain text.
pub fn is_no_tls(error: &std::io::Error) -> bool {
    matches!(cause(error), Some(rustls::Error::InvalidMessage(_)))
}

/// The fix for a handshake that failed.
pub fn fix(error: &std::io::Error) -> &'static str {
    match cause(error) {
        Some(rustls::Error::InvalidCertificate(certificate)) => certificate_fix(certificate),
        Some(
            rustls::Error::PeerIncompatible(_)
            | rustls::Error::AlertReceived(
                AlertDescription::HandshakeFailure | AlertDescription::ProtocolVersion,
            ),
        ) => "the server does not support TLS 1.2 or 1.3: ask its operator to update it",
        _ => "ask who runs the server to look into its log",
    }
}

fn certificate_fix(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::UnknownIssuer => {
            "its certificate is of an authority that is not known here: name the PEM file with that authority's certificate in [alerts] ca"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "write the host under [alerts] transport as its certificate names it"
        }
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "check this computer's clock; when it is right, ask who runs the server to renew the certificate"
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            "the server shows a certificate that it signed itself as an authority: ask who runs it for one that is signed by an authority, and name that one in [alerts] ca"
        }
        _ => "ask who runs the server for a valid certificate",
    }
}

fn cause(error: &std::io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref::<rustls::Error>()
}
