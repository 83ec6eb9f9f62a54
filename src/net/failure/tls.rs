//! Errors of the TLS handshake.

use tokio_rustls::rustls::{CertificateError, Error};

use crate::model::Failure;

/// The failure of a handshake. `net::tls` records the alert, the date and the reason in `x_detail`.
#[must_use]
pub fn from_tls(error: &Error) -> Failure {
    match error {
        Error::InvalidCertificate(certificate) => of_certificate(certificate).into(),
        // The rest is a failed handshake: alerts, no common version or suite, bytes that are not
        // TLS.
        _ => Failure::TLS_FAILED_HANDSHAKE.into(),
    }
}

fn of_certificate(error: &CertificateError) -> &'static str {
    match error {
        // A signature that is not from the named issuer means an unknown issuer; OONI's client, in
        // Go, does the same.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            Failure::TLS_UNKNOWN_AUTHORITY
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Failure::TLS_INVALID_HOSTNAME
        }
        _ => Failure::TLS_INVALID_CERTIFICATE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::rustls::{AlertDescription, PeerIncompatible};

    #[test]
    fn errors_become_oonis_strings() {
        for (error, failure) in [
            (
                CertificateError::UnknownIssuer.into(),
                Failure::TLS_UNKNOWN_AUTHORITY,
            ),
            (
                CertificateError::NotValidForName.into(),
                Failure::TLS_INVALID_HOSTNAME,
            ),
            (
                CertificateError::Expired.into(),
                Failure::TLS_INVALID_CERTIFICATE,
            ),
            (
                CertificateError::Revoked.into(),
                Failure::TLS_INVALID_CERTIFICATE,
            ),
            (
                Error::AlertReceived(AlertDescription::ProtocolVersion),
                Failure::TLS_FAILED_HANDSHAKE,
            ),
            (
                PeerIncompatible::ServerDoesNotSupportTls12Or13.into(),
                Failure::TLS_FAILED_HANDSHAKE,
            ),
        ] {
            assert!(from_tls(&error).equals(failure), "{error}");
        }
    }
}
