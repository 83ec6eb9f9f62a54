//! Path controls: measured and stored in every pass, and reproduced from the store.

use accesswatch::model::IncidentKind;
use accesswatch::store::{RowFilter, StoredRecord};

use crate::support::engine::{engine, everything};
use crate::support::http::{Server, page};
use crate::support::workspace::TestWorkspace;

const SOURCES: usize = 6;

#[tokio::test]
async fn path_controls_that_fail_with_the_sources_make_it_the_path_and_rejudge_says_so_too() {
    let control = Server::start(|_| page("works")).await;
    let watch = TestWorkspace::new(control.url("/").as_str());
    let mut sites = Vec::new();
    for n in 0..SOURCES {
        let site = Server::start(|_| page("正常")).await;
        let url = site.url("/").to_string();
        watch.source(&format!("s{n}"), &[url], "contains = [\"正常\"]");
        sites.push(site);
    }
    let path = [
        Server::start(|_| page("门户")).await,
        Server::start(|_| page("门户")).await,
    ];
    watch.append(
        "config/accesswatch.toml",
        &format!(
            "\n[path]\ncontrols = [\"{}\", \"{}\"]\n",
            path[0].url("/one"),
            path[1].url("/two")
        ),
    );
    let engine = engine(&watch).await;
    let well = everything(&engine).await;
    let clean: Vec<(u32, u32)> = well.pass.path_controls.iter().map(|p| (p.1, p.2)).collect();
    assert_eq!(clean, [(0, 2)]);
    drop((sites, path));
    let ill = everything(&engine).await;
    let open: Vec<IncidentKind> = ill.tracker.incidents.values().map(|i| i.kind).collect();
    assert_eq!(open, [IncidentKind::PathToChina]);
    let mut kept: Vec<StoredRecord> = Vec::new();
    let reader = engine.store.reader().unwrap();
    reader
        .visit_records(&RowFilter::default(), &mut |record: StoredRecord| {
            if record.place.probe.source.as_str() == "path" {
                kept.push(record);
            }
            true
        })
        .unwrap();
    drop(reader);
    assert_eq!(kept.len(), 4, "two in each pass");
    assert!(kept.iter().all(|r| r.place.control));
    drop(engine);
    let told = watch.run(&["rejudge"]).ends(0);
    assert!(
        told.err.contains("nothing changes"),
        "{}{}",
        told.out,
        told.err
    );
    // Another workspace that ingests the records gets the same result.
    let records = watch
        .run(&["export", "measurements", "--format", "jsonl"])
        .ends(0)
        .out;
    let other = TestWorkspace::new(control.url("/").as_str());
    for n in 0..SOURCES {
        let file = format!("probes/test/s{n}.toml");
        other.write(&file, &std::fs::read_to_string(watch.file(&file)).unwrap());
    }
    other.write("in.jsonl", &records);
    let file = other.file("in.jsonl");
    other.run(&["ingest", file.to_str().unwrap()]).ends(0);
    let shown = other.run(&["incidents", "--format", "json"]).ends(0).out;
    assert!(shown.contains("path_to_china"), "{shown}");
}
