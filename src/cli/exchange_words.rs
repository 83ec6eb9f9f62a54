//! One exchange of the evidence in plain words: its hops, what was seen below HTTP, the headers,
//! and the text of the page.

use std::fmt::Write as _;

use bytes::Bytes;
use serde_json::Value;

use crate::cli::messages::count;
use crate::evidence::warc::Entry;
use crate::i18n::verdict;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::net::http::undo_codings;
use crate::store::{EvidenceExchange, EvidenceRecord};
use crate::text::{charset, clean, html};

/// Characters of a line, and of the text of a page.
const LINE: usize = 300;
const PAGE: usize = 4_000;

/// Bytes of a page that are read for its text.
const MAX_PAGE: usize = 8 << 20;

/// A record, what was read of it, and of a revisit the record that holds the payload.
pub type ReadRecord = (EvidenceRecord, Entry, Option<Entry>);

/// The exchange in words.
#[must_use]
pub fn words(exchange: &EvidenceExchange, records: &[ReadRecord]) -> String {
    let mut text = format!(
        "{} from {}, {} UTC\n{} ({})\nmeasurement {}\n",
        clean::line(&exchange.subject(), LINE),
        clean::line(exchange.vantage.as_str(), LINE),
        iso(exchange.at).trim_end_matches('Z').replace('T', " "),
        verdict::short(Language::En, exchange.code),
        exchange.code,
        clean::line(exchange.uid.as_str(), LINE),
    );
    let last = records.iter().map(|(r, _, _)| r.hop).max().unwrap_or(0);
    for hop in 0..=last {
        let own = |kinds: &[&str]| {
            records
                .iter()
                .find(|(record, _, _)| record.hop == hop && kinds.contains(&record.kind.as_str()))
        };
        let url = records.iter().find(|(r, _, _)| r.hop == hop);
        let url = url.map_or("", |(record, _, _)| record.url.as_str());
        let _ = writeln!(text, "\nStep {}: {}", hop + 1, clean::line(url, LINE));
        if let Some((_, entry, _)) = own(&["metadata"]) {
            below(&mut text, &entry.block);
        }
        if let Some((record, entry, _)) = own(&["request"]) {
            let _ = writeln!(text, "  request, record {}", record.id);
            put_head(&mut text, &entry.block);
        }
        if let Some((record, entry, held)) = own(&["response", "revisit"]) {
            let _ = writeln!(text, "  answer, record {}", record.id);
            put_head(&mut text, &entry.block);
            if let Some(held) = held {
                let _ = writeln!(text, "  the page is the same as in record {}", held.id());
            }
            page(
                &mut text,
                &entry.block,
                held.as_ref().unwrap_or(entry).payload(),
            );
        } else {
            text.push_str("  no answer came\n");
        }
    }
    text
}

/// Names, connects and certificates.
fn below(text: &mut String, block: &[u8]) {
    let facts: Value = serde_json::from_slice(block).unwrap_or_default();
    let list = |name: &str| facts[name].as_array().cloned().unwrap_or_default();
    for query in list("queries") {
        let answers = query["answers"].as_array().cloned().unwrap_or_default();
        let of = |a: &Value| ["ipv4", "ipv6", "hostname"].map(|n| field(a, n)).concat();
        let answers: Vec<String> = answers.iter().map(of).collect();
        let _ = writeln!(
            text,
            "  name {} ({}, {}): {}{}",
            field(&query, "hostname"),
            field(&query, "query_type"),
            field(&query, "engine"),
            answers.join(", "),
            field(&query, "failure"),
        );
    }
    for connect in list("connects") {
        let failure = field(&connect["status"], "failure");
        let outcome = if failure.is_empty() {
            "connected"
        } else {
            &failure
        };
        let (ip, port) = (field(&connect, "ip"), field(&connect, "port"));
        let _ = writeln!(text, "  address {ip} port {port}: {outcome}");
    }
    for tls in list("tls") {
        let chain = tls["chain"].as_str().unwrap_or_default();
        let certificates = chain.matches("BEGIN CERTIFICATE").count() as u64;
        let _ = writeln!(
            text,
            "  TLS for {}: {} {} {}; {} in the chain",
            field(&tls, "server_name"),
            field(&tls, "version"),
            field(&tls, "cipher"),
            field(&tls, "failure"),
            count(certificates, "certificate"),
        );
    }
    conclusion(text, &facts);
}

/// What was made of the exchange, and what was taken out of it.
fn conclusion(text: &mut String, facts: &Value) {
    let redacted = facts["redacted"].as_array().into_iter().flatten();
    let redacted: Vec<String> = redacted.map(line_of).collect();
    for (name, value) in [
        ("vantage", field(facts, "vantage_name")),
        ("failure", field(facts, "failure")),
        ("rule", field(facts, "rule")),
        ("signature", field(facts, "signature")),
        ("taken out", redacted.join(", ")),
        ("page left out because of", field(facts, "body_left_out")),
        ("SHA-256 of the page", field(facts, "body_sha256")),
    ] {
        if !value.is_empty() {
            let _ = writeln!(text, "  {name}: {value}");
        }
    }
}

/// A field as one line; empty when it is missing.
fn field(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::String(text) => clean::line(text, LINE),
        Value::Null => String::new(),
        other => clean::line(&other.to_string(), LINE),
    }
}

fn line_of(value: &Value) -> String {
    clean::line(value.as_str().unwrap_or_default(), LINE)
}

/// The head of an HTTP block.
fn head(block: &[u8]) -> String {
    let end = memchr::memmem::find(block, b"\r\n\r\n").unwrap_or(block.len());
    String::from_utf8_lossy(&block[..end]).into_owned()
}

fn put_head(text: &mut String, block: &[u8]) {
    for line in head(block).lines() {
        let _ = writeln!(text, "    {}", clean::line(line, LINE));
    }
}

/// The title and the visible text of a page, or the text of what is not a page.
fn page(text: &mut String, block: &[u8], payload: &[u8]) {
    if payload.is_empty() {
        return;
    }
    let head = head(block);
    let value = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case(wanted).then(|| value.trim())
        })
    };
    let codings = value("content-encoding");
    let body = undo_codings(Bytes::copy_from_slice(payload), codings, MAX_PAGE);
    let media = value("content-type");
    let (decoded, _) = charset::decode(&body, media, None);
    let is_page = media.is_none_or(|media| media.contains("html"));
    let shown = if is_page {
        let page = html::read(&decoded);
        if let Some(title) = &page.title {
            let _ = writeln!(text, "  title: {}", clean::line(title, LINE));
        }
        page.text
    } else {
        decoded
    };
    let _ = writeln!(text, "  text: {}", clean::line(&shown, PAGE));
}
