//! This computer's clock: when it is not trusted nothing is recorded, and what a wrong clock left
//! can be removed.

use rusqlite::{Connection, params};

use crate::support::cli_fixture::{CliFixture, GOOD, json};
use crate::support::engine::{SetClock, engine_with, make};
use crate::support::pages::{Answer, Site};
use crate::support::workspace::TestWorkspace;

const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

fn database(watch: &TestWorkspace) -> Connection {
    Connection::open(watch.file("data/accesswatch.db")).unwrap()
}

fn count(watch: &TestWorkspace, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    database(watch)
        .query_row(&sql, [], |row| row.get(0))
        .unwrap()
}

/// Writes what a clock that is off by this much would have written in its last pass.
fn misdate(watch: &TestWorkspace, by_us: i64) {
    let db = database(watch);
    db.execute(
        "UPDATE meta SET value = value + ?1 WHERE key = 'last_pass_us'",
        [by_us],
    )
    .unwrap();
    db.execute(
        "UPDATE series SET checked_us = checked_us + ?1 WHERE checked_us IS NOT NULL",
        [by_us],
    )
    .unwrap();
}

/// The `Date` header of a server whose clock is off by this many seconds.
fn date(offset: i64) -> String {
    let at = chrono::Utc::now() + chrono::TimeDelta::seconds(offset);
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn dated(offset: i64, age: Option<i64>) -> Answer {
    let mut answer = Answer::html("works");
    answer.headers.push(("Date".into(), date(offset)));
    if let Some(age) = age {
        answer.headers.push(("Age".into(), age.to_string()));
    }
    answer
}

/// A library whose vantage has this many controls, `/control0`, ….
fn with_controls(count: usize) -> CliFixture {
    let fixture = CliFixture::new();
    let urls: Vec<String> = (0..count)
        .map(|n| format!("\"{}\"", fixture.site.url(&format!("/control{n}"))))
        .collect();
    let old = format!("controls = [\"{}\"]", fixture.site.url("/control"));
    let new = format!("controls = [{}]", urls.join(", "));
    fixture.watch.edit("config/accesswatch.toml", &old, &new);
    fixture
}

#[test]
fn two_controls_that_agree_on_another_time_stop_the_vantage_and_nothing_is_recorded() {
    let (hour, month) = (3600, 30 * 86_400);
    for offsets in [
        [hour, hour + 5],
        [-hour, -hour],
        [month, month],
        [-month, -month],
        [660, 700],
    ] {
        let fixture = with_controls(2);
        for (n, offset) in offsets.iter().enumerate() {
            fixture
                .site
                .set(&format!("/control{n}"), dated(*offset, None));
        }
        let told = fixture.watch.run(&["run", "--all"]).ends(3).err;
        for part in [
            "vantage here does not work",
            "The clock of this computer is wrong.",
            "Nothing was recorded",
        ] {
            assert!(told.contains(part), "{offsets:?}: {part}: {told}");
        }
        for table in ["measurements", "statuses", "missed", "uptime"] {
            assert_eq!(count(&fixture.watch, table), 0, "{offsets:?}: {table}");
        }
        let incidents = json(&fixture.watch, &["incidents"]);
        assert_eq!(incidents.as_array().unwrap().len(), 1, "{incidents}");
        let doctor = fixture.watch.run(&["doctor"]).ends(3).out;
        assert!(doctor.contains("the controls agree on"), "{doctor}");

        // With the right time the passes continue, and the vantage's own incident ends.
        for n in 0..2 {
            fixture.site.set(&format!("/control{n}"), dated(0, None));
        }
        fixture.watch.run(&["run", "--all"]).ends(0);
        let incidents = json(&fixture.watch, &["incidents", "--open"]);
        assert_eq!(incidents.as_array().unwrap().len(), 0, "{incidents}");
    }
}

#[test]
fn one_odd_date_a_cached_page_and_contradicting_dates_are_nothing() {
    let day = 86_400;
    for (offsets, why) in [
        (vec![(day, None), (0, None)], "one is odd"),
        (
            vec![(day, None), (-day, None)],
            "they contradict each other",
        ),
        (
            vec![(-day, Some(day)), (-2 * day, Some(2 * day))],
            "out of caches",
        ),
        (vec![(590, None), (-590, None)], "within ten minutes"),
        (
            vec![(day, None), (day, None), (0, None), (1, None)],
            "as many show our time",
        ),
    ] {
        let fixture = with_controls(offsets.len());
        for (n, (offset, age)) in offsets.iter().enumerate() {
            fixture
                .site
                .set(&format!("/control{n}"), dated(*offset, *age));
        }
        let told = fixture.watch.run(&["run", "--all"]);
        assert_eq!(told.status, Some(0), "{why}: {}", told.err);
        assert_eq!(count(&fixture.watch, "statuses"), 1, "{why}");
    }
}

#[test]
fn a_pass_before_the_newest_or_a_month_after_it_records_nothing_until_it_is_accepted() {
    for (off, words) in [
        (DAY_US, "one of the two is wrong"),
        (200 * DAY_US, "one of the two is wrong"),
        (-60 * DAY_US, "60 days after the newest pass on record"),
    ] {
        let fixture = CliFixture::observed();
        misdate(&fixture.watch, off);
        let before = count(&fixture.watch, "measurements");
        let hits = fixture.site.hits();
        for args in [&["run", "--all"][..], &["run"]] {
            let told = fixture.watch.run(args).ends(3).err;
            assert!(told.contains(words), "{told}");
            assert!(told.contains("`accesswatch run --accept-clock`"), "{told}");
        }
        assert_eq!(fixture.site.hits(), hits, "nothing is asked");
        assert_eq!(count(&fixture.watch, "measurements"), before);
        assert_eq!(count(&fixture.watch, "missed"), 0);
        fixture
            .watch
            .run(&["run", "--all", "--accept-clock"])
            .ends(0);
        assert!(count(&fixture.watch, "measurements") > before);
        fixture.watch.run(&["run", "--all"]).ends(0);
    }
    // A step of a few minutes and a pause of some weeks need no person.
    for off in [5 * MINUTE_US, -20 * DAY_US] {
        let fixture = CliFixture::observed();
        misdate(&fixture.watch, off);
        fixture.watch.run(&["run", "--all"]).ends(0);
    }
}

/// Three checks of one page per day, by a clock that the test sets.
fn thrice_daily() -> (Site, TestWorkspace) {
    let site = Site::start();
    site.set("/control", Answer::html("works"));
    site.set("/page0", Answer::html(GOOD));
    let watch = TestWorkspace::new(&site.url("/control"));
    watch.append(
        "config/accesswatch.toml",
        "\n[schedule]\ntimezone = \"UTC\"\ndefault = \"0 3,9,15 * * *\"\njitter = \"0s\"\n",
    );
    watch.source("papers", &[site.url("/page0")], "contains = [\"摘要\"]");
    (site, watch)
}

/// One pass over what is due at this time.
async fn pass_at(watch: &TestWorkspace, at: &str) {
    use accesswatch::engine::{ScheduleIndex, Selection, due};
    let clock = SetClock::at(at);
    let engine = engine_with(watch, clock).await;
    let last = engine.store.last_checked().await.unwrap();
    let schedule_index = ScheduleIndex::new(&engine.workspace, std::time::Duration::ZERO);
    let (all, now) = (Selection::default(), at.parse().unwrap());
    let jobs = due::due(&engine.workspace, &schedule_index, &last, &all, now).unwrap();
    make(&engine, jobs).await;
}

/// Every table of conclusions.
fn concluded(watch: &TestWorkspace) -> Vec<String> {
    [
        &["export", "incidents"][..],
        &["export", "uptime"],
        &["export", "freshness"],
        &["status", "--format", "csv"],
        &["baseline", "show", "--format", "csv"],
    ]
    .iter()
    .map(|args| watch.run(args).ends(0).out)
    .collect()
}

/// A table without what differs between runs: how long answers took.
fn timeless(table: &str) -> Vec<Vec<String>> {
    let rows: Vec<Vec<String>> = table
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect();
    let is_timing = |n: usize| rows[0].get(n).is_some_and(|name| name.ends_with("_ms"));
    let keep = |row: &Vec<String>| {
        let cells = row.iter().enumerate();
        cells
            .filter(|(n, _)| !is_timing(*n))
            .map(|(_, cell)| cell.clone())
            .collect()
    };
    rows.iter().map(keep).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_clock_stored_is_taken_out_as_if_it_had_never_been() {
    let (site, watch) = thrice_daily();
    let (twin_site, twin) = thrice_daily();
    let gone = || Answer::html("<p>404</p>").with_status(410);
    for at in ["2026-11-02T03:00:10Z", "2026-11-02T09:00:10Z"] {
        pass_at(&watch, at).await;
        pass_at(&twin, at).await;
    }
    // One pass seven months ahead, which sees the page gone.
    site.set("/page0", gone());
    pass_at(&watch, "2027-06-01T09:30:00Z").await;
    assert!(count(&watch, "missed") > 600);
    assert_eq!(count(&watch, "incidents"), 1);
    site.set("/page0", Answer::html(GOOD));
    // The passes continue the next day as if nothing had happened; one check is left out.
    for at in [
        "2026-11-02T15:00:10Z",
        "2026-11-03T03:00:10Z",
        "2026-11-03T15:00:10Z",
    ] {
        pass_at(&watch, at).await;
        pass_at(&twin, at).await;
    }
    let doctor = watch.run(&["doctor", "--offline"]).ends(3).out;
    for part in ["dated in the future", "2027-06-01", "purge --after"] {
        assert!(doctor.contains(part), "{part}: {doctor}");
    }
    let told = watch.run(&["purge", "--after", "2026-11-30"]).ends(0).err;
    assert!(told.contains("dated after 2026-11-30 removed"), "{told}");
    for (ours, twins) in concluded(&watch).iter().zip(concluded(&twin)) {
        let ours = ours.replace(&site.url(""), &twin_site.url(""));
        assert_eq!(timeless(&ours), timeless(&twins));
    }
    let doctor = watch.run(&["doctor", "--offline"]).ends(0).out;
    assert!(!doctor.contains("to come"), "{doctor}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_to_be_unchecked_since_a_time_to_come() {
    let (_site, watch) = thrice_daily();
    pass_at(&watch, "2031-06-01T12:00:00Z").await;
    let told = watch.run(&["status"]).ends(0);
    assert!(
        !told.err.contains("nothing was checked since 2031"),
        "{}",
        told.err
    );
    for part in ["2031-06-01T12:00", "still to come", "accesswatch doctor"] {
        assert!(told.err.contains(part), "{part}: {}", told.err);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_by_a_clock_ahead_is_not_believed() {
    let fixture = CliFixture::observed();
    fixture.breaks();
    fixture.run_all();
    let far = chrono::Utc::now().timestamp_micros() + 5 * 365 * DAY_US;
    let db = database(&fixture.watch);
    db.execute(
        "INSERT INTO back_offs (vantage, host, until_us, step_seconds, reason)
         VALUES ('here', '127.0.0.1', ?1, 86400, 'site.challenge')",
        [far],
    )
    .unwrap();
    db.execute(
        "INSERT INTO robots (vantage, origin, fetched_us, status, body) VALUES ('here', ?2, ?1, 200, ?3)",
        params![far, fixture.site.url("").trim_end_matches('/'), "User-agent: *\nDisallow: /\n"],
    )
    .unwrap();
    let id: i64 = db
        .query_row("SELECT max(id) FROM outbox", [], |row| row.get(0))
        .unwrap();
    db.execute(
        "UPDATE outbox SET sent_us = NULL, next_attempt_us = ?1 WHERE id = ?2",
        [far, id],
    )
    .unwrap();
    drop(db);
    fixture
        .watch
        .edit("config/accesswatch.toml", "robots = false", "robots = true");
    fixture.mends();
    let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(3).out;
    assert!(doctor.contains("dated in the future"), "{doctor}");
    let told = fixture.watch.run(&["run", "--all"]).ends(0).err;
    assert!(told.contains("1 ok"), "{told}");
    let waiting = "outbox WHERE sent_us IS NULL AND settled_us IS NULL";
    assert_eq!(count(&fixture.watch, waiting), 0);
    let left = format!("back_offs WHERE until_us >= {far}");
    assert_eq!(count(&fixture.watch, &left), 0);
    fixture.watch.run(&["doctor", "--offline"]).ends(0);
}

#[test]
fn a_store_that_holds_rows_of_absurd_times_works_and_doctor_names_them() {
    for us in [
        i64::MIN,
        i64::MIN + 1,
        -8_334_601_228_800_000_000,
        0,
        i64::MAX,
        i64::MAX - 1,
        253_402_300_800_000_000,
    ] {
        let fixture = CliFixture::observed();
        let db = database(&fixture.watch);
        let (id, raw): (i64, Vec<u8>) = db
            .query_row(
                "SELECT m.id, r.raw FROM measurements m JOIN records r ON r.id = m.id
                 JOIN series s ON s.id = m.series_id WHERE s.control = 0 AND r.base IS NULL",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        db.execute(
            "INSERT INTO measurements (uid, series_id, started_us, round, attempt, country, url, code, locus, rule, body_bytes, body)
             SELECT 'absurd', series_id, ?2, 'absurd', 0, country, url, 'tcp.timeout', 'unknown', rule, 0, 'none'
             FROM measurements WHERE id = ?1",
            [id, us],
        )
        .unwrap();
        db.execute(
            "INSERT INTO records (id, raw) VALUES (last_insert_rowid(), ?1)",
            [raw],
        )
        .unwrap();
        drop(db);
        let doctor = fixture.watch.run(&["doctor", "--offline"]).ends(3).out;
        assert!(doctor.contains("1 measurement"), "{us}: {doctor}");
        fixture.watch.run(&["run", "--all"]).ends(0);
        fixture.watch.run(&["rejudge", "--apply"]).ends(0);
        fixture.watch.run(&["export", "uptime"]).ends(0);
        fixture.watch.run(&["export", "measurements"]).ends(0);
        fixture.watch.run(&["status"]).ends(0);
        fixture.watch.run(&["ingest", "/dev/null"]).ends(0);
        fixture
            .watch
            .run(&["purge", "--after", "2027-12-31"])
            .ends(0);
        fixture
            .watch
            .run(&["purge", "--before", "1990-01-01"])
            .ends(0);
        fixture.watch.run(&["doctor", "--offline"]).ends(0);
    }
}

/// A record of another program with this date.
fn foreign(url: &str, time: &str) -> String {
    serde_json::json!({
        "input": url, "measurement_start_time": time, "test_name": "web_connectivity", "probe_cc": "DE",
        "probe_asn": "AS1", "test_keys": {"requests": [{"request": {"url": url}, "response": {"code": 200, "body": GOOD, "headers_list": []}}]}
    })
    .to_string()
}

#[test]
fn records_of_absurd_times_are_no_records_for_ingest_and_judge() {
    let fixture = CliFixture::observed();
    let url = fixture.site.url("/article");
    let own = fixture.records().lines().next().unwrap().to_owned();
    let us = own.find("\"started_us\":").unwrap() + "\"started_us\":".len();
    let end = us + own[us..].find([',', '}']).unwrap();
    let dated_us = |us_text: &str| {
        format!("{}{us_text}{}", &own[..us], &own[end..])
            .replace("\"measurement_uid\":\"", "\"measurement_uid\":\"x")
    };
    let lines = [
        foreign(&url, "-262143-01-01 00:00:00"),
        foreign(&url, "0000-01-01 00:00:00"),
        foreign(&url, "1989-12-31 23:59:59"),
        foreign(&url, "2999-01-01 00:00:00"),
        foreign(&url, "262142-12-31 23:59:59"),
        dated_us("-9223372036854775808"),
        dated_us("9223372036854775807"),
        foreign(&url, "2026-01-01 00:00:00"),
    ];
    fixture.watch.write("in.jsonl", &(lines.join("\n") + "\n"));
    let file = fixture.watch.file("in.jsonl");
    let file = file.to_str().unwrap();
    let told = fixture.watch.run(&["ingest", file]).ends(3).err;
    assert!(told.contains("1 record taken"), "{told}");
    assert!(told.contains("7 lines are no measurement record"), "{told}");
    for part in [
        "in.jsonl:3: not a measurement record: it is dated 1989-12-31, before 1990-01-01",
        "in.jsonl:4: not a measurement record: it is dated 2999-01-01, more than a day after",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let judged = fixture.watch.run(&["judge", file]).ends(3);
    assert_eq!(judged.out.lines().count(), 1, "{}", judged.err);
    fixture.watch.run(&["run", "--all"]).ends(0);
    fixture.watch.run(&["rejudge", "--apply"]).ends(0);
}

mod any_time {
    use accesswatch::model::Code;
    use accesswatch::model::time::from_micros;
    use proptest::prelude::*;

    use crate::support::tracking::World;

    const VANTAGES: &[(&str, &str)] = &[("here", "US"), ("seoul", "KR")];

    /// Any stored time, often one of the extremes.
    fn micros() -> impl Strategy<Value = i64> {
        prop_oneof![
            any::<i64>(),
            Just(i64::MIN),
            Just(i64::MAX),
            Just(0),
            631_152_000_000_000_i64..1_900_000_000_000_000,
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Many sources that change at once reach every rule that looks back or ahead in time.
        #[test]
        fn the_tracker_takes_rounds_of_any_time(
            times in prop::collection::vec((micros(), 0_usize..4, any::<bool>()), 1..6)
        ) {
            let mut context = World::seen_well(VANTAGES, 6);
            let codes = [Code::Ok, Code::TcpTimeout, Code::SiteGeoBlock, Code::SkippedRobots];
            for (us, code, both) in times {
                let mut pass = context.pass(from_micros(us));
                for source in 0..6 {
                    let probe = format!("s{source}/home");
                    pass = pass.round(&probe, "here", codes[code]);
                    if both {
                        pass = pass.round(&probe, "seoul", Code::Ok);
                    }
                }
                pass.go();
            }
        }
    }
}
