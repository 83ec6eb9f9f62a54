//! A small setting for the tracker: sources, vantages, and passes whose rounds are made as the
//! engine makes them (attempts until `settle::next` is done).

use accesswatch::model::Observation;
use accesswatch::model::event::{EventKind, PassOutcome};
use accesswatch::model::mail::Notice;
use accesswatch::model::probe::{Level, Probe};
use accesswatch::model::round::{Attempt, ControlResult, Pass, Round, VantageRound};
use accesswatch::model::settings::Settings;
use accesswatch::model::tracker_state::TrackerState;
use accesswatch::model::{Catalogue, Code, Incident, Locus, ProbeKey, Status, Time};
use accesswatch::track::settle;
use accesswatch::track::settle::NextAttempt;
use accesswatch::track::track;
use chrono::TimeDelta;

use super::tracked::source;
pub use super::tracked::{probe, settings};

pub fn time(text: &str) -> Time {
    text.parse().unwrap()
}

/// 10:00 in Beijing on a Monday.
pub fn morning() -> Time {
    time("2026-03-02T02:00:00Z")
}

pub fn key(text: &str) -> ProbeKey {
    text.parse().unwrap()
}

/// The usual locus of a code.
pub fn usual_locus(code: Code) -> Locus {
    if code == Code::DnsForged {
        Locus::Network
    } else if code.is_outage_like() {
        Locus::Unknown
    } else {
        Locus::Site
    }
}

pub struct World {
    pub catalogue: Catalogue,
    pub settings: Settings,
    pub tracker: TrackerState,
    pub passes: Vec<Pass>,
    pub outcomes: Vec<PassOutcome>,
}

impl World {
    /// Sources `s0`, `s1`, … with the probes `home` and `fulltext`, vantages by id and country.
    pub fn new(sources: usize, vantages: &[(&str, &str)]) -> Self {
        let mut catalogue = Catalogue::default();
        for n in 0..sources {
            let id = format!("s{n}");
            catalogue.sources.insert(id.as_str().into(), source(&id));
            for (name, level) in [("home", Level::Home), ("fulltext", Level::Fulltext)] {
                let probe = probe(&id, name, level);
                catalogue.probes.insert(probe.key(), probe.into());
            }
        }
        Self {
            catalogue,
            settings: settings(vantages),
            tracker: TrackerState::default(),
            passes: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// The same, when every `home` was `ok` from every vantage six hours before [`morning`].
    pub fn seen_well(vantages: &[(&str, &str)], sources: usize) -> Self {
        let mut context = Self::new(sources, vantages);
        let mut pass = context.pass(morning() - TimeDelta::hours(6));
        for n in 0..sources {
            for (vantage, _) in vantages {
                pass = pass.round(&format!("s{n}/home"), vantage, Code::Ok);
            }
        }
        pass.go();
        context
    }

    pub fn probe(&mut self, probe: &str) -> &mut Probe {
        std::sync::Arc::make_mut(self.catalogue.probes.get_mut(&key(probe)).unwrap())
    }

    /// A pass that ends ten minutes after `at`, with every vantage usable.
    pub fn pass(&mut self, at: Time) -> Making<'_> {
        let vantages = self
            .settings
            .vantages
            .iter()
            .map(|v| vantage_round(v.id.as_str(), at, None))
            .collect();
        Making {
            context: self,
            at,
            pass: Pass {
                at: at + TimeDelta::minutes(10),
                vantages,
                ..Pass::default()
            },
        }
    }

    /// A pass of one probe from one vantage, with the same code in every attempt.
    pub fn see(&mut self, at: Time, probe: &str, vantage: &str, code: Code) -> PassOutcome {
        self.pass(at).round(probe, vantage, code).go()
    }

    pub fn track(&mut self, pass: Pass) -> PassOutcome {
        let outcome = track(&mut self.tracker, &pass, &self.catalogue, &self.settings);
        self.passes.push(pass);
        self.outcomes.push(outcome.clone());
        outcome
    }

    pub fn status(&self, probe: &str, vantage: &str) -> Option<&Status> {
        self.tracker.statuses.get(&(key(probe), vantage.into()))
    }

    pub fn code(&self, probe: &str, vantage: &str) -> Code {
        self.status(probe, vantage).unwrap().observed.code
    }

    pub fn open(&self, probe: &str) -> Option<&Incident> {
        self.tracker.open_incident_of(&key(probe))
    }

    pub fn open_count(&self) -> usize {
        self.tracker
            .incidents
            .values()
            .filter(|i| i.is_open())
            .count()
    }
}

/// A pass being made.
pub struct Making<'w> {
    context: &'w mut World,
    at: Time,
    pub pass: Pass,
}

impl Making<'_> {
    /// A round with the same code in every attempt.
    pub fn round(self, probe: &str, vantage: &str, code: Code) -> Self {
        self.codes(probe, vantage, &[code])
    }

    /// A round from several vantages, each with the same code in every attempt.
    pub fn rounds(mut self, probe: &str, codes: &[(&str, Code)]) -> Self {
        for (vantage, code) in codes {
            self = self.round(probe, vantage, *code);
        }
        self
    }

    /// A round whose attempts have these codes; the last one repeats.
    pub fn codes(self, probe: &str, vantage: &str, codes: &[Code]) -> Self {
        let at = |n: usize| *codes.get(n).unwrap_or_else(|| codes.last().unwrap());
        self.attempts(probe, vantage, |n| (at(n), usual_locus(at(n))))
    }

    /// A round made as the engine makes it: attempts until `settle::next` is done.
    pub fn attempts(
        mut self,
        probe: &str,
        vantage: &str,
        mut see: impl FnMut(usize) -> (Code, Locus),
    ) -> Self {
        let probe = key(probe);
        let n = self.pass.rounds.len();
        let id = format!("{}-{n}", self.at.timestamp());
        let status = self
            .context
            .tracker
            .statuses
            .get(&(probe.clone(), vantage.into()))
            .cloned();
        let mut started = self.at;
        let mut attempts: Vec<Attempt> = Vec::new();
        while let NextAttempt::Again { after } =
            settle::next(status.as_ref(), &attempts, &self.context.settings.confirm)
        {
            started += TimeDelta::from_std(after).unwrap();
            let (code, locus) = see(attempts.len());
            attempts.push(attempt(&id, attempts.len(), started, code, locus));
        }
        self.pass.rounds.push(Round {
            id: id.as_str().into(),
            probe,
            vantage: vantage.into(),
            attempts,
        });
        self
    }

    /// A round of exactly these attempts, whatever the engine would do.
    pub fn exactly(mut self, probe: &str, vantage: &str, codes: &[Code]) -> Self {
        let id = format!("{}-{}", self.at.timestamp(), self.pass.rounds.len());
        let attempts = codes
            .iter()
            .enumerate()
            .map(|(n, &code)| {
                let started = self.at + TimeDelta::seconds(i64::try_from(n).unwrap() * 30);
                attempt(&id, n, started, code, usual_locus(code))
            })
            .collect();
        self.pass.rounds.push(Round {
            id: id.as_str().into(),
            probe: key(probe),
            vantage: vantage.into(),
            attempts,
        });
        self
    }

    /// This vantage does not work.
    pub fn unusable(mut self, vantage: &str, code: Code) -> Self {
        let at = self.at;
        self.pass.vantages.retain(|v| v.vantage.as_str() != vantage);
        self.pass
            .vantages
            .push(vantage_round(vantage, at, Some(code)));
        self
    }

    /// The path controls of a vantage: how many of them failed.
    pub fn path(mut self, vantage: &str, failed: u32, of: u32) -> Self {
        self.pass.path_controls.push((vantage.into(), failed, of));
        self
    }

    pub fn go(self) -> PassOutcome {
        let Self { context, pass, .. } = self;
        context.track(pass)
    }
}

fn attempt(round: &str, n: usize, started: Time, code: Code, locus: Locus) -> Attempt {
    Attempt {
        uid: format!("{round}-{n}").into(),
        attempt: u32::try_from(n).unwrap(),
        started,
        observed: Observation::new(code, locus),
        ooni_control: None,
        attribution: None,
    }
}

pub fn vantage_round(vantage: &str, at: Time, code: Option<Code>) -> VantageRound {
    let control = |url: &str| ControlResult {
        url: url.to_owned(),
        passed: code.is_none(),
        failure: None,
        http_status: None,
        clock_offset_s: None,
    };
    VantageRound {
        vantage: vantage.into(),
        at,
        usable: code.is_none(),
        in_trouble: false,
        controls: vec![control("https://a.example/"), control("https://b.example/")],
        code,
        text: code.map_or_else(String::new, |code| format!("{vantage}: {code}")),
    }
}

/// The notices about incidents, as words.
pub fn notices(outcome: &PassOutcome) -> Vec<String> {
    outcome
        .notices
        .iter()
        .map(|notice| match notice {
            Notice::Opened { incident } => format!("opened #{incident}"),
            Notice::Updated { incident } => format!("updated #{incident}"),
            Notice::Recovered { incident } => format!("recovered #{incident}"),
            Notice::Improved {
                probe, from, to, ..
            } => format!("improved {probe} {from} {to}"),
            Notice::NoData { probe, .. } => format!("blind {probe}"),
            Notice::Flapping { probe, vantage } => format!("flapping {probe} {vantage}"),
            Notice::FirstLetter => "first letter".to_owned(),
        })
        .collect()
}

pub fn kinds(outcome: &PassOutcome) -> Vec<EventKind> {
    outcome.events.iter().map(|e| e.kind).collect()
}
