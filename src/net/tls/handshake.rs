//! One measured handshake, recorded whether it succeeds or fails.

use std::io;
use std::sync::Arc;

use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{self, ProtocolVersion};

use crate::model::Failure;
use crate::model::measurement::TlsHandshake;
use crate::net::failure;
use crate::net::log::{FetchLog, add_phase};
use crate::net::stream::{Io, Tee};

use super::{Tls, detail};

/// The other side of a handshake.
pub(crate) struct Peer<'a> {
    /// The URL's host, without brackets, which the certificate must name.
    pub(crate) server_name: &'a str,
    /// `ip:port`, or `host:port` behind a proxy.
    pub(crate) address: String,
    /// The id of the connect.
    pub(crate) transaction_id: u64,
    /// HTTP/2 is not offered, because the server required HTTP/1.1.
    pub(crate) http1_only: bool,
}

/// Makes the handshake; the second value says whether HTTP/2 was negotiated.
pub(crate) async fn handshake<S: Io + 'static>(
    tls: &Tls,
    stream: S,
    peer: Peer<'_>,
    log: &mut FetchLog,
    deadline: Instant,
) -> Result<(TlsStream<Tee<S>>, bool), Failure> {
    let t0 = log.elapsed();
    let mut record = TlsHandshake {
        address: peer.address,
        server_name: peer.server_name.to_owned(),
        transaction_id: peer.transaction_id,
        t0,
        ..TlsHandshake::default()
    };
    let result = attempt(
        tls,
        stream,
        (peer.server_name, peer.http1_only),
        &mut record,
        deadline,
    )
    .await;
    record.t = log.elapsed();
    record.failure = result.as_ref().err().cloned();
    add_phase(&mut log.tls_ms, t0, record.t);
    log.tls_handshakes.push(record);
    result
}

async fn attempt<S: Io + 'static>(
    tls: &Tls,
    stream: S,
    (server_name, http1_only): (&str, bool),
    record: &mut TlsHandshake,
    deadline: Instant,
) -> Result<(TlsStream<Tee<S>>, bool), Failure> {
    let name = ServerName::try_from(server_name.to_owned()).map_err(|error| {
        record.x_detail = Some("the host cannot be a server name".to_owned());
        failure::unknown(&error)
    })?;
    let (config, recorder) = tls.recording(http1_only);
    let tee = Tee::new(stream);
    let traffic = tee.traffic();
    let connecting = TlsConnector::from(Arc::clone(&config)).connect(name, tee);
    let outcome = timeout_at(deadline, connecting).await;
    record.peer_certificates = recorder.take_chain();
    match outcome {
        Ok(Ok(stream)) => {
            let h2 = describe(record, stream.get_ref().1);
            Ok((stream, h2))
        }
        Ok(Err(error)) => {
            record.x_detail = Some(match tls_error(&error) {
                Some(tls) => detail::of_tls(tls, &record.peer_certificates),
                None => detail::of_stream(traffic.received()),
            });
            Err(failure::from_io(&error))
        }
        Err(_) => {
            record.x_detail = Some(detail::of_stream(traffic.received()));
            Err(failure::timeout())
        }
    }
}

/// Records the negotiated parameters.
fn describe(record: &mut TlsHandshake, session: &rustls::ClientConnection) -> bool {
    let version = match session.protocol_version() {
        Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
        Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
        _ => "",
    };
    version.clone_into(&mut record.tls_version);
    // rustls marks TLS 1.3's suites by `TLS13_`; IANA's names, which OONI uses, do not.
    record.cipher_suite = session
        .negotiated_cipher_suite()
        .and_then(|suite| suite.suite().as_str())
        .unwrap_or_default()
        .replace("TLS13_", "TLS_");
    let protocol = session.alpn_protocol().unwrap_or_default();
    record.negotiated_protocol = String::from_utf8_lossy(protocol).into_owned();
    protocol == b"h2"
}

/// rustls's error, which tokio-rustls wraps in an `io::Error`.
fn tls_error(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}
