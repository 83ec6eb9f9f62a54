//! Checks that were made elsewhere and are applied when they arrive: in any order, and perhaps
//! after newer ones.

use crate::model::Time;
use crate::model::link::LinkObservation::{Lost, Refused, Served};
use crate::model::link::LinkRemark;
use crate::model::link_status::{LinkEvent, LinkEventKind, LinkStatus};

use super::advance::{note_view, settle};
use super::check::LinkCheck;
use super::decide::decide;
use super::host::{LinkInPass, advance_pass};
use super::schedule::{LinkPolicy, next_due};
use crate::model::link_status::HostEvent;

/// Who else checks the links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextCheck {
    /// Vantages of this computer check them: a check from elsewhere does not put theirs off.
    Here,
    /// Only vantages elsewhere do.
    Elsewhere,
}

/// Applies the checks of one pass that was made elsewhere; each link occurs once. What is older
/// than what is known of its vantage changes nothing, and an event is dated by its arrival, so that
/// no letter misses it.
pub fn advance_foreign(
    links: &mut [LinkInPass],
    policy: &LinkPolicy,
    next: NextCheck,
    now: Time,
) -> Vec<HostEvent> {
    for link in links.iter_mut() {
        leave_newer(&mut link.check, &link.status);
    }
    let (mut late, mut timely) = (Vec::new(), Vec::new());
    for (at, link) in links.iter().enumerate() {
        let newest = link.status.last_checked;
        match newest.filter(|newest| link.check.at < *newest) {
            Some(newest) => late.push((at, newest)),
            None if link.check.is_informative() => timely.push(at),
            // A check that saw nothing changes nothing.
            None => {}
        }
    }
    for (at, newest) in late {
        let link = &mut links[at];
        link.event = advance_late(link, newest, policy);
    }
    let mut in_order: Vec<LinkInPass> = timely.iter().map(|at| links[*at].clone()).collect();
    let mut events = advance_pass(&mut in_order, policy);
    for (at, mut link) in timely.into_iter().zip(in_order) {
        if next == NextCheck::Here {
            let before = links[at].status.due.unwrap_or(now);
            link.status.due = link.status.due.map(|due| due.min(before));
        }
        links[at] = link;
    }
    for event in links.iter_mut().filter_map(|link| link.event.as_mut()) {
        event.at = now;
    }
    for event in &mut events {
        event.at = now;
    }
    events
}

/// Takes out what is not newer than what is known of its vantage.
fn leave_newer(check: &mut LinkCheck, status: &LinkStatus) {
    check.sightings.retain(|sighting| {
        let known = status.view(&sighting.vantage);
        known.is_none_or(|view| view.at < sighting.at)
    });
}

/// A check that is older than the newest one adds what its vantages saw. It confirms nothing, but a
/// page that was found is no page that was missing all the time.
fn advance_late(link: &mut LinkInPass, newest: Time, policy: &LinkPolicy) -> Option<LinkEvent> {
    let (status, check) = (&mut link.status, &link.check);
    if !check.is_informative() {
        return None;
    }
    let is_within = status.rot.is_some_and(|run| run.first <= check.at);
    if is_within && check.saw(&[Served, Lost, Refused]) {
        status.rot = None;
    }
    for sighting in &check.sightings {
        note_view(status, sighting);
    }
    if check.saw(&[Served]) {
        status.last_ok = status.last_ok.max(Some(check.at));
    }
    let newest = LinkCheck::new(newest);
    status.remarks.remove(&LinkRemark::Doubtful);
    let decision = decide(status, &newest, policy.validity(), link.is_geo_restricted);
    let event = settle(status, &newest, &decision, false);
    match event.as_ref().map(|event| event.kind) {
        Some(LinkEventKind::Already) => {
            status.remarks.insert(LinkRemark::Already);
        }
        Some(_) => {
            status.remarks.remove(&LinkRemark::Already);
        }
        None => {}
    }
    let due = next_due(status, newest.at, policy);
    status.due = status.due.map(|before| before.min(due)).or(Some(due));
    event
}
