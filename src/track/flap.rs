//! Flapping by Nagios' weights (nagioscore `base/flapping.c`): the last 21 settled states make 20
//! steps. Each step that changes counts 0.75 (oldest) to 1.25 (newest), over 20. Flapping silences
//! mail, never incidents.

use crate::model::Code;

/// How many settled states are kept.
pub const MEMORY: usize = 21;
/// Flapping starts at this share of change, in percent.
pub const START: f64 = 30.0;
/// Flapping stops at this share; between the two nothing changes.
pub const STOP: f64 = 20.0;

const STEPS: u32 = 20;
const OLDEST: f64 = 0.75;
const NEWEST: f64 = 1.25;

/// Adds a settled state and forgets the oldest beyond [`MEMORY`].
pub(super) fn remember(settled: &mut Vec<Code>, code: Code) {
    settled.push(code);
    let extra = settled.len().saturating_sub(MEMORY);
    settled.drain(..extra);
}

/// The weighted share of steps that changed, in percent. States are oldest first; with fewer than
/// 21, earlier steps count as unchanged.
#[must_use]
pub fn percent(settled: &[Code]) -> f64 {
    let slope = (NEWEST - OLDEST) / f64::from(STEPS - 1);
    let newest_first = settled.windows(2).rev().take(STEPS as usize);
    let sum: f64 = (0..STEPS)
        .zip(newest_first)
        .filter(|(_, pair)| pair[0] != pair[1])
        .map(|(age, _)| NEWEST - slope * f64::from(age))
        .sum();
    sum * 100.0 / f64::from(STEPS)
}

/// How many steps changed, out of how many that are kept.
#[must_use]
pub fn changes(settled: &[Code]) -> (usize, usize) {
    let steps = || settled.windows(2);
    (
        steps().filter(|pair| pair[0] != pair[1]).count(),
        steps().count(),
    )
}

/// Whether the status flaps now, given whether it flapped before.
#[must_use]
pub fn flaps(was: bool, settled: &[Code]) -> bool {
    let share = percent(settled);
    if was { share > STOP } else { share >= START }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn states(pattern: &str) -> Vec<Code> {
        pattern
            .chars()
            .map(|c| if c == '.' { Code::Ok } else { Code::TcpTimeout })
            .collect()
    }

    #[test]
    fn every_step_changing_is_100_percent() {
        let share = percent(&states(".x.x.x.x.x.x.x.x.x.x."));
        assert!((share - 100.0).abs() < 1e-9, "{share}");
    }

    #[test]
    fn weights_run_from_0_75_to_1_25() {
        let newest = percent(&states("....................x"));
        assert!((newest - 6.25).abs() < 1e-9, "{newest}");
        let oldest = percent(&states("x...................."));
        assert!((oldest - 3.75).abs() < 1e-9, "{oldest}");
    }

    #[test]
    fn starts_at_30_and_stops_at_20_percent() {
        let few = states("..............xx..xx.");
        assert!(percent(&few) > STOP && percent(&few) < START);
        assert!(!flaps(false, &few), "between the two nothing starts");
        assert!(flaps(true, &few), "between the two nothing stops");
        assert!(flaps(false, &states("...............x.x.x.")));
        assert!(!flaps(true, &states(".x.x.................")));
    }

    #[test]
    fn one_outage_is_no_flapping() {
        assert!(!flaps(false, &states("...........xxxx......")));
    }

    #[test]
    fn only_21_are_remembered() {
        let mut settled = Vec::new();
        for _ in 0..30 {
            remember(&mut settled, Code::Ok);
        }
        remember(&mut settled, Code::SiteLogin);
        assert_eq!(settled.len(), MEMORY);
        assert_eq!(settled.last(), Some(&Code::SiteLogin));
    }

    proptest! {
        #[test]
        fn always_between_0_and_100(bits in prop::collection::vec(any::<bool>(), 0..40)) {
            let codes: Vec<Code> =
                bits.iter().map(|&b| if b { Code::Ok } else { Code::SiteLogin }).collect();
            let share = percent(&codes);
            prop_assert!((0.0..=100.0 + 1e-9).contains(&share));
        }
    }
}
