//! The estimators of survival and of cumulative incidence.

/// The quantile of the normal distribution for a 95 % confidence interval.
const Z: f64 = 1.959_963_984_540_054;
/// Survival is a product of quotients: a half may be reached but for rounding.
const ROUNDING: f64 = 1e-12;

/// How long something was observed, in one unit of time since its beginning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lifetime<C> {
    /// When observing it began; before that it could not have been seen to end.
    pub entry: f64,
    /// When it ended, or was last seen.
    pub until: f64,
    /// How it ended; `None` when it was there to the last.
    pub event: Option<C>,
}

impl<C> Lifetime<C> {
    /// Whether it was observed at all.
    fn is_observed(&self) -> bool {
        self.entry.is_finite() && self.until.is_finite() && self.entry < self.until
    }
}

/// The share that remains from a time on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalStep {
    pub at: f64,
    pub at_risk: usize,
    pub events: usize,
    pub survival: f64,
    /// The 95 % confidence interval (Greenwood, log-log); `None` where nothing remains.
    pub band: Option<(f64, f64)>,
}

/// A survival curve: a step for each time at which something ended.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SurvivalCurve {
    pub steps: Vec<SurvivalStep>,
    /// The longest time that was observed.
    pub observed_until: f64,
    /// The number of lifetimes.
    pub count: usize,
}

impl SurvivalCurve {
    /// The product-limit estimate, with late entry. What was never observed is left out.
    #[must_use]
    pub fn estimate<C>(lives: &[Lifetime<C>]) -> Self {
        let risk = RiskSets::new(lives);
        let mut steps = Vec::with_capacity(risk.times.len());
        let (mut survival, mut variance) = (1.0, 0.0);
        for (at, at_risk, events) in risk.steps() {
            let (n, d) = (real(at_risk), real(events));
            survival *= 1.0 - d / n;
            variance += d / (n * (n - d));
            steps.push(SurvivalStep {
                at,
                at_risk,
                events,
                survival,
                band: band(survival, variance),
            });
        }
        Self {
            steps,
            observed_until: risk.exits.last().copied().unwrap_or(0.0),
            count: risk.exits.len(),
        }
    }

    /// The share that remains after `time`, with its band; `None` after the longest time that was
    /// observed.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<(f64, Option<(f64, f64)>)> {
        if self.count == 0 || time > self.observed_until {
            return None;
        }
        let before = self.steps.partition_point(|step| step.at <= time);
        Some(match before.checked_sub(1) {
            None => (1.0, Some((1.0, 1.0))),
            Some(last) => (self.steps[last].survival, self.steps[last].band),
        })
    }

    /// When half remain; `None` while more than half do.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let half = |step: &&SurvivalStep| step.survival <= 0.5 + ROUNDING;
        self.steps.iter().find(half).map(|step| step.at)
    }
}

/// Greenwood's variance on the log-log scale, so that the band stays between 0 and 1.
fn band(survival: f64, variance: f64) -> Option<(f64, f64)> {
    if survival <= 0.0 || !variance.is_finite() {
        return None;
    }
    let log = survival.ln();
    let width = Z * variance.sqrt() / log;
    let edge = |by: f64| (-((-log).ln() + by).exp()).exp();
    Some((edge(-width), edge(width)))
}

/// The share that was lost in one way up to a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IncidenceStep {
    pub at: f64,
    pub incidence: f64,
}

/// The cumulative incidence of one way to be lost among several.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CumulativeIncidence {
    pub steps: Vec<IncidenceStep>,
    pub observed_until: f64,
}

impl CumulativeIncidence {
    /// The share that was lost up to `time`; `None` after the longest time that was observed.
    #[must_use]
    pub fn at(&self, time: f64) -> Option<f64> {
        if time > self.observed_until {
            return None;
        }
        let before = self.steps.partition_point(|step| step.at <= time);
        let last = before.checked_sub(1);
        Some(last.map_or(0.0, |last| self.steps[last].incidence))
    }
}

/// The cumulative incidence of `cause`, with the other causes as competing risks.
#[must_use]
pub fn cumulative_incidence<C: PartialEq>(lives: &[Lifetime<C>], cause: &C) -> CumulativeIncidence {
    let risk = RiskSets::new(lives);
    let mut own: Vec<f64> = lives
        .iter()
        .filter(|life| life.is_observed() && life.event.as_ref() == Some(cause))
        .map(|life| life.until)
        .collect();
    own.sort_by(f64::total_cmp);
    let mut steps = Vec::new();
    let (mut survival, mut incidence, mut seen) = (1.0, 0.0, 0);
    for (at, at_risk, events) in risk.steps() {
        let n = real(at_risk);
        let up_to = own.partition_point(|time| *time <= at);
        if up_to > seen {
            incidence += survival * real(up_to - seen) / n;
            steps.push(IncidenceStep { at, incidence });
            seen = up_to;
        }
        survival *= 1.0 - real(events) / n;
    }
    CumulativeIncidence {
        steps,
        observed_until: risk.exits.last().copied().unwrap_or(0.0),
    }
}

/// Who is observed when.
struct RiskSets {
    entries: Vec<f64>,
    exits: Vec<f64>,
    /// The times of events, each once, with their number.
    times: Vec<(f64, usize)>,
}

impl RiskSets {
    fn new<C>(lives: &[Lifetime<C>]) -> Self {
        let observed = || lives.iter().filter(|life| life.is_observed());
        let sorted = |mut times: Vec<f64>| {
            times.sort_by(f64::total_cmp);
            times
        };
        let events = observed().filter(|life| life.event.is_some());
        let mut times: Vec<(f64, usize)> = Vec::new();
        for at in sorted(events.map(|life| life.until).collect()) {
            match times.last_mut() {
                Some((last, count)) if last.total_cmp(&at).is_eq() => *count += 1,
                _ => times.push((at, 1)),
            }
        }
        Self {
            entries: sorted(observed().map(|life| life.entry).collect()),
            exits: sorted(observed().map(|life| life.until).collect()),
            times,
        }
    }

    /// The time of each event, how many were observed just before it, and how many ended.
    fn steps(&self) -> impl Iterator<Item = (f64, usize, usize)> + '_ {
        self.times.iter().map(|(at, events)| {
            let entered = self.entries.partition_point(|entry| entry < at);
            let left = self.exits.partition_point(|exit| exit < at);
            (*at, entered - left, *events)
        })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of links are below 2^52"
)]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
#[path = "estimate_tests.rs"]
mod tests;
