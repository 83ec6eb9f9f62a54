//! Makes measurements: one per call, never an error.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::header::HeaderValue;
use url::Url;

use super::discriminate::Discriminators;
use super::exit_addresses::ExitAddresses;
use super::file;
use super::politeness_guard::PolitenessGuard;
use super::record::{RecordBuilder, RecordLabel};
use super::retry_after;
use super::shared_politeness::SharedPoliteness;
use super::under_way::RoundsUnderWay;
use crate::model::clock::Clock;
use crate::model::measurement::{Measurement, Request};
use crate::model::politeness::{BackOff, RobotsCopy};
use crate::model::probe::Target;
use crate::model::settings::Settings;
use crate::model::vantage::Via;
use crate::model::{Code, Failure, Probe, RoundId, Time, Vantage, VantageId};
use crate::net::http::{Admission, FetchPolicy as _, FetchRequest, Fetched, Fetcher, Jar};
use crate::net::pace::{BackOffs, HostLeases, Pace, Permit};
use crate::net::robots::RobotsCache;
use crate::net::{NetError, Networks, Route, failure};

/// The value of `skipped` in a record of a vantage of kind `agent`, which is not measured here.
const AGENT: &str = "agent";

/// The tag of requests that a probe makes before its own.
const BEFORE: &str = "before";

/// Makes measurements from every configured vantage. Shared by reference; all state is inside.
#[derive(Debug)]
pub struct Prober {
    pub(super) politeness: SharedPoliteness,
    dir: PathBuf,
    /// The networks of addresses; `None` without a database.
    networks: Option<Networks>,
    routes: Mutex<HashMap<VantageId, (Vantage, Route)>>,
    pub(super) discriminators: Discriminators,
    pub(super) under_way: RoundsUnderWay,
    /// The addresses of each vantage as the controls with `echo` saw them.
    pub(super) exits: ExitAddresses,
}

/// How many bytes are kept of the answer to a request that precedes a probe's own: only the cookies
/// of that answer matter.
const MAX_BEFORE_BODY: usize = 64 * 1024;

/// One fetch.
#[allow(clippy::struct_excessive_bools)] // Each is an independent fact.
pub(super) struct FetchJob<'a> {
    pub(super) ask: FetchRequest,
    pub(super) before: &'a [Url],
    pub(super) follow: bool,
    pub(super) timeout: Duration,
    /// The fetch ignores a back-off of the host.
    pub(super) regardless: bool,
    /// No address in our own network is asked, not even the first one: the author of a document
    /// that cites the address is not the operator of this network.
    pub(super) public_only: bool,
    /// A host and the address at which it is asked, whatever the resolver returns.
    pub(super) at: Option<(&'a str, IpAddr)>,
    /// The answer states the address of the vantage as the site sees it.
    pub(super) echo: bool,
}

impl Prober {
    /// Prepares every vantage (except agents); `dir` is the workspace, `clock` dates the records.
    /// Sends nothing.
    ///
    /// # Errors
    /// The first invalid vantage: unreadable roots, an invalid resolver, and the like.
    pub fn new(settings: &Settings, dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, NetError> {
        let politeness = settings.politeness.clone();
        let mut routes = HashMap::new();
        for vantage in settings.vantages.iter().filter(|v| v.via != Via::Agent) {
            let route = Route::new(vantage, dir, &politeness)?;
            routes.insert(vantage.id.clone(), (vantage.clone(), route));
        }
        // `config` refuses a contact that does not fit into a header; without it the User-Agent
        // still identifies us.
        let user_agent = HeaderValue::from_str(&politeness.user_agent()).unwrap_or(
            HeaderValue::from_static("accesswatch (library access monitor)"),
        );
        Ok(Self {
            politeness: SharedPoliteness {
                pace: Pace::new(&politeness, Arc::clone(&clock)),
                clock,
                back_offs: BackOffs::new(&politeness),
                robots: RobotsCache::default(),
                user_agent,
                politeness,
            },
            dir: dir.to_owned(),
            networks: networks(settings),
            routes: Mutex::new(routes),
            discriminators: Discriminators::new(settings),
            under_way: RoundsUnderWay::default(),
            exits: ExitAddresses::default(),
        })
    }

    /// Shares the cooldowns of addresses with `other`: an address that discriminators of one prober
    /// have put on cooldown is left alone by the other prober too.
    #[must_use]
    pub fn sharing_silence_of(mut self, other: &Self) -> Self {
        let pace = &mut self.politeness.pace;
        pace.share_silence_of(&other.politeness.pace);
        self
    }

    /// The same, which connects to a host only with its lease.
    #[must_use]
    pub fn leasing_hosts(self, leases: Option<Arc<dyn HostLeases>>) -> Self {
        if let Some(leases) = leases {
            self.politeness.pace.lease_hosts(leases);
        }
        self
    }

    /// Makes one attempt at a probe. Values, expectations and charset are left for `judge` to fill.
    ///
    /// Sets `skipped` instead of fetching for a host in back-off (`back_off`), for an address that
    /// a comparison request has just used (`cooldown`), for a page that robots.txt forbids
    /// (`robots`), and for a vantage of an agent (`agent`).
    pub async fn measure(
        &self,
        probe: &Probe,
        vantage: &Vantage,
        round: &RoundId,
        attempt: u32,
    ) -> Measurement {
        let label = RecordLabel {
            source: probe.source.clone(),
            probe: probe.id.clone(),
            round: round.clone(),
            attempt,
            control: false,
            input: probe.target.to_string(),
        };
        let url = match &probe.target {
            Target::File(path) => return self.read_file(path, label, vantage).await,
            Target::Url(url) => url.clone(),
        };
        self.fetch(self.job(probe, url), label, vantage).await
    }

    pub(super) fn job<'a>(&self, probe: &'a Probe, url: Url) -> FetchJob<'a> {
        FetchJob {
            ask: FetchRequest {
                method: probe.method,
                url,
                headers: probe.headers.clone(),
                body: probe.body.as_ref().map(|b| Bytes::from(b.clone())),
            },
            before: &probe.before,
            follow: probe.follow,
            timeout: probe.timeout.unwrap_or(self.politeness.politeness.timeout),
            regardless: false,
            public_only: false,
            at: None,
            echo: false,
        }
    }

    /// Fetches any URL, with the politeness of a probe.
    pub async fn fetch_url(&self, url: &Url, vantage: &Vantage) -> Measurement {
        let label = RecordLabel::of_url("url", url);
        self.fetch(self.plain(url), label, vantage).await
    }

    /// Fetches the address of a link that a document cites. `public_only`: no address of our own
    /// network is asked.
    pub async fn fetch_link(&self, url: &Url, vantage: &Vantage, public_only: bool) -> Measurement {
        let label = RecordLabel::of_url("link", url);
        let job = FetchJob {
            public_only,
            ..self.plain(url)
        };
        self.fetch(job, label, vantage).await
    }

    /// Restores the state of politeness from before a restart.
    pub fn restore(&self, back_offs: Vec<BackOff>, robots: Vec<RobotsCopy>) {
        self.politeness.back_offs.restore(back_offs);
        self.politeness.robots.restore(robots);
    }

    /// The state of politeness that must survive a restart.
    #[must_use]
    pub fn politeness(&self) -> (Vec<BackOff>, Vec<RobotsCopy>) {
        (
            self.politeness.back_offs.dump(),
            self.politeness.robots.dump(),
        )
    }

    /// Starts a back-off of `host` at `now`, because its answer was `code`; a code that is the
    /// baseline does not double the time. A `Retry-After` of the answer is respected, up to the
    /// longest back-off.
    pub fn back_off(
        &self,
        vantage: &VantageId,
        host: &str,
        code: Code,
        now: Time,
        is_baseline: bool,
    ) {
        self.politeness
            .back_offs
            .back_off(vantage, host, code, now, is_baseline);
    }

    pub(super) fn plain(&self, url: &Url) -> FetchJob<'static> {
        FetchJob {
            ask: FetchRequest::get(url.clone()),
            before: &[],
            follow: true,
            timeout: self.politeness.politeness.timeout,
            regardless: false,
            public_only: false,
            at: None,
            echo: false,
        }
    }

    pub(super) async fn fetch(
        &self,
        job: FetchJob<'_>,
        label: RecordLabel,
        vantage: &Vantage,
    ) -> Measurement {
        let route = match self.route(vantage) {
            Ok(route) => route,
            Err(error) => {
                let now = self.politeness.clock.now();
                return unroutable(&job.ask, label, vantage, &error, now);
            }
        };
        let guard = PolitenessGuard::new(&self.politeness, &route, &vantage.id)
            .regardless(job.regardless)
            .public_only(job.public_only)
            .within(job.timeout);
        let chain = Fetcher {
            timeout: job.timeout,
            // A control records a page that redirects (a log-in page) and does not follow it.
            client_side: !label.control,
            public_only: job.public_only,
            at: job.at,
            ..self.politeness.chain(&route, &vantage.id)
        };
        let url = job.ask.url.clone();
        let own = job.before.iter().chain([&url]).filter_map(Url::host_str);
        own.for_each(|host| self.politeness.robots.keep_configured(host));
        let entered = match guard.ask(&url, job.public_only).await {
            Admission::Allow => guard.enter(job.before.first().unwrap_or(&url)).await,
            Admission::Deny(why) => Err(why),
        };
        // The record begins when the first request may be sent, not while it waits.
        let mut draft = RecordBuilder::new(label, vantage, self.politeness.clock.now());
        draft.networks = self.networks.as_ref();
        let permit = match entered {
            Ok(permit) => permit,
            Err(why) => return draft.skip(why, guard.fact()),
        };
        let mut jar = Jar::default();
        // Boxed: few probes need it.
        let first = before(&job, &chain, &guard, permit, &mut jar, &mut draft);
        let permit = Box::pin(first).await;
        if let Some(permit) = permit {
            draft.own_fetch_begins();
            let (ask, follow, echo) = (job.ask, job.follow, job.echo);
            // Boxed: thousands of measurements may be waiting for their turn.
            let fetch = chain.fetch(ask, permit, follow, &mut jar, &mut draft.log, &guard);
            let fetched = Box::pin(fetch).await;
            self.note_retry_after(&fetched, &url, vantage);
            if echo {
                draft.seen_as = self.exits.note(&vantage.id, &fetched);
            }
            draft.add_fetch(fetched);
            self.note_place(&draft, &url, vantage);
        }
        draft.exit = self.exits.seen_from(&vantage.id);
        draft.close(&jar, guard.fact())
    }

    /// Notes the `Retry-After` of an answer for the host that was asked and for the host that
    /// answered: a back-off that follows may be of either.
    fn note_retry_after(&self, fetched: &Fetched, asked: &Url, vantage: &Vantage) {
        let now = self.politeness.clock.now();
        let value = fetched.retry_after.as_deref();
        let Some(until) = value.and_then(|v| retry_after::until(v, now)) else {
            return;
        };
        let answered = fetched.requests.first().map(|r| r.request.url.as_str());
        let answered = answered.and_then(|url| Url::parse(url).ok());
        for url in [Some(asked), answered.as_ref()].into_iter().flatten() {
            let host = url.host_str().unwrap_or_default();
            let back_offs = &self.politeness.back_offs;
            back_offs.asked(&vantage.id, host, until, now);
        }
    }

    /// The vantage's route; for a vantage outside the configuration it is prepared now.
    pub(super) fn route(&self, vantage: &Vantage) -> Result<Route, NetError> {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, route)) = routes.get(&vantage.id)
            && known == vantage
        {
            return Ok(route.clone());
        }
        let route = Route::new(vantage, &self.dir, &self.politeness.politeness)?;
        routes.insert(vantage.id.clone(), (vantage.clone(), route.clone()));
        Ok(route)
    }

    async fn read_file(&self, path: &Path, label: RecordLabel, vantage: &Vantage) -> Measurement {
        let mut draft = RecordBuilder::new(label, vantage, self.politeness.clock.now());
        let (dir, path) = (self.dir.clone(), path.to_owned());
        if vantage.via == Via::Agent {
            return draft.skip(AGENT, None);
        }
        let limit = self.politeness.politeness.max_body;
        let read = tokio::task::spawn_blocking(move || file::read(&dir, &path, limit));
        // Reading neither panics nor gets cancelled; if it did, the file would count as unreadable.
        let (mut request, size) = read.await.unwrap_or_else(|_| {
            let request = Request {
                failure: Some(Failure::FILE_UNREADABLE.into()),
                ..Request::default()
            };
            (request, 0)
        });
        request.t = draft.log.elapsed();
        "file".clone_into(&mut draft.via);
        draft.requests.push(request);
        draft.body_bytes = size;
        draft.close(&Jar::default(), None)
    }
}

/// An unreadable database is logged, and the program continues without it.
fn networks(settings: &Settings) -> Option<Networks> {
    let path = settings.asn.database.as_ref()?;
    Networks::open(path)
        .inspect_err(|error| tracing::warn!("[asn] {error}; {}", error.help()))
        .ok()
}

/// Makes the requests that precede a probe's own, with the same `jar`. Returns the permit for the
/// probe's own request; `None` when a request failed or was denied, which ends the measurement.
async fn before(
    job: &FetchJob<'_>,
    chain: &Fetcher<'_>,
    guard: &PolitenessGuard<'_>,
    mut permit: Permit,
    jar: &mut Jar,
    draft: &mut RecordBuilder<'_>,
) -> Option<Permit> {
    let chain = Fetcher {
        max_body: chain.max_body.min(MAX_BEFORE_BODY),
        ..*chain
    };
    for (place, url) in job.before.iter().enumerate() {
        let ask = FetchRequest::get(url.clone());
        let mut fetched = chain
            .fetch(ask, permit, true, jar, &mut draft.log, guard)
            .await;
        for request in &mut fetched.requests {
            request.tags.push(BEFORE.to_owned());
        }
        let failed = fetched
            .requests
            .first()
            .is_some_and(|r| r.failure.is_some());
        draft.add_fetch(fetched);
        if failed || draft.skipped.is_some() {
            return None;
        }
        let since = draft.log.elapsed();
        let entered = guard
            .enter(job.before.get(place + 1).unwrap_or(&job.ask.url))
            .await;
        draft.waited += draft.log.elapsed() - since;
        match entered {
            Ok(turn) => permit = turn,
            Err(why) => {
                draft.skipped = Some(why.to_owned());
                return None;
            }
        }
    }
    Some(permit)
}

/// The record when there is no route: `skipped` for a vantage of an agent, and a failure that says
/// why for an invalid vantage.
fn unroutable(
    ask: &FetchRequest,
    label: RecordLabel,
    vantage: &Vantage,
    error: &NetError,
    now: Time,
) -> Measurement {
    let mut draft = RecordBuilder::new(label, vantage, now);
    if vantage.via == Via::Agent {
        return draft.skip(AGENT, None);
    }
    let mut request = Request::default();
    ask.method.as_str().clone_into(&mut request.request.method);
    ask.url.as_str().clone_into(&mut request.request.url);
    request.failure = Some(failure::unknown(error));
    draft.requests.push(request);
    draft.close(&Jar::default(), None)
}
