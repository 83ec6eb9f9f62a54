//! Settings, vantages and probes for tests: everything in haste, no manners but those asked for.

use std::time::Duration;

use accesswatch::model::probe::{Level, Target};
use accesswatch::model::settings::{
    Alerts, AsnSettings, Confirm, DnsSettings, PathSettings, Politeness, ScheduleSettings,
    Settings, StoreSettings, Transport, WebSettings,
};
use accesswatch::model::vantage::{Resolver, Via};
use accesswatch::model::{Probe, Vantage};

pub fn politeness() -> Politeness {
    Politeness {
        contact: None,
        per_host_interval: Duration::ZERO,
        per_host_connections: 8,
        concurrency: 64,
        timeout: Duration::from_secs(10),
        connect_timeout: Duration::from_secs(5),
        max_body: 2 << 20,
        robots: false,
        back_off: Duration::from_secs(24 * 3600),
        back_off_max: Duration::from_secs(72 * 3600),
    }
}

pub fn settings(politeness: Politeness) -> Settings {
    Settings {
        store: StoreSettings {
            path: "data/accesswatch.db".into(),
            evidence: "data/evidence".into(),
            keep_measurements: Duration::from_secs(86_400),
            keep_bodies: Duration::from_secs(86_400),
        },
        schedule: ScheduleSettings {
            timezone: chrono_tz::Asia::Shanghai,
            default: "20 9 * * *".to_owned(),
            jitter: Duration::ZERO,
        },
        politeness,
        confirm: Confirm {
            after: Vec::new(),
            recover_after: Vec::new(),
            hold: Duration::ZERO,
            night: None,
        },
        dns: DnsSettings {
            reference: Resolver::System,
        },
        path: PathSettings::default(),
        asn: AsnSettings::default(),
        vantages: vec![vantage()],
        alerts: Alerts {
            from: "a@example.org".to_owned(),
            transport: Transport::Folder("data/outbox".into()),
            password: None,
            group_wait: Duration::ZERO,
            repeat: Duration::ZERO,
            admin: None,
            heartbeat: None,
            to: Vec::new(),
        },
        web: WebSettings {
            listen: "127.0.0.1:0".parse().unwrap(),
            token: None,
        },
    }
}

pub fn vantage() -> Vantage {
    Vantage {
        id: "here".into(),
        name: "Here".to_owned(),
        country: "KR".to_owned(),
        via: Via::Direct,
        resolver: Resolver::System,
        bind: None,
        ca: None,
        network: None,
        licensed: false,
        controls: Vec::new(),
    }
}

pub fn probe(target: Target) -> Probe {
    Probe {
        name: "Home".to_owned(),
        target,
        ..super::tracked::probe("cnki", "home", Level::Home)
    }
}
