//! Records that arrive out of order, in parts, or twice give the same result as in order: random
//! permutations and partitions through the real ingest into a real database.

use accesswatch::config::Workspace;
use accesswatch::engine::SystemClock;
use accesswatch::engine::ingest::Ingestor;
use accesswatch::judge::Judge;
use accesswatch::model::incident::MailState;
use accesswatch::model::{Incident, Measurement, Status, Time};
use accesswatch::store::{IncidentFilter, RowFilter, Store};
use proptest::prelude::*;

use crate::support::records::{self, At, PAGES, PROBES, Page, VANTAGES};
use crate::support::tracking::morning;

/// A pass of a remote vantage: its controls, and rounds with exactly these attempts.
#[derive(Debug, Clone)]
struct Sent {
    minutes: i64,
    vantage: usize,
    works: bool,
    /// Whether its records name the pass.
    names_pass: bool,
    rounds: Vec<(usize, Vec<usize>)>,
    /// OONI's records in the same hour.
    foreign: Vec<(usize, usize)>,
}

/// How records arrive: the sort key of each, the records that end a part, and the records that come
/// twice.
#[derive(Debug, Clone)]
struct ArrivalOrder {
    order: Vec<u16>,
    ends: Vec<bool>,
    twice: Vec<bool>,
}

fn any_page() -> impl Strategy<Value = usize> {
    prop_oneof![2 => Just(0), 3 => 0..PAGES.len()]
}

fn any_sent() -> impl Strategy<Value = Sent> {
    (
        prop_oneof![1 => 8i64..20, 4 => 60i64..800],
        0..VANTAGES.len(),
        prop::bool::weighted(0.85),
        any::<bool>(),
        prop::collection::vec((0..3_usize, prop::collection::vec(any_page(), 1..5)), 0..4),
        prop::collection::vec((0..3_usize, any_page()), 0..2),
    )
        .prop_map(
            |(minutes, vantage, works, names_pass, rounds, foreign)| Sent {
                minutes,
                vantage,
                works,
                names_pass,
                rounds,
                foreign,
            },
        )
}

fn any_way() -> impl Strategy<Value = ArrivalOrder> {
    (
        prop::collection::vec(any::<u16>(), 160),
        prop::collection::vec(prop::bool::weighted(0.06), 160),
        prop::collection::vec(prop::bool::weighted(0.1), 160),
    )
        .prop_map(|(order, ends, twice)| ArrivalOrder { order, ends, twice })
}

/// The records by time.
fn records(sent: &[Sent]) -> Vec<Measurement> {
    let mut all = Vec::new();
    let mut at = morning().timestamp_micros();
    for (n, pass) in sent.iter().enumerate() {
        at += pass.minutes * 60_000_000;
        let (control, name) = (format!("c{n}"), format!("p{n}"));
        let name = pass.names_pass.then_some(&*name);
        let vantage = VANTAGES[pass.vantage];
        let first = place(vantage, name, &control, 0, at);
        all.extend(records::controls(first, pass.works));
        let mut seen = std::collections::BTreeSet::new();
        for (probe, pages) in pass.rounds.iter().filter(|(probe, _)| seen.insert(*probe)) {
            let round = format!("r{n}-{probe}");
            for (attempt, page) in (0..).zip(pages) {
                let started = at + 5_000_000 + i64::from(attempt) * 40_000_000;
                let place = place(vantage, name, &round, attempt, started);
                all.push(records::attempt(PROBES[*probe], place, PAGES[*page]));
            }
        }
        for (k, (probe, page)) in (1..).zip(&pass.foreign) {
            let page: Page = PAGES[*page];
            all.push(records::foreign(
                PROBES[*probe],
                "AS4766",
                at + k * 61_000_000,
                page,
            ));
        }
    }
    all
}

fn place<'a>(
    vantage: &'a str,
    pass: Option<&'a str>,
    round: &'a str,
    attempt: u32,
    started_us: i64,
) -> At<'a> {
    At {
        vantage,
        pass,
        round,
        attempt,
        started_us,
    }
}

/// The parts in order of arrival; none is empty.
fn parts(records: &[Measurement], way: &ArrivalOrder) -> Vec<Vec<Measurement>> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_by_key(|i| (way.order[i % way.order.len()], *i));
    let mut parts = vec![Vec::new()];
    for i in order {
        let of = |flags: &[bool]| flags[i % flags.len()];
        let last = parts.last_mut().unwrap();
        last.push(records[i].clone());
        if of(&way.twice) {
            last.push(records[i].clone());
        }
        if of(&way.ends) {
            parts.push(vec![records[i].clone()]);
        }
    }
    parts
}

/// The result after one `ingest` per part: statuses, incidents and events, without what depends on
/// the order of arrival (ids of incidents, and whether somebody was mailed).
fn after(parts: Vec<Vec<Measurement>>) -> (Vec<Status>, Vec<Incident>, Vec<String>) {
    let watch = records::workspace();
    let workspace: Workspace = accesswatch::config::load(watch.path()).unwrap();
    let judge = Judge::new(&workspace.catalogue, &workspace.signatures);
    let store = Store::open(&watch.file("data/accesswatch.db")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        for part in parts {
            let mut intake = Ingestor::new(&workspace, &judge, &store, &SystemClock);
            for record in part {
                intake.ingest(record).await.unwrap();
            }
            intake.finish().await.unwrap();
        }
    });
    let reader = store.reader().unwrap();
    let uptime = reader.uptime(&RowFilter::default()).unwrap();
    assert!(
        uptime.iter().all(|day| day.gaps == 0),
        "none is derived on ingest"
    );
    let statuses = reader
        .tracker_state()
        .unwrap()
        .statuses
        .into_values()
        .collect();
    let mut incidents = reader.incidents(&IncidentFilter::default()).unwrap();
    for incident in &mut incidents {
        incident.id = 0;
        incident.mail = MailState::Done;
    }
    incidents.sort_by_key(|i| (i.first_bad, i.confirmed, i.probe.clone(), i.kind));
    let mut events = reader.events(Time::MIN_UTC, Time::MAX_UTC).unwrap();
    for event in &mut events {
        event.incident = event.incident.map(|_| 0);
    }
    let mut events: Vec<String> = events.iter().map(|e| format!("{e:?}")).collect();
    events.sort();
    (statuses, incidents, events)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 200, max_shrink_time: 60_000, ..ProptestConfig::default() })]

    #[test]
    fn any_order_any_parts_any_twice(sent in prop::collection::vec(any_sent(), 1..8), way in any_way()) {
        let records = records(&sent);
        let in_order = after(vec![records.clone()]);
        let otherwise = after(parts(&records, &way));
        prop_assert_eq!(&otherwise.0, &in_order.0);
        prop_assert_eq!(&otherwise.1, &in_order.1);
        prop_assert_eq!(&otherwise.2, &in_order.2);
    }
}

#[test]
fn a_loss_told_backwards_one_record_at_a_time() {
    let sent: Vec<Sent> = [0, 2, 2, 0]
        .into_iter()
        .map(|page| Sent {
            minutes: 360,
            vantage: 1,
            works: true,
            names_pass: true,
            rounds: vec![(0, vec![page; 3])],
            foreign: Vec::new(),
        })
        .collect();
    let records = records(&sent);
    let in_order = after(vec![records.clone()]);
    assert_eq!(in_order.1.len(), 1);
    let backwards = records.into_iter().rev().map(|r| vec![r]).collect();
    assert_eq!(after(backwards), in_order);
}

#[test]
fn a_control_that_comes_late_takes_back_what_its_vantage_seemed_to_see() {
    let sent = [Sent {
        minutes: 8,
        vantage: 0,
        works: false,
        names_pass: false,
        rounds: vec![(0, vec![0])],
        foreign: Vec::new(),
    }];
    let records = records(&sent);
    let in_order = after(vec![records.clone()]);
    assert!(in_order.0.is_empty(), "{:?}", in_order.0);
    let backwards = records.into_iter().rev().map(|r| vec![r]).collect();
    assert_eq!(after(backwards), in_order);
}
