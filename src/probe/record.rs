//! Writes the measurement record.

use std::collections::BTreeMap;
use std::net::IpAddr;

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};
use url::Url;
use uuid::Uuid;

use super::exit_addresses::ExitAddresses;
use crate::model::measurement::{
    EXIT_MOVED, Extra, Measurement, Phases, Request, RobotsFact, TestKeys,
};
use crate::model::vantage::{Control, Via};
use crate::model::{MeasurementUid, ProbeId, RoundId, SourceId, Time, Vantage};
use crate::net::asn::Network;
use crate::net::http::{Fetched, Jar, RecordRedactor, redacted_url};
use crate::net::{FetchLog, Networks, tls};

/// The ids that a record belongs to.
#[derive(Debug, Clone)]
pub(super) struct RecordLabel {
    pub(super) source: SourceId,
    pub(super) probe: ProbeId,
    pub(super) round: RoundId,
    pub(super) attempt: u32,
    pub(super) control: bool,
    /// The requested URL.
    pub(super) input: String,
}

impl RecordLabel {
    /// The label of a page that no probe names, with a round of its own; `source` says what kind of
    /// page it is.
    pub(super) fn of_url(source: &str, url: &Url) -> Self {
        Self {
            source: source.into(),
            probe: url.host_str().unwrap_or_default().into(),
            round: RoundId(Uuid::now_v7().to_string()),
            attempt: 0,
            control: false,
            input: url.to_string(),
        }
    }

    pub(super) fn of_control(control: &Control, round: &RoundId, attempt: u32) -> Self {
        Self {
            source: "control".into(),
            probe: control.url.host_str().unwrap_or_default().into(),
            round: round.clone(),
            attempt,
            control: true,
            input: control.url.to_string(),
        }
    }
}

/// A record under construction.
pub(super) struct RecordBuilder<'a> {
    label: RecordLabel,
    vantage: &'a Vantage,
    started: Time,
    pub(super) log: FetchLog,
    /// Newest first.
    pub(super) requests: Vec<Request>,
    pub(super) via: String,
    pub(super) body_bytes: u64,
    pub(super) skipped: Option<String>,
    first_byte_ms: Option<f64>,
    /// Our own addresses, which must not be recorded.
    local: Vec<IpAddr>,
    /// The addresses as which controls saw the vantage.
    pub(super) exit: Vec<IpAddr>,
    /// The address as which this control saw it.
    pub(super) seen_as: Option<IpAddr>,
    /// Seconds spent waiting for hosts' turns, which belong to no phase.
    pub(super) waited: f64,
    /// The log's sums at the start of the probe's own fetch, after the requests before it.
    base: Phases,
    /// The user's database of networks, if any.
    pub(super) networks: Option<&'a Networks>,
}

impl<'a> RecordBuilder<'a> {
    /// A record that begins at `started`.
    pub(super) fn new(label: RecordLabel, vantage: &'a Vantage, started: Time) -> Self {
        Self {
            label,
            vantage,
            started,
            log: FetchLog::new(),
            requests: Vec::new(),
            via: vantage.via.label(),
            body_bytes: 0,
            skipped: None,
            first_byte_ms: None,
            local: Vec::new(),
            exit: Vec::new(),
            seen_as: None,
            waited: 0.0,
            base: Phases::default(),
            networks: None,
        }
    }

    /// The probe's own fetch begins: phases count from here.
    pub(super) fn own_fetch_begins(&mut self) {
        self.base = self.sums();
        self.first_byte_ms = None;
    }

    /// Adds the result of a fetch; its requests are newer than the existing ones.
    pub(super) fn add_fetch(&mut self, fetched: Fetched) {
        let mut newer = fetched.requests;
        newer.append(&mut self.requests);
        self.requests = newer;
        self.local.extend(fetched.local);
        self.body_bytes = fetched.body_bytes;
        self.first_byte_ms = fetched.first_byte_ms;
        self.waited += fetched.waited.as_secs_f64();
        self.skipped = fetched.shut.map(str::to_owned);
    }

    /// The record of a skipped fetch.
    pub(super) fn skip(mut self, why: &str, robots: Option<RobotsFact>) -> Measurement {
        self.skipped = Some(why.to_owned());
        self.close(&Jar::default(), robots)
    }

    fn sums(&self) -> Phases {
        Phases {
            dns: self.log.dns_ms,
            connect: self.log.connect_ms,
            tls: self.log.tls_ms,
            first_byte: None,
            total: (self.log.elapsed() - self.waited) * 1000.0,
        }
    }

    fn phases(&self) -> Phases {
        let now = self.sums();
        let since = |now: Option<f64>, base: Option<f64>| match (now, base) {
            (Some(now), Some(base)) => (now > base).then_some(now - base),
            (now, _) => now,
        };
        let milli = |ms: f64| rounded(ms, MILLI);
        Phases {
            dns: since(now.dns, self.base.dns).map(milli),
            connect: since(now.connect, self.base.connect).map(milli),
            tls: since(now.tls, self.base.tls).map(milli),
            first_byte: self.first_byte_ms.map(milli),
            total: milli((now.total - self.base.total).max(0.0)),
        }
    }

    /// Rounds to whole microseconds: further digits are noise, and take space in every record.
    fn round(&mut self) {
        let (log, requests) = (&mut self.log, &mut self.requests);
        let queries = log.queries.iter_mut().map(|q| (&mut q.t0, &mut q.t));
        let connects = log.tcp_connect.iter_mut().map(|c| (&mut c.t0, &mut c.t));
        let handshakes = log.tls_handshakes.iter_mut().map(|h| (&mut h.t0, &mut h.t));
        let exchanges = requests.iter_mut().map(|r| (&mut r.t0, &mut r.t));
        for (t0, t) in queries.chain(connects).chain(handshakes).chain(exchanges) {
            to_micros(t0, t);
        }
    }

    /// Redacts our own addresses and cookies.
    fn redact(&mut self, jar: &Jar) {
        let mut redactor = RecordRedactor::default();
        let own = self.local.iter().copied();
        redactor.addresses(self.vantage.bind.into_iter().chain(own));
        redactor.exit_addresses(self.vantage.exit.iter().chain(&self.exit).copied());
        if let Via::Socks5(proxy) | Via::HttpConnect(proxy) = &self.vantage.via
            && let Some(password) = &proxy.password
        {
            let user = proxy.user.as_deref().unwrap_or_default();
            redactor.login(user, &password.0);
        }
        redactor.cookies(jar.received().iter().map(String::as_str));
        redactor.clean(&mut self.requests);
        let log = &mut self.log;
        redactor.clean_names(&mut log.queries, &mut log.tls_handshakes);
    }

    /// Adds the networks of answered addresses, and returns the vantage's network: of the address
    /// that the operator configured, from the user's own file, without any request.
    fn look_up_networks(&mut self) -> String {
        let found = self.networks.and_then(|networks| {
            networks.annotate(&mut self.log.queries);
            networks.lookup(self.vantage.bind?)
        });
        format!("AS{}", found.map_or(0, |network| network.number))
    }

    /// The note that this control saw the vantage in another network than the operator states.
    fn moved_exit(&self) -> BTreeMap<String, String> {
        let other = || ExitAddresses::other_network(self.seen_as?, self.vantage, self.networks?);
        let note = |network: Network| {
            let seen = format!("AS{} {}", network.number, network.name);
            (EXIT_MOVED.to_owned(), seen.trim_end().to_owned())
        };
        other().map(note).into_iter().collect()
    }

    /// Redacts, hashes and closes the record; `jar` knows the cookies that must not be in it.
    pub(super) fn close(mut self, jar: &Jar, robots: Option<RobotsFact>) -> Measurement {
        let phases = if self.requests.is_empty() {
            Phases::default()
        } else {
            self.phases()
        };
        self.round();
        self.redact(jar);
        let runtime = rounded(self.sums().total / 1000.0, MICRO);
        let probe_asn = self.look_up_networks();
        let annotations = self.moved_exit();
        let report_id = self.label.round.0.clone();
        let input = redacted_url(&self.label.input);
        let started = self.started;
        let country = self.vantage.country.clone();
        let test_keys = self.into_test_keys(phases, robots);
        Measurement {
            data_format_version: "0.2.0".to_owned(),
            input,
            measurement_start_time: started,
            test_start_time: started,
            measurement_uid: Some(MeasurementUid(Uuid::now_v7().to_string())),
            probe_cc: country,
            probe_asn,
            report_id,
            software_name: env!("CARGO_PKG_NAME").to_owned(),
            software_version: env!("CARGO_PKG_VERSION").to_owned(),
            test_name: "accesswatch".to_owned(),
            test_version: env!("CARGO_PKG_VERSION").to_owned(),
            test_runtime: runtime,
            test_keys,
            annotations,
        }
    }

    /// What was seen, and the project's own facts about it.
    fn into_test_keys(self, phases: Phases, robots: Option<RobotsFact>) -> TestKeys {
        let answered = self.requests.first().filter(|r| r.response.code != 0);
        let body_sha256 = answered.map(|r| sha256(&r.response.body.0));
        let shook = !self.log.tls_handshakes.is_empty();
        let tls_client = if shook { tls::client_label() } else { "" };
        let label = self.label;
        let extra = Extra {
            source: label.source,
            probe: label.probe,
            link: None,
            vantage: self.vantage.id.clone(),
            pass: None,
            round: label.round,
            attempt: label.attempt,
            started_us: self.started.timestamp_micros(),
            phases,
            control: label.control,
            via: self.via,
            proxy: self.log.proxy,
            charset: None,
            body_sha256,
            body_bytes: self.body_bytes,
            values: BTreeMap::new(),
            expect: Vec::new(),
            discriminators: Vec::new(),
            references: Vec::new(),
            robots,
            skipped: self.skipped,
            tls_client: tls_client.to_owned(),
        };
        TestKeys {
            queries: self.log.queries,
            tcp_connect: self.log.tcp_connect,
            tls_handshakes: self.log.tls_handshakes,
            requests: self.requests,
            control: None,
            http_experiment_failure: None,
            x_accesswatch: Some(extra),
        }
    }
}

/// Seconds are rounded to microseconds, milliseconds to thousandths.
const MICRO: f64 = 1e6;
const MILLI: f64 = 1e3;

pub(super) fn rounded(x: f64, per_unit: f64) -> f64 {
    (x * per_unit).round() / per_unit
}

/// Rounds both times of a step to microseconds.
pub(super) fn to_micros(t0: &mut f64, t: &mut f64) {
    *t0 = rounded(*t0, MICRO);
    *t = rounded(*t, MICRO);
}

/// Lower-case hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}
