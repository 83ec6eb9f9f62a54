//! A fetch: one request and the redirects it leads to, each hop with its own DNS, TCP and TLS.

use std::future::Future;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use tokio::time::Instant;
use url::Url;

use super::client_redirect;
use super::cookies::Jar;
use super::exchange::{Exchange, ExchangeLimits, exchange};
use super::redirect::{self, MAX_HOPS, NextHop};
use super::request::FetchRequest;
use crate::model::measurement::{ASKED_AGAIN, CLIENT_REDIRECT, INSIDE, Request};
use crate::model::probe::Method;
use crate::model::{Failure, VantageId};
use crate::net::failure::Retry;
use crate::net::inside::{is_inside, is_inside_host};
use crate::net::pace::{Pace, Permit};
use crate::net::{FetchLog, HopTarget, Route};

/// Whether a URL may be fetched now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    Allow,
    /// The reason, as in `skipped` of records.
    Deny(&'static str),
}

/// Our politeness: checked before every hop.
pub trait FetchPolicy: Sync {
    /// The admission, if it is known already; `None` when something must be fetched first.
    fn known(&self, url: &Url) -> Option<Admission>;

    /// Determines the admission. No permit of the host is held meanwhile. `public_only`: an
    /// external site led there, so nothing in our own network is contacted.
    fn ask(&self, url: &Url, public_only: bool) -> impl Future<Output = Admission> + Send;
}

/// Allows everything: for robots.txt itself.
#[derive(Debug, Clone, Copy)]
pub struct AllowAll;

impl FetchPolicy for AllowAll {
    fn known(&self, _: &Url) -> Option<Admission> {
        Some(Admission::Allow)
    }

    async fn ask(&self, _: &Url, _: bool) -> Admission {
        Admission::Allow
    }
}

/// The vantage and the limits of fetches.
#[derive(Debug, Clone, Copy)]
pub struct Fetcher<'a> {
    pub route: &'a Route,
    pub pace: &'a Pace,
    pub vantage: &'a VantageId,
    pub user_agent: &'a HeaderValue,
    /// The size limit of one body.
    pub max_body: usize,
    /// The limit of the whole fetch, without the time spent waiting for hosts' turns.
    pub timeout: Duration,
    /// Whether pages that only redirect are followed like redirects.
    pub client_side: bool,
    /// An external site led here: nothing in our own network is contacted, including the first
    /// host.
    pub public_only: bool,
    /// A host that is contacted at this address, whatever the resolver gives.
    pub at: Option<(&'a str, IpAddr)>,
}

/// The result of a fetch.
#[derive(Debug, Default)]
pub struct Fetched {
    /// Every hop, newest first.
    pub requests: Vec<Request>,
    /// A redirect led to a URL that politeness denies: the reason.
    pub shut: Option<&'static str>,
    /// Summed over hops; `None` when nothing came.
    pub first_byte_ms: Option<f64>,
    /// The size from the last hop.
    pub body_bytes: u64,
    /// `Retry-After` of the last hop.
    pub retry_after: Option<String>,
    /// Our own addresses on the hops' connections.
    pub local: Vec<IpAddr>,
    /// Time spent waiting for other hosts' turns.
    pub waited: Duration,
}

impl Fetcher<'_> {
    /// Fetches `request`, and follows up to ten redirects if `follow` is set. `permit` belongs to
    /// the first host and is returned when the chain leaves that host. Tags of hops: `downgrade`
    /// after https led to http, `client_redirect` where the page itself redirected.
    pub async fn fetch(
        &self,
        mut ask: FetchRequest,
        permit: Permit,
        follow: bool,
        jar: &mut Jar,
        log: &mut FetchLog,
        policy: &impl FetchPolicy,
    ) -> Fetched {
        let mut state = FetchState::new(Instant::now() + self.timeout, permit);
        state.public_only = self.public_only;
        loop {
            state.seen.push(key(&ask, jar));
            let location = self.ask_at(&ask, jar, log, &mut state).await;
            if !follow {
                break;
            }
            let code = state.code();
            let mut of_page = false;
            let next = match redirect::next(&ask.url, ask.method, code, location.as_deref()) {
                Ok(Some(next)) => next,
                Ok(None) => match self.onward(&ask.url, &state) {
                    Some(next) => {
                        of_page = true;
                        next
                    }
                    None => break,
                },
                Err(failure) => {
                    state.fail(failure);
                    break;
                }
            };
            state.downgrade |= next.downgrade;
            let from = ask.url.clone();
            ask = onwards(ask, next);
            if state.seen.len() > MAX_HOPS || state.seen.contains(&key(&ask, jar)) {
                state.fail(Failure::HTTP_REDIRECT_LOOP.into());
                break;
            }
            if state.public_only && ask.url.host().is_some_and(|h| is_inside_host(&h)) {
                state.keep(refused(&ask, log), ask.url.as_str());
                break;
            }
            if let Admission::Deny(why) = self.pass(&from, &ask.url, &mut state, policy).await {
                // The page is informative enough when its redirect is denied.
                state.fetched.shut = (!of_page).then_some(why);
                break;
            }
            if of_page {
                state.tag(CLIENT_REDIRECT);
            }
        }
        state.fetched
    }

    /// Where the received page redirects by itself. A page that requests itself again is a check,
    /// not a redirect.
    fn onward(&self, from: &Url, state: &FetchState) -> Option<NextHop> {
        let answered = state
            .fetched
            .requests
            .first()
            .filter(|_| self.client_side)?;
        let next = client_redirect::next(from, answered)?;
        let bare = |url: &Url| url[..url::Position::AfterQuery].to_owned();
        let to = bare(&next.url);
        let known = state.seen.iter().any(|(_, url, _)| bare(url) == to);
        (!known).then_some(next)
    }

    /// Admits the next URL of the chain: first politeness, then the next host's turn.
    async fn pass(
        &self,
        from: &Url,
        to: &Url,
        state: &mut FetchState,
        policy: &impl FetchPolicy,
    ) -> Admission {
        let known = policy.known(to);
        if let Some(answer) = known
            && (from.host_str() == to.host_str() || answer != Admission::Allow)
        {
            return answer;
        }
        // If it were held while waiting, two crossing chains would wait for each other.
        state.permit = None;
        let since = Instant::now();
        let mut answer = match known {
            Some(answer) => answer,
            None => policy.ask(to, state.public_only).await,
        };
        if answer == Admission::Allow {
            let host = to.host_str().unwrap_or_default();
            let permit = self.pace.admit(self.vantage, host).await;
            // A back-off or a cooldown may have begun while we waited.
            match policy.known(to) {
                Some(denied @ Admission::Deny(_)) => {
                    permit.unused();
                    answer = denied;
                }
                _ => state.permit = Some(permit),
            }
        }
        let waited = since.elapsed();
        state.fetched.waited += waited;
        state.deadline += waited;
        answer
    }

    /// Makes the request of one hop, and repeats it once when the server did not process it;
    /// returns where it leads.
    async fn ask_at(
        &self,
        ask: &FetchRequest,
        jar: &mut Jar,
        log: &mut FetchLog,
        state: &mut FetchState,
    ) -> Option<Bytes> {
        let host = ask.url.host_str().unwrap_or_default();
        let known = self.at.filter(|(name, _)| name.eq_ignore_ascii_case(host));
        let mut leg = HopTarget {
            at: known.map(|(_, ip)| ip),
            public_only: state.public_only,
            ..HopTarget::to(&ask.url)
        };
        let mut made = self.hop(leg, ask, jar, log, state.deadline).await;
        if let Some(again) = made.retry {
            made.request.tags.push(ASKED_AGAIN.to_owned());
            state.keep(made, ask.url.as_str());
            leg.http1_only = again == Retry::OverHttp1;
            made = self.hop(leg, ask, jar, log, state.deadline).await;
        }
        // A chain that starts within our own network was configured by the operator.
        state.public_only |= made.ip.is_some_and(|ip| !is_inside(ip))
            || (made.ip.is_none() && !ask.url.host().is_some_and(|h| is_inside_host(&h)));
        let location = made.location.clone();
        state.keep(made, ask.url.as_str());
        location
    }

    async fn hop(
        &self,
        leg: HopTarget<'_>,
        ask: &FetchRequest,
        jar: &mut Jar,
        log: &mut FetchLog,
        deadline: Instant,
    ) -> Exchange {
        let t0 = log.elapsed();
        let mut made = match self.route.open_hop(leg, log, deadline).await {
            Ok(connection) => {
                let bounds = ExchangeLimits {
                    user_agent: self.user_agent.clone(),
                    max_body: self.max_body,
                    deadline,
                };
                let ip = connection.ip;
                let cookie = jar.header(&ask.url);
                let made = exchange(connection, ask, cookie.as_deref(), &bounds).await;
                Exchange { ip, ..made }
            }
            Err(failure) if leg.public_only && failure.equals(Failure::HTTP_BAD_REDIRECT) => {
                refused(ask, log)
            }
            Err(failure) => unmade(ask, failure),
        };
        made.request.t0 = t0;
        made.request.t = log.elapsed();
        let now = chrono::Utc::now();
        for line in made.request.response.headers("set-cookie") {
            jar.store(&ask.url, line, now);
        }
        made
    }
}

/// A hop that ended before HTTP.
fn unmade(ask: &FetchRequest, failure: Failure) -> Exchange {
    let mut made = Exchange::default();
    ask.method
        .as_str()
        .clone_into(&mut made.request.request.method);
    made.request.failure = Some(failure);
    made
}

/// A hop into our own network, which is not requested.
fn refused(ask: &FetchRequest, log: &FetchLog) -> Exchange {
    let mut made = unmade(ask, Failure::HTTP_BAD_REDIRECT.into());
    made.request.tags.push(INSIDE.to_owned());
    (made.request.t0, made.request.t) = (log.elapsed(), log.elapsed());
    made
}

/// The state of a fetch.
struct FetchState {
    fetched: Fetched,
    deadline: Instant,
    permit: Option<Permit>,
    /// Method, URL and the state of the jar: the same URL with a new cookie is not a loop.
    seen: Vec<(Method, Url, u64)>,
    downgrade: bool,
    /// The chain began outside: no hop may lead into our own network.
    public_only: bool,
}

impl FetchState {
    fn new(deadline: Instant, permit: Permit) -> Self {
        Self {
            fetched: Fetched::default(),
            deadline,
            permit: Some(permit),
            seen: Vec::new(),
            downgrade: false,
            public_only: false,
        }
    }

    fn keep(&mut self, made: Exchange, url: &str) {
        let mut request = made.request;
        url.clone_into(&mut request.request.url);
        if self.downgrade {
            request.tags.push("downgrade".to_owned());
        }
        let fetched = &mut self.fetched;
        if let Some(ms) = made.first_byte_ms {
            *fetched.first_byte_ms.get_or_insert(0.0) += ms;
        }
        fetched.local.extend(made.local);
        fetched.body_bytes = made.body_bytes;
        fetched.retry_after = made.retry_after;
        fetched.requests.insert(0, request);
    }

    fn code(&self) -> u16 {
        self.fetched.requests.first().map_or(0, |r| r.response.code)
    }

    fn tag(&mut self, tag: &str) {
        if let Some(last) = self.fetched.requests.first_mut() {
            last.tags.push(tag.to_owned());
        }
    }

    fn fail(&mut self, failure: Failure) {
        if let Some(last) = self.fetched.requests.first_mut() {
            last.failure = Some(failure);
        }
    }
}

fn key(ask: &FetchRequest, jar: &Jar) -> (Method, Url, u64) {
    (ask.method, ask.url.clone(), jar.changes())
}

/// The request for a redirect's target. Login headers are not sent to another host (as in
/// browsers), and a GET has no body.
fn onwards(ask: FetchRequest, next: NextHop) -> FetchRequest {
    let crossed = ask.url.origin() != next.url.origin();
    let bare = next.method == Method::Get && ask.method == Method::Post;
    let mut headers = ask.headers;
    headers.retain(|(name, _)| {
        let is = |known: &[&str]| known.iter().any(|k| name.eq_ignore_ascii_case(k));
        !(crossed && is(&["authorization", "cookie"]) || bare && is(&["content-type"]))
    });
    FetchRequest {
        method: next.method,
        url: next.url,
        headers,
        body: ask.body.filter(|_| !bare),
    }
}
