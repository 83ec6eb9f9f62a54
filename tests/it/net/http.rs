//! What hostile and broken servers do to one measurement: bounded, recorded, never an error of
//! ours.

use std::io::Write as _;
use std::time::{Duration, Instant};

use accesswatch::judge::Judge;
use accesswatch::model::measurement::Request;
use accesswatch::model::page::History;
use accesswatch::model::probe::Target;
use accesswatch::model::{Catalogue, Code, Failure, Measurement, Probe, Verdict};
use accesswatch::probe::Prober;

use crate::support::english::English as _;
use crate::support::http::{Act, Server, answer};
use crate::support::probes::{politeness, probe, settings, vantage};
use crate::support::{system_clock, well_formed};

/// Measures `/` of a server that always acts like this.
pub async fn seen(act: Act) -> Measurement {
    let server = Server::start(move |_| act.clone()).await;
    measured(probe(Target::Url(server.url("/")))).await
}

pub async fn measured(probe: Probe) -> Measurement {
    let prober = Prober::new(
        &settings(politeness()),
        std::path::Path::new("."),
        system_clock(),
    )
    .unwrap();
    well_formed(prober.measure(&probe, &vantage(), &"r1".into(), 0).await)
}

pub fn newest(m: &Measurement) -> &Request {
    m.last_request().unwrap()
}

pub fn failure(m: &Measurement) -> Option<&str> {
    newest(m).failure.as_ref().map(Failure::as_str)
}

pub fn body(m: &Measurement) -> String {
    String::from_utf8_lossy(&newest(m).response.body.0).into_owned()
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(data).unwrap();
    writer.finish().unwrap()
}

fn coded(coding: &str, body: &[u8]) -> Act {
    answer("200 OK", &[("Content-Encoding", coding)], body)
}

#[tokio::test]
async fn one_byte_at_a_time_ends_at_the_deadline() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec();
    // The whole answer takes a minute, or the head alone takes twenty seconds.
    for (at_once, drip, pause, code) in [
        (head.clone(), vec![b'x'; 1000], 60, 200),
        (Vec::new(), head.clone(), 500, 0),
    ] {
        let drip = (at_once, drip, Duration::from_millis(pause));
        let server = Server::start(move |_| {
            let (at_once, drip, pause) = drip.clone();
            Act::Drip(at_once, drip, pause)
        })
        .await;
        let mut slow = probe(Target::Url(server.url("/")));
        slow.timeout = Some(Duration::from_secs(1));
        let begun = Instant::now();
        let m = measured(slow).await;
        assert!(begun.elapsed() < Duration::from_secs(10));
        assert_eq!(failure(&m), Some(Failure::TIMEOUT));
        assert_eq!(newest(&m).response.code, code);
        let kept = newest(&m).response.body.0.len();
        assert_eq!(kept > 0, code == 200, "what came is kept");
    }
}

#[tokio::test]
async fn a_head_that_never_comes_is_a_timeout_without_an_answer() {
    let server = Server::start(|_| Act::Hang(b"HTTP/1.1 200 OK\r\nServ".to_vec())).await;
    let mut slow = probe(Target::Url(server.url("/")));
    slow.timeout = Some(Duration::from_millis(300));
    let m = measured(slow).await;
    assert_eq!(failure(&m), Some(Failure::TIMEOUT));
    assert_eq!(newest(&m).response.code, 0);
    let phases = m.extra().unwrap().phases;
    assert!(phases.total >= 299.0 && phases.connect.is_some());
    assert!(phases.first_byte.is_some(), "a part of the head came");
}

#[tokio::test]
async fn an_endless_body_is_cut_and_judged() {
    for head in [
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9000000000\r\n\r\n",
    ] {
        let m = seen(Act::Endless(head.into(), vec![b'x'; 64 * 1024])).await;
        assert_eq!(failure(&m), None);
        let response = &newest(&m).response;
        assert!(response.body_is_truncated);
        assert_eq!(response.body.0.len(), 2 << 20);
        assert!(m.extra().unwrap().body_bytes > 2 << 20);
    }
    let chunk = b"1000\r\n"
        .iter()
        .copied()
        .chain([b'y'; 0x1000])
        .chain(*b"\r\n")
        .collect();
    let m = seen(Act::Endless(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
        chunk,
    ))
    .await;
    assert!(newest(&m).response.body_is_truncated && failure(&m).is_none());
}

#[tokio::test]
async fn a_body_that_ends_early_is_kept_with_its_fault() {
    let m = seen(Act::Say(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
    ))
    .await;
    assert_eq!(failure(&m), Some(Failure::EOF));
    assert_eq!(body(&m), "half");
    let m = seen(Act::Reset(
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
    ))
    .await;
    assert_eq!(failure(&m), Some(Failure::RESET));
    assert_eq!(body(&m), "half");
    let m = seen(Act::Say(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nff\r\nx".to_vec(),
    ))
    .await;
    assert_eq!(failure(&m), Some(Failure::EOF));
    assert!(body(&m).starts_with("half"));
}

#[tokio::test]
async fn no_reply_at_all() {
    let m = seen(Act::Say(Vec::new())).await;
    assert_eq!(failure(&m), Some(Failure::EOF));
    assert_eq!(newest(&m).response.code, 0);
    assert_eq!(m.extra().unwrap().body_sha256, None);
    let m = seen(Act::Reset(Vec::new())).await;
    assert_eq!(failure(&m), Some(Failure::RESET));
}

#[tokio::test]
async fn bombs_are_cut() {
    let zeros = vec![0; 20 << 20];
    // 8 MiB of zeros from the reference encoder.
    let br = [
        0x9b, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x0f,
    ];
    for (coding, wire) in [
        ("gzip", gzip(&zeros)),
        ("zstd", zstd::encode_all(&zeros[..], 3).unwrap()),
        ("br", br.to_vec()),
        ("gzip, gzip", gzip(&gzip(&zeros))),
    ] {
        let m = seen(coded(coding, &wire)).await;
        assert_eq!(failure(&m), None, "{coding}");
        let response = &newest(&m).response;
        assert!(response.body_is_truncated, "{coding}");
        assert_eq!(response.body.0.len(), 2 << 20, "{coding}");
    }
}

#[tokio::test]
async fn codings_are_undone_and_broken_ones_are_told() {
    let m = seen(coded("gzip", &gzip("摘要".as_bytes()))).await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("摘要", None));
    assert_eq!(m.extra().unwrap().body_bytes, 6);
    let page: Vec<u8> = (0..40_000u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect();
    let whole = gzip(&page);
    let m = seen(coded("gzip", &whole[..whole.len() / 2])).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_BAD_ENCODING));
    assert!(page.starts_with(&newest(&m).response.body.0));
    assert!(!newest(&m).response.body.0.is_empty());
    let m = seen(coded("gzip", b"not gzip at all")).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_BAD_ENCODING));
}

#[tokio::test]
async fn eight_megabytes_of_headers_are_malformed() {
    let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
    while head.len() < 8 << 20 {
        head.extend(b"X-Pad: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n");
    }
    let m = seen(Act::Say(head)).await;
    assert_eq!(failure(&m), Some(Failure::HTTP_MALFORMED));
    let m = seen(Act::Endless(
        b"HTTP/1.1 200 OK\r\nX: ".to_vec(),
        vec![b'a'; 4096],
    ))
    .await;
    assert_eq!(failure(&m), Some(Failure::HTTP_MALFORMED));
    assert!(newest(&m).response.headers_list.is_empty());
}

#[tokio::test]
async fn many_headers_are_kept_up_to_a_hundred() {
    let lines: Vec<(String, String)> = (0..300)
        .map(|n| (format!("X-{n}"), n.to_string()))
        .collect();
    let lines: Vec<(&str, &str)> = lines
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let m = seen(answer("200 OK", &lines, b"ok")).await;
    assert_eq!(failure(&m), None);
    assert_eq!(newest(&m).response.headers_list.len(), 100);
}

#[tokio::test]
async fn odd_headers_are_kept_as_text_in_their_order() {
    let m = seen(Act::Say(
        b"HTTP/1.1 200 \xd6\xd0\xce\xc4\r\nX-Odd-CASE: a\r\nX-Ctl: a\x07b\x1b[31m\r\nX-Gbk: \xd6\xd0\r\n\
          Set-Cookie: a=12345678\r\nno colon here\r\nserver : old\r\nSet-Cookie: b=2\r\nContent-Length: 2\r\n\r\nok"
            .to_vec(),
    ))
    .await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("ok", None));
    let names: Vec<&str> = newest(&m)
        .response
        .headers_list
        .iter()
        .map(|(n, _)| n.0.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "X-Odd-CASE",
            "X-Ctl",
            "X-Gbk",
            "Set-Cookie",
            "server",
            "Set-Cookie",
            "Content-Length"
        ]
    );
    assert_eq!(
        newest(&m).response.header("x-ctl"),
        Some("a\u{7}b\u{1b}[31m")
    );
    let line = serde_json::to_string(&m).unwrap();
    assert!(!line.contains(['\u{7}', '\u{1b}']), "escaped in the record");
}

#[tokio::test]
async fn what_is_not_http_is_malformed() {
    for wire in [
        &b"SSH-2.0-OpenSSH_9.0\r\n"[..],
        b"\x16\x03\x01\x02\x00garbage",
        b"<html>hello</html>\n\n",
        b"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\n\r\n",
    ] {
        let m = seen(Act::Say(wire.to_vec())).await;
        assert_eq!(failure(&m), Some(Failure::HTTP_MALFORMED), "{wire:?}");
    }
}

#[tokio::test]
async fn a_chunked_answer_and_an_interim_one_are_read() {
    let m = seen(Act::Say(
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\
          Server: s\r\n\r\n3\r\nabc\r\n3;x=y\r\ndef\r\n0\r\nTrailer: t\r\n\r\n"
            .to_vec(),
    ))
    .await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("abcdef", None));
    assert_eq!(newest(&m).response.header("link"), None);
    assert_eq!(newest(&m).response.header("server"), Some("s"));
}

#[tokio::test]
async fn interim_answers_have_an_end() {
    let small = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(100);
    let large = format!(
        "HTTP/1.1 103 Early Hints\r\nLink: {}\r\n\r\n",
        "x".repeat(30_000)
    );
    let nothing = b"HTTP/1.1 100 Continue\r\n\r\n".to_vec();
    for again in [small, large.into_bytes(), nothing] {
        let server = Server::start(move |_| Act::Endless(Vec::new(), again.clone())).await;
        let m = measured(probe(Target::Url(server.url("/")))).await;
        assert_eq!(failure(&m), Some(Failure::HTTP_MALFORMED));
        assert!(newest(&m).response.headers_list.is_empty());
    }
    let few = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(32);
    let m = seen(Act::Say(
        [few, b"HTTP/1.1 200 OK\r\n\r\nwhole".to_vec()].concat(),
    ))
    .await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("whole", None));
}

#[tokio::test]
async fn the_time_out_ends_whatever_arrives() {
    // There is always more to read, so that a reader never waits: more of a head, or of a body that
    // is discarded.
    let chunk = [&b"fff\r\n"[..], &[b'x'; 0xfff], b"\r\n"].concat();
    for (first, again) in [
        (Vec::new(), b"\r\n".repeat(8_000)),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec(),
            chunk,
        ),
    ] {
        let server = Server::start(move |_| Act::Endless(first.clone(), again.clone())).await;
        let mut endless = probe(Target::Url(server.url("/")));
        endless.timeout = Some(Duration::from_millis(500));
        let begun = Instant::now();
        let m = measured(endless).await;
        assert!(
            begun.elapsed() < Duration::from_secs(10),
            "{:?}",
            begun.elapsed()
        );
        assert!(newest(&m).response.body.0.len() <= 2 << 20);
    }
}

/// The verdict on the page of [`FIRST`] and [`SECOND`], served as `act` says.
async fn verdict_of(act: Act) -> Verdict {
    let server = Server::start(move |_| act.clone()).await;
    let mut record = probe(Target::Url(server.url("/")));
    record.timeout = Some(Duration::from_secs(1));
    record.expect.title = vec!["Record".into()];
    record.expect.select = vec![".record h1".into()];
    let download = "a.download".to_owned();
    record.expect.level = [(accesswatch::model::Level::Fulltext, vec![download])].into();
    let m = measured(record.clone()).await;
    let judge = Judge::new(&Catalogue::default(), &[]);
    let reading = judge.read(&m, Some(&record));
    judge.decide(
        &reading,
        &m,
        Some(&record),
        &History::default(),
        m.started(),
    )
}

const FIRST: &str = "<html><head><title>Record</title></head><body><div class=record><h1>One</h1>";
const SECOND: &str = "<a class=download href=/x>Full text</a></div></body></html>";

fn chunked(body: &str) -> Vec<u8> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
    format!("{head}{body}").into_bytes()
}

fn lengthy(length: usize, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n{body}")
        .into_bytes()
}

#[tokio::test]
async fn a_broken_answer_says_nothing_of_what_did_not_come() {
    let (one, all) = (FIRST.len(), FIRST.len() + SECOND.len());
    for (name, act) in [
        (
            "text for a size",
            Act::Say(chunked(&format!(
                "{one:x}\r\n{FIRST}\r\nWarning: mysql\r\n{SECOND}\r\n0\r\n\r\n"
            ))),
        ),
        (
            "no size",
            Act::Say(chunked(&format!(
                "{one:x}\r\n{FIRST}\r\n\r\n{SECOND}\r\n0\r\n\r\n"
            ))),
        ),
        (
            "a negative size",
            Act::Say(chunked(&format!("{one:x}\r\n{FIRST}\r\n-1\r\n{SECOND}"))),
        ),
        (
            "too long a size",
            Act::Say(chunked(&format!(
                "{one:x}\r\n{FIRST}\r\n{:x}\r\n{}",
                99_999,
                &SECOND[..9]
            ))),
        ),
        (
            "too short a size",
            Act::Say(chunked(&format!(
                "{one:x}\r\n{FIRST}\r\n4\r\n{SECOND}\r\n0\r\n\r\n"
            ))),
        ),
        (
            "no line end",
            Act::Say(chunked(&format!(
                "{one:x}\r\n{FIRST}{:x}\r\n{SECOND}\r\n0\r\n\r\n",
                SECOND.len()
            ))),
        ),
        (
            "an odd first size",
            Act::Say(chunked(&format!("x\r\n{FIRST}{SECOND}\r\n0\r\n\r\n"))),
        ),
        (
            "an early end",
            Act::Say(chunked(&format!("{one:x}\r\n{FIRST}\r\n"))),
        ),
        ("a reset", Act::Reset(lengthy(all, FIRST))),
        (
            "a reset between chunks",
            Act::Reset(chunked(&format!("{one:x}\r\n{FIRST}\r\n"))),
        ),
        ("too long a length", Act::Say(lengthy(all, FIRST))),
        (
            "too long a length, held open",
            Act::Hang(lengthy(all, FIRST)),
        ),
        (
            "too short a length",
            Act::Say(lengthy(one, &format!("{FIRST}{SECOND}"))),
        ),
        (
            "a coding that broke",
            coded("gzip", &gzip(format!("{FIRST}{SECOND}").as_bytes())[..90]),
        ),
        (
            "no coding at all",
            coded("gzip", format!("{FIRST}{SECOND}").as_bytes()),
        ),
    ] {
        let verdict = verdict_of(act).await;
        let expected = matches!(
            verdict.code,
            Code::HttpReset | Code::HttpMalformed | Code::HttpTimeout
        );
        assert!(expected, "{name}: {} {:?}", verdict.code, verdict.evidence);
    }
}

#[tokio::test]
async fn a_broken_answer_with_all_that_is_looked_for_is_well_with_a_remark() {
    let page = format!("{FIRST}{SECOND}");
    let all = page.len();
    for (name, act, remark) in [
        (
            "text for a size",
            Act::Say(chunked(&format!("{all:x}\r\n{page}\r\nWarning: mysql\r\n"))),
            true,
        ),
        (
            "an early end",
            Act::Say(chunked(&format!("{all:x}\r\n{page}\r\n"))),
            true,
        ),
        (
            "too long a size",
            Act::Say(chunked(&format!("{:x}\r\n{page}", all + 9))),
            true,
        ),
        ("a reset", Act::Reset(lengthy(all + 9, &page)), true),
        ("too long a length", Act::Say(lengthy(all + 9, &page)), true),
        ("held open", Act::Hang(lengthy(all + 9, &page)), true),
        (
            "LF alone",
            Act::Say(chunked(&format!("{all:x}\n{page}\n0\n\n"))),
            false,
        ),
        (
            "padded sizes",
            Act::Say(chunked(&format!("0000{all:x}  \r\n{page}\r\n0\r\n\r\n"))),
            false,
        ),
        (
            "no last line",
            Act::Say(chunked(&format!("{all:x}\r\n{page}\r\n0\r\n"))),
            false,
        ),
        (
            "bad trailers",
            Act::Say(chunked(&format!(
                "{all:x}\r\n{page}\r\n0\r\nno colon\r\n: x\r\n\r\n"
            ))),
            false,
        ),
        (
            "rubbish behind it",
            Act::Say(chunked(&format!(
                "{all:x}\r\n{page}\r\n0\r\n\r\nHTTP/1.1 400 x"
            ))),
            false,
        ),
        (
            "rubbish behind a length",
            Act::Say(lengthy(all, &format!("{page}<!-- 0.3 s -->"))),
            false,
        ),
    ] {
        let verdict = verdict_of(act).await;
        assert_eq!(verdict.code, Code::Ok, "{name}: {:?}", verdict.evidence);
        let said = verdict
            .evidence
            .iter()
            .any(|e| e.english().contains("the answer broke off"));
        assert_eq!(said, remark, "{name}: {:?}", verdict.evidence);
    }
}

#[tokio::test]
async fn a_whole_answer_that_lacks_its_button_is_still_a_loss() {
    let page = format!("{FIRST}</div></body></html>");
    for act in [
        Act::Say(lengthy(page.len(), &page)),
        Act::Say(lengthy(page.len(), &format!("{page}\r\n\r\n"))),
        Act::Say(chunked(&format!("{:x}\n{page}\n0\n\n", page.len()))),
        coded(
            "gzip",
            &gzip(page.as_bytes())[..gzip(page.as_bytes()).len() - 8],
        ),
    ] {
        let verdict = verdict_of(act).await;
        assert_eq!(
            verdict.code,
            Code::ContentWithdrawn,
            "{:?}",
            verdict.evidence
        );
    }
}

#[tokio::test]
async fn a_body_without_length_ends_with_the_connection() {
    let m = seen(Act::Say(
        b"HTTP/1.0 200 OK\r\nServer: old\r\n\r\nto the end".to_vec(),
    ))
    .await;
    assert_eq!((body(&m).as_str(), failure(&m)), ("to the end", None));
    let m = seen(Act::Reset(b"HTTP/1.0 200 OK\r\n\r\nto the reset".to_vec())).await;
    assert_eq!(
        (body(&m).as_str(), failure(&m)),
        ("to the reset", Some(Failure::RESET))
    );
}
