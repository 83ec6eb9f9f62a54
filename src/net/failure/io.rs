//! Errors of sockets, and errors that other libraries wrap in them.

use std::io::{Error, ErrorKind};

use crate::model::Failure;

use super::{from_tls, unknown};
use crate::net::http::MalformedChunk;

/// How deep wrapped errors are followed.
const MAX_DEPTH: usize = 8;

/// The failure of a socket operation.
///
/// tokio-rustls and hyper wrap errors as `io::Error(Other, real error)`, which `source()` skips and
/// `get_ref` finds.
#[must_use]
pub fn from_io(error: &Error) -> Failure {
    let mut innermost = error;
    for _ in 0..MAX_DEPTH {
        let Some(payload) = innermost.get_ref() else {
            break;
        };
        if let Some(tls) = payload.downcast_ref::<tokio_rustls::rustls::Error>() {
            return from_tls(tls);
        }
        if payload.is::<MalformedChunk>() {
            return Failure::HTTP_MALFORMED.into();
        }
        match payload.downcast_ref::<Error>() {
            Some(inner) => innermost = inner,
            None => break,
        }
    }
    of_kind(innermost.kind()).map_or_else(|| unknown(innermost), Failure::from)
}

fn of_kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::ConnectionRefused => Failure::REFUSED,
        // A write to a connection that the other side has reset.
        ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::NotConnected => {
            Failure::RESET
        }
        ErrorKind::ConnectionAborted => Failure::ABORTED,
        ErrorKind::HostUnreachable => Failure::HOST_UNREACHABLE,
        ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Failure::NETWORK_UNREACHABLE,
        ErrorKind::TimedOut => Failure::TIMEOUT,
        ErrorKind::UnexpectedEof | ErrorKind::WriteZero => Failure::EOF,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_rustls::rustls;

    #[test]
    fn kinds_become_oonis_strings() {
        for (kind, failure) in [
            (ErrorKind::ConnectionRefused, "connection_refused"),
            (ErrorKind::ConnectionReset, "connection_reset"),
            (ErrorKind::HostUnreachable, "host_unreachable"),
            (ErrorKind::NetworkUnreachable, "network_unreachable"),
            (ErrorKind::TimedOut, "generic_timeout_error"),
            (ErrorKind::UnexpectedEof, "eof_error"),
        ] {
            assert_eq!(from_io(&Error::from(kind)).as_str(), failure);
        }
    }

    #[test]
    fn wrapped_errors_are_found() {
        let reset = Error::other(Error::other(Error::from(ErrorKind::ConnectionReset)));
        assert!(from_io(&reset).equals(Failure::RESET));
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
        let wrapped = Error::other(Error::new(ErrorKind::InvalidData, alert));
        assert!(from_io(&wrapped).equals(Failure::TLS_FAILED_HANDSHAKE));
    }

    #[test]
    fn the_rest_keeps_its_text() {
        let odd = Error::new(ErrorKind::AddrInUse, "in use: 10.0.0.1:80");
        assert_eq!(
            from_io(&odd).as_str(),
            "unknown_failure: in use: [scrubbed]"
        );
    }
}
