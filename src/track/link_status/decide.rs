//! The table of states: the first row that fits. Until a required number or time is reached, the
//! state before stays and the link is doubtful.

use chrono::TimeDelta;

use crate::model::link::{LinkObservation, LinkState};
use crate::model::link_status::{LinkStatus, NewestView};
use crate::model::{Code, Time};
use crate::track::links::{LinkView, state_now};

use super::check::LinkCheck;
use super::{redirects, rot};

/// A failure counts after a vantage saw nothing else for this long.
const FAILURE: TimeDelta = TimeDelta::days(3);
/// A page that is not alike counts as drifted when a check this much later finds the same.
const UNLIKE: TimeDelta = TimeDelta::days(7);

/// What the observations say, and whether it counts already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decision {
    /// The state that the observations show.
    pub(super) seen: LinkState,
    /// The state that the link has: `seen`, or another one until `seen` is confirmed.
    pub(super) state: LinkState,
    pub(super) code: Option<Code>,
    pub(super) moved_to: Option<String>,
}

impl Decision {
    pub(super) fn settled(state: LinkState, code: Option<Code>) -> Self {
        Self {
            seen: state,
            state,
            code,
            moved_to: None,
        }
    }

    pub(super) fn unchanged(status: &LinkStatus) -> Self {
        Self {
            moved_to: status.moved_to.clone(),
            ..Self::settled(status.state, status.code)
        }
    }

    pub(super) fn is_doubtful(&self) -> bool {
        self.seen != self.state
    }
}

/// Decides by the observations that count. `status` has the views and runs of this check already,
/// and still the state before it.
pub(super) fn decide(
    status: &LinkStatus,
    check: &LinkCheck,
    validity: TimeDelta,
    is_geo_restricted: bool,
) -> Decision {
    let counted = |view: &&NewestView| !view.is_superseded && check.at - view.at <= validity;
    let firm = |view: &&NewestView| is_firm(view);
    let (seen, _, _) = state_now(&views(status.views.iter().filter(counted)));
    let views = views(status.views.iter().filter(counted).filter(firm));
    let (certain, _, code) = state_now(&views);
    let decision = match certain {
        LinkState::Gone => gone(status, code, is_geo_restricted),
        LinkState::Alive => served(status, check, code),
        _ => Decision::settled(certain, code),
    };
    if seen == certain {
        return decision;
    }
    // Some failures do not count yet. What the other vantages show counts when it is better than
    // the state before, or when nothing was known.
    let before = status.state;
    let shows = certain != LinkState::Unknown && certain != LinkState::Gone;
    if shows && (decision.state > before || before == LinkState::Unknown) {
        return Decision { seen, ..decision };
    }
    Decision {
        seen,
        ..Decision::unchanged(status)
    }
}

fn views<'a>(views: impl Iterator<Item = &'a NewestView>) -> Vec<LinkView> {
    views
        .map(|view| LinkView {
            code: view.code,
            observation: view.observation,
        })
        .collect()
}

/// A failure counts when the checks of its vantage saw it for long enough: time that passes while
/// the vantage is off proves nothing.
fn is_firm(view: &NewestView) -> bool {
    let lasts = |since: Time| view.at - since >= FAILURE;
    view.observation != LinkObservation::Failed || view.failed_since.is_some_and(lasts)
}

fn gone(status: &LinkStatus, code: Option<Code>, is_geo_restricted: bool) -> Decision {
    if is_geo_restricted {
        return Decision::settled(LinkState::Blocked, code);
    }
    let is_confirmed =
        status.state == LinkState::Gone || status.rot.as_ref().is_some_and(rot::confirms);
    if is_confirmed {
        return Decision::settled(LinkState::Gone, code);
    }
    Decision {
        seen: LinkState::Gone,
        ..Decision::unchanged(status)
    }
}

/// The page is served: it may say something else now, or stand at another address.
fn served(status: &LinkStatus, check: &LinkCheck, code: Option<Code>) -> Decision {
    if check.is_cited_missing {
        return Decision::settled(LinkState::Drifted, code);
    }
    if check.is_alike.is_none() && status.state == LinkState::Drifted {
        // Nothing was compared, so that nothing ended the drift.
        let is_drifting = status.unlike_since.is_some();
        let state = if is_drifting {
            LinkState::Drifted
        } else {
            LinkState::Alive
        };
        return Decision::settled(state, code);
    }
    if let Some(since) = status
        .unlike_since
        .filter(|_| check.is_alike == Some(false))
    {
        if check.at - since >= UNLIKE || status.state == LinkState::Drifted {
            return Decision::settled(LinkState::Drifted, code);
        }
        let is_known = matches!(status.state, LinkState::Alive | LinkState::Moved);
        return Decision {
            seen: LinkState::Drifted,
            state: if is_known {
                status.state
            } else {
                LinkState::Alive
            },
            code,
            moved_to: status.moved_to.clone(),
        };
    }
    match redirects::moved_to(status, check) {
        Some(to) => Decision {
            moved_to: Some(to),
            ..Decision::settled(LinkState::Moved, code)
        },
        None => Decision::settled(LinkState::Alive, code),
    }
}
