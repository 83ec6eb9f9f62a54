//! Failures that no source causes: noise, our own outages, networks that fail for many sources at
//! once.
//!
//! **Noise.** At a level of p, an attempt fails with probability p for no reason at its source.
//! Most of these failures are independent (a lost packet, a connection that a busy machine
//! dropped): the next attempt rolls anew. A share of them, `in_hiccups`, comes in hiccups: a fault
//! between one vantage and one source lasts without pause for a time drawn from an exponential
//! distribution with a mean of 90 seconds, so that a long one covers every attempt of a round
//! (which end four and a half minutes after the first). Hiccups of different sources and vantages
//! are independent. With 1 % of the noise in hiccups, at a level of 3 % each (source, vantage) has
//! one every three and a half days, at 10 % one a day. A twentieth of the independent failures are
//! no failures of transport but an answer with nothing in it.
//!
//! **Own outages.** Each vantage is cut off for one to 24 hours about eight times a year:
//! everything fails, its controls too.
//!
//! **Networks.** About six times a year each vantage loses between 30 and 80 % of the sources for
//! two to 20 hours while its controls pass; in half of these times the path controls fail too.
//! These failures are reported as one incident or not at all: an incident that blames a source for
//! one is false.

use accesswatch::model::Code;

use super::dice::Dice;
use super::truth::{DAY, HOUR};

/// The level of noise.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    /// Probability that an attempt fails for no reason at its source.
    pub per_attempt: f64,
    /// Share of these failures that comes in hiccups.
    pub in_hiccups: f64,
}

/// Mean length of a hiccup, in seconds.
pub const HICCUP: f64 = 90.0;

/// From one second to another, without the latter.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    #[must_use]
    pub fn holds(&self, at: i64) -> bool {
        self.from <= at && at < self.to
    }
}

/// A vantage's network that fails for a part of the sources.
#[derive(Debug)]
pub struct Wide {
    pub span: Span,
    pub share: f64,
    pub code: Code,
    pub path_fails: bool,
    id: u64,
}

#[derive(Debug)]
pub struct Weather {
    seed: u64,
    alone: f64,
    /// By source, then vantage.
    hiccups: Vec<Vec<Vec<(Span, Code)>>>,
    /// By vantage.
    pub outages: Vec<Vec<Span>>,
    pub wide: Vec<Vec<Wide>>,
}

/// The codes of noise.
pub const TRANSIENT: [Code; 8] = [
    Code::TcpTimeout,
    Code::TcpTimeout,
    Code::TcpReset,
    Code::TlsReset,
    Code::TlsTimeout,
    Code::DnsTimeout,
    Code::HttpTimeout,
    Code::HttpServerError,
];

impl Weather {
    #[must_use]
    pub fn new(seed: u64, sources: usize, vantages: usize, seconds: i64, noise: Noise) -> Self {
        let together = noise.per_attempt * noise.in_hiccups;
        let pair = |source: usize, vantage: usize| {
            let mut dice = Dice::new(seed, &[2, source as u64, vantage as u64]);
            hiccups(&mut dice, together, seconds)
        };
        let pairs = |source| (0..vantages).map(|v| pair(source, v)).collect();
        Self {
            seed,
            alone: noise.per_attempt - together,
            hiccups: (0..sources).map(pairs).collect(),
            outages: (0..vantages).map(|v| outages(seed, v, seconds)).collect(),
            wide: (0..vantages).map(|v| wide(seed, v, seconds)).collect(),
        }
    }

    /// Whether the vantage is cut off.
    #[must_use]
    pub fn is_cut_off(&self, vantage: usize, at: i64) -> bool {
        self.outages[vantage].iter().any(|o| o.holds(at))
    }

    /// The network failure of the vantage at this time.
    #[must_use]
    pub fn wide_at(&self, vantage: usize, at: i64) -> Option<&Wide> {
        self.wide[vantage].iter().find(|w| w.span.holds(at))
    }

    /// The code of an attempt that does not reach its source.
    #[must_use]
    pub fn fails(&self, source: usize, vantage: usize, at: i64) -> Option<Code> {
        if self.is_cut_off(vantage, at) {
            return Some(Code::TcpUnreachable);
        }
        if let Some(wide) = self.wide_at(vantage, at)
            && Dice::new(self.seed, &[3, wide.id, source as u64]).chance(wide.share)
        {
            return Some(wide.code);
        }
        let hiccups = &self.hiccups[source][vantage];
        let next = hiccups.partition_point(|(span, _)| span.to <= at);
        if let Some((span, code)) = hiccups.get(next)
            && span.holds(at)
        {
            return Some(*code);
        }
        let key = [4, source as u64, vantage as u64, at.cast_unsigned()];
        let mut dice = Dice::new(self.seed, &key);
        dice.chance(self.alone).then(|| {
            if dice.chance(0.05) {
                Code::ContentEmpty
            } else {
                *dice.pick(&TRANSIENT)
            }
        })
    }
}

fn hiccups(dice: &mut Dice, share: f64, seconds: i64) -> Vec<(Span, Code)> {
    let mut found = Vec::new();
    if share <= 0.0 {
        return found;
    }
    let mut at = 0;
    loop {
        let from = at + dice.wait(HICCUP * (1.0 - share) / share);
        if from >= seconds {
            return found;
        }
        at = from + dice.wait(HICCUP);
        found.push((Span { from, to: at }, *dice.pick(&TRANSIENT)));
    }
}

fn outages(seed: u64, vantage: usize, seconds: i64) -> Vec<Span> {
    let mut dice = Dice::new(seed, &[5, vantage as u64]);
    let mut found = Vec::new();
    let mut at = 2 * DAY;
    loop {
        let from = at + dice.wait(44.0 * 86_400.0);
        at = from + dice.between(HOUR, DAY);
        if at + DAY > seconds {
            return found;
        }
        found.push(Span { from, to: at });
    }
}

fn wide(seed: u64, vantage: usize, seconds: i64) -> Vec<Wide> {
    let mut dice = Dice::new(seed, &[6, vantage as u64]);
    let mut found = Vec::new();
    let mut at = 3 * DAY;
    loop {
        let from = at + dice.wait(58.0 * 86_400.0);
        at = from + dice.between(2 * HOUR, 20 * HOUR);
        if at + DAY > seconds {
            return found;
        }
        found.push(Wide {
            span: Span { from, to: at },
            share: 0.3 + 0.5 * dice.unit(),
            code: *dice.pick(&[Code::TcpTimeout, Code::TlsReset, Code::DnsTimeout]),
            path_fails: dice.chance(0.5),
            id: (vantage as u64) << 32 | found.len() as u64,
        });
    }
}
