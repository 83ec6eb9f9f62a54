//! Settings, vantages and probes for tests: short time-outs, and only the politeness that a test
//! asks for.

use std::time::Duration;

use accesswatch::model::probe::{Level, Target};
use accesswatch::model::settings::{
    Alerts, Confirm, MailTransport, Politeness, ScheduleSettings, Settings, StoreSettings,
    WebSettings,
};
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
    let usual = super::tracked::settings(&[]);
    Settings {
        store: StoreSettings {
            path: "data/accesswatch.db".into(),
            evidence: "data/evidence".into(),
            keep_measurements: Duration::from_secs(86_400),
            keep_bodies: Duration::from_secs(86_400),
        },
        schedule: ScheduleSettings {
            default: "20 9 * * *".to_owned(),
            jitter: Duration::ZERO,
            ..usual.schedule
        },
        politeness,
        confirm: Confirm {
            after: Vec::new(),
            recover_after: Vec::new(),
            hold: Duration::ZERO,
            night: None,
        },
        vantages: vec![vantage()],
        alerts: Alerts {
            from: "a@example.org".to_owned(),
            transport: MailTransport::Folder("data/outbox".into()),
            group_wait: Duration::ZERO,
            repeat: Duration::ZERO,
            ..usual.alerts
        },
        web: WebSettings {
            listen: "127.0.0.1:0".parse().unwrap(),
            ..usual.web
        },
        ..usual
    }
}

pub fn vantage() -> Vantage {
    Vantage {
        name: "Here".to_owned(),
        ..super::tracked::vantage("here", "KR")
    }
}

pub fn probe(target: Target) -> Probe {
    Probe {
        name: "Home".to_owned(),
        target,
        ..super::tracked::probe("cnki", "home", Level::Home)
    }
}
