//! A small library's settings, catalogue and incidents, for tests of mails and reports about them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use accesswatch::model::Observation;
use accesswatch::model::incident::{
    BrowserResult, HumanCheck, MailState, PassedControls, StoryLine, StoryRemark, VantagePart,
};
use accesswatch::model::phase::Phase;
use accesswatch::model::probe::{Expect, Target};
use accesswatch::model::settings::{
    Alerts, Confirm, Language, MailTransport, Recipient, ScheduleSettings, SmtpTls, StoreSettings,
    Topic,
};
use accesswatch::model::source::Access;
use accesswatch::model::tracker_state::{TrackerState, VantageStatus};
use accesswatch::model::vantage::NetworkClass;
use accesswatch::model::{
    Catalogue, Code, Finding, Incident, IncidentKind, Level, Locus, Probe, ProbeKey, Settings,
    Source, Status, Time, Vantage, VantageId,
};

pub fn time(text: &str) -> Time {
    text.parse().unwrap()
}

pub fn source(id: &str, name: &str, zh: &str, group: &str) -> Source {
    Source {
        name: name.to_owned(),
        name_zh: Some(zh.to_owned()),
        group: group.to_owned(),
        access: Access::Subscription,
        file: PathBuf::from("probes/x.toml"),
        ..super::tracked::source(id)
    }
}

pub fn probe(key: &str, name: &str, level: Level, url: &str) -> Probe {
    let key: ProbeKey = key.parse().unwrap();
    let mut expect = Expect::default();
    if level == Level::Abstract {
        expect
            .level
            .insert(Level::Fulltext, vec!["#pdfDown".to_owned()]);
    }
    Probe {
        name: name.to_owned(),
        target: Target::Url(url.parse().unwrap()),
        expect,
        ..super::tracked::probe(key.source.as_str(), key.probe.as_str(), level)
    }
}

pub fn vantage(id: &str, name: &str, country: &str, network: NetworkClass) -> Vantage {
    Vantage {
        name: name.to_owned(),
        network: Some(network),
        ..super::tracked::vantage(id, country)
    }
}

pub fn recipient(address: &str, sources: &[&str]) -> Recipient {
    Recipient {
        address: address.to_owned(),
        language: Language::En,
        sources: sources.iter().map(|&s| s.to_owned()).collect(),
        on: vec![
            Topic::Regression,
            Topic::Recovery,
            Topic::Improvement,
            Topic::Vantage,
        ],
        digest: Some("0 8 * * 1-5".to_owned()),
        documents: vec!["*".to_owned()],
        links_digest: None,
    }
}

pub fn smtp(host: &str, port: u16, tls: SmtpTls) -> MailTransport {
    MailTransport::Smtp {
        host: host.to_owned(),
        port,
        user: Some(super::smtp::USER.to_owned()),
        tls,
    }
}

pub fn settings() -> Settings {
    let usual = super::tracked::settings(&[]);
    let seconds = Duration::from_secs;
    Settings {
        store: StoreSettings {
            path: "/x/data/accesswatch.db".into(),
            evidence: "/x/data/evidence".into(),
            ..usual.store
        },
        schedule: ScheduleSettings {
            timezone: chrono_tz::Europe::Berlin,
            ..usual.schedule
        },
        confirm: Confirm {
            after: vec![seconds(20)],
            recover_after: vec![seconds(20)],
            night: None,
            ..usual.confirm
        },
        vantages: vec![
            vantage("seoul", "Seoul reading room", "KR", NetworkClass::Campus),
            vantage("berlin", "Berlin office", "DE", NetworkClass::Office),
            vantage("boston", "Boston server", "US", NetworkClass::Datacentre),
        ],
        alerts: Alerts {
            from: "accesswatch <accesswatch@library.example>".to_owned(),
            transport: MailTransport::Folder("/x/data/outbox".into()),
            admin: Some("IT <it@library.example>".to_owned()),
            to: vec![recipient("Librarian <librarian@library.example>", &["*"])],
            ..usual.alerts
        },
        ..usual
    }
}

/// The Chinese and Korean names of the four probes.
const NAMES: [(&str, &str); 4] = [
    ("首页", "홈페이지"),
    ("学位论文", "학위논문"),
    ("期刊论文", "학술지 논문"),
    ("经济数据", "경제 통계"),
];

pub fn catalogue() -> Catalogue {
    let mut cnki = source("cnki", "CNKI", "中国知网", "academic");
    cnki.note = Some(
        "Dissertations, proceedings, yearbooks suspended overseas since 2023-04-01.".to_owned(),
    );
    cnki.name_ko = Some("중국 즈왕(CNKI)".to_owned());
    cnki.alternatives = vec![
        "Wanfang Data 万方数据".to_owned(),
        "interlibrary loan".to_owned(),
    ];
    cnki.vendor_contact = Some("service@cnki.example".to_owned());
    cnki.catalogue_ids = vec!["b1234567".to_owned()];
    let named = |probe: Probe, zh: &str, ko: &str| Probe {
        name_zh: Some(zh.to_owned()),
        name_ko: Some(ko.to_owned()),
        schedule: Some("20 9,15,21 * * *".to_owned()),
        ..probe
    };
    let probes = [
        probe(
            "cnki/home",
            "home page",
            Level::Home,
            "https://oversea.cnki.net/",
        ),
        probe(
            "cnki/thesis",
            "dissertations",
            Level::Abstract,
            "https://link.cnki.net/doi/10.27038/d.cnki.example",
        ),
        probe(
            "cnki/journal",
            "journals",
            Level::Abstract,
            "https://link.cnki.net/doi/10.13266/j.issn.example?a=1&b=<2>",
        ),
        probe(
            "wind/edb",
            "economic series",
            Level::Data,
            "https://www.wind.com.cn/edb",
        ),
    ];
    Catalogue {
        sources: [cnki, source("wind", "Wind", "万得", "market")]
            .into_iter()
            .map(|s| (s.id.clone(), s))
            .collect(),
        probes: probes
            .into_iter()
            .zip(NAMES)
            .map(|(p, (zh, ko))| named(p, zh, ko))
            .map(|p| (p.key(), p.into()))
            .collect(),
        ..Catalogue::default()
    }
}

pub fn part(code: Code, first_bad: Time) -> VantagePart {
    VantagePart {
        from: Code::Ok,
        observed: Observation {
            http_status: Some(200),
            ..Observation::new(code, Locus::Site)
        },
        last_good: Some(first_bad - chrono::TimeDelta::hours(6)),
        first_bad,
        back: None,
        left_as: None,
        phases: vec![Phase::begin(code, first_bad)],
    }
}

/// An open incident of a probe, seen from Seoul and Berlin.
pub fn incident(id: i64, key: &str, code: Code, finding: Finding) -> Incident {
    let first_bad = time("2026-11-23T01:20:00Z");
    let key: ProbeKey = key.parse().unwrap();
    Incident {
        finding_basis: Vec::new(),
        folded_into: None,
        thread: None,
        last_bad: None,
        id,
        kind: IncidentKind::Probe,
        source: Some(key.source.clone()),
        level: catalogue().probe(&key).map(|p| p.level),
        probe: Some(key),
        vantages: ["seoul", "berlin"]
            .map(|v| (v.into(), part(code, first_bad)))
            .into(),
        finding,
        from: Code::Ok,
        to: code,
        severity: code.severity().unwrap_or(6),
        last_good: Some(first_bad - chrono::TimeDelta::hours(6)),
        first_bad,
        confirmed: time("2026-11-23T01:25:00Z"),
        ended: None,
        checks: 8,
        checks_bad: 8,
        attempts_bad: 8,
        controls: Vec::new(),
        controls_ok: PassedControls {
            passed: 3,
            total: 3,
        },
        still_works: vec![
            "cnki/journal (abstract)".to_owned(),
            "cnki/home (home)".to_owned(),
        ],
        changes: vec![StoryLine::note(
            first_bad,
            "for logs",
            StoryRemark::Finding {
                finding: Finding::Withdrawn,
            },
        )],
        evidence: vec!["0193-a".into(), "0193-b".into()],
        folded: Vec::new(),
        acknowledged_by: None,
        silenced_until: None,
        human_checks: vec![HumanCheck {
            at: first_bad + chrono::TimeDelta::hours(1),
            browser: BrowserResult::Partial,
            network: "campus".to_owned(),
            saw: None,
            by: None,
        }],
        mail: MailState::Mailed,
    }
}

/// A vantage that went offline.
pub fn offline(id: i64) -> Incident {
    let mut incident = incident(id, "cnki/home", Code::VantageOffline, Finding::Insufficient);
    incident.kind = IncidentKind::Vantage;
    incident.source = None;
    incident.probe = None;
    incident.level = None;
    incident.still_works = Vec::new();
    incident.vantages.remove(&VantageId::from("berlin"));
    incident
}

pub fn status(key: &str, vantage: &str, code: Code) -> Status {
    let at = time("2026-11-23T01:20:00Z");
    Status {
        folded_into: None,
        attribution: None,
        no_data_notified: None,
        probe: key.parse().unwrap(),
        vantage: vantage.into(),
        observed: Observation {
            http_status: Some(200),
            ..Observation::new(code, Locus::Site)
        },
        since: at,
        last_checked: at,
        last_verified: Some(at),
        baseline: Some(code),
        baseline_fixed: false,
        last_good: Some(at),
        ok_at: None,
        first_bad: None,
        was_ok: code == Code::Ok,
        already_restricted: code != Code::Ok,
        settled: vec![code],
        flapping: false,
        flapping_notified: None,
        measurement: None,
        ooni_control: None,
        suspected: None,
        suspicion: None,
        no_data_since: None,
    }
}

pub fn tracker_state(incidents: Vec<Incident>, statuses: Vec<Status>) -> TrackerState {
    let at = time("2026-11-23T01:25:00Z");
    let vantage = |id: &str, usable: bool| VantageStatus {
        vantage: id.into(),
        usable,
        code: (!usable).then_some(Code::VantageOffline),
        in_trouble: false,
        text: String::new(),
        since: at,
        last_checked: at,
        controls_passed: if usable { 3 } else { 0 },
        controls: 3,
    };
    TrackerState {
        next_incident: incidents.iter().map(|i| i.id).max().unwrap_or(0) + 1,
        incidents: incidents.into_iter().map(|i| (i.id, i)).collect(),
        statuses: statuses
            .into_iter()
            .map(|s| ((s.probe.clone(), s.vantage.clone()), s))
            .collect(),
        vantages: [vantage("seoul", true), vantage("boston", false)]
            .map(|v| (v.vantage.clone(), v))
            .into_iter()
            .collect::<BTreeMap<_, _>>(),
        initial_report: true,
    }
}
