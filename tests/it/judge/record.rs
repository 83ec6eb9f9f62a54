//! Records as the prober makes them, and a judge over the shipped signatures.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use accesswatch::judge::Judge;
use accesswatch::model::measurement::{
    Body, DnsAnswer, DnsQuery, Extra, HeaderText, Request, RequestSent, Response, TcpConnect,
    TcpStatus, TestKeys, TlsHandshake,
};
use accesswatch::model::page::History;
use accesswatch::model::probe::{Expect, Probe, Target, ValueSpec};
use accesswatch::model::signature::SignatureRow;
use accesswatch::model::{Catalogue, Failure, Level, Measurement, Time, Verdict};

use crate::support::tracked;

pub const NOW: &str = "2026-11-23T01:00:00Z";

pub fn now() -> Time {
    NOW.parse().unwrap()
}

/// The shipped rows.
pub fn shipped() -> &'static [SignatureRow] {
    static ROWS: OnceLock<Vec<SignatureRow>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let workspace = accesswatch::config::load_with(dir, &|_| None);
        workspace
            .unwrap_or_else(|faults| panic!("{faults}"))
            .signatures
    })
}

pub fn judge() -> &'static Judge {
    static JUDGE: OnceLock<Judge> = OnceLock::new();
    JUDGE.get_or_init(|| Judge::new(&Catalogue::default(), shipped()))
}

pub fn probe(url: &str, expect: Expect, values: Vec<ValueSpec>) -> Probe {
    Probe {
        name: "Probe".to_owned(),
        target: Target::Url(url.parse().unwrap()),
        expect,
        values,
        ..tracked::probe("source", "probe", Level::Abstract)
    }
}

/// A record without steps.
pub fn bare(url: &str) -> Measurement {
    Measurement {
        data_format_version: "0.2.0".to_owned(),
        input: url.to_owned(),
        measurement_start_time: now(),
        test_start_time: now(),
        measurement_uid: None,
        probe_cc: "US".to_owned(),
        probe_asn: "AS0".to_owned(),
        report_id: String::new(),
        software_name: "accesswatch".to_owned(),
        software_version: "0".to_owned(),
        test_name: "accesswatch".to_owned(),
        test_version: "0".to_owned(),
        test_runtime: 0.1,
        test_keys: TestKeys::default(),
        annotations: BTreeMap::new(),
    }
}

pub fn request(url: &str) -> Request {
    Request {
        request: RequestSent {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers_list: Vec::new(),
        },
        ..Request::default()
    }
}

pub fn answer(
    url: &str,
    status: u16,
    headers: &[(&str, &str)],
    body: impl Into<Vec<u8>>,
) -> Request {
    let header = |(n, v): &(&str, &str)| (HeaderText((*n).to_owned()), HeaderText((*v).to_owned()));
    Request {
        response: Response {
            code: status,
            headers_list: headers.iter().map(header).collect(),
            body: Body(body.into().into()),
            body_is_truncated: false,
        },
        ..request(url)
    }
}

/// A record of one answer; with a verified handshake for `https:`.
pub fn answered(url: &str, last: Request) -> Measurement {
    let mut m = bare(url);
    m.test_keys.tcp_connect.push(connect("203.0.113.7", None));
    if last.request.url.starts_with("https:") {
        m.test_keys.tls_handshakes.push(TlsHandshake::default());
    }
    m.test_keys.requests.push(last);
    m
}

pub fn connect(ip: &str, failure: Option<&str>) -> TcpConnect {
    TcpConnect {
        ip: ip.to_owned(),
        port: 443,
        status: TcpStatus {
            success: failure.is_none(),
            failure: failure.map(Failure::from),
        },
        ..TcpConnect::default()
    }
}

pub fn query(host: &str, kind: &str, result: Result<&[&str], &str>) -> DnsQuery {
    let answer = |ip: &&str| DnsAnswer {
        answer_type: kind.to_owned(),
        ipv4: (kind == "A").then(|| (*ip).to_owned()),
        ipv6: (kind == "AAAA").then(|| (*ip).to_owned()),
        ttl: Some(60),
        ..DnsAnswer::default()
    };
    DnsQuery {
        hostname: host.to_owned(),
        query_type: kind.to_owned(),
        engine: "udp".to_owned(),
        answers: result.unwrap_or(&[]).iter().map(answer).collect(),
        failure: result.err().map(Failure::from),
        ..DnsQuery::default()
    }
}

pub fn extra() -> Extra {
    serde_json::from_value(serde_json::json!({
        "source": "source", "probe": "probe", "vantage": "here", "round": "r", "attempt": 0,
        "started_us": now().timestamp_micros()
    }))
    .unwrap()
}

pub fn verdict(m: &Measurement, probe: Option<&Probe>) -> Verdict {
    verdict_with(m, probe, &History::new())
}

pub fn verdict_with(m: &Measurement, probe: Option<&Probe>, history: &History) -> Verdict {
    let reading = judge().read(m, probe);
    judge().decide(&reading, m, probe, history, now())
}

/// Checks the verdict's code; the message of a failed test names the rule.
#[track_caller]
pub fn expect_code(m: &Measurement, probe: Option<&Probe>, code: &str) {
    let got = verdict(m, probe);
    assert_eq!(got.code.as_str(), code, "{got:#?}");
}
