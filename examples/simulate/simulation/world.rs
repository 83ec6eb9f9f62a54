//! The world of one seed: the sources, vantages and times, and what an attempt sees.

use std::sync::Arc;

use accesswatch::model::time::from_micros;
use accesswatch::model::vantage::{Control, NetworkClass};
use accesswatch::model::{Catalogue, Code, ProbeKey, Settings, Time};
use url::Url;

use super::truth::{self, DAY, Event, HOUR};
use super::weather::{Noise, Weather};
use super::{answers, tracking};

/// Vantages by id and country; the classes of their networks are in [`World::new`].
pub const VANTAGES: [(&str, &str); 3] = [("boston", "US"), ("seoul", "KR"), ("berlin", "DE")];
const CLASSES: [NetworkClass; 3] = [
    NetworkClass::Campus,
    NetworkClass::Campus,
    NetworkClass::Datacentre,
];
/// Seconds of a day (UTC) at which passes begin: the shipped schedule, 09:20, 15:20 and 21:20 in
/// Beijing.
const STARTS: [i64; 3] = [HOUR + 1200, 7 * HOUR + 1200, 13 * HOUR + 1200];
/// 1 January 2026, in microseconds.
const EPOCH_US: i64 = 1_767_225_600_000_000;

/// The size of a world.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub sources: usize,
    pub days: i64,
}

pub struct World {
    pub size: Size,
    pub weather: Weather,
    /// By source.
    pub events: Vec<Vec<Event>>,
    pub catalogue: Catalogue,
    pub settings: Settings,
}

impl World {
    #[must_use]
    pub fn new(seed: u64, size: Size, noise: Noise) -> Self {
        let seconds = size.days * DAY;
        let tracking::World {
            mut catalogue,
            mut settings,
            ..
        } = tracking::World::new(size.sources, &VANTAGES);
        catalogue.probes.retain(|key, _| source_of(key).is_some());
        for probe in catalogue.probes.values_mut() {
            answers::expect(Arc::make_mut(probe));
        }
        for (vantage, class) in settings.vantages.iter_mut().zip(CLASSES) {
            vantage.network = Some(class);
            let control = |url| Control {
                url,
                body: None,
                echo: false,
            };
            vantage.controls = controls(["a", "b"]).map(control).collect();
        }
        settings.path.controls = controls(["north", "south"]).collect();
        Self {
            size,
            weather: Weather::new(seed, size.sources, VANTAGES.len(), seconds, noise),
            events: (0..size.sources)
                .map(|source| truth::events(seed, source, seconds))
                .collect(),
            catalogue,
            settings,
        }
    }

    /// When passes begin, in seconds.
    pub fn passes(&self) -> impl Iterator<Item = i64> + use<> {
        let days = self.size.days;
        (0..days).flat_map(|day| STARTS.map(|start| day * DAY + start))
    }

    /// When the round of a source begins in a pass that begins at `pass`: hosts are visited one
    /// after another.
    #[must_use]
    pub fn round_start(pass: i64, source: usize) -> i64 {
        pass + 2 * i64::try_from(source).unwrap_or_default()
    }

    /// The event of a source at this time.
    #[must_use]
    pub fn event(&self, source: usize, at: i64) -> Option<&Event> {
        let events = &self.events[source];
        events.iter().find(|e| e.from <= at && at < e.to)
    }

    /// The code of an attempt that begins at `at`, whether it reaches its source or not.
    #[must_use]
    pub fn sees(&self, source: usize, vantage: usize, at: i64) -> Code {
        let noise = self.weather.fails(source, vantage, at);
        let event = || self.event(source, at).map(|e| e.kind.seen[vantage]);
        noise.or_else(event).unwrap_or(Code::Ok)
    }
}

/// Controls of a vantage, and of the path to the mainland.
fn controls(hosts: [&str; 2]) -> impl Iterator<Item = Url> {
    let urls = hosts.map(|host| format!("https://{host}.example/"));
    urls.into_iter().filter_map(|url| url.parse().ok())
}

/// The probe of a source.
#[must_use]
pub fn key(source: usize) -> ProbeKey {
    ProbeKey::new(format!("s{source}").as_str(), "home")
}

/// The source of a probe; `None` for a probe that this world does not watch.
#[must_use]
pub fn source_of(probe: &ProbeKey) -> Option<usize> {
    let source = probe.source.as_str().strip_prefix('s')?.parse().ok();
    source.filter(|_| probe.probe.as_str() == "home")
}

/// The time of a second of this world.
#[must_use]
pub fn moment(second: i64) -> Time {
    from_micros(EPOCH_US + second * 1_000_000)
}

/// The second of a time.
#[must_use]
pub fn second(at: Time) -> i64 {
    (at.timestamp_micros() - EPOCH_US) / 1_000_000
}

/// The duration of an attempt of this code, in seconds: the shipped time limits, or an answer.
#[must_use]
pub fn takes(code: Code) -> i64 {
    match code {
        Code::TcpTimeout | Code::TlsTimeout | Code::DnsTimeout => 10,
        Code::HttpTimeout => 20,
        _ => 1,
    }
}
