//! `run`: one pass over what is due.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;

use crate::cli::args::RunArgs;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::progress::Watch;
use crate::cli::words;
use crate::config::Workspace;
use crate::engine::due::{self, Job};
use crate::engine::{Engine, PassOptions, PassReport, Selection, SystemClock, Timetable};
use crate::model::time::iso;
use crate::model::{Code, Time};
use crate::store::LockOn;
use crate::text::clean;

/// A run that begins this much after the schedule asked says so.
const LATE: TimeDelta = TimeDelta::hours(1);

/// Measures what is due, records, mails, and tells.
pub fn run(context: &Context, args: &RunArgs) -> Result<Done, CliError> {
    let (workspace, store) = context.open()?;
    let _lock = Context::lock_now(&workspace, LockOn::Pass, "run")?;
    let selection = Selection {
        all: args.all,
        source: args.source.as_deref().map(Into::into),
        vantage: args.vantage.as_deref().map(Into::into),
    };
    let watch = Arc::new(Watch::new(args.jsonl.as_deref())?);
    let observer: Arc<Watch> = Arc::clone(&watch);
    runtime()?.block_on(async {
        let engine = Arc::new(Engine::new(workspace, store, Arc::new(SystemClock)).await?);
        let now = chrono::Utc::now();
        let last = engine.store.last_checked().await?;
        let timetable = Timetable::new(&engine.workspace, std::time::Duration::ZERO);
        let jobs = due::due(&engine.workspace, &timetable, &last, &selection, now)?;
        if jobs.is_empty() {
            tell_nothing_due(&timetable, now);
            return finish(&engine, None, args).await;
        }
        tell_late(&jobs, now);
        let options = PassOptions {
            alerts: !args.no_alerts,
            group_wait: std::time::Duration::ZERO,
            observer,
        };
        let done = engine.pass(jobs, &options).await;
        engine.heartbeat(done.is_ok()).await;
        watch.finish()?;
        let report = done?;
        tell(&engine.workspace, &report);
        finish(&engine, Some(&report), args).await
    })
}

async fn finish(
    engine: &Engine,
    report: Option<&PassReport>,
    args: &RunArgs,
) -> Result<Done, CliError> {
    let now = chrono::Utc::now();
    if !args.no_alerts {
        send(engine, now).await?;
    }
    engine.expire(now).await?;
    words::remind(&engine.workspace, engine.store.queue().await?.len());
    let offline = report
        .is_some_and(|r| !r.pass.vantages.is_empty() && r.pass.vantages.iter().all(|v| !v.usable));
    if offline {
        return Ok(Done::Partly);
    }
    let book = engine.store.book().await?;
    let regression = book.incidents.values().any(crate::model::Incident::is_open);
    Ok(if args.exit_code && regression {
        Done::Regression
    } else {
        Done::Ok
    })
}

/// Composes digests and reminders that are due, and sends what waits.
async fn send(engine: &Engine, now: Time) -> Result<(), CliError> {
    engine.compose_due(now).await?;
    let drained = engine.drain(now).await?;
    for failed in &drained.failed {
        eprintln!(
            "mail to {}: {}; it is tried again at {}",
            clean::line(&failed.recipient, 100),
            clean::line(&failed.error, 300),
            iso(failed.next_attempt)
        );
    }
    if let Some(stopped) = &drained.stopped {
        eprintln!("mail: {}", clean::line(stopped, 300));
    }
    Ok(())
}

fn tell_nothing_due(timetable: &Timetable, now: Time) {
    let zone = timetable.zone();
    match timetable.next_start(now) {
        Some(next) => eprintln!(
            "nothing is due; next at {} ({}). `run --all` measures now",
            iso(next),
            next.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z")
        ),
        None => eprintln!("nothing is watched: no probe is switched on"),
    }
}

fn tell_late(jobs: &[Job], now: Time) {
    let late: Vec<TimeDelta> = jobs
        .iter()
        .filter_map(|j| j.since.map(|since| now - since))
        .filter(|late| *late > LATE)
        .collect();
    if let Some(most) = late.iter().max() {
        eprintln!(
            "late: {} rounds were due up to {} h {} min ago",
            late.len(),
            most.num_hours(),
            most.num_minutes() % 60
        );
    }
}

fn tell(workspace: &Workspace, report: &PassReport) {
    for vantage in &report.pass.vantages {
        let passed = vantage.controls.iter().filter(|c| c.passed).count();
        if vantage.usable {
            eprintln!(
                "vantage {}: {passed} of {} controls passed",
                vantage.vantage,
                vantage.controls.len()
            );
        } else {
            eprintln!(
                "vantage {} does not work: {} Nothing was recorded against any source.",
                vantage.vantage, vantage.text
            );
            for control in &vantage.controls {
                let why = control.failure.as_ref().map_or("", |f| f.as_str());
                eprintln!(
                    "  {} {}",
                    clean::line(&control.url, 120),
                    clean::line(why, 120)
                );
            }
        }
    }
    if report.pass.vantages.iter().all(|v| !v.usable) {
        eprintln!(
            "This computer seems to be offline. `accesswatch demo` shows everything without a network."
        );
        return;
    }
    tell_rounds(report);
    for event in &report.outcome.events {
        eprintln!("  {}", clean::line(&event.text, 300));
    }
    let _ = workspace;
}

fn tell_rounds(report: &PassReport) {
    let mut codes: BTreeMap<Code, usize> = BTreeMap::new();
    for round in &report.pass.rounds {
        if let Some(last) = round.attempts.last() {
            *codes.entry(last.verdict.code).or_default() += 1;
        }
    }
    let list: Vec<String> = codes
        .iter()
        .map(|(code, n)| format!("{n} {code}"))
        .collect();
    eprintln!("{} rounds: {}", report.pass.rounds.len(), list.join(", "));
}
