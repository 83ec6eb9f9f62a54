//! A small simulation of `examples/simulate`: six weeks of noise, failures of our own, failing
//! networks and true events through the engine's own pass. Every true event is found and rightly
//! named, and nothing else is.

#[path = "../../../examples/simulate/simulation/mod.rs"]
#[allow(clippy::module_inception)] // the name that the example gives it
mod simulation;

use std::borrow::Cow;

use accesswatch::engine::judgement::Judgement;
use accesswatch::judge::Judge;
use accesswatch::model::discriminator::{Discriminator, DiscriminatorStep};
use accesswatch::model::page::History;
use accesswatch::model::{Code, Locus};
use simulation::all::simulate;
use simulation::answers::{Asked, forged_reply, record, signatures};
use simulation::truth::{DAY, KINDS};
use simulation::weather::{Noise, TRANSIENT, Weather};
use simulation::world::{Size, World, key, moment};

use crate::support::{timeline, tracking};

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
    let line = simulate(&[SEED], SIZE, noise(3.0)).unwrap();
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
    // Within the round in which it began: three confirmations after 20, 60 and 180 s.
    assert!(own.delay(50) <= 600, "{} s, seed {SEED}", own.delay(50));
    let ends = &line.own_end;
    assert!(
        ends.outages >= 1 && ends.networks >= 1,
        "{ends:?}, seed {SEED}"
    );
    assert_eq!(ends.outages_found, ends.outages, "seed {SEED}");
    assert_eq!(ends.networks_found, ends.networks, "seed {SEED}");
    assert_eq!(ends.false_alarms, 0, "seed {SEED}");
    // The same history under other rules.
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
    // How often an attempt fails, and how often an attempt fails 20 s after a failed one.
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

#[test]
fn every_answer_is_read_as_what_it_is() {
    let size = Size {
        sources: 1,
        days: 1,
    };
    let context = World::new(SEED, size, noise(0.0));
    let judge = Judge::new(&context.catalogue, &signatures());
    let probe = context.catalogue.probe(&key(0)).unwrap();
    let url = probe.target.to_string();
    let (vantage, round) = (&context.settings.vantages[0], "r".into());
    let asked = Asked {
        url: &url,
        source: "s0",
        probe: "home",
        vantage,
        round: &round,
        attempt: 0,
        control: false,
        at: moment(DAY),
    };
    let healthy = judge.snapshot(&record(asked, Code::Ok), probe).unwrap();
    let nothing = History::new();
    let seen = KINDS.iter().flat_map(|k| k.iter()).flat_map(|k| k.seen);
    let ours = [Code::Ok, Code::TcpUnreachable, Code::SkippedBackOff];
    for code in seen.chain(TRANSIENT).chain(ours) {
        let answer = Cow::Owned(record(asked, code));
        let mut judgement = Judgement::begin(&judge, Some(probe), &nothing, answer);
        if judgement.wants_healthy_page() {
            judgement.compare_with_healthy(healthy.clone());
        }
        while let Some((kind, _)) = judgement.wanted_reference() {
            let other = record(asked, Code::HttpNotFound);
            judgement.compare_with(judge.reference(kind, &other).0);
        }
        assert_eq!(judgement.verdict().code, code);
        if code.is_transport() && judgement.wants_discriminators() {
            let mut asked = Discriminator::new(DiscriminatorStep::Reference, "s0.example", 1);
            asked.queries.push(forged_reply("s0.example"));
            judgement.attach_discriminators(vec![asked]);
            assert_eq!(judgement.verdict().code, code);
            assert_eq!(judgement.verdict().locus, Locus::Network, "{code}");
        }
    }
}
