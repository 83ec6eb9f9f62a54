//! The host that discriminators ask about: the last hop of a failed fetch.

use std::net::{IpAddr, SocketAddr};

use url::{Host, Url};

use crate::judge::bogon::is_bogon;
use crate::judge::dns::{addresses, is_local_name};
use crate::judge::injected_addresses::is_long_known;
use crate::judge::last_hop::LastHop;
use crate::model::failure::Failure as F;
use crate::model::measurement::{DnsQuery, Request};
use crate::model::verdict::Layer;
use crate::model::{Code, Measurement, Verdict};

/// Whether discriminators can refine a verdict: the failure is in the name, the connection,
/// encryption or a broken exchange, or the answer came over plain HTTP, so that anybody on the path
/// could have sent it. A host that demands a back-off is not contacted.
#[must_use]
pub fn concerns(m: &Measurement, verdict: &Verdict) -> bool {
    let code = verdict.code;
    match code.layer() {
        Layer::Dns | Layer::Tcp | Layer::Tls => true,
        _ if matches!(
            code,
            Code::HttpReset | Code::HttpNoReply | Code::HttpTimeout
        ) =>
        {
            true
        }
        Layer::Http | Layer::Site | Layer::Content => {
            let is_plain = |r: &Request| r.request.url.starts_with("http:") && r.response.code > 0;
            !code.demands_back_off() && m.last_request().is_some_and(is_plain)
        }
        _ => false,
    }
}

/// The host that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectHost {
    /// Asked over TLS: the name is sent as SNI; otherwise as `Host`.
    pub secure: bool,
    pub host: String,
    pub port: u16,
    /// The name belongs to a local network, so no public resolver is asked for it.
    pub is_local: bool,
    /// The addresses in the first answer of the vantage's resolver.
    pub given: Vec<IpAddr>,
    /// The addresses in a second answer to the same question.
    pub raced: Vec<IpAddr>,
    /// The address that the fetch went to.
    pub used: Option<IpAddr>,
    /// Whether it is in doubt that `used` belongs to the site: the certificate is not valid, or no
    /// site can have the address.
    pub in_doubt: bool,
    alias: Option<String>,
}

impl SuspectHost {
    /// The last hop's host, when it was requested by name. An address has no name to send, and
    /// nobody is between us and `localhost`.
    #[must_use]
    pub fn from_measurement(m: &Measurement) -> Option<Self> {
        let url = m
            .last_request()
            .map_or(m.input.as_str(), |r| r.request.url.as_str());
        let url = Url::parse(url).ok()?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let Host::Domain(host) = url.host()? else {
            return None;
        };
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if host == "localhost" || host.ends_with(".localhost") {
            return None;
        }
        let hop = LastHop::from_measurement(m);
        let (given, raced) = answers(&hop);
        let used = hop
            .connects
            .iter()
            .rev()
            .find(|(_, c)| c.status.success)
            .or(hop.connects.first())
            .and_then(|(_, c)| c.ip.parse().ok());
        let nowhere =
            !given.is_empty() && given.iter().all(|ip| is_bogon(*ip) || is_long_known(*ip));
        Some(Self {
            in_doubt: used.is_none() || nowhere || fails_certificate(&hop),
            is_local: is_local_name(&host),
            port: url.port_or_known_default()?,
            alias: alias(hop.queries.iter().map(|(_, q)| *q)),
            secure,
            host,
            given,
            raced,
            used,
        })
    }

    /// Addresses that others give for the name and the vantage's resolver did not, IPv4 first.
    #[must_use]
    pub fn elsewhere(&self, reference: &[IpAddr]) -> Vec<IpAddr> {
        let mut other: Vec<IpAddr> = reference
            .iter()
            .chain(&self.raced)
            .filter(|ip| !self.given.contains(ip) && !is_long_known(**ip))
            .copied()
            .collect();
        other.sort_by_key(IpAddr::is_ipv6);
        other.dedup();
        other
    }

    /// Where the probe's own request may show that the vantage's resolver interferes: an address
    /// from the reference resolver, when the vantage's resolver gave none of its addresses.
    #[must_use]
    pub fn at_reference(&self, reference: &[IpAddr]) -> Option<IpAddr> {
        let agrees = reference.iter().any(|ip| self.given.contains(ip));
        let mut other = self.elsewhere(reference);
        other.retain(|ip| reference.contains(ip));
        other.first().copied().filter(|_| !agrees)
    }

    /// The site's own address: where the fetch went, or, when that is in doubt, an address that
    /// others give.
    #[must_use]
    pub fn place(&self, reference: &[IpAddr]) -> Option<SocketAddr> {
        let other = || self.elsewhere(reference).first().copied();
        let ip = if self.in_doubt {
            other().or(self.used)
        } else {
            self.used
        };
        ip.or_else(|| reference.first().copied())
            .map(|ip| SocketAddr::new(ip, self.port))
    }

    /// Whether a control's answers lead to the same edge network as the site's: one alias, one
    /// owner. Its servers know the watched name, so they prove nothing.
    #[must_use]
    pub fn shares_edge(&self, control: &[DnsQuery]) -> bool {
        match (&self.alias, alias(control.iter())) {
            (Some(own), Some(other)) => domain(own) == domain(&other),
            _ => false,
        }
    }
}

/// Whether an address is public.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    !is_bogon(ip)
}

/// First answers, and further answers to the same questions.
fn answers(hop: &LastHop<'_>) -> (Vec<IpAddr>, Vec<IpAddr>) {
    let (mut given, mut raced) = (Vec::new(), Vec::new());
    for (_, query) in &hop.queries {
        let list = if query.tags.iter().any(|t| t == "duplicate") {
            &mut raced
        } else {
            &mut given
        };
        list.extend(addresses(query));
    }
    (given, raced)
}

/// Whether a certificate was presented and is not valid.
pub(super) fn fails_certificate(hop: &LastHop<'_>) -> bool {
    hop.handshake.is_some_and(|(_, h)| {
        h.failure.as_ref().is_some_and(|f| {
            matches!(
                f.as_str(),
                F::TLS_UNKNOWN_AUTHORITY | F::TLS_INVALID_HOSTNAME | F::TLS_INVALID_CERTIFICATE
            )
        })
    })
}

/// The last name in the chain of aliases.
fn alias<'a>(queries: impl Iterator<Item = &'a DnsQuery>) -> Option<String> {
    let mut names = queries.flat_map(|q| &q.answers).filter_map(|a| {
        let name = a.hostname.as_deref()?;
        Some(name.trim_end_matches('.').to_ascii_lowercase())
    });
    let first = names.next()?;
    Some(names.last().unwrap_or(first))
}

/// The last two labels: precise enough for the owner of a name, given how content networks name
/// their edges.
fn domain(name: &str) -> &str {
    let mut dots = name.rmatch_indices('.');
    dots.nth(1).map_or(name, |(at, _)| &name[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::measurement::DnsAnswer;

    #[test]
    fn edges_of_one_owner_share_their_domain() {
        let query = |names: &[&str]| DnsQuery {
            answers: names
                .iter()
                .map(|n| DnsAnswer {
                    hostname: Some((*n).to_owned()),
                    ..DnsAnswer::default()
                })
                .collect(),
            ..DnsQuery::default()
        };
        let suspect = SuspectHost {
            secure: true,
            host: "a.example".into(),
            port: 443,
            is_local: false,
            given: Vec::new(),
            raced: Vec::new(),
            used: None,
            in_doubt: false,
            alias: alias([query(&["a.cdn.example", "e1.edge.example.net."])].iter()),
        };
        assert!(suspect.shares_edge(&[query(&["e7.edge.EXAMPLE.net"])]));
        assert!(!suspect.shares_edge(&[query(&["e7.other.example"])]));
        assert!(!suspect.shares_edge(&[query(&[])]));
    }
}
