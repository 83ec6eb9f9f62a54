//! The stand-in sites: real HTTP over real TLS on loopback, each with a certificate from a
//! throw-away authority.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::model::clock::Clock;

use super::cited;
use super::clock::FastClock;
use super::error::DemoError;
use super::pages;
use super::story::{Happening, Site, Story, VANTAGES};

/// All sites, listening.
pub struct Sites {
    clock: Arc<FastClock>,
    story: Story,
    ca_pem: String,
    listening: BTreeMap<Site, Listening>,
}

struct Listening {
    address: SocketAddr,
    acceptor: TlsAcceptor,
    task: Option<JoinHandle<()>>,
}

impl Sites {
    /// Creates the authority, binds every site to a free port at its own address, and serves.
    pub fn start(clock: Arc<FastClock>, story: Story) -> Result<Self, DemoError> {
        let authority = authority()?;
        let mut sites = BTreeMap::new();
        for site in Site::ALL {
            let ip = Ipv4Addr::new(127, 0, 1, site.number());
            let acceptor = acceptor(&authority, ip)?;
            let listener = bind(SocketAddr::new(IpAddr::V4(ip), 0))?;
            let address = listener.local_addr().map_err(DemoError::Loopback)?;
            let task = Some(serve(
                (site, story),
                listener,
                acceptor.clone(),
                Arc::clone(&clock),
            ));
            sites.insert(
                site,
                Listening {
                    address,
                    acceptor,
                    task,
                },
            );
        }
        Ok(Self {
            clock,
            story,
            ca_pem: authority.as_ref().pem(),
            listening: sites,
        })
    }

    /// The authority's certificate, for the vantages' `ca`.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// `https://127.0.1.x:port`.
    #[must_use]
    pub fn origin(&self, site: Site) -> String {
        self.listening
            .get(&site)
            .map(|s| format!("https://{}", s.address))
            .unwrap_or_default()
    }

    /// Opens and closes sites according to the story at the clock's time: a site that is down
    /// refuses connections.
    pub async fn follow_story(&mut self) -> Result<(), DemoError> {
        let now = self.clock.now();
        for (site, listening) in &mut self.listening {
            let down = self.story.happening(*site, None, now) == Some(Happening::Down);
            if down && let Some(task) = listening.task.take() {
                task.abort();
                let _ = task.await;
            }
            if !down && listening.task.is_none() {
                let listener = bind(listening.address)?;
                listening.task = Some(serve(
                    (*site, self.story),
                    listener,
                    listening.acceptor.clone(),
                    Arc::clone(&self.clock),
                ));
            }
        }
        Ok(())
    }
}

impl Drop for Sites {
    fn drop(&mut self) {
        for listening in self.listening.values() {
            if let Some(task) = &listening.task {
                task.abort();
            }
        }
    }
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Result<Authority, DemoError> {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
        .distinguished_name
        .push(rcgen::DnType::CommonName, "accesswatch demo authority");
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
}

fn acceptor(authority: &Authority, ip: Ipv4Addr) -> Result<TlsAcceptor, DemoError> {
    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(vec![ip.to_string()])?.signed_by(&key, authority)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn bind(address: SocketAddr) -> Result<TcpListener, DemoError> {
    let socket = TcpSocket::new_v4().map_err(DemoError::Loopback)?;
    socket.set_reuseaddr(true).map_err(DemoError::Loopback)?;
    socket.bind(address).map_err(DemoError::Loopback)?;
    socket.listen(64).map_err(DemoError::Loopback)
}

fn serve(
    (site, story): (Site, Story),
    listener: TcpListener,
    acceptor: TlsAcceptor,
    clock: Arc<FastClock>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        while let Ok((stream, peer)) = listener.accept().await {
            let (acceptor, clock) = (acceptor.clone(), Arc::clone(&clock));
            tokio::spawn(async move {
                let vantage = vantage_of(peer.ip());
                let now = clock.now();
                if story.happening(site, vantage, now) == Some(Happening::OwnNetworkDown) {
                    // The network is down: the connection ends silently.
                    return;
                }
                exchange((site, story), vantage, stream, acceptor, &clock).await;
            });
        }
    })
}

async fn exchange(
    (site, story): (Site, Story),
    vantage: Option<&'static str>,
    stream: TcpStream,
    acceptor: TlsAcceptor,
    clock: &FastClock,
) {
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let service = service_fn(
        |request: hyper::Request<hyper::body::Incoming>| async move {
            let now = clock.now();
            let happening = story.happening(site, vantage, now);
            let path = request.uri().path();
            let reply = match site {
                Site::Review => cited::answer(story, path, now),
                _ => pages::answer((site, story), path, happening, now),
            };
            let mut response = hyper::Response::builder().status(reply.status);
            for (name, value) in reply.headers {
                response = response.header(name, value);
            }
            response.body(Full::new(bytes::Bytes::from(reply.body)))
        },
    );
    // A client that disconnects during an exchange is ignored.
    let _ = hyper::server::conn::http1::Builder::new()
        .keep_alive(false)
        .auto_date_header(false) // a control's current date would contradict the story's clock
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn vantage_of(ip: IpAddr) -> Option<&'static str> {
    VANTAGES
        .iter()
        .find(|v| IpAddr::from(v.address) == ip)
        .map(|v| v.id)
}
