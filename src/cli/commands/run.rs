//! `run`: one pass over what is due.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::TimeDelta;

use super::{links_copies, links_kept, mail};
use crate::cli::args::RunArgs;
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::files;
use crate::cli::long;
use crate::cli::messages::{self, count};
use crate::cli::progress::ProgressView;
use crate::cli::silent;
use crate::cli::suppression;
use crate::config::{SecretNeeds, Workspace};
use crate::engine::agents::listening;
use crate::engine::due::{self, Job};
use crate::engine::look;
use crate::engine::{
    Engine, IMPORT_PART, PassOptions, PassReport, ScheduleIndex, Selection, SystemClock,
};
use crate::i18n::verdict::sentence;
use crate::model::event::{Event, EventKind};
use crate::model::round::VantageRound;
use crate::model::rule::Saying;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::model::{Code, Time};
use crate::store::{LockScope, Reader};
use crate::text::clean;

/// A run that begins this long after the scheduled time says so.
const LATE: TimeDelta = TimeDelta::hours(1);

/// Measures what is due, stores it, sends mails, and reports.
pub fn run(context: &Context, args: &RunArgs) -> Result<Done, CliError> {
    let (workspace, store) = context.open_for_passes(&needs(args), args.begin_anew)?;
    let _lock = Context::lock_now(&workspace, LockScope::Pass, "run")?;
    let selection = Selection {
        all: args.all,
        source: args.source.as_deref().map(Into::into),
        vantage: args.vantage.as_deref().map(Into::into),
    };
    due::check_selection(&workspace, &selection)?;
    let watch = Arc::new(ProgressView::new(args.jsonl.as_deref())?);
    let letters = messages::letters(&workspace);
    runtime()?.block_on(async {
        let engine = Arc::new(Engine::new(workspace, store, Arc::new(SystemClock)).await?);
        let now = engine.clock.now();
        believe_clock(&engine, args, now).await?;
        engine.catch_up().await?;
        let schedule_index = ScheduleIndex::new(&engine.workspace, std::time::Duration::ZERO);
        let (jobs, hold) = what_is_due(&engine, &schedule_index, &selection, now).await?;
        if jobs.is_empty() {
            engine.note_idle(now).await?;
            print_nothing_due(&schedule_index, hold, now);
            return finish(&engine, false, args, letters).await;
        }
        tell_late(&jobs, now);
        let done = pass(&engine, jobs, &watch, args, letters).await;
        heartbeat(&engine, done.is_ok()).await;
        done
    })
}

/// The rounds that are due, and when the next hold ends.
async fn what_is_due(
    engine: &Engine,
    schedule_index: &ScheduleIndex,
    selection: &Selection,
    now: Time,
) -> Result<(Vec<Job>, Option<Time>), CliError> {
    let last = engine.store.last_checked().await?;
    let tracker = engine.store.tracker_state().await?;
    let workspace = &engine.workspace;
    let mut jobs = due::due(workspace, schedule_index, &last, selection, now)?;
    due::add_held(&mut jobs, workspace, &tracker, &last, selection, now);
    let asked = engine
        .store
        .with_reader(move |r| r.waiting_rounds(now))
        .await?;
    look::add_asked(&mut jobs, workspace, &asked, selection);
    Ok((jobs, due::next_hold(&tracker, now)))
}

async fn pass(
    engine: &Arc<Engine>,
    jobs: Vec<Job>,
    watch: &Arc<ProgressView>,
    args: &RunArgs,
    letters: usize,
) -> Result<Done, CliError> {
    let observer: Arc<ProgressView> = Arc::clone(watch);
    let options = PassOptions {
        alerts: !args.no_alerts,
        group_wait: std::time::Duration::ZERO,
        observer,
    };
    let done = engine.pass(jobs, &options).await;
    let written = watch.finish();
    let report = done?;
    tell(&report);
    tell_not_evaluated(&report);
    messages::evidence(&report.evidence_notes);
    if let Some(fault) = &report.chain_fault {
        say!("the day chain: {}", clean::line(fault, 300));
    }
    let unread = tell_files(engine, &report);
    for sentence in long::answers(&engine.workspace, &engine.store.reader()?)?.unjudged {
        say!("  {sentence}: {}", long::HELP);
    }
    let silent_vantage = unread || report.pass.vantages.iter().any(|v| !v.usable);
    drop(report);
    // A `--jsonl` file that fails half way must not hold back the mails.
    let ended = finish(engine, silent_vantage, args, letters).await?;
    written?;
    Ok(ended)
}

/// Reports to the dead man's switch, and prints an error when the switch is not reached.
async fn heartbeat(engine: &Engine, well: bool) {
    if let Some(fault) = engine.heartbeat(well).await {
        say!("{fault}");
    }
}

/// A time that cannot follow the last pass ends the run, unless `--accept-clock` says that it is
/// right. The failure is reported to the dead man's switch.
async fn believe_clock(engine: &Engine, args: &RunArgs, now: Time) -> Result<(), CliError> {
    if args.accept_clock {
        return Ok(engine.accept_clock(now).await?);
    }
    let checked = engine.check_clock(now).await;
    if checked.is_err() {
        heartbeat(engine, false).await;
    }
    checked.map_err(|error| CliError::Work(format!("nothing was done: {error}")))
}

/// A run without mails needs no mail server, and a run from a single vantage needs only the proxy
/// of that vantage.
fn needs(args: &RunArgs) -> SecretNeeds {
    let needs = SecretNeeds::none().and_vantages(args.vantage.as_deref());
    if args.no_alerts {
        needs
    } else {
        needs.and_mail()
    }
}

/// Imports the documents of `[links] documents` again, after the mails: pages take their time.
async fn import_documents(engine: &Engine) -> Result<(), CliError> {
    let until = engine.clock.now() + IMPORT_PART;
    let report = engine.import_documents(until).await?.unwrap_or_default();
    for failed in &report.unreadable {
        say!("[links] documents: {}: {}", failed.file, failed.reason);
    }
    if report.waiting > 0 {
        let waiting = count(report.waiting as u64, "page");
        say!("[links] documents: {waiting} not fetched yet; the next runs go on");
    }
    Ok(())
}

/// Sends what waits, deletes what is too old, and returns how the run ended. `silent_vantage`: a
/// vantage did not work, or a watched file did not exist.
async fn finish(
    engine: &Engine,
    silent_vantage: bool,
    args: &RunArgs,
    letters: usize,
) -> Result<Done, CliError> {
    let unchecked = if args.source.is_some() {
        false
    } else {
        links_kept::check_all_due(engine, args.vantage.as_deref()).await?
    };
    let now = chrono::Utc::now();
    let disk = engine.report_disk(now).await?;
    let hearing = listening::hearing(&engine.store, now).await?;
    for note in engine.check_agents(now, hearing).await? {
        say!("{}", clean::line(&note, 300));
    }
    let all_sent = args.no_alerts || send(engine, now).await?;
    import_documents(engine).await?;
    engine.expire(now).await?;
    if let Some(fault) = engine.stamp_days().await {
        say!("the day chain has no time stamp: {fault}");
    }
    links_copies::keep_up(engine).await?;
    let tracker = engine.store.tracker_state().await?;
    tell_quiet(engine, &tracker, now);
    tell_unheard(&engine.workspace, &tracker);
    if let Some(fault) = disk {
        say!("{fault}");
    }
    let stuck = engine.store.with_reader(Reader::mail_stuck_since).await?;
    if let Some(fault) = stuck.and_then(|since| messages::no_mail_accepted(since, now)) {
        say!("{fault}; `accesswatch mail queue` says why");
    }
    let given_up = move |reader: &Reader| messages::given_up(reader, now);
    if let Some(fault) = engine.store.with_reader(given_up).await? {
        say!("{fault}; `accesswatch mail queue` lists them");
    }
    let unsent = engine.store.unsent_mails().await?;
    messages::remind(&engine.workspace, unsent, letters);
    // The run is incomplete when a vantage did not work, a file could not be read, or a mail was
    // not sent.
    if !all_sent || silent_vantage || unchecked {
        return Ok(Done::Partly);
    }
    let regression = tracker
        .incidents
        .values()
        .any(crate::model::Incident::is_open);
    Ok(if args.exit_code && regression {
        Done::Regression
    } else {
        Done::Ok
    })
}

/// Probes whose own selectors or paths take too long. Nothing is known about their sources, and no
/// other output says so.
fn tell_not_evaluated(report: &PassReport) {
    for round in &report.pass.rounds {
        let last = round.attempts.last().map(|attempt| &attempt.observed);
        if let Some(verdict) = last.filter(|v| v.saying == Saying::NotEvaluated) {
            let text = sentence(Language::En, verdict.saying, verdict.code);
            say!("{} from {}: {text}", round.probe, round.vantage);
        }
    }
}

/// The open incidents without a mail, and why.
fn tell_quiet(engine: &Engine, tracker: &TrackerState, now: Time) {
    for (incident, quiet) in suppression::of_incidents(tracker, &engine.workspace, now) {
        let name = incident.probe.as_ref().map(ToString::to_string);
        say!(
            "incident #{} {}: {}",
            incident.id,
            name.unwrap_or_default(),
            quiet.sentence()
        );
    }
}

/// The open incidents that no recipient gets mails about.
fn tell_unheard(workspace: &Workspace, tracker: &TrackerState) {
    let unheard = silent::without_reader(workspace, tracker.incidents.values());
    let Some(first) = unheard.first() else {
        return;
    };
    let name = first.probe.as_ref().map(ToString::to_string);
    let more = match unheard.len() {
        1 => String::new(),
        n => format!(" and of {} more", n - 1),
    };
    say!(
        "no mail reports incident #{} {}{more}: no [[alerts.to]] in config/accesswatch.toml asks for it; `accesswatch check` says which sources have no reader",
        first.id,
        name.unwrap_or_default()
    );
}

/// Composes digests and reminders that are due, and sends what waits. Returns whether everything
/// that was due was sent.
async fn send(engine: &Engine, now: Time) -> Result<bool, CliError> {
    engine.compose_due(now).await?;
    let drained = engine.drain(now).await?;
    for failed in &drained.failed {
        say!("{}", mail::failure(failed));
    }
    if let Some(stopped) = &drained.stopped {
        say!("mail: {}", clean::line(stopped, 500));
    }
    Ok(drained.failed.is_empty() && drained.stopped.is_none())
}

fn print_nothing_due(schedule_index: &ScheduleIndex, hold: Option<Time>, now: Time) {
    let zone = schedule_index.zone();
    match schedule_index.next_start(now).into_iter().chain(hold).min() {
        Some(next) => say!(
            "nothing is due; next at {} ({}). `run --all` measures now",
            iso(next),
            next.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z")
        ),
        None => say!("nothing is watched: no probe is switched on"),
    }
}

fn tell_late(jobs: &[Job], now: Time) {
    let late: Vec<TimeDelta> = jobs
        .iter()
        .filter_map(|j| j.since.map(|since| now - since))
        .filter(|late| *late > LATE)
        .collect();
    if let Some(most) = late.iter().max() {
        say!(
            "late: {} due up to {} h {} min ago",
            count(late.len() as u64, "round"),
            most.num_hours(),
            most.num_minutes() % 60
        );
    }
}

fn tell(report: &PassReport) {
    for vantage in &report.pass.vantages {
        let passed = vantage.controls.iter().filter(|c| c.passed).count();
        if vantage.usable {
            say!(
                "vantage {}: {passed} of {} controls passed",
                vantage.vantage,
                vantage.controls.len()
            );
        } else {
            say!(
                "vantage {} does not work: {} Nothing was recorded against any source.",
                vantage.vantage,
                vantage.text
            );
            for control in &vantage.controls {
                say!(
                    "  {} {}",
                    clean::line(&control.url, 120),
                    messages::of_control(control)
                );
            }
        }
    }
    let offline = |v: &VantageRound| !v.usable && v.code == Some(Code::VantageOffline);
    if report.pass.vantages.iter().all(|v| !v.usable) {
        if report.pass.vantages.iter().all(offline) {
            say!(
                "This computer seems to be offline. `accesswatch demo` shows everything without a network."
            );
        }
        return;
    }
    tell_rounds(report);
    tell_events(&report.outcome.events);
}

/// Prints the files that this pass should have read and could not. Returns whether there were any.
fn tell_files(engine: &Engine, report: &PassReport) -> bool {
    let unread: BTreeSet<_> = report
        .pass
        .rounds
        .iter()
        .filter(|r| {
            r.attempts
                .last()
                .is_some_and(|a| a.observed.code == Code::VantageOffline)
        })
        .map(|r| &r.probe)
        .collect();
    let mut files = files::unreadable(&engine.workspace);
    files.retain(|file| unread.contains(&file.probe));
    for file in &files {
        say!("  {}", file.sentence());
    }
    !files.is_empty()
}

/// Prints a line per event. First events that are well share one line, because a first run may have
/// thousands.
fn tell_events(events: &[Event]) {
    let is_well = |e: &&Event| e.kind == EventKind::FirstSeen && e.to == Some(Code::Ok);
    let (well, others): (Vec<&Event>, Vec<&Event>) = events.iter().partition(is_well);
    if !well.is_empty() {
        say!("  seen for the first time, and well: {}", well.len());
    }
    for event in others {
        say!("  {}", clean::line(&event.text, 300));
    }
}

fn tell_rounds(report: &PassReport) {
    let mut codes: BTreeMap<Code, usize> = BTreeMap::new();
    for round in &report.pass.rounds {
        if let Some(last) = round.attempts.last() {
            *codes.entry(last.observed.code).or_default() += 1;
        }
    }
    let list: Vec<String> = codes
        .iter()
        .map(|(code, n)| format!("{n} {code}"))
        .collect();
    let rounds = count(report.pass.rounds.len() as u64, "round");
    say!("{rounds}: {}", list.join(", "));
}
