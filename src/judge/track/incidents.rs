//! Incidents of probes: who may open one, how vantages join and leave, how it is summed up, when it ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::i18n::verdict;
use crate::model::event::{Event, EventKind};
use crate::model::incident::{Change, PassedControls, Remark, Turn, VantagePart};
use crate::model::phase::Phase;
use crate::model::settings::Language;
use crate::model::{Code, Finding, IncidentKind, Level, ProbeKey, Status, Time, VantageId};

use super::interval::interval;
use super::ledger::{Ledger, event};
use super::membership::{Admit, Move, Place, Says, follow};
use super::rounds::Applied;
use super::transition::{Standing, Step};
use super::views;

/// Moves the incidents of the probes that were observed; parents come before what depends on them.
pub(super) fn take(ledger: &mut Ledger<'_>, applied: &[Applied], now: Time) {
    let mut order: Vec<&Applied> = applied.iter().filter(|a| a.after.is_some()).collect();
    order.sort_by_key(|a| (depth(ledger, &a.key.0), &a.key, a.at));
    order.retain(|a| a.step != Step::Skip);
    let mut touched: BTreeMap<&ProbeKey, i64> = BTreeMap::new();
    for round in &order {
        let before = ledger.open_of(&round.key.0);
        take_one(ledger, round);
        if let Some(id) = before.or_else(|| ledger.open_of(&round.key.0)) {
            touched.insert(&round.key.0, id);
        }
    }
    for round in &order {
        if let Some(&id) = touched.get(&round.key.0) {
            count(ledger, id, round);
        }
    }
    for id in touched.into_values() {
        sum_up(ledger, id, now);
    }
}

fn take_one(ledger: &mut Ledger<'_>, round: &Applied) {
    let open = ledger.open_of(&round.key.0);
    let part = open
        .and_then(|id| ledger.incident(id)?.vantages.get(&round.key.1))
        .cloned();
    let place = match (open, &part) {
        (None, _) => Place::NoIncident,
        (Some(_), None) => Place::Outside,
        (Some(_), Some(part)) if part.back.is_some() => Place::Back,
        (Some(_), Some(_)) => Place::Inside,
    };
    let code = round.after.as_ref().map(|s| s.observed.code);
    let says = match round.standing() {
        Some(Standing::Bad) if round.is_settled() => Says::Bad {
            new_code: part.as_ref().map(|p| p.observed.code) != code,
        },
        Some(Standing::Bad) => Says::Unsettled,
        _ => Says::NotBad,
    };
    match (follow(place, says, admit(ledger, round)), open, part) {
        (Move::Open, _, _) => self::open(ledger, round),
        (Move::Join, Some(id), _) => join(ledger, id, round),
        (Move::Change, Some(id), Some(part)) => change_code(ledger, id, round, part.observed.code),
        (Move::Leave, Some(id), Some(part)) => leave(ledger, id, round, &part),
        _ => {}
    }
}

/// How many probes stand above this one by `depends_on`; circles end the count.
fn depth(ledger: &Ledger<'_>, probe: &ProbeKey) -> usize {
    let mut seen = BTreeSet::new();
    let mut current = probe;
    while let Some(parent) = ledger.probe(current).and_then(|p| p.depends_on.as_ref()) {
        if !seen.insert(parent) {
            break;
        }
        current = parent;
    }
    seen.len()
}

/// Whether a bad status may open an incident.
fn admit(ledger: &Ledger<'_>, round: &Applied) -> Admit {
    let folded = round
        .after
        .as_ref()
        .and_then(|_| ledger.status(&round.key)?.folded_into)
        .filter(|&id| {
            ledger
                .incident(id)
                .is_some_and(crate::model::Incident::is_open)
        });
    let parent = ledger
        .probe(&round.key.0)
        .and_then(|p| p.depends_on.as_ref())
        .filter(|parent| **parent != round.key.0)
        .and_then(|parent| ledger.open_of(parent));
    match (folded, parent) {
        (Some(id), _) => Admit::Folded(id),
        (None, Some(id)) => Admit::ParentOpen(id),
        (None, None) => Admit::Open,
    }
}

/// For the log.
pub(super) fn sentence(status: &Status) -> String {
    let observed = &status.observed;
    verdict::sentence(Language::En, observed.saying, observed.code)
}

fn open(ledger: &mut Ledger<'_>, round: &Applied) {
    let Some(status) = &round.after else { return };
    let first_bad = status.first_bad.unwrap_or(round.at);
    let confirmed = round.confirmed.max(first_bad);
    let id = ledger.open_incident(IncidentKind::Probe, first_bad, confirmed);
    let probe = round.key.0.clone();
    let level = ledger.probe(&probe).map(|p| p.level);
    ledger.edit_incident(id, |incident| {
        incident.source = Some(probe.source.clone());
        incident.probe = Some(probe);
        incident.level = level;
    });
    ledger.edit_status(&round.key, |s| s.folded_into = None);
    add_part(ledger, id, round);
    let text = format!("{} from {}: {}", round.key.0, round.key.1, sentence(status));
    ledger.event(about(round, EventKind::Opened, id, confirmed, text));
}

/// A vantage that is bad: new in the incident, or there again.
fn join(ledger: &mut Ledger<'_>, id: i64, round: &Applied) {
    let Some(status) = &round.after else { return };
    add_part(ledger, id, round);
    ledger.updated.insert(id);
    // Vantages look one after another: whoever joins what has just opened stands behind it.
    let opened = ledger.incident(id).map_or(round.at, |i| i.confirmed);
    let at = round.at.max(opened);
    let text = format!(
        "{} from {} joins: {}",
        round.key.0,
        round.key.1,
        sentence(status)
    );
    ledger.event(about(round, EventKind::Joined, id, at, text));
}

/// A vantage in the incident that is bad in another way now.
fn change_code(ledger: &mut Ledger<'_>, id: i64, round: &Applied, from: Code) {
    let Some(status) = &round.after else { return };
    ledger.edit_incident(id, |incident| {
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

fn add_part(ledger: &mut Ledger<'_>, id: i64, round: &Applied) {
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
    ledger.edit_incident(id, |incident| {
        // It began between these two: both are those of the vantage that was bad first.
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

/// A vantage that is not bad any more leaves; with the last one the incident ends.
fn leave(ledger: &mut Ledger<'_>, id: i64, round: &Applied, part: &VantagePart) {
    let Some(status) = &round.after else { return };
    let mut ended = false;
    ledger.edit_incident(id, |incident| {
        let at = round.at.max(part.first_bad).max(incident.first_bad);
        if let Some(part) = incident.vantages.get_mut(&round.key.1) {
            part.leave(at, Some(status.observed.code));
        }
        incident
            .changes
            .push(change(round, part.observed.code, status.observed.code));
        incident.evidence.extend(round.evidence.clone());
        if incident.worse().next().is_none() {
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
    ledger.event(about(round, EventKind::Left, id, round.at, text));
    if ended {
        let text = format!("{} is back from every vantage", round.key.0);
        ledger.event(about(round, EventKind::Ended, id, round.at, text));
    }
}

/// Counts a round of the incident's probe, from whichever vantage.
fn count(ledger: &mut Ledger<'_>, id: i64, round: &Applied) {
    let is_bad = round.standing() == Some(Standing::Bad) && round.is_settled();
    ledger.edit_incident(id, |incident| {
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

/// Sums an open incident up: finding, codes, controls, what still works. Once recovery has started the
/// finding stays; nor does a moment with fewer vantages take a finding back.
pub(super) fn sum_up(ledger: &mut Ledger<'_>, id: i64, now: Time) {
    let Some(incident) = ledger.incident(id).filter(|i| i.is_open()).cloned() else {
        return;
    };
    let Some(probe) = incident.probe.clone() else {
        return;
    };
    let limit = interval(ledger.probe(&probe), ledger.settings, now);
    let compared: Vec<&Status> = views::compared(ledger.book, &probe, now, limit).collect();
    let (found, grounds) = views::finding(&compared, ledger.settings, &incident.human_checks);
    let says_more = !matches!(found, Finding::Insufficient | Finding::Accessible);
    let controls = controls(ledger, incident.vantages.keys());
    let still_works = still_works(ledger, &incident.vantages.keys().collect(), &probe);
    let severity = severity(&incident, now);
    let from = commonest(incident.worse().map(|(_, part)| part.from));
    let to = commonest(incident.worse().map(|(_, part)| part.observed.code));
    let frozen = incident.is_recovering() || !says_more;
    let is_new = incident.to == Code::Insufficient;
    let moved = !frozen && !is_new && found != incident.finding;
    ledger.edit_incident(id, |incident| {
        if !frozen {
            incident.finding = found;
            incident.grounds = grounds;
        }
        if moved {
            incident.changes.push(Change::note(
                now,
                format!("finding: {found}"),
                Remark::Finding { finding: found },
            ));
        }
        incident.from = from.unwrap_or(incident.from);
        incident.to = to.unwrap_or(incident.to);
        incident.severity = severity;
        incident.still_works = still_works;
        if !incident.is_recovering() {
            incident.controls_ok = controls;
        }
    });
    if moved || (!is_new && severity > incident.severity) {
        ledger.updated.insert(id);
    }
}

/// The gravest of its vantages; a maintenance that does not end is grave.
pub(super) fn severity(incident: &crate::model::Incident, now: Time) -> u8 {
    let worse = incident.worse().map(|(_, part)| part.severity(now));
    worse.max().unwrap_or(incident.severity)
}

/// The commonest code; between equally common ones the gravest, then the first of the code table.
pub(super) fn commonest(codes: impl Iterator<Item = Code>) -> Option<Code> {
    let codes: Vec<Code> = codes.collect();
    let count = |code: Code| codes.iter().filter(|c| **c == code).count();
    codes
        .iter()
        .copied()
        .max_by_key(|&code| (count(code), code.severity(), std::cmp::Reverse(code)))
}

/// Controls that passed at these vantages.
pub(super) fn controls<'v>(
    ledger: &Ledger<'_>,
    vantages: impl IntoIterator<Item = &'v VantageId>,
) -> PassedControls {
    let known = vantages
        .into_iter()
        .filter_map(|v| ledger.book.vantages.get(v));
    known.fold(PassedControls::default(), |sum, v| PassedControls {
        passed: sum.passed + v.controls_passed,
        total: sum.total + v.controls,
    })
}

/// Sibling probes of the source that are normal from the incident's vantages, as `cnki/journal (abstract)`.
fn still_works(
    ledger: &Ledger<'_>,
    vantages: &BTreeSet<&VantageId>,
    probe: &ProbeKey,
) -> Vec<String> {
    let works = |sibling: &ProbeKey| {
        let mut own = ledger
            .book
            .statuses_of(sibling)
            .filter(|s| vantages.contains(&s.vantage))
            .peekable();
        own.peek().is_some() && own.all(is_well)
    };
    ledger
        .catalogue
        .of(&probe.source)
        .filter(|p| p.enabled && p.key() != *probe)
        .map(|p| (p.key(), p.level))
        .filter(|(key, _)| works(key))
        .map(|(key, level): (ProbeKey, Level)| format!("{key} ({level})"))
        .collect()
}

/// All that is expected is there, and nothing else is suspected: what only changed its looks may be the same loss.
fn is_well(status: &Status) -> bool {
    status.observed.code == Code::Ok && status.suspected.is_none()
}

fn change(round: &Applied, from: Code, to: Code) -> Change {
    Change {
        at: round.at,
        text: format!("{}: {from} -> {to}", round.key.1),
        turn: Some(Turn {
            vantage: round.key.1.clone(),
            from,
            to,
        }),
        remark: None,
    }
}

fn about(round: &Applied, kind: EventKind, id: i64, at: Time, text: String) -> Event {
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
