//! A probe becomes one whole measurement record.

use std::path::Path;

use accesswatch::model::measurement::Measurement;
use accesswatch::model::probe::{Method, Target};
use accesswatch::model::vantage::{Control, Via};
use accesswatch::model::wire::WireForm;
use accesswatch::model::{Failure, Probe};
use accesswatch::probe::Prober;
use sha2::{Digest as _, Sha256};

use crate::support::http::{Server, answer, page, redirect};
use crate::support::probes::{politeness, probe, settings, vantage};
use crate::support::{system_clock, well_formed};

fn prober(dir: &Path) -> Prober {
    Prober::new(&settings(politeness()), dir, system_clock()).unwrap()
}

async fn measured(probe: &Probe) -> Measurement {
    let prober = prober(Path::new("."));
    well_formed(prober.measure(probe, &vantage(), &"r1".into(), 2).await)
}

fn body(m: &Measurement) -> &[u8] {
    &m.last_request().unwrap().response.body.0
}

#[tokio::test]
async fn every_field_of_the_record_is_filled() {
    let server = Server::start(|_| page("<title>中国知网</title>")).await;
    let m = measured(&probe(Target::Url(server.url("/")))).await;
    assert_eq!(m.data_format_version, "0.2.0");
    assert_eq!(m.input, server.url("/").as_str());
    assert_eq!((m.probe_cc.as_str(), m.probe_asn.as_str()), ("KR", "AS0"));
    assert_eq!(
        (m.test_name.as_str(), m.software_name.as_str()),
        ("accesswatch", "accesswatch")
    );
    assert!(m.test_runtime > 0.0 && m.test_runtime < 5.0);
    let uid = uuid::Uuid::parse_str(m.measurement_uid.as_ref().unwrap().as_str()).unwrap();
    assert_eq!(uid.get_version_num(), 7);
    let extra = m.extra().unwrap();
    assert_eq!(m.key().unwrap().to_string(), "cnki/home");
    assert_eq!(
        (extra.vantage.as_str(), extra.round.as_str(), extra.attempt),
        ("here", "r1", 2)
    );
    assert_eq!((extra.via.as_str(), extra.control), ("direct", false));
    let hash = format!("{:x}", Sha256::digest(body(&m)));
    assert_eq!(extra.body_sha256.as_ref(), Some(&hash));
    assert_eq!(extra.body_bytes, body(&m).len() as u64);
    assert_eq!(extra.robots.as_ref().unwrap().state, "off");
    assert_eq!(extra.skipped, None);
    assert!(extra.phases.connect.is_some() && extra.phases.first_byte.is_some());
    assert!(extra.phases.dns.is_none() && extra.phases.tls.is_none());
    assert!(extra.phases.total >= extra.phases.first_byte.unwrap());
    assert_eq!(m.test_keys.tcp_connect[0].ip, "127.0.0.1");
    let again: Measurement = serde_json::from_str(&serde_json::to_string(&m).unwrap()).unwrap();
    // The wire form is no part of the record.
    let mut m = m;
    assert_eq!(m.test_keys.requests[0].wire.reason, "OK");
    m.test_keys.requests[0].wire = WireForm::default();
    assert_eq!(again.test_keys, m.test_keys);
}

#[tokio::test]
async fn the_request_is_honest_and_recorded_as_sent() {
    let server = Server::start(|_| page("")).await;
    let m = measured(&probe(Target::Url(server.url("/x?q=1")))).await;
    let heard = &server.heard()[0];
    assert_eq!(heard.line, "GET /x?q=1 HTTP/1.1");
    assert!(
        heard
            .header("user-agent")
            .unwrap()
            .starts_with("accesswatch/")
    );
    let sent: Vec<String> = m
        .last_request()
        .unwrap()
        .request
        .headers_list
        .iter()
        .map(|(n, v)| format!("{}: {}", n.0, v.0))
        .collect();
    let wire: Vec<&str> = heard.head.lines().skip(1).collect();
    assert_eq!(sent, wire);
}

#[tokio::test]
async fn a_refused_connection_is_a_whole_record_too() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://{closed}/").parse().unwrap();
    let m = measured(&probe(Target::Url(url))).await;
    let last = m.last_request().unwrap();
    assert!(last.failure.as_ref().unwrap().equals(Failure::REFUSED));
    assert_eq!(last.response.code, 0);
    assert!(!m.test_keys.tcp_connect[0].status.success);
    assert_eq!(m.extra().unwrap().phases.first_byte, None);
}

#[tokio::test]
async fn a_post_carries_its_body_and_becomes_a_get_on_302() {
    let server = Server::start(|heard| match heard.path() {
        "/see" => redirect("/done"),
        "/keep" => answer("307 Temporary Redirect", &[("Location", "/done")], b""),
        _ => page("ok"),
    })
    .await;
    let mut post = probe(Target::Url(server.url("/see")));
    post.method = Method::Post;
    post.body = Some("kw=论文".to_owned());
    measured(&post).await;
    post.target = Target::Url(server.url("/keep"));
    post.headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    measured(&post).await;
    let heard = server.heard();
    let lines: Vec<&str> = heard
        .iter()
        .map(|h| h.line.split(' ').next().unwrap())
        .collect();
    assert_eq!(lines, ["POST", "GET", "POST", "POST"]);
    assert_eq!(heard[0].body, "kw=论文".as_bytes());
    assert_eq!(
        heard[0].header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert!(heard[1].body.is_empty() && heard[1].header("content-type").is_none());
    assert_eq!(heard[3].body, "kw=论文".as_bytes());
    assert_eq!(heard[3].header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn requests_before_open_a_session_of_this_run_alone() {
    let server = Server::start(|heard| match heard.path() {
        "/session" => answer(
            "200 OK",
            &[("Set-Cookie", "JSESSIONID=0123456789ABCDEF; Path=/")],
            b"hi",
        ),
        _ if heard.header("cookie") == Some("JSESSIONID=0123456789ABCDEF") => {
            page("session 0123456789ABCDEF is open")
        }
        _ => answer("403 Forbidden", &[], b""),
    })
    .await;
    let mut with = probe(Target::Url(server.url("/data")));
    with.before = vec![server.url("/session")];
    let m = measured(&with).await;
    let requests = &m.test_keys.requests;
    assert_eq!(requests.len(), 2);
    assert_eq!(
        (requests[0].response.code, requests[0].tags.len()),
        (200, 0)
    );
    assert_eq!(requests[1].tags, ["before"]);
    assert_eq!(body(&m), b"session [redacted] is open");
    let line = serde_json::to_string(&m).unwrap();
    assert!(!line.contains("0123456789ABCDEF"), "nowhere in the record");
    assert!(line.contains("JSESSIONID=[redacted]"));
    let mut without = with.clone();
    without.before.clear();
    let m = measured(&without).await;
    assert_eq!(
        m.last_request().unwrap().response.code,
        403,
        "no cookie outlives a run"
    );
}

#[tokio::test]
async fn a_failed_request_before_ends_the_measurement() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = Server::start(|_| page("")).await;
    let mut with = probe(Target::Url(server.url("/data")));
    with.before = vec![format!("http://{closed}/").parse().unwrap()];
    let m = measured(&with).await;
    assert!(
        m.last_request()
            .unwrap()
            .failure
            .as_ref()
            .unwrap()
            .equals(Failure::REFUSED)
    );
    assert!(server.paths().is_empty());
}

#[tokio::test]
async fn tokens_in_urls_are_not_recorded() {
    let server = Server::start(|heard| match heard.path() {
        "/" => redirect("/verify?captchaId=4f1d0c55aa3b4a6e&x=1"),
        _ => page("see /verify?captchaId=4f1d0c55aa3b4a6e"),
    })
    .await;
    let m = measured(&probe(Target::Url(server.url("/")))).await;
    assert_eq!(server.paths()[1], "/verify?captchaId=4f1d0c55aa3b4a6e&x=1");
    assert!(
        !serde_json::to_string(&m)
            .unwrap()
            .contains("4f1d0c55aa3b4a6e")
    );
    assert!(
        m.last_request()
            .unwrap()
            .request
            .url
            .ends_with("/verify?captchaId=[redacted]&x=1")
    );
}

#[tokio::test]
async fn the_exit_address_is_not_recorded_where_a_page_echoes_it() {
    let exit = "Ecp_IpLoginFail=231123203.0.113.77; Path=/";
    let echo = Server::start(move |_| {
        answer(
            "200 OK",
            &[("Set-Cookie", exit), ("X-You", "203.0.113.77")],
            b"You are 203.0.113.77.",
        )
    })
    .await;
    let m = measured(&probe(Target::Url(echo.url("/")))).await;
    assert_eq!(body(&m), b"You are [redacted].");
    assert!(!serde_json::to_string(&m).unwrap().contains("203.0.113.77"));
}

#[tokio::test]
async fn a_control_belongs_to_its_vantage() {
    let server = Server::start(|_| page("success\n")).await;
    let control = Control {
        url: server.url("/success.txt"),
        body: Some("success\n".to_owned()),
        echo: false,
    };
    let prober = prober(Path::new("."));
    let m = well_formed(prober.control(&control, &vantage(), &"r9".into(), 1).await);
    let extra = m.extra().unwrap();
    assert!(extra.control);
    assert_eq!((extra.round.as_str(), extra.attempt), ("r9", 1));
    assert_eq!(body(&m), b"success\n");
    let m = well_formed(prober.fetch_url(&server.url("/x"), &vantage()).await);
    assert!(!m.extra().unwrap().control);
    assert_eq!(m.last_request().unwrap().response.code, 200);
}

#[tokio::test]
async fn an_agents_vantage_is_not_measured_here() {
    let server = Server::start(|_| page("")).await;
    let mut agent = vantage();
    agent.id = "seoul".into();
    agent.via = Via::Agent;
    let prober = prober(Path::new("."));
    let m = prober
        .measure(&probe(Target::Url(server.url("/"))), &agent, &"r".into(), 0)
        .await;
    assert_eq!(m.extra().unwrap().skipped.as_deref(), Some("agent"));
    let file = probe(Target::File("status.json".into()));
    let m = prober.measure(&file, &agent, &"r".into(), 0).await;
    assert_eq!(m.extra().unwrap().skipped.as_deref(), Some("agent"));
    assert!(server.paths().is_empty());
}

#[tokio::test]
async fn a_file_is_read_like_an_answer() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("wind")).unwrap();
    std::fs::write(dir.path().join("wind/status.json"), "{\"rows\": 3}").unwrap();
    let prober = prober(dir.path());
    let file = probe(Target::File("wind/status.json".into()));
    let m = prober.measure(&file, &vantage(), &"r".into(), 0).await;
    assert_eq!(m.input, "file:wind/status.json");
    let last = m.last_request().unwrap();
    assert_eq!((last.response.code, last.failure.as_ref()), (200, None));
    assert_eq!(
        last.response.header("content-type"),
        Some("application/json")
    );
    let changed = last.response.header("last-modified").unwrap();
    let changed = chrono::DateTime::parse_from_rfc2822(changed).unwrap();
    assert!((chrono::Utc::now() - changed.to_utc()).num_minutes() < 5);
    assert_eq!(body(&m), b"{\"rows\": 3}");
    let extra = m.extra().unwrap();
    assert_eq!((extra.via.as_str(), extra.body_bytes), ("file", 11));
    assert!(extra.body_sha256.is_some());
}

#[tokio::test]
async fn files_that_are_not_there_or_lead_out_are_unreadable() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "secret").unwrap();
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret"), dir.path().join("link")).unwrap();
    std::fs::create_dir(dir.path().join("folder")).unwrap();
    let up = format!(
        "../{}/secret",
        outside.path().file_name().unwrap().to_str().unwrap()
    );
    let absolute = outside.path().join("secret");
    let prober = prober(dir.path());
    for path in [
        "missing.json",
        "link",
        "folder",
        &up,
        absolute.to_str().unwrap(),
    ] {
        let m = prober
            .measure(
                &probe(Target::File(path.into())),
                &vantage(),
                &"r".into(),
                0,
            )
            .await;
        let last = m.last_request().unwrap();
        assert!(
            last.failure
                .as_ref()
                .unwrap()
                .equals(Failure::FILE_UNREADABLE),
            "{path}"
        );
        assert!(
            last.response.body.0.is_empty() && last.response.code == 0,
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_long_file_is_cut() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("big.csv"), vec![b'x'; (2 << 20) + 5]).unwrap();
    let m = prober(dir.path())
        .measure(
            &probe(Target::File("big.csv".into())),
            &vantage(),
            &"r".into(),
            0,
        )
        .await;
    assert!(m.last_request().unwrap().response.body_is_truncated);
    assert_eq!(
        (body(&m).len(), m.extra().unwrap().body_bytes),
        (2 << 20, (2 << 20) + 5)
    );
}
