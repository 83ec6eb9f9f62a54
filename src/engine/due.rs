//! What is due: which probes, from which vantages, by the schedule and the last round.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::config::Workspace;
use crate::model::vantage::Via;
use crate::model::{Probe, ProbeKey, SourceId, Time, Vantage, VantageId};
use crate::schedule::{Cron, plan};

use super::error::EngineError;

/// What `run` was asked for.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Everything, due or not.
    pub all: bool,
    pub source: Option<SourceId>,
    pub vantage: Option<VantageId>,
}

/// One round to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub probe: ProbeKey,
    pub vantage: VantageId,
    /// When the schedule asked for it; none when it was never measured, or asked for by hand.
    pub since: Option<Time>,
    /// Rounds that should have been since the last one and were not (the machine was off).
    pub gaps: Vec<Time>,
}

/// A longer absence than this many rounds is told by its newest part.
const MOST_GAPS: usize = 1000;

/// When each (probe, vantage) was last measured.
pub type LastChecked = BTreeMap<(ProbeKey, VantageId), Time>;

/// The rounds to be made at `now`, in the order of probe and vantage. `jitter` staggers hosts (the
/// daemon's); a cron line's run takes none.
pub fn due(
    workspace: &Workspace,
    last: &LastChecked,
    selection: &Selection,
    jitter: Duration,
    now: Time,
) -> Result<Vec<Job>, EngineError> {
    check_selection(workspace, selection)?;
    let mut jobs = Vec::new();
    for (probe, vantage) in pairs(workspace) {
        let chosen = selection.source.as_ref().is_none_or(|s| *s == probe.source)
            && selection.vantage.as_ref().is_none_or(|v| *v == vantage.id);
        if !chosen {
            continue;
        }
        let key = (probe.key(), vantage.id.clone());
        let last = last.get(&key).copied();
        let (is_due, since) = match asked(workspace, probe, last, jitter, now) {
            Asked::No => (false, None),
            Asked::First => (true, None),
            Asked::At(at) => (true, Some(at)),
        };
        if selection.all || is_due {
            jobs.push(Job {
                gaps: gaps(workspace, probe, last, since),
                probe: key.0,
                vantage: key.1,
                since,
            });
        }
    }
    Ok(jobs)
}

/// Every enabled probe with every vantage it may be made from, in this process.
pub fn pairs(workspace: &Workspace) -> impl Iterator<Item = (&Probe, &Vantage)> {
    workspace.catalogue.enabled().flat_map(move |probe| {
        workspace
            .settings
            .vantages
            .iter()
            .filter(move |vantage| may_run(workspace, probe, vantage))
            .map(move |vantage| (probe, vantage))
    })
}

fn may_run(workspace: &Workspace, probe: &Probe, vantage: &Vantage) -> bool {
    vantage.via != Via::Agent
        && probe.runs_from(&vantage.id)
        && workspace
            .catalogue
            .source(&probe.source)
            .is_some_and(|source| source.may_be_probed_from(vantage))
}

/// Whether a probe is to be measured now.
enum Asked {
    /// The schedule has not come round since it was last measured.
    No,
    /// It was never measured.
    First,
    /// By the schedule, at this time; it has not been made since.
    At(Time),
}

fn asked(
    workspace: &Workspace,
    probe: &Probe,
    last: Option<Time>,
    jitter: Duration,
    now: Time,
) -> Asked {
    let Some(last) = last else {
        return Asked::First;
    };
    let Some(cron) = cron_of(workspace, probe) else {
        return Asked::No;
    };
    let zone = workspace.settings.schedule.timezone;
    let offset = chrono::Duration::from_std(plan::jitter(probe.host().unwrap_or(""), jitter))
        .unwrap_or_default();
    match cron.last_at_or_before(now - offset, zone) {
        Some(fired) if fired + offset > last => Asked::At(fired + offset),
        _ => Asked::No,
    }
}

/// The times between the last round and the one that is due now at which there should have been one.
fn gaps(
    workspace: &Workspace,
    probe: &Probe,
    last: Option<Time>,
    since: Option<Time>,
) -> Vec<Time> {
    let (Some(last), Some(since)) = (last, since) else {
        return Vec::new();
    };
    let Some(cron) = cron_of(workspace, probe) else {
        return Vec::new();
    };
    let zone = workspace.settings.schedule.timezone;
    let mut missed: Vec<Time> = std::iter::successors(Some(since), |at| {
        cron.last_at_or_before(*at - chrono::TimeDelta::seconds(1), zone)
    })
    .skip(1)
    .take_while(|at| *at > last)
    .take(MOST_GAPS)
    .collect();
    missed.reverse();
    missed
}

/// The probe's schedule, compiled. Configuration was checked, so it parses.
pub fn cron_of(workspace: &Workspace, probe: &Probe) -> Option<Cron> {
    let text = probe
        .schedule
        .as_deref()
        .unwrap_or(&workspace.settings.schedule.default);
    Cron::parse(text).ok()
}

fn check_selection(workspace: &Workspace, selection: &Selection) -> Result<(), EngineError> {
    if let Some(source) = &selection.source {
        let known = workspace.catalogue.sources.keys().map(SourceId::as_str);
        named("source", source.as_str(), known)?;
    }
    if let Some(vantage) = &selection.vantage {
        let known = workspace.settings.vantages.iter().map(|v| v.id.as_str());
        named("vantage", vantage.as_str(), known)?;
    }
    Ok(())
}

/// An error that names the nearest known id, unless `id` is one.
pub fn named<'a>(
    kind: &'static str,
    id: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), EngineError> {
    if known.clone().any(|k| k == id) {
        return Ok(());
    }
    let near = known
        .map(|k| (strsim::damerau_levenshtein(k, id), k))
        .min()
        .filter(|(distance, _)| *distance <= 3)
        .map(|(_, k)| k.to_owned());
    Err(EngineError::Unknown {
        kind,
        id: id.to_owned(),
        near,
    })
}
