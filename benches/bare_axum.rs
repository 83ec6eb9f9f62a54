//! The peer of `pages_load.py`: one handler of axum that answers with a page of 30 kB.
//!
//!     cargo bench --bench bare_axum -- PORT
//!
//! Prints the address once it listens, and serves until it is stopped.

#![allow(clippy::expect_used)] // a bench that cannot continue ends

use axum::Router;
use axum::response::Html;
use axum::routing::get;

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let port = words.next().unwrap_or_else(|| "0".to_owned());
    let page: String = format!(
        "<!DOCTYPE html><title>x</title>{}",
        "<p>text</p>".repeat(2_800)
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime").block_on(async {
        let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await;
        let listener = listener.expect("a free port");
        println!("http://{}/", listener.local_addr().expect("an address"));
        let app = Router::new().route("/", get(move || async move { Html(page.clone()) }));
        axum::serve(listener, app).await.expect("serving");
    });
}
