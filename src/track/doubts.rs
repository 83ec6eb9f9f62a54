//! Rounds whose code does not show what readers get: the site declined our program, or only one
//! vantage saw the failure, or the probe's markers were never confirmed there. Checks by state
//! count them as `unknown`.

use crate::model::round::Round;
use crate::model::state::{Doubt, DoubtedRound, may_be_doubted};
use crate::model::tracker_state::TrackerState;
use crate::model::{Catalogue, Code, Finding, ProbeKey, Settings, Status, Time};

use super::comparison_input;
use super::interval::interval;
use super::state_transaction::StateTransaction;

/// Records which rounds of a wave are in doubt, once the finding is known.
pub(super) fn update(transaction: &mut StateTransaction<'_>, wave: &[&Round], now: Time) {
    let mut found: Vec<DoubtedRound> = Vec::new();
    for round in wave {
        let mut codes = round.attempts.iter().map(|a| a.observed.code);
        let started = round.attempts.iter().map(|a| a.started).min();
        let Some(at) = started.filter(|_| codes.any(may_be_doubted)) else {
            continue;
        };
        let doubt = doubt(transaction, round, now);
        if doubt != Doubt::default() {
            found.push(DoubtedRound {
                probe: round.probe.clone(),
                vantage: round.vantage.clone(),
                round: round.id.clone(),
                at,
                doubt,
            });
        }
    }
    transaction.doubted.extend(found);
}

fn doubt(transaction: &StateTransaction<'_>, round: &Round, now: Time) -> Doubt {
    let key = (round.probe.clone(), round.vantage.clone());
    let was_ok = transaction.status(&key).is_some_and(|s| s.was_ok);
    let (catalogue, settings) = (transaction.catalogue, transaction.settings);
    let finding = plain_finding(transaction.tracker, &round.probe, catalogue, settings, now);
    Doubt {
        finding: matches!(finding, Finding::ProgramRefused | Finding::Insufficient),
        provisional: !was_ok
            && transaction
                .probe(&round.probe)
                .is_some_and(|p| p.provisional),
    }
}

/// The finding of a probe as if every baseline were `ok`: a challenge or login that is normal
/// somewhere does not count as open.
#[must_use]
pub fn plain_finding(
    tracker: &TrackerState,
    probe: &ProbeKey,
    catalogue: &Catalogue,
    settings: &Settings,
    now: Time,
) -> Finding {
    let limit = interval(catalogue.probe(probe), settings, now);
    let plain: Vec<Status> = comparison_input::compared(tracker, probe, now, limit)
        .cloned()
        .map(|status| Status {
            baseline: Some(Code::Ok),
            ..status
        })
        .collect();
    let people = tracker
        .open_incident_of(probe)
        .map_or(&[][..], |incident| &incident.human_checks);
    comparison_input::finding(&plain.iter().collect::<Vec<_>>(), settings, people).0
}
