//! A store of a million measurements, and the cost of reading it.
//!
//!     cargo bench --bench store_million -- [FILE] [MEASUREMENTS]
//!
//! Creates FILE (default `target/million.db`) unless it exists: 90 days of 40 sources with three
//! probes from three vantages each, every pass through the store's `add` and `commit`, as in the
//! engine. Prints the store's cost per check, and the CPU time of what `status`, `incidents` and
//! `export uptime` read: each must stay under 100 ms (exit 1 when it does not).

#![allow(clippy::expect_used)] // a bench that cannot continue ends

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use accesswatch::model::event::PassOutcome;
use accesswatch::model::measurement::{
    BinaryData, Body, Extra, Phases, Request, RequestSent, Response, TestKeys, TlsHandshake,
};
use accesswatch::model::round::{Attempt, Pass, Round};
use accesswatch::model::rule::{RuleId, Saying};
use accesswatch::model::source::StoreBody;
use accesswatch::model::time::from_micros;
use accesswatch::model::{
    Catalogue, Code, Incident, IncidentKind, Level, Locus, Measurement, MeasurementUid, ProbeId,
    ProbeKey, RoundId, SourceId, Status, Time, VantageId, Verdict,
};
use accesswatch::report::{self, ExportTable, TableFormat};
use accesswatch::store::{
    IncidentFilter, MeasurementKey, NewMeasurement, PassCommit, Reader, RowFilter, Store,
};

const SOURCES: u32 = 40;
const PROBES: u32 = 3;
const VANTAGES: u32 = 3;
const DAYS: u32 = 90;
/// The limit for one read.
const LIMIT: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).filter(|a| a != "--bench");
    let path = words
        .next()
        .map_or_else(|| PathBuf::from("target/million.db"), PathBuf::from);
    let wanted = words
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    if !path.exists() {
        fill(&path, wanted);
    }
    if read(&path) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// CPU time of this process so far, in ticks of 10 ms (Linux); elsewhere wall-clock time.
fn cpu() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let start = *START.get_or_init(Instant::now);
    let Ok(facts) = std::fs::read_to_string("/proc/self/stat") else {
        return start.elapsed();
    };
    let after_name = facts.rsplit(") ").next().unwrap_or_default();
    let ticks: u64 = after_name
        .split(' ')
        .skip(11)
        .take(2)
        .filter_map(|n| n.parse::<u64>().ok())
        .sum();
    Duration::from_millis(ticks * 10)
}

fn fill(path: &Path, wanted: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(path).expect("a new store");
        let per_pass = SOURCES * PROBES * VANTAGES;
        let passes = wanted.div_ceil(per_pass).max(1);
        let step = i64::from(DAYS) * 86_400_000_000 / i64::from(passes);
        let before = cpu();
        for pass in 0..passes {
            let at = from_micros(1_788_000_000_000_000 + step * i64::from(pass));
            one_pass(&store, pass, at).await;
        }
        let made = passes * per_pass;
        println!(
            "made {made} measurements: {:.3} ms of CPU each",
            cpu().saturating_sub(before).as_secs_f64() * 1e3 / f64::from(made)
        );
    });
}

async fn one_pass(store: &Store, pass: u32, at: Time) {
    let mut rounds = Vec::new();
    let mut statuses = Vec::new();
    let mut adds = Vec::new();
    for n in 0..SOURCES * PROBES * VANTAGES {
        let one = One {
            pass,
            n,
            at: at + chrono::TimeDelta::milliseconds(i64::from(n) * 20),
        };
        statuses.push(one.status());
        rounds.push(one.round());
        let (store, new) = (store.clone(), one.new_measurement());
        adds.push(tokio::spawn(async move { store.add(vec![new]).await }));
    }
    for add in adds {
        add.await.expect("no panic").expect("an add");
    }
    let incidents = if pass.is_multiple_of(20) {
        vec![incident(pass / 20 + 1, at)]
    } else {
        Vec::new()
    };
    let commit = PassCommit {
        pass: Pass {
            at,
            rounds,
            ..Pass::default()
        },
        outcome: PassOutcome {
            statuses,
            incidents,
            ..PassOutcome::default()
        },
        ..PassCommit::default()
    };
    store.commit(commit).await.expect("a commit");
}

fn incident(id: u32, at: Time) -> Incident {
    let mut incident = Incident::new(id.into(), IncidentKind::Probe, at, at);
    incident.source = Some(SourceId(format!("source{}", id % SOURCES)));
    incident.ended = Some(at + chrono::TimeDelta::hours(5));
    incident.to = Code::SiteGeoBlock;
    incident
}

/// One measurement: mostly `ok`, sometimes refused or timed out.
struct One {
    pass: u32,
    n: u32,
    at: Time,
}

impl One {
    fn key(&self) -> ProbeKey {
        let probe = self.n / VANTAGES;
        ProbeKey::new(
            format!("source{:02}", probe / PROBES),
            format!("probe{}", probe % PROBES),
        )
    }

    fn vantage(&self) -> VantageId {
        VantageId(format!("vantage{}", self.n % VANTAGES))
    }

    fn code(&self) -> Code {
        match (self.pass * 7 + self.n * 13) % 50 {
            0 => Code::TcpTimeout,
            1 => Code::SiteChallenge,
            2 => Code::SiteGeoBlock,
            _ => Code::Ok,
        }
    }

    fn verdict(&self) -> Verdict {
        Verdict {
            code: self.code(),
            locus: Locus::Site,
            rule: RuleId::row("bench"),
            failure: None,
            signature: None,
            evidence: Vec::new(),
            saying: Saying::OfCode,
        }
    }

    fn uid(&self) -> MeasurementUid {
        MeasurementUid(format!("{:08x}-0000-7000-8000-{:012x}", self.pass, self.n))
    }

    fn status(&self) -> Status {
        Status::new(
            self.key(),
            self.vantage(),
            self.code(),
            Locus::Site,
            self.at,
        )
    }

    fn round(&self) -> Round {
        Round {
            id: self.round_id(),
            probe: self.key(),
            vantage: self.vantage(),
            attempts: vec![Attempt {
                uid: self.uid(),
                attempt: 0,
                started: self.at,
                observed: self.verdict().observed(Some(200)),
                ooni_control: None,
                attribution: None,
            }],
        }
    }

    fn round_id(&self) -> RoundId {
        RoundId(format!("{:08x}{:024x}", self.pass, self.n))
    }

    /// About 8 KB that differ each day, as healthy pages do.
    fn body(&self) -> Vec<u8> {
        let day = self.at.timestamp() / 86_400;
        let line = format!("<li>{} {} 中国知网 day {day}</li>\n", self.key(), self.n);
        line.repeat(8_000 / line.len()).into_bytes()
    }

    fn new_measurement(&self) -> NewMeasurement {
        let measurement = self.measurement();
        NewMeasurement {
            place: MeasurementKey::from_measurement(&measurement).expect("our own record"),
            measurement,
            verdict: self.verdict(),
            level: Some(Level::Abstract),
            values: BTreeMap::new(),
            store_body: StoreBody::Always,
            own: false, // the body is hashed here, as the prober would do
            entered: self.at,
            reading: None,
        }
    }

    fn measurement(&self) -> Measurement {
        let key = self.key();
        let url = format!("https://{}.example/{}", key.source, key.probe);
        let body = self.body();
        let body_bytes = body.len() as u64;
        Measurement {
            data_format_version: "0.2.0".into(),
            input: url.clone(),
            measurement_start_time: self.at,
            test_start_time: self.at,
            measurement_uid: Some(self.uid()),
            probe_cc: "US".into(),
            probe_asn: "AS0".into(),
            report_id: String::new(),
            software_name: "accesswatch".into(),
            software_version: "0.1.0".into(),
            test_name: "accesswatch".into(),
            test_version: "0.1.0".into(),
            test_runtime: 0.1,
            annotations: BTreeMap::new(),
            test_keys: TestKeys {
                tls_handshakes: vec![TlsHandshake {
                    peer_certificates: vec![BinaryData(vec![7; 1_500]), BinaryData(vec![8; 1_300])],
                    ..TlsHandshake::default()
                }],
                requests: vec![Request {
                    request: RequestSent {
                        method: "GET".into(),
                        url,
                        headers_list: Vec::new(),
                    },
                    response: Response {
                        code: 200,
                        body: Body(body.into()),
                        ..Response::default()
                    },
                    ..Request::default()
                }],
                x_accesswatch: Some(self.extra(key, body_bytes)),
                ..TestKeys::default()
            },
        }
    }

    fn extra(&self, key: ProbeKey, body_bytes: u64) -> Extra {
        let (source, ProbeId(probe)) = (key.source, key.probe);
        Extra {
            source,
            probe: ProbeId(probe),
            link: None,
            vantage: self.vantage(),
            pass: None,
            round: self.round_id(),
            attempt: 0,
            started_us: self.at.timestamp_micros(),
            phases: Phases {
                total: f64::from(self.n % 400) + 30.0,
                ..Phases::default()
            },
            control: false,
            via: "direct".into(),
            proxy: None,
            charset: None,
            body_sha256: None,
            body_bytes,
            values: BTreeMap::new(),
            expect: Vec::new(),
            discriminators: Vec::new(),
            references: Vec::new(),
            robots: None,
            skipped: None,
            tls_client: "rustls 0.23 ring".into(),
        }
    }
}

/// Times what the commands read; returns whether each read is within the limit.
fn read(path: &Path) -> bool {
    let status = timed("status", || {
        let reader = Reader::open(path).expect("a store");
        reader.tracker_state().expect("a book").statuses.len()
    });
    let incidents = timed("incidents", || {
        let reader = Reader::open(path).expect("a store");
        reader
            .incidents(&IncidentFilter::default())
            .expect("incidents")
            .len()
    });
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = accesswatch::config::load(root).expect("the shipped workspace");
    let export = |what: &str, table: ExportTable| {
        timed(what, || {
            let reader = Reader::open(path).expect("a store");
            let request = report::ExportRequest {
                calendars: &accesswatch::schedule::calendar::Calendars::default(),
                table,
                format: TableFormat::Csv,
                filter: RowFilter::default(),
                anonymise: false,
                no_bodies: false,
                catalogue: &Catalogue::default(),
                settings: &workspace.settings,
            };
            let written =
                report::export(&reader, &request, &mut std::io::sink()).expect("an export");
            usize::try_from(written.rows).unwrap_or(usize::MAX)
        })
    };
    let uptime = export("export uptime, 90 days", ExportTable::Uptime);
    let phases = export("export incident_phases", ExportTable::IncidentPhases);
    let vantages = export("export vantages", ExportTable::Vantages);
    let rounds = timed("the newest round of each series", || {
        let reader = Reader::open(path).expect("a store");
        reader.newest_rounds().expect("rounds").len()
    });
    status && incidents && uptime && phases && vantages && rounds
}

fn timed(what: &str, mut work: impl FnMut() -> usize) -> bool {
    // Ten times, because the system counts CPU time in steps of 10 ms.
    let before = cpu();
    let mut rows = 0;
    for _ in 0..10 {
        rows = work();
    }
    let each = cpu().saturating_sub(before) / 10;
    println!(
        "{what}: {rows} rows, {:.1} ms of CPU",
        each.as_secs_f64() * 1e3
    );
    each < LIMIT
}
