//! The user's database of networks: read, shown, recorded; broken, old, absent.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use accesswatch::judge::control;
use accesswatch::model::measurement::Measurement;
use accesswatch::model::round::ControlResult;
use accesswatch::model::vantage::{Control, Resolver};
use accesswatch::model::{Code, RoundId, probe::Target};
use accesswatch::net::Networks;
use accesswatch::net::asn::AsnError;
use accesswatch::probe::Prober;

use crate::support::http::{Server, page};
use crate::support::mmdb::{self, Row};
use crate::support::workspace::TestWorkspace;
use crate::support::{dns, probes};

const ROWS: &[Row<'_>] = &[
    ("127.0.0.0", 8, 64500, "Example Scholarly Network"),
    ("203.0.113.0", 24, 4134, "Chinanet"),
    ("2001:db8::", 32, 64501, ""),
];
const BUILT: u64 = 1_764_000_000;

fn read(bytes: Vec<u8>) -> Result<Networks, AsnError> {
    Networks::from_bytes(bytes, Path::new("networks.mmdb"))
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn addresses_of_both_families_are_found() {
    let networks = read(mmdb::networks(ROWS, BUILT)).unwrap();
    let found = networks.lookup(ip("203.0.113.77")).unwrap();
    assert_eq!((found.number, found.name.as_str()), (4134, "Chinanet"));
    let found = networks.lookup(ip("2001:db8::1")).unwrap();
    assert_eq!((found.number, found.name.as_str()), (64501, ""));
    for unknown in ["203.0.114.1", "2001:db9::1", "0.0.0.0", "::"] {
        assert_eq!(networks.lookup(ip(unknown)), None, "{unknown}");
    }
    assert_eq!(networks.built().timestamp(), 1_764_000_000);
    assert_eq!(
        networks.age_days(networks.built() + chrono::TimeDelta::days(3)),
        3
    );
}

#[test]
fn what_is_no_such_database_is_an_error_with_its_mend() {
    let country = read(mmdb::database("GeoLite2-Country", ROWS, BUILT)).unwrap_err();
    assert!(
        matches!(country, AsnError::OfAnotherKind { .. }),
        "{country}"
    );
    let html = read(b"<html>please log in</html>".to_vec()).unwrap_err();
    assert!(matches!(html, AsnError::NotOne { .. }), "{html}");
    assert!(matches!(read(Vec::new()), Err(AsnError::NotOne { .. })));
    let missing = Networks::open(Path::new("/nowhere/networks.mmdb")).unwrap_err();
    assert!(matches!(missing, AsnError::Unreadable { .. }), "{missing}");
    for error in [country, html, missing] {
        assert!(!error.help().is_empty());
    }
}

/// A file with any byte damaged, or cut at any length, is read or refused, and never causes a
/// panic.
#[test]
fn broken_files_do_no_harm() {
    let whole = mmdb::networks(ROWS, BUILT);
    let addresses = [
        "127.0.0.1",
        "203.0.113.1",
        "2001:db8::1",
        "255.255.255.255",
        "ffff::",
    ];
    let try_all = |bytes: Vec<u8>| {
        if let Ok(networks) = read(bytes) {
            let _ = (networks.built(), networks.kind());
            let _ = networks.age_days(chrono::DateTime::UNIX_EPOCH);
            for address in addresses {
                let _ = networks.lookup(ip(address));
            }
        }
    };
    for at in 0..whole.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut bytes = whole.clone();
            bytes[at] ^= change;
            try_all(bytes);
        }
        try_all(whole[..at].to_vec());
        try_all(whole[at..].to_vec());
    }
}

/// Measures a page by name; the resolver answers 127.0.0.1.
async fn measured(database: Option<&Path>, bind: Option<IpAddr>) -> Measurement {
    let server = Server::start(|_| page("<p>works</p>")).await;
    let resolver = dns::udp(dns::always(|q| dns::v4(q, [127, 0, 0, 1]))).await;
    let mut vantage = probes::vantage();
    vantage.bind = bind;
    vantage.resolver = Resolver::Udp(resolver.addr);
    let mut settings = probes::settings(probes::politeness());
    settings.asn.database = database.map(Path::to_owned);
    settings.vantages = vec![vantage.clone()];
    let clock = crate::support::system_clock();
    let prober = Prober::new(&settings, Path::new("."), Arc::clone(&clock)).unwrap();
    let url = format!("http://papers.example:{}/", server.url("/").port().unwrap());
    let probe = probes::probe(Target::Url(url.parse().unwrap()));
    prober
        .measure(&probe, &vantage, &RoundId("r".to_owned()), 0)
        .await
}

#[tokio::test]
async fn the_networks_of_answers_are_recorded_and_without_a_database_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("networks.mmdb");
    std::fs::write(&path, mmdb::networks(ROWS, BUILT)).unwrap();
    let record = measured(Some(&path), None).await;
    let answer = record
        .test_keys
        .queries
        .iter()
        .find_map(|q| q.answers.first());
    let answer = answer.unwrap();
    assert_eq!(answer.asn, Some(64500), "{record:?}");
    assert_eq!(
        answer.as_org_name.as_deref(),
        Some("Example Scholarly Network")
    );
    assert_eq!(
        record.probe_asn, "AS0",
        "nobody stated the vantage's address"
    );
    let bound = measured(Some(&path), Some(ip("127.0.0.1"))).await;
    assert_eq!(bound.probe_asn, "AS64500");
    for database in [None, Some(Path::new("/nowhere/networks.mmdb"))] {
        let record = measured(database, None).await;
        assert_eq!(record.last_request().unwrap().response.code, 200);
        let answers = record.test_keys.queries.iter().flat_map(|q| &q.answers);
        assert!(answers.map(|a| a.asn).all(|asn| asn.is_none()));
    }
}

/// What a control with `echo` says of a vantage whose exit is stated: the control sees `seen`.
async fn control_sees(seen: &'static str, stated: &[&str]) -> (Measurement, ControlResult) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("networks.mmdb");
    std::fs::write(&path, mmdb::networks(ROWS, BUILT)).unwrap();
    let server = Server::start(move |_| page(seen)).await;
    let mut vantage = probes::vantage();
    vantage.exit = stated.iter().map(|address| ip(address)).collect();
    let control = Control {
        url: server.url("/"),
        body: None,
        echo: true,
    };
    vantage.controls = vec![control.clone()];
    let mut settings = probes::settings(probes::politeness());
    settings.asn.database = Some(path);
    settings.vantages = vec![vantage.clone()];
    let clock = crate::support::system_clock();
    let prober = Prober::new(&settings, Path::new("."), Arc::clone(&clock)).unwrap();
    let round = RoundId("r".to_owned());
    let record = prober.control(&control, &vantage, &round, 0).await;
    let result = control::passes(&record, &control).unwrap();
    (record, result)
}

#[tokio::test]
async fn an_exit_in_another_network_than_the_stated_one_is_a_vantage_that_moved() {
    let scholarly = ["127.0.0.7"];
    let (record, moved) = control_sees("your address: 203.0.113.77", &scholarly).await;
    assert!(!moved.passed, "{moved:?}");
    let results = [moved.clone()];
    assert_eq!(control::vantage_code(&results), Some(Code::VantageMoved));
    assert_eq!(record.annotations["exit_moved"], "AS4134 Chinanet");
    let line = serde_json::to_string(&record).unwrap();
    assert!(
        !line.contains("203.0.113.77"),
        "the address is recorded: {line}"
    );
    // Another address of the same network, of an unknown network or of another family; an operator
    // who states none.
    for (seen, stated) in [
        ("127.9.9.9", &scholarly[..]),
        ("198.51.100.3", &scholarly[..]),
        ("2001:db8::5", &scholarly[..]),
        ("203.0.113.77", &["198.51.100.3"][..]),
        ("203.0.113.77", &[][..]),
    ] {
        let (record, result) = control_sees(seen, stated).await;
        assert!(result.passed, "{seen} {stated:?}: {result:?}");
        assert!(record.annotations.is_empty(), "{seen} {stated:?}");
    }
}

fn with_database(bytes: &[u8]) -> TestWorkspace {
    let watch = TestWorkspace::new("http://127.0.0.1:1/");
    watch.append(
        "config/accesswatch.toml",
        "\n[asn]\ndatabase = \"data/networks.mmdb\"\n",
    );
    watch.write("data/x", "");
    if !bytes.is_empty() {
        std::fs::write(watch.file("data/networks.mmdb"), bytes).unwrap();
    }
    watch.source("papers", &["http://127.0.0.1:1/".to_owned()], "");
    watch
}

#[test]
fn check_and_doctor_tell_what_is_wrong_with_it() {
    let now = u64::try_from(chrono::Utc::now().timestamp()).unwrap();
    let doctor = |watch: &TestWorkspace| watch.run(&["doctor", "--offline"]);
    let fresh = with_database(&mmdb::networks(ROWS, now - 86_400));
    assert!(!fresh.run(&["check"]).ends(0).err.contains("networks"));
    let told = doctor(&fresh).out;
    assert!(
        told.contains("ok     networks: GeoLite2-ASN, built 20"),
        "{told}"
    );

    for (bytes, said) in [
        (mmdb::networks(ROWS, now - 200 * 86_400), "200 days old"),
        (
            b"<html>please log in</html>".to_vec(),
            "not a database in MaxMind's format",
        ),
        (
            mmdb::database("GeoLite2-City", ROWS, now),
            "a database of GeoLite2-City",
        ),
        (Vec::new(), "cannot be read"),
    ] {
        let watch = with_database(&bytes);
        let told = watch.run(&["check"]).ends(0);
        assert!(told.err.contains("warning: "), "{}", told.err);
        assert!(told.err.contains(said), "{said}: {}", told.err);
        let told = doctor(&watch).ends(3);
        assert!(told.out.contains("fix    networks: "), "{}", told.out);
        assert!(told.out.contains(said), "{said}: {}", told.out);
    }
}
