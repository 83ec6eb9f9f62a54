//! `x_detail` of a handshake: details beyond the failure string.
//!
//! | beginning | meaning |
//! | --- | --- |
//! | `certificate expired YYYY-MM-DD` | the last day of a certificate in the chain has passed |
//! | `certificate not yet valid before YYYY-MM-DD` | valid in the future, or our clock is wrong |
//! | `unable to find issuer; one certificate presented` | no root signed it, no intermediate came |
//! | `unable to find issuer; N certificates presented` | the chain ends at no root of ours |
//! | `self-signed certificate` | it names itself as its issuer |
//! | `certificate not signed by the issuer it names` | the named issuer is false |
//! | `certificate is for …` | the names it does carry |
//! | `certificate: …` | another fault of the certificate |
//! | `alert: handshake_failure`, … | the server's alert, as in RFC 8446 section 6 |
//! | `peer incompatible: …` | no version, suite or group in common |
//! | `peer misbehaved: …`, `not TLS: …` | a protocol error; not a TLS record |
//! | `no byte came`, `after N bytes` | how far it came before a reset, an end or a time-out |

use std::fmt::Debug;

use chrono::DateTime;
use tokio_rustls::rustls::pki_types::UnixTime;
use tokio_rustls::rustls::{CertificateError, Error};

use crate::model::measurement::BinaryData;

use super::recorder::is_self_issued;

/// How many characters of a detail that quotes the server are kept.
const MAX_CHARS: usize = 200;
/// How many names of a certificate are quoted.
const MAX_NAMES: usize = 5;

/// The detail of a TLS error.
pub(super) fn of_tls(error: &Error, chain: &[BinaryData]) -> String {
    let text = match error {
        Error::InvalidCertificate(certificate) => of_certificate(certificate, chain),
        Error::AlertReceived(alert) => format!("alert: {}", snake(alert)),
        Error::NoApplicationProtocol => "alert: no_application_protocol".to_owned(),
        Error::PeerIncompatible(what) => format!("peer incompatible: {}", snake(what)),
        Error::PeerMisbehaved(what) => format!("peer misbehaved: {}", snake(what)),
        Error::InvalidMessage(what) => format!("not TLS: {}", snake(what)),
        other => other.to_string(),
    };
    clean(&text)
}

/// The detail of a stream that ended during the handshake.
pub(super) fn of_stream(received: u64) -> String {
    match received {
        0 => "no byte came".to_owned(),
        1 => "after 1 byte".to_owned(),
        n => format!("after {n} bytes"),
    }
}

fn of_certificate(error: &CertificateError, chain: &[BinaryData]) -> String {
    match error {
        CertificateError::ExpiredContext { not_after, .. } => {
            format!("certificate expired {}", day(*not_after))
        }
        CertificateError::Expired => "certificate expired".to_owned(),
        CertificateError::NotValidYetContext { not_before, .. } => {
            format!("certificate not yet valid before {}", day(*not_before))
        }
        CertificateError::NotValidYet => "certificate not yet valid".to_owned(),
        CertificateError::UnknownIssuer => of_unknown_issuer(chain),
        CertificateError::BadSignature => {
            "certificate not signed by the issuer it names".to_owned()
        }
        CertificateError::NotValidForNameContext { presented, .. } => of_names(presented),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "certificate: signed in a way that this client does not know".to_owned()
        }
        other => format!("certificate: {other}"),
    }
}

fn of_unknown_issuer(chain: &[BinaryData]) -> String {
    match chain {
        [leaf, ..] if is_self_issued(&leaf.0) => "self-signed certificate".to_owned(),
        [_] => "unable to find issuer; one certificate presented".to_owned(),
        more => format!(
            "unable to find issuer; {} certificates presented",
            more.len()
        ),
    }
}

fn of_names(presented: &[String]) -> String {
    if presented.is_empty() {
        return "certificate is for no name".to_owned();
    }
    // rustls writes them as `DnsName("example.org")`.
    let names: Vec<&str> = presented
        .iter()
        .take(MAX_NAMES)
        .map(|name| name.split('"').nth(1).unwrap_or(name))
        .collect();
    let more = if presented.len() > MAX_NAMES {
        ", …"
    } else {
        ""
    };
    format!("certificate is for {}{more}", names.join(", "))
}

fn day(t: UnixTime) -> String {
    i64::try_from(t.as_secs())
        .ok()
        .and_then(|secs| DateTime::from_timestamp(secs, 0))
        .map_or_else(
            || "out of range".to_owned(),
            |t| t.format("%Y-%m-%d").to_string(),
        )
}

/// `HandshakeFailure` as `handshake_failure`, the spelling of the RFCs.
fn snake(value: &impl Debug) -> String {
    let name = format!("{value:?}");
    let mut out = String::with_capacity(name.len() + 8);
    let mut after_lower = false;
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            if after_lower {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
        after_lower = c.is_ascii_lowercase() || c.is_ascii_digit();
    }
    out
}

/// Text from the server is hostile: control characters are removed, and the length is limited.
fn clean(text: &str) -> String {
    text.chars()
        .take(MAX_CHARS)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio_rustls::rustls::AlertDescription;

    #[test]
    fn alerts_are_spelled_as_in_the_rfc() {
        for (alert, detail) in [
            (
                AlertDescription::HandshakeFailure,
                "alert: handshake_failure",
            ),
            (AlertDescription::ProtocolVersion, "alert: protocol_version"),
            (
                AlertDescription::UnrecognisedName,
                "alert: unrecognised_name",
            ),
        ] {
            assert_eq!(of_tls(&Error::AlertReceived(alert), &[]), detail);
        }
    }

    #[test]
    fn certificates_tell_their_dates_and_names() {
        let at = |secs| UnixTime::since_unix_epoch(Duration::from_secs(secs));
        let expired = CertificateError::ExpiredContext {
            time: at(2_000_000_000),
            not_after: at(1_735_689_600),
        };
        assert_eq!(
            of_tls(&expired.into(), &[]),
            "certificate expired 2025-01-01"
        );
        let presented = vec!["DnsName(\"a.example\")".to_owned(), "odd\u{1b}".to_owned()];
        assert_eq!(
            clean(&of_names(&presented)),
            "certificate is for a.example, odd "
        );
        let missing: Error = CertificateError::UnknownIssuer.into();
        assert_eq!(
            of_tls(&missing, &[BinaryData(vec![0])]),
            "unable to find issuer; one certificate presented"
        );
    }
}
