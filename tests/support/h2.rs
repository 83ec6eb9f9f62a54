//! A TLS server that speaks HTTP/2, stream by stream.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use h2::Reason;
use h2::server::SendResponse;
use hyper::{Request, Response};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// What the server does with one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// Status, headers, body.
    Answer(u16, Vec<(&'static str, String)>, Bytes),
    /// Frames of zeros until the client has enough.
    Endless,
    /// An answer that breaks off: half the body, then `RST_STREAM`.
    Break,
    /// `RST_STREAM` at once.
    Refuse,
    /// No answer.
    Hang,
}

/// Runs until dropped.
pub struct H2Server {
    pub address: SocketAddr,
    _tasks: JoinSet<()>,
}

impl H2Server {
    /// Answers each request as `script` says.
    pub async fn start(
        acceptor: TlsAcceptor,
        script: impl Fn(&Request<h2::RecvStream>) -> Act + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, script) = (acceptor.clone(), script.clone());
                connections.spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let Ok(mut connection) = h2::server::handshake(stream).await else {
                        return;
                    };
                    let mut streams = JoinSet::new();
                    while let Some(Ok((request, respond))) = connection.accept().await {
                        // A client that leaves early is no failure of the test.
                        let act = script(&request);
                        streams.spawn(async move { drop(answer(act, respond).await) });
                    }
                });
            }
        });
        Self {
            address,
            _tasks: tasks,
        }
    }

    pub fn url(&self, path: &str) -> url::Url {
        format!("https://{}{path}", self.address).parse().unwrap()
    }
}

async fn answer(act: Act, mut respond: SendResponse<Bytes>) -> Result<(), h2::Error> {
    match act {
        Act::Answer(status, headers, body) => {
            let mut response = Response::builder().status(status);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            let mut stream = respond.send_response(response.body(()).unwrap(), false)?;
            stream.send_data(body, true)?;
        }
        Act::Endless => {
            let mut stream = respond.send_response(Response::new(()), false)?;
            loop {
                stream.reserve_capacity(16 * 1024);
                match std::future::poll_fn(|cx| stream.poll_capacity(cx)).await {
                    Some(Ok(n)) => stream.send_data(vec![b'x'; n].into(), false)?,
                    _ => return Ok(()),
                }
            }
        }
        Act::Break => {
            let mut stream = respond.send_response(Response::new(()), false)?;
            stream.send_data(Bytes::from_static(b"half"), false)?;
            // The client reads what was sent before the reset overtakes it.
            tokio::time::sleep(Duration::from_millis(50)).await;
            stream.send_reset(Reason::INTERNAL_ERROR);
        }
        Act::Refuse => respond.send_reset(Reason::REFUSED_STREAM),
        Act::Hang => std::future::pending::<()>().await,
    }
    Ok(())
}
