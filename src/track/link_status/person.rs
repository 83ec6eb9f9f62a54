//! What people saw in their browsers, where programs are declined.

use chrono::TimeDelta;

use crate::model::Time;
use crate::model::link::LinkObservation::Declined;
use crate::model::link::{LinkRemark, LinkState};
use crate::model::link_status::{LinkEvent, LinkEventKind, LinkStatus, PersonSaw, PersonView};

use super::check::LinkCheck;

/// How long what a person saw counts.
const VALID: TimeDelta = TimeDelta::days(180);

/// Whether a state may be replaced by what a person saw.
fn is_replaceable(state: LinkState) -> bool {
    matches!(state, LinkState::Declines | LinkState::Unknown)
}

/// What a person saw, after one more check. It no longer counts after 180 days, or when a check
/// observes anything but that the host declines.
pub(super) fn still_valid(person: Option<PersonView>, check: &LinkCheck) -> Option<PersonView> {
    let overruled = |at: Time| {
        check
            .sightings
            .iter()
            .any(|s| s.at > at && s.observation.is_some_and(|o| o != Declined))
    };
    person.filter(|p| check.at - p.on <= VALID && !overruled(p.on))
}

/// The state that a person's observation gives in place of one that programs could not find out.
pub(super) fn replaced(state: LinkState, person: Option<PersonView>) -> Option<LinkState> {
    person
        .filter(|_| is_replaceable(state))
        .map(|person| person.saw.state())
}

/// Takes the page as it is now as what is cited, which ends a drift; returns the event.
pub fn accept(status: &mut LinkStatus, now: Time) -> LinkEvent {
    let from = status.state;
    status.unlike_since = None;
    if from == LinkState::Drifted {
        status.state = LinkState::Alive;
        status.since = Some(now);
    }
    if status.suspected == Some(LinkState::Drifted) {
        status.suspected = None;
        status.remarks.remove(&LinkRemark::Doubtful);
    }
    LinkEvent {
        at: now,
        kind: LinkEventKind::Accepted,
        from,
        to: status.state,
        code: status.code,
        moved_to: None,
    }
}

/// Enters what a person saw; returns the event.
pub fn observe(status: &mut LinkStatus, saw: PersonSaw, on: Time, now: Time) -> LinkEvent {
    let from = status.state;
    let is_by_person = status.remarks.contains(&LinkRemark::Person);
    if (is_replaceable(from) || is_by_person) && now - on <= VALID {
        status.person = Some(PersonView { saw, on });
        status.remarks.insert(LinkRemark::Person);
        if from != saw.state() {
            status.state = saw.state();
            status.since = Some(on);
        }
        if saw == PersonSaw::Gone {
            status.first_gone = status.first_gone.or(Some(on));
        }
    }
    LinkEvent {
        at: now,
        kind: LinkEventKind::Observed,
        from,
        to: status.state,
        code: status.code,
        moved_to: None,
    }
}
