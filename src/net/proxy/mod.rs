//! Ways out through a proxy; names are resolved there.

use tokio::net::TcpStream;
use tokio::time::Instant;
use url::Host;

use crate::model::{Failure, Vantage};
use crate::net::NetError;
use crate::net::dial::Dialer;
use crate::net::log::Log;

pub(crate) struct Proxy {}
impl Proxy {
    pub(crate) fn new(vantage: &Vantage, _dialer: Dialer) -> Result<Self, NetError> {
        Err(NetError::Agent {
            vantage: vantage.id.to_string(),
        })
    }
    #[allow(clippy::unused_async, clippy::unused_self)]
    pub(crate) async fn open(
        &self,
        _host: &Host<&str>,
        _port: u16,
        _log: &mut Log,
        _deadline: Instant,
    ) -> Result<TcpStream, Failure> {
        Err(Failure::PROXY_CONNECT.into())
    }
}
