//! An HTTP proxy that follows a script.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use accesswatch::model::vantage::{ProxyAddress, Secret, Via};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use super::tcp::Server;

/// What the proxy does.
#[derive(Clone)]
pub enum ConnectProxyMode {
    /// Connects here, whatever target is requested.
    Tunnel(SocketAddr),
    /// Sends these bytes, and closes after the client has.
    Answer(Vec<u8>),
    /// Never answers.
    Hang,
}

/// The server, and the heads of the requests that it got.
pub struct Proxy {
    pub server: Server,
    pub asked: Arc<Mutex<Vec<String>>>,
}

pub async fn start(play: ConnectProxyMode) -> Proxy {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let server = Server::start(move |stream| {
        let (play, seen) = (play.clone(), Arc::clone(&seen));
        async move {
            // A client that leaves early ends the script.
            let _ = converse(stream, play, &seen).await;
        }
    })
    .await;
    Proxy { server, asked }
}

impl Proxy {
    /// The `via` of a vantage that uses this proxy.
    pub fn via(&self, login: Option<(&str, &str)>) -> Via {
        Via::HttpConnect(ProxyAddress {
            host: self.server.addr.ip().to_string(),
            port: self.server.addr.port(),
            user: login.map(|(user, _)| user.to_owned()),
            password: login.map(|(_, password)| Secret(password.to_owned())),
        })
    }
}

async fn converse(
    mut stream: TcpStream,
    play: ConnectProxyMode,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    asked
        .lock()
        .unwrap()
        .push(String::from_utf8_lossy(&head).into_owned());
    match play {
        ConnectProxyMode::Tunnel(to) => {
            let mut target = TcpStream::connect(to).await?;
            stream
                .write_all(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
                .await?;
            copy_bidirectional(&mut stream, &mut target).await?;
        }
        ConnectProxyMode::Answer(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await?;
            while stream.read(&mut [0; 4096]).await? > 0 {}
        }
        ConnectProxyMode::Hang => while stream.read(&mut [0; 64]).await? > 0 {},
    }
    Ok(())
}
