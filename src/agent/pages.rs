//! What later rounds are compared with: the last healthy page of each probe, other pages of a host,
//! and good values; and what politeness remembers of the hosts of links. A file each, so that none
//! of it stays in memory.

use std::io;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::disk::write_whole;
use crate::judge::Judge;
use crate::model::page::{HISTORY_DAYS, HISTORY_NEWEST, History, PastValue, Value};
use crate::model::politeness::RobotsCopy;
use crate::model::reference::{Reference, ReferenceKind};
use crate::model::{Measurement, Probe, ProbeKey, RoundId, Time};
use crate::store::NewMeasurement;

/// A healthy page: its sketch where the page itself may not be kept.
#[derive(Serialize, Deserialize)]
enum HealthyPage {
    Sketch(Box<Reference>),
    Whole(Box<Measurement>),
}

/// The values of one good round.
#[derive(Serialize, Deserialize)]
struct GoodRound {
    round: RoundId,
    at: Time,
    values: Vec<(String, Value)>,
}

/// The folder with these files.
#[derive(Debug, Clone)]
pub struct Pages {
    dir: PathBuf,
}

impl Pages {
    /// Opens the folder, and creates it if it is missing.
    pub fn open(dir: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
        })
    }

    fn path(&self, kind: &str, key: &str) -> PathBuf {
        let hash = HEXLOWER.encode(&Sha256::digest(key.as_bytes())[..16]);
        self.dir.join(format!("{kind}-{hash}.json"))
    }

    fn write(&self, kind: &str, key: &str, content: &impl Serialize) -> io::Result<()> {
        let bytes = serde_json::to_vec(content).map_err(io::Error::other)?;
        write_whole(&self.path(kind, key), &bytes)
    }

    /// `None` for a file that is missing or damaged.
    fn read<T: for<'de> Deserialize<'de>>(&self, kind: &str, key: &str) -> Option<T> {
        let bytes = std::fs::read(self.path(kind, key)).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Keeps the page and the values of a healthy record.
    pub fn put_healthy(&self, record: &NewMeasurement) -> io::Result<()> {
        let key = record.place.probe.to_string();
        let extra = record.measurement.extra();
        let references = extra.map_or(&[][..], |x| &x.references);
        let sketch = references.iter().find(|r| r.kind == ReferenceKind::Healthy);
        let page = match sketch {
            Some(sketch) => HealthyPage::Sketch(Box::new(sketch.clone())),
            None => HealthyPage::Whole(Box::new(record.measurement.clone())),
        };
        self.write("healthy", &key, &page)?;
        if record.values.is_empty() {
            return Ok(());
        }
        let mut rounds: Vec<GoodRound> = self.read("values", &key).unwrap_or_default();
        rounds.retain(|r| r.round != record.place.round);
        let values = record.values.iter();
        rounds.push(GoodRound {
            round: record.place.round.clone(),
            at: record.measurement.started(),
            values: values
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        });
        thin(&mut rounds);
        self.write("values", &key, &rounds)
    }

    /// The last healthy page of a probe.
    #[must_use]
    pub fn healthy(&self, judge: &Judge, probe: &Probe) -> Option<Reference> {
        match self.read("healthy", &probe.key().to_string())? {
            HealthyPage::Sketch(sketch) => Some(*sketch),
            HealthyPage::Whole(measurement) => judge.snapshot(&measurement, probe),
        }
    }

    /// The good values of a probe, oldest first.
    #[must_use]
    pub fn history(&self, probe: &ProbeKey) -> History {
        let rounds: Vec<GoodRound> = self.read("values", &probe.to_string()).unwrap_or_default();
        let mut history = History::new();
        for round in rounds {
            for (name, value) in round.values {
                let past = PastValue {
                    at: round.at,
                    value,
                };
                history.entry(name).or_default().push(past);
            }
        }
        history
    }

    /// Another page of a host.
    #[must_use]
    pub fn reference(&self, origin: &str, kind: ReferenceKind) -> Option<Reference> {
        self.read(kind.as_str(), origin)
    }

    /// Keeps another page of a host.
    pub fn put_reference(&self, origin: &str, page: &Reference) -> io::Result<()> {
        self.write(page.kind.as_str(), origin, page)
    }

    /// The last robots.txt of an origin with links.
    #[must_use]
    pub fn robots(&self, origin: &str) -> Option<RobotsCopy> {
        self.read("robots", origin)
    }

    /// Keeps the robots.txt of an origin with links.
    pub fn put_robots(&self, copy: &RobotsCopy) -> io::Result<()> {
        self.write("robots", &copy.origin, copy)
    }

    /// When discriminators last asked about a host with links.
    #[must_use]
    pub fn discriminated(&self, host: &str) -> Option<Time> {
        self.read("discriminated", host)
    }

    /// Keeps when discriminators asked about a host with links.
    pub fn put_discriminated(&self, host: &str, at: Time) -> io::Result<()> {
        self.write("discriminated", host, &at)
    }
}

/// The newest rounds stay, and one a day before them.
fn thin(rounds: &mut Vec<GoodRound>) {
    let Some(newest) = rounds.last().map(|r| r.at) else {
        return;
    };
    let before = rounds.len().saturating_sub(HISTORY_NEWEST);
    let mut place = 0;
    let mut day = None;
    rounds.retain(|round| {
        let is_new = place >= before;
        place += 1;
        let fresh = newest - round.at <= TimeDelta::days(HISTORY_DAYS);
        let first_of_day = day.replace(round.at.date_naive()) != Some(round.at.date_naive());
        is_new || (fresh && first_of_day)
    });
}
