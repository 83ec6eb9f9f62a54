//! The target of a redirect in an OONI record when nothing came of it: the probe records the failed
//! lookup, connect and handshake without a request.

use url::Url;

use super::transport_failure;
use crate::model::measurement::{DnsQuery, Request, TcpConnect, TlsHandshake};
use crate::model::{Code, Failure, Measurement};

/// The hop without a request.
#[derive(Debug, Clone)]
pub(super) struct UnansweredHop {
    pub(super) url: Option<Url>,
    /// What ended the fetch.
    pub(super) failure: Option<Failure>,
    /// When the redirect came.
    since: f64,
}

impl UnansweredHop {
    /// The target of the last redirect, when the record says that it failed, or shows how.
    pub(super) fn from_measurement(m: &Measurement) -> Option<Self> {
        let last = m
            .test_keys
            .requests
            .first()
            .filter(|_| m.extra().is_none())?;
        let is_redirect = matches!(last.response.code, 301 | 302 | 303 | 307 | 308);
        if !is_redirect || last.failure.is_some() {
            return None;
        }
        let found = Self {
            url: target(last),
            failure: m.test_keys.http_experiment_failure.clone(),
            since: last.t,
        };
        let failed = found.failure.is_some() || found.fails(m);
        failed.then_some(found)
    }

    fn fails(&self, m: &Measurement) -> bool {
        let keys = &m.test_keys;
        let later = |t0: f64| t0 >= self.since - 1e-6;
        let dialled = |c: &TcpConnect| self.is_connect(m, c) && later(c.t0);
        let shook = |h: &TlsHandshake| self.is_handshake(h) && later(h.t0);
        let asked = |q: &DnsQuery| self.is_query(q) && later(q.t0);
        let connects: Vec<_> = keys.tcp_connect.iter().filter(|c| dialled(c)).collect();
        keys.tls_handshakes
            .iter()
            .any(|h| shook(h) && h.failure.is_some())
            || (!connects.is_empty() && connects.iter().all(|c| !c.status.success))
            || (connects.is_empty() && keys.queries.iter().any(|q| asked(q) && q.failure.is_some()))
    }

    /// Steps of a hop: those after the redirect; in records that do not say, all steps to the same
    /// place.
    pub(super) fn steps<T>(
        &self,
        list: &[T],
        belongs: impl Fn(&T) -> bool,
        t0: impl Fn(&T) -> f64,
    ) -> Vec<usize> {
        let all: Vec<usize> = (0..list.len()).filter(|i| belongs(&list[*i])).collect();
        let later = |i: &usize| t0(&list[*i]) >= self.since - 1e-6;
        let after: Vec<usize> = all.iter().copied().filter(later).collect();
        if after.is_empty() { all } else { after }
    }

    fn host(&self) -> Option<String> {
        let host = self.url.as_ref()?.host_str()?;
        Some(host.trim_matches(['[', ']']).to_ascii_lowercase())
    }

    pub(super) fn is_query(&self, query: &DnsQuery) -> bool {
        let asked = query.hostname.trim_end_matches('.');
        self.host()
            .is_some_and(|host| asked.eq_ignore_ascii_case(&host))
    }

    /// A connect to an address and port of the target; without a recorded lookup of the name, to
    /// its port.
    pub(super) fn is_connect(&self, m: &Measurement, connect: &TcpConnect) -> bool {
        let port = self.url.as_ref().and_then(Url::port_or_known_default);
        let asked: Vec<&DnsQuery> = m
            .test_keys
            .queries
            .iter()
            .filter(|q| self.is_query(q))
            .collect();
        let named = |ip: &str| {
            asked
                .iter()
                .flat_map(|q| q.addresses())
                .any(|a| a.to_string() == ip)
        };
        let known = asked.iter().any(|q| q.addresses().next().is_some());
        port == Some(connect.port) && (!known || named(&connect.ip))
    }

    pub(super) fn is_handshake(&self, handshake: &TlsHandshake) -> bool {
        let secure = self.url.as_ref().is_some_and(|u| u.scheme() == "https");
        secure
            && self
                .host()
                .is_some_and(|host| handshake.server_name.eq_ignore_ascii_case(&host))
    }
}

fn target(request: &Request) -> Option<Url> {
    let location = request.response.header("location")?;
    Url::parse(&request.request.url).ok()?.join(location).ok()
}

/// The code for the fetch of a target that left no steps.
pub(super) fn unreached(failure: &Failure) -> Code {
    transport_failure::code_of(failure).unwrap_or(Code::HttpNoReply)
}
