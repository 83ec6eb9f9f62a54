//! The network of a simulation: answers the engine's measurements from the world.

use std::sync::{Arc, Mutex, PoisonError};

use accesswatch::engine::ports::{CodeOf, Measurer};
use accesswatch::model::discriminator::{Discriminator, DiscriminatorStep};
use accesswatch::model::politeness::{BackOff, RobotsCopy};
use accesswatch::model::vantage::Control;
use accesswatch::model::{Code, Measurement, Probe, RoundId, Time, Vantage, VantageId};
use accesswatch::net::pace::BackOffs;
use chrono::TimeDelta;
use url::Url;

use super::answers::{Asked, forged_reply, record};
use super::timeline::Timeline;
use super::world::{VANTAGES, World, moment, second, source_of, takes};

/// Tries of a vantage's controls before the rounds; later tries belong to the check after them.
const FIRST_TRIES: u32 = 3;

/// Answers from the world; each round has its own times.
pub struct Network {
    world: Arc<World>,
    clock: Arc<Timeline>,
    back_offs: BackOffs,
    pass: Mutex<Pass>,
}

/// The current pass, in seconds of the world.
#[derive(Debug, Clone, Copy, Default)]
struct Pass {
    begins: i64,
    /// When the latest attempt began.
    latest: i64,
}

impl Network {
    pub fn new(world: Arc<World>, clock: Arc<Timeline>) -> Self {
        Self {
            back_offs: BackOffs::new(&world.settings.politeness),
            world,
            clock,
            pass: Mutex::default(),
        }
    }

    pub fn begin(&self, second: i64) {
        *self.pass.lock().unwrap_or_else(PoisonError::into_inner) = Pass {
            begins: second,
            latest: second,
        };
        self.clock.go_to(moment(second));
    }

    /// The time after the rounds, for what follows them.
    fn end(&self) -> i64 {
        self.pass
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .latest
            + 30
    }

    /// The time at which an attempt begins; a host's first attempt waits for its turn.
    fn begins(&self, source: usize, attempt: u32) -> i64 {
        let mut pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        if attempt == 0 {
            let turn = World::round_start(pass.begins, source);
            self.clock.go_to(moment(turn));
        }
        let at = second(self.clock.here());
        pass.latest = pass.latest.max(at);
        at
    }
}

fn place(vantage: &VantageId) -> usize {
    let mut ids = VANTAGES.iter().map(|(id, _)| *id);
    ids.position(|id| id == vantage.as_str())
        .unwrap_or_default()
}

/// The record of a control, or of a page that is not a source's own.
fn beside<'a>(url: &'a Url, vantage: &'a Vantage, round: &'a RoundId, at: i64) -> Asked<'a> {
    Asked {
        url: url.as_str(),
        source: "control",
        probe: url.host_str().unwrap_or_default(),
        vantage,
        round,
        attempt: 0,
        control: true,
        at: moment(at),
    }
}

impl Measurer for Network {
    fn begin_round(&self, _host: &str, _vantage: &VantageId) -> Box<dyn Send + '_> {
        Box::new(())
    }

    async fn measure(
        &self,
        probe: &Probe,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> Measurement {
        let source = source_of(&probe.key()).unwrap_or_default();
        let at = self.begins(source, attempt);
        let host = probe.host().unwrap_or_default();
        let left_alone = self.back_offs.active(&vantage.id, host, moment(at));
        let code = if left_alone.is_some() {
            Code::SkippedBackOff
        } else {
            let code = self.world.sees(source, place(&vantage.id), at);
            self.clock.advance(TimeDelta::seconds(takes(code)));
            code
        };
        let asked = Asked {
            url: &probe.target.to_string(),
            source: probe.source.as_str(),
            probe: probe.id.as_str(),
            vantage,
            round,
            attempt,
            control: false,
            at: moment(at),
        };
        record(asked, code)
    }

    /// Noise alone never fails every control: controls fail only when the vantage is cut off.
    async fn control(
        &self,
        control: &Control,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
        _in_spite: bool,
    ) -> Measurement {
        let at = if attempt < FIRST_TRIES {
            let pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
            pass.begins
        } else {
            self.end()
        };
        self.clock.go_to(moment(at));
        let is_cut_off = self.world.weather.is_cut_off(place(&vantage.id), at);
        let code = if is_cut_off {
            Code::TcpUnreachable
        } else {
            Code::Ok
        };
        let asked = Asked {
            attempt,
            ..beside(&control.url, vantage, round, at)
        };
        record(asked, code)
    }

    async fn path_control(&self, url: &Url, vantage: &Vantage, round: &RoundId) -> Measurement {
        let at = self.end();
        self.clock.go_to(moment(at));
        let wide = self.world.weather.wide_at(place(&vantage.id), at);
        let fails = wide.is_some_and(|w| w.path_fails);
        let code = if fails { Code::TcpTimeout } else { Code::Ok };
        let asked = Asked {
            source: "path",
            ..beside(url, vantage, round, at)
        };
        record(asked, code)
    }

    /// When an event happens before the site, the reference resolver's answer is forged too.
    async fn discriminate(
        &self,
        measurement: &Measurement,
        probe: &Probe,
        vantage: &Vantage,
        _code_of: &CodeOf<'_>,
    ) -> Vec<Discriminator> {
        let source = source_of(&probe.key()).unwrap_or_default();
        let at = second(measurement.started());
        let noise = self.world.weather.fails(source, place(&vantage.id), at);
        let event = self.world.event(source, at);
        if noise.is_some() || !event.is_some_and(|e| e.kind.before_the_site) {
            return Vec::new();
        }
        let name = probe.host().unwrap_or_default();
        let started = measurement.started().timestamp_micros();
        let mut asked = Discriminator::new(DiscriminatorStep::Reference, name, started);
        "the reference".clone_into(&mut asked.address);
        asked.queries.push(forged_reply(name));
        vec![asked]
    }

    /// The hosts have only the watched pages.
    async fn fetch(&self, url: &Url, vantage: &Vantage) -> Measurement {
        let (round, at) = (RoundId::from("beside"), second(self.clock.here()));
        record(beside(url, vantage, &round, at), Code::HttpNotFound)
    }

    fn is_left_alone(&self, _url: &Url, _vantage: &VantageId) -> bool {
        false
    }

    fn back_off(&self, vantage: &VantageId, host: &str, code: Code, now: Time, is_baseline: bool) {
        self.back_offs
            .back_off(vantage, host, code, now, is_baseline);
    }

    fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        (Vec::new(), Vec::new())
    }
}
