//! Two other programs' rules on the same histories, written again from their documentation and
//! source as comparators.
//!
//! Both get help that they would not have in practice: the same verdicts on what a page holds, and
//! our word that a vantage is cut off, so that they skip its checks (as Nagios does by parent
//! hosts; OONI leaves out measurements whose control failed). A source counts as down while any
//! vantage has it as down. Neither has findings.
//!
//! * **Three strikes** (Nagios: `max_check_attempts` 3, `retry_interval` 1 minute): a check that
//!   fails is repeated twice, a minute apart; three failures in a row make the state hard. One good
//!   check ends it.
//! * **CUSUM** (OONI's detector, after Basseville and Nikiforov 1993, 2.2.5): a round is one
//!   measurement, scored 1 when it fails and 0 when not. While a series is ok `s = max(0, s + y -
//!   0.35)`, while blocked `s = max(0, s + 0.35 - y)`, and the state changes when s passes 3.5,
//!   which sets s to 0. A gap g of more than a day leaves `s * 0.5^(g / 48 h)`. The first state
//!   raises no alarm. Records are not repeated.

use accesswatch::model::Code;

use super::score::Alarm;
use super::truth::HOUR;
use super::world::{VANTAGES, World};

/// A rule that watches one (source, vantage).
trait Watch {
    /// Checks in the round that begins at `at`; `is_bad` is the result of a check at a moment.
    /// Returns when the present state became known.
    fn look(&mut self, at: i64, is_bad: &dyn Fn(i64) -> bool) -> i64;
    fn is_down(&self) -> bool;
}

#[derive(Default)]
struct ThreeStrikes {
    down: bool,
}

impl Watch for ThreeStrikes {
    fn look(&mut self, at: i64, is_bad: &dyn Fn(i64) -> bool) -> i64 {
        if self.down {
            self.down = is_bad(at);
            return at;
        }
        self.down = [0, 60, 120].into_iter().all(|after| is_bad(at + after));
        at + 120
    }

    fn is_down(&self) -> bool {
        self.down
    }
}

/// OONI's numbers: the middle of 0 and 0.7, and a threshold of 10 cells' expected delay times 0.7 /
/// 2.
const DRIFT: f64 = 0.35;
const THRESHOLD: f64 = 3.5;

#[derive(Default)]
struct Cusum {
    blocked: Option<bool>,
    sum: f64,
    last: Option<i64>,
}

impl Watch for Cusum {
    fn look(&mut self, at: i64, is_bad: &dyn Fn(i64) -> bool) -> i64 {
        let bad = is_bad(at);
        let score = f64::from(u8::from(bad));
        let Some(blocked) = self.blocked else {
            (self.blocked, self.last) = (Some(bad), Some(at));
            return at;
        };
        let gap = i32::try_from(at - self.last.unwrap_or(at)).unwrap_or(i32::MAX);
        if i64::from(gap) > 24 * HOUR {
            self.sum *= 0.5_f64.powf(f64::from(gap) / 172_800.0);
        }
        self.last = Some(at);
        let step = if blocked {
            DRIFT - score
        } else {
            score - DRIFT
        };
        self.sum = (self.sum + step).max(0.0);
        if self.sum > THRESHOLD {
            (self.blocked, self.sum) = (Some(!blocked), 0.0);
        }
        at
    }

    fn is_down(&self) -> bool {
        self.blocked == Some(true)
    }
}

/// Nagios' rule.
#[must_use]
pub fn three_strikes(world: &World) -> Vec<Alarm> {
    watch(world, ThreeStrikes::default)
}

/// OONI's rule.
#[must_use]
pub fn cusum(world: &World) -> Vec<Alarm> {
    watch(world, Cusum::default)
}

fn watch<W: Watch>(world: &World, new: impl Fn() -> W) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for source in 0..world.size.sources {
        let mut states: Vec<W> = (0..VANTAGES.len()).map(|_| new()).collect();
        let mut open: Option<Alarm> = None;
        for pass in world.passes() {
            let at = World::round_start(pass, source);
            let mut known = at;
            for (vantage, state) in states.iter_mut().enumerate() {
                if world.weather.is_cut_off(vantage, at) {
                    continue;
                }
                let was = state.is_down();
                let is_bad = |t: i64| world.sees(source, vantage, t) != Code::Ok;
                let told = state.look(at, &is_bad);
                if state.is_down() && !was {
                    known = known.max(told);
                }
            }
            match (&mut open, states.iter().any(Watch::is_down)) {
                (None, true) => open = Some(Alarm::of(source, at, known)),
                (Some(alarm), false) => {
                    alarm.ended = Some(at);
                    alarms.extend(open.take());
                }
                _ => {}
            }
        }
        alarms.extend(open);
    }
    alarms
}
