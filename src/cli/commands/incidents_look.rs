//! `incidents look`: the probe of an incident is measured again now, and what is found is printed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::Instant;

use super::mail;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::messages::{self, count};
use crate::cli::out;
use crate::config::{SecretNeeds, Workspace};
use crate::engine::edits::EditFailure;
use crate::engine::{Engine, PassOptions, Selection, SilentObserver, SystemClock, look};
use crate::i18n::verdict;
use crate::model::asked_round::{ASKED_ONCE, AskedRound};
use crate::model::settings::Language;
use crate::model::time::CLOCK_TOLERANCE;
use crate::model::time::iso;
use crate::model::{Time, VantageId};
use crate::store::{Lock, LockError, LockScope, Store};
use crate::text::clean;

/// How often it is looked whether a round was made.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A daemon here makes its rounds within this time, whatever the wait for vantages elsewhere.
const OWN_ROUNDS: Duration = Duration::from_secs(600);

/// Asks for the rounds, makes those of this computer unless a daemon does, and waits for the
/// others.
pub fn run(context: &Context, id: i64, by: &str, wait: Duration) -> Result<Done, CliError> {
    let has_daemon = has_daemon(&context.workspace()?)?;
    let (workspace, store) = if has_daemon {
        context.open()?
    } else {
        let needs = SecretNeeds::none().and_vantages(None).and_mail();
        context.open_for_passes(&needs, false)?
    };
    runtime()?.block_on(async {
        let asked = look::ask(&workspace, &store, id, by, chrono::Utc::now()).await;
        let asked = asked.map_err(failed)?;
        let has_own = asked
            .iter()
            .any(|round| look::is_measured_here(&workspace, &round.vantage));
        if has_own && !has_daemon {
            measure(&workspace, &store, &asked).await?;
        }
        let missing = wait_for(&workspace, &store, &asked, has_daemon, wait).await?;
        report(&workspace, &store, id, &asked, &missing).await
    })
}

fn failed(failure: EditFailure) -> CliError {
    match failure {
        EditFailure::Edit(error) => error.into(),
        EditFailure::Store(error) => error.into(),
        EditFailure::Lock(error) => error.into(),
        EditFailure::Engine(error) => error.into(),
    }
}

/// Whether a daemon makes the rounds of this workspace.
fn has_daemon(workspace: &Workspace) -> Result<bool, CliError> {
    let store = &workspace.settings.store.path;
    let now = chrono::Utc::now();
    match Lock::acquire(LockScope::Daemon, store, "incidents look", now) {
        Ok(_free) => Ok(false),
        Err(LockError::Held { .. } | LockError::Daemon { .. }) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Makes the rounds of this computer: one pass, with its mails.
async fn measure(
    workspace: &Workspace,
    store: &Store,
    asked: &[AskedRound],
) -> Result<(), CliError> {
    let _lock = Context::lock_now(workspace, LockScope::Pass, "incidents look")?;
    let clock = Arc::new(SystemClock);
    let engine = Arc::new(Engine::new(workspace.clone(), store.clone(), clock).await?);
    engine.check_clock(engine.clock.now()).await?;
    engine.catch_up().await?;
    let mut jobs = Vec::new();
    look::add_asked(&mut jobs, workspace, asked, &Selection::default());
    let options = PassOptions {
        alerts: true,
        group_wait: Duration::ZERO,
        observer: Arc::new(SilentObserver),
    };
    let report = engine.pass(jobs, &options).await?;
    for vantage in report.pass.vantages.iter().filter(|v| !v.usable) {
        say!(
            "vantage {} does not work: {} Nothing was recorded against any source.",
            vantage.vantage,
            vantage.text
        );
    }
    messages::evidence(&report.evidence_notes);
    let drained = engine.drain(engine.clock.now()).await?;
    for failed in &drained.failed {
        say!("{}", mail::failure(failed));
    }
    Ok(())
}

/// Waits until the rounds were made, or the time is over; returns the vantages without one.
async fn wait_for(
    workspace: &Workspace,
    store: &Store,
    asked: &[AskedRound],
    has_daemon: bool,
    wait: Duration,
) -> Result<BTreeSet<VantageId>, CliError> {
    let begun = Instant::now();
    let mut is_said = false;
    loop {
        let now = chrono::Utc::now();
        let waiting = store.with_reader(move |r| r.waiting_rounds(now)).await?;
        let waits = |round: &&AskedRound| {
            let is_it = |w: &AskedRound| w.probe == round.probe && w.vantage == round.vantage;
            waiting.iter().any(is_it)
        };
        let missing: Vec<&AskedRound> = asked.iter().filter(waits).collect();
        let is_worth = |round: &&AskedRound| {
            let is_own = look::is_measured_here(workspace, &round.vantage);
            let longest = if is_own { OWN_ROUNDS } else { wait };
            (!is_own || has_daemon) && begun.elapsed() < longest
        };
        if !missing.iter().any(is_worth) {
            return Ok(missing.iter().map(|round| round.vantage.clone()).collect());
        }
        if !std::mem::replace(&mut is_said, true) {
            say!("waiting for {}", count(missing.len() as u64, "vantage"));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Prints what each vantage sees now, and what became of the incident.
async fn report(
    workspace: &Workspace,
    store: &Store,
    id: i64,
    asked: &[AskedRound],
    missing: &BTreeSet<VantageId>,
) -> Result<Done, CliError> {
    let tracker = store.tracker_state().await?;
    let agents = store.with_reader(crate::store::Reader::agents).await?;
    for round in asked {
        let status = tracker
            .statuses
            .get(&(round.probe.clone(), round.vantage.clone()));
        let probe = workspace.catalogue.probe(&round.probe);
        let heard = agents.iter().find(|agent| agent.vantage == round.vantage);
        // The clock of an agent may differ; who asks twice within a minute asked once.
        let slack = ASKED_ONCE + heard.map_or(TimeDelta::zero(), |_| CLOCK_TOLERANCE);
        let text = match status.filter(|s| s.last_checked >= round.asked - slack) {
            _ if missing.contains(&round.vantage) => not_yet(heard.map(|agent| agent.heard)),
            Some(status) => {
                let code = status.observed.code;
                let seen = probe.map_or_else(
                    || verdict::short(Language::En, code),
                    |probe| messages::short(probe, code),
                );
                format!("{seen} ({code}), {}", iso(status.last_checked))
            }
            None => "not asked: the host is left alone for now".to_owned(),
        };
        let name = clean::line(round.vantage.as_str(), 40);
        out::put(&format!("{}  {name}: {text}\n", round.probe))?;
    }
    match tracker.incidents.get(&id) {
        Some(incident) if incident.is_open() => say!("incident #{id} is still open"),
        _ => say!("incident #{id} has ended"),
    }
    Ok(if missing.is_empty() {
        Done::Ok
    } else {
        Done::Partly
    })
}

/// Why nothing has come from a vantage.
fn not_yet(heard: Option<Time>) -> String {
    let heard = heard.map(|at| format!("; its agent reported last at {}", iso(at)));
    format!(
        "nothing has come yet{}; the request waits for 6 hours",
        heard.unwrap_or_default()
    )
}
