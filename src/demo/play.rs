//! Plays the story through the real engine: real configuration, real sockets, a real store.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::TimeDelta;

use crate::config;
use crate::engine::due::{self, Selection};
use crate::engine::{Engine, EngineError, Observer, PassOptions};
use crate::model::clock::Clock;
use crate::store::{IncidentFilter, Store, StoreError};

use super::clock::FastClock;
use super::compare::{self, Row};
use super::sites::Sites;
use super::story;
use super::workspace;

/// Why the demo could not be played.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{} holds files already; name an empty or new folder: accesswatch demo DIR", .0.display())]
    NotEmpty(PathBuf),
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "the demo listens on 127.0.0.2 and the like, which this computer refuses ({0}); on Linux they work as they are"
    )]
    Loopback(std::io::Error),
    #[error("the throw-away authority could not be made: {0}")]
    Authority(#[from] rcgen::Error),
    #[error("the stand-in sites' TLS could not be set up: {0}")]
    Tls(#[from] tokio_rustls::rustls::Error),
    #[error(transparent)]
    Config(#[from] config::Faults),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// What was played and what was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoReport {
    pub dir: PathBuf,
    pub rows: Vec<Row>,
    pub passes: usize,
    pub rounds: usize,
    pub mails: usize,
}

impl DemoReport {
    /// Everything that was played was seen, and nothing else.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.rows.iter().all(|row| row.agrees)
    }
}

/// Plays the whole story into a workspace at `dir`.
pub async fn play(dir: &Path, observer: Arc<dyn Observer>) -> Result<DemoReport, DemoError> {
    let clock = Arc::new(FastClock::new(story::beginning()));
    let mut sites = Sites::start(Arc::clone(&clock)).await?;
    workspace::write(dir, &sites)?;
    let loaded = config::load(dir)?;
    let store = Store::open(&loaded.settings.store.path)?;
    let as_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
    let engine = Arc::new(Engine::new(loaded, store.clone(), as_clock).await?);
    let mut report = DemoReport {
        dir: dir.to_owned(),
        rows: Vec::new(),
        passes: 0,
        rounds: 0,
        mails: 0,
    };
    let options = PassOptions {
        alerts: true,
        group_wait: std::time::Duration::ZERO,
        observer,
    };
    let mut hour = 0;
    while hour < story::HOURS {
        clock.forward_to(story::beginning() + TimeDelta::hours(hour));
        sites.follow_story().await?;
        one_pass(&engine, &clock, &options, &mut report).await?;
        hour += story::EVERY;
    }
    let incidents = store
        .with_reader(|r| r.incidents(&IncidentFilter::default()))
        .await?;
    report.rows = compare::compare(&incidents);
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
    let jobs = due::due(
        &engine.workspace,
        &last,
        &Selection::default(),
        std::time::Duration::ZERO,
        clock.now(),
    )?;
    if !jobs.is_empty() {
        let done = engine.pass(jobs, options).await?;
        report.passes += 1;
        report.rounds += done.pass.rounds.len();
        report.mails += done.mails;
    }
    report.mails += engine.compose_due(clock.now()).await?;
    engine.drain(clock.now()).await?;
    Ok(())
}
