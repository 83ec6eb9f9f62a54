//! Runs the story through the real engine: real configuration, real sockets, a real store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config;
use crate::engine::due::{self, Selection};
use crate::engine::{Engine, EngineError, Observer, PassOptions, ScheduleIndex};
use crate::model::clock::Clock;
use crate::model::demonstration::DemonstrationSpan;
use crate::store::{IncidentFilter, Store};

use super::clock::FastClock;
use super::compare::{self, ComparisonRow};
use super::elsewhere::Elsewhere;
use super::error::DemoError;
use super::links::{self, LinkComparison};
use super::sites::Sites;
use super::story::{self, Story};
use super::workspace;

/// The scenes and the results.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoReport {
    pub dir: PathBuf,
    pub rows: Vec<ComparisonRow>,
    /// The links of the report that the demo cites from.
    pub links: Vec<LinkComparison>,
    pub passes: usize,
    pub rounds: usize,
    pub mails: usize,
}

impl DemoReport {
    /// Whether every scene was reported, and nothing else.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.rows.iter().all(|row| row.agrees) && self.links.iter().all(|link| link.agrees)
    }
}

/// Runs the whole story in a workspace at `dir`.
pub async fn play(
    dir: &Path,
    observer: Arc<dyn Observer>,
    elsewhere: &mut impl Elsewhere,
) -> Result<DemoReport, DemoError> {
    let plot = Story::of_march();
    let clock = Arc::new(FastClock::new(plot.at(0)));
    let mut sites = Sites::start(Arc::clone(&clock), plot)?;
    workspace::write(dir, &sites)?;
    let loaded = config::load(dir)?;
    let store = Store::open(&loaded.settings.store.path)?;
    let as_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let engine = Arc::new(Engine::new(loaded, store.clone(), as_clock).await?);
    let mut report = DemoReport {
        dir: dir.to_owned(),
        rows: Vec::new(),
        links: Vec::new(),
        passes: 0,
        rounds: 0,
        mails: 0,
    };
    let options = PassOptions {
        alerts: true,
        group_wait: std::time::Duration::ZERO,
        observer,
    };
    links::import(&engine.workspace, &store, clock.now()).await?;
    elsewhere
        .begin(&engine.workspace, Arc::clone(&clock))
        .await?;
    let mut watcher = links::watcher(&engine).await?;
    let mut hour = 0;
    while hour < story::HOURS {
        clock.forward_to(plot.at(hour));
        sites.follow_story().await?;
        one_pass(&engine, &clock, &options, &mut report).await?;
        report.rounds += elsewhere.pass().await?;
        links::check(&mut watcher).await?;
        engine.compose_due(clock.now()).await?;
        report.mails += engine.drain(clock.now()).await?.sent.len();
        hour += story::EVERY;
    }
    let span = DemonstrationSpan {
        from: plot.at(0),
        until: clock.now(),
    };
    let mark = span.to_text();
    let marked = store.set_meta(DemonstrationSpan::KEY, &mark).await;
    marked.map_err(EngineError::from)?;
    let incidents = store
        .with_reader(|r| r.incidents(&IncidentFilter::default()))
        .await?;
    report.rows = compare::compare(&incidents, plot);
    report.links = links::compare(&store).await?;
    Ok(report)
}

async fn one_pass(
    engine: &Arc<Engine>,
    clock: &FastClock,
    options: &PassOptions,
    report: &mut DemoReport,
) -> Result<(), DemoError> {
    let last = engine
        .store
        .last_checked()
        .await
        .map_err(EngineError::from)?;
    let timetable = ScheduleIndex::new(&engine.workspace, std::time::Duration::ZERO);
    let jobs = due::due(
        &engine.workspace,
        &timetable,
        &last,
        &Selection::default(),
        clock.now(),
    )?;
    if !jobs.is_empty() {
        let done = engine.pass(jobs, options).await?;
        report.passes += 1;
        report.rounds += done.pass.rounds.len();
    }
    Ok(())
}
