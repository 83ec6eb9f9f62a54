//! What discriminators prove, row by row, and near misses that prove nothing.

use crate::support::english::English as _;
use accesswatch::judge::discriminator::{SuspectHost, attribution};
use accesswatch::model::discriminator::{
    Discriminator, DiscriminatorStep, NEUTRAL_NAME, PlainAnswer, Proof, Statement,
};
use accesswatch::model::measurement::{DnsQuery, Measurement, TlsHandshake};
use accesswatch::model::{Code, Failure, Locus};
use proptest::prelude::*;

use super::record::{answer, bare, connect, extra, query, request, verdict};

const HOST: &str = "kns.cnki.net";
const HERE: &str = "203.0.113.7";
const THERE: &str = "198.51.100.9";
const CONTROL: &str = "192.0.2.80";

const RESET: Option<&str> = Some("connection_reset");
const TIMEOUT: Option<&str> = Some("generic_timeout_error");
const OTHER_NAME: Option<&str> = Some("ssl_invalid_hostname");
const ALERT: Option<&str> = Some("ssl_failed_handshake");

fn shake(name: &str, failure: Option<&str>) -> TlsHandshake {
    TlsHandshake {
        server_name: name.to_owned(),
        failure: failure.map(Failure::from),
        ..TlsHandshake::default()
    }
}

/// A fetch over TLS whose handshake had this result.
fn secure(failure: Option<&str>) -> Measurement {
    let url = format!("https://{HOST}/x");
    let mut m = bare(&url);
    m.test_keys.queries = vec![query(HOST, "A", Ok(&[HERE]))];
    m.test_keys.tcp_connect.push(connect(HERE, None));
    m.test_keys.tls_handshakes.push(shake(HOST, failure));
    let mut last = request(&url);
    last.failure = failure.map(Failure::from);
    m.test_keys.requests.push(last);
    m.test_keys.x_accesswatch = Some(extra());
    m
}

/// A fetch over plain HTTP that got this page.
fn plain(status: u16, body_sha256: &str) -> Measurement {
    let url = format!("http://{HOST}/x");
    let mut m = bare(&url);
    m.test_keys.queries = vec![query(HOST, "A", Ok(&[HERE]))];
    m.test_keys.tcp_connect.push(connect(HERE, None));
    m.test_keys
        .requests
        .push(answer(&url, status, &[], "<p>no"));
    let mut x = extra();
    x.body_sha256 = Some(body_sha256.to_owned());
    x.body_bytes = 5;
    m.test_keys.x_accesswatch = Some(x);
    m
}

fn step(step: DiscriminatorStep, ip: &str, port: u16) -> Discriminator {
    let name = match step {
        DiscriminatorStep::ControlNeutral | DiscriminatorStep::SiteNeutral => NEUTRAL_NAME,
        _ => HOST,
    };
    let mut made = Discriminator::new(step, name, 0);
    made.address = format!("{ip}:{port}");
    made.tcp_connect = Some(connect(ip, None));
    made
}

fn hello(of: DiscriminatorStep, ip: &str, failure: Option<&str>) -> Discriminator {
    let mut made = step(of, ip, 443);
    made.tls_handshake = Some(shake(&made.name, failure));
    made.failure = failure.map(Failure::from);
    made
}

fn page(of: DiscriminatorStep, ip: &str, status: u16, body_sha256: &str) -> Discriminator {
    let mut made = step(of, ip, 80);
    made.answer = Some(PlainAnswer {
        status,
        body_sha256: body_sha256.to_owned(),
        body_bytes: 5,
        location: None,
    });
    made
}

fn reference(queries: Vec<DnsQuery>) -> Discriminator {
    Discriminator {
        address: "udp://192.0.2.53:53".to_owned(),
        queries,
        ..Discriminator::new(DiscriminatorStep::Reference, HOST, 0)
    }
}

fn with(mut m: Measurement, steps: Vec<Discriminator>) -> Measurement {
    let x = m.test_keys.x_accesswatch.as_mut().unwrap();
    x.discriminators = steps;
    m
}

/// The code, locus and proof.
fn judged(m: &Measurement) -> (Code, Locus, Option<Proof>) {
    let verdict = verdict(m, None);
    let proof = attribution(m, &verdict.observed(m.http_status())).and_then(|t| t.proof);
    (verdict.code, verdict.locus, proof)
}

fn at_control(watched: Option<&str>, neutral: Option<&str>) -> Vec<Discriminator> {
    vec![
        hello(DiscriminatorStep::ControlWatched, CONTROL, watched),
        hello(DiscriminatorStep::ControlNeutral, CONTROL, neutral),
    ]
}

#[test]
fn a_control_proves_only_what_fails_alike_beside_what_passes() {
    let proven = (Code::TlsReset, Locus::Network, Some(Proof::BeforeTheSite));
    let open = (Code::TlsReset, Locus::Unknown, None);
    for (watched, neutral, expected) in [
        (RESET, None, proven),
        (RESET, OTHER_NAME, proven),
        (RESET, ALERT, proven),
        // Near misses: another failure; both fail; neither fails; the wrong one fails; no handshake
        // fails.
        (TIMEOUT, None, open),
        (RESET, RESET, open),
        (RESET, TIMEOUT, open),
        (OTHER_NAME, OTHER_NAME, open),
        (None, RESET, open),
    ] {
        let m = with(secure(RESET), at_control(watched, neutral));
        assert_eq!(judged(&m), expected, "{watched:?} beside {neutral:?}");
    }
    let alone = with(secure(RESET), at_control(RESET, None)[..1].to_vec());
    assert_eq!(judged(&alone), open, "without a neutral name");
    let mut elsewhere = at_control(RESET, None);
    elsewhere[1] = hello(DiscriminatorStep::ControlNeutral, "192.0.2.81", None);
    assert_eq!(judged(&with(secure(RESET), elsewhere)), open, "two places");
    let mut unconnected = at_control(RESET, None);
    unconnected[0].tcp_connect = Some(connect(CONTROL, RESET));
    assert_eq!(judged(&with(secure(RESET), unconnected)), open);
}

#[test]
fn a_connection_that_failed_before_the_name_was_said_is_not_the_names() {
    let mut m = secure(TIMEOUT);
    m.test_keys.tls_handshakes.clear();
    m.test_keys.tcp_connect = vec![connect(HERE, TIMEOUT)];
    let m = with(m, at_control(TIMEOUT, None));
    assert_eq!(judged(&m), (Code::TcpTimeout, Locus::Unknown, None));
}

#[test]
fn the_sites_own_address_is_evidence_and_no_proof() {
    let steps = vec![
        hello(DiscriminatorStep::SiteNeutral, HERE, OTHER_NAME),
        hello(DiscriminatorStep::SiteWatched, HERE, RESET),
    ];
    let m = with(secure(RESET), steps);
    assert_eq!(judged(&m), (Code::TlsReset, Locus::Unknown, None));
    let said = attribution(&m, &verdict(&m, None).observed(m.http_status()))
        .unwrap()
        .statements;
    assert!(
        matches!(said[..], [Statement::SiteNameFails { .. }]),
        "{said:?}"
    );
    let rows = verdict(&m, None).evidence;
    assert!(rows.iter().any(|r| r.english().contains("consistent with")));
}

#[test]
fn a_page_over_plain_http_is_the_names_when_a_control_gives_it_too() {
    let control = |watched: (u16, &str), neutral: (u16, &str)| {
        vec![
            page(
                DiscriminatorStep::ControlWatched,
                CONTROL,
                watched.0,
                watched.1,
            ),
            page(
                DiscriminatorStep::ControlNeutral,
                CONTROL,
                neutral.0,
                neutral.1,
            ),
        ]
    };
    let real = || plain(403, "aa");
    let proven = (
        Code::HttpForbidden,
        Locus::Network,
        Some(Proof::BeforeTheSite),
    );
    let open = (Code::HttpForbidden, Locus::Unknown, None);
    for (watched, neutral, expected) in [
        ((403, "aa"), (200, "bb"), proven),
        ((403, "aa"), (404, "cc"), proven),
        // Near misses: another page, another status, the same for every name.
        ((403, "dd"), (200, "bb"), open),
        ((404, "aa"), (200, "bb"), open),
        ((403, "aa"), (403, "aa"), open),
    ] {
        let m = with(real(), control(watched, neutral));
        assert_eq!(judged(&m), expected, "{watched:?} beside {neutral:?}");
    }
    // An empty page may come from anyone.
    let mut empty = control((403, "aa"), (200, "bb"));
    empty[0].answer.as_mut().unwrap().body_bytes = 0;
    assert_eq!(judged(&with(real(), empty)), open);
}

#[test]
fn forged_by_certificate() {
    let untrusted = Some("ssl_unknown_authority");
    let elsewhere = |place: &str, failure: Option<&str>, known: &[&str]| {
        vec![
            reference(vec![query(HOST, "A", Ok(known))]),
            hello(DiscriminatorStep::SiteNeutral, place, OTHER_NAME),
            hello(DiscriminatorStep::SiteWatched, place, failure),
        ]
    };
    let m = with(secure(untrusted), elsewhere(THERE, None, &[THERE]));
    let proven = (Code::DnsForged, Locus::Network, Some(Proof::ForgedDns));
    assert_eq!(judged(&m), proven);
    let verdict = verdict(&m, None);
    assert_eq!(verdict.rule, "dns.forged.certificate");
    assert_eq!(
        attribution(&m, &verdict.observed(m.http_status()))
            .unwrap()
            .observed_code,
        Code::TlsUntrusted
    );
    for (why, real, steps) in [
        (
            "it fails there too",
            secure(untrusted),
            elsewhere(THERE, untrusted, &[THERE]),
        ),
        (
            "it was given here too",
            secure(untrusted),
            elsewhere(HERE, None, &[HERE]),
        ),
        (
            "nobody gives that address",
            secure(untrusted),
            elsewhere(THERE, None, &[HERE]),
        ),
        (
            "no certificate failed here: another edge",
            secure(RESET),
            elsewhere(THERE, None, &[THERE]),
        ),
    ] {
        let (code, locus, proof) = judged(&with(real, steps));
        assert_ne!(code, Code::DnsForged, "{why}");
        assert_eq!((locus, proof), (Locus::Unknown, None), "{why}");
    }
}

#[test]
fn a_reference_that_is_raced_is_told_and_one_that_differs_is_not() {
    let raced = |first: &str, second: &str| {
        let mut late = query(HOST, "A", Ok(&[second]));
        late.tags.push("duplicate".to_owned());
        with(
            secure(RESET),
            vec![reference(vec![query(HOST, "A", Ok(&[first])), late])],
        )
    };
    let forged = Some(Proof::ForgedDns);
    assert_eq!(judged(&raced("93.46.8.89", THERE)).2, forged);
    assert_eq!(judged(&raced("127.0.0.1", THERE)).2, forged);
    assert_eq!(judged(&raced(THERE, "198.51.100.10")).2, None, "two edges");
    let other = with(
        secure(RESET),
        vec![reference(vec![query(HOST, "A", Ok(&[THERE]))])],
    );
    assert_eq!(judged(&other), (Code::TlsReset, Locus::Unknown, None));
}

#[test]
fn the_sites_address_is_the_one_used_unless_it_is_in_doubt() {
    let there = [THERE.parse().unwrap()];
    let place = |m: &Measurement| {
        SuspectHost::from_measurement(m)
            .unwrap()
            .place(&there)
            .unwrap()
            .to_string()
    };
    assert_eq!(place(&secure(RESET)), format!("{HERE}:443"));
    let untrusted = secure(Some("ssl_unknown_authority"));
    assert_eq!(place(&untrusted), format!("{THERE}:443"));
    let mut nameless = secure(TIMEOUT);
    nameless.test_keys.queries = vec![query(HOST, "A", Err("dns_nxdomain_error"))];
    nameless.test_keys.tcp_connect.clear();
    nameless.test_keys.tls_handshakes.clear();
    assert_eq!(place(&nameless), format!("{THERE}:443"));
    for url in ["https://192.0.2.1/", "http://[::1]/", "http://localhost/"] {
        assert_eq!(SuspectHost::from_measurement(&bare(url)), None, "{url}");
    }
}

#[test]
fn a_record_of_another_version_is_read_all_the_same() {
    let m = with(secure(RESET), at_control(RESET, None));
    let mut json = serde_json::to_value(&m).unwrap();
    let list = &mut json["test_keys"]["x_accesswatch"]["discriminators"];
    list.as_array_mut()
        .unwrap()
        .push(serde_json::json!({"step": "of_a_later_version", "name": 7}));
    let again: Measurement = serde_json::from_value(json).unwrap();
    assert_eq!(again, m);
}

fn outcome() -> impl Strategy<Value = Option<&'static str>> {
    prop::sample::select(vec![
        None,
        RESET,
        TIMEOUT,
        OTHER_NAME,
        ALERT,
        Some("eof_error"),
        Some("host_unreachable"),
    ])
}

proptest! {
    /// Whatever the steps result in, a locus of the network needs a proof, and a proof needs both
    /// sides.
    #[test]
    fn no_locus_without_proof(
        real in outcome(),
        steps in prop::collection::vec((prop::sample::select(DiscriminatorStep::ALL), outcome()), 0..7),
    ) {
        let made = steps.iter().map(|(of, failure)| match of {
            DiscriminatorStep::Reference => reference(vec![query(HOST, "A", Ok(&[HERE]))]),
            DiscriminatorStep::ControlWatched | DiscriminatorStep::ControlNeutral => hello(*of, CONTROL, *failure),
            DiscriminatorStep::AtReference | DiscriminatorStep::SiteNeutral | DiscriminatorStep::SiteWatched => hello(*of, HERE, *failure),
        });
        let m = with(secure(real), made.collect());
        let (_, locus, proof) = judged(&m);
        prop_assert_eq!(locus == Locus::Network, proof.is_some());
        let first = |wanted: DiscriminatorStep| steps.iter().find(|(s, _)| *s == wanted).map(|(_, f)| *f);
        let alike = first(DiscriminatorStep::ControlWatched) == Some(real)
            && real.is_some_and(|f| !f.starts_with("ssl_"));
        let passes = first(DiscriminatorStep::ControlNeutral)
            .is_some_and(|f| f.is_none_or(|f| f.starts_with("ssl_")));
        prop_assert!(proof.is_none() || (alike && passes));
    }
}
