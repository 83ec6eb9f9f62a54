//! The labelled pages, and for each page a record in the form that the prober gives it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use accesswatch::model::Measurement;
use accesswatch::model::measurement::{
    Body, HeaderText, Request, RequestSent, Response, TcpConnect, TcpStatus, TestKeys, TlsHandshake,
};
use serde::Deserialize;

/// A labelled page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub family: String,
    pub kind: String,
    pub url: String,
    pub status: u16,
    pub body: String,
    /// Where a redirect led.
    pub final_url: Option<String>,
    /// What the host shows at a made-up address.
    pub sibling: Option<String>,
    /// The page as it was cited.
    pub before: Option<String>,
    /// The page at its second check.
    pub second: Option<String>,
    /// The passage that is cited.
    pub quote: Option<String>,
}

/// All pages of a split.
pub fn pages(split: &str) -> Vec<Page> {
    let path = format!("tests/testdata/link_pages/{split}.jsonl");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The record of a check that received `body` with `status`; with `final_url`, after a redirect.
pub fn record(url: &str, final_url: Option<&str>, status: u16, body: &str) -> Measurement {
    let mut requests = vec![request(final_url.unwrap_or(url), status, None, body)];
    if let Some(to) = final_url {
        requests.push(request(url, 302, Some(to), ""));
    }
    let started = "2026-11-23T01:00:00Z".parse().unwrap();
    Measurement {
        data_format_version: "0.2.0".to_owned(),
        input: url.to_owned(),
        measurement_start_time: started,
        test_start_time: started,
        measurement_uid: None,
        probe_cc: "US".to_owned(),
        probe_asn: "AS0".to_owned(),
        report_id: String::new(),
        software_name: "accesswatch".to_owned(),
        software_version: "0".to_owned(),
        test_name: "accesswatch".to_owned(),
        test_version: "0".to_owned(),
        test_runtime: 0.1,
        test_keys: TestKeys {
            requests,
            tcp_connect: vec![TcpConnect {
                ip: "203.0.113.7".to_owned(),
                port: 443,
                status: TcpStatus {
                    success: true,
                    failure: None,
                },
                ..TcpConnect::default()
            }],
            tls_handshakes: vec![TlsHandshake::default()],
            ..TestKeys::default()
        },
        annotations: BTreeMap::new(),
    }
}

fn request(url: &str, status: u16, location: Option<&str>, body: &str) -> Request {
    let mut headers = vec![("content-type", "text/html; charset=utf-8")];
    headers.extend(location.map(|to| ("location", to)));
    let header =
        |(name, value): (&str, &str)| (HeaderText(name.to_owned()), HeaderText(value.to_owned()));
    Request {
        request: RequestSent {
            method: "GET".to_owned(),
            url: url.to_owned(),
            headers_list: Vec::new(),
        },
        response: Response {
            code: status,
            headers_list: headers.into_iter().map(header).collect(),
            body: Body(body.as_bytes().to_vec().into()),
            body_is_truncated: false,
        },
        ..Request::default()
    }
}
