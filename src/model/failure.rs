//! OONI's failure strings (ooni/spec df-007): the vocabulary for failures on the wire.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A failure string. Only `net` makes new ones from errors, and it uses only the constants and
/// `unknown_failure: …`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Failure(pub String);

macro_rules! failures {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        impl Failure {
            $($(#[$doc])* pub const $name: &'static str = $text;)*

            /// Every failure string this program makes, except `unknown_failure: …`.
            pub const ALL: &'static [&'static str] = &[$($text),*];
        }
    };
}

failures! {
    DNS_NXDOMAIN = "dns_nxdomain_error";
    DNS_NO_ANSWER = "dns_no_answer";
    DNS_SERVFAIL = "dns_servfail_error";
    DNS_REFUSED = "dns_refused_error";
    /// A DNS reply that does not parse or does not answer the question.
    DNS_MALFORMED = "dns_server_misbehaving";
    TIMEOUT = "generic_timeout_error";
    REFUSED = "connection_refused";
    RESET = "connection_reset";
    ABORTED = "connection_aborted";
    HOST_UNREACHABLE = "host_unreachable";
    NETWORK_UNREACHABLE = "network_unreachable";
    EOF = "eof_error";
    TLS_UNKNOWN_AUTHORITY = "ssl_unknown_authority";
    TLS_INVALID_HOSTNAME = "ssl_invalid_hostname";
    TLS_INVALID_CERTIFICATE = "ssl_invalid_certificate";
    TLS_FAILED_HANDSHAKE = "ssl_failed_handshake";
    HTTP_BAD_REDIRECT = "http_invalid_redirect_location_host";
    /// More than ten hops, or a hop that was already visited.
    HTTP_REDIRECT_LOOP = "http_redirect_loop";
    /// The answer is not HTTP, or exceeds our limits on headers.
    HTTP_MALFORMED = "http_malformed_response";
    /// The compression of the body is broken, or the body expands beyond the limit.
    HTTP_BAD_ENCODING = "http_bad_content_encoding";
    SOCKS_CONNECT = "socks_proxy_connect_failed";
    SOCKS_AUTH = "socks_auth_failed";
    SOCKS_PROTOCOL = "socks_protocol_error";
    SOCKS_GENERAL = "socks_general_failure";
    SOCKS_NOT_ALLOWED = "socks_not_allowed";
    SOCKS_NETWORK_UNREACHABLE = "socks_network_unreachable";
    SOCKS_HOST_UNREACHABLE = "socks_host_unreachable";
    SOCKS_REFUSED = "socks_connection_refused";
    SOCKS_TTL = "socks_ttl_expired";
    SOCKS_COMMAND = "socks_command_not_supported";
    SOCKS_ADDRESS = "socks_address_not_supported";
    /// The HTTP proxy could not be reached, or it broke off the exchange.
    PROXY_CONNECT = "socks_http_proxy_connect_failed";
    /// The HTTP proxy answered 407.
    PROXY_AUTH = "socks_http_proxy_auth_failed";
    /// The HTTP proxy refused CONNECT with another status; the status is in `x_accesswatch.proxy`.
    PROXY_REFUSED = "socks_http_proxy_refused";
    /// The watched file (`file:`) does not exist or cannot be read.
    FILE_UNREADABLE = "file_unreadable";
}

impl Failure {
    /// The prefix of failures that have no constant.
    pub const UNKNOWN: &'static str = "unknown_failure: ";

    /// The string itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `text`, one of the constants.
    #[must_use]
    pub fn equals(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
