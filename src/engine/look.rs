//! "Look again": a person asks to measure the probe of an incident at once, from every vantage that
//! it may be probed from. The daemon makes the rounds of vantages here; agents lease theirs.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::agents::files;
use super::agents::silence::agent_vantages;
use super::daemon_orders::DaemonCommand;
use super::due::{Job, Selection};
use super::edits::{self, EditFailure};
use super::pairs::pairs;
use crate::config::Workspace;
use crate::model::asked_round::AskedRound;
use crate::model::clock::Clock;
use crate::model::demonstration::DemonstrationSpan;
use crate::model::event::PassOutcome;
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::Store;
use crate::track::{self, EditError};

/// How often the daemon looks for requests.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How many looks in a row may leave a store unread whose files did not change.
const MOST_SKIPPED: u32 = 5;

/// Asks for rounds of the probe of an open incident; the request stands in its story.
pub async fn ask(
    workspace: &Workspace,
    store: &Store,
    id: i64,
    by: &str,
    now: Time,
) -> Result<Vec<AskedRound>, EditFailure> {
    if store.get_meta(DemonstrationSpan::KEY).await?.is_some() {
        return Err(EditError::Demonstration.into());
    }
    let incident = store.incident(id).await?.ok_or(EditError::NoIncident(id))?;
    let probe = incident.probe.ok_or(EditError::NoProbeOf(id))?;
    let vantages = vantages_of(workspace, &probe);
    if vantages.is_empty() {
        return Err(EditError::Nowhere(probe).into());
    }
    edits::edit(workspace, store, now, |tracker, now| {
        let incident = track::look_again(tracker, id, by, now)?;
        Ok(PassOutcome {
            incidents: vec![incident],
            ..PassOutcome::default()
        })
    })
    .await?;
    let round = |vantage| AskedRound {
        probe: probe.clone(),
        vantage,
        incident: id,
        asked: now,
        by: by.to_owned(),
        leased: None,
    };
    let rounds: Vec<AskedRound> = vantages.into_iter().map(round).collect();
    store.ask_rounds(rounds.clone()).await?;
    Ok(rounds)
}

/// The vantages that a probe may be probed from now, agents included.
fn vantages_of(workspace: &Workspace, probe: &ProbeKey) -> Vec<VantageId> {
    let here = pairs(workspace).filter(|(own, _)| own.key() == *probe);
    let elsewhere = agent_vantages(workspace)
        .filter(|vantage| files::probes(workspace, vantage).contains(probe));
    let here = here.map(|(_, vantage)| vantage.id.clone());
    here.chain(elsewhere.map(|vantage| vantage.id.clone()))
        .collect()
}

/// Whether a vantage is measured by this process.
#[must_use]
pub fn is_measured_here(workspace: &Workspace, vantage: &VantageId) -> bool {
    let mut agents = agent_vantages(workspace);
    agents.all(|agent| agent.id != *vantage)
}

/// Adds the rounds that people asked for to `jobs`, as far as they are made here.
pub fn add_asked(
    jobs: &mut Vec<Job>,
    workspace: &Workspace,
    asked: &[AskedRound],
    selection: &Selection,
) {
    if asked.is_empty() {
        return;
    }
    let wanted: BTreeSet<(&ProbeKey, &VantageId)> =
        asked.iter().map(|a| (&a.probe, &a.vantage)).collect();
    for (probe, vantage) in pairs(workspace) {
        let key = probe.key();
        let is_wanted = wanted.contains(&(&key, &vantage.id)) && selection.takes(probe, vantage);
        let is_known = |job: &Job| job.probe == key && job.vantage == vantage.id;
        if is_wanted && !jobs.iter().any(is_known) {
            jobs.push(Job::unscheduled(key, vantage.id.clone()));
        }
    }
}

/// Wakes the daemon when a person asks to measure again.
pub async fn wake_when_asked(
    store: Store,
    clock: Arc<dyn Clock>,
    daemon: mpsc::Sender<DaemonCommand>,
) {
    let mut newest = None;
    let mut seen = None;
    let mut skipped = 0;
    loop {
        clock.sleep(LOOK_EVERY).await;
        // A store that nobody wrote to holds no new request. A slow disk shows the bytes of a write
        // before the write is complete, so that the store is read now and then all the same.
        let generation = store.settled_generation();
        if generation.is_some() && generation == seen && skipped < MOST_SKIPPED {
            skipped += 1;
            continue;
        }
        skipped = 0;
        let now = clock.now();
        // The next pass reports a store that cannot be read now.
        let read = store.with_reader(move |reader| reader.waiting_rounds(now));
        let Ok(asked) = read.await else { continue };
        seen = generation;
        let asked = asked.iter().map(|round| round.asked).max();
        if asked > newest {
            newest = asked;
            if daemon.send(DaemonCommand::Look).await.is_err() {
                return;
            }
        }
    }
}
