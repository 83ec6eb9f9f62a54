//! What stopped an exchange, and the code of a failure string alone.

use crate::model::failure::Failure as F;
use crate::model::{Code, Evidence, Fact, Failure};
use crate::text::clean;

/// What stopped an exchange.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TransportFailure {
    pub code: Code,
    pub failure: Option<Failure>,
    pub evidence: Vec<Evidence>,
}

/// The code of a failure string alone.
pub(super) fn code_of(failure: &F) -> Option<Code> {
    Some(match failure.as_str() {
        F::REFUSED | F::SOCKS_REFUSED => Code::TcpRefused,
        F::HOST_UNREACHABLE
        | F::NETWORK_UNREACHABLE
        | F::SOCKS_HOST_UNREACHABLE
        | F::SOCKS_NETWORK_UNREACHABLE
        | F::SOCKS_GENERAL
        | F::PROXY_REFUSED => Code::TcpUnreachable,
        F::SOCKS_TTL => Code::TcpTimeout,
        F::EOF => Code::HttpNoReply,
        F::RESET | F::ABORTED => Code::HttpReset,
        F::TIMEOUT => Code::HttpTimeout,
        F::HTTP_MALFORMED | F::HTTP_BAD_ENCODING => Code::HttpMalformed,
        F::HTTP_REDIRECT_LOOP => Code::HttpRedirectLoop,
        F::HTTP_BAD_REDIRECT => Code::HttpBadRedirect,
        F::TLS_UNKNOWN_AUTHORITY => Code::TlsUntrusted,
        F::TLS_INVALID_HOSTNAME => Code::TlsWrongHost,
        F::TLS_INVALID_CERTIFICATE => Code::TlsInvalid,
        F::TLS_FAILED_HANDSHAKE => Code::TlsAlert,
        other => dns_code(other)
            .or_else(|| redirect_code(failure))
            .or_else(|| foreign(other))?,
    })
}

/// The transport failure that a failure string alone gives.
pub(super) fn by_string(failure: &F) -> Option<TransportFailure> {
    Some(stopped(code_of(failure)?, failure))
}

pub(super) fn stopped(code: Code, failure: &F) -> TransportFailure {
    TransportFailure {
        code,
        failure: Some(failure.clone()),
        evidence: vec![Evidence {
            fact: Fact::ExchangeFailed {
                failure: clean::line(failure.as_str(), 120),
            },
            place: "requests[0].failure".to_owned(),
        }],
    }
}

/// Strings of OONI's probe that ours does not use.
fn foreign(text: &str) -> Option<Code> {
    let rest = text.strip_prefix(F::UNKNOWN).unwrap_or(text);
    if rest.contains("tls:") || rest.contains("x509:") {
        return Some(Code::TlsAlert);
    }
    if rest.contains("malformed HTTP") || rest.contains("http:") || rest.contains("http2:") {
        return Some(Code::HttpMalformed);
    }
    None
}

/// The code of a failed connect.
pub(super) fn connect_code(failure: Option<&F>) -> Code {
    match failure.map(F::as_str) {
        Some(F::REFUSED | F::SOCKS_REFUSED) => Code::TcpRefused,
        Some(F::RESET | F::ABORTED) => Code::TcpReset,
        Some(F::TIMEOUT | F::SOCKS_TTL) => Code::TcpTimeout,
        _ => Code::TcpUnreachable,
    }
}

/// The code of a resolver's failure.
pub(super) fn dns_code(failure: &str) -> Option<Code> {
    Some(match failure {
        F::DNS_NXDOMAIN => Code::DnsNxdomain,
        F::DNS_NO_ANSWER | "android_dns_cache_no_data" => Code::DnsNoAnswer,
        F::DNS_REFUSED => Code::DnsRefused,
        F::DNS_SERVFAIL
        | F::DNS_MALFORMED
        | "dns_temporary_failure"
        | "dns_non_recoverable_failure" => Code::DnsServfail,
        "dns_bogon_error" => Code::DnsBogon,
        _ => return None,
    })
}

/// OONI's names for a chain of redirects that ended.
fn redirect_code(failure: &F) -> Option<Code> {
    let text = failure.as_str();
    let rest = text.strip_prefix(F::UNKNOWN).unwrap_or(text);
    if rest.contains("stopped after") && rest.contains("redirects") {
        return Some(Code::HttpRedirectLoop);
    }
    let bad = rest.starts_with("http_invalid_redirect") || rest.contains("Location header");
    bad.then_some(Code::HttpBadRedirect)
}
