//! Alarms compared with what truly happened.
//!
//! * An event is **found** when an alarm of its source opens while the event lasts. It is also
//!   **dated** when the first failure of such an alarm lies within the event (one attempt that
//!   failed by chance just before may be taken for the first).
//! * An alarm is **false** when no event of its source overlaps it. An alarm of a vantage or a
//!   network is false when that vantage had no such failure meanwhile.
//! * The **delay** runs from the first round that could see the event to the alarm; the time before
//!   that round is due to the schedule, not to the judgement.
//! * A finding is **right** when it is the event's, as it was when the alarm ended.

use accesswatch::model::{Finding, IncidentKind};

use super::live::Lived;
use super::truth::Event;
use super::weather::Span;
use super::world::{VANTAGES, World, second, source_of};

/// A program's report that a source is worse than it was.
#[derive(Debug, Clone)]
pub struct Alarm {
    pub source: usize,
    /// Since when, according to the program.
    pub from: i64,
    /// When the program knew it.
    pub known: i64,
    pub ended: Option<i64>,
    pub finding: Option<Finding>,
    /// Whether a person was mailed.
    pub mailed: bool,
}

impl Alarm {
    /// An alarm that has just opened.
    #[must_use]
    pub fn of(source: usize, from: i64, known: i64) -> Self {
        Self {
            source,
            from,
            known,
            ended: None,
            finding: None,
            mailed: true,
        }
    }

    fn overlaps(&self, from: i64, to: i64) -> bool {
        self.from < to && self.ended.is_none_or(|end| end >= from)
    }
}

/// Counts over one or more histories.
#[derive(Debug, Clone, Default)]
pub struct Score {
    pub source_days: i64,
    pub events: usize,
    pub found: usize,
    /// Events with an alarm that also dates its first failure within the event.
    pub dated: usize,
    pub right: usize,
    pub false_alarms: usize,
    /// False alarms while the network of a vantage failed.
    pub false_by_network: usize,
    /// False alarms that were mailed.
    pub false_mailed: usize,
    /// The delays of found events, in seconds.
    pub delays: Vec<i64>,
    /// The finding of each found event, and the finding of its alarm.
    pub findings: Vec<(Finding, Option<Finding>)>,
    pub missed: Vec<Finding>,
}

impl Score {
    pub fn add(&mut self, other: Score) {
        self.source_days += other.source_days;
        self.events += other.events;
        self.found += other.found;
        self.dated += other.dated;
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.false_by_network += other.false_by_network;
        self.false_mailed += other.false_mailed;
        self.delays.extend(other.delays);
        self.findings.extend(other.findings);
        self.missed.extend(other.missed);
    }

    #[must_use]
    pub fn recall(&self) -> f64 {
        share(self.found, self.events)
    }

    /// The recall by the stricter count.
    #[must_use]
    pub fn dated(&self) -> f64 {
        share(self.dated, self.events)
    }

    /// The share of found events with the right finding.
    #[must_use]
    pub fn right_findings(&self) -> f64 {
        share(self.right, self.found)
    }

    /// This count per 1,000 source-days.
    #[must_use]
    pub fn per_1000(&self, count: usize) -> f64 {
        1000.0
            * share(
                count,
                usize::try_from(self.source_days).unwrap_or(usize::MAX),
            )
    }

    /// The delay that this share of the found events does not exceed, in seconds.
    #[must_use]
    pub fn delay(&self, percent: usize) -> i64 {
        let mut sorted = self.delays.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }
}

#[allow(clippy::cast_precision_loss)] // counts of a simulation
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

/// Compares alarms of sources with the world.
#[must_use]
pub fn score(world: &World, alarms: &[Alarm]) -> Score {
    let mut score = Score {
        source_days: i64::try_from(world.size.sources).unwrap_or(0) * world.size.days,
        ..Score::default()
    };
    for event in world.events.iter().flatten() {
        score.events += 1;
        let told: Vec<&Alarm> = alarms
            .iter()
            .filter(|a| a.source == event.source && event.from <= a.known && a.known < event.to)
            .collect();
        score.dated += usize::from(told.iter().any(|a| event.from <= a.from));
        let found = told.into_iter().min_by_key(|a| a.known);
        let Some(alarm) = found else {
            score.missed.push(event.kind.finding);
            continue;
        };
        score.found += 1;
        score.right += usize::from(alarm.finding == Some(event.kind.finding));
        score.findings.push((event.kind.finding, alarm.finding));
        // A round that was running when the event began may confirm it before the first round that
        // could see it whole.
        let delay = alarm.known - first_look(world, event);
        score.delays.push(delay.max(0));
    }
    for alarm in alarms {
        let events = &world.events[alarm.source];
        if events.iter().any(|e| alarm.overlaps(e.from, e.to)) {
            continue;
        }
        let mut wide = world.weather.wide.iter().flatten();
        let network = wide.any(|w| alarm.overlaps(w.span.from, w.span.to));
        score.false_alarms += 1;
        score.false_by_network += usize::from(network);
        score.false_mailed += usize::from(alarm.mailed);
    }
    score
}

/// The start of the first round that could see the event.
fn first_look(world: &World, event: &Event) -> i64 {
    let start = |pass| World::round_start(pass, event.source);
    let mut starts = world.passes().map(start);
    starts.find(|at| *at >= event.from).unwrap_or(event.from)
}

/// The incidents of sources as alarms. An incident that was folded into a network's incident before
/// anybody was told is not an alarm.
#[must_use]
pub fn alarms(lived: &Lived) -> Vec<Alarm> {
    let incidents = lived.incidents.values();
    incidents
        .filter(|i| i.kind == IncidentKind::Probe && i.folded_into.is_none())
        .filter_map(|i| {
            Some(Alarm {
                source: source_of(i.probe.as_ref()?)?,
                from: second(i.first_bad),
                known: second(i.confirmed),
                ended: i.ended.map(second),
                finding: Some(i.finding),
                mailed: lived.mailed.contains(&i.id),
            })
        })
        .collect()
}

/// The failures of our own end, and what was reported about them.
#[derive(Debug, Clone, Copy, Default)]
pub struct OwnEnd {
    /// Outages of vantages and failing networks during which a round was made.
    pub outages: usize,
    pub networks: usize,
    /// Those that have an incident.
    pub outages_found: usize,
    pub networks_found: usize,
    /// Incidents of a vantage or network that had no failure meanwhile.
    pub false_alarms: usize,
}

impl OwnEnd {
    pub fn add(&mut self, other: OwnEnd) {
        self.outages += other.outages;
        self.networks += other.networks;
        self.outages_found += other.outages_found;
        self.networks_found += other.networks_found;
        self.false_alarms += other.false_alarms;
    }
}

/// Scores the incidents of vantages and networks.
#[must_use]
pub fn own_end(world: &World, lived: &Lived) -> OwnEnd {
    let mut score = OwnEnd::default();
    for (n, (id, _)) in VANTAGES.iter().enumerate() {
        let said = |vantage: bool| -> Vec<(i64, i64)> {
            let incidents = lived.incidents.values();
            incidents
                .filter(|i| i.vantages.contains_key(&(*id).into()) && i.kind != IncidentKind::Probe)
                .filter(|i| (i.kind == IncidentKind::Vantage) == vantage)
                .map(|i| (second(i.first_bad), i.ended.map_or(i64::MAX, second)))
                .collect()
        };
        let outages: Vec<Span> = world.weather.outages[n].clone();
        let wide: Vec<Span> = world.weather.wide[n].iter().map(|w| w.span).collect();
        let (seen, found, wrong) = matched(world, &outages, &said(true));
        score.outages += seen;
        score.outages_found += found;
        score.false_alarms += wrong;
        let (seen, found, wrong) = matched(world, &wide, &said(false));
        score.networks += seen;
        score.networks_found += found;
        score.false_alarms += wrong;
    }
    score
}

/// How many spans contain a whole pass, how many of these were reported, and how many reports have
/// no span.
fn matched(world: &World, spans: &[Span], said: &[(i64, i64)]) -> (usize, usize, usize) {
    let meets = |s: &Span, (from, to): &(i64, i64)| *from < s.to && *to >= s.from;
    let seen: Vec<&Span> = spans
        .iter()
        .filter(|s| world.passes().any(|p| s.from <= p && p + 1800 < s.to))
        .collect();
    let found = seen.iter().filter(|s| said.iter().any(|i| meets(s, i)));
    let wrong = said.iter().filter(|i| !spans.iter().any(|s| meets(s, i)));
    (seen.len(), found.count(), wrong.count())
}
