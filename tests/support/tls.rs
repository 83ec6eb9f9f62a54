//! TLS servers, good and bad; the bad ones send hand-made records.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion, version};

use super::authority::Identity;
use super::tcp::Server;

/// TLS 1.2 and 1.3.
pub const BOTH: &[&SupportedProtocolVersion] = &[&version::TLS13, &version::TLS12];

/// An acceptor for servers of other files.
pub fn acceptor(identity: &Identity, alpn: &[&[u8]]) -> TlsAcceptor {
    acceptor_of(identity, alpn, BOTH)
}

/// An acceptor that speaks only these versions.
pub fn acceptor_of(
    identity: &Identity,
    alpn: &[&[u8]],
    versions: &[&'static SupportedProtocolVersion],
) -> TlsAcceptor {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(identity.chain.clone(), identity.key())
        .unwrap();
    config.alpn_protocols = alpn.iter().map(|p| p.to_vec()).collect();
    Arc::new(config).into()
}

/// Makes the handshake, waits for the first bytes, answers `reply` and closes.
pub async fn replying(acceptor: TlsAcceptor, reply: &'static [u8]) -> Server {
    Server::start(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                return;
            };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(reply).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

/// A fatal `handshake_failure` alert (RFC 8446 section 6), in a record of version 1.2.
pub const HANDSHAKE_FAILURE: &[u8] = &[21, 3, 3, 0, 2, 2, 40];
/// A fatal `protocol_version` alert, in a record of version 1.0, as old servers send it.
pub const PROTOCOL_VERSION: &[u8] = &[21, 3, 1, 0, 2, 2, 70];

/// A whole `ServerHello` of TLS 1.0 that picks `TLS_RSA_WITH_AES_128_CBC_SHA`.
pub fn server_hello_tls10() -> Vec<u8> {
    let mut hello = vec![22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    hello
}
