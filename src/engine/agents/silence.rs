//! Agents that were not heard from, and agents whose clock differs from the hub's: an incident of
//! the vantage, mailed once. Nothing is held against a source.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use crate::config::Workspace;
use crate::engine::error::EngineError;
use crate::engine::observer::SilentObserver;
use crate::engine::pass::PassOptions;
use crate::engine::ports::PassStore;
use crate::engine::setup::Engine;
use crate::i18n::verdict;
use crate::model::agent::KnownAgent;
use crate::model::round::{Pass, VantageRound};
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::tracker_state::TrackerState;
use crate::model::vantage::Via;
use crate::model::{Code, Time, Vantage, VantageId};
use crate::store::{Reader, Store, UnderivedRecords};
use crate::track;

use super::files::probes;

/// An agent is silent after this long, whatever the intervals of its probes.
const LONGEST: TimeDelta = TimeDelta::hours(24);
/// An agent that reports every minute is not silent before this.
const SHORTEST: TimeDelta = TimeDelta::minutes(15);
/// An agent that was heard from within this time sends the rest of its pass.
const UNFINISHED: TimeDelta = TimeDelta::minutes(10);

/// A process that did not look for longer heard of no agent meanwhile.
pub(super) const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// Since when a process has been there to hear from agents. Before that, an agent is not silent:
/// the hub was away.
#[derive(Debug, Clone, Copy, Default)]
pub struct Presence {
    since: Option<Time>,
    looked: Option<Time>,
}

impl Presence {
    /// Looks at the clock; returns since when the process has been there.
    pub fn look(&mut self, now: Time) -> Time {
        let was_there = self.looked.is_some_and(|at| (now - at).abs() <= PAUSE);
        self.looked = Some(now);
        let since = self.since.filter(|_| was_there).unwrap_or(now);
        self.since = Some(since);
        since
    }

    /// The process was at work until now.
    pub fn worked(&mut self, now: Time) {
        self.looked = Some(now);
    }
}

/// How it is known that the hub was there to hear from an agent.
#[derive(Debug, Clone, Copy)]
pub enum Hearing {
    /// It has been there since this time.
    Since(Time),
    /// The process has only just begun: another agent that was heard from later proves it.
    ByOthers,
}

/// The vantages that are measured by agents.
pub fn agent_vantages(workspace: &Workspace) -> impl Iterator<Item = &Vantage> {
    let vantages = workspace.settings.vantages.iter();
    vantages.filter(|vantage| vantage.via == Via::Agent)
}

/// When an agent that was last heard from at `heard` counts as silent: two intervals of its probes
/// later, or 24 hours, whichever comes first.
#[must_use]
pub fn silent_from(workspace: &Workspace, vantage: &Vantage, heard: Time) -> Time {
    let keys = probes(workspace, vantage);
    let own = keys.iter().filter_map(|key| workspace.catalogue.probe(key));
    let late = own.filter_map(|p| track::late_from(Some(p), &workspace.settings, heard));
    let first = late.min().unwrap_or(heard + LONGEST);
    first.clamp(heard + SHORTEST, heard + LONGEST)
}

/// What a look at an agent says about its vantage; `None`: nothing new. The hub was there to hear
/// of it between `from` and `until`.
fn look(
    workspace: &Workspace,
    vantage: &Vantage,
    agent: &KnownAgent,
    tracker: &TrackerState,
    (from, until): (Time, Time),
    now: Time,
) -> Option<VantageRound> {
    let known = tracker.vantages.get(&vantage.id);
    let code = known.and_then(|v| v.code);
    let is_silent = until > silent_from(workspace, vantage, agent.heard.max(from));
    let down = |code, text| VantageRound {
        vantage: vantage.id.clone(),
        at: now,
        usable: false,
        controls: Vec::new(),
        code: Some(code),
        in_trouble: false,
        text,
    };
    if is_silent {
        let text = format!("its agent has not reported since {}", iso(agent.heard));
        return (known.is_none_or(|v| v.usable)).then(|| down(Code::VantageOffline, text));
    }
    if agent.is_clock_wrong() {
        let says = verdict::code(Language::En, Code::VantageClock).says;
        let text = format!(
            "{says} The clock of the agent is {} s ahead of the clock here.",
            agent.offset_seconds
        );
        return (code != Some(Code::VantageClock)).then(|| down(Code::VantageClock, text));
    }
    (code == Some(Code::VantageClock)).then(|| VantageRound {
        usable: true,
        code: None,
        text: String::new(),
        ..down(Code::VantageClock, String::new())
    })
}

impl<M> Engine<M, Store> {
    /// Opens the incident of a vantage whose agent is silent or whose clock differs, and ends that
    /// of a clock which was set. The caller holds the lock of a pass. Returns what a person should
    /// know.
    pub async fn check_agents(
        &self,
        now: Time,
        hearing: Hearing,
    ) -> Result<Vec<String>, EngineError> {
        if agent_vantages(&self.workspace).next().is_none() {
            return Ok(Vec::new());
        }
        let agents = self.store.with_reader(Reader::agents).await?;
        let agents: BTreeMap<VantageId, KnownAgent> =
            agents.into_iter().map(|a| (a.vantage.clone(), a)).collect();
        let tracker = self.store.state().await?;
        let newest = agents.values().map(|agent| agent.heard).max();
        let there = match hearing {
            Hearing::Since(since) => (since, now),
            Hearing::ByOthers => (Time::UNIX_EPOCH, newest.unwrap_or(now)),
        };
        let rounds: Vec<VantageRound> = agent_vantages(&self.workspace)
            .filter_map(|v| look(&self.workspace, v, agents.get(&v.id)?, &tracker, there, now))
            .collect();
        let notes = rounds.iter().filter(|r| !r.usable);
        let notes = notes.map(|r| format!("vantage {}: {}", r.vantage, r.text));
        let mut notes: Vec<String> = notes.collect();
        if let Some(heard) =
            newest.filter(|at| matches!(hearing, Hearing::ByOthers) && now - *at > LONGEST)
        {
            notes.push(format!(
                "no agent has reported since {}; make sure that `daemon --listen` or `serve` runs",
                iso(heard)
            ));
        }
        if rounds.is_empty() {
            return Ok(notes);
        }
        let pass = Pass {
            at: now,
            vantages: rounds,
            ..Pass::default()
        };
        let options = self.foreign_options();
        self.conclude_foreign(pass, Vec::new(), Vec::new(), &options)
            .await?;
        Ok(notes)
    }

    /// The options of a pass that was made elsewhere.
    pub(super) fn foreign_options(&self) -> PassOptions {
        let group_wait: Duration = self.workspace.settings.alerts.group_wait;
        PassOptions {
            alerts: true,
            group_wait,
            observer: std::sync::Arc::new(SilentObserver),
        }
    }

    /// Whether all of these records belong to passes that agents are sending: the end of each pass
    /// derives them.
    pub(in crate::engine) async fn awaits_agents(
        &self,
        left: &UnderivedRecords,
        now: Time,
    ) -> Result<bool, EngineError> {
        if left.removal.is_some() {
            return Ok(false);
        }
        let agents = self.store.with_reader(Reader::agents).await?;
        let sends = |vantage: &VantageId| {
            let is_recent = |a: &KnownAgent| a.vantage == *vantage && now - a.heard < UNFINISHED;
            agent_vantages(&self.workspace).any(|v| v.id == *vantage)
                && agents.iter().any(is_recent)
        };
        Ok(left.series.keys().all(|(_, vantage)| sends(vantage)))
    }
}
