use std::path::Path;

use chrono::TimeDelta;

use crate::model::document::{ImportedCitation, ImportedDocument, LinkFilter};
use crate::model::link::{LinkId, LinkObservation, LinkState};
use crate::model::link_status::{
    CheckFact, CheckedLink, HostEvent, LinkEvent, LinkEventKind, LinkStatus, NewestView,
};
use crate::model::time::from_micros;
use crate::model::{Code, Time};
use crate::store::{Ignore, LinkCommit, SharedDecline, Store};

const LINKS: usize = 2_000;

fn day(n: i64) -> Time {
    from_micros(1_790_000_000_000_000) + TimeDelta::days(n)
}

fn citation(n: usize) -> ImportedCitation {
    let url = format!("https://host{}.example/page/{n}", n / 100);
    ImportedCitation {
        identity: url.clone(),
        host: format!("host{}.example", n / 100),
        alternative: None,
        place: format!("line {n}"),
        url_as_cited: url.clone(),
        url,
        fragment: Some(format!("part{n}")),
        title: None,
        quote: None,
        cited_on: None,
        occurrences: 1,
        copy: None,
    }
}

fn document(path: &str, links: std::ops::Range<usize>) -> ImportedDocument {
    ImportedDocument {
        path: path.to_owned(),
        renamed_from: None,
        title: None,
        date: None,
        stated_title: None,
        stated_date: None,
        group: None,
        is_watched: true,
        sha256: [1; 32],
        citations: links.map(citation).collect(),
    }
}

/// A healthy check of a link from two vantages.
fn healthy(id: LinkId, at: Time) -> CheckedLink {
    let views = ["here", "kr"].map(|vantage| NewestView {
        vantage: vantage.into(),
        at,
        code: Code::Ok,
        observation: LinkObservation::Served,
        failed_since: None,
        is_superseded: false,
        record: None,
    });
    let facts = views.iter().map(|view| CheckFact {
        vantage: view.vantage.clone(),
        at,
        code: view.code,
    });
    CheckedLink {
        id,
        host: "host0.example".to_owned(),
        facts: facts.collect(),
        event: None,
        status: LinkStatus {
            state: LinkState::Alive,
            since: Some(day(0)),
            code: Some(Code::Ok),
            first_checked: Some(day(0)),
            last_checked: Some(at),
            last_ok: Some(at),
            title: Some("A page of ordinary length".to_owned()),
            views: views.to_vec(),
            due: Some(at + TimeDelta::days(7)),
            ..LinkStatus::default()
        },
    }
}

async fn with_links(path: &Path, links: usize) -> Store {
    let store = Store::open(path).unwrap();
    let imported = vec![document("/a.bib", 0..links)];
    store
        .import_documents(imported, day(0), false)
        .await
        .unwrap();
    store
}

async fn due(store: &Store, now: Time) -> Vec<LinkId> {
    let all = store.visit_due_links(now, Vec::new(), |all, id, _| {
        all.push(id);
        true
    });
    all.await.unwrap()
}

async fn check_all(store: &Store, at: Time) {
    for ids in due(store, at).await.chunks(500) {
        let links = ids.iter().map(|id| healthy(*id, at)).collect();
        let commit = LinkCommit {
            links,
            ..LinkCommit::default()
        };
        store.commit_links(commit).await.unwrap();
    }
}

/// The pages of the database that are in use, in bytes.
fn size(path: &Path) -> i64 {
    let c = rusqlite::Connection::open(path).unwrap();
    let pragma = |name: &str| -> i64 { c.pragma_query_value(None, name, |r| r.get(0)).unwrap() };
    (pragma("page_count") - pragma("freelist_count")) * pragma("page_size")
}

#[tokio::test]
async fn a_healthy_check_leaves_at_most_120_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let store = with_links(&path, LINKS).await;
    check_all(&store, day(1)).await;
    let before = size(&path);
    for week in 1..=10 {
        check_all(&store, day(1 + 7 * week)).await;
    }
    let checks = i64::try_from(LINKS * 2 * 10).unwrap();
    let grown = size(&path) - before;
    println!("{} bytes a check", grown / checks);
    assert!(grown <= checks * 120, "{grown} bytes for {checks} checks");
    assert_eq!(store.link_checks_today(day(71)).await.unwrap(), 2_000);
}

#[tokio::test]
async fn a_link_is_due_while_a_document_cites_it_and_nobody_ignores_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = with_links(&dir.path().join("a.db"), 300).await;
    assert_eq!(due(&store, day(0)).await.len(), 300);
    let first = due(&store, day(0)).await[0];
    let link = store.watched_links(vec![first]).await.unwrap();
    assert_eq!(link[0].fragments, ["part0"]);
    assert!(link[0].is_watched);
    assert_eq!(link[0].status, LinkStatus::default());
    // What is checked is due again when it is due again.
    check_all(&store, day(0)).await;
    assert!(due(&store, day(6)).await.is_empty());
    assert_eq!(store.next_link_due().await.unwrap(), Some(day(7)));
    assert_eq!(due(&store, day(7)).await.len(), 300);
    // A host that is ignored is not due, and comes back.
    let host = Ignore::Host("host1.example".to_owned());
    assert_eq!(
        store
            .ignore_links(host.clone(), None, day(8))
            .await
            .unwrap(),
        100
    );
    let glob = Ignore::Url("https://host2*".to_owned());
    assert_eq!(
        store
            .ignore_links(glob.clone(), None, day(8))
            .await
            .unwrap(),
        100
    );
    assert_eq!(due(&store, day(8)).await.len(), 100);
    assert_eq!(store.watched_link_count().await.unwrap(), 100);
    assert_eq!(store.documents().await.unwrap()[0].links, 100);
    assert_eq!(store.end_ignore(host).await.unwrap(), (true, 100));
    assert_eq!(store.end_ignore(glob.clone()).await.unwrap(), (true, 100));
    assert_eq!(store.end_ignore(glob).await.unwrap(), (false, 0));
    // The document cites less: the rest keeps its history and is no longer due.
    let shorter = vec![document("/a.bib", 0..50)];
    store
        .import_documents(shorter, day(9), false)
        .await
        .unwrap();
    assert_eq!(due(&store, day(9)).await.len(), 50);
    let all = store.links(LinkFilter::default()).await.unwrap();
    assert_eq!(all.len(), 300);
    assert!(all.iter().all(|link| link.state == LinkState::Alive));
    assert_eq!(all[0].vantages, ["here=ok", "kr=ok"]);
    // And cited again it is due at once.
    let longer = vec![document("/a.bib", 0..60)];
    store
        .import_documents(longer, day(10), false)
        .await
        .unwrap();
    assert_eq!(due(&store, day(10)).await.len(), 60);
}

#[tokio::test]
async fn changes_are_events_and_a_challenge_is_shared_by_the_host() {
    let dir = tempfile::tempdir().unwrap();
    let store = with_links(&dir.path().join("a.db"), 200).await;
    check_all(&store, day(0)).await;
    let mut gone = healthy(LinkId(1), day(7));
    gone.status.state = LinkState::Gone;
    gone.event = Some(LinkEvent {
        at: day(7),
        kind: LinkEventKind::Changed,
        from: LinkState::Alive,
        to: LinkState::Gone,
        code: Some(Code::HttpNotFound),
        moved_to: None,
    });
    let commit = LinkCommit {
        links: vec![gone],
        host_events: vec![HostEvent {
            host: "host1.example".to_owned(),
            at: day(7),
            worse: 9,
            checked: 12,
        }],
        shared: vec![SharedDecline {
            host: "host0.example".to_owned(),
            code: Code::SiteChallenge,
            at: day(7),
            due: day(8),
        }],
        mails: Vec::new(),
        ..LinkCommit::default()
    };
    store.commit_links(commit).await.unwrap();
    let (checks, events) = store.link_history(LinkId(1)).await.unwrap();
    assert_eq!((checks.len(), events.len()), (4, 1));
    assert_eq!(events[0].to, Some(LinkState::Gone));
    let all = store.link_events(day(7), day(8)).await.unwrap();
    assert_eq!(all.len(), 2);
    assert_eq!((all[1].worse, all[1].checked), (Some(9), Some(12)));
    let of = |state| {
        let filter = LinkFilter {
            state: Some(state),
            host: Some("host0.example".to_owned()),
            document: None,
        };
        store.links(filter)
    };
    assert_eq!(of(LinkState::Gone).await.unwrap().len(), 1);
    assert_eq!(of(LinkState::Declines).await.unwrap().len(), 99);
    // The others of the host wait until it may be asked again; the rest is due after its week.
    assert_eq!(due(&store, day(7)).await.len(), 100);
}

/// Prints how long it takes to find what is due among a million links.
#[tokio::test]
#[ignore = "takes half a minute; run by hand to measure"]
async fn what_is_due_among_a_million_links_is_found_in_milliseconds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let store = with_links(&path, 1).await;
    let c = rusqlite::Connection::open(&path).unwrap();
    c.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
         INSERT INTO links (identity, url, host, due_us)
         SELECT 'i' || i, 'https://h' || (i % 5000) || '.example/' || i,
                'h' || (i % 5000) || '.example', 1790000000000000 + i * 604800 FROM n",
    )
    .unwrap();
    let now = from_micros(1_790_000_000_000_000 + 604_800 * 20_000);
    let start = std::time::Instant::now();
    let found = store.visit_due_links(now, 0, |n, _, _| {
        *n += 1;
        *n < 20_000
    });
    let found = found.await.unwrap();
    println!("{found} due links found in {:?}", start.elapsed());
    assert_eq!(found, 20_000);
}
