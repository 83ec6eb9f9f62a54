//! What the links of one host mean together.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::{HostEvent, LinkEvent, LinkStatus};
use crate::model::{Code, Time};

use super::advance::advance;
use super::check::LinkCheck;
use super::schedule::LinkPolicy;

/// More links than this of a host, and more than this percentage of those that were checked, turn
/// worse together: the host has a problem, not each link.
const LINKS: usize = 5;
const PERCENT: usize = 30;
const NEXT_DAY: TimeDelta = TimeDelta::days(1);

/// A link that was checked in a pass.
#[derive(Debug, Clone)]
pub struct LinkInPass {
    pub host: String,
    pub status: LinkStatus,
    pub check: LinkCheck,
    /// A source on the host is restricted by country.
    pub is_geo_restricted: bool,
    /// The change of its state; [`advance_pass`] fills it in.
    pub event: Option<LinkEvent>,
}

/// Applies the checks of one pass. When many links of a host turn worse at once, none of them
/// counts: the host is reported, and its links are checked again the next day.
pub fn advance_pass(links: &mut [LinkInPass], policy: &LinkPolicy) -> Vec<HostEvent> {
    let mut hosts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, link) in links.iter().enumerate() {
        hosts.entry(link.host.clone()).or_default().push(at);
    }
    let mut events = Vec::new();
    for (host, of_host) in hosts {
        let mut worse = Vec::new();
        for at in &of_host {
            let link = &mut links[*at];
            let before = link.status.clone();
            let geo = link.is_geo_restricted;
            link.event = advance(&mut link.status, &link.check, policy, geo);
            if turned_worse(&before, &link.status) {
                worse.push((*at, before));
            }
        }
        if worse.len() <= LINKS || worse.len() * 100 <= of_host.len() * PERCENT {
            continue;
        }
        let event = HostEvent {
            at: links[of_host[0]].check.at,
            worse: worse.len(),
            checked: of_host.len(),
            host,
        };
        for (at, before) in worse {
            withhold(&mut links[at], before);
        }
        events.push(event);
    }
    events
}

/// The worst state that is known or suspected of a link.
fn worst(status: &LinkStatus) -> LinkState {
    let suspected = status.suspected.unwrap_or(status.state);
    suspected.min(status.state)
}

/// Whether a link that was well is now worse, or suspected to be.
fn turned_worse(before: &LinkStatus, after: &LinkStatus) -> bool {
    let was_well = matches!(worst(before), LinkState::Alive | LinkState::Moved);
    was_well && worst(after) < LinkState::Moved
}

/// The link stays as it was and is checked again the next day. That it was worse is remembered, so
/// that the next check counts.
fn withhold(link: &mut LinkInPass, before: LinkStatus) {
    let suspected = worst(&link.status);
    let at = link.check.at;
    link.status = before;
    link.status.suspected = Some(suspected);
    link.status.remarks.insert(LinkRemark::Doubtful);
    link.status.remarks.insert(LinkRemark::HostEvent);
    link.status.last_checked = Some(at);
    link.status.due = Some(at + NEXT_DAY);
    link.event = None;
}

/// A challenge is the host's: a link of the host that was not checked itself shares `declines` from
/// the newest check, unless it is gone or a person saw it. It is due when the host may be asked
/// again. Returns whether anything changed.
pub fn share_decline(status: &mut LinkStatus, code: Code, at: Time, due: Time) -> bool {
    let is_apart = status.state == LinkState::Gone
        || status.state == LinkState::Declines
        || status.person.is_some();
    if is_apart {
        return false;
    }
    status.state = LinkState::Declines;
    status.since = Some(at);
    status.code = Some(code);
    status.suspected = None;
    status.moved_to = None;
    status.remarks.remove(&LinkRemark::Doubtful);
    status.remarks.insert(LinkRemark::BackOff);
    status.due = Some(status.due.map_or(due, |own| own.max(due)));
    true
}
