//! Errors of the TLS handshake.

use tokio_rustls::rustls::{CertificateError, Error};

use crate::model::Failure;

/// The failure of a handshake. The alert, the date, the reason are told by `net::tls` in `x_detail`.
#[must_use]
pub fn from_tls(error: &Error) -> Failure {
    match error {
        Error::InvalidCertificate(certificate) => of_certificate(certificate).into(),
        // The rest is a handshake that did not come about: alerts, no common version or suite, bytes that are
        // not TLS.
        _ => Failure::TLS_FAILED_HANDSHAKE.into(),
    }
}

fn of_certificate(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::UnknownIssuer => Failure::TLS_UNKNOWN_AUTHORITY,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Failure::TLS_INVALID_HOSTNAME
        }
        _ => Failure::TLS_INVALID_CERTIFICATE,
    }
}
