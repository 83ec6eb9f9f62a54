//! Incidents of probes: who may open one, how vantages join and leave, how an incident is
//! summarised, and when it ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::i18n::verdict;
use crate::model::event::{Event, EventKind};
use crate::model::incident::{PassedControls, StoryLine, StoryRemark, VantagePart, VantageTurn};
use crate::model::phase::Phase;
use crate::model::settings::Language;
use crate::model::{Code, Finding, IncidentKind, Level, ProbeKey, Status, Time, VantageId};

use super::comparison_input;
use super::incident_membership::{
    IncidentPosition, MembershipMove, OpeningRule, RoundSignal, follow,
};
use super::interval::interval;
use super::rounds::AppliedRound;
use super::state_transaction::{StateTransaction, event};
use super::transition::{BaselineComparison, StatusTransition};

/// Updates the incidents of the observed probes; parents come before the probes that depend on
/// them.
pub(super) fn update(transaction: &mut StateTransaction<'_>, applied: &[AppliedRound], now: Time) {
    let mut order: Vec<&AppliedRound> = applied.iter().filter(|a| a.after.is_some()).collect();
    order.sort_by_key(|a| (depth(transaction, &a.key.0), &a.key, a.at));
    order.retain(|a| a.step != StatusTransition::Skip);
    let mut touched: BTreeMap<&ProbeKey, i64> = BTreeMap::new();
    for round in &order {
        let before = transaction.open_of(&round.key.0);
        take_one(transaction, round);
        if let Some(id) = before.or_else(|| transaction.open_of(&round.key.0)) {
            touched.insert(&round.key.0, id);
        }
    }
    for round in &order {
        if let Some(&id) = touched.get(&round.key.0) {
            count(transaction, id, round);
        }
    }
    for id in touched.into_values() {
        sum_up(transaction, id, now);
    }
}

fn take_one(transaction: &mut StateTransaction<'_>, round: &AppliedRound) {
    let open = transaction.open_of(&round.key.0);
    let part = open
        .and_then(|id| transaction.incident(id)?.vantages.get(&round.key.1))
        .cloned();
    let place = match (open, &part) {
        (None, _) => IncidentPosition::NoIncident,
        (Some(_), None) => IncidentPosition::Outside,
        (Some(_), Some(part)) if part.back.is_some() => IncidentPosition::Back,
        (Some(_), Some(_)) => IncidentPosition::Inside,
    };
    let code = round.after.as_ref().map(|s| s.observed.code);
    let says = match round.standing() {
        Some(BaselineComparison::Bad) if round.is_settled() => RoundSignal::Bad {
            new_code: part.as_ref().map(|p| p.observed.code) != code,
        },
        Some(BaselineComparison::Bad) => RoundSignal::Unsettled,
        _ => RoundSignal::NotBad,
    };
    match (follow(place, says, admit(transaction, round)), open, part) {
        (MembershipMove::Open, _, _) => self::open(transaction, round),
        (MembershipMove::Join, Some(id), _) => join(transaction, id, round),
        (MembershipMove::Change, Some(id), Some(part)) => {
            change_code(transaction, id, round, part.observed.code);
        }
        (MembershipMove::Leave, Some(id), Some(part)) => leave(transaction, id, round, &part),
        _ => {}
    }
}

/// How many probes are above this one by `depends_on`; a cycle ends the count.
fn depth(transaction: &StateTransaction<'_>, probe: &ProbeKey) -> usize {
    let mut seen = BTreeSet::new();
    let mut current = probe;
    while let Some(parent) = transaction
        .probe(current)
        .and_then(|p| p.depends_on.as_ref())
    {
        if !seen.insert(parent) {
            break;
        }
        current = parent;
    }
    seen.len()
}

/// Whether a bad status may open an incident.
fn admit(transaction: &StateTransaction<'_>, round: &AppliedRound) -> OpeningRule {
    let folded = round
        .after
        .as_ref()
        .and_then(|_| transaction.status(&round.key)?.folded_into)
        .filter(|&id| {
            transaction
                .incident(id)
                .is_some_and(crate::model::Incident::is_open)
        });
    let parent = transaction
        .probe(&round.key.0)
        .and_then(|p| p.depends_on.as_ref())
        .filter(|parent| **parent != round.key.0)
        .and_then(|parent| transaction.open_of(parent));
    match (folded, parent) {
        (Some(id), _) => OpeningRule::Folded(id),
        (None, Some(id)) => OpeningRule::ParentOpen(id),
        (None, None) => OpeningRule::Open,
    }
}

/// The sentence for the log.
pub(super) fn sentence(status: &Status) -> String {
    let observed = &status.observed;
    verdict::sentence(Language::En, observed.saying, observed.code)
}

fn open(transaction: &mut StateTransaction<'_>, round: &AppliedRound) {
    let Some(status) = &round.after else { return };
    let first_bad = status.first_bad.unwrap_or(round.at);
    let confirmed = round.confirmed.max(first_bad);
    let id = transaction.open_incident(IncidentKind::Probe, first_bad, confirmed);
    let probe = round.key.0.clone();
    let level = transaction.probe(&probe).map(|p| p.level);
    transaction.edit_incident(id, |incident| {
        incident.source = Some(probe.source.clone());
        incident.probe = Some(probe);
        incident.level = level;
    });
    transaction.edit_status(&round.key, |s| s.folded_into = None);
    add_part(transaction, id, round);
    let text = format!("{} from {}: {}", round.key.0, round.key.1, sentence(status));
    transaction.event(about(round, EventKind::Opened, id, confirmed, text));
}

/// A bad vantage joins: new in the incident, or again.
fn join(transaction: &mut StateTransaction<'_>, id: i64, round: &AppliedRound) {
    let Some(status) = &round.after else { return };
    add_part(transaction, id, round);
    transaction.updated.insert(id);
    // Vantages are measured one after another: a vantage that joins a new incident is placed after
    // its opening.
    let opened = transaction.incident(id).map_or(round.at, |i| i.confirmed);
    let at = round.at.max(opened);
    let text = format!(
        "{} from {} joins: {}",
        round.key.0,
        round.key.1,
        sentence(status)
    );
    transaction.event(about(round, EventKind::Joined, id, at, text));
}

/// A vantage in the incident has another bad code now.
fn change_code(transaction: &mut StateTransaction<'_>, id: i64, round: &AppliedRound, from: Code) {
    let Some(status) = &round.after else { return };
    transaction.edit_incident(id, |incident| {
        if let Some(part) = incident.vantages.get_mut(&round.key.1) {
            part.turn_to(Phase::of_observation(&status.observed, round.at));
            part.observed = status.observed.clone();
        }
        incident.evidence.extend(round.evidence.clone());
        incident
            .changes
            .push(change(round, from, status.observed.code));
    });
}

fn add_part(transaction: &mut StateTransaction<'_>, id: i64, round: &AppliedRound) {
    let Some(status) = &round.after else { return };
    let from = status.baseline.unwrap_or(Code::Ok);
    let first_bad = status.first_bad.unwrap_or(round.at);
    let part = VantagePart {
        from,
        observed: status.observed.clone(),
        last_good: status.last_good,
        first_bad,
        back: None,
        left_as: None,
        phases: vec![Phase::of_observation(
            &status.observed,
            status.since.max(first_bad),
        )],
    };
    transaction.edit_incident(id, |incident| {
        // It began between these two times: both belong to the vantage that was bad first.
        if incident.vantages.is_empty() || first_bad < incident.first_bad {
            incident.first_bad = first_bad;
            incident.last_good = status.last_good;
        }
        incident.evidence.extend(round.evidence.clone());
        incident
            .changes
            .push(change(round, from, status.observed.code));
        let part = match incident.vantages.remove(&round.key.1) {
            Some(before) => before.resumed_as(part),
            None => part,
        };
        incident.vantages.insert(round.key.1.clone(), part);
    });
}

/// A vantage that is no longer bad leaves; when the last one leaves, the incident ends.
fn leave(
    transaction: &mut StateTransaction<'_>,
    id: i64,
    round: &AppliedRound,
    part: &VantagePart,
) {
    let Some(status) = &round.after else { return };
    let mut ended = false;
    transaction.edit_incident(id, |incident| {
        let at = round.at.max(part.first_bad).max(incident.first_bad);
        if let Some(part) = incident.vantages.get_mut(&round.key.1) {
            part.leave(at, Some(status.observed.code));
        }
        incident
            .changes
            .push(change(round, part.observed.code, status.observed.code));
        incident.evidence.extend(round.evidence.clone());
        if incident.worsened().next().is_none() {
            incident.ended = incident.vantages.values().filter_map(|p| p.back).max();
            ended = true;
        }
    });
    let text = format!(
        "{} from {} is back: {}",
        round.key.0,
        round.key.1,
        sentence(status)
    );
    transaction.event(about(round, EventKind::Left, id, round.at, text));
    if ended {
        let text = format!("{} is back from every vantage", round.key.0);
        transaction.event(about(round, EventKind::Ended, id, round.at, text));
    }
}

/// Counts a round of the incident's probe, from any vantage.
fn count(transaction: &mut StateTransaction<'_>, id: i64, round: &AppliedRound) {
    let is_bad = round.standing() == Some(BaselineComparison::Bad) && round.is_settled();
    transaction.edit_incident(id, |incident| {
        incident.checks = incident.checks.saturating_add(1);
        if let Some(part) = incident.vantages.get_mut(&round.key.1) {
            part.count(round.bad > 0);
        }
        if round.bad > 0 {
            incident.checks_bad = incident.checks_bad.saturating_add(1);
            incident.attempts_bad = incident.attempts_bad.saturating_add(round.bad);
        }
        if is_bad {
            incident.last_bad = incident.last_bad.max(Some(round.at));
        }
    });
}

/// Summarises an open incident: finding, codes, controls, what still works. The finding is kept
/// once recovery has started, and also while fewer vantages are available for a moment.
pub(super) fn sum_up(transaction: &mut StateTransaction<'_>, id: i64, now: Time) {
    let Some(incident) = transaction.incident(id).filter(|i| i.is_open()).cloned() else {
        return;
    };
    let Some(probe) = incident.probe.clone() else {
        return;
    };
    let limit = interval(transaction.probe(&probe), transaction.settings, now);
    let compared: Vec<&Status> =
        comparison_input::compared(transaction.tracker, &probe, now, limit).collect();
    let (found, grounds) =
        comparison_input::finding(&compared, transaction.settings, &incident.human_checks);
    let says_more = !matches!(found, Finding::Insufficient | Finding::Accessible);
    let controls = controls(transaction, incident.vantages.keys());
    let is_usable = |v: &VantageId| transaction.tracker.vantages.get(v).is_none_or(|v| v.usable);
    let all_usable = incident.vantages.keys().all(is_usable);
    let still_works = still_works(transaction, &incident.vantages.keys().collect(), &probe);
    let severity = severity(&incident, now);
    let from = commonest(incident.worsened().map(|(_, part)| part.from));
    let to = commonest(incident.worsened().map(|(_, part)| part.observed.code));
    let frozen = incident.is_recovering() || !says_more;
    let is_new = incident.to == Code::Insufficient;
    let moved = !frozen && !is_new && found != incident.finding;
    transaction.edit_incident(id, |incident| {
        if !frozen {
            incident.finding = found;
            incident.finding_basis = grounds;
        }
        if moved {
            incident.changes.push(StoryLine::note(
                now,
                format!("finding: {found}"),
                StoryRemark::Finding { finding: found },
            ));
        }
        incident.from = from.unwrap_or(incident.from);
        incident.to = to.unwrap_or(incident.to);
        incident.severity = severity;
        incident.still_works = still_works;
        // Where a vantage is down by now, its controls say nothing of what was seen before.
        if !incident.is_recovering() && all_usable {
            incident.controls_ok = controls;
        }
    });
    if moved || (!is_new && severity > incident.severity) {
        transaction.updated.insert(id);
    }
}

/// The highest severity of its vantages; a long maintenance is grave.
pub(super) fn severity(incident: &crate::model::Incident, now: Time) -> u8 {
    let worse = incident.worsened().map(|(_, part)| part.severity(now));
    worse.max().unwrap_or(incident.severity)
}

/// The most common code; in a tie the worst, then the first in the code table.
pub(super) fn commonest(codes: impl Iterator<Item = Code>) -> Option<Code> {
    let codes: Vec<Code> = codes.collect();
    let count = |code: Code| codes.iter().filter(|c| **c == code).count();
    codes
        .iter()
        .copied()
        .max_by_key(|&code| (count(code), code.severity(), std::cmp::Reverse(code)))
}

/// The controls that passed at these vantages.
pub(super) fn controls<'v>(
    transaction: &StateTransaction<'_>,
    vantages: impl IntoIterator<Item = &'v VantageId>,
) -> PassedControls {
    let known = vantages
        .into_iter()
        .filter_map(|v| transaction.tracker.vantages.get(v));
    known.fold(PassedControls::default(), |sum, v| PassedControls {
        passed: sum.passed + v.controls_passed,
        total: sum.total + v.controls,
    })
}

/// Sibling probes of the source that are normal from the incident's vantages, for example
/// `cnki/journal (abstract)`.
fn still_works(
    transaction: &StateTransaction<'_>,
    vantages: &BTreeSet<&VantageId>,
    probe: &ProbeKey,
) -> Vec<String> {
    let works = |sibling: &ProbeKey| {
        let mut own = transaction
            .tracker
            .statuses_of(sibling)
            .filter(|s| vantages.contains(&s.vantage))
            .peekable();
        own.peek().is_some() && own.all(is_well)
    };
    transaction
        .catalogue
        .probes_of(&probe.source)
        .filter(|p| p.enabled && p.key() != *probe)
        .map(|p| (p.key(), p.level))
        .filter(|(key, _)| works(key))
        .map(|(key, level): (ProbeKey, Level)| format!("{key} ({level})"))
        .collect()
}

/// All expectations are met and nothing is suspected. A page that only looks different may have the
/// same loss.
fn is_well(status: &Status) -> bool {
    status.observed.code == Code::Ok && status.suspected.is_none()
}

fn change(round: &AppliedRound, from: Code, to: Code) -> StoryLine {
    StoryLine {
        at: round.at,
        text: format!("{}: {from} -> {to}", round.key.1),
        turn: Some(VantageTurn {
            vantage: round.key.1.clone(),
            from,
            to,
        }),
        remark: None,
    }
}

fn about(round: &AppliedRound, kind: EventKind, id: i64, at: Time, text: String) -> Event {
    let (from, to) = round.codes();
    Event {
        probe: Some(round.key.0.clone()),
        vantage: Some(round.key.1.clone()),
        incident: Some(id),
        from,
        to,
        ..event(at, kind, text)
    }
}
