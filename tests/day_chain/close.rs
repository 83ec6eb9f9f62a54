//! The first pass after a day's end closes the day, once.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::Duration;

use accesswatch::engine::day_chain;
use accesswatch::evidence::chain;
use accesswatch::model::Code;
use accesswatch::store::Store;
use rusqlite::Connection;

use crate::chained::{Chained, days_ago};
use crate::support::store::{Make, minute};

const DAY: i64 = 24 * 60;

#[test]
fn a_pass_closes_the_days_that_are_over_and_those_without_records_too() {
    let chained = Chained::new();
    // The second pass closed everything up to yesterday; today's records are in an open day.
    let days = chained.days();
    assert_eq!(days, [3, 2, 1].map(days_ago));
    let (read, fault) = chain::read(&chained.read("chain.csv"));
    assert_eq!(fault, None);
    let counts: Vec<_> = read.iter().map(|d| (d.records > 0, d.changes)).collect();
    assert_eq!(counts, [(true, 0), (false, 1), (false, 0)]);
    let changes = chained.read("changes.tsv");
    let change: Vec<&str> = changes.trim_end().split('\t').collect();
    assert_eq!(change.len(), 6, "{changes}");
    assert_eq!(change[0], days_ago(2).to_string());
    assert_eq!(
        &change[3..],
        ["rule.site.geo_block", "ok", "site.geo_block"]
    );
    // Another pass on the same day adds nothing.
    let before = chained.read("chain.csv");
    chained.fixture.run_all();
    assert_eq!(chained.read("chain.csv"), before);
    let verified = chained.verify(&[]).ends(0).out;
    assert!(
        verified.contains("3 days of the chain checked; everything holds"),
        "{verified}"
    );
}

#[tokio::test]
async fn an_entry_that_comes_late_goes_into_the_first_open_day() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    store
        .add(vec![Make::new(minute(0), Code::Ok).new_measurement()])
        .await
        .unwrap();
    let evidence = folder.path().join("evidence");
    let now = minute(2 * DAY);
    assert_eq!(
        day_chain::close_days(&store, &evidence, now).await.unwrap(),
        2
    );
    assert_eq!(
        day_chain::close_days(&store, &evidence, now).await.unwrap(),
        0
    );
    // A process whose clock is behind enters what it made into the day that is open.
    let late = Make::new(minute(1), Code::Ok);
    store.add(vec![late.new_measurement()]).await.unwrap();
    let reader = store.reader().unwrap();
    let entry = reader.entry(&late.uid()).unwrap().unwrap();
    assert_eq!(entry.day, Some(now.date_naive()));
    let report = day_chain::workspace(&reader, "a.db", &evidence).unwrap();
    assert_eq!(report.faults, []);
    assert_eq!((report.records, report.days), (2, 2));
}

/// Wherever the files were cut, the next pass writes what they lack, and closes nothing twice.
#[tokio::test]
async fn files_that_were_not_written_are_completed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("a.db")).unwrap();
    for day in 0..3 {
        let make = Make::new(minute(day * DAY), Code::Ok);
        store.add(vec![make.new_measurement()]).await.unwrap();
    }
    let evidence = folder.path().join("evidence");
    let chain = evidence.join(day_chain::CHAIN);
    let now = minute(5 * DAY);
    day_chain::close_days(&store, &evidence, now).await.unwrap();
    let whole = fs::read_to_string(&chain).unwrap();
    for cut in (0..whole.len()).step_by(37) {
        fs::write(&chain, &whole[..cut]).unwrap();
        day_chain::prepare(&store, &evidence).await.unwrap();
        assert_eq!(fs::read_to_string(&chain).unwrap(), whole, "cut at {cut}");
    }
    fs::remove_dir_all(&evidence).unwrap();
    assert_eq!(
        day_chain::close_days(&store, &evidence, now).await.unwrap(),
        0
    );
    assert_eq!(fs::read_to_string(&chain).unwrap(), whole);
    // A line that somebody changed stays as it is, and the days go on after it.
    let changed = whole.replacen("-19,", "-18,", 1);
    fs::write(&chain, &changed).unwrap();
    let later = minute(6 * DAY);
    let error = day_chain::close_days(&store, &evidence, later)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("accesswatch verify"), "{error}");
    let text = fs::read_to_string(&chain).unwrap();
    assert!(text.starts_with(&changed) && text.lines().count() == whole.lines().count() + 1);
}

#[test]
fn a_folder_that_cannot_be_written_holds_nothing_up() {
    let chained = Chained::new();
    let folder = chained.evidence("");
    let before = chained.read("chain.csv");
    chained.age(0);
    // What root writes in spite of permissions: a folder in the place of the file.
    fs::remove_file(chained.evidence("chain.csv")).unwrap();
    fs::create_dir(chained.evidence("chain.csv")).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o500)).unwrap();
    let ran = chained.fixture.watch.run(&["run", "--all"]).ends(0);
    assert!(ran.err.contains("the day chain: "), "{}", ran.err);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).unwrap();
    fs::remove_dir(chained.evidence("chain.csv")).unwrap();
    chained.fixture.run_all();
    assert_eq!(chained.read("chain.csv"), before);
}

/// Four hundred days are closed one by one, and the process is killed among them again and again.
#[test]
fn killed_while_it_closes_days_it_closes_each_once() {
    let chained = Chained::new();
    let connection = Connection::open(chained.store()).unwrap();
    connection
        .execute_batch("DELETE FROM chain_days; UPDATE leaves SET day = day - 400; UPDATE measurements SET entered_day = entered_day - 400; UPDATE verdict_changes SET day = day - 400;")
        .unwrap();
    let closed = || -> i64 {
        connection
            .query_row("SELECT count(*) FROM chain_days", [], |row| row.get(0))
            .unwrap()
    };
    for name in ["chain.csv", "changes.tsv"] {
        fs::remove_file(chained.evidence(name)).unwrap();
    }
    let (mut killed, mut among) = (0, 0);
    for step in 0..12 {
        let before = closed();
        let mut command = chained.fixture.watch.command(&["run", "--all"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        // Until it has closed some more days, and then a little.
        while closed() < before + 3 * step && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = child.kill();
        killed += usize::from(child.wait().unwrap().signal() == Some(9));
        let now = closed();
        among += usize::from(now > before && now < 400);
        let ran = chained.verify(&[]);
        let text = format!("{}{}", ran.out, ran.err);
        // Until the files are written for the first time, they are not there.
        let is_missing = text.contains("the file is missing");
        assert!(ran.status == Some(0) || is_missing, "{text}");
    }
    assert!(
        killed > 6 && among > 3,
        "killed {killed}, among the days {among}"
    );
    chained.fixture.run_all();
    let days = chained.days();
    assert_eq!(days.last(), Some(&days_ago(1)));
    assert_eq!(i64::try_from(days.len()).unwrap(), closed());
    assert!(
        days.windows(2)
            .all(|pair| pair[0].succ_opt() == Some(pair[1]))
    );
    chained.verify(&[]).ends(0);
}
