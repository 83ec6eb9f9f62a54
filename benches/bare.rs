//! The bare client of the whole-process comparison (`benches/compare.py`): hyper, a new connection
//! per URL, rustls with ring, body read; nothing is judged or stored.
//!
//! `bare COUNT CONCURRENCY BASE_URL`: fetches `BASE_URL/0.html` … and prints how many bytes
//! arrived.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

type Fault = Box<dyn std::error::Error + Send + Sync>;

struct Client {
    base: url::Url,
    address: SocketAddr,
    tls: Option<TlsConnector>,
    bytes: AtomicU64,
    next: AtomicUsize,
    count: usize,
}

fn main() -> Result<(), Fault> {
    // `cargo bench` passes `--bench`.
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [count, concurrency, base] = args.as_slice() else {
        eprintln!("usage: bare COUNT CONCURRENCY BASE_URL; benches/compare.py calls it");
        return Ok(());
    };
    let base: url::Url = base.parse()?;
    let address = base.socket_addrs(|| None)?.remove(0);
    let client = Arc::new(Client {
        tls: (base.scheme() == "https").then(connector).transpose()?,
        base,
        address,
        bytes: AtomicU64::new(0),
        next: AtomicUsize::new(0),
        count: count.parse()?,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let workers: Vec<_> = (0..concurrency.parse::<usize>()?)
            .map(|_| tokio::spawn(work(Arc::clone(&client))))
            .collect();
        for worker in workers {
            worker.await??;
        }
        Ok::<(), Fault>(())
    })?;
    println!("{} bytes", client.bytes.load(Ordering::Relaxed));
    Ok(())
}

fn connector() -> Result<TlsConnector, Fault> {
    let mut roots = RootCertStore::empty();
    if let Ok(path) = std::env::var("BENCH_CA") {
        roots.add(CertificateDer::from_pem_file(path)?)?;
    }
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.resumption = tokio_rustls::rustls::client::Resumption::disabled();
    Ok(TlsConnector::from(Arc::new(config)))
}

async fn work(client: Arc<Client>) -> Result<(), Fault> {
    loop {
        let number = client.next.fetch_add(1, Ordering::Relaxed);
        if number >= client.count {
            return Ok(());
        }
        let url = client.base.join(&format!("{number}.html"))?;
        let stream = TcpStream::connect(client.address).await?;
        stream.set_nodelay(true)?;
        let bytes = match &client.tls {
            None => fetch(TokioIo::new(stream), &url).await?,
            Some(tls) => {
                let name = ServerName::try_from(url.host_str().unwrap_or_default().to_owned())?;
                fetch(TokioIo::new(tls.connect(name, stream).await?), &url).await?
            }
        };
        client.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

async fn fetch<I>(io: I, url: &url::Url) -> Result<usize, Fault>
where
    I: hyper::rt::Read + hyper::rt::Write + Send + Unpin + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await?;
    let connection = tokio::spawn(connection);
    let request = hyper::Request::get(url.path())
        .header("host", url.authority())
        .header("user-agent", "bare")
        .body(Empty::<bytes::Bytes>::new())?;
    let response = sender.send_request(request).await?;
    assert!(response.status().is_success(), "{}", response.status());
    let body = response.into_body().collect().await?.to_bytes();
    connection.abort();
    Ok(body.len())
}
