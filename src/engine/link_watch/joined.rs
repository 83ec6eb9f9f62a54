//! Which agents check links besides the vantages here, and to which check theirs belongs.

use crate::config::Workspace;
use crate::engine::link_check::{LinkOutcome, checks_links};
use crate::model::link_status::WatchedLink;
use crate::model::vantage::Via;
use crate::model::{Time, Vantage};
use crate::track::link_status::ONE_CHECK;

/// The vantages whose agents check links; none when one vantage is named.
pub(super) fn agents(workspace: &Workspace, named: Option<&str>) -> Vec<Vantage> {
    let settings = &workspace.settings;
    let checks = |v: &&Vantage| {
        v.via == Via::Agent && named.is_none() && checks_links(v, &settings.links.vantages)
    };
    settings.vantages.iter().filter(checks).cloned().collect()
}

/// When agents checked a link: never before what is known of it, and not in the future.
pub(super) fn checked_at(link: &WatchedLink, outcome: &LinkOutcome, now: Time) -> Time {
    let newest = outcome.checks.iter().map(|check| check.at).max();
    let at = newest.unwrap_or(now).min(now);
    link.status.last_checked.map_or(at, |known| known.max(at))
}

/// Whether a check of an agent at `at` belongs to the check that others made.
pub(super) fn joins(link: &WatchedLink, at: Time) -> bool {
    let known = link.status.last_checked;
    known.is_some_and(|known| at - known < ONE_CHECK)
}
