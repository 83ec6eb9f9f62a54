//! A workspace whose history is made pass by pass, by the engine's own pass, with the real judge,
//! tracker and store, and with records instead of a network. It is then derived again from what is
//! stored.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accesswatch::config::Workspace;
use accesswatch::engine::due::Job;
use accesswatch::engine::ports::{CodeOf, Measurer};
use accesswatch::engine::rejudge::{self, RejudgeScope};
use accesswatch::engine::{Engine, PassOptions, SilentObserver};
use accesswatch::judge::Judge;
use accesswatch::model::discriminator::Discriminator;
use accesswatch::model::event::{Event, PassOutcome};
use accesswatch::model::politeness::{BackOff, RobotsCopy};
use accesswatch::model::time::from_micros;
use accesswatch::model::tracker_state::TrackerState;
use accesswatch::model::vantage::Control;
use accesswatch::model::{
    Code, Incident, Measurement, Probe, ProbeKey, RoundId, Time, Vantage, VantageId,
};
use accesswatch::store::{IncidentFilter, RowFilter, Store, UptimeRow};
use chrono::TimeDelta;
use url::Url;

use super::records::{self, At, PAGES, PROBES, Page, VANTAGES};
use super::timeline::Timeline;
use super::workspace::TestWorkspace;

/// One round: its probe and vantage, and the pages that its attempts get; the last page repeats.
#[derive(Debug, Clone)]
pub struct ScriptedRound {
    pub probe: usize,
    pub vantage: usize,
    pub pages: Vec<usize>,
}

/// Whether the controls of a vantage answer before a pass, and when they are fetched again.
pub type ControlsAnswer = (bool, bool);

pub struct RecordedHistory {
    pub watch: TestWorkspace,
    pub workspace: Workspace,
    pub judge: Judge,
    pub store: Store,
    engine: Arc<Engine<Script, Store>>,
}

/// All that is derived from measurements.
#[derive(Debug, PartialEq)]
pub struct Derived {
    pub tracker: TrackerState,
    pub incidents: Vec<Incident>,
    pub events: Vec<Event>,
    /// The daily counts, including those by state.
    pub uptime: Vec<UptimeRow>,
    /// Phases as rows of the store's table.
    pub phases: Vec<String>,
}

impl RecordedHistory {
    pub fn new() -> Self {
        let watch = records::workspace();
        let mut workspace = accesswatch::config::load(watch.path()).unwrap();
        let confirm = &mut workspace.settings.confirm;
        confirm.after = [20, 60, 180].map(Duration::from_secs).to_vec();
        confirm.recover_after = [20, 60].map(Duration::from_secs).to_vec();
        let store = Store::open(&watch.file("data/accesswatch.db")).unwrap();
        let clock = Timeline::at(from_micros(0));
        let script = Script {
            clock: Arc::clone(&clock),
            scene: Mutex::default(),
        };
        let mut engine = Engine::with_ports(workspace.clone(), script, store.clone(), clock);
        engine.in_flight = 1;
        Self {
            judge: Judge::new(&workspace.catalogue, &workspace.signatures),
            watch,
            workspace,
            store,
            engine: Arc::new(engine),
        }
    }

    /// One pass that begins at `at`; an empty outcome when nothing is due.
    pub async fn pass(
        &mut self,
        at: Time,
        seen: &[ScriptedRound],
        works: &[ControlsAnswer],
    ) -> PassOutcome {
        *self.engine.measurer.scene.lock().unwrap() = Scene {
            begins: at,
            next: at + TimeDelta::seconds(30),
            latest: at + TimeDelta::seconds(30),
            seen: seen.to_vec(),
            works: works.to_vec(),
        };
        self.engine.measurer.clock.go_to(at);
        let pairs: BTreeSet<(ProbeKey, VantageId)> = seen
            .iter()
            .map(|s| (key(s), VANTAGES[s.vantage].into()))
            .collect();
        if pairs.is_empty() {
            return PassOutcome::default();
        }
        let job = |(probe, vantage)| Job {
            probe,
            vantage,
            since: None,
            slot: None,
            gaps: Vec::new(),
        };
        let options = PassOptions {
            alerts: true,
            group_wait: Duration::ZERO,
            observer: Arc::new(SilentObserver),
        };
        let jobs = pairs.into_iter().map(job).collect();
        let report = self.engine.run_pass(jobs, &options).await.unwrap();
        report.outcome
    }

    /// Everything derived that is in the store.
    pub fn stored(&self) -> Derived {
        stored(&self.store)
    }

    /// Runs `rejudge --apply`, and returns the changes that it reported.
    pub async fn rejudge(&self) -> Vec<String> {
        let scope = RejudgeScope::Since(Time::MIN_UTC);
        let reader = self.store.reader().unwrap();
        let plan = rejudge::plan(&self.workspace, &self.judge, &reader, &scope, None).unwrap();
        drop(reader);
        let from = plan.from.unwrap_or(from_micros(0));
        self.store
            .replace_derived(from, plan.derived, self.engine.clock.now())
            .await
            .unwrap();
        plan.changes
    }
}

/// All that is derived from measurements, as the store holds it.
pub fn stored(store: &Store) -> Derived {
    let reader = store.reader().unwrap();
    Derived {
        tracker: reader.tracker_state().unwrap(),
        incidents: reader.incidents(&IncidentFilter::default()).unwrap(),
        events: reader.events(Time::MIN_UTC, Time::MAX_UTC).unwrap(),
        uptime: reader.uptime(&RowFilter::default()).unwrap(),
        phases: phases(store.path()),
    }
}

fn phases(place: &std::path::Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(place).unwrap();
    let mut statement = connection
        .prepare(
            "SELECT incident || ' ' || vantage || ' ' || n || ' ' || code || ' ' || from_us || ' '
                || coalesce(to_us, '') || ' ' || checks || ' ' || checks_bad
             FROM incident_phases ORDER BY incident, vantage, n",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

fn key(seen: &ScriptedRound) -> ProbeKey {
    let (source, probe) = PROBES[seen.probe];
    ProbeKey::new(source, probe)
}

/// The pages of a pass, and how far the pass has come.
#[derive(Debug, Default)]
struct Scene {
    begins: Time,
    /// When the next round begins.
    next: Time,
    /// When the latest attempt began.
    latest: Time,
    seen: Vec<ScriptedRound>,
    works: Vec<ControlsAnswer>,
}

/// A network that follows a script.
struct Script {
    clock: Arc<Timeline>,
    scene: Mutex<Scene>,
}

impl Script {
    fn attempt(
        &self,
        probe: &Probe,
        vantage: &Vantage,
        round: &RoundId,
        number: u32,
    ) -> Measurement {
        let mut scene = self.scene.lock().unwrap();
        if number == 0 {
            self.clock.go_to(scene.next);
            scene.next += TimeDelta::seconds(2);
        }
        let at = self.clock.here();
        scene.latest = scene.latest.max(at);
        let is_it = |s: &&ScriptedRound| {
            key(s) == probe.key() && VANTAGES[s.vantage] == vantage.id.as_str()
        };
        let seen = scene.seen.iter().find(is_it).unwrap();
        let place = At {
            vantage: vantage.id.as_str(),
            pass: None,
            round: round.as_str(),
            attempt: number,
            started_us: at.timestamp_micros(),
        };
        records::attempt(PROBES[seen.probe], place, page(seen, number))
    }

    /// The first three tries belong to the check before the rounds, the others to the check after
    /// them.
    fn tried(&self, control: &Control, vantage: &Vantage, round: &RoundId, n: u32) -> Measurement {
        let scene = self.scene.lock().unwrap();
        let place = VANTAGES.iter().position(|v| *v == vantage.id.as_str());
        let works = scene.works[place.unwrap()];
        let (begins, nth, works) = if n < 3 {
            (scene.begins, n, works.0)
        } else {
            (scene.latest + TimeDelta::seconds(7), n - 3, works.1)
        };
        let beside = vantage.controls.iter().position(|c| c.url == control.url);
        let wait = 3000 * i64::from(nth) + 500 * i64::try_from(beside.unwrap()).unwrap();
        let at = begins + TimeDelta::milliseconds(wait);
        self.clock.go_to(at);
        let place = At {
            vantage: vantage.id.as_str(),
            pass: None,
            round: round.as_str(),
            attempt: n,
            started_us: at.timestamp_micros(),
        };
        records::control(control.url.as_str(), place, works)
    }
}

fn page(seen: &ScriptedRound, attempt: u32) -> Page {
    let attempt = usize::try_from(attempt).unwrap();
    let last = seen.pages.last().unwrap();
    PAGES[*seen.pages.get(attempt).unwrap_or(last)]
}

impl Measurer for Script {
    fn begin_round(&self, _host: &str, _vantage: &VantageId) -> Box<dyn Send + '_> {
        Box::new(())
    }

    async fn measure(
        &self,
        probe: &Probe,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> Measurement {
        self.attempt(probe, vantage, round, attempt)
    }

    async fn control(
        &self,
        control: &Control,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
        _in_spite: bool,
    ) -> Measurement {
        self.tried(control, vantage, round, attempt)
    }

    async fn path_control(&self, url: &Url, _vantage: &Vantage, _round: &RoundId) -> Measurement {
        panic!("{url}: this workspace has no path controls")
    }

    async fn discriminate(
        &self,
        _measurement: &Measurement,
        _probe: &Probe,
        _vantage: &Vantage,
        _code_of: &CodeOf<'_>,
    ) -> Vec<Discriminator> {
        Vec::new()
    }

    /// Every reference page is missing.
    async fn fetch(&self, url: &Url, vantage: &Vantage) -> Measurement {
        let place = At {
            vantage: vantage.id.as_str(),
            pass: None,
            round: "beside",
            attempt: 0,
            started_us: self.clock.here().timestamp_micros(),
        };
        records::beside(url.as_str(), place, Page::Missing)
    }

    fn is_left_alone(&self, _url: &Url, _vantage: &VantageId) -> bool {
        false
    }

    fn back_off(&self, _: &VantageId, _host: &str, _code: Code, _now: Time, _is_baseline: bool) {}

    fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        (Vec::new(), Vec::new())
    }
}
