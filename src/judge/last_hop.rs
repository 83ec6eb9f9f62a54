//! How far the last hop of a measurement got, and what stopped it: the code of the earliest layer
//! that failed. One failure string can belong to several layers (`generic_timeout_error`,
//! `connection_reset`), so the layer is read from the steps of the hop; only a record without steps
//! is judged by the string alone.

use std::net::IpAddr;

use super::bogon::is_bogon;
use super::transport_failure::{TransportFailure, by_string, code_of, connect_code, stopped};
use super::unanswered_hop::{self, UnansweredHop};
use super::{dns, networks, tls};
use crate::model::failure::Failure as F;
use crate::model::measurement::{DnsQuery, EXCESS, INSIDE, Request, TcpConnect, TlsHandshake};
use crate::model::verdict::Layer;
use crate::model::{Code, Evidence, Fact, Measurement};
use crate::text::clean;

/// Steps of the last hop, with their places in the record.
#[derive(Debug, Default)]
pub(super) struct LastHop<'a> {
    pub queries: Vec<(usize, &'a DnsQuery)>,
    pub connects: Vec<(usize, &'a TcpConnect)>,
    pub handshake: Option<(usize, &'a TlsHandshake)>,
    pub request: Option<&'a Request>,
    /// The requested host, without brackets.
    pub host: String,
    /// A record of OONI's.
    foreign: bool,
    /// The hop is the unreachable target of a redirect.
    onward: Option<UnansweredHop>,
}

impl<'a> LastHop<'a> {
    pub(super) fn from_measurement(m: &'a Measurement) -> Self {
        if let Some(onward) = UnansweredHop::from_measurement(m) {
            return Self::unreached(m, onward);
        }
        let keys = &m.test_keys;
        let request = keys.requests.first();
        // Our requests are sequential: only steps after the end of the previous request belong to
        // the last hop. OONI's may run in parallel, except for redirects.
        let follows =
            |before: &Request| m.extra().is_some() || (300..400).contains(&before.response.code);
        let since = match (request, keys.requests.get(1)) {
            (Some(last), Some(before)) if follows(before) && last.t0 >= before.t0 => {
                before.t - 1e-6
            }
            _ => f64::MIN,
        };
        let own = |t0: f64, tags: &[String]| t0 >= since && !tags.iter().any(|t| is_comparison(t));
        let url = request.map_or(m.input.as_str(), |r| r.request.url.as_str());
        // OONI's probe also tries the other port of an address, to test whether the address is
        // genuine.
        let foreign = m.extra().is_none();
        let port = port_of(url).filter(|_| foreign);
        let on = |number: u16| port.is_none_or(|port| port == number);
        let secure = !foreign || url.starts_with("https:");
        Self {
            onward: None,
            foreign,
            queries: numbered(&keys.queries, |q| own(q.t0, &q.tags)),
            connects: numbered(&keys.tcp_connect, |c| own(c.t0, &c.tags) && on(c.port)),
            handshake: numbered(&keys.tls_handshakes, |h| secure && own(h.t0, &h.tags)).pop(),
            request,
            host: host_of(url),
        }
    }

    /// The target of a redirect that no request shows.
    fn unreached(m: &'a Measurement, onward: UnansweredHop) -> Self {
        let keys = &m.test_keys;
        let queries = onward.steps(&keys.queries, |q| onward.is_query(q), |q| q.t0);
        let connects = onward.steps(&keys.tcp_connect, |c| onward.is_connect(m, c), |c| c.t0);
        let shakes = onward.steps(&keys.tls_handshakes, |h| onward.is_handshake(h), |h| h.t0);
        let url = onward.url.as_ref().map_or("", url::Url::as_str);
        Self {
            queries: queries.into_iter().map(|i| (i, &keys.queries[i])).collect(),
            connects: connects
                .into_iter()
                .map(|i| (i, &keys.tcp_connect[i]))
                .collect(),
            handshake: shakes.last().map(|i| (*i, &keys.tls_handshakes[*i])),
            request: None,
            host: host_of(url),
            foreign: true,
            onward: Some(onward),
        }
    }

    /// Whether the answer came over TLS that was verified for the name.
    pub(super) fn is_verified(&self) -> bool {
        let secure = self
            .request
            .is_some_and(|r| r.request.url.starts_with("https:") && r.response.code > 0);
        // A reused connection has no handshake in this hop.
        secure
            && self
                .handshake
                .is_none_or(|(_, h)| h.failure.is_none() && !h.no_tls_verify)
    }

    /// Whether the host is a name that was looked up.
    pub(super) fn is_name(&self) -> bool {
        !self.host.is_empty() && self.host.parse::<IpAddr>().is_err()
    }

    /// What stopped the exchange before any answer; `None` when there was an answer.
    pub(super) fn failure(&self, m: &Measurement) -> Option<TransportFailure> {
        if self.request.is_some_and(|r| r.response.code > 0) {
            return None;
        }
        let said = self.request.and_then(|r| r.failure.clone());
        if let Some(stop) = self.leads_inside() {
            return Some(stop);
        }
        self.dns_stop()
            .or_else(|| self.tcp_stop())
            .or_else(|| self.tls_stop(m))
            .or_else(|| said.as_ref().and_then(by_string))
            .or_else(|| self.never_reached())
            .map(|stop| beyond_a_proxy(stop, m))
    }

    fn never_reached(&self) -> Option<TransportFailure> {
        let onward = self.onward.as_ref()?;
        let failure = onward.failure.as_ref()?;
        let mut stop = stopped(unanswered_hop::unreached(failure), failure);
        for row in &mut stop.evidence {
            "http_experiment_failure".clone_into(&mut row.place);
        }
        Some(stop)
    }

    /// What broke the answer after it began: the body was incomplete, or the answer led nowhere.
    /// Whatever the failure is called, it concerns the exchange and never the page.
    pub(super) fn broken_answer(&self) -> Option<TransportFailure> {
        let request = self.request.filter(|r| r.response.code > 0)?;
        let failure = request.failure.as_ref()?;
        let code = match code_of(failure) {
            Some(code) if code.layer() == Layer::Http => code,
            Some(code) if matches!(code.layer(), Layer::Tcp) => Code::HttpReset,
            _ => Code::HttpMalformed,
        };
        Some(stopped(code, failure))
    }

    /// The answer was longer than its announced length, so the missing part may be in the rest.
    pub(super) fn excess(&self) -> Option<TransportFailure> {
        let request = self.request.filter(|r| r.response.code > 0)?;
        request
            .tags
            .iter()
            .any(|t| t == EXCESS)
            .then(|| TransportFailure {
                code: Code::HttpMalformed,
                failure: None,
                evidence: vec![Evidence {
                    fact: Fact::LongerThanAnnounced,
                    place: "requests[0].tags".to_owned(),
                }],
            })
    }

    /// An external site led into the operator's own network; this redirect is not followed.
    fn leads_inside(&self) -> Option<TransportFailure> {
        let request = self
            .request
            .filter(|r| r.tags.iter().any(|t| t == INSIDE))?;
        let inside = |q: &DnsQuery| dns::addresses(q).find(|ip| is_bogon(*ip));
        let led = self.queries.iter().find_map(|(_, q)| inside(q));
        Some(TransportFailure {
            code: Code::HttpBadRedirect,
            failure: request.failure.clone(),
            evidence: vec![Evidence {
                fact: Fact::LedInside {
                    url: clean::line(&request.request.url, 120),
                    address: led.map(|ip| ip.to_string()),
                },
                place: "requests[0].request.url".to_owned(),
            }],
        })
    }

    fn dns_stop(&self) -> Option<TransportFailure> {
        if let Some(stop) = self.classic_stop() {
            return Some(stop);
        }
        if self.queries.is_empty() || !self.connects.is_empty() {
            return None;
        }
        if self
            .queries
            .iter()
            .any(|(_, q)| dns::addresses(q).next().is_some())
        {
            return None;
        }
        dns::stop(&self.queries)
    }

    /// OONI's probe continues with the addresses from other resolvers. Readers use the system's
    /// resolver, so its refusal is what stops them.
    fn classic_stop(&self) -> Option<TransportFailure> {
        let is_system = |q: &DnsQuery| matches!(q.engine.as_str(), "system" | "getaddrinfo");
        let mut classic = self.queries.clone();
        classic.retain(|(_, q)| self.foreign && is_system(q) && q.hostname == self.host);
        let answered = classic
            .iter()
            .any(|(_, q)| dns::addresses(q).next().is_some());
        let refused = classic.iter().any(|(_, q)| q.failure.is_some());
        (refused && !answered).then(|| dns::stop(&classic))?
    }

    /// Every address of both families failed.
    fn tcp_stop(&self) -> Option<TransportFailure> {
        if self.connects.is_empty() || self.connects.iter().any(|(_, c)| c.status.success) {
            return None;
        }
        let (index, chosen, code) = self
            .connects
            .iter()
            .map(|(i, c)| {
                (
                    *i,
                    c.status.failure.clone(),
                    connect_code(c.status.failure.as_ref()),
                )
            })
            .min_by_key(|(_, _, code)| rank(*code))?;
        let attempt = |(_, c): &(usize, &TcpConnect)| {
            let address = networks::named(&c.ip, self.queries.iter().map(|(_, q)| *q));
            let failure = c
                .status
                .failure
                .as_ref()
                .map_or("unknown_failure", F::as_str);
            format!("{address}: {}", clean::line(failure, 120))
        };
        let attempts = self.connects.iter().take(6).map(attempt).collect();
        Some(TransportFailure {
            code,
            failure: chosen,
            evidence: vec![Evidence {
                fact: Fact::EveryAddressFailed { attempts },
                place: format!("tcp_connect[{index}].status.failure"),
            }],
        })
    }

    fn tls_stop(&self, m: &Measurement) -> Option<TransportFailure> {
        let (index, handshake) = self.handshake?;
        handshake.failure.as_ref()?;
        Some(tls::stop(index, handshake, m.started()))
    }
}

/// Steps that only compare (discriminators, the reference resolver) say nothing about the fetch
/// itself.
fn is_comparison(tag: &str) -> bool {
    tag.starts_with("discriminator") || tag.starts_with("reference") || tag.starts_with("neutral")
}

fn numbered<T>(list: &[T], keep: impl Fn(&T) -> bool) -> Vec<(usize, &T)> {
    list.iter()
        .enumerate()
        .filter(|(_, item)| keep(item))
        .collect()
}

fn host_of(url: &str) -> String {
    url::Url::parse(url)
        .ok()
        .and_then(|url| {
            url.host_str()
                .map(|h| h.trim_matches(['[', ']']).to_ascii_lowercase())
        })
        .unwrap_or_default()
}

fn port_of(url: &str) -> Option<u16> {
    url::Url::parse(url).ok()?.port_or_known_default()
}

/// Which of several addresses' failures says the most: first an answer, then silence, last a family
/// without a route.
fn rank(code: Code) -> u8 {
    match code {
        Code::TcpReset => 0,
        Code::TcpRefused => 1,
        Code::TcpTimeout => 2,
        _ => 3,
    }
}

/// An HTTP proxy with a 504 (RFC 9110 section 15.6.5) could not connect in time: there was no
/// exchange yet.
fn beyond_a_proxy(stop: TransportFailure, m: &Measurement) -> TransportFailure {
    let proxy = m.extra().and_then(|x| x.proxy.as_ref());
    let unconnected = proxy.and_then(|p| p.connect_status) == Some(504);
    match stop.code {
        Code::HttpTimeout if unconnected => TransportFailure {
            code: Code::TcpTimeout,
            ..stop
        },
        _ => stop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn query(kind: &str, failure: Option<&str>, ip: Option<&str>) -> Value {
        let key = if kind == "A" { "ipv4" } else { "ipv6" };
        let answers: Vec<Value> = ip
            .iter()
            .map(|ip| json!({"answer_type": kind, key: ip}))
            .collect();
        json!({"hostname": "a.example", "query_type": kind, "engine": "udp", "failure": failure,
               "answers": answers, "t0": 0.0, "t": 0.1})
    }

    fn connect(ip: &str, failure: &str) -> Value {
        json!({"ip": ip, "port": 443, "t0": 0.1, "t": 0.2,
               "status": {"success": false, "failure": failure}})
    }

    fn code(queries: &[Value], connects: &[Value]) -> Code {
        let last = connects
            .last()
            .map_or(&queries[0]["failure"], |c| &c["status"]["failure"]);
        let m: Measurement = serde_json::from_value(json!({
            "input": "https://a.example/", "measurement_start_time": "2026-03-02 01:14:05",
            "test_name": "accesswatch",
            "test_keys": {
                "queries": queries, "tcp_connect": connects,
                "requests": [{
                    "request": {"url": "https://a.example/", "method": "GET"},
                    "failure": last, "t0": 0.0, "t": 0.3,
                }],
                "x_accesswatch": {"source": "a", "probe": "home", "vantage": "here", "round": "r",
                                  "attempt": 0, "started_us": 1},
            },
        }))
        .unwrap();
        LastHop::from_measurement(&m).failure(&m).unwrap().code
    }

    #[test]
    fn one_family_that_failed_is_no_verdict_while_the_other_has_answers() {
        let (v4, v6) = ("192.0.2.1", "2001:db8::1");
        let a = |failure| query("A", failure, failure.is_none().then_some(v4));
        let aaaa = |failure| query("AAAA", failure, failure.is_none().then_some(v6));
        for lost in [
            F::DNS_NXDOMAIN,
            F::DNS_SERVFAIL,
            F::DNS_REFUSED,
            F::DNS_NO_ANSWER,
            F::DNS_MALFORMED,
            F::TIMEOUT,
        ] {
            let six_lost = [a(None), aaaa(Some(lost))];
            for (failure, expected) in [
                (F::HOST_UNREACHABLE, Code::TcpUnreachable),
                (F::NETWORK_UNREACHABLE, Code::TcpUnreachable),
                (F::REFUSED, Code::TcpRefused),
                (F::TIMEOUT, Code::TcpTimeout),
            ] {
                assert_eq!(code(&six_lost, &[connect(v4, failure)]), expected, "{lost}");
            }
            let four_lost = [a(Some(lost)), aaaa(None)];
            let no_way = [connect(v6, F::NETWORK_UNREACHABLE)];
            assert_eq!(code(&four_lost, &no_way), Code::TcpUnreachable, "{lost}");
        }
        let both = [a(None), aaaa(None)];
        let some = [connect(v6, F::NETWORK_UNREACHABLE), connect(v4, F::REFUSED)];
        assert_eq!(code(&both, &some), Code::TcpRefused);
        let none = [a(Some(F::DNS_NXDOMAIN)), aaaa(Some(F::DNS_NXDOMAIN))];
        assert_eq!(code(&none, &[]), Code::DnsNxdomain);
    }
}
