//! The simulation of `examples/simulate`, small: six weeks of noise, own outages, failing networks and true
//! events through the real core. Every true event is found and rightly named, nothing else is.

#[path = "../../examples/simulate/simulation/mod.rs"]
mod simulation;

use accesswatch::model::Code;
use simulation::all::simulate;
use simulation::truth::{DAY, KINDS};
use simulation::weather::{Noise, Weather};
use simulation::world::Size;

use crate::support::tracking;

const SEED: u64 = 7;
const SIZE: Size = Size {
    sources: 24,
    days: 42,
};

fn noise(percent: f64) -> Noise {
    Noise {
        per_attempt: percent / 100.0,
        in_hiccups: 0.01,
    }
}

#[test]
fn six_noisy_weeks_find_every_true_event_and_nothing_else() {
    let line = simulate(&[SEED], SIZE, noise(3.0));
    let own = &line.own;
    assert!(own.events >= 10, "{} events, seed {SEED}", own.events);
    assert_eq!(own.missed, [], "seed {SEED}");
    assert!(own.recall() >= 1.0, "{}, seed {SEED}", own.recall());
    assert!(own.dated() >= 0.95, "{}, seed {SEED}", own.dated());
    let right = own.right_findings();
    assert!(right >= 1.0, "{right}: {:?}, seed {SEED}", own.findings);
    let wrong = own.per_1000(own.false_alarms);
    assert!(wrong <= 0.0, "{wrong}, seed {SEED}");
    assert_eq!((own.false_by_network, own.false_mailed), (0, 0));
    assert!(line.rounds > 7 * 6 * 24 * 8, "{} rounds", line.rounds);
    // Within the round it began in: three confirmations after 20, 60 and 180 s.
    assert!(own.delay(50) <= 600, "{} s, seed {SEED}", own.delay(50));
    let ends = &line.own_end;
    assert!(
        ends.outages >= 1 && ends.networks >= 1,
        "{ends:?}, seed {SEED}"
    );
    assert_eq!(ends.outages_found, ends.outages, "seed {SEED}");
    assert_eq!(ends.networks_found, ends.networks, "seed {SEED}");
    assert_eq!(ends.false_alarms, 0, "seed {SEED}");
    // The same history by other rules.
    assert!(line.three_strikes.false_alarms > 0, "seed {SEED}");
    assert!(line.cusum.delay(50) > own.delay(50), "seed {SEED}");
}

#[test]
fn the_noise_is_as_loud_as_it_says_and_partly_in_hiccups() {
    let quiet = |share: f64| Noise {
        per_attempt: 0.1,
        in_hiccups: share,
    };
    let (sources, seconds) = (20, 200 * DAY);
    // How often an attempt fails, and how often one fails 20 s after one that failed.
    let heard = |share: f64| {
        let weather = Weather::new(SEED, sources, 1, seconds, quiet(share));
        let (mut looks, mut failed, mut again) = (0_u32, 0_u32, 0_u32);
        for source in 0..sources {
            for at in (0..seconds).step_by(3_607) {
                if weather.is_cut_off(0, at) || weather.wide_at(0, at).is_some() {
                    continue;
                }
                looks += 1;
                if weather.fails(source, 0, at).is_some() {
                    failed += 1;
                    again += u32::from(weather.fails(source, 0, at + 20).is_some());
                }
            }
        }
        (
            f64::from(failed) / f64::from(looks),
            f64::from(again) / f64::from(failed),
        )
    };
    for (share, expected_again) in [
        (0.0, 0.1),
        (0.5, 0.1 + 0.9 * 0.5 * (-20.0_f64 / 90.0).exp()),
    ] {
        let (failed, again) = heard(share);
        assert!(
            (failed - 0.1).abs() < 0.01,
            "{failed} with {share} in hiccups"
        );
        assert!(
            (again - expected_again).abs() < 0.05,
            "{again} with {share} in hiccups"
        );
    }
}

#[test]
fn events_of_every_finding_that_an_event_can_have() {
    let mut findings: Vec<_> = KINDS
        .iter()
        .flat_map(|k| k.iter())
        .map(|k| k.finding)
        .collect();
    findings.dedup();
    assert_eq!(findings, accesswatch::model::Finding::ALL[2..]);
    for kind in KINDS.iter().flat_map(|kinds| kinds.iter()) {
        assert!(kind.hours.0 >= 13, "a round of every vantage falls into it");
        let opens = |code: &Code| code.severity() >= Some(2);
        assert!(kind.seen.iter().any(opens), "{kind:?} opens an incident");
    }
}
