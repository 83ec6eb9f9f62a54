//! The histories lived through by accesswatch's own core, pass by pass, in the order of `engine::measure` and
//! `engine::pass`: controls, rounds with their confirmations, controls again where something would turn worse,
//! path controls, then the tracker.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use accesswatch::judge::settle::{self, Next};
use accesswatch::judge::track;
use accesswatch::model::Observation;
use accesswatch::model::book::Book;
use accesswatch::model::event::PassOutcome;
use accesswatch::model::incident::{BrowserResult, HumanCheck, MailState};
use accesswatch::model::mail::Notice;
use accesswatch::model::round::{Attempt, Pass, Round, VantageRound};
use accesswatch::model::{Code, Incident, Locus, Status, VantageId};
use accesswatch::net::pace::BackOffs;

use super::tracking::vantage_round;
use super::world::{VANTAGES, World, key, moment, second, takes};

/// Everything that came of it.
#[derive(Debug, Default)]
pub struct Lived {
    /// Every incident as it stood at last.
    pub incidents: BTreeMap<i64, Incident>,
    /// Those whose opening was mailed.
    pub mailed: BTreeSet<i64>,
    /// Rounds that were made.
    pub rounds: u64,
}

/// Lives through all passes of a world.
#[must_use]
pub fn live(world: &World) -> Lived {
    let mut life = Life {
        world,
        book: Book::default(),
        back_offs: BackOffs::new(&world.settings.politeness),
        lived: Lived::default(),
    };
    for start in world.passes() {
        life.pass(start);
    }
    life.lived
}

struct Life<'w> {
    world: &'w World,
    book: Book,
    back_offs: BackOffs,
    lived: Lived,
}

impl Life<'_> {
    fn pass(&mut self, start: i64) {
        let mut vantages: Vec<VantageRound> = (0..VANTAGES.len())
            .map(|v| self.controls(v, start))
            .collect();
        let mut rounds = Vec::new();
        for source in 0..self.world.size.sources {
            for vantage in (0..VANTAGES.len()).filter(|v| vantages[*v].usable) {
                rounds.push(self.round(source, vantage, start));
            }
        }
        let ends = rounds
            .iter()
            .flat_map(|r| &r.attempts)
            .map(|a| second(a.started));
        let end = ends.max().unwrap_or(start) + 30;
        for (vantage, checked) in vantages.iter_mut().enumerate() {
            let turning = rounds.iter().any(|r| {
                let status = self.status(r);
                r.vantage == checked.vantage && settle::needs_controls_again(status, &r.attempts)
            });
            if turning {
                *checked = self.controls(vantage, end);
            }
        }
        rounds.retain(|r| vantages.iter().all(|v| v.vantage != r.vantage || v.usable));
        self.lived.rounds += rounds.len() as u64;
        let path_controls = (0..VANTAGES.len())
            .filter(|v| vantages[*v].usable)
            .map(|v| (VANTAGES[v].0.into(), self.path_controls(v, end), 2))
            .collect();
        let pass = Pass {
            at: moment(end),
            vantages,
            rounds,
            path_controls,
        };
        let (catalogue, settings) = (&self.world.catalogue, &self.world.settings);
        let outcome = track::track(&mut self.book, &pass, catalogue, settings);
        self.keep(outcome);
        self.look(end);
    }

    /// A vantage works when one of its controls passes within three tries; noise alone never fails all nine.
    fn controls(&self, vantage: usize, at: i64) -> VantageRound {
        let off = self.world.weather.is_cut_off(vantage, at);
        vantage_round(
            VANTAGES[vantage].0,
            moment(at),
            off.then_some(Code::VantageOffline),
        )
    }

    fn path_controls(&self, vantage: usize, at: i64) -> u32 {
        let wide = self.world.weather.wide_at(vantage, at);
        2 * u32::from(wide.is_some_and(|w| w.path_fails))
    }

    fn status(&self, round: &Round) -> Option<&Status> {
        let key = (round.probe.clone(), round.vantage.clone());
        self.book.statuses.get(&key)
    }

    /// One round as `engine::round` makes it.
    fn round(&self, source: usize, vantage: usize, pass: i64) -> Round {
        let mut round = Round {
            id: format!("{pass}-{source}-{vantage}").as_str().into(),
            probe: key(source),
            vantage: VANTAGES[vantage].0.into(),
            attempts: Vec::new(),
        };
        let host = format!("s{source}.example");
        let mut at = World::round_start(pass, source);
        if self
            .back_offs
            .active(&round.vantage, &host, moment(at))
            .is_some()
        {
            round
                .attempts
                .push(attempt(&round, at, (Code::SkippedBackOff, Locus::Unknown)));
            return round;
        }
        let status = self.status(&round).cloned();
        let confirm = &self.world.settings.confirm;
        while let Next::Again { after } = settle::next(status.as_ref(), &round.attempts, confirm) {
            at += i64::try_from(after.as_secs()).unwrap_or_default();
            let (code, locus) = self.world.sees(source, vantage, at);
            round.attempts.push(attempt(&round, at, (code, locus)));
            at += takes(code);
            if code.demands_manners() {
                self.keep_manners(&round.vantage, &host, code, at, status.as_ref());
            }
        }
        round
    }

    fn keep_manners(
        &self,
        vantage: &VantageId,
        host: &str,
        code: Code,
        at: i64,
        status: Option<&Status>,
    ) {
        let is_baseline = status.and_then(|s| s.baseline) == Some(code);
        self.back_offs
            .back_off(vantage, host, code, moment(at), is_baseline);
    }

    fn keep(&mut self, outcome: PassOutcome) {
        let moved = outcome.incidents.into_iter().map(|i| (i.id, i));
        self.lived.incidents.extend(moved);
        let opened = outcome.notices.iter().filter_map(|n| match n {
            Notice::Opened { incident } => Some(*incident),
            _ => None,
        });
        self.lived.mailed.extend(opened);
    }

    /// An hour after the mail came, somebody in the mainland looks, where the event has such a person.
    fn look(&mut self, end: i64) {
        let at = end + 3600;
        let events = self.world.events.iter().flatten();
        for event in events.filter(|e| e.kind.looked_at && e.from <= at && at < e.to) {
            let open = self.book.open_incident_of(&key(event.source));
            let asked = open.filter(|i| i.mail == MailState::Mailed && i.human_checks.is_empty());
            let Some(id) = asked.map(|i| i.id) else {
                continue;
            };
            let check = HumanCheck {
                at: moment(at),
                browser: BrowserResult::Refused,
                network: "a colleague's office, CN".to_owned(),
                saw: None,
                by: None,
            };
            let (catalogue, settings) = (&self.world.catalogue, &self.world.settings);
            let seen = track::observe(&mut self.book, id, check, catalogue, settings);
            if let Ok(outcome) = seen {
                self.keep(outcome);
            }
        }
    }
}

fn attempt(round: &Round, at: i64, (code, locus): (Code, Locus)) -> Attempt {
    let number = round.attempts.len();
    Attempt {
        uid: format!("{}-{number}", round.id).as_str().into(),
        attempt: u32::try_from(number).unwrap_or_default(),
        started: moment(at),
        observed: Observation::new(code, locus),
        elsewhere: None,
        told: None,
    }
}
