//! Runs the histories through accesswatch's own pass ([`Engine::run_pass`]), over a simulated
//! network.

use std::sync::Arc;
use std::time::Duration;

use accesswatch::config::Workspace;
use accesswatch::engine::due::Job;
use accesswatch::engine::{Engine, EngineError, PassOptions, SilentObserver};
use accesswatch::model::incident::{BrowserResult, HumanCheck, MailState};
use accesswatch::schedule::calendar::Calendars;
use accesswatch::track;

use super::answers::signatures;
pub use super::memory::Lived;
use super::memory::MemoryStore;
use super::network::Network;
use super::timeline::Timeline;
use super::world::{VANTAGES, World, key, moment};

/// Runs all passes of a world.
///
/// # Errors
/// A pass that could not be made.
pub fn live(world: &Arc<World>) -> Result<Lived, EngineError> {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }
        .build()
        .map_err(|e| EngineError::Task(e.to_string()))?;
    let clock = Timeline::at(moment(0));
    let network = Network::new(Arc::clone(world), Arc::clone(&clock));
    let store = MemoryStore::default();
    let mut engine = Engine::with_ports(workspace(world), network, store, clock);
    // One after another, because each round has its own times.
    engine.in_flight = 1;
    let engine = Arc::new(engine);
    runtime.block_on(async {
        for start in world.passes() {
            engine.measurer.begin(start);
            let end = engine.run_pass(jobs(world), &options()).await?.pass.at;
            look(world, &engine.store, end + chrono::TimeDelta::hours(1));
        }
        Ok::<(), EngineError>(())
    })?;
    let lived = std::mem::take(&mut *engine.store.lived());
    Ok(lived)
}

fn workspace(world: &World) -> Workspace {
    Workspace {
        dir: std::path::PathBuf::new(),
        settings: world.settings.clone(),
        catalogue: world.catalogue.clone(),
        signatures: signatures(),
        signature_files: Vec::new(),
        calendars: Calendars::default(),
        warnings: Vec::new(),
    }
}

fn options() -> PassOptions {
    PassOptions {
        alerts: true,
        group_wait: Duration::ZERO,
        observer: Arc::new(SilentObserver),
    }
}

/// Every source from every vantage.
fn jobs(world: &World) -> Vec<Job> {
    let from = |source| VANTAGES.map(move |(vantage, _)| (key(source), vantage));
    let pairs = (0..world.size.sources).flat_map(from);
    pairs
        .map(|(probe, vantage)| Job {
            probe,
            vantage: vantage.into(),
            since: None,
            slot: None,
            gaps: Vec::new(),
        })
        .collect()
}

/// An hour after the mail, a person in the mainland looks at the page, when the event has such a
/// person.
fn look(world: &World, store: &MemoryStore, at: accesswatch::model::Time) {
    let second = super::world::second(at);
    let mut tracker = store.book();
    let events = world.events.iter().flatten();
    for event in events.filter(|e| e.kind.looked_at && e.from <= second && second < e.to) {
        let open = tracker.open_incident_of(&key(event.source));
        let asked = open.filter(|i| i.mail == MailState::Mailed && i.human_checks.is_empty());
        let Some(id) = asked.map(|i| i.id) else {
            continue;
        };
        let check = HumanCheck {
            at,
            browser: BrowserResult::Refused,
            network: "a colleague's office, CN".to_owned(),
            saw: None,
            by: None,
        };
        let (catalogue, settings) = (&world.catalogue, &world.settings);
        if let Ok(outcome) = track::observe(&mut tracker, id, check, catalogue, settings) {
            store.lived().note(&outcome);
        }
    }
}
