//! Why the demo could not be played.

use std::path::PathBuf;

use crate::config;
use crate::engine::EngineError;
use crate::store::StoreError;

/// Why the demo could not be played.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{} holds files already; name an empty or new folder: accesswatch demo DIR", .0.display())]
    NotEmpty(PathBuf),
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "the demo listens on 127.0.0.2 and the like, which this computer refuses ({0}); on Linux they work as they are"
    )]
    Loopback(std::io::Error),
    #[error("the throw-away authority could not be made: {0}")]
    Authority(#[from] rcgen::Error),
    #[error("the stand-in sites' TLS could not be set up: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
    #[error("the agent of the demo cannot do its work: {0}")]
    Agent(String),
    #[error(transparent)]
    Config(#[from] config::Diagnostics),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}
