//! A year of 10,000 links with noise, outages, hosts that die, and sites that close to one country
//! and come back.

use chrono::TimeDelta;

use super::*;
use crate::model::link::LinkObservation::{self, Declined, Failed, Refused, Rot, Served};
use crate::model::link::LinkState;
use crate::model::link_status::{LinkEventKind, LinkStatus};
use crate::model::time::from_micros;
use crate::model::{Code, Time};

const LINKS: usize = 10_000;
const LINKS_PER_HOST: usize = 25;
const YEAR: i64 = 365;
/// How many of a hundred fetches of a healthy page fail.
const NOISE_PERCENT: u64 = 5;

/// A generator of random numbers, the same ones in every run (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

/// What happens to a host or a link, on days of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Healthy,
    /// The page is not found from this day on.
    Dies(i64),
    /// The name of the host is no longer known from this day on.
    HostDies(i64),
    /// The host does not answer for two days.
    Outage(i64),
    /// The page is not found for 100 days.
    Returns(i64),
    /// The site closes to the country of the second vantage for 60 days.
    Closes(i64),
}

fn truth(fate: Fate, day: i64, vantage: usize) -> (LinkObservation, Code) {
    let served = (Served, Code::Ok);
    match fate {
        Fate::Dies(from) if day >= from => (Rot, Code::HttpNotFound),
        Fate::HostDies(from) if day >= from => (Rot, Code::DnsNxdomain),
        Fate::Outage(from) if (from..from + 2).contains(&day) => (Failed, Code::TcpTimeout),
        Fate::Returns(from) if (from..from + 100).contains(&day) => (Rot, Code::HttpNotFound),
        Fate::Closes(from) if vantage == 1 && (from..from + 60).contains(&day) => {
            (Refused, Code::SiteGeoBlock)
        }
        _ => served,
    }
}

fn noise(dice: &mut Dice) -> (LinkObservation, Code) {
    match dice.below(5) {
        0 => (Rot, Code::HttpNotFound),
        1 => (Declined, Code::HttpForbidden),
        2 => (Failed, Code::HttpServerError),
        3 => (Failed, Code::TcpReset),
        _ => (Failed, Code::TcpTimeout),
    }
}

/// What one vantage observes of a link. Any answer but a served page is asked for again: it counts
/// when it comes twice, and a page that is then served counts at once.
fn seen(fate: Fate, day: i64, vantage: usize, dice: &mut Dice) -> (Option<LinkObservation>, Code) {
    let mut once = || {
        let real = truth(fate, day, vantage);
        let is_noisy = real.0 == Served && dice.below(100) < NOISE_PERCENT;
        if is_noisy { noise(dice) } else { real }
    };
    let (first, code) = once();
    if first == Served {
        return (Some(first), code);
    }
    let (second, code) = once();
    (
        (first == second || second == Served).then_some(second),
        code,
    )
}

fn fates(dice: &mut Dice) -> Vec<Fate> {
    let day = |dice: &mut Dice| 20 + i64::try_from(dice.below(200)).unwrap();
    let mut all = Vec::new();
    for _ in 0..LINKS / LINKS_PER_HOST {
        let of_host = match dice.below(100) {
            0..5 => Fate::HostDies(day(dice)),
            5..25 => Fate::Outage(day(dice)),
            25..30 => Fate::Closes(day(dice)),
            _ => Fate::Healthy,
        };
        for _ in 0..LINKS_PER_HOST {
            all.push(match (of_host, dice.below(100)) {
                (Fate::Healthy, 0..8) => Fate::Dies(day(dice)),
                (Fate::Healthy, 8..10) => Fate::Returns(day(dice)),
                _ => of_host,
            });
        }
    }
    all
}

fn start() -> Time {
    from_micros(1_767_225_600_000_000)
}

#[derive(Default)]
struct LinkYear {
    status: LinkStatus,
    gone_on: Option<i64>,
    back_on: Option<i64>,
    blocked_on: Vec<i64>,
}

fn checked(fate: Fate, day: i64, vantages: usize, dice: &mut Dice) -> LinkCheck {
    let at = start() + TimeDelta::days(day);
    let mut check = LinkCheck::new(at);
    for vantage in 0..vantages {
        let (observation, code) = seen(fate, day, vantage, dice);
        check.sightings.push(LinkSighting {
            vantage: ["here", "kr"][vantage].into(),
            network: ["AS1", "AS2"][vantage].to_owned(),
            at,
            code,
            observation,
            is_notice: false,
            redirect: None,
            record: None,
        });
    }
    check
}

/// Simulates the year; returns what was observed of each link, and the number of checks.
fn year(fates: &[Fate], vantages: usize, dice: &mut Dice) -> (Vec<LinkYear>, usize) {
    let policy = LinkPolicy::new(
        TimeDelta::days(7),
        TimeDelta::days(3),
        20_000,
        fates.len() as u64,
    );
    let mut lives: Vec<LinkYear> = fates.iter().map(|_| LinkYear::default()).collect();
    let mut checks = 0;
    for day in 0..YEAR {
        let now = start() + TimeDelta::days(day);
        let due: Vec<usize> = (0..fates.len())
            .filter(|n| lives[*n].status.due.is_none_or(|due| due <= now))
            .collect();
        let mut pass: Vec<LinkInPass> = due
            .iter()
            .map(|n| LinkInPass {
                host: (n / LINKS_PER_HOST).to_string(),
                status: std::mem::take(&mut lives[*n].status),
                check: checked(fates[*n], day, vantages, dice),
                is_geo_restricted: false,
                event: None,
            })
            .collect();
        checks += pass.len();
        advance_pass(&mut pass, &policy);
        for (n, link) in due.into_iter().zip(pass) {
            let life = &mut lives[n];
            life.status = link.status;
            let Some(event) = link.event else { continue };
            match (event.kind, event.to) {
                (LinkEventKind::Back, _) => life.back_on = Some(day),
                (_, LinkState::Gone) => life.gone_on = life.gone_on.or(Some(day)),
                (_, LinkState::Blocked) => life.blocked_on.push(day),
                _ => {}
            }
        }
    }
    (lives, checks)
}

#[test]
fn in_a_year_of_ten_thousand_links_what_dies_is_found_and_nothing_else_is_gone() {
    for vantages in [2, 1] {
        let mut dice = Dice(13);
        let fates = fates(&mut dice);
        let (lives, checks) = year(&fates, vantages, &mut dice);
        let (mut found, mut died, mut latest) = (0, 0, 0);
        let (mut returned, mut back, mut closed, mut blocked) = (0, 0, 0, 0);
        for (fate, life) in fates.iter().zip(&lives) {
            match fate {
                Fate::Dies(from) | Fate::HostDies(from) => {
                    died += 1;
                    let on = life.gone_on.expect("what died is found");
                    assert!(on >= *from, "{fate:?}: gone on {on}");
                    latest = latest.max(on - from);
                    found += 1;
                }
                Fate::Returns(from) => {
                    returned += 1;
                    assert!(life.gone_on.is_some_and(|on| on >= *from), "{fate:?}");
                    back += usize::from(life.back_on.is_some_and(|on| on >= from + 100));
                }
                Fate::Closes(from) => {
                    assert_eq!(life.gone_on, None, "{fate:?}");
                    closed += usize::from(vantages > 1);
                    let window = *from..from + 60;
                    let is_seen = life.blocked_on.iter().any(|on| window.contains(on));
                    blocked += usize::from(is_seen);
                    assert_ne!(life.status.state, LinkState::Gone);
                }
                Fate::Healthy | Fate::Outage(_) => {
                    assert_eq!(life.gone_on, None, "{fate:?}: a healthy link is gone");
                }
            }
        }
        println!(
            "{vantages} vantages: {checks} checks; {found} of {died} found, the latest after \
             {latest} days; {back} of {returned} back; {blocked} of {closed} blocked"
        );
        assert_eq!(found, died);
        assert_eq!(back, returned);
        assert!(latest <= 21, "found after {latest} days");
        assert!(vantages == 1 || blocked == closed);
    }
}
