//! What is due and when to wake, compared with a plain reading of each probe's schedule.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use accesswatch::config::Workspace;
use accesswatch::engine::due::{self, LastChecked};
use accesswatch::engine::{Job, ScheduleIndex, Selection};
use accesswatch::model::source::Access;
use accesswatch::model::vantage::{NetworkClass, Via};
use accesswatch::model::{Catalogue, Level, Probe, ProbeKey, Time};
use accesswatch::schedule::Cron;
use accesswatch::schedule::plan::{self, Due};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::mail_fixture::{probe, recipient, settings, source, time, vantage};

const TEN: Duration = Duration::from_secs(600);

/// A workspace with one source of these probes, watched from one vantage.
fn workspace(probes: Vec<Probe>) -> Workspace {
    let mut settings = settings();
    settings.vantages = vec![vantage("here", "Here", "DE", NetworkClass::Office)];
    Workspace {
        dir: "/x".into(),
        settings,
        catalogue: Catalogue {
            sources: [source("cnki", "CNKI", "中国知网", "academic")]
                .into_iter()
                .map(|s| (s.id.clone(), s))
                .collect(),
            probes: probes
                .into_iter()
                .map(|p| (p.key(), std::sync::Arc::new(p)))
                .collect(),
            ..Catalogue::default()
        },
        signatures: Vec::new(),
        calendars: accesswatch::schedule::calendar::Calendars::default(),
        signature_files: Vec::new(),
        warnings: Vec::new(),
    }
}

fn on(id: usize, host: &str, schedule: &str) -> Probe {
    let mut probe = probe(
        &format!("cnki/p{id:04}"),
        "Page",
        Level::Home,
        &format!("https://{host}/"),
    );
    probe.schedule = Some(schedule.to_owned());
    probe
}

fn jobs(workspace: &Workspace, jitter: Duration, last: &LastChecked, now: Time) -> Vec<Job> {
    let table = ScheduleIndex::new(workspace, jitter);
    due::due(workspace, &table, last, &Selection::default(), now).unwrap()
}

fn checked(workspace: &Workspace, at: Time) -> LastChecked {
    due::pairs(workspace)
        .map(|(p, v)| ((p.key(), v.id.clone()), at))
        .collect()
}

fn schedules() -> impl Strategy<Value = &'static str> {
    select(vec![
        "20 9,15,21 * * *",
        "*/15 * * * *",
        "* * * * *",
        "30 2 * * *",
        "0 */6 * * *",
        "15 6 1 * 1",
        "@daily",
        "0 0 30 2 *",
        "5,50 1-3 * 3,10 0",
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn as_each_probe_by_itself(
        lines in prop::collection::vec((schedules(), "[a-z]{1,6}\\.example"), 1..12),
        zone in select(vec![chrono_tz::Asia::Shanghai, chrono_tz::Europe::Berlin, chrono_tz::America::New_York]),
        minutes in 0..(366 * 24 * 60_i64),
        seconds in 0..60_i64,
        ago in 1..(3 * 24 * 60_i64),
        jitter in select(vec![0_u64, 7, 600, 3600]),
    ) {
        let jitter = Duration::from_secs(jitter);
        let probes: Vec<Probe> = lines.iter().enumerate().map(|(n, (s, h))| on(n, h, s)).collect();
        let mut workspace = workspace(probes);
        workspace.settings.schedule.timezone = zone;
        let now = time("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds);
        let last = now - TimeDelta::minutes(ago);
        let found = jobs(&workspace, jitter, &checked(&workspace, last), now);
        let found: BTreeMap<_, _> = found.into_iter().map(|j| (j.probe.clone(), j)).collect();

        let mut wakes = Vec::new();
        for probe in workspace.catalogue.probes.values() {
            let cron = Cron::parse(probe.schedule.as_deref().unwrap()).unwrap();
            let offset = TimeDelta::from_std(plan::jitter(probe.host().unwrap(), jitter)).unwrap();
            let expected = plan::due(Some(last - offset), &cron, zone, now - offset);
            let job = found.get(&probe.key());
            match expected {
                Due::Now { scheduled, missed, .. } => {
                    let job = job.expect("it is due");
                    prop_assert_eq!(job.since, Some(scheduled + offset));
                    if missed < plan::MOST_MISSED {
                        prop_assert_eq!(job.gaps.len(), usize::try_from(missed).unwrap());
                    }
                    prop_assert!(job.gaps.is_sorted());
                    for gap in &job.gaps {
                        prop_assert!(last < *gap && *gap < scheduled + offset);
                        prop_assert_eq!(cron.last_at_or_before(*gap - offset, zone), Some(*gap - offset));
                    }
                }
                _ => prop_assert!(job.is_none(), "{:?}", job),
            }
            wakes.extend(cron.next_after(now - offset, zone).map(|fire| fire + offset));
        }
        let wake = ScheduleIndex::new(&workspace, jitter).next_start(now);
        prop_assert_eq!(wake, wakes.into_iter().min());
    }

    #[test]
    fn woken_when_told_something_is_due_and_a_tick_before_nothing_is(
        lines in prop::collection::vec((schedules(), "[a-z]{1,6}\\.example"), 1..6),
        minutes in 0..(366 * 24 * 60_i64),
    ) {
        let probes: Vec<Probe> = lines.iter().enumerate().map(|(n, (s, h))| on(n, h, s)).collect();
        let workspace = workspace(probes);
        let now = time("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
        let table = ScheduleIndex::new(&workspace, TEN);
        let last = checked(&workspace, now);
        if let Some(wake) = table.next_start(now) {
            let tick = TimeDelta::microseconds(1);
            prop_assert!(jobs(&workspace, TEN, &last, wake - tick).is_empty());
            prop_assert!(!jobs(&workspace, TEN, &last, wake).is_empty());
        }
    }
}

#[test]
fn a_staggered_round_that_was_kept_leaves_no_gap() {
    let host = (0..100)
        .map(|n| format!("h{n}.example"))
        .find(|h| plan::jitter(h, TEN) > Duration::from_secs(120))
        .unwrap();
    let workspace = workspace(vec![on(0, &host, "0 */6 * * *")]);
    let offset = TimeDelta::from_std(plan::jitter(&host, TEN)).unwrap();
    // These are 6, 12 and 18 o'clock in Berlin's winter.
    let kept = time("2026-11-20T05:00:00Z") + offset;
    let now = time("2026-11-20T11:00:00Z") + offset;
    let found = jobs(&workspace, TEN, &checked(&workspace, kept), now);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].since, Some(now));
    assert!(
        found[0].gaps.is_empty(),
        "the fire itself is no round of its own"
    );
}

#[test]
fn never_measured_is_due_at_once_and_belongs_to_the_newest_start() {
    let workspace = workspace(vec![on(0, "a.example", "0 */6 * * *")]);
    let now = time("2026-11-20T08:00:00Z");
    let found = jobs(&workspace, Duration::ZERO, &LastChecked::new(), now);
    assert_eq!(found[0].since, None);
    assert_eq!(found[0].slot, Some(time("2026-11-20T05:00:00Z")));
    assert!(found[0].gaps.is_empty());
    // A manual run between two starts belongs to neither.
    let table = ScheduleIndex::new(&workspace, Duration::ZERO);
    let all = Selection {
        all: true,
        ..Selection::default()
    };
    let last = checked(&workspace, time("2026-11-20T06:00:00Z"));
    let found = due::due(&workspace, &table, &last, &all, now).unwrap();
    assert_eq!((found[0].since, found[0].slot), (None, None));
}

#[test]
fn what_a_clock_ahead_of_ours_checked_is_due() {
    let workspace = workspace(vec![on(0, "a.example", "0 */6 * * *")]);
    let now = time("2026-11-20T08:00:00Z");
    let last = |ahead| checked(&workspace, now + TimeDelta::minutes(ahead));
    assert!(jobs(&workspace, TEN, &last(59), now).is_empty());
    assert_eq!(jobs(&workspace, TEN, &last(61), now).len(), 1);
}

#[test]
fn a_licensed_address_probes_a_subscription_only_with_consent() {
    let mut workspace = workspace(vec![on(0, "a.example", "@daily")]);
    let mut licensed = vantage("campus", "Campus", "DE", NetworkClass::Campus);
    licensed.licensed = true;
    let mut agent = vantage("far", "Far", "KR", NetworkClass::Campus);
    agent.via = Via::Agent;
    workspace.settings.vantages.extend([licensed, agent]);
    let from = |workspace: &Workspace| -> Vec<String> {
        let pairs = due::pairs(workspace);
        pairs.map(|(_, v)| v.id.to_string()).collect()
    };
    let source = |workspace: &mut Workspace, access, consent: Option<&str>| {
        let source = workspace.catalogue.sources.values_mut().next().unwrap();
        source.access = access;
        source.consent = consent.map(str::to_owned);
    };
    source(&mut workspace, Access::Subscription, None);
    assert_eq!(from(&workspace), ["here"]);
    source(
        &mut workspace,
        Access::Subscription,
        Some("Dr Lee, 2026-03-02"),
    );
    assert_eq!(from(&workspace), ["here", "campus"]);
    source(&mut workspace, Access::Public, None);
    assert_eq!(from(&workspace), ["here", "campus"]);
    let probe = workspace.catalogue.probes.values_mut().next().unwrap();
    std::sync::Arc::make_mut(probe).vantages = Some(vec!["campus".into()]);
    assert_eq!(from(&workspace), ["campus"]);
    let probe = workspace.catalogue.probes.values_mut().next().unwrap();
    std::sync::Arc::make_mut(probe).enabled = false;
    assert!(from(&workspace).is_empty());
}

#[test]
fn a_selection_takes_its_own_and_a_wrong_name_is_told_with_the_nearest() {
    let mut workspace = workspace(vec![
        on(0, "a.example", "@daily"),
        on(1, "b.example", "@daily"),
    ]);
    let second = vantage("seoul", "Seoul", "KR", NetworkClass::Office);
    workspace.settings.vantages.push(second);
    let table = ScheduleIndex::new(&workspace, Duration::ZERO);
    let now = time("2026-11-20T08:00:00Z");
    let ask =
        |selection: &Selection| due::due(&workspace, &table, &LastChecked::new(), selection, now);
    let of = |source: Option<&str>, vantage: Option<&str>| Selection {
        all: false,
        source: source.map(Into::into),
        vantage: vantage.map(Into::into),
    };
    assert_eq!(ask(&of(None, None)).unwrap().len(), 4);
    let from_seoul = ask(&of(Some("cnki"), Some("seoul"))).unwrap();
    assert_eq!(from_seoul.len(), 2);
    assert!(from_seoul.iter().all(|j| j.vantage.as_str() == "seoul"));
    let told = ask(&of(Some("cnkj"), None)).unwrap_err().to_string();
    assert_eq!(told, "there is no source `cnkj`; did you mean `cnki`?");
    let told = ask(&of(None, Some("nowhere-at-all"))).unwrap_err();
    assert_eq!(told.to_string(), "there is no vantage `nowhere-at-all`");
}

#[test]
fn digests_have_wake_ups_of_their_own() {
    let mut workspace = workspace(vec![on(0, "a.example", "@daily")]);
    let mut reader = recipient("Reader <reader@library.example>", &["*"]);
    reader.digest = Some("0 8 * * 1-5".to_owned());
    workspace.settings.alerts.to = vec![reader];
    let table = ScheduleIndex::new(&workspace, TEN);
    // A Friday afternoon: the next digest is on Monday at eight in Berlin.
    let next = table.next_digest(time("2026-11-20T15:00:00Z"));
    assert_eq!(next, Some(time("2026-11-23T07:00:00Z")));
}

#[test]
fn a_thousand_probes_each_have_their_turn() {
    let schedules = [
        "20 9,15,21 * * *",
        "*/15 * * * *",
        "15 6 * * *",
        "0 */6 * * *",
    ];
    let probes = (0..1000)
        .map(|n| on(n, &format!("host{n}.example"), schedules[n % 4]))
        .collect();
    let workspace = workspace(probes);
    let table = ScheduleIndex::new(&workspace, TEN);
    let now = time("2026-11-20T08:21:00Z");
    let last = checked(&workspace, now - TimeDelta::minutes(1));
    let mut found_once: BTreeSet<ProbeKey> = BTreeSet::new();
    for turn in 0..20 {
        let now = now + TimeDelta::minutes(turn);
        let found = due::due(&workspace, &table, &last, &Selection::default(), now).unwrap();
        assert!(found.len() < 1000);
        assert!(table.next_start(now).unwrap() > now);
        found_once.extend(found.into_iter().map(|job| job.probe));
    }
    // A quarter of an hour and the stagger have passed, so every quarter-hourly probe had its turn.
    let often = workspace.catalogue.enabled();
    for probe in often.filter(|p| p.schedule.as_deref() == Some(schedules[1])) {
        assert!(found_once.contains(&probe.key()), "{}", probe.key());
    }
}
