//! The result of an attempt: a whole record for every code, which the real judge reads.
//!
//! A source's page has a title, a sentence that its probe looks for, and three figures, given in
//! headers: the number of rows, a price, and the date of the newest row. An event changes that page
//! or the exchange.

use std::time::Duration;

use accesswatch::model::failure::Failure;
use accesswatch::model::measurement::{
    Body, DnsAnswer, DnsQuery, Extra, HeaderText, Phases, Request, RequestSent, Response,
    TcpConnect, TcpStatus, TestKeys, TlsHandshake,
};
use accesswatch::model::probe::{Probe, Target, ValueFrom, ValueKind, ValueSpec};
use accesswatch::model::signature::{Location, PatternType, SignatureRow};
use accesswatch::model::{Code, Locus, Measurement, RoundId, Time, Vantage};

/// The address of the sources.
const ADDRESS: &str = "192.0.2.7";
/// An address that forged answers have long given.
const FORGED: &str = "4.36.66.178";

/// The codes that signatures give.
const KNOWN: [Code; 14] = [
    Code::SiteGeoBlock,
    Code::SiteLegalBlock,
    Code::SiteWafBlock,
    Code::SiteIpBan,
    Code::SiteNotEntitled,
    Code::SiteChallenge,
    Code::SiteLogin,
    Code::SitePhone,
    Code::SitePaywall,
    Code::SiteMaintenance,
    Code::SiteEdition,
    Code::ContentParked,
    Code::ContentSoft404,
    Code::ContentWithdrawn,
];

/// The record that is wanted, and its probe, vantage and time.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub url: &'a str,
    pub source: &'a str,
    pub probe: &'a str,
    pub vantage: &'a Vantage,
    pub round: &'a RoundId,
    pub attempt: u32,
    pub control: bool,
    pub at: Time,
}

/// The text by which a signature recognises a page of this code.
fn mark(code: Code) -> String {
    format!("simulated: {code}.")
}

/// A signature for every code that needs one.
#[must_use]
pub fn signatures() -> Vec<SignatureRow> {
    let row = |code: Code| SignatureRow {
        name: format!("simulated.{code}"),
        scope: "simulated".to_owned(),
        location: Location::Body,
        pattern_type: PatternType::Contains,
        pattern: mark(code),
        code,
        locus: Locus::Site,
        status: Vec::new(),
        max_bytes: None,
        unless: None,
        confirmed: true,
        removed_by: None,
        source: "this simulation".to_owned(),
        notes: String::new(),
    };
    let mut rows: Vec<SignatureRow> = KNOWN.map(row).to_vec();
    rows.push(row(Code::ContentEmpty));
    rows
}

/// The request and the expectations of the probe.
pub fn expect(probe: &mut Probe) {
    if let Ok(url) = format!("https://{}.example/series", probe.source).parse() {
        probe.target = Target::Url(url);
    }
    let header = |name: &str, kind: ValueKind| ValueSpec {
        name: name.to_owned(),
        from: ValueFrom::Header(format!("x-{name}")),
        regex: None,
        kind,
        format: None,
        min: None,
        max: None,
        max_drop: None,
        max_age: None,
        calendar: None,
        must_change: None,
        changes_with: None,
    };
    probe.expect.contains = vec!["The whole series is here".to_owned()];
    probe.values = vec![
        ValueSpec {
            min: Some(50.0),
            ..header("rows", ValueKind::Number)
        },
        header("price", ValueKind::Number),
        ValueSpec {
            format: Some("%Y-%m-%d".to_owned()),
            max_age: Some(Duration::from_secs(10 * 86_400)),
            ..header("newest", ValueKind::Date)
        },
    ];
}

/// The record of an attempt that gets this code.
#[must_use]
pub fn record(asked: Asked<'_>, code: Code) -> Measurement {
    let mut measurement = empty(asked);
    let keys = &mut measurement.test_keys;
    match code {
        Code::SkippedBackOff => {
            if let Some(extra) = &mut keys.x_accesswatch {
                extra.skipped = Some("back_off".to_owned());
            }
        }
        _ => match failure(code) {
            Some((step, failure)) => fail(keys, asked.url, code, step, failure),
            None => answer(keys, asked, code),
        },
    }
    measurement
}

/// The reference resolver's answer when a forged answer replaces it on the path.
#[must_use]
pub fn forged_reply(name: &str) -> DnsQuery {
    resolved(name, FORGED)
}

/// How far a fetch got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Resolver,
    Address,
    Handshake,
    Exchange,
}

/// The failure that stops the fetch, and at which step; `None` when there is an answer.
fn failure(code: Code) -> Option<(Reached, &'static str)> {
    Some(match code {
        Code::DnsTimeout => (Reached::Resolver, Failure::TIMEOUT),
        Code::DnsServfail => (Reached::Resolver, Failure::DNS_SERVFAIL),
        Code::DnsNxdomain => (Reached::Resolver, Failure::DNS_NXDOMAIN),
        Code::TcpTimeout | Code::DnsForged => (Reached::Address, Failure::TIMEOUT),
        Code::TcpReset => (Reached::Address, Failure::RESET),
        Code::TcpRefused => (Reached::Address, Failure::REFUSED),
        Code::TcpUnreachable => (Reached::Address, Failure::HOST_UNREACHABLE),
        Code::TlsReset => (Reached::Handshake, Failure::RESET),
        Code::TlsTimeout => (Reached::Handshake, Failure::TIMEOUT),
        Code::TlsExpired => (Reached::Handshake, Failure::TLS_INVALID_CERTIFICATE),
        Code::HttpReset => (Reached::Exchange, Failure::RESET),
        Code::HttpTimeout => (Reached::Exchange, Failure::TIMEOUT),
        Code::HttpNoReply => (Reached::Exchange, Failure::EOF),
        _ => return None,
    })
}

fn fail(keys: &mut TestKeys, url: &str, code: Code, reached: Reached, failure: &str) {
    let failure = Failure::from(failure);
    let ends_at = |step: Reached| (step == reached).then(|| failure.clone());
    let leads_to = if code == Code::DnsForged {
        FORGED
    } else {
        ADDRESS
    };
    let host = host(url);
    keys.queries.push(match ends_at(Reached::Resolver) {
        Some(failure) => DnsQuery {
            answers: Vec::new(),
            failure: Some(failure),
            ..resolved(host, leads_to)
        },
        None => resolved(host, leads_to),
    });
    if reached >= Reached::Address {
        let failure = ends_at(Reached::Address);
        keys.tcp_connect.push(TcpConnect {
            ip: leads_to.to_owned(),
            port: 443,
            status: TcpStatus {
                success: failure.is_none(),
                failure,
            },
            ..TcpConnect::default()
        });
    }
    if reached >= Reached::Handshake {
        keys.tls_handshakes.push(TlsHandshake {
            address: format!("{leads_to}:443"),
            server_name: host.to_owned(),
            failure: ends_at(Reached::Handshake),
            x_detail: (code == Code::TlsExpired).then(|| "certificate expired".to_owned()),
            ..TlsHandshake::default()
        });
    }
    keys.requests.push(Request {
        request: sent(url),
        failure: Some(failure),
        ..Request::default()
    });
}

fn answer(keys: &mut TestKeys, asked: Asked<'_>, code: Code) {
    keys.queries.push(resolved(host(asked.url), ADDRESS));
    let mut request = sent(asked.url);
    if code == Code::ContentRedirectedHome {
        request.url = format!("https://{}/", host(asked.url));
    }
    let (rows, price, newest) = match code {
        Code::ContentShrunk => ("3", "12.5", asked.at),
        Code::ContentNulls => ("80", "--", asked.at),
        Code::ContentStale => ("80", "12.5", asked.at - chrono::TimeDelta::days(40)),
        _ => ("80", "12.5", asked.at),
    };
    let newest = newest.format("%Y-%m-%d").to_string();
    let header =
        |name: &str, value: &str| (HeaderText(name.to_owned()), HeaderText(value.to_owned()));
    let mut headers = vec![header("content-type", "text/html; charset=utf-8")];
    let body = body(asked.source, code);
    if body.1 {
        headers.extend([
            header("x-rows", rows),
            header("x-price", price),
            header("x-newest", &newest),
        ]);
    }
    keys.requests.push(Request {
        request,
        response: Response {
            code: status(code),
            headers_list: headers,
            body: Body(body.0.into_bytes().into()),
            body_is_truncated: false,
        },
        ..Request::default()
    });
}

fn status(code: Code) -> u16 {
    match code {
        Code::HttpServerError => 503,
        Code::HttpUnauthorized => 401,
        Code::HttpForbidden => 403,
        Code::HttpNotFound => 404,
        Code::HttpGone => 410,
        _ => 200,
    }
}

/// The page of a code, and whether it has the source's figures.
fn body(source: &str, code: Code) -> (String, bool) {
    let known = KNOWN.contains(&code) || code == Code::ContentEmpty;
    match code {
        _ if known => (
            format!("<title>-</title><p>-<!-- {} -->", mark(code)),
            false,
        ),
        _ if status(code) != 200 => ("<title>-</title><p>-".to_owned(), false),
        Code::ContentReplaced => (replaced(), false),
        Code::ContentRedirectedHome => (home(), false),
        Code::ContentUnproven => {
            let page = "<title>-</title><div id=\"app\"></div><script src=\"/app.js\"></script>";
            (page.to_owned(), false)
        }
        _ => (page(source), true),
    }
}

fn page(source: &str) -> String {
    format!(
        "<title>Series of {source}</title><h1>Series of {source}</h1><p>The whole series is here, as it \
         was collected by the office and checked by two of its clerks, with the notes of each year, \
         the table of all revisions, and the address of the person who answers questions about them.</p>\
         <p>It is given to everybody free of charge, and may be copied when its source is named.</p>"
    )
}

fn replaced() -> String {
    "<title>Spring fair</title><h1>Spring fair</h1><p>Flowers, music and good food await all guests \
     of our town on the lake this weekend, from ten in the morning until late at night.</p>"
        .to_owned()
}

fn home() -> String {
    "<title>Office</title><h1>Office</h1><ul><li>About<li>People<li>Rooms<li>Jobs</ul>".to_owned()
}

fn host(url: &str) -> &str {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    rest.split('/').next().unwrap_or(rest)
}

fn sent(url: &str) -> RequestSent {
    RequestSent {
        method: "GET".to_owned(),
        url: url.to_owned(),
        headers_list: Vec::new(),
    }
}

fn resolved(name: &str, address: &str) -> DnsQuery {
    DnsQuery {
        hostname: name.to_owned(),
        query_type: "A".to_owned(),
        engine: "udp".to_owned(),
        answers: vec![DnsAnswer {
            answer_type: "A".to_owned(),
            ipv4: Some(address.to_owned()),
            ..DnsAnswer::default()
        }],
        ..DnsQuery::default()
    }
}

fn empty(asked: Asked<'_>) -> Measurement {
    let uid = format!(
        "{}.{}.{}.{}",
        asked.vantage.id, asked.source, asked.round, asked.attempt
    );
    Measurement {
        data_format_version: "0.2.0".to_owned(),
        input: asked.url.to_owned(),
        measurement_start_time: asked.at,
        test_start_time: asked.at,
        measurement_uid: Some(uid.into()),
        probe_cc: asked.vantage.country.clone(),
        probe_asn: "AS0".to_owned(),
        report_id: String::new(),
        software_name: String::new(),
        software_version: String::new(),
        test_name: "accesswatch".to_owned(),
        test_version: String::new(),
        test_runtime: 0.0,
        test_keys: TestKeys {
            x_accesswatch: Some(extra(asked)),
            ..TestKeys::default()
        },
        annotations: std::collections::BTreeMap::new(),
    }
}

fn extra(asked: Asked<'_>) -> Extra {
    Extra {
        source: asked.source.into(),
        probe: asked.probe.into(),
        link: None,
        vantage: asked.vantage.id.clone(),
        pass: None,
        round: asked.round.clone(),
        attempt: asked.attempt,
        started_us: asked.at.timestamp_micros(),
        phases: Phases::default(),
        control: asked.control,
        via: "direct".to_owned(),
        proxy: None,
        charset: None,
        body_sha256: None,
        body_bytes: 0,
        values: std::collections::BTreeMap::new(),
        expect: Vec::new(),
        discriminators: Vec::new(),
        references: Vec::new(),
        robots: None,
        skipped: None,
        tls_client: String::new(),
    }
}
