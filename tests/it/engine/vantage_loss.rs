//! A vantage that stops working while sources are measured: none of its rounds is held against a
//! source, and the rounds are made again.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use accesswatch::engine::judgement::KnownPast;
use accesswatch::engine::{Engine, PassReport, SilentObserver, pass};
use accesswatch::model::{Code, ProbeKey, VantageId};
use accesswatch::store::RowFilter;

use crate::support::engine::{engine, jobs, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

/// A control that works for the first `well` requests, and then answers 503 for `ill` requests.
fn failing_control(well: usize, ill: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let _ = stream.read(&mut head);
            let nth = count.fetch_add(1, Ordering::SeqCst);
            let status = if (well..well + ill).contains(&nth) {
                503
            } else {
                200
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
    });
    (address, asked)
}

async fn pass(engine: &Arc<Engine>) -> PassReport {
    let jobs = jobs(engine).await;
    assert_eq!(jobs.len(), 1, "the round is due");
    make(engine, jobs).await
}

/// A port without a listener.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/", listener.local_addr().unwrap())
}

#[tokio::test]
async fn rounds_of_a_vantage_that_proves_unusable_count_for_nothing_and_stay_due() {
    let (control, asked) = failing_control(1, 3);
    let watch = TestWorkspace::new(&format!("http://{control}/"));
    watch.source("papers", &[closed()], "contains = [\"正常\"]");
    let engine = engine(&watch).await;

    let report = pass(&engine).await;
    assert_eq!(
        asked.load(Ordering::SeqCst),
        4,
        "controls were asked again, three times"
    );
    assert!(!report.pass.vantages[0].usable);
    assert!(report.pass.rounds.is_empty() && report.outcome.statuses.is_empty());
    let uptime = engine.store.reader().unwrap().uptime(&RowFilter::default());
    let uptime = uptime.unwrap();
    assert_eq!((uptime[0].failed, uptime[0].vantage_offline), (0, 1));

    // The probe is still due, and now the vantage works.
    let report = pass(&engine).await;
    assert!(report.pass.vantages[0].usable);
    let key = (ProbeKey::new("papers", "page0"), VantageId::from("here"));
    assert_eq!(
        report.tracker.statuses[&key].observed.code,
        Code::TcpRefused
    );
    let uptime = engine.store.reader().unwrap().uptime(&RowFilter::default());
    let uptime = uptime.unwrap();
    assert_eq!((uptime[0].failed, uptime[0].vantage_offline), (1, 1));
    assert_eq!(jobs(&engine).await.len(), 0, "made, so not due");
}

#[tokio::test]
async fn a_pass_that_was_cut_short_leaves_its_rounds_due() {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    site.set("/page", Answer::html("<p>正常页面</p>"));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.source(
        "papers",
        &[site.url("/page"), closed()],
        "contains = [\"正常页面\"]",
    );
    let engine = engine(&watch).await;
    // Does what `make` does before it commits the pass, without the commit.
    let all = jobs(&engine).await;
    assert_eq!(all.len(), 2);
    let workspace = &engine.workspace;
    let probe = workspace.catalogue.probe(&all[0].probe).unwrap();
    let source = workspace.catalogue.source(&probe.source).unwrap();
    let vantage = &workspace.settings.vantages[0];
    let pass_id = "a pass".into();
    let made = pass::round::make(
        &engine,
        probe,
        source,
        vantage,
        &pass_id,
        (None, &KnownPast::default()),
        &SilentObserver,
    )
    .await;
    assert_eq!(made.unwrap().attempts.len(), 1);
    assert_eq!(jobs(&engine).await.len(), 2, "both rounds are still due");
}
