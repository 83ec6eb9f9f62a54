//! A month of 200 sources from two vantages with 3 % of attempts failing for no reason, own outages, a
//! wide network event, and true events of several kinds: every true event is found, nothing else is.

use accesswatch::model::mail::Notice;
use accesswatch::model::{Code, Finding, IncidentKind, Time};
use chrono::TimeDelta;

use crate::support::tracking::{World, key, time, usual_locus};

const SEED: u64 = 20_230_401;
const SOURCES: u64 = 200;
const DAYS: i64 = 30;
/// Hours of a day (UTC) at which passes begin: 09:20, 15:20, 21:20 in Beijing, less the minutes.
const HOURS: [i64; 3] = [1, 7, 13];
/// Attempts in a thousand that fail for no reason.
const NOISE: u64 = 30;
const VANTAGES: [(&str, &str); 2] = [("here", "US"), ("seoul", "KR")];

/// A small generator of even quality (splitmix64), so that a seed is a history for ever.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    fn noise(&mut self) -> Option<Code> {
        const KINDS: [Code; 5] = [
            Code::TcpTimeout,
            Code::TcpReset,
            Code::TlsReset,
            Code::DnsTimeout,
            Code::HttpServerError,
        ];
        (self.roll(1000) < NOISE).then(|| KINDS[usize::try_from(self.roll(5)).unwrap()])
    }
}

/// What truly happens to a source.
struct Truth {
    source: u64,
    from: Time,
    to: Time,
    /// What each vantage gets, in their order.
    codes: [Code; 2],
    finding: Finding,
}

fn start() -> Time {
    time("2026-03-02T00:00:00Z")
}

fn truths() -> Vec<Truth> {
    let kinds: [([Code; 2], Finding); 8] = [
        ([Code::SiteGeoBlock, Code::Ok], Finding::GeoRestricted),
        ([Code::SiteLogin; 2], Finding::AccessControl),
        ([Code::ContentWithdrawn; 2], Finding::Withdrawn),
        ([Code::TcpTimeout; 2], Finding::Unreachable),
        ([Code::HttpNotFound; 2], Finding::Rot),
        ([Code::SiteChallenge; 2], Finding::ProgramRefused),
        ([Code::ContentStale; 2], Finding::Withdrawn),
        ([Code::DnsForged, Code::Ok], Finding::NetworkInterference),
    ];
    kinds
        .into_iter()
        .cycle()
        .take(16)
        .zip(0u32..)
        .map(|((codes, finding), n)| {
            let from = start() + TimeDelta::hours(60 + 29 * i64::from(n));
            Truth {
                source: 7 + 11 * u64::from(n),
                from,
                to: from + TimeDelta::hours(30 + 9 * i64::from(n % 5)),
                codes,
                finding,
            }
        })
        .collect()
}

/// On day 20 every fourth source times out from one vantage for a while: its network's doing. (On day 9
/// that vantage is offline for a pass.)
fn own_trouble(day: i64, hour: i64, vantage: usize, source: u64) -> Option<Code> {
    match (day, hour, vantage) {
        (20, 7, 0) if source.is_multiple_of(4) => Some(Code::TcpTimeout),
        _ => None,
    }
}

fn live(dice: &mut Dice, truths: &[Truth]) -> World {
    let mut world = World::new(usize::try_from(SOURCES).unwrap(), &VANTAGES);
    for (day, hour) in (0..DAYS).flat_map(|day| HOURS.map(|hour| (day, hour))) {
        let at = start() + TimeDelta::days(day) + TimeDelta::minutes(hour * 60 + 20);
        let mut making = world.pass(at);
        let offline = day == 9 && hour == 13;
        if offline {
            making = making.unusable("here", Code::VantageOffline);
        }
        for source in 0..SOURCES {
            for (n, (vantage, _)) in VANTAGES.iter().enumerate() {
                if offline && n == 0 {
                    continue;
                }
                let truth = truths
                    .iter()
                    .find(|t| t.source == source && t.from <= at && at < t.to)
                    .map_or(Code::Ok, |t| t.codes[n]);
                let truth = own_trouble(day, hour, n, source).unwrap_or(truth);
                making = making.attempts(&format!("s{source}/home"), vantage, |_| {
                    let code = dice.noise().unwrap_or(truth);
                    (code, usual_locus(code))
                });
            }
        }
        making.go();
    }
    world
}

#[test]
fn a_noisy_month_finds_every_true_event_and_nothing_else() {
    let truths = truths();
    let world = live(&mut Dice(SEED), &truths);
    let mut found = 0;
    let mut right = 0;
    for truth in &truths {
        let probe = key(&format!("s{}/home", truth.source));
        let hit = world.book.incidents.values().find(|i| {
            i.probe.as_ref() == Some(&probe) && i.first_bad >= truth.from && i.first_bad < truth.to
        });
        let Some(incident) = hit else { continue };
        found += 1;
        right += usize::from(incident.finding == truth.finding);
        let delay = incident.confirmed - truth.from;
        assert!(
            delay <= TimeDelta::hours(13),
            "#{} took {delay}",
            incident.id
        );
        let ended = incident.ended.expect("it is over");
        assert!(ended >= truth.to && ended - truth.to <= TimeDelta::hours(36));
    }
    assert_eq!(found, truths.len(), "recall, seed {SEED}");
    assert_eq!(right, truths.len(), "findings, seed {SEED}");

    let of = |kind| {
        let all = world.book.incidents.values();
        all.filter(|i| i.kind == kind && i.folded_into.is_none())
            .count()
    };
    assert_eq!(
        of(IncidentKind::Probe),
        truths.len(),
        "no false incident, seed {SEED}"
    );
    assert_eq!(of(IncidentKind::Vantage), 1);
    assert_eq!(of(IncidentKind::Network), 1);
    assert_eq!(world.open_count(), 0);

    let opened = world
        .outcomes
        .iter()
        .flat_map(|o| &o.notices)
        .filter(|n| matches!(n, Notice::Opened { .. }));
    // All but the challenges (two of the sixteen, told in the digest), and the two of our own.
    assert_eq!(opened.count(), truths.len() - 2 + 2);
}

#[test]
fn the_noise_is_really_there() {
    let mut dice = Dice(SEED);
    let failures = (0..100_000).filter(|_| dice.noise().is_some()).count();
    assert!((2_700..3_300).contains(&failures), "{failures}");
}
