//! Sources of a few probes, and settings with these vantages, for tests of the tracker.

use std::path::PathBuf;
use std::time::Duration;

use accesswatch::model::probe::{Expect, Level, Method, Probe, Target};
use accesswatch::model::settings::{
    Alerts, AsnSettings, Confirm, DnsSettings, LinkSettings, MailTransport, PathSettings,
    Politeness, ScheduleSettings, Settings, StoreSettings, WebSettings,
};
use accesswatch::model::source::{Access, Source, StoreBody};
use accesswatch::model::vantage::{Resolver, Vantage, Via};

pub fn source(id: &str) -> Source {
    Source {
        id: id.into(),
        name: id.to_uppercase(),
        name_zh: None,
        name_ko: None,
        group: "academic".to_owned(),
        homepage: None,
        access: Access::Public,
        note: None,
        licence_until: None,
        vendor_contact: None,
        catalogue_ids: Vec::new(),
        alternatives: Vec::new(),
        catalogue_note: None,
        store_body: StoreBody::Always,
        consent: None,
        file: PathBuf::from(format!("probes/{id}.toml")),
    }
}

pub fn probe(source: &str, id: &str, level: Level) -> Probe {
    Probe {
        source: source.into(),
        id: id.into(),
        name: id.to_owned(),
        name_zh: None,
        name_ko: None,
        level,
        target: Target::Url(format!("https://{source}.example/{id}").parse().unwrap()),
        method: Method::Get,
        headers: Vec::new(),
        body: None,
        follow: true,
        before: Vec::new(),
        schedule: None,
        enabled: true,
        depends_on: None,
        sibling: None,
        baseline: None,
        timeout: None,
        provisional: false,
        vantages: None,
        charset: None,
        expect: Expect::default(),
        values: Vec::new(),
    }
}

pub fn settings(vantages: &[(&str, &str)]) -> Settings {
    let seconds = Duration::from_secs;
    Settings {
        store: StoreSettings {
            path: PathBuf::from("/nowhere/accesswatch.db"),
            evidence: PathBuf::from("/nowhere/evidence"),
            keep_measurements: seconds(400 * 86400),
            keep_bodies: seconds(30 * 86400),
        },
        schedule: ScheduleSettings {
            timezone: chrono_tz::Asia::Shanghai,
            default: "20 9,15,21 * * *".to_owned(),
            jitter: seconds(600),
        },
        politeness: Politeness {
            contact: None,
            per_host_interval: seconds(2),
            per_host_connections: 1,
            concurrency: 64,
            timeout: seconds(20),
            connect_timeout: seconds(10),
            max_body: 2 << 20,
            robots: true,
            back_off: seconds(86400),
            back_off_max: seconds(3 * 86400),
        },
        confirm: Confirm {
            after: [20, 60, 180].map(seconds).to_vec(),
            recover_after: [20, 60].map(seconds).to_vec(),
            hold: seconds(5400),
            night: Some((22 * 60, 8 * 60)),
        },
        dns: DnsSettings {
            reference: Resolver::System,
        },
        path: PathSettings::default(),
        asn: AsnSettings::default(),
        fleet: None,
        evidence: accesswatch::model::settings::EvidenceSettings::default(),
        vantages: vantages.iter().map(|(id, cc)| vantage(id, cc)).collect(),
        alerts: Alerts {
            from: "accesswatch <accesswatch@example.org>".to_owned(),
            transport: MailTransport::Folder(PathBuf::from("/nowhere/outbox")),
            password: None,
            hello: None,
            ca: None,
            group_wait: seconds(60),
            repeat: seconds(86400),
            admin: None,
            heartbeat: None,
            to: Vec::new(),
        },
        web: WebSettings {
            listen: "127.0.0.1:8080".parse().unwrap(),
            token: None,
            read_token: None,
            base_url: None,
            hosts: Vec::new(),
            public: false,
            timezone: None,
            language: accesswatch::model::settings::Language::En,
        },
        links: LinkSettings::default(),
    }
}

pub fn vantage(id: &str, country: &str) -> Vantage {
    Vantage {
        id: id.into(),
        name: id.to_owned(),
        country: country.to_owned(),
        via: Via::Direct,
        resolver: Resolver::System,
        bind: None,
        exit: Vec::new(),
        ca: None,
        network: None,
        licensed: false,
        token: None,
        controls: Vec::new(),
    }
}
