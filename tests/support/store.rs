//! Measurements, statuses and incidents for tests of the store and of its readers.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use accesswatch::model::Observation;
use accesswatch::model::event::PassOutcome;
use accesswatch::model::incident::{IncidentKind, MailState, PassedControls, VantagePart};
use accesswatch::model::mail::NewMail;
use accesswatch::model::measurement::{
    BinaryData, Body, Extra, Phases, Request, RequestSent, Response, TcpConnect, TcpStatus,
    TestKeys, TlsHandshake,
};
use accesswatch::model::page::Value;
use accesswatch::model::phase::Phase;
use accesswatch::model::round::{Attempt, Pass, Round};
use accesswatch::model::rule::{RuleId, Saying};
use accesswatch::model::source::StoreBody;
use accesswatch::model::time::from_micros;
use accesswatch::model::{
    Code, Finding, Incident, Level, Locus, Measurement, MeasurementUid, ProbeId, ProbeKey, RoundId,
    SourceId, Status, Time, VantageId, Verdict,
};
use accesswatch::store::{MeasurementKey, NewMeasurement, Options, PassCommit};
use rusqlite::Connection;

/// 2026-11-18 06:13:20 UTC.
pub const T0_US: i64 = 1_794_982_400_000_000;

/// This many minutes after [`T0_US`].
pub fn minute(n: i64) -> Time {
    from_micros(T0_US + n * 60_000_000)
}

pub fn verdict(code: Code) -> Verdict {
    Verdict {
        code,
        locus: Locus::Site,
        rule: RuleId::stored(format!("rule.{code}")),
        failure: None,
        signature: None,
        evidence: Vec::new(),
        saying: Saying::OfCode,
    }
}

/// A measurement of a probe such as `cnki/thesis`, with one HTTPS exchange.
pub struct Make {
    pub source: &'static str,
    pub probe: &'static str,
    pub vantage: &'static str,
    pub round: String,
    pub attempt: u32,
    pub at: Time,
    pub code: Code,
    pub body: Vec<u8>,
    pub total_ms: f64,
    pub values: BTreeMap<String, Value>,
    pub store_body: StoreBody,
    pub control: bool,
}

impl Make {
    pub fn new(at: Time, code: Code) -> Self {
        Self {
            source: "cnki",
            probe: "thesis",
            vantage: "here",
            round: format!("round-{}", at.timestamp_micros()),
            attempt: 0,
            at,
            code,
            body: "<title>中国知网</title>".as_bytes().to_vec(),
            total_ms: 120.5,
            values: BTreeMap::new(),
            store_body: StoreBody::Always,
            control: false,
        }
    }

    pub fn uid(&self) -> MeasurementUid {
        let Self {
            source,
            probe,
            vantage,
            round,
            attempt,
            ..
        } = self;
        MeasurementUid(format!("{source}.{probe}.{vantage}.{round}.{attempt}"))
    }

    pub fn key(&self) -> ProbeKey {
        ProbeKey::new(self.source, self.probe)
    }

    pub fn attempt(&self) -> Attempt {
        Attempt {
            uid: self.uid(),
            attempt: self.attempt,
            started: self.at,
            observed: verdict(self.code).observed(Some(200)),
            ooni_control: None,
            attribution: None,
        }
    }

    pub fn measurement(&self) -> Measurement {
        let url = format!("https://{}.example/{}", self.source, self.probe);
        Measurement {
            data_format_version: "0.2.0".into(),
            input: url.clone(),
            measurement_start_time: from_micros(self.at.timestamp() * 1_000_000),
            test_start_time: from_micros(self.at.timestamp() * 1_000_000),
            measurement_uid: Some(self.uid()),
            probe_cc: "US".into(),
            probe_asn: "AS0".into(),
            report_id: String::new(),
            software_name: "accesswatch".into(),
            software_version: "0.1.0".into(),
            test_name: "accesswatch".into(),
            test_version: "0.1.0".into(),
            test_runtime: 0.12,
            annotations: BTreeMap::new(),
            test_keys: TestKeys {
                tcp_connect: vec![TcpConnect {
                    ip: "192.0.2.7".into(),
                    port: 443,
                    status: TcpStatus {
                        success: true,
                        failure: None,
                    },
                    ..TcpConnect::default()
                }],
                tls_handshakes: vec![TlsHandshake {
                    address: "192.0.2.7:443".into(),
                    server_name: "cnki.example".into(),
                    peer_certificates: vec![BinaryData(vec![48; 900]), BinaryData(vec![49; 800])],
                    ..TlsHandshake::default()
                }],
                requests: vec![Request {
                    request: RequestSent {
                        method: "GET".into(),
                        url: url + "?final",
                        headers_list: Vec::new(),
                    },
                    response: Response {
                        code: 200,
                        body: Body(self.body.clone().into()),
                        ..Response::default()
                    },
                    ..Request::default()
                }],
                x_accesswatch: Some(self.extra()),
                ..TestKeys::default()
            },
        }
    }

    fn extra(&self) -> Extra {
        Extra {
            source: SourceId::from(self.source),
            probe: ProbeId::from(self.probe),
            link: None,
            vantage: VantageId::from(self.vantage),
            pass: None,
            round: RoundId(self.round.clone()),
            attempt: self.attempt,
            started_us: self.at.timestamp_micros(),
            phases: Phases {
                dns: Some(1.25),
                connect: Some(10.0),
                tls: Some(20.0),
                first_byte: Some(80.0),
                total: self.total_ms,
            },
            control: self.control,
            via: "direct".into(),
            proxy: None,
            charset: None,
            body_sha256: None,
            body_bytes: self.body.len() as u64,
            values: BTreeMap::new(),
            expect: Vec::new(),
            discriminators: Vec::new(),
            references: Vec::new(),
            robots: None,
            skipped: None,
            tls_client: String::new(),
        }
    }

    pub fn new_measurement(&self) -> NewMeasurement {
        let measurement = self.measurement();
        NewMeasurement {
            place: MeasurementKey::from_measurement(&measurement).unwrap(),
            measurement,
            verdict: verdict(self.code),
            level: Some(Level::Abstract),
            values: self.values.clone(),
            store_body: self.store_body,
            own: true,
            entered: self.at,
            reading: None,
        }
    }

    /// A round of only this attempt.
    pub fn round(&self) -> Round {
        Round {
            id: RoundId(self.round.clone()),
            probe: self.key(),
            vantage: VantageId::from(self.vantage),
            attempts: vec![self.attempt()],
        }
    }
}

pub fn pass(at: Time, rounds: Vec<Round>) -> PassCommit {
    PassCommit {
        pass: Pass {
            at,
            rounds,
            ..Pass::default()
        },
        ..PassCommit::default()
    }
}

pub fn status(probe: &ProbeKey, vantage: &str, code: Code, at: Time) -> Status {
    let mut status = Status::new(
        probe.clone(),
        VantageId::from(vantage),
        code,
        Locus::Site,
        at,
    );
    status.baseline = Some(Code::Ok);
    status.settled = vec![Code::Ok, code];
    status.observed.http_status = Some(200);
    status
}

/// `cnki/thesis`, refused by region from `here` since `at`.
pub fn incident(id: i64, probe: &ProbeKey, at: Time) -> Incident {
    let before = at - chrono::TimeDelta::hours(6);
    let part = VantagePart {
        from: Code::Ok,
        observed: Observation {
            http_status: Some(403),
            signature: Some("cn.geo.1".into()),
            ..Observation::new(Code::SiteGeoBlock, Locus::Site)
        },
        last_good: Some(before),
        first_bad: at,
        back: None,
        left_as: None,
        phases: vec![Phase::begin(Code::SiteGeoBlock, at)],
    };
    let confirmed = at + chrono::TimeDelta::minutes(5);
    let mut incident = Incident::new(id, IncidentKind::Probe, at, confirmed);
    incident.source = Some(probe.source.clone());
    incident.probe = Some(probe.clone());
    incident.level = Some(Level::Abstract);
    incident.vantages = [(VantageId::from("here"), part)].into();
    incident.finding = Finding::GeoRestricted;
    incident.to = Code::SiteGeoBlock;
    incident.severity = 6;
    incident.last_good = Some(before);
    incident.checks = 4;
    incident.checks_bad = 4;
    incident.controls_ok = PassedControls {
        passed: 3,
        total: 3,
    };
    incident.still_works = vec!["cnki/home".into()];
    incident.evidence = vec![MeasurementUid::from("uid-1")];
    incident.mail = MailState::Mailed;
    incident
}

pub fn mail(id: &str, not_before: Time) -> NewMail {
    NewMail {
        recipient: "librarian@example.org".into(),
        topic: None,
        message_id: format!("<{id}@accesswatch>"),
        subject: "CNKI 中国知网: access report #1".into(),
        source: Some(SourceId::from("cnki")),
        incidents: vec![1],
        links: Vec::new(),
        eml: b"From: x\r\n\r\nhello".to_vec(),
        not_before,
    }
}

pub fn outcome(statuses: Vec<Status>, incidents: Vec<Incident>) -> PassOutcome {
    PassOutcome {
        statuses,
        incidents,
        ..PassOutcome::default()
    }
}

/// The path of the store in a folder.
pub fn place(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("data/accesswatch.db")
}

/// Options with this longest wait for a lock.
pub fn quick(busy_ms: u64) -> Options {
    Options {
        busy_timeout: Duration::from_millis(busy_ms),
        ..Options::default()
    }
}

/// The number of rows in a table, counted through another connection.
pub fn count(path: &Path, table: &str) -> i64 {
    Connection::open(path)
        .unwrap()
        .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
            row.get(0)
        })
        .unwrap()
}
