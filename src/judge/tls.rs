//! Judges a failed handshake by its failure, its detail and the presented chain.

use x509_parser::prelude::{FromDer, X509Certificate};

use super::transport_failure::TransportFailure;
use crate::model::Evidence;
use crate::model::failure::Failure as F;
use crate::model::measurement::TlsHandshake;
use crate::model::{Code, Fact, Time};
use crate::text::clean;

/// Alerts of a server that shares no version, suite or group with us (RFC 8446 section 6.2).
const INCOMPATIBLE: &[&str] = &[
    "handshake_failure",
    "protocol_version",
    "insufficient_security",
    "inappropriate_fallback",
    "no_application_protocol",
];

/// What stopped a handshake, at the time `at`.
pub(super) fn stop(index: usize, handshake: &TlsHandshake, at: Time) -> TransportFailure {
    let failure = handshake.failure.clone();
    let detail = handshake.x_detail.as_deref().unwrap_or("");
    let chain: Vec<X509Certificate<'_>> = handshake
        .peer_certificates
        .iter()
        .filter_map(|der| {
            X509Certificate::from_der(&der.0)
                .ok()
                .map(|(_, certificate)| certificate)
        })
        .collect();
    let code = code(failure.as_ref().map_or("", F::as_str), detail, &chain, at);
    let mut evidence = vec![Evidence {
        fact: said(handshake, detail),
        place: format!("tls_handshakes[{index}].failure"),
    }];
    if let Some(leaf) = chain.first() {
        evidence.push(Evidence {
            fact: presented(leaf),
            place: format!("tls_handshakes[{index}].peer_certificates[0]"),
        });
    }
    TransportFailure {
        code,
        failure,
        evidence,
    }
}

fn code(failure: &str, detail: &str, chain: &[X509Certificate<'_>], at: Time) -> Code {
    match failure {
        F::TIMEOUT => Code::TlsTimeout,
        F::RESET | F::ABORTED => Code::TlsReset,
        F::EOF => Code::TlsClosed,
        F::TLS_INVALID_HOSTNAME => Code::TlsWrongHost,
        F::TLS_UNKNOWN_AUTHORITY if is_incomplete(chain) => Code::TlsIncompleteChain,
        F::TLS_UNKNOWN_AUTHORITY => Code::TlsUntrusted,
        F::TLS_INVALID_CERTIFICATE if is_out_of_date(detail, chain, at) => Code::TlsExpired,
        F::TLS_INVALID_CERTIFICATE => Code::TlsInvalid,
        F::TLS_FAILED_HANDSHAKE => of_handshake(detail),
        other => of_foreign(other),
    }
}

fn of_handshake(detail: &str) -> Code {
    if detail.starts_with("peer incompatible") {
        return Code::TlsIncompatible;
    }
    if let Some(alert) = detail.strip_prefix("alert: ") {
        return if INCOMPATIBLE.iter().any(|name| alert.starts_with(name)) {
            Code::TlsIncompatible
        } else {
            Code::TlsAlert
        };
    }
    if detail.starts_with("not TLS") || detail.starts_with("peer misbehaved") {
        return Code::TlsInvalid;
    }
    Code::TlsAlert
}

/// Failure strings of OONI's probe (Go's TLS errors).
fn of_foreign(failure: &str) -> Code {
    let incompatible = [
        "handshake failure",
        "protocol version not supported",
        "insufficient security level",
        "server selected unsupported protocol version",
        "no supported versions",
    ];
    if incompatible.iter().any(|text| failure.contains(text)) {
        Code::TlsIncompatible
    } else if failure.contains("remote error") || failure.contains("alert") {
        Code::TlsAlert
    } else {
        Code::TlsInvalid
    }
}

fn is_out_of_date(detail: &str, chain: &[X509Certificate<'_>], at: Time) -> bool {
    if detail.starts_with("certificate expired") || detail.starts_with("certificate not yet valid")
    {
        return true;
    }
    let now = at.timestamp();
    chain.iter().any(|certificate| {
        let validity = certificate.validity();
        now < validity.not_before.timestamp() || now > validity.not_after.timestamp()
    })
}

/// The chain is only a server certificate that states where its issuer's certificate can be
/// fetched: an intermediate is missing, which browsers repair. Private authorities state no such
/// place (RFC 5280 section 4.2.2.1).
fn is_incomplete(chain: &[X509Certificate<'_>]) -> bool {
    let [leaf] = chain else {
        return false;
    };
    leaf.subject() != leaf.issuer() && names_issuer(leaf)
}

fn names_issuer(leaf: &X509Certificate<'_>) -> bool {
    use x509_parser::extensions::{GeneralName, ParsedExtension};
    /// id-ad-caIssuers
    const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";
    leaf.extensions()
        .iter()
        .any(|extension| match extension.parsed_extension() {
            ParsedExtension::AuthorityInfoAccess(access) => access.accessdescs.iter().any(|d| {
                d.access_method.to_id_string() == CA_ISSUERS
                    && matches!(d.access_location, GeneralName::URI(uri) if uri.starts_with("http"))
            }),
            _ => false,
        })
}

fn said(handshake: &TlsHandshake, detail: &str) -> Fact {
    Fact::HandshakeFailed {
        host: clean::line(&handshake.server_name, 100),
        failure: clean::line(handshake.failure.as_ref().map_or("", F::as_str), 80),
        detail: (!detail.is_empty()).then(|| clean::line(detail, 120)),
    }
}

fn presented(leaf: &X509Certificate<'_>) -> Fact {
    let until = chrono::DateTime::from_timestamp(leaf.validity().not_after.timestamp(), 0);
    Fact::Certificate {
        subject: clean::line(&leaf.subject().to_string(), 100),
        issuer: clean::line(&leaf.issuer().to_string(), 100),
        until: until.map(|t| t.date_naive()),
    }
}
