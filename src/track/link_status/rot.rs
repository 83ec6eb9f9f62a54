//! What confirms that a link is gone.
//!
//! * Vantages of two networks see rot in one check, and again at least 20 hours later. A 410, a
//!   notice of deletion and a parked page need no second check.
//! * Otherwise three checks see rot, the first and the last six days or more apart, without one
//!   between them that finds the page.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::model::Code;
use crate::model::link::LinkObservation::{Lost, Refused, Rot, Served};
use crate::model::link_status::RotRun;

use super::check::{LinkCheck, LinkSighting};

const SECOND_CHECK: TimeDelta = TimeDelta::hours(20);
const THREE_CHECKS: u32 = 3;
const SIX_DAYS: TimeDelta = TimeDelta::days(6);

/// The run of checks that saw rot, after one more check.
pub(super) fn extended(run: Option<RotRun>, check: &LinkCheck) -> Option<RotRun> {
    if check.saw(&[Served, Lost, Refused]) {
        return None;
    }
    if !check.saw(&[Rot]) {
        return run;
    }
    let at = check.at;
    let mut run = run.unwrap_or(RotRun {
        first: at,
        last: at,
        checks: 0,
        two_networks: None,
        is_certain: false,
    });
    run.last = at;
    run.checks = run.checks.saturating_add(1);
    if networks(check, |_| true) > 1 {
        let first = run.two_networks.map_or(at, |(first, _)| first);
        run.two_networks = Some((first, at));
    }
    run.is_certain |= networks(check, is_final) > 1;
    Some(run)
}

/// The networks whose vantages saw rot of this kind.
fn networks(check: &LinkCheck, kind: impl Fn(&LinkSighting) -> bool) -> usize {
    let rotten = check
        .sightings
        .iter()
        .filter(|s| s.observation == Some(Rot));
    let networks: BTreeSet<&str> = rotten
        .filter(|s| kind(s))
        .map(|s| s.network.as_str())
        .collect();
    networks.len()
}

fn is_final(sighting: &LinkSighting) -> bool {
    sighting.is_notice || matches!(sighting.code, Code::HttpGone | Code::ContentParked)
}

/// Whether the run proves that the link is gone.
pub(super) fn confirms(run: &RotRun) -> bool {
    let twice = run
        .two_networks
        .is_some_and(|(first, last)| last - first >= SECOND_CHECK);
    let thrice = run.checks >= THREE_CHECKS && run.last - run.first >= SIX_DAYS;
    run.is_certain || twice || thrice
}
