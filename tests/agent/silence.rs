//! An agent that is not heard from, and one whose clock differs: an incident of the vantage, mailed
//! once, and nothing against a source.

use std::sync::{Arc, Mutex};

use accesswatch::engine::Engine;
use accesswatch::engine::agents::listening;
use accesswatch::engine::agents::silence::{Hearing, Presence};
use accesswatch::model::agent::KnownAgent;
use accesswatch::model::{Code, IncidentKind, Time};
use accesswatch::store::{IncidentFilter, Store};
use chrono::TimeDelta;

use crate::harness::{SetClock, hub_workspace, site};
use crate::workspace::TestWorkspace;

struct HubEngine {
    _watch: TestWorkspace,
    engine: Engine<(), Store>,
    now: Time,
}

impl HubEngine {
    fn new() -> Self {
        let watch = hub_workspace(&site());
        let workspace = accesswatch::config::load(watch.path()).unwrap();
        let store = Store::open(&workspace.settings.store.path).unwrap();
        let now: Time = "2026-03-02T08:00:00Z".parse().unwrap();
        let clock = Arc::new(SetClock(Mutex::new(now)));
        let engine = Engine::with_ports(workspace, (), store, clock);
        Self {
            _watch: watch,
            engine,
            now,
        }
    }

    async fn hears(&self, at: Time, offset_seconds: i64) {
        let agent = KnownAgent {
            offset_seconds,
            ..KnownAgent::new("seoul".into(), at)
        };
        self.engine.store.put_agent(agent).await.unwrap();
    }

    /// What is said at a time, and the mails that wait.
    async fn looks(&self, at: Time) -> (Vec<String>, usize) {
        self.looks_as(at, Hearing::Since(Time::UNIX_EPOCH)).await
    }

    async fn looks_as(&self, at: Time, hearing: Hearing) -> (Vec<String>, usize) {
        let notes = self.engine.check_agents(at, hearing).await.unwrap();
        let mails = self.engine.store.queue().await.unwrap().len();
        (notes, mails)
    }

    async fn incident(&self) -> accesswatch::model::Incident {
        let all = self.engine.store.incidents(IncidentFilter::default()).await;
        let all = all.unwrap();
        assert_eq!(all.len(), 1, "{all:?}");
        assert_eq!(all[0].kind, IncidentKind::Vantage);
        all[0].clone()
    }
}

#[tokio::test]
async fn a_silent_agent_is_one_incident_and_one_mail() {
    let hub = HubEngine::new();
    hub.hears(hub.now, 0).await;
    // The probe is due once a year: 24 hours come first.
    let (notes, mails) = hub.looks(hub.now + TimeDelta::hours(24)).await;
    assert_eq!((notes.len(), mails), (0, 0));
    let (notes, mails) = hub.looks(hub.now + TimeDelta::hours(25)).await;
    assert_eq!(mails, 1, "{notes:?}");
    assert!(
        notes[0].contains("has not reported since 2026-03-02T08:00"),
        "{notes:?}"
    );
    let (notes, mails) = hub.looks(hub.now + TimeDelta::hours(48)).await;
    assert_eq!((notes.len(), mails), (0, 1), "mailed once");
    let incident = hub.incident().await;
    assert_eq!(incident.to, Code::VantageOffline);
    assert!(incident.is_open() && incident.is_of_silence());
    let mail = hub.engine.store.queue().await.unwrap()[0].eml.clone();
    let text = String::from_utf8_lossy(&mail).replace("=\r\n", "");
    let text = text.replace("\r\n", " ");
    assert!(text.contains("its agent does not report"), "{text}");
}

#[tokio::test]
async fn an_agent_is_not_silent_while_its_hub_was_away() {
    let hub = HubEngine::new();
    hub.hears(hub.now, 0).await;
    // The hub was off for three days, and looks every ten minutes from then on.
    let back = hub.now + TimeDelta::days(3);
    let mut presence = Presence::default();
    let mut said = Vec::new();
    for step in 0..(25 * 6) {
        let at = back + TimeDelta::minutes(10 * step);
        let hearing = Hearing::Since(presence.look(at));
        let (notes, _) = hub.looks_as(at, hearing).await;
        said.extend(notes.into_iter().map(|note| (at - back, note)));
    }
    assert_eq!(said.len(), 1, "{said:?}");
    assert_eq!(said[0].0, TimeDelta::minutes(24 * 60 + 10), "{said:?}");
    assert!(said[0].1.contains("since 2026-03-02T08:00"), "{said:?}");
    assert_eq!(hub.incident().await.to, Code::VantageOffline);
}

#[test]
fn a_process_that_works_for_long_was_there_and_one_that_slept_was_not() {
    let start: Time = "2026-03-02T08:00:00Z".parse().unwrap();
    let at = |minutes| start + TimeDelta::minutes(minutes);
    let mut presence = Presence::default();
    assert_eq!(presence.look(at(0)), at(0));
    assert_eq!(presence.look(at(10)), at(0));
    presence.worked(at(90));
    assert_eq!(presence.look(at(91)), at(0));
    assert_eq!(presence.look(at(102)), at(102));
}

#[tokio::test]
async fn a_run_holds_an_agent_for_silent_only_if_another_was_heard_of() {
    let hub = HubEngine::new();
    hub.hears(hub.now, 0).await;
    let at = hub.now + TimeDelta::hours(30);
    let (notes, mails) = hub.looks_as(at, Hearing::ByOthers).await;
    assert_eq!((notes.len(), mails), (1, 0), "{notes:?}");
    assert!(
        notes[0].starts_with("no agent has reported since"),
        "{notes:?}"
    );
    let osaka = KnownAgent::new("osaka".into(), at);
    hub.engine.store.put_agent(osaka).await.unwrap();
    let (notes, mails) = hub.looks_as(at, Hearing::ByOthers).await;
    assert_eq!((notes.len(), mails), (1, 1), "{notes:?}");
    assert!(notes[0].starts_with("vantage seoul"), "{notes:?}");
}

#[tokio::test]
async fn a_run_believes_a_process_that_serves() {
    let hub = HubEngine::new();
    hub.hears(hub.now, 0).await;
    let store = &hub.engine.store;
    // It serves all the time, and the only agent is silent.
    let mut at = hub.now;
    while at < hub.now + TimeDelta::hours(25) {
        at += listening::NOTE_EVERY;
        listening::note(store, at).await.unwrap();
    }
    let later = at + TimeDelta::minutes(11);
    let hearing = listening::hearing(store, later).await.unwrap();
    assert!(
        matches!(hearing, Hearing::ByOthers),
        "it ended: {hearing:?}"
    );
    let (_, mails) = hub.looks_as(later, hearing).await;
    assert_eq!(mails, 0);
    let hearing = listening::hearing(store, at).await.unwrap();
    let (notes, mails) = hub.looks_as(at, hearing).await;
    assert_eq!((notes.len(), mails), (1, 1), "{notes:?}");
    assert!(notes[0].starts_with("vantage seoul"), "{notes:?}");
    // After a pause it knows nothing of the time before.
    listening::note(store, later).await.unwrap();
    let hearing = listening::hearing(store, later).await.unwrap();
    assert!(
        matches!(hearing, Hearing::Since(since) if since == later),
        "{hearing:?}"
    );
}

#[tokio::test]
async fn a_vantage_whose_agent_never_reported_is_not_missed() {
    let hub = HubEngine::new();
    let (notes, mails) = hub.looks(hub.now + TimeDelta::days(9)).await;
    assert_eq!((notes.len(), mails), (0, 0));
}

#[tokio::test]
async fn a_clock_that_differs_is_said_and_ends_when_it_is_set() {
    let hub = HubEngine::new();
    let at = |minutes| hub.now + TimeDelta::minutes(minutes);
    hub.hears(at(1), 600).await;
    assert_eq!(
        hub.looks(at(1)).await.0.len(),
        0,
        "ten minutes are within the limit"
    );
    hub.hears(at(2), -601).await;
    let (notes, _) = hub.looks(at(2)).await;
    assert!(notes[0].contains("-601 s ahead"), "{notes:?}");
    let incident = hub.incident().await;
    assert_eq!(incident.to, Code::VantageClock);
    hub.hears(at(3), 2).await;
    hub.looks(at(3)).await;
    assert!(!hub.incident().await.is_open());
}
