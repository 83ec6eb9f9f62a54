//! `rejudge` right after the passes changes nothing, whatever happened in them: random histories
//! through the real judge, tracker and store, with operator actions in between.

use accesswatch::model::incident::{BrowserResult, HumanCheck};
use accesswatch::model::note::Note;
use accesswatch::model::{ProbeKey, Time};
use accesswatch::track;
use chrono::TimeDelta;
use proptest::prelude::*;

use crate::support::history::{ControlsAnswer, RecordedHistory, ScriptedRound};
use crate::support::older::forget_passes;
use crate::support::records::{PAGES, PROBES, VANTAGES};
use crate::support::tracking::morning;

/// What a person does between two passes.
#[derive(Debug, Clone)]
enum TestAction {
    Acknowledge,
    Silence,
    Observe(BrowserResult, &'static str),
    Accept(usize, Option<usize>),
    Note,
}

#[derive(Debug, Clone)]
struct Step {
    /// The minutes since the last pass ended.
    minutes: i64,
    seen: Vec<ScriptedRound>,
    works: Vec<ControlsAnswer>,
    action: Option<TestAction>,
}

/// Every probe from every vantage: all are well, or one vantage gets no answers.
fn everything(silent: Option<usize>) -> Vec<ScriptedRound> {
    let all = (0..PROBES.len()).flat_map(|p| (0..VANTAGES.len()).map(move |v| (p, v)));
    all.map(|(probe, vantage)| ScriptedRound {
        probe,
        vantage,
        pages: vec![if silent == Some(vantage) { 7 } else { 0 }],
    })
    .collect()
}

fn any_round() -> impl Strategy<Value = ScriptedRound> {
    (
        // Usually only a few, so that one probe gets a history.
        prop_oneof![4 => 0..3_usize, 1 => 0..PROBES.len()],
        0..VANTAGES.len(),
        prop::collection::vec(prop_oneof![2 => Just(0), 3 => 0..PAGES.len()], 1..4),
    )
        .prop_map(|(probe, vantage, pages)| ScriptedRound {
            probe,
            vantage,
            pages,
        })
}

fn any_seen() -> impl Strategy<Value = Vec<ScriptedRound>> {
    prop_oneof![
        8 => prop::collection::vec(any_round(), 0..6),
        1 => prop::option::of(0..VANTAGES.len()).prop_map(everything),
    ]
}

fn any_action() -> impl Strategy<Value = TestAction> {
    let browser = prop::sample::select(vec![
        BrowserResult::Ok,
        BrowserResult::Refused,
        BrowserResult::Partial,
    ]);
    let network = prop::sample::select(vec!["office, CN", "home, KR"]);
    prop_oneof![
        Just(TestAction::Acknowledge),
        Just(TestAction::Silence),
        (browser, network).prop_map(|(b, n)| TestAction::Observe(b, n)),
        (0..3_usize, prop::option::of(0..VANTAGES.len()))
            .prop_map(|(p, v)| TestAction::Accept(p, v)),
        Just(TestAction::Note),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    (
        prop_oneof![1 => 8i64..20, 3 => 60i64..1000, 1 => 10_000i64..25_000],
        any_seen(),
        prop::collection::vec(
            (prop::bool::weighted(0.9), prop::bool::weighted(0.9)),
            VANTAGES.len(),
        ),
        prop::option::weighted(0.5, any_action()),
    )
        .prop_map(|(minutes, seen, works, action)| Step {
            minutes,
            seen,
            works,
            action,
        })
}

async fn act(life: &RecordedHistory, action: &TestAction, at: Time) {
    let mut tracker = life.store.tracker_state().await.unwrap();
    let (catalogue, settings) = (&life.workspace.catalogue, &life.workspace.settings);
    let open = tracker
        .incidents
        .values()
        .find(|i| i.is_open())
        .map(|i| i.id);
    match action {
        TestAction::Acknowledge | TestAction::Silence => {
            let Some(id) = open else { return };
            let incident = match action {
                TestAction::Acknowledge => track::acknowledge(&mut tracker, id, "Kim", at),
                _ => track::silence(&mut tracker, id, at + TimeDelta::hours(30), None, at),
            };
            life.store.update_incident(incident.unwrap()).await.unwrap();
        }
        TestAction::Observe(browser, network) => {
            let Some(id) = open else { return };
            let check = HumanCheck {
                at,
                browser: *browser,
                network: (*network).to_owned(),
                saw: None,
                by: None,
            };
            if let Ok(outcome) = track::observe(&mut tracker, id, check, catalogue, settings) {
                life.store.commit_edit(outcome).await.unwrap();
            }
        }
        TestAction::Accept(probe, vantage) => {
            let (source, probe) = PROBES[*probe];
            let probe = ProbeKey::new(source, probe);
            let vantage = vantage.map(|v| VANTAGES[v].into());
            let accepted = track::accept(
                &mut tracker,
                &probe,
                vantage.as_ref(),
                at,
                catalogue,
                settings,
            );
            if let Ok(outcome) = accepted {
                life.store.commit_edit(outcome).await.unwrap();
            }
        }
        TestAction::Note => {
            let note = Note {
                id: 0,
                written: None,
                source: "papers".into(),
                from: at.date_naive(),
                to: None,
                text: "the library asked".to_owned(),
                reference: None,
                planned: false,
            };
            life.store.add_note(note).await.unwrap();
        }
    }
}

async fn live(steps: &[Step]) -> RecordedHistory {
    let mut life = RecordedHistory::new();
    let mut at = morning();
    let works = [(true, true); VANTAGES.len()];
    life.pass(at, &everything(None), &works).await;
    for step in steps {
        at += TimeDelta::minutes(step.minutes);
        life.pass(at, &step.seen, &step.works).await;
        if let Some(action) = &step.action {
            act(&life, action, at + TimeDelta::minutes(6)).await;
        }
        at += TimeDelta::minutes(7);
    }
    life
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 400, max_shrink_time: 60_000, ..ProptestConfig::default() })]

    #[test]
    fn deriving_it_again_is_living_through_it(
        steps in prop::collection::vec(any_step(), 1..12),
        names_passes in any::<bool>(),
    ) {
        runtime().block_on(async {
            let life = live(&steps).await;
            if !names_passes {
                forget_passes(life.store.path());
            }
            let lived = life.stored();
            let changes = life.rejudge().await;
            let derived = life.stored();
            prop_assert_eq!(changes, Vec::<String>::new());
            for (derived, lived) in derived.incidents.iter().zip(&lived.incidents) {
                prop_assert_eq!(derived, lived);
            }
            prop_assert_eq!(derived.incidents.len(), lived.incidents.len());
            prop_assert_eq!(&derived.events, &lived.events);
            prop_assert_eq!(&derived.phases, &lived.phases);
            for (derived, lived) in derived.uptime.iter().zip(&lived.uptime) {
                prop_assert_eq!(derived, lived);
            }
            prop_assert_eq!(derived.uptime.len(), lived.uptime.len());
            prop_assert_eq!(&derived, &lived);
            Ok(())
        })?;
    }
}

#[test]
fn a_network_that_fails_for_many_is_derived_again_as_one() {
    runtime().block_on(async {
        let step = |silent| Step {
            minutes: 360,
            seen: everything(silent),
            works: vec![(true, true); VANTAGES.len()],
            action: None,
        };
        let steps = [step(Some(1)), step(Some(1)), step(None)];
        let life = live(&steps).await;
        let lived = life.stored();
        assert_eq!(lived.incidents.len(), 1);
        assert_eq!(lived.incidents[0].folded.len(), PROBES.len());
        assert_eq!(life.rejudge().await, Vec::<String>::new());
        assert_eq!(life.stored(), lived);
    });
}
