//! Measurement records of a small workspace, as `run` would have written them: the content of a
//! page decides their verdict, by the real judge.

use accesswatch::model::Measurement;
use serde_json::json;

use super::workspace::TestWorkspace;

/// The answer that a fetch gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// `ok`.
    Well,
    /// `content.changed`.
    Changed,
    /// `http.forbidden`.
    Forbidden,
    /// `http.not_found`.
    Missing,
    /// `site.legal_block`.
    Legal,
    /// `site.rate_limited`: explicit, one attempt is enough.
    Often,
    /// `http.server_error`.
    Broken,
    /// A failure of transport.
    Silent,
    /// `content.empty` of `papers/text`: no paragraph.
    Emptied,
}

pub const PAGES: [Page; 9] = [
    Page::Well,
    Page::Changed,
    Page::Forbidden,
    Page::Missing,
    Page::Legal,
    Page::Often,
    Page::Broken,
    Page::Silent,
    Page::Emptied,
];

/// Seven probes of six sources: enough for a failing network to hit many sources.
pub const PROBES: [(&str, &str); 7] = [
    ("papers", "home"),
    ("papers", "text"),
    ("data1", "home"),
    ("data2", "home"),
    ("data3", "home"),
    ("data4", "home"),
    ("data5", "home"),
];
pub const VANTAGES: [&str; 2] = ["here", "far"];
const CONTROLS: [&str; 2] = ["http://one.example/", "http://two.example/"];

const PAPERS: &str = r#"
[source]
id = "papers"
name = "Papers"
name_zh = "论文"
group = "test"
access = "public"

[[probe]]
id = "home"
name = "Home"
level = "home"
url = "http://papers.example/home"
[probe.expect]
contains = ["摘要"]

[[probe]]
id = "text"
name = "Text"
level = "fulltext"
depends_on = "papers/home"
url = "http://papers.example/text"
[probe.expect]
contains = ["摘要"]
[probe.value.paragraphs]
regex = "<p>"
as = "count"
min = 1
"#;

const DATA: &str = r#"
[source]
id = "DATA"
name = "Data"
name_zh = "数据"
group = "test"
access = "public"

[[probe]]
id = "home"
name = "Home"
level = "home"
url = "http://DATA.example/home"
[probe.expect]
contains = ["摘要"]
"#;

/// A workspace that watches [`PROBES`] from [`VANTAGES`], each with two controls.
pub fn workspace() -> TestWorkspace {
    let watch = TestWorkspace::new(CONTROLS[0]);
    let controls = format!("controls = [\"{}\"]", CONTROLS[0]);
    let both = format!("controls = [\"{}\", \"{}\"]", CONTROLS[0], CONTROLS[1]);
    watch.edit("config/accesswatch.toml", &controls, &both);
    watch.edit("config/accesswatch.toml", "hold = \"0s\"", "hold = \"90m\"");
    watch.append(
        "config/accesswatch.toml",
        &format!("\n[[vantage]]\nid = \"far\"\nname = \"Far\"\ncountry = \"KR\"\nvia = \"agent\"\n{both}\n"),
    );
    watch.write("probes/test/papers.toml", PAPERS);
    for (source, _) in &PROBES[2..] {
        watch.write(
            &format!("probes/test/{source}.toml"),
            &DATA.replace("DATA", source),
        );
    }
    watch
}

/// The vantage, pass, round and time of a record.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    pub vantage: &'a str,
    /// The pass that the record names; records of older versions name no pass.
    pub pass: Option<&'a str>,
    pub round: &'a str,
    pub attempt: u32,
    pub started_us: i64,
}

/// One attempt at a probe.
pub fn attempt(probe: (&str, &str), at: At<'_>, page: Page) -> Measurement {
    let url = format!("http://{}.example/{}", probe.0, probe.1);
    record(probe, &url, at, page, false)
}

/// OONI's record of the same attempt: it names none of our probes, vantages or rounds.
pub fn foreign(probe: (&str, &str), asn: &str, started_us: i64, page: Page) -> Measurement {
    let round = started_us.to_string();
    let at = At {
        vantage: asn,
        pass: None,
        round: &round,
        attempt: 0,
        started_us,
    };
    let mut made = attempt(probe, at, page);
    asn.clone_into(&mut made.probe_asn);
    "web_connectivity".clone_into(&mut made.test_name);
    made.test_keys.x_accesswatch = None;
    made
}

/// The tries of both controls, half a second apart.
pub fn controls(at: At<'_>, works: bool) -> Vec<Measurement> {
    let one = |(n, url): (i64, &&str)| {
        let at = At {
            started_us: at.started_us + n * 500_000,
            ..at
        };
        control(url, at, works)
    };
    (0..).zip(&CONTROLS).map(one).collect()
}

/// One try of a control.
pub fn control(url: &str, at: At<'_>, works: bool) -> Measurement {
    let page = if works { Page::Well } else { Page::Silent };
    let host = url.trim_start_matches("http://").trim_end_matches('/');
    record(("control", host), url, at, page, true)
}

/// Another page of a host.
pub fn beside(url: &str, at: At<'_>, page: Page) -> Measurement {
    record(("url", "beside"), url, at, page, false)
}

fn record(
    (source, probe): (&str, &str),
    url: &str,
    at: At<'_>,
    page: Page,
    control: bool,
) -> Measurement {
    let started = chrono::DateTime::from_timestamp_micros(at.started_us).unwrap();
    let time = started.format("%Y-%m-%d %H:%M:%S").to_string();
    let (status, body) = match page {
        Page::Well => (200, "<title>论文</title><p>摘要</p>"),
        Page::Changed => (200, "<title>论文</title><p>改版</p>"),
        Page::Forbidden => (403, "<p>no</p>"),
        Page::Missing => (404, "<p>none</p>"),
        Page::Legal => (451, "<p>451</p>"),
        Page::Often => (429, "<p>slower</p>"),
        Page::Broken => (503, "<p>oops</p>"),
        Page::Silent => (0, ""),
        Page::Emptied => (200, "<title>论文</title><h1>摘要</h1>"),
    };
    let failure = (page == Page::Silent).then_some("generic_timeout_error");
    let uid = format!(
        "{}.{source}.{probe}.{}.{}",
        at.vantage, at.round, at.attempt
    );
    serde_json::from_value(json!({
        "data_format_version": "0.2.0", "input": url, "measurement_start_time": time,
        "test_start_time": time, "measurement_uid": uid, "probe_cc": "DE", "probe_asn": "AS0",
        "test_name": "accesswatch", "test_runtime": 0.1,
        "test_keys": {
            "queries": [], "tcp_connect": [], "tls_handshakes": [],
            "requests": [{
                "request": {"method": "GET", "url": url, "headers_list": []},
                "response": {"code": status, "headers_list": [["Content-Type", "text/html; charset=utf-8"]],
                             "body": body, "body_is_truncated": false},
                "failure": failure, "t0": 0.0, "t": 0.1,
            }],
            "x_accesswatch": {"source": source, "probe": probe, "vantage": at.vantage,
                              "pass": at.pass, "round": at.round, "attempt": at.attempt, "control": control,
                              "started_us": at.started_us},
        },
    }))
    .unwrap()
}
