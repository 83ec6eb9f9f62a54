//! The second client of `benches/compare.py`: the same pages through reqwest, a new connection per
//! URL.
//!
//! `with_reqwest COUNT CONCURRENCY BASE_URL`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

type Fault = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Fault> {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| a != "--bench")
        .collect();
    let [count, concurrency, base] = args.as_slice() else {
        eprintln!("usage: with_reqwest COUNT CONCURRENCY BASE_URL; benches/compare.py calls it");
        return Ok(());
    };
    let count: usize = count.parse()?;
    let base: Arc<url::Url> = Arc::new(base.parse()?);
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .no_proxy()
        .pool_max_idle_per_host(0);
    if let Ok(path) = std::env::var("BENCH_CA") {
        builder = builder.tls_certs_only([reqwest::Certificate::from_pem(&std::fs::read(path)?)?]);
    } else {
        builder = builder.tls_certs_only([]);
    }
    let client = builder.build()?;
    let (bytes, next) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicUsize::new(0)));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..concurrency.parse::<usize>()? {
            let (client, base) = (client.clone(), Arc::clone(&base));
            let (bytes, next) = (Arc::clone(&bytes), Arc::clone(&next));
            workers.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return Ok::<(), Fault>(());
                    }
                    let url = base.join(&format!("{number}.html"))?;
                    let body = client
                        .get(url)
                        .send()
                        .await?
                        .error_for_status()?
                        .bytes()
                        .await?;
                    bytes.fetch_add(body.len() as u64, Ordering::Relaxed);
                }
            });
        }
        while let Some(done) = workers.join_next().await {
            done??;
        }
        Ok::<(), Fault>(())
    })?;
    println!("{} bytes", bytes.load(Ordering::Relaxed));
    Ok(())
}
