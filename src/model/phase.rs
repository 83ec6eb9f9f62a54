//! The phases of a vantage's part in an incident: which verdict stood from when to when. "Since"
//! always refers to the verdict that is shown, never to an earlier one.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::ids::VantageId;
use super::incident::{Incident, StoryLine, VantagePart, VantageTurn};
use super::observation::Observation;
use super::rule::Saying;
use super::time::Time;
use super::verdict::Code;

/// An explicit maintenance notice becomes grave after this time.
const LONG_MAINTENANCE: TimeDelta = TimeDelta::hours(72);
/// The severity of such a long maintenance.
const LONG_MAINTENANCE_SEVERITY: u8 = 4;

/// A period during which one vantage saw one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    pub code: Code,
    pub from: Time,
    /// `None` while it lasts.
    pub to: Option<Time>,
    /// The rounds within the phase; 0 in records of an older version, which did not count them.
    #[serde(default)]
    pub checks: u32,
    /// Of these, the rounds in which at least one attempt was worse than the baseline.
    #[serde(default)]
    pub checks_bad: u32,
    /// The first words of the page that came instead of the known one, in the page's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The sentence for what was seen.
    #[serde(default, skip_serializing_if = "Saying::is_of_code")]
    pub saying: Saying,
}

impl Phase {
    /// A phase that begins, without rounds yet.
    #[must_use]
    pub fn begin(code: Code, from: Time) -> Self {
        Self {
            code,
            from,
            to: None,
            checks: 0,
            checks_bad: 0,
            words: None,
            saying: Saying::OfCode,
        }
    }

    /// A phase that begins at this time with an observation.
    #[must_use]
    pub fn of_observation(observed: &Observation, from: Time) -> Self {
        Self {
            words: observed.words.clone(),
            saying: observed.saying,
            ..Self::begin(observed.code, from)
        }
    }

    /// The severity of the phase's code; a long maintenance is grave.
    #[must_use]
    pub fn severity(&self, now: Time) -> u8 {
        let lasted = self.to.unwrap_or(now) - self.from;
        if self.code == Code::SiteMaintenance && lasted >= LONG_MAINTENANCE {
            LONG_MAINTENANCE_SEVERITY
        } else {
            self.code.severity().unwrap_or(0)
        }
    }
}

impl VantagePart {
    /// When the verdict that is shown began.
    #[must_use]
    pub fn since(&self) -> Time {
        let last = self.phases.last().filter(|p| p.code == self.observed.code);
        last.map_or(self.first_bad, |p| p.from)
    }

    /// The severity of the vantage's part at `now`.
    #[must_use]
    pub fn severity(&self, now: Time) -> u8 {
        let of_code = self.observed.code.severity().unwrap_or(0);
        self.phases.last().map_or(of_code, |p| p.severity(now))
    }

    /// Begins a phase with another code at this time.
    pub fn turn(&mut self, code: Code, at: Time) {
        self.turn_to(Phase::begin(code, at));
    }

    /// Begins another phase.
    pub fn turn_to(&mut self, phase: Phase) {
        self.end_phase(phase.from);
        self.observed.code = phase.code;
        self.phases.push(phase);
    }

    /// The vantage leaves the incident.
    pub fn leave(&mut self, at: Time, left_as: Option<Code>) {
        self.end_phase(at);
        self.back = Some(at);
        self.left_as = left_as;
    }

    /// The part of a vantage that returns; its earlier phases are kept.
    #[must_use]
    pub fn resumed_as(self, now: Self) -> Self {
        let mut phases = self.phases;
        phases.extend(now.phases);
        Self { phases, ..now }
    }

    /// Counts a round of the current phase.
    pub fn count(&mut self, is_bad: bool) {
        if let Some(phase) = self.phases.last_mut().filter(|p| p.to.is_none()) {
            phase.checks = phase.checks.saturating_add(1);
            phase.checks_bad = phase.checks_bad.saturating_add(u32::from(is_bad));
        }
    }

    fn end_phase(&mut self, at: Time) {
        if let Some(phase) = self.phases.last_mut().filter(|p| p.to.is_none()) {
            phase.to = Some(at.max(phase.from));
        }
    }
}

impl Incident {
    /// Adds phases to the parts of a stored incident that have none: from the turns in its story,
    /// or else one phase for the whole part. Also corrects the last good time: when a vantage
    /// joined, older versions could set one that was not before the first bad time.
    pub fn fill_phases(&mut self) {
        if self.last_good >= Some(self.first_bad) {
            let parts = self.vantages.values().filter_map(|part| part.last_good);
            self.last_good = parts.filter(|at| *at < self.first_bad).max();
        }
        let changes = &self.changes;
        for (vantage, part) in &mut self.vantages {
            if part.phases.is_empty() {
                part.phases = notified_phases(changes, vantage, part);
            }
        }
    }

    /// When the verdict that is shown (`to`) began: the earliest time over the vantages that see
    /// it.
    #[must_use]
    pub fn since(&self) -> Time {
        let is_shown = |part: &&VantagePart| part.observed.code == self.to;
        let own = |part: &&VantagePart| is_shown(part) && (part.back.is_none() || !self.is_open());
        let since = self.vantages.values().filter(own).map(VantagePart::since);
        since.min().unwrap_or(self.first_bad)
    }

    /// The highest severity during the incident.
    #[must_use]
    pub fn worst_severity(&self, now: Time) -> u8 {
        let phases = self.vantages.values().flat_map(|part| &part.phases);
        let gravest = phases.map(|p| p.severity(self.ended.unwrap_or(now)));
        gravest.max().unwrap_or(0).max(self.severity)
    }

    /// The sentence for a code in this incident; the plain sentence of the code where the vantages
    /// that saw it do not agree.
    #[must_use]
    pub fn saying_of(&self, code: Code) -> Saying {
        let of_part = |part: &VantagePart| {
            let now = (part.observed.code == code).then_some(part.observed.saying);
            let phase = part.phases.iter().rev().find(|phase| phase.code == code);
            let then = phase.map(|phase| phase.saying);
            then.filter(|saying| !saying.is_of_code()).or(now).or(then)
        };
        let mut all = self.vantages.values().filter_map(of_part);
        let first = all.next().unwrap_or_default();
        let agree = all.all(|saying| saying == first);
        if agree { first } else { Saying::OfCode }
    }

    /// The phases over all vantages, in order; periods of one code that overlap or touch are
    /// merged.
    #[must_use]
    pub fn phases_together(&self) -> Vec<Phase> {
        let own = self.vantages.values().flat_map(|p| &p.phases);
        let mut all: Vec<Phase> = own
            .map(|phase| Phase {
                to: phase.to.or(self.ended),
                ..phase.clone()
            })
            .collect();
        all.sort_by_key(|p| (p.from, p.code));
        let mut together: Vec<Phase> = Vec::new();
        for phase in all {
            let known = together.iter_mut().rev().find(|p| p.code == phase.code);
            match known.filter(|p| p.to.is_none_or(|to| to >= phase.from)) {
                Some(known) => {
                    known.to = known.to.zip(phase.to).map(|(a, b)| a.max(b));
                    known.checks = known.checks.saturating_add(phase.checks);
                    known.checks_bad = known.checks_bad.saturating_add(phase.checks_bad);
                    known.words = known.words.take().or(phase.words);
                }
                None => together.push(phase),
            }
        }
        if together.is_empty() {
            let to = self.ended;
            together.push(Phase {
                to,
                ..Phase::begin(self.to, self.first_bad)
            });
        }
        together
    }
}

/// The phases of a vantage, derived from the turns in the incident's story.
fn notified_phases(changes: &[StoryLine], vantage: &VantageId, part: &VantagePart) -> Vec<Phase> {
    let allowed = part.from.severity().max(Code::ContentChanged.severity());
    let own = |t: &&VantageTurn| t.vantage == *vantage;
    let turns = changes
        .iter()
        .filter_map(|c| Some((c.at, c.turn.as_ref().filter(own)?.to)));
    let mut phases: Vec<Phase> = Vec::new();
    for (at, code) in turns {
        if let Some(last) = phases.last_mut().filter(|p| p.to.is_none()) {
            last.to = Some(at.max(last.from));
        }
        // The turn with which the vantage leaves begins no phase.
        if code.severity() > allowed {
            phases.push(Phase::begin(code, at));
        }
    }
    if phases
        .last()
        .is_none_or(|p| p.to.is_none() && p.code != part.observed.code)
    {
        phases = vec![Phase::begin(part.observed.code, part.first_bad)];
    }
    if let (Some(back), Some(last)) = (part.back, phases.last_mut()) {
        last.to = Some(back.max(last.from));
    }
    phases
}

#[cfg(test)]
#[path = "phase_tests.rs"]
mod tests;
