//! A SOCKS5 proxy that follows a script.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use accesswatch::model::vantage::{ProxyAddress, Secret, Via};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use super::tcp::Server;

/// What the proxy does.
#[derive(Clone, Copy)]
pub enum SocksProxyMode {
    /// Accepts every client and connects here, whatever target is requested.
    Tunnel(SocketAddr),
    /// Accepts every client and connects to loopback, at the requested port.
    Loopback,
    /// The same, after this user and password.
    Login(&'static str, &'static str, SocketAddr),
    /// Accepts every client and answers this code.
    Reply(u8),
    /// Answers that no method is acceptable.
    NoMethod,
    /// Answers these bytes to the greeting, and closes.
    Greet(&'static [u8]),
    /// Accepts every client, answers these bytes to the request, and closes.
    Answer(&'static [u8]),
    /// Never answers.
    HangAtGreeting,
    /// Does not answer the request.
    HangAtRequest,
}

/// A target as requested: address type and address.
pub type Asked = (u8, Vec<u8>);

/// The server, and the requests it got.
pub struct Socks {
    pub server: Server,
    pub asked: Arc<Mutex<Vec<Asked>>>,
}

pub async fn start(play: SocksProxyMode) -> Socks {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let server = Server::start(move |stream| {
        let seen = Arc::clone(&seen);
        async move {
            // A client that leaves early ends the script.
            let _ = converse(stream, play, &seen).await;
        }
    })
    .await;
    Socks { server, asked }
}

impl Socks {
    /// The `via` of a vantage that uses this proxy.
    pub fn via(&self, login: Option<(&str, &str)>) -> Via {
        Via::Socks5(ProxyAddress {
            host: self.server.addr.ip().to_string(),
            port: self.server.addr.port(),
            user: login.map(|(user, _)| user.to_owned()),
            password: login.map(|(_, password)| Secret(password.to_owned())),
        })
    }
}

async fn converse(
    mut stream: TcpStream,
    play: SocksProxyMode,
    asked: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut head = [0; 2];
    stream.read_exact(&mut head).await?;
    let mut methods = vec![0; usize::from(head[1])];
    stream.read_exact(&mut methods).await?;
    match play {
        SocksProxyMode::HangAtGreeting => return wait_for_end(stream).await,
        SocksProxyMode::NoMethod => return stream.write_all(&[5, 0xff]).await,
        SocksProxyMode::Greet(bytes) => return stream.write_all(bytes).await,
        SocksProxyMode::Login(user, password, _) => {
            if !methods.contains(&2) {
                return stream.write_all(&[5, 0xff]).await;
            }
            stream.write_all(&[5, 2]).await?;
            let welcome = read_login(&mut stream).await? == (user.into(), password.into());
            stream.write_all(&[1, u8::from(!welcome)]).await?;
            if !welcome {
                return Ok(());
            }
        }
        _ => stream.write_all(&[5, 0]).await?,
    }
    let (request, port) = read_request(&mut stream).await?;
    asked.lock().unwrap().push(request);
    match play {
        SocksProxyMode::HangAtRequest => wait_for_end(stream).await,
        SocksProxyMode::Answer(bytes) => stream.write_all(bytes).await,
        SocksProxyMode::Reply(code) => stream.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await,
        SocksProxyMode::Tunnel(to) | SocksProxyMode::Login(_, _, to) => {
            let mut target = TcpStream::connect(to).await?;
            // The bound address as a name, which is the unusual form.
            stream
                .write_all(b"\x05\x00\x00\x03\x05proxy\x00\x00")
                .await?;
            copy_bidirectional(&mut stream, &mut target).await?;
            Ok(())
        }
        SocksProxyMode::Loopback => {
            let mut target = TcpStream::connect(("127.0.0.1", port)).await?;
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await?;
            copy_bidirectional(&mut stream, &mut target).await?;
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn wait_for_end(mut stream: TcpStream) -> std::io::Result<()> {
    while stream.read(&mut [0; 64]).await? > 0 {}
    Ok(())
}

async fn read_login(stream: &mut TcpStream) -> std::io::Result<(Vec<u8>, Vec<u8>)> {
    assert_eq!(stream.read_u8().await?, 1);
    let mut user = vec![0; usize::from(stream.read_u8().await?)];
    stream.read_exact(&mut user).await?;
    let mut password = vec![0; usize::from(stream.read_u8().await?)];
    stream.read_exact(&mut password).await?;
    Ok((user, password))
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<(Asked, u16)> {
    let mut head = [0; 4];
    stream.read_exact(&mut head).await?;
    let length = match head[3] {
        1 => 4,
        4 => 16,
        _ => usize::from(stream.read_u8().await?),
    };
    let mut address = vec![0; length];
    stream.read_exact(&mut address).await?;
    let port = stream.read_u16().await?;
    Ok(((head[3], address), port))
}
