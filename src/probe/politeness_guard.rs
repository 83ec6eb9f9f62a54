//! Politeness at one vantage: back-offs and cooldowns first, then robots.txt.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::shared_politeness::SharedPoliteness;
use crate::model::VantageId;
use crate::model::measurement::{INSIDE, RobotsFact};
use crate::net::http::{Admission, AllowAll, FetchPolicy, FetchRequest, Fetcher, Jar};
use crate::net::pace::Permit;
use crate::net::robots::{self, RobotsStanding};
use crate::net::{FetchLog, Route};

/// As in `skipped` of records.
const BACK_OFF: &str = "back_off";
const COOLDOWN: &str = "cooldown";
const ROBOTS: &str = "robots";

/// Applies politeness to one measurement.
pub(super) struct PolitenessGuard<'a> {
    shared: &'a SharedPoliteness,
    route: &'a Route,
    vantage: &'a VantageId,
    /// Ignores a host's back-off and cooldown: the last control of a vantage is needed to check the
    /// vantage.
    regardless: bool,
    /// No robots.txt of our own network is asked for.
    public_only: bool,
    fact: Mutex<Option<RobotsFact>>,
    /// The remaining time for the robots.txt files of all hops together.
    left: Mutex<Duration>,
}

impl<'a> PolitenessGuard<'a> {
    pub(super) fn new(
        shared: &'a SharedPoliteness,
        route: &'a Route,
        vantage: &'a VantageId,
    ) -> Self {
        Self {
            shared,
            route,
            vantage,
            regardless: false,
            public_only: false,
            fact: Mutex::default(),
            left: Mutex::new(shared.politeness.timeout),
        }
    }

    /// Sets the time-out of the fetch; its robots.txt files together get the same time again.
    pub(super) fn within(mut self, timeout: Duration) -> Self {
        self.left = Mutex::new(timeout);
        self
    }

    fn left(&self) -> std::sync::MutexGuard<'_, Duration> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn regardless(mut self, of_back_off: bool) -> Self {
        self.regardless = of_back_off;
        self
    }

    pub(super) fn public_only(mut self, public_only: bool) -> Self {
        self.public_only = public_only;
        self
    }

    /// How robots.txt was heeded: of the URL that was asked for first, or of the hop that it
    /// forbids.
    pub(super) fn fact(self) -> Option<RobotsFact> {
        self.fact
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a host's turn if politeness allows the URL; otherwise returns the reason.
    pub(super) async fn enter(&self, url: &Url) -> Result<Permit, &'static str> {
        if let Admission::Deny(why) = self.ask(url, self.public_only).await {
            return Err(why);
        }
        let host = url.host_str().unwrap_or_default();
        let pace = &self.shared.pace;
        let permit = pace.admit(self.vantage, host).await;
        if let Some(why) = self.left_alone(url) {
            // The back-off or the cooldown began while we waited.
            permit.unused();
            return Err(why);
        }
        Ok(permit)
    }

    /// Why the host is left alone for now. No pass waits for the end of it.
    fn left_alone(&self, url: &Url) -> Option<&'static str> {
        let host = url.host_str().unwrap_or_default();
        let now = self.shared.clock.now();
        if self.regardless {
            return None;
        }
        let back_off = self.shared.back_offs.active(self.vantage, host, now);
        let cooldown = self.shared.pace.silence().remaining(self.vantage, host);
        match (back_off, cooldown) {
            (Some(_), _) => Some(BACK_OFF),
            (None, Some(_)) => Some(COOLDOWN),
            (None, None) => None,
        }
    }

    fn note(&self, allowed: bool, state: &str) {
        let mut fact = self.fact.lock().unwrap_or_else(PoisonError::into_inner);
        if fact.is_none() || !allowed {
            *fact = Some(RobotsFact {
                allowed,
                state: state.to_owned(),
            });
        }
    }

    fn decide(&self, url: &Url, standing: &RobotsStanding) -> Admission {
        let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let allowed = standing.rules.allow(path);
        self.note(allowed, standing.state);
        if allowed {
            Admission::Allow
        } else {
            Admission::Deny(ROBOTS)
        }
    }

    /// Fetches robots.txt over the same route, in the host's turn.
    async fn fetch(&self, url: &Url, public_only: bool) -> RobotsStanding {
        let origin = robots::origin(url);
        let tracker = &self.shared.robots;
        let host = url.host_str().unwrap_or_default();
        let permit = self.shared.pace.admit_diagnostic(self.vantage, host).await;
        // Another probe of this host may have fetched it while we waited.
        if let Some(standing) = tracker.standing(self.vantage, &origin, self.shared.clock.now()) {
            permit.unused();
            return standing;
        }
        let timeout = *self.left();
        if timeout.is_zero() || self.left_alone(url).is_some() {
            permit.unused();
            return RobotsStanding::unfetchable();
        }
        let began = Instant::now();
        let mut file = url.clone();
        file.set_path("/robots.txt");
        file.set_query(None);
        file.set_fragment(None);
        let chain = Fetcher {
            timeout,
            max_body: robots::MAX_BYTES,
            public_only,
            ..self.shared.chain(self.route, self.vantage)
        };
        let (mut jar, mut log) = (Jar::default(), FetchLog::new());
        let fetched = chain
            .fetch(
                FetchRequest::get(file),
                permit,
                true,
                &mut jar,
                &mut log,
                &AllowAll,
            )
            .await;
        let left = timeout.saturating_sub(began.elapsed());
        *self.left() = left;
        let now = self.shared.clock.now();
        match fetched.requests.first() {
            Some(last) if last.failure.is_none() && robots::status_tells(last.response.code) => {
                let response = &last.response;
                tracker.fetched(self.vantage, &origin, response.code, &response.body.0, now)
            }
            // The entry of a host in our own network must not be changed by an external site.
            Some(last) if last.tags.iter().any(|t| t == INSIDE) && public_only => {
                RobotsStanding::unfetchable()
            }
            _ => tracker.unfetchable(self.vantage, &origin, now),
        }
    }
}

impl FetchPolicy for PolitenessGuard<'_> {
    fn known(&self, url: &Url) -> Option<Admission> {
        if let Some(why) = self.left_alone(url) {
            return Some(Admission::Deny(why));
        }
        if !self.shared.politeness.robots {
            self.note(true, "off");
            return Some(Admission::Allow);
        }
        let standing = self.shared.robots.standing(
            self.vantage,
            &robots::origin(url),
            self.shared.clock.now(),
        )?;
        Some(self.decide(url, &standing))
    }

    async fn ask(&self, url: &Url, public_only: bool) -> Admission {
        if let Some(admission) = self.known(url) {
            return admission;
        }
        // Boxed: it happens once a day and must not enlarge every measurement.
        let standing = Box::pin(self.fetch(url, public_only)).await;
        self.decide(url, &standing)
    }
}
