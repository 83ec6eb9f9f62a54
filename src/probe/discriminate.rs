//! When discriminators run, and how long their results are shared with the other probes of a host.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::TimeDelta;
use url::Url;

use super::discriminator::DiscriminatorQuestions;
use super::prober::Prober;
use super::record::RecordBuilder;
use super::under_way::RoundUnderWay;
use crate::judge::discriminator::SuspectHost;
use crate::model::discriminator::{Discriminator, DiscriminatorStep};
use crate::model::measurement::TcpConnect;
use crate::model::vantage::{Resolver, Via};
use crate::model::{Code, Failure, Measurement, Probe, Settings, Time, Vantage, VantageId};

/// How long the results for a host are shared with its other probes.
const SHARED_FOR: TimeDelta = TimeDelta::minutes(15);

/// What results are shared by: the vantage, whether over TLS, the host that failed, its port, and
/// its address.
type AskedOf = (VantageId, bool, String, u16, Option<IpAddr>);

/// The time, the failure, and the results.
type Asked = (Time, Option<Failure>, Vec<Discriminator>);

/// The reference resolver, and recent results.
#[derive(Debug)]
pub(super) struct Discriminators {
    reference: Resolver,
    /// Hosts of the path controls.
    mainland: Vec<String>,
    asked: Mutex<HashMap<AskedOf, Asked>>,
}

impl Discriminators {
    pub(super) fn new(settings: &Settings) -> Self {
        let host = |url: &Url| url.host_str().map(str::to_owned);
        Self {
            reference: settings.dns.reference.clone(),
            mainland: settings.path.controls.iter().filter_map(host).collect(),
            asked: Mutex::default(),
        }
    }

    fn before(
        &self,
        key: &AskedOf,
        failure: Option<&Failure>,
        now: Time,
    ) -> Option<Vec<Discriminator>> {
        let asked = self.lock();
        let (at, before, found) = asked.get(key)?;
        let fresh = now - *at < SHARED_FOR && now >= *at;
        // The probe's own request at the reference's address does not apply to other probes.
        let shared = |d: &&Discriminator| d.step != DiscriminatorStep::AtReference;
        let same = fresh && before.as_ref() == failure;
        same.then(|| found.iter().filter(shared).cloned().collect())
    }

    fn keep(&self, key: AskedOf, failure: Option<Failure>, now: Time, found: &[Discriminator]) {
        let mut asked = self.lock();
        asked.retain(|_, (at, ..)| now - *at < SHARED_FOR);
        asked.insert(key, (now, failure, found.to_vec()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AskedOf, Asked>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Prober {
    /// Runs the discriminators of a failed fetch. Returns nothing from behind a proxy, for an
    /// address instead of a name, and for this computer. Recent results for the same host are
    /// returned again.
    ///
    /// When the reference resolver's answer differs, the request itself is made at its address;
    /// `judged` gives the code of that answer, by the same expectations as for the measurement.
    pub async fn discriminate(
        &self,
        m: &Measurement,
        probe: Option<&Probe>,
        vantage: &Vantage,
        judged: &(dyn Fn(&mut Measurement) -> Code + Sync),
    ) -> Vec<Discriminator> {
        let (Some(suspect), Via::Direct) = (SuspectHost::from_measurement(m), &vantage.via) else {
            return Vec::new();
        };
        let Ok(route) = self.route(vantage) else {
            return Vec::new();
        };
        let Some(beside) = route.discriminator_client() else {
            return Vec::new();
        };
        // Discriminators put the host on cooldown, so they wait until no other round of it is under
        // way.
        self.under_way.none_left(&vantage.id, &suspect.host).await;
        let key = (
            vantage.id.clone(),
            suspect.secure,
            suspect.host.clone(),
            suspect.port,
            suspect.used,
        );
        let failure = m.last_request().and_then(|r| r.failure.clone());
        let now = self.politeness.clock.now();
        if let Some(before) = self.discriminators.before(&key, failure.as_ref(), now) {
            return before;
        }
        let questions = DiscriminatorQuestions {
            prober: self,
            probe,
            input: &m.input,
            judged,
            politeness: &self.politeness,
            client: beside,
            vantage,
            exit: self.exits.seen_from(&vantage.id),
            suspect: &suspect,
            reference: &self.discriminators.reference,
            mainland: &self.discriminators.mainland,
        };
        // Boxed: thousands of measurements may be waiting, and few need it.
        let found = Box::pin(questions.ask_all()).await;
        self.discriminators.keep(key, failure, now, &found);
        found
    }

    /// Marks a round of this host as under way until the returned value is dropped.
    #[must_use]
    pub fn round_under_way(&self, host: &str, vantage: &VantageId) -> RoundUnderWay<'_> {
        self.under_way.begin(vantage, host)
    }

    /// Whether `url`'s host is on cooldown after discriminators.
    #[must_use]
    pub fn is_left_alone(&self, url: &Url, vantage: &VantageId) -> bool {
        let host = url.host_str().unwrap_or_default();
        self.politeness
            .pace
            .silence()
            .remaining(vantage, host)
            .is_some()
    }

    /// Records the addresses of a host, for their cooldown.
    pub(super) fn note_place(&self, draft: &RecordBuilder<'_>, url: &Url, vantage: &Vantage) {
        if draft.requests.len() != 1 {
            return; // The record does not say which connect belongs to which request.
        }
        let place = |c: &TcpConnect| Some(SocketAddr::new(c.ip.parse().ok()?, c.port));
        let met = draft.log.tcp_connect.iter().filter_map(place);
        let host = url.host_str().unwrap_or_default();
        self.politeness
            .pace
            .silence()
            .note_response(&vantage.id, host, met);
    }
}
