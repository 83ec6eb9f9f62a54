//! The engine in a workspace, with a clock that does not wait.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::engine::due::{self, Job};
use accesswatch::engine::{
    Engine, PassOptions, PassReport, ScheduleIndex, Selection, SilentObserver,
};
use accesswatch::model::Time;
use accesswatch::model::clock::Clock;
use accesswatch::store::Store;

use super::workspace::TestWorkspace;

/// The machine's clock; waiting takes no time.
#[derive(Debug)]
struct Hasty;

impl Clock for Hasty {
    fn now(&self) -> Time {
        chrono::Utc::now()
    }

    fn sleep(
        &self,
        _duration: Duration,
    ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::task::yield_now())
    }
}

/// The machine's clock, which never waits.
pub fn hasty() -> Arc<dyn Clock> {
    Arc::new(Hasty)
}

/// A clock that shows what it is set to; waiting takes no time.
#[derive(Debug)]
pub struct SetClock(Mutex<Time>);

impl SetClock {
    /// Shows this time, given as RFC 3339.
    pub fn at(shown: &str) -> Arc<Self> {
        Arc::new(Self(Mutex::new(shown.parse().unwrap())))
    }

    /// From now on the clock shows this time.
    pub fn set(&self, shown: &str) {
        *self.0.lock().unwrap() = shown.parse().unwrap();
    }
}

impl Clock for SetClock {
    fn now(&self) -> Time {
        *self.0.lock().unwrap()
    }

    fn sleep(
        &self,
        _duration: Duration,
    ) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::task::yield_now())
    }
}

/// The engine over a workspace.
pub async fn engine(watch: &TestWorkspace) -> Arc<Engine> {
    engine_with(watch, Arc::new(Hasty)).await
}

/// A round outside every schedule.
pub fn job(key: &str) -> Job {
    Job {
        probe: key.parse().unwrap(),
        vantage: "here".into(),
        since: None,
        slot: None,
        gaps: Vec::new(),
    }
}

/// The engine over a workspace, with this clock.
pub async fn engine_with(watch: &TestWorkspace, clock: Arc<dyn Clock>) -> Arc<Engine> {
    let workspace = accesswatch::config::load(watch.path()).unwrap();
    let store = Store::open(&watch.file("data/accesswatch.db")).unwrap();
    Arc::new(Engine::new(workspace, store, clock).await.unwrap())
}

/// What is due.
pub async fn jobs(engine: &Engine) -> Vec<Job> {
    let last = engine.store.last_checked().await.unwrap();
    let schedule_index = ScheduleIndex::new(&engine.workspace, Duration::ZERO);
    let (all, now) = (Selection::default(), chrono::Utc::now());
    due::due(&engine.workspace, &schedule_index, &last, &all, now).unwrap()
}

/// One pass over these rounds.
pub async fn make(engine: &Arc<Engine>, jobs: Vec<Job>) -> PassReport {
    let options = PassOptions {
        alerts: true,
        group_wait: Duration::ZERO,
        observer: Arc::new(SilentObserver),
    };
    engine.pass(jobs, &options).await.unwrap()
}

/// One pass over everything, due or not.
pub async fn everything(engine: &Arc<Engine>) -> PassReport {
    let all = Selection {
        all: true,
        ..Selection::default()
    };
    let last = engine.store.last_checked().await.unwrap();
    let schedule_index = ScheduleIndex::new(&engine.workspace, Duration::ZERO);
    let now = chrono::Utc::now();
    make(
        engine,
        due::due(&engine.workspace, &schedule_index, &last, &all, now).unwrap(),
    )
    .await
}
