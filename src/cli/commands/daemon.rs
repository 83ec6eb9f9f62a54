//! `daemon`: passes on the schedule, until it is stopped.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};

use crate::alert::drain::FailedMail;
use crate::cli::args::ListenAt;
use crate::cli::commands::{fleet, serve};
use crate::cli::context::{Context, runtime};
use crate::cli::exit::{CliError, Done};
use crate::cli::log;
use crate::config::Diagnostics;
use crate::engine::copies::keep_up_always;
use crate::engine::daemon::{Daemon, DaemonCommand, Journal};
use crate::engine::link_watch::LinkBatch;
use crate::engine::look::wake_when_asked;
use crate::engine::{EngineError, PassReport, SystemClock};
use crate::model::Time;
use crate::model::event::EventKind;
use crate::model::time::iso;
use crate::text::clean;

/// A stop waits this long for work that cannot be cancelled: a query to the system's resolver, a
/// write to disk. Together with the daemon's own shutdown it stays within the 10 s of
/// `docs/service.md`.
const STOP_WITHIN: Duration = Duration::from_secs(4);

/// Runs until SIGTERM or Ctrl-C.
pub fn run(context: &Context, listen_at: Option<ListenAt>) -> Result<Done, CliError> {
    log::start();
    let (workspace, store) = context.open_for_passes(&Daemon::needs(), false)?;
    let runtime = runtime()?;
    let ended: Result<(), CliError> = runtime.block_on(async {
        let (sender, commands) = mpsc::channel(4);
        listen(&sender)?;
        let pages = match listen_at {
            None => None,
            Some(at) => Some(serve::bind(workspace.clone(), at.address()).await?),
        };
        let copies = keep_up_always(workspace.dir.clone(), store.clone(), Arc::new(SystemClock));
        let asked = wake_when_asked(store.clone(), Arc::new(SystemClock), sender);
        let (fleet_workspace, fleet_store) = (workspace.clone(), store.clone());
        let daemon = Daemon::new(workspace, store, Arc::new(SystemClock), Arc::new(Log)).await?;
        watchdog();
        let copies = tokio::spawn(copies);
        let asked = tokio::spawn(asked);
        let fleet = fleet::attend(context, &fleet_workspace, fleet_store)?;
        let (stop, stopped) = watch::channel(false);
        let serving = match pages {
            None => None,
            Some(server) => {
                serve::reload_on_hangup(context, server.site())?;
                Some(tokio::spawn(server.run(stopped)))
            }
        };
        daemon.run(commands).await;
        // What it was doing is on disk, and goes on with the next start.
        copies.abort();
        asked.abort();
        fleet.abort();
        let _ = stop.send(true);
        if let Some(serving) = serving {
            let _ = serving.await;
        }
        Ok(())
    });
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    runtime.shutdown_timeout(STOP_WITHIN);
    ended?;
    tracing::info!("stopped");
    Ok(Done::Ok)
}

/// Turns signals into commands.
fn listen(sender: &mpsc::Sender<DaemonCommand>) -> Result<(), CliError> {
    let kinds = [
        (SignalKind::terminate(), DaemonCommand::Stop),
        (SignalKind::interrupt(), DaemonCommand::Stop),
        (SignalKind::hangup(), DaemonCommand::Reload),
    ];
    for (kind, command) in kinds {
        let mut signals = signal(kind).map_err(CliError::io("listening for signals"))?;
        let sender = sender.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if sender.send(command).await.is_err() {
                    return;
                }
            }
        });
    }
    Ok(())
}

/// Notifies systemd's watchdog while the daemon runs, when systemd asks for it (`WatchdogSec`).
fn watchdog() {
    let Some(every) = sd_notify::watchdog_enabled() else {
        return;
    };
    tokio::spawn(async move {
        let mut refresh = tokio::time::interval(every / 2);
        loop {
            refresh.tick().await;
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
        }
    });
}

/// The daemon's log: one line per event on standard error, which journald keeps.
struct Log;

impl Journal for Log {
    fn ready(&self, rounds: usize) {
        tracing::info!(rounds, "watching");
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    }

    fn pass(&self, report: &PassReport) {
        let unusable: Vec<&str> = report
            .pass
            .vantages
            .iter()
            .filter(|v| !v.usable)
            .map(|v| v.vantage.as_str())
            .collect();
        if !unusable.is_empty() {
            tracing::warn!(
                vantages = unusable.join(","),
                "do not work; nothing is concluded from there"
            );
        }
        // The initial report covers what is seen for the first time, so it is not logged line by
        // line.
        let changes = || {
            let events = report.outcome.events.iter();
            events.filter(|e| e.kind != EventKind::FirstSeen)
        };
        for event in changes() {
            tracing::info!(kind = ?event.kind, "{}", clean::line(&event.text, 300));
        }
        tracing::info!(
            rounds = report.pass.rounds.len(),
            changes = changes().count(),
            mails = report.mails,
            "pass done"
        );
    }

    fn links(&self, batch: &LinkBatch) {
        for change in &batch.changes {
            let (url, event) = (clean::line(&change.url, 200), &change.event);
            tracing::info!(kind = %event.kind, "{} {url}: {}, was {}", change.id, event.to, event.from);
        }
        for (vantage, why) in &batch.unusable {
            tracing::warn!(%vantage, "checks no links: {why}");
        }
        for note in &batch.evidence_notes {
            self.warned(note);
        }
        tracing::info!(
            checked = batch.checked,
            changes = batch.changes.len(),
            "links checked"
        );
    }

    fn failed(&self, error: &EngineError, again: Time) {
        tracing::error!(again = iso(again), "nothing was done: {error}");
    }

    fn not_sent(&self, mail: &FailedMail) {
        tracing::warn!(
            to = clean::line(&mail.recipient, 100),
            again = mail.next_attempt.map(iso),
            "a mail was not sent: {}",
            clean::line(&mail.error, 300)
        );
    }

    fn warned(&self, fault: &str) {
        tracing::warn!("{}", clean::line(fault, 300));
    }

    fn refused(&self, faults: &Diagnostics) {
        tracing::error!(
            "the new configuration has faults; the old one stays:\n{}",
            faults.render(false)
        );
    }

    fn unfit(&self, error: &EngineError) {
        tracing::error!("the new configuration cannot be set up; the old one stays: {error}");
    }

    fn store_kept(&self, path: &Path) {
        tracing::warn!(
            "the new configuration names another store; {} stays in use until a restart",
            path.display()
        );
    }

    fn sleeping(&self, until: Time) {
        tracing::debug!(until = iso(until), "sleeping");
    }
}
