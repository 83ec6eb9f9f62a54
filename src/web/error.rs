//! Why the pages cannot be served.

use std::net::SocketAddr;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    #[error(
        "cannot listen on {address}: {source}; stop what listens there, or name another address"
    )]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("cannot start a thread that reads the store: {0}")]
    Thread(std::io::Error),
    #[error(
        "{address} is reached from other computers, and no token is set; add `token = \"env:ACCESSWATCH_WEB_TOKEN\"` to [web], or listen on 127.0.0.1"
    )]
    NoToken { address: SocketAddr },
}
