//! Kept links over weeks: a link that dies, one that comes back, a host that declines, and what is
//! stored of it, through the engine and real fetches.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use accesswatch::config::{self, SecretNeeds};
use accesswatch::engine::link_watch::{LinkBatch, LinkWatcher};
use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use accesswatch::model::document::{LinkFilter, LinkRow};
use accesswatch::model::link::{LinkId, LinkState};
use accesswatch::model::link_status::LinkEventKind;
use accesswatch::store::Store;
use chrono::{TimeDelta, Utc};

use crate::check::Library;
use crate::pages::Answer;

/// The time of this computer, some days later.
#[derive(Debug)]
struct LaterClock(TimeDelta);

impl Clock for LaterClock {
    fn now(&self) -> Time {
        Utc::now() + self.0
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }
}

pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(work)
}

/// Checks what is due on a day, until nothing is.
pub async fn check_on(library: &Library, store: &Store, day: i64) -> LinkBatch {
    let workspace = config::load_for(library.watch.path(), &SecretNeeds::none()).unwrap();
    let clock = Arc::new(LaterClock(TimeDelta::days(day)));
    let watcher = LinkWatcher::new(&workspace, None, store.clone(), clock);
    let mut watcher = watcher.await.unwrap();
    let mut all = LinkBatch::default();
    while let Some(batch) = watcher.check_due().await.unwrap() {
        assert!(batch.unusable.is_empty(), "{:?}", batch.unusable);
        all.checked += batch.checked;
        all.host_events += batch.host_events;
        all.changes.extend(batch.changes);
    }
    all
}

pub async fn link(store: &Store, path: &str) -> LinkRow {
    let all = store.links(LinkFilter::default()).await.unwrap();
    all.into_iter().find(|l| l.url.ends_with(path)).unwrap()
}

pub fn open(library: &Library) -> Store {
    Store::open(&library.watch.file("data/accesswatch.db")).unwrap()
}

pub fn import(library: &Library, paths: &[&str]) {
    let document = library.listing(paths);
    library.watch.run(&["links", "import", &document]).ends(0);
}

#[test]
fn a_link_that_dies_is_gone_after_three_checks_and_one_that_returns_is_back() {
    let library = Library::new();
    for (path, about) in [
        ("/stays", "rivers"),
        ("/dies", "bridges"),
        ("/returns", "lakes"),
    ] {
        library.article(path, about);
    }
    import(&library, &["/stays", "/dies", "/returns"]);
    let store = open(&library);
    block_on(async {
        let first = check_on(&library, &store, 0).await;
        assert_eq!((first.checked, first.changes.len()), (3, 3));
        for day in [1, 3, 10] {
            let healthy = check_on(&library, &store, day).await;
            assert_eq!(
                (healthy.checked, healthy.changes.len()),
                (3, 0),
                "day {day}"
            );
        }
        for path in ["/dies", "/returns"] {
            let gone = Answer::html("<p>not here</p>").with_status(404);
            library.site.set(path, gone);
        }
        // Once is no proof: the link is doubtful, and checked again after three days.
        assert!(check_on(&library, &store, 17).await.changes.is_empty());
        let doubtful = link(&store, "/dies").await;
        assert_eq!(doubtful.state, LinkState::Alive);
        assert_eq!(doubtful.remarks, ["doubtful"]);
        assert!(check_on(&library, &store, 20).await.changes.is_empty());
        let found = check_on(&library, &store, 23).await;
        assert_eq!(found.changes.len(), 2);
        let gone = link(&store, "/dies").await;
        assert_eq!(gone.state, LinkState::Gone);
        assert_eq!(gone.code.as_deref(), Some("http.not_found"));
        // It has been gone since the first of the three checks.
        let days = (gone.since.unwrap() - Utc::now()).num_days();
        assert!((16..=17).contains(&days), "{days}");
        library.article("/returns", "lakes");
        let back = check_on(&library, &store, 31).await;
        assert_eq!(back.changes.len(), 1);
        assert_eq!(back.changes[0].event.kind, LinkEventKind::Back);
        assert_eq!(link(&store, "/returns").await.state, LinkState::Alive);
        assert!(link(&store, "/returns").await.first_gone.is_some());
        let (checks, events) = store.link_history(LinkId(gone.id)).await.unwrap();
        assert_eq!(events.len(), 2);
        assert!(checks.len() >= 7);
    });
}

#[test]
fn only_checks_that_change_something_are_records_and_they_are_exported_and_verified() {
    let library = Library::new();
    library.article("/stays", "rivers");
    library.article("/dies", "bridges");
    import(&library, &["/stays", "/dies"]);
    let store = open(&library);
    block_on(async {
        for day in [0, 1, 3, 10] {
            check_on(&library, &store, day).await;
        }
    });
    let csv = || {
        let ran = library.watch.run(&["export", "measurements"]);
        let text = ran.ends(0).out;
        let rows = text.lines().skip(1).map(str::to_owned);
        rows.collect::<Vec<String>>()
    };
    assert_eq!(csv().len(), 2, "the first check of each link");
    library
        .site
        .set("/dies", Answer::html("<p>not here</p>").with_status(404));
    block_on(async {
        check_on(&library, &store, 17).await;
    });
    drop(store);
    let rows = csv();
    assert_eq!(rows.len(), 3, "{rows:#?}");
    let dead = rows.iter().find(|row| row.contains("http.not_found"));
    assert!(dead.unwrap().ends_with(",L2"), "{dead:?}");
    let jsonl = ["export", "measurements", "--format", "jsonl", "--no-bodies"];
    let lines = library.watch.run(&jsonl).ends(0).out;
    let mut checks = 0;
    for line in lines.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        let extra = &record["test_keys"]["x_accesswatch"];
        if extra["control"].as_bool() == Some(true) {
            continue;
        }
        assert!(extra["link"].as_str().is_some_and(|l| l.starts_with('L')));
        assert!(extra.get("source").is_none() && extra.get("probe").is_none());
        checks += 1;
    }
    assert_eq!(checks, 3);
    library.watch.run(&["verify"]).ends(0);
    // The records belong to no source: statuses and roll-ups know nothing of them.
    let uptime = library.watch.run(&["export", "uptime"]).ends(0).out;
    assert_eq!(uptime.lines().count(), 1, "{uptime}");
    library
        .watch
        .run(&["rejudge", "--since", "2020-01-01"])
        .ends(0);
}

#[test]
fn a_challenge_is_the_host_s_and_a_person_may_say_what_a_browser_shows() {
    let library = Library::new();
    for n in 0..4 {
        library.article(&format!("/{n}"), &format!("river number {n}"));
    }
    import(&library, &["/0", "/1", "/2", "/3"]);
    let store = open(&library);
    block_on(async {
        check_on(&library, &store, 0).await;
        let busy = Answer::html("<p>too many requests</p>").with_status(429);
        for n in 0..4 {
            library.site.set(&format!("/{n}"), busy.clone());
        }
        library.site.asked();
        check_on(&library, &store, 1).await;
        let pages = library
            .site
            .asked()
            .iter()
            .filter(|path| !path.contains("control") && !path.contains("robots"))
            .count();
        assert_eq!(pages, 1, "one link is tried");
        let declining = LinkFilter {
            state: Some(LinkState::Declines),
            ..LinkFilter::default()
        };
        assert_eq!(store.links(declining).await.unwrap().len(), 4);
    });
    let observe = ["links", "observe", "L1", "--browser", "ok"];
    library.watch.run(&observe).ends(0);
    let show = library.watch.run(&["links", "show", "L1"]).ends(0);
    assert!(show.err.contains("L1: alive"), "{}", show.err);
    assert!(show.err.contains("remarks: person"), "{}", show.err);
}

#[test]
fn commands_change_what_is_watched() {
    let library = Library::new();
    library.article("/a", "rivers");
    library.article("/b", "lakes");
    import(&library, &["/a", "/b"]);
    let run = |args: &[&str], status| library.watch.run(args).ends(status);
    run(&["links", "ignore", "L1", "--why", "campus only"], 0);
    let checked = run(&["links", "check"], 0);
    assert!(checked.err.contains("1 link checked"), "{}", checked.err);
    run(&["links", "ignore", "L1", "--undo"], 0);
    run(&["links", "ignore", "L1", "--undo"], 2);
    let all = run(&["links", "check", "--all", "--format", "json"], 0);
    assert!(all.err.contains("2 links checked"), "{}", all.err);
    run(
        &[
            "links",
            "cite",
            "C1",
            "--date",
            "2023-05-08",
            "--quote",
            "the river",
        ],
        0,
    );
    run(&["links", "cite", "C99", "--date", "2023"], 2);
    let citations = run(&["export", "citations"], 0).out;
    assert!(citations.contains("2023-05-08,person"), "{citations}");
    run(
        &[
            "links",
            "document",
            "D1",
            "--title",
            "A report",
            "--watched",
        ],
        0,
    );
    let documents = run(&["export", "documents"], 0).out;
    assert!(documents.contains("A report"), "{documents}");
    assert!(documents.contains(",yes,2,2,2,0,"), "{documents}");
    let links = run(&["export", "links"], 0).out;
    assert_eq!(links.lines().count(), 3);
    assert!(links.contains("here=ok"), "{links}");
    run(&["links", "remove", "D1"], 0);
    run(&["links", "remove", "D1"], 2);
    let documents = run(&["export", "documents"], 0).out;
    assert_eq!(documents.lines().count(), 1, "{documents}");
    assert_eq!(run(&["export", "links"], 0).out.lines().count(), 3);
}

#[test]
fn a_run_checks_what_is_due_and_mails_what_changed_in_watched_documents() {
    let library = Library::new();
    library.article("/a", "rivers");
    library.article("/b", "lakes");
    let on = "\"vantage\"]";
    let with_links = "\"vantage\", \"links\"]";
    library
        .watch
        .edit("config/accesswatch.toml", on, with_links);
    let document = library.listing(&["/a", "/b"]);
    let watched = [
        "links",
        "import",
        &document,
        "--watched",
        "--title",
        "The report",
    ];
    library.watch.run(&watched).ends(0);
    let first = library.watch.run(&["run"]);
    assert!(first.err.contains("2 links checked"), "{}", first.err);
    let log_in = Answer::html("<p>log in</p>").with_status(401);
    library.site.set("/b", log_in);
    // A day later, as the store sees it.
    let file = library.watch.file("data/accesswatch.db");
    let db = rusqlite::Connection::open(file).unwrap();
    db.execute("UPDATE links SET due_us = 1", []).unwrap();
    drop(db);
    let second = library.watch.run(&["run"]);
    let changed = "2 links checked, 1 change";
    assert!(second.err.contains(changed), "{}", second.err);
    let mails = library.watch.mails();
    let mail = mails.iter().find(|mail| mail.contains("Watched documents"));
    let mail = mail.unwrap_or_else(|| panic!("{mails:#?}"));
    assert!(mail.contains("1 link changed"), "{mail}");
    assert!(mail.contains("The report"), "{mail}");
}

#[test]
fn a_weekly_letter_lists_what_changed_by_document_and_what_to_open_by_hand() {
    let library = Library::new();
    for (path, about) in [("/a", "rivers"), ("/b", "lakes"), ("/c", "wells")] {
        library.article(path, about);
    }
    let on = "\"vantage\"]";
    let every_minute = "\"vantage\"]\nlinks_digest = \"* * * * *\"";
    library
        .watch
        .edit("config/accesswatch.toml", on, every_minute);
    import(&library, &["/a", "/b", "/c"]);
    library.watch.run(&["run"]).ends(0);
    let log_in = Answer::html("<p>log in</p>").with_status(401);
    library.site.set("/b", log_in);
    library
        .site
        .set("/c", Answer::html("<p>no</p>").with_status(403));
    // A week later, as the store sees it.
    let db = rusqlite::Connection::open(library.watch.file("data/accesswatch.db")).unwrap();
    db.execute("UPDATE links SET due_us = 1", []).unwrap();
    db.execute(
        "UPDATE periodic_mails SET composed_us = composed_us - 604800000000",
        [],
    )
    .unwrap();
    drop(db);
    let second = library.watch.run(&["run"]);
    let mails = library.watch.mails();
    let mail = mails.iter().find(|mail| mail.contains("Cited links"));
    let mail = mail.unwrap_or_else(|| panic!("{mails:#?}\n{}", second.err));
    assert!(mail.contains("L2 refused to us"), "{mail}");
    assert!(mail.contains("L3"), "{mail}");
    assert!(!mail.contains("L1"), "{mail}");
    // The pack of a link has the letters that name it.
    for (link, letters) in [("L1", 0), ("L2", 1), ("L3", 1)] {
        let file = library.watch.file(&format!("{link}.wacz"));
        let path = file.display().to_string();
        let pack = ["evidence", "pack", link, "-o", &path];
        library.watch.run(&pack).ends(0);
        let mut pack = zip::ZipArchive::new(std::fs::File::open(&file).unwrap()).unwrap();
        let mail = |number: &usize| format!("accesswatch/mail-{number}.eml");
        let mails = (1..).take_while(|number| pack.by_name(&mail(number)).is_ok());
        assert_eq!(mails.count(), letters, "{link}");
    }
}

#[test]
fn the_address_to_which_a_link_leads_is_shown_though_it_did_not_move() {
    let library = Library::new();
    library.article("/long", "rivers");
    let mut leads = Answer::html("").with_status(302);
    let target = library.site.url("/long");
    leads.headers.push(("Location".into(), target.clone()));
    library.site.set("/short", leads);
    import(&library, &["/short"]);
    let store = open(&library);
    block_on(async {
        check_on(&library, &store, 0).await;
        let short = link(&store, "/short").await;
        assert_eq!(short.state, LinkState::Alive);
        assert_eq!(short.target_noted(), Some(target.as_str()));
    });
    let shown = library.watch.run(&["links", "show", "L1"]).ends(0);
    let line = format!("leads to: {target}\n");
    assert!(
        shown.err.contains(&line) || shown.out.contains(&line),
        "{}",
        shown.err
    );
}
