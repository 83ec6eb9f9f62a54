//! An agent that is not heard of, and one whose clock differs: an incident of the vantage, mailed
//! once, and nothing against a source.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::engine::Engine;
use accesswatch::model::agent::KnownAgent;
use accesswatch::model::clock::Clock;
use accesswatch::model::{Code, IncidentKind, Time};
use accesswatch::store::{IncidentFilter, Store};
use chrono::TimeDelta;

use crate::harness::{hub_workspace, site};
use crate::workspace::TestWorkspace;

/// A clock that a test sets.
#[derive(Debug)]
struct SetClock(Mutex<Time>);

impl Clock for SetClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

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
        let notes = self.engine.check_agents(at).await.unwrap();
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
