//! State that all measurements share: pace, back-offs, robots.txt.

use std::sync::Arc;

use hyper::header::HeaderValue;

use crate::model::VantageId;
use crate::model::clock::Clock;
use crate::model::settings::Politeness;
use crate::net::Route;
use crate::net::http::Fetcher;
use crate::net::pace::{BackOffs, Pace};
use crate::net::robots::RobotsCache;

/// State that all measurements share: pace, back-offs, robots.txt.
#[derive(Debug)]
pub(super) struct SharedPoliteness {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) politeness: Politeness,
    pub(super) user_agent: HeaderValue,
    pub(super) pace: Pace,
    pub(super) back_offs: BackOffs,
    pub(super) robots: RobotsCache,
}

impl SharedPoliteness {
    /// A fetcher with the general limits.
    pub(super) fn chain<'a>(&'a self, route: &'a Route, vantage: &'a VantageId) -> Fetcher<'a> {
        Fetcher {
            route,
            pace: &self.pace,
            vantage,
            user_agent: &self.user_agent,
            max_body: usize::try_from(self.politeness.max_body).unwrap_or(usize::MAX),
            timeout: self.politeness.timeout,
            client_side: false,
            public_only: false,
            at: None,
        }
    }
}
