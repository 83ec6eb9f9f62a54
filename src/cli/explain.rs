//! One measurement, explained step by step in plain words.

use std::fmt::Write;

use crate::i18n;
use crate::i18n::verdict::sentence;
use crate::judge::networks::with_network;
use crate::model::discriminator::{Discriminator, DiscriminatorStep};
use crate::model::measurement::{CLIENT_REDIRECT, DnsQuery, Request, TcpConnect, TlsHandshake};
use crate::model::page::PageFacts;
use crate::model::settings::Language;
use crate::model::{Code, Failure, Locus, Measurement, Vantage, Verdict};
use crate::text::clean;

/// The steps in order, then what they mean and what they do not show.
#[must_use]
pub fn steps(
    measurement: &Measurement,
    facts: &PageFacts,
    verdict: &Verdict,
    vantage: &Vantage,
) -> String {
    let mut text = String::new();
    let keys = &measurement.test_keys;
    let _ = writeln!(
        text,
        "{}\nfrom {} ({}, {})\n",
        clean::line(&measurement.input, 300),
        clean::line(&vantage.name, 80),
        vantage.id,
        vantage.via.label()
    );
    for query in &keys.queries {
        dns(&mut text, query);
    }
    if keys.queries.is_empty() && !keys.tcp_connect.is_empty() {
        let _ = writeln!(
            text,
            "DNS   no question asked (an address, or the proxy resolves)"
        );
    }
    for connect in &keys.tcp_connect {
        tcp(&mut text, connect);
    }
    for handshake in &keys.tls_handshakes {
        tls(&mut text, handshake);
    }
    for request in keys.requests.iter().rev() {
        http(&mut text, request);
    }
    page(&mut text, measurement, facts);
    for step in measurement.extra().map_or(&[][..], |x| &x.discriminators) {
        beside(&mut text, step);
    }
    conclusion(&mut text, verdict);
    text
}

fn took(t0: f64, t: f64) -> String {
    format!("{:.0} ms", (t - t0).max(0.0) * 1000.0)
}

fn failed(failure: Option<&Failure>) -> String {
    failure.map_or_else(String::new, |f| clean::line(f.as_str(), 120))
}

fn dns(text: &mut String, query: &DnsQuery) {
    let answers: Vec<String> = query
        .answers
        .iter()
        .filter_map(|a| match a.ipv4.as_ref().or(a.ipv6.as_ref()) {
            Some(ip) => Some(with_network(ip, a)),
            None => a.hostname.as_ref().map(|name| clean::line(name, 80)),
        })
        .collect();
    let result = if query.failure.is_some() {
        failed(query.failure.as_ref())
    } else {
        answers.join("; ")
    };
    let again = if query.tags.iter().any(|t| t == "duplicate") {
        " (a second answer to the same question)"
    } else {
        ""
    };
    let _ = writeln!(
        text,
        "DNS   {} {} asked of {} ({}): {result}{again} [{}]",
        clean::line(&query.hostname, 100),
        query.query_type,
        resolver(query),
        query.engine,
        took(query.t0, query.t),
    );
}

fn resolver(query: &DnsQuery) -> String {
    if query.resolver_address.is_empty() {
        "this computer's resolver".to_owned()
    } else {
        clean::line(&query.resolver_address, 60)
    }
}

fn tcp(text: &mut String, connect: &TcpConnect) {
    let result = if connect.status.success {
        "connected".to_owned()
    } else {
        failed(connect.status.failure.as_ref())
    };
    let _ = writeln!(
        text,
        "TCP   {} port {}: {result} [{}]",
        connect.ip,
        connect.port,
        took(connect.t0, connect.t),
    );
}

fn tls(text: &mut String, handshake: &TlsHandshake) {
    let result = match &handshake.failure {
        None => format!(
            "{}, {}, {} certificates, verified for the name",
            handshake.tls_version,
            handshake.cipher_suite,
            handshake.peer_certificates.len()
        ),
        Some(failure) => {
            let detail = handshake
                .x_detail
                .as_deref()
                .map(|d| format!(" ({})", clean::line(d, 160)))
                .unwrap_or_default();
            format!("{}{detail}", failed(Some(failure)))
        }
    };
    let _ = writeln!(
        text,
        "TLS   {}: {result} [{}]",
        clean::line(&handshake.server_name, 100),
        took(handshake.t0, handshake.t),
    );
}

fn http(text: &mut String, request: &Request) {
    let result = match (&request.failure, request.response.code) {
        (Some(failure), 0) => failed(Some(failure)),
        (Some(failure), code) => format!("{code}, then {}", failed(Some(failure))),
        (None, code) => code.to_string(),
    };
    let on = request
        .response
        .header("location")
        .filter(|_| (300..400).contains(&request.response.code))
        .map(|l| format!(" to {}", clean::line(l, 200)))
        .unwrap_or_default();
    let led = request.tags.iter().any(|tag| tag == CLIENT_REDIRECT);
    let on = if led {
        " and the page leads on"
    } else {
        on.as_str()
    };
    let _ = writeln!(
        text,
        "HTTP  {} {}: {result}{on} [{}]",
        request.request.method,
        clean::line(&request.request.url, 200),
        took(request.t0, request.t),
    );
}

/// A discriminator that ran in addition to the fetch.
fn beside(text: &mut String, step: &Discriminator) {
    if step.not_asked.is_some() {
        return; // The row below says so.
    }
    if step.step == DiscriminatorStep::Reference {
        for query in &step.queries {
            dns(text, query);
        }
        return;
    }
    let came = match (&step.answer, &step.failure) {
        (Some(answer), _) => format!("answered {}", answer.status),
        (None, Some(failure)) => failed(Some(failure)),
        (None, None) => "the handshake was made".to_owned(),
    };
    let whose = match step.step {
        DiscriminatorStep::SiteNeutral | DiscriminatorStep::SiteWatched => {
            "the site's address".to_owned()
        }
        DiscriminatorStep::AtReference => "the reference's address".to_owned(),
        _ => format!("the address of {}", clean::line(&step.host, 100)),
    };
    let _ = writeln!(
        text,
        "Name  {} sent to {whose} ({}): {came} [{:.0} ms]",
        clean::line(&step.name, 100),
        clean::line(&step.address, 60),
        step.ms,
    );
}

fn page(text: &mut String, measurement: &Measurement, facts: &PageFacts) {
    let Some(response) = measurement
        .last_request()
        .map(|r| &r.response)
        .filter(|r| r.code != 0)
    else {
        return;
    };
    let charset = facts
        .charset
        .as_ref()
        .map(|c| format!(", {} (by {})", c.name, c.by))
        .unwrap_or_default();
    let read = response.body.0.len();
    if response.body_is_truncated {
        let _ = writeln!(
            text,
            "Page  only the first {read} bytes were read, for there are more than `max_body` allows{charset}"
        );
    } else {
        let _ = writeln!(text, "Page  {read} bytes{charset}");
    }
    if let Some(title) = &facts.title {
        let _ = writeln!(text, "      title: {}", clean::line(title, 200));
    }
}

fn conclusion(text: &mut String, verdict: &Verdict) {
    let _ = writeln!(
        text,
        "\nVerdict  {}: {}",
        verdict.code,
        clean::line(&sentence(Language::En, verdict.saying, verdict.code), 400)
    );
    if verdict.code != Code::Ok {
        let _ = writeln!(text, "Caused by: {}", cause(verdict.locus));
    }
    for evidence in &verdict.evidence {
        let _ = writeln!(
            text,
            "Seen     {} [{}]",
            clean::line(&i18n::facts::fact(Language::En, &evidence.fact), 300),
            evidence.place
        );
    }
    let _ = writeln!(
        text,
        "Not shown by this: {}",
        i18n::verdict::code(Language::En, verdict.code).not_shown
    );
}

fn cause(locus: Locus) -> &'static str {
    match locus {
        Locus::Site => "the site",
        Locus::Network => "something on the network, before the site",
        Locus::Vantage => "our own end",
        Locus::Unknown => "not known",
    }
}
