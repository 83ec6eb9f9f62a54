//! Applies one check to the status of a link.

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::link::LinkObservation::{Declined, Failed, Lost, Rot, Served};
use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::{LinkEvent, LinkEventKind, LinkStatus, NewestView};

use super::check::{LinkCheck, LinkSighting};
use super::decide::{Decision, decide};
use super::schedule::{self, LinkPolicy};
use super::{person, redirects, rot};

/// The checks of one pass are at most this far apart.
const ONE_PASS: TimeDelta = TimeDelta::hours(12);
/// Remarks of a link that is not to be fetched.
const NOT_FETCHED: [LinkRemark; 4] = [
    LinkRemark::Robots,
    LinkRemark::Private,
    LinkRemark::Scheme,
    LinkRemark::Script,
];
/// Remarks that only the tracking of links gives: they are never copied from a check.
const OWN: [LinkRemark; 4] = [
    LinkRemark::Doubtful,
    LinkRemark::Already,
    LinkRemark::HostEvent,
    LinkRemark::Person,
];

/// Applies a check to the status of a link; returns the change of its state. `is_geo_restricted`: a
/// source on the host of the link is restricted by country.
pub fn advance(
    status: &mut LinkStatus,
    check: &LinkCheck,
    policy: &LinkPolicy,
    is_geo_restricted: bool,
) -> Option<LinkEvent> {
    status.first_checked.get_or_insert(check.at);
    status.person = person::still_valid(status.person, check);
    let had = std::mem::take(&mut status.remarks);
    let is_first_look = is_first_look(status, check);
    status
        .remarks
        .extend(check.remarks.iter().filter(|r| !OWN.contains(r)));
    let decision = if check.is_informative() {
        note(status, check);
        decide(status, check, policy.validity(), is_geo_restricted)
    } else {
        unobserved(status, check)
    };
    let event = settle(status, check, &decision, is_first_look);
    if status.state == LinkState::Gone && event.is_none() && !check.is_partial {
        status.gone_checks = status.gone_checks.saturating_add(1);
    }
    let is_already = match event.as_ref().map(|e| e.kind) {
        Some(LinkEventKind::Already) => true,
        Some(_) => false,
        None => had.contains(&LinkRemark::Already),
    };
    if is_already {
        status.remarks.insert(LinkRemark::Already);
    }
    let due = schedule::next_due(status, check.at, policy);
    // A check by vantages elsewhere alone does not postpone the check that is due already.
    let before = status
        .due
        .filter(|before| check.is_partial && *before > check.at);
    status.due = Some(before.map_or(due, |before| before.min(due)));
    event
}

/// Notes in the status what the vantages saw.
fn note(status: &mut LinkStatus, check: &LinkCheck) {
    let missed = check.sightings.iter().filter_map(|s| missed(status, s));
    let missed = missed.min();
    let titles = (status.title.as_deref(), check.title.as_deref());
    let redirect = redirects::extended(status.redirect.clone(), check, titles);
    for sighting in &check.sightings {
        note_view(status, sighting);
    }
    if let Some(missed) = missed {
        supersede(status, check, missed);
    }
    status.last_checked = Some(check.at);
    if check.saw(&[Served]) {
        status.last_ok = Some(check.at);
        if let Some(title) = &check.title {
            if status.title.as_ref().is_some_and(|known| known != title) {
                status.remarks.insert(LinkRemark::TitleChanged);
            }
            status.title = Some(title.clone());
        }
    }
    if check.saw(&[Served, Lost])
        && let Some(is_alike) = check.is_alike
    {
        status.unlike_since = (!is_alike).then(|| status.unlike_since.unwrap_or(check.at));
    }
    if check.remarks.contains(&LinkRemark::LivingPage) {
        status.unlike_since = None;
    }
    status.rot = rot::extended(status.rot, &mut status.rot_seen, check);
    status.redirect = redirect;
}

/// When a vantage last missed the page, if the same vantage finds it in this check.
fn missed(status: &LinkStatus, sighting: &LinkSighting) -> Option<Time> {
    let before = status.view(&sighting.vantage)?;
    let is_back = sighting.observation == Some(Served) && before.observation != Served;
    is_back.then_some(before.at)
}

/// Marks old views of vantages that took no part in this check. A vantage that missed the page at
/// `missed` finds it again, so what other vantages saw at that time says nothing about the page
/// now: the page does not count as one that some readers get and others do not.
fn supersede(status: &mut LinkStatus, check: &LinkCheck, missed: Time) {
    let has_looked = |view: &NewestView| {
        let mut sightings = check.sightings.iter();
        sightings.any(|s| s.vantage == view.vantage && s.observation.is_some())
    };
    for view in &mut status.views {
        let is_missing = matches!(view.observation, Rot | Failed | Declined);
        let is_of_that_time = view.at >= missed - ONE_PASS;
        view.is_superseded |= is_missing && is_of_that_time && !has_looked(view);
    }
}

pub(super) fn note_view(status: &mut LinkStatus, sighting: &LinkSighting) {
    let Some(observation) = sighting.observation else {
        return;
    };
    let place = status
        .views
        .binary_search_by(|view| view.vantage.cmp(&sighting.vantage));
    let known = place.ok().map(|at| &status.views[at]);
    let failed_since = (observation == Failed).then(|| {
        known
            .and_then(|view| view.failed_since)
            .unwrap_or(sighting.at)
    });
    let record = sighting.record.clone();
    let view = NewestView {
        vantage: sighting.vantage.clone(),
        at: sighting.at,
        code: sighting.code,
        observation,
        failed_since,
        is_superseded: false,
        record: record.or_else(|| known.and_then(|view| view.record.clone())),
    };
    match place {
        Ok(at) => status.views[at] = view,
        Err(at) => status.views.insert(at, view),
    }
}

/// The decision on a check that observed nothing: the state of a link that is not to be fetched is
/// unknown, unless the link is gone already. Any other state does not change.
fn unobserved(status: &LinkStatus, check: &LinkCheck) -> Decision {
    let is_closed = NOT_FETCHED.iter().any(|r| check.remarks.contains(r));
    if is_closed && status.state != LinkState::Gone {
        Decision::settled(LinkState::Unknown, None)
    } else {
        Decision::unchanged(status)
    }
}

/// Gives the link the state that was decided.
pub(super) fn settle(
    status: &mut LinkStatus,
    check: &LinkCheck,
    decision: &Decision,
    is_first_look: bool,
) -> Option<LinkEvent> {
    let from = status.state;
    let mut to = decision.state;
    if let Some(seen) = person::replaced(to, status.person) {
        to = seen;
        status.remarks.insert(LinkRemark::Person);
    }
    status.suspected = decision.is_doubtful().then_some(decision.seen);
    if decision.is_doubtful() || check.is_unsettled {
        status.remarks.insert(LinkRemark::Doubtful);
    }
    if to == LinkState::Alive && status.redirect.is_some() {
        status.remarks.insert(LinkRemark::Redirects);
    }
    let is_other_address = to == LinkState::Moved && status.moved_to != decision.moved_to;
    status.moved_to = (to == LinkState::Moved)
        .then(|| decision.moved_to.clone())
        .flatten();
    if to == from && !is_other_address {
        if !decision.is_doubtful() {
            status.code = decision.code.or(status.code);
        }
        return None;
    }
    let since = match (to, status.rot) {
        (LinkState::Gone, Some(run)) => run.first,
        _ => check.at,
    };
    let kind = kind(status, check, (from, to), is_first_look);
    status.state = to;
    status.since = Some(since);
    status.code = decision.code;
    status.gone_checks = 0;
    if to == LinkState::Gone {
        status.first_gone = status.first_gone.or(Some(since));
    }
    Some(LinkEvent {
        at: check.at,
        kind,
        from,
        to,
        code: decision.code,
        moved_to: status.moved_to.clone(),
    })
}

/// Whether all vantages of a check from elsewhere look at the link for the first time.
fn is_first_look(status: &LinkStatus, check: &LinkCheck) -> bool {
    let is_new = |sighting: &LinkSighting| status.view(&sighting.vantage).is_none();
    check.is_partial && check.sightings.iter().all(is_new)
}

fn kind(
    status: &LinkStatus,
    check: &LinkCheck,
    (from, to): (LinkState, LinkState),
    is_first_look: bool,
) -> LinkEventKind {
    if from == LinkState::Gone && check.saw(&[Served]) {
        return LinkEventKind::Back;
    }
    let is_bad = match to {
        LinkState::Gone => status.rot.map(|run| run.first) == status.first_checked,
        LinkState::Blocked => status.first_checked == Some(check.at),
        _ => false,
    };
    let was_so = is_first_look && to == LinkState::Blocked;
    if was_so || (from == LinkState::Unknown && is_bad) {
        LinkEventKind::Already
    } else {
        LinkEventKind::Changed
    }
}
