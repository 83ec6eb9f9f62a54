//! Why copies cannot be looked up or saved.

use crate::net::NetError;

/// Why no copies can be looked up.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error("no [[vantage]] here fetches by itself")]
    NoVantage,
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("the client for archives cannot be made ({0})")]
    Client(String),
}
