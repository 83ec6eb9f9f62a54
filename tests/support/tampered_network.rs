//! Servers on loopback: names that lead to addresses, servers that speak TLS or plain HTTP, and a
//! tampering network that cuts every connection that sends a certain name. The cut applies at every
//! address, as it would on a real path.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::rustls::server::Acceptor;
use tokio_rustls::rustls::{ServerConfig, crypto::ring};

use super::authority::Identity;
use super::dns::{self, Script, UdpServer};
use super::tcp::{Server, reset};
use super::tls::BOTH;

/// What the network does to a connection that sends a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    Reset,
    Close,
    Silence,
    /// Over plain HTTP: a refusal (403) that does not come from the site.
    Page(&'static str),
}

#[derive(Debug, Default)]
struct State {
    cuts: BTreeMap<String, Cut>,
    /// Address and name, in order.
    heard: Vec<(SocketAddr, String)>,
}

/// The network between client and servers.
#[derive(Debug, Clone, Default)]
pub struct TamperedNetwork(Arc<Mutex<State>>);

impl TamperedNetwork {
    /// From now on cuts connections that send this name.
    pub fn cut(&self, name: &str, how: Cut) {
        self.0.lock().unwrap().cuts.insert(name.to_owned(), how);
    }

    /// The names that were sent to an address, in order.
    pub fn heard_at(&self, address: SocketAddr) -> Vec<String> {
        let state = self.0.lock().unwrap();
        let at = |(to, name): &(SocketAddr, String)| (*to == address).then(|| name.clone());
        state.heard.iter().filter_map(at).collect()
    }

    pub fn forget(&self) {
        self.0.lock().unwrap().heard.clear();
    }

    fn hears(&self, at: SocketAddr, name: &str) -> Option<Cut> {
        let mut state = self.0.lock().unwrap();
        state.heard.push((at, name.to_owned()));
        state.cuts.get(name).copied()
    }

    /// A TLS server that shows this certificate for every name, and serves one page.
    pub async fn secure(&self, at: (Ipv4Addr, u16), identity: &Identity, page: &str) -> Server {
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(BOTH)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(identity.chain.clone(), identity.key())
            .unwrap();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let (way, config, page) = (self.clone(), Arc::new(config), page.to_owned());
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        Server::on(listener, move |stream| {
            let (way, config, page) = (way.clone(), Arc::clone(&config), page.clone());
            async move { way.shake(stream, address, config, &page).await }
        })
    }

    async fn shake(
        &self,
        stream: TcpStream,
        at: SocketAddr,
        config: Arc<ServerConfig>,
        page: &str,
    ) {
        // The raw socket, for a cut after the hello.
        let bare = stream.into_std().unwrap();
        let second = bare.try_clone().unwrap();
        let stream = TcpStream::from_std(bare).unwrap();
        let Ok(hello) = LazyConfigAcceptor::new(Acceptor::default(), stream).await else {
            return;
        };
        let name = hello.client_hello().server_name().unwrap_or("").to_owned();
        match self.hears(at, &name) {
            Some(Cut::Reset) => {
                let linger = Some(Duration::ZERO);
                socket2::SockRef::from(&second).set_linger(linger).unwrap();
                return; // Both handles are dropped: RST.
            }
            Some(Cut::Close) => return,
            Some(_) => std::future::pending().await,
            None => drop(second),
        }
        if let Ok(mut stream) = hello.into_stream(config).await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer("200 OK", page).as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    }

    /// A plain HTTP server that serves one page for every name.
    pub async fn plain(&self, at: (Ipv4Addr, u16), page: &str) -> Server {
        let (way, page) = (self.clone(), page.to_owned());
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        Server::on(listener, move |stream| {
            let (way, page) = (way.clone(), page.clone());
            async move { way.serve(stream, address, &page).await }
        })
    }

    async fn serve(&self, mut stream: TcpStream, at: SocketAddr, page: &str) {
        let mut head = [0; 4096];
        let Ok(length) = stream.read(&mut head).await else {
            return;
        };
        let head = String::from_utf8_lossy(&head[..length]).into_owned();
        let host = head.lines().find_map(|l| l.strip_prefix("Host: "));
        let host = host.unwrap_or("").split(':').next().unwrap_or("");
        let said = match self.hears(at, host) {
            Some(Cut::Reset) => return reset(stream),
            Some(Cut::Close) => return,
            Some(Cut::Silence) => std::future::pending().await,
            Some(Cut::Page(forged)) => answer("403 Forbidden", forged),
            None => answer("200 OK", page),
        };
        let _ = stream.write_all(said.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}

fn answer(status: &str, page: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{page}",
        page.len()
    )
}

/// The addresses of names, which can be changed at run time. Several addresses are several replies
/// to one question.
#[derive(Debug, Clone, Default)]
pub struct Names(Arc<Mutex<BTreeMap<String, Vec<Ipv4Addr>>>>);

impl Names {
    pub fn lead(&self, name: &str, to: &[&str]) {
        let to = to.iter().map(|ip| ip.parse().unwrap()).collect();
        self.0.lock().unwrap().insert(name.to_owned(), to);
    }

    /// From now on the name is denied.
    pub fn deny(&self, name: &str) {
        self.0.lock().unwrap().remove(name);
    }

    /// A resolver that knows only these names.
    pub fn script(&self) -> Script {
        let names = self.clone();
        dns::script(move |question: &Message| {
            let name = question.queries[0].name().to_ascii();
            let known = names.0.lock().unwrap();
            match known.get(name.trim_end_matches('.')) {
                Some(to) => to
                    .iter()
                    .map(|ip| dns::bytes(&dns::v4(question, ip.octets())))
                    .collect(),
                None => vec![dns::bytes(&dns::code(question, ResponseCode::NXDomain))],
            }
        })
    }

    pub async fn resolver(&self) -> UdpServer {
        dns::udp(self.script()).await
    }
}

/// A port that is free at all of these addresses.
pub async fn shared_port(addresses: &[Ipv4Addr]) -> u16 {
    loop {
        let first = TcpListener::bind((addresses[0], 0)).await.unwrap();
        let port = first.local_addr().unwrap().port();
        let mut held = Vec::new();
        for ip in &addresses[1..] {
            held.extend(TcpListener::bind((*ip, port)).await.ok());
        }
        if held.len() + 1 == addresses.len() {
            return port;
        }
    }
}

pub fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}
