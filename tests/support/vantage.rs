//! Vantages, routes and waits for tests.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use accesswatch::model::Vantage;
use accesswatch::model::settings::Politeness;
use accesswatch::model::vantage::{Resolver, Via};
use accesswatch::net::{Route, Tuning};
use tokio::time::Instant;

use super::authority::Authority;

/// A plain vantage on this machine.
pub fn direct() -> Vantage {
    Vantage {
        id: "here".into(),
        name: "Here".to_owned(),
        country: "KR".to_owned(),
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

/// Politeness with wide limits, except for a short connect time-out.
pub fn politeness() -> Politeness {
    Politeness {
        contact: None,
        per_host_interval: Duration::ZERO,
        per_host_connections: 1,
        concurrency: 8,
        timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_millis(200),
        max_body: 1 << 20,
        robots: false,
        back_off: Duration::from_secs(60),
        back_off_max: Duration::from_secs(600),
    }
}

/// Waits that suit loopback.
pub fn tuning() -> Tuning {
    Tuning {
        dns_try: Duration::from_millis(400),
        dns_linger: Some(Duration::from_millis(100)),
    }
}

/// A route for `vantage`.
pub fn route(vantage: &Vantage) -> Route {
    Route::tuned(vantage, Path::new("."), &politeness(), tuning()).unwrap()
}

/// A route that only a deadline ends.
pub fn patient(vantage: &Vantage) -> Route {
    let politeness = Politeness {
        connect_timeout: Duration::from_secs(30),
        ..politeness()
    };
    let tuning = Tuning {
        dns_try: Duration::from_secs(30),
        ..tuning()
    };
    Route::tuned(vantage, Path::new("."), &politeness, tuning).unwrap()
}

/// A route that trusts `authority` too.
pub fn trusting(vantage: Vantage, authority: &Authority) -> Route {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("ca.pem"), authority.pem()).unwrap();
    let vantage = Vantage {
        ca: Some("ca.pem".into()),
        ..vantage
    };
    Route::tuned(&vantage, dir.path(), &politeness(), tuning()).unwrap()
}

/// A vantage with this resolver.
pub fn asking(resolver: Resolver) -> Vantage {
    Vantage {
        resolver,
        ..direct()
    }
}

/// A vantage whose connections leave from this address.
pub fn leaving_from(ip: IpAddr) -> Vantage {
    Vantage {
        bind: Some(ip),
        ..direct()
    }
}

/// A deadline.
pub fn within(ms: u64) -> Instant {
    Instant::now() + Duration::from_millis(ms)
}
