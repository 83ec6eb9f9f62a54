//! A control on a host that asked for back-off: a control that is not fetched neither passes nor
//! fails, and the last control of a vantage is fetched all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use accesswatch::model::Code;

use crate::support::engine::{engine, everything};
use crate::support::http::{Server, answer, page};
use crate::support::workspace::TestWorkspace;

#[tokio::test]
async fn a_back_off_of_a_source_takes_no_vantage_down() {
    let limited = Arc::new(AtomicBool::new(false));
    let now = Arc::clone(&limited);
    let server = Server::start(move |heard| match heard.path() {
        "/page" if now.load(Ordering::SeqCst) => answer("429 Too Many Requests", &[], b"later"),
        _ => page("<title>正常</title><p>正常</p>"),
    })
    .await;
    // The other control is on the same host too.
    let watch = TestWorkspace::new(server.url("/one").as_str());
    let both = format!("\", \"{}\"]", server.url("/two"));
    watch.edit("config/accesswatch.toml", "/one\"]", &format!("/one{both}"));
    watch.source(
        "papers",
        &[server.url("/page").to_string()],
        "contains = [\"正常\"]",
    );
    let path = format!("\n[path]\ncontrols = [\"{}\"]\n", server.url("/path"));
    watch.append("config/accesswatch.toml", &path);
    let engine = engine(&watch).await;
    assert!(
        everything(&engine)
            .await
            .pass
            .vantages
            .iter()
            .all(|v| v.usable)
    );
    limited.store(true, Ordering::SeqCst);
    let met = everything(&engine).await;
    let last = met.pass.rounds[0].attempts.last().unwrap();
    assert_eq!(last.observed.code, Code::SiteRateLimited);
    let asked = server.paths().len();
    let left = everything(&engine).await;
    for vantage in &left.pass.vantages {
        assert!(vantage.usable, "{vantage:?}");
        assert_eq!(
            vantage.controls.len(),
            1,
            "one is asked for the vantage's sake"
        );
        assert!(vantage.controls[0].passed);
    }
    let path: Vec<(u32, u32)> = left.pass.path_controls.iter().map(|p| (p.1, p.2)).collect();
    assert_eq!(path, [(0, 0)], "path controls were not asked");
    let open = left.tracker.incidents.values().filter(|i| i.is_open());
    assert!(open.into_iter().all(|i| i.probe.is_some()));
    let paths = server.paths();
    assert!(
        paths[asked..].iter().all(|p| p == "/one"),
        "{:?}",
        &paths[asked..]
    );
    drop(engine);
    let told = watch.run(&["rejudge"]).ends(0);
    assert!(
        told.err.contains("nothing changes"),
        "{}{}",
        told.out,
        told.err
    );
}
