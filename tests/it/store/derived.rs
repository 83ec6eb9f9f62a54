//! What a store keeps besides measurements: daily figures, series of values, what people enter,
//! mails.

use std::collections::BTreeMap;

use accesswatch::model::incident::{BrowserResult, HumanCheck};
use accesswatch::model::mail::MailFailure;
use accesswatch::model::note::Note;
use accesswatch::model::page::Value;
use accesswatch::model::{Code, SourceId, VantageId};
use accesswatch::store::{IncidentFilter, MissedKind, MissedRound, PeriodicMail, RowFilter, Store};

use crate::support::store::{Make, incident, mail, minute, outcome, pass, place, status};

#[tokio::test]
async fn the_days_figures_are_those_of_its_rounds() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mut rounds = Vec::new();
    let hour = |n: i64, code: Code| Make::new(minute(n * 60), code);
    let mut control = hour(1, Code::TcpTimeout);
    control.control = true;
    control.round = "control".into();
    for make in [
        hour(0, Code::Ok),
        hour(2, Code::SiteGeoBlock),
        hour(4, Code::SiteChallenge),
        hour(5, Code::Ok),
        hour(24, Code::Ok), // the day after
    ] {
        store.add(vec![make.new_measurement()]).await.unwrap();
        rounds.push(make.round());
    }
    store.add(vec![control.new_measurement()]).await.unwrap();
    // Two attempts of one round are one check.
    let mut first = hour(6, Code::TcpTimeout);
    first.round = "unconfirmed".into();
    let mut again = hour(6, Code::Ok);
    again.round = "unconfirmed".into();
    again.attempt = 1;
    again.at += chrono::TimeDelta::seconds(20);
    store
        .add(vec![first.new_measurement(), again.new_measurement()])
        .await
        .unwrap();
    rounds.push(first.round());
    let mut all = pass(minute(25 * 60), rounds);
    all.missed = vec![
        MissedRound {
            probe: first.key(),
            vantage: VantageId::from("here"),
            at: minute(8 * 60),
            kind: MissedKind::Gap,
        },
        MissedRound {
            probe: first.key(),
            vantage: VantageId::from("here"),
            at: minute(9 * 60),
            kind: MissedKind::VantageOffline,
        },
    ];
    store.commit(all).await.unwrap();
    let days = store
        .reader()
        .unwrap()
        .uptime(&RowFilter::default())
        .unwrap();
    assert_eq!(days.len(), 2);
    let day = &days[0];
    assert_eq!(day.day.to_string(), "2026-11-18");
    assert_eq!((day.checks, day.ok, day.blocked, day.limited), (6, 3, 1, 1));
    assert_eq!((day.vantage_offline, day.gaps, day.failed), (1, 1, 0));
    assert_eq!(day.availability_pct(), Some(75.0));
    assert_eq!(day.coverage_pct(), Some(100.0 * 4.0 / 7.0));
    assert!((day.longest_outage_hours - 3.0).abs() < 1e-9);
    assert_eq!(day.p50_ms, Some(120.5));
    assert_eq!(day.level.as_deref(), Some("abstract"));
}

#[tokio::test]
async fn an_outage_goes_on_over_a_day_on_which_the_vantage_did_not_work() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let day = |n: i64, code: Code| Make::new(minute(n * 24 * 60), code);
    let (down, up) = (day(0, Code::TcpTimeout), day(2, Code::Ok));
    let offline = MissedRound {
        probe: down.key(),
        vantage: VantageId::from("here"),
        at: minute(24 * 60),
        kind: MissedKind::VantageOffline,
    };
    store.add(vec![down.new_measurement()]).await.unwrap();
    store
        .commit(pass(down.at, vec![down.round()]))
        .await
        .unwrap();
    let mut nothing = pass(offline.at, Vec::new());
    nothing.missed = vec![offline];
    store.commit(nothing).await.unwrap();
    store.add(vec![up.new_measurement()]).await.unwrap();
    store.commit(pass(up.at, vec![up.round()])).await.unwrap();

    let uptime = || {
        store
            .reader()
            .unwrap()
            .uptime(&RowFilter::default())
            .unwrap()
    };
    let lived = uptime();
    assert_eq!(lived.len(), 3);
    let midnight = (down.at.date_naive() + chrono::Days::new(1)).and_time(chrono::NaiveTime::MIN);
    let seconds = (midnight.and_utc() - down.at).num_seconds();
    let hours = f64::from(i32::try_from(seconds).unwrap()) / 3600.0;
    assert!(
        (lived[0].longest_outage_hours - hours).abs() < 1e-9,
        "{lived:?}"
    );
    store.rebuild_rollups(down.at).await.unwrap();
    assert_eq!(uptime(), lived);
}

#[tokio::test]
async fn values_become_history_and_freshness() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let day = |n: u32| chrono::NaiveDate::from_ymd_opt(2026, 11, n).unwrap();
    let mut rounds = Vec::new();
    for (n, code, newest) in [
        (0, Code::Ok, day(16)),
        (24, Code::Ok, day(17)),
        (48, Code::ContentStale, day(17)),
    ] {
        let mut make = Make::new(minute(n * 60), code);
        make.values = [
            ("newest".to_owned(), Value::Date(newest)),
            ("hits".to_owned(), Value::Count(40 + n.unsigned_abs())),
        ]
        .into();
        store.add(vec![make.new_measurement()]).await.unwrap();
        // A confirmation of the same round adds no second value.
        make.attempt = 1;
        make.at += chrono::TimeDelta::seconds(20);
        store.add(vec![make.new_measurement()]).await.unwrap();
        rounds.push(make.round());
    }
    let key = rounds[0].probe.clone();
    store.commit(pass(minute(50 * 60), rounds)).await.unwrap();
    let history = store.history(&key, &VantageId::from("here")).await.unwrap();
    let newest: Vec<&Value> = history["newest"].iter().map(|p| &p.value).collect();
    assert_eq!(newest, [&Value::Date(day(16)), &Value::Date(day(17))]);
    let earlier = store
        .reader()
        .unwrap()
        .history_before(&key, &VantageId::from("here"), minute(60))
        .unwrap();
    assert_eq!(earlier["hits"].len(), 1);
    let rows = store
        .reader()
        .unwrap()
        .freshness(&RowFilter::default())
        .unwrap();
    let of = |name: &str| {
        rows.iter()
            .filter(|r| r.value_name == name)
            .map(|r| (r.value.show(), r.changed))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("newest"),
        [
            ("2026-11-16".to_owned(), None),
            ("2026-11-17".to_owned(), Some(true)),
            ("2026-11-17".to_owned(), Some(false))
        ]
    );
    assert_eq!(of("hits").len(), 3);
}

#[tokio::test]
async fn what_people_enter_survives_a_pass() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let key = Make::new(minute(0), Code::Ok).key();
    let mut all = pass(minute(1), Vec::new());
    all.outcome = outcome(
        vec![status(&key, "here", Code::SiteGeoBlock, minute(0))],
        vec![incident(3, &key, minute(0))],
    );
    store.commit(all.clone()).await.unwrap();
    let mut edited = store.incident(3).await.unwrap().unwrap();
    edited.acknowledged_by = Some("Kim".into());
    edited.silenced_until = Some(minute(500));
    edited.human_checks.push(HumanCheck {
        at: minute(5),
        browser: BrowserResult::Refused,
        network: "campus".into(),
        saw: None,
        by: None,
    });
    store.update_incident(edited.clone()).await.unwrap();
    // A pass that began earlier writes its older copy.
    store.commit(all).await.unwrap();
    assert_eq!(store.incident(3).await.unwrap(), Some(edited));
    assert_eq!(store.tracker_state().await.unwrap().next_incident, 4);
    assert_eq!(store.incident(99).await.unwrap(), None);
}

#[tokio::test]
async fn mails_are_due_until_sent() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let digest = PeriodicMail::Digest("kim@example.org".to_owned());
    let mails = vec![
        mail("a", minute(0)),
        mail("b", minute(0)),
        mail("a", minute(0)),
    ];
    assert_eq!(
        store
            .enqueue(mails, vec![(digest.clone(), minute(3))])
            .await
            .unwrap(),
        2
    );
    let due = store.due_mails(minute(0)).await.unwrap();
    store.mark_sent(due[0].id, minute(1)).await.unwrap();
    store
        .mark_failed(
            due[1].id,
            MailFailure {
                handed_over: false,
                error: "421 try later".to_owned(),
                permanent: false,
                next_attempt: minute(5),
            },
        )
        .await
        .unwrap();
    assert_eq!(store.due_mails(minute(4)).await.unwrap(), []);
    let again = store.due_mails(minute(5)).await.unwrap();
    assert_eq!(again.len(), 1);
    assert_eq!(
        (again[0].attempts, again[0].last_error.as_deref()),
        (1, Some("421 try later"))
    );
    assert_eq!(store.reader().unwrap().sent_mails().unwrap(), 1);
    assert_eq!(store.unsent_mails().await.unwrap(), 1);
    assert_eq!(store.next_mail().await.unwrap(), Some(minute(5)));
    assert_eq!(store.last_composed(digest).await.unwrap(), Some(minute(3)));
    let disk = store.last_composed(PeriodicMail::Disk).await;
    assert_eq!(disk.unwrap(), None);
}

#[tokio::test]
async fn notes_and_facts_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&place(&folder)).unwrap();
    let mut note = Note {
        id: 0,
        written: Some(minute(7)),
        source: SourceId::from("cnki"),
        from: chrono::NaiveDate::from_ymd_opt(2023, 4, 1).unwrap(),
        to: None,
        text: "学位论文暂停".into(),
        reference: Some("https://example.org/".into()),
        planned: true,
    };
    note.id = store.add_note(note.clone()).await.unwrap();
    assert_eq!(store.notes().await.unwrap(), [note]);
    store.set_meta("last_digest", "2026-11-23").await.unwrap();
    assert_eq!(
        store.get_meta("last_digest").await.unwrap().as_deref(),
        Some("2026-11-23")
    );
    assert_eq!(store.get_meta("nothing").await.unwrap(), None);
    let open = IncidentFilter {
        open_only: true,
        ..IncidentFilter::default()
    };
    assert_eq!(store.reader().unwrap().incidents(&open).unwrap(), []);
    let _: BTreeMap<_, _> = store.last_checked().await.unwrap();
}
