//! The server: bound first, so that its address is known, then served until it is stopped.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;

use super::accept;
use super::error::WebError;
use super::limits::WebLimits;
use super::routes::router;
use super::site::WebSite;
use crate::config::Workspace;
use crate::model::clock::Clock;

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    site: Arc<WebSite>,
    address: SocketAddr,
}

impl Server {
    /// Listens at an address; port 0 is any free one.
    pub async fn bind(
        workspace: Workspace,
        listen: SocketAddr,
        clock: Arc<dyn Clock>,
        limits: WebLimits,
    ) -> Result<Self, WebError> {
        let fault = |source| WebError::Listen {
            address: listen,
            source,
        };
        // The workspace is refused before anything can connect.
        let site = Arc::new(WebSite::new(workspace, listen, clock, limits)?);
        let listener = TcpListener::bind(listen).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        Ok(Self {
            listener,
            site,
            address,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it serves, for a reload.
    #[must_use]
    pub fn site(&self) -> Arc<WebSite> {
        Arc::clone(&self.site)
    }

    /// Serves until `stop` becomes true.
    pub async fn run(self, stop: watch::Receiver<bool>) {
        let limits = self.site.limits;
        accept::serve(self.listener, router(self.site), limits, stop).await;
    }
}
