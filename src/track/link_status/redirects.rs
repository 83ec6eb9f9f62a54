//! What makes a link `moved`: it leads to another address for good, and the page there is alike.

use chrono::TimeDelta;

use crate::model::link::LinkObservation::Served;
use crate::model::link::LinkState;
use crate::model::link_status::{LinkStatus, RedirectRun};

use super::check::LinkCheck;

/// A redirect that is not permanent counts as one after this long.
const TEMPORARY: TimeDelta = TimeDelta::days(30);

/// The run of checks that led to one address, after one more check.
pub(super) fn extended(run: Option<RedirectRun>, check: &LinkCheck) -> Option<RedirectRun> {
    let mut served = check
        .sightings
        .iter()
        .filter(|s| s.observation == Some(Served))
        .peekable();
    if served.peek().is_none() {
        return run;
    }
    let redirect = served.find_map(|s| s.redirect.clone())?;
    let since = run
        .filter(|run| run.to == redirect.to)
        .map_or(check.at, |run| run.since);
    Some(RedirectRun {
        to: redirect.to,
        since,
        is_permanent: redirect.is_permanent,
    })
}

/// The new address of a link that is served. A link that was found to have moved there stays so
/// while nothing says that the page is another one.
pub(super) fn moved_to(status: &LinkStatus, check: &LinkCheck) -> Option<String> {
    let run = status.redirect.as_ref()?;
    let is_lasting = run.is_permanent || check.at - run.since >= TEMPORARY;
    let is_known = status.state == LinkState::Moved
        && status.moved_to.as_deref() == Some(&run.to)
        && check.is_alike != Some(false);
    let is_moved = is_lasting && check.is_alike == Some(true);
    (is_moved || is_known).then(|| run.to.clone())
}
