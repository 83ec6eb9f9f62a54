//! Saving links: jobs that survive a killed process, and are done once.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use accesswatch::config;
use accesswatch::engine::copies::{CopyFinder, SaveReport, Saver};
use accesswatch::model::clock::Clock;
use accesswatch::model::copy::SaveTarget;
use accesswatch::model::vantage::Secret;
use accesswatch::store::Store;
use chrono::TimeDelta;
use serde_json::Value;

use crate::archives::Archive;
use crate::desk::{JumpingClock, article, soft_404, watch};
use crate::kept::{import, rows, run};
use crate::own::{VACANCIES, library as own_library};
use crate::pages::{Answer, Site};
use crate::savers::Saving;
use crate::workspace::TestWorkspace;

const ONE: &str = "https://a.example/one";
const TWO: &str = "https://b.example/two";

fn settings(archive: &Archive) -> String {
    let api = archive.api();
    format!(
        "{}\n[links.copies]\nwayback_api = \"{api}\"\nperma_api = \"{api}\"\nwayback = \"env:TEST_WAYBACK\"\nperma = \"env:TEST_PERMA\"\nperma_folder = \"12\"\n",
        archive
            .as_wayback()
            .replace("[links.copies]", "")
            .replace(&format!("wayback_api = \"{api}\""), "")
    )
}

async fn library(links: &[&str]) -> (Archive, TestWorkspace) {
    let archive = Archive::start().await;
    archive.desk().page = article("what is saved");
    let watch = watch(&settings(&archive));
    let entries: Vec<(&str, &str)> = links.iter().map(|link| (*link, "")).collect();
    import(&watch, &entries);
    (archive, watch)
}

/// Runs the jobs of a target with a clock whose waits take no time.
async fn save(
    watch: &TestWorkspace,
    target: SaveTarget,
    clock: &Arc<JumpingClock>,
    patience: TimeDelta,
) -> SaveReport {
    let mut workspace = config::load(watch.path()).unwrap();
    workspace.settings.links.copies.wayback = Some(Secret("access:secret".to_owned()));
    workspace.settings.links.copies.perma = Some(Secret("access:secret".to_owned()));
    let store = Store::open(&workspace.settings.store.path).unwrap();
    let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
    let finder = CopyFinder::new(&workspace, Arc::clone(&clock)).unwrap();
    store
        .add_save_jobs(target, None, clock.now())
        .await
        .unwrap();
    let settings = &workspace.settings.links.copies;
    let saver = Saver::new(target, settings, &finder, &store, clock)
        .unwrap()
        .unwrap();
    saver.run(patience).await.unwrap()
}

fn listed(watch: &TestWorkspace) -> Vec<Value> {
    rows(&run(watch, &["links", "copies", "--format", "json"]).ends(0))
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_saved_once_judged_and_listed() {
    for target in [SaveTarget::Wayback, SaveTarget::Perma] {
        let (archive, watch) = library(&[ONE, TWO]).await;
        let clock = JumpingClock::now_on();
        let report = save(&watch, target, &clock, TimeDelta::hours(1)).await;
        assert_eq!(
            (report.counts.saved, report.counts.failed),
            (2, 0),
            "{target} {report:?}"
        );
        assert_eq!(archive.desk().saved.len(), 2);
        let copies = listed(&watch);
        assert_eq!(copies.len(), 2, "{copies:?}");
        for copy in &copies {
            assert_eq!(copy["kind"], "saved");
            assert_eq!(copy["judged"], "good", "{copy}");
            assert_eq!(copy["used"], true);
            assert!(copy["job"].is_number());
        }
        // A second time there is nothing to save.
        save(&watch, target, &clock, TimeDelta::hours(1)).await;
        assert_eq!(archive.desk().posts, 2, "{target}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_page_that_an_archive_saved_is_no_copy() {
    for target in [SaveTarget::Wayback, SaveTarget::Perma] {
        let (archive, watch) = library(&[ONE]).await;
        archive.desk().page = soft_404();
        save(&watch, target, &JumpingClock::now_on(), TimeDelta::hours(1)).await;
        let copies = listed(&watch);
        assert_eq!(copies[0]["judged"], "bad", "{target}: {copies:?}");
        assert_eq!(copies[0]["used"], false);
    }
}

/// What is known about the page from a check is what the saved one is compared with.
#[tokio::test(flavor = "multi_thread")]
async fn another_page_that_an_archive_saved_is_no_copy() {
    for (page, judged) in [(VACANCIES.to_owned(), "bad"), (article("rivers"), "good")] {
        let (site, archive, watch) = own_library("own = \"never\"\n").await;
        // One page under several links of a host is a copy of none.
        import(&watch, &[(&site.url("/page"), "")]);
        run(&watch, &["links", "check", "--all"]).ends(0);
        archive.desk().page = page;
        let clock = JumpingClock::now_on();
        save(&watch, SaveTarget::Wayback, &clock, TimeDelta::hours(1)).await;
        let copies = listed(&watch);
        let copy = copies.iter().find(|copy| copy["link_id"] == "L1").unwrap();
        assert_eq!(copy["judged"], judged, "{copies:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_quota_is_read_and_kept() {
    let (archive, watch) = library(&[ONE, TWO]).await;
    archive.desk().daily_limit = 1;
    let clock = JumpingClock::now_on();
    let report = save(&watch, SaveTarget::Wayback, &clock, TimeDelta::minutes(30)).await;
    assert_eq!(report.counts.saved, 1, "{report:?}");
    assert_eq!(archive.desk().posts, 1);
    archive.desk().daily_limit = 100;
    clock.advance(TimeDelta::hours(24));
    let report = save(&watch, SaveTarget::Wayback, &clock, TimeDelta::minutes(30)).await;
    assert_eq!(report.counts.saved, 1, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn perma_is_left_alone_for_the_month_when_its_captures_are_used_up() {
    let (archive, watch) = library(&[ONE, TWO]).await;
    archive.desk().saving = Saving::UsedUp;
    let clock = JumpingClock::start();
    let report = save(&watch, SaveTarget::Perma, &clock, TimeDelta::days(1)).await;
    assert!(report.notes[0].contains("used up"), "{report:?}");
    assert_eq!(archive.desk().posts, 1, "the second link was not sent");
    archive.desk().saving = Saving::Well;
    save(&watch, SaveTarget::Perma, &clock, TimeDelta::minutes(1)).await;
    assert_eq!(archive.desk().posts, 1);
    clock.advance(TimeDelta::days(32));
    let report = save(&watch, SaveTarget::Perma, &clock, TimeDelta::hours(1)).await;
    assert_eq!(report.counts.saved, 2, "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_and_refused_keys_end_or_put_off_jobs() {
    let (archive, watch) = library(&[ONE]).await;
    archive.desk().saving = Saving::Fails;
    let clock = JumpingClock::now_on();
    let report = save(&watch, SaveTarget::Wayback, &clock, TimeDelta::hours(1)).await;
    assert_eq!(report.counts.failed, 1, "an error comes with status 200");
    archive.desk().key = "other".to_owned();
    let report = save(&watch, SaveTarget::Wayback, &clock, TimeDelta::hours(1)).await;
    assert!(
        report.notes[0].contains("does not take the key"),
        "{report:?}"
    );
    assert!(!format!("{report:?}").contains("secret"));
    assert_eq!(archive.desk().posts, 1);
}

/// Whatever a job needs next, one answer that asks for quiet is enough for all of them.
#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_asks_for_quiet_is_asked_nothing_more() {
    const THREE: &str = "https://c.example/three";
    let (short, none) = (TimeDelta::seconds(10), TimeDelta::zero());
    for (target, before) in [
        (SaveTarget::Wayback, None),
        (SaveTarget::Wayback, Some((Saving::Well, none))),
        (SaveTarget::Perma, None),
        (SaveTarget::Perma, Some((Saving::Well, none))),
        // What was sent and never answered is looked up first.
        (SaveTarget::Perma, Some((Saving::Garbled, short))),
    ] {
        let (archive, watch) = library(&[ONE, TWO, THREE]).await;
        let clock = JumpingClock::now_on();
        if let Some((saving, patience)) = before {
            archive.desk().saving = saving;
            save(&watch, target, &clock, patience).await;
            assert_eq!(archive.desk().posts, 3, "{target} {before:?}");
            clock.advance(TimeDelta::minutes(6));
        }
        archive.desk().saving = Saving::Quiet;
        let asked = archive.asked().len();
        let report = save(&watch, target, &clock, short).await;
        assert_eq!(archive.asked().len() - asked, 1, "{target} {before:?}");
        assert!(report.notes[0].contains("quiet"), "{report:?}");
        assert_eq!((report.counts.open, report.counts.failed), (3, 0));
        archive.desk().saving = Saving::Well;
        let report = save(&watch, target, &clock, TimeDelta::hours(1)).await;
        assert_eq!(report.counts.saved, 3, "{target} {before:?} {report:?}");
    }
}

/// The reason that the only job of a target waits for.
async fn reason(watch: &TestWorkspace, target: SaveTarget) -> String {
    let workspace = config::load(watch.path()).unwrap();
    let store = Store::open(&workspace.settings.store.path).unwrap();
    let far = chrono::Utc::now() + TimeDelta::days(3);
    let mut jobs = store.due_save_jobs(target, far, 10).await.unwrap();
    jobs.pop().unwrap().reason.unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_not_json_is_the_reason_of_the_job_without_the_key() {
    for target in [SaveTarget::Wayback, SaveTarget::Perma] {
        let (archive, watch) = library(&[ONE]).await;
        archive.desk().saving = Saving::Garbled;
        let clock = JumpingClock::now_on();
        save(&watch, target, &clock, TimeDelta::seconds(10)).await;
        let sent = reason(&watch, target).await;
        assert!(
            sent.contains("cannot be read (status 200): <html><title>Maintenance"),
            "{target}: {sent}"
        );
        assert!(!sent.contains("secret"), "{sent}");
        // It saves again, takes the job, and is garbled when it is asked how far the job is.
        archive.desk().saving = Saving::Well;
        clock.advance(TimeDelta::minutes(6));
        save(&watch, target, &clock, TimeDelta::zero()).await;
        archive.desk().saving = Saving::Garbled;
        save(&watch, target, &clock, TimeDelta::seconds(10)).await;
        let polled = reason(&watch, target).await;
        assert!(
            polled.contains("cannot be read (status 200)"),
            "{target}: {polled}"
        );
        archive.desk().saving = Saving::Well;
        clock.advance(TimeDelta::minutes(6));
        let report = save(&watch, target, &clock, TimeDelta::hours(1)).await;
        assert_eq!(report.counts.saved, 1, "{target} {report:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_copies_are_evidence_that_verifies() {
    let site = Site::start();
    site.set("/page", Answer::html(&article("what is kept here")));
    site.set("/gone", Answer::html(&soft_404()).with_status(404));
    let archive = Archive::start().await;
    let watch = watch(&format!(
        "{}\n[links]\nprivate = true\nper_domain_interval = \"0s\"\n",
        archive.as_wayback()
    ));
    import(
        &watch,
        &[(&site.url("/page"), ""), (&site.url("/gone"), "")],
    );
    let ran = run(&watch, &["links", "copies", "--save", "own"]).ends(3);
    assert!(ran.err.contains("own: 1 saved, 1 failed"), "{}", ran.err);
    let copies = listed(&watch);
    assert_eq!(copies.len(), 1, "{copies:?}");
    assert_eq!(copies[0]["kind"], "own");
    assert!(
        copies[0]["url"].as_str().unwrap().starts_with("urn:uuid:"),
        "{copies:?}"
    );
    run(&watch, &["verify"]).ends(0);
    // It is saved once.
    site.asked();
    run(&watch, &["links", "copies", "--save", "own"]).ends(3);
    assert!(!site.asked().contains(&"/page".to_owned()));
}

/// The real program is killed after the archive took the job and before its answer came.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_loses_no_job_and_repeats_none() {
    for (target, name) in [
        (SaveTarget::Wayback, "wayback"),
        (SaveTarget::Perma, "perma"),
    ] {
        for saving in [Saving::TakesAndHangs, Saving::Hangs] {
            let (archive, watch) = library(&[ONE]).await;
            archive.desk().saving = saving;
            let mut child = watch
                .command(&["links", "copies", "--save", name])
                .env("TEST_WAYBACK", "access:secret")
                .env("TEST_PERMA", "access:secret")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let began = Instant::now();
            while archive.desk().posts == 0 {
                assert!(
                    began.elapsed() < Duration::from_secs(60),
                    "{name} {saving:?}"
                );
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            archive.desk().saving = Saving::Well;
            let report = save(&watch, target, &JumpingClock::now_on(), TimeDelta::hours(1)).await;
            assert_eq!(report.counts.saved, 1, "{name} {saving:?} {report:?}");
            assert_eq!(archive.desk().saved.len(), 1, "{name} {saving:?}");
            assert_eq!(listed(&watch)[0]["judged"], "good");
        }
    }
}
