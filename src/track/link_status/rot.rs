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
use crate::model::link_status::{RotRun, RotSighting};

use super::check::{LinkCheck, LinkSighting, ONE_CHECK};

const THREE_CHECKS: u32 = 3;
const SIX_DAYS: TimeDelta = TimeDelta::days(6);

/// The run of checks that saw rot, after one more check. `seen`: the networks that saw rot, which a
/// check from a vantage elsewhere joins: its records come later than those of the others.
pub(super) fn extended(
    run: Option<RotRun>,
    seen: &mut Vec<RotSighting>,
    check: &LinkCheck,
) -> Option<RotRun> {
    let since = check.at - ONE_CHECK;
    seen.retain(|known| check.is_partial && known.at > since);
    if check.saw(&[Served, Lost, Refused]) {
        seen.clear();
        return None;
    }
    if !check.saw(&[Rot]) {
        return run;
    }
    // An older record that comes now is of no check of this time.
    let is_of_check = |s: &&LinkSighting| s.observation == Some(Rot) && s.at > since;
    let rotten = check.sightings.iter().filter(is_of_check);
    seen.extend(rotten.map(|s| RotSighting {
        network: s.network.clone(),
        at: s.at,
        is_final: is_final(s),
    }));
    let at = check.at;
    // A check from elsewhere belongs to the check that the others made.
    let is_counted = run.is_none() || !check.is_partial;
    let mut run = run.unwrap_or(RotRun {
        first: at,
        last: at,
        checks: 0,
        two_networks: None,
        is_certain: false,
    });
    run.last = at;
    run.checks = run.checks.saturating_add(u32::from(is_counted));
    if networks(seen, |_| true) > 1 {
        let first = run.two_networks.map_or(at, |(first, _)| first);
        run.two_networks = Some((first, at));
    }
    run.is_certain |= networks(seen, |known| known.is_final) > 1;
    Some(run)
}

/// How many networks saw rot of this kind.
fn networks(seen: &[RotSighting], kind: impl Fn(&RotSighting) -> bool) -> usize {
    let of_kind = seen.iter().filter(|known| kind(known));
    let networks: BTreeSet<&str> = of_kind.map(|known| known.network.as_str()).collect();
    networks.len()
}

fn is_final(sighting: &LinkSighting) -> bool {
    sighting.is_notice || matches!(sighting.code, Code::HttpGone | Code::ContentParked)
}

/// Whether the run proves that the link is gone.
pub(super) fn confirms(run: &RotRun) -> bool {
    let twice = run
        .two_networks
        .is_some_and(|(first, last)| last - first >= ONE_CHECK);
    let thrice = run.checks >= THREE_CHECKS && run.last - run.first >= SIX_DAYS;
    run.is_certain || twice || thrice
}
