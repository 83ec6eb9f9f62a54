//! The cost of judging one page of 100 KB with 0, 200 and 5,000 signatures: CPU time, the three
//! measured in turns.
//!
//! `signatures [REPETITIONS]`. The rows are the shipped ones, filled up to the number with made-up
//! rows like those of OONI's and Censored Planet's lists. The page was refused (403), so that every
//! pattern is looked for.

use std::path::Path;

use accesswatch::judge::Judge;
use accesswatch::model::signature::{Location, PatternType, SignatureRow};
use accesswatch::model::{Catalogue, Code, Locus, Measurement};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// How many pages one timing covers.
const PAGES: u32 = 40;
const SIZES: [usize; 3] = [0, 200, 5000];

fn main() -> Result<(), Fault> {
    // `cargo bench` passes `--bench`.
    let wanted = std::env::args().skip(1).find(|a| a != "--bench");
    let repetitions: usize = wanted.map_or(Ok(15), |text| text.parse())?;
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"));
    let workspace = accesswatch::config::load_with(dir, &|_| None)?;
    let judges: Vec<Judge> = SIZES
        .iter()
        .map(|size| Judge::new(&Catalogue::default(), &rows(&workspace.signatures, *size)))
        .collect();
    let page = page()?;
    let mut costs = vec![Vec::new(); SIZES.len()];
    // The first round warms caches and compiles what is compiled on first use.
    for round in 0..=repetitions {
        for (judge, costs) in judges.iter().zip(&mut costs) {
            let before = cpu_time()?;
            for _ in 0..PAGES {
                std::hint::black_box(judge.read(std::hint::black_box(&page), None));
            }
            if round > 0 {
                costs.push((cpu_time()? - before) / f64::from(PAGES));
            }
        }
    }
    let medians: Vec<f64> = costs.iter_mut().map(|all| median(all)).collect();
    let bytes = page.test_keys.requests[0].response.body.0.len();
    println!(
        "page of {bytes} bytes, {repetitions} repetitions of {PAGES} pages, median CPU time a page"
    );
    for (size, cost) in SIZES.iter().zip(&medians) {
        println!("{size:>5} signatures: {:8.3} ms", cost * 1e3);
    }
    println!("5,000 to 200: {:.2} times", medians[2] / medians[1]);
    Ok(())
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The CPU time of this thread, in seconds (Linux: nanoseconds in `schedstat`).
fn cpu_time() -> Result<f64, Fault> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: u64 = text.split(' ').next().unwrap_or_default().parse()?;
    Ok(std::time::Duration::from_nanos(nanoseconds).as_secs_f64())
}

fn rows(shipped: &[SignatureRow], count: usize) -> Vec<SignatureRow> {
    let made = (0..).map(|n| {
        let (location, pattern_type, pattern) = match n % 6 {
            0 | 1 => (
                Location::Body,
                PatternType::Contains,
                format!("<div id=\"blocked-page-{n:05}\">"),
            ),
            2 => (
                Location::Body,
                PatternType::Contains,
                format!("访问被第{n:05}号规则拦截"),
            ),
            3 => (
                Location::Body,
                PatternType::Regexp,
                format!("(?s)<title>Site {n} closed</title>.*order"),
            ),
            4 => (
                Location::HeaderNamed("location".to_owned()),
                PatternType::Prefix,
                format!("http://notice{n}.example/"),
            ),
            _ => (
                Location::Body,
                PatternType::Prefix,
                format!("<html><head><!-- box {n} -->"),
            ),
        };
        SignatureRow {
            name: format!("made.{n}"),
            scope: "isp".to_owned(),
            location,
            pattern_type,
            pattern,
            code: Code::SiteWafBlock,
            locus: Locus::Unknown,
            status: Vec::new(),
            max_bytes: None,
            unless: None,
            confirmed: false,
            removed_by: None,
            source: String::new(),
            notes: String::new(),
        }
    });
    // Of 200, half are shipped rows and half are made up, as in the larger set.
    let shipped = shipped.iter().take((count / 2).min(shipped.len())).cloned();
    shipped.chain(made).take(count).collect()
}

/// A list of releases like those of statistics bureaus.
fn page() -> Result<Measurement, Fault> {
    let item = "<li class=\"row\"><a href=\"./t20261118_1964084.html\" title=\"居民消费价格\">2026年10月份居民消费价格同比上涨</a>\
        <span class=\"date\">2026-11-18</span><p>国家统计局访问量统计 access to this page denied blocked-page</p></li>\n";
    let body = format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>数据发布</title></head><body>{}</body></html>",
        item.repeat(100 * 1024 / item.len())
    );
    let url = "https://www.example.cn/sj/";
    let headers = [
        ["Server", "nginx"],
        ["Content-Type", "text/html; charset=utf-8"],
        ["Set-Cookie", "sid=1; path=/"],
        ["Via", "1.1 cache.example.cn"],
    ];
    let record = serde_json::json!({
        "data_format_version": "0.2.0", "input": url,
        "measurement_start_time": "2026-11-20 10:00:00", "test_start_time": "2026-11-20 10:00:00",
        "probe_cc": "KR", "probe_asn": "AS0", "report_id": "",
        "software_name": "accesswatch", "software_version": "0.1.0",
        "test_name": "web_connectivity", "test_version": "0.1.0", "test_runtime": 1.0, "annotations": {},
        "test_keys": {
            "queries": [], "tcp_connect": [], "tls_handshakes": [],
            "requests": [{
                "request": { "method": "GET", "url": url, "headers_list": [] },
                "response": { "code": 403, "headers_list": headers, "body": body, "body_is_truncated": false },
                "failure": null, "t0": 0.1, "t": 0.2, "transaction_id": 1,
            }],
        },
    });
    Ok(serde_json::from_value(record)?)
}
