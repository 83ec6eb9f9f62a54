//! Errors of name resolution.

use std::io::Error;

use hickory_proto::op::ResponseCode;

use crate::model::Failure;

use super::{from_io, unknown};

/// The failure of a resolver's response code; `None` for success.
#[must_use]
pub fn from_response_code(code: ResponseCode) -> Option<Failure> {
    Some(
        match code {
            ResponseCode::NoError => return None,
            ResponseCode::NXDomain => Failure::DNS_NXDOMAIN,
            ResponseCode::ServFail => Failure::DNS_SERVFAIL,
            ResponseCode::Refused => Failure::DNS_REFUSED,
            _ => Failure::DNS_MALFORMED,
        }
        .into(),
    )
}

/// The failure of the system's name lookup.
///
/// std returns only `gai_strerror`'s text, in English for every locale (`setlocale` is never
/// called). The texts are those of glibc, musl and macOS. `EAI_AGAIN` means either a resolver's
/// failure or its silence; it is read as a resolver's failure.
#[must_use]
pub fn from_getaddrinfo(error: &Error) -> Failure {
    const TEXTS: &[(&str, &str)] = &[
        ("Name or service not known", Failure::DNS_NXDOMAIN),
        ("Name does not resolve", Failure::DNS_NXDOMAIN),
        ("nodename nor servname provided", Failure::DNS_NXDOMAIN),
        ("No address associated", Failure::DNS_NO_ANSWER),
        ("Name has no usable address", Failure::DNS_NO_ANSWER),
        ("Temporary failure", Failure::DNS_SERVFAIL),
        ("Try again", Failure::DNS_SERVFAIL),
        ("Non-recoverable", Failure::DNS_SERVFAIL),
    ];
    // An errno (EAI_SYSTEM) is a socket's error, not a lookup's.
    if error.raw_os_error().is_some() {
        return from_io(error);
    }
    let text = error.to_string();
    TEXTS
        .iter()
        .find(|(part, _)| text.contains(part))
        .map_or_else(|| unknown(&text), |(_, failure)| (*failure).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_texts_are_read() {
        for (text, failure) in [
            ("Name or service not known", "dns_nxdomain_error"),
            ("No address associated with hostname", "dns_no_answer"),
            ("Temporary failure in name resolution", "dns_servfail_error"),
            (
                "Something else",
                "unknown_failure: failed to lookup address information: Something else",
            ),
        ] {
            let error = Error::other(format!("failed to lookup address information: {text}"));
            assert_eq!(from_getaddrinfo(&error).as_str(), failure);
        }
    }

    #[tokio::test]
    async fn std_still_speaks_so() {
        // A label has at most 63 characters (RFC 1035 section 2.3.4), so no query is sent.
        let no_name = format!("{}.invalid:80", "a".repeat(64));
        let error = tokio::net::lookup_host(no_name)
            .await
            .map(|_| ())
            .unwrap_err();
        assert!(
            from_getaddrinfo(&error).equals(Failure::DNS_NXDOMAIN),
            "{error}"
        );
    }

    #[test]
    fn odd_response_codes_are_misbehaviour() {
        assert_eq!(from_response_code(ResponseCode::NoError), None);
        assert_eq!(
            from_response_code(ResponseCode::NotImp),
            Some(Failure::DNS_MALFORMED.into())
        );
    }
}
