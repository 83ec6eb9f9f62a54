//! Vantages: whether each works, the incident of its own end when it does not, and faulty controls.

use std::collections::BTreeMap;

use crate::model::event::{Event, EventDetail, EventKind};
use crate::model::incident::{PassedControls, StoryLine, StoryRemark, VantagePart};
use crate::model::phase::Phase;
use crate::model::round::{ControlResult, Pass, VantageRound};
use crate::model::tracker_state::VantageStatus;
use crate::model::{Code, IncidentKind, Locus, Observation, Time, VantageId};

use super::state_transaction::{StateTransaction, event};

/// Applies every vantage round of a pass, in order of time.
pub(super) fn update(transaction: &mut StateTransaction<'_>, pass: &Pass) {
    let mut rounds: Vec<&VantageRound> = pass.vantages.iter().collect();
    rounds.sort_by(|a, b| (a.at, &a.vantage).cmp(&(b.at, &b.vantage)));
    for round in rounds {
        let since = match transaction.tracker.vantages.get(&round.vantage) {
            Some(old) if old.usable == round.usable && old.code == round.code => old.since,
            _ => round.at,
        };
        transaction.put_vantage(VantageStatus {
            vantage: round.vantage.clone(),
            usable: round.usable,
            code: round.code,
            in_trouble: round.in_trouble,
            text: round.text.clone(),
            since,
            last_checked: round.at,
            controls_passed: count(round.controls.iter().filter(|c| c.passed).count()),
            controls: count(round.controls.len()),
        });
        move_incident(transaction, round);
    }
    control_faults(transaction, pass);
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether a vantage worked at a time of this pass: by its newest controls before it, or else by
/// the tracker state. With `strict`, the next controls after it must pass too.
pub(super) fn works_at(
    transaction: &StateTransaction<'_>,
    pass: &Pass,
    vantage: &VantageId,
    at: Time,
    strict: bool,
) -> bool {
    let (before, after) = around(pass, vantage, at);
    let known = match (before, after) {
        (None, None) => return transaction.tracker.is_usable(vantage),
        (Some(before), _) => before.usable,
        (None, Some(after)) => after.usable,
    };
    known && (!strict || after.is_none_or(|v| v.usable))
}

/// Whether somebody else answered a vantage's plain HTTP at a time of this pass: a control with a
/// fixed body came with another body. Controls that pass over TLS do not disprove it: login pages
/// of networks leave TLS alone or break it.
pub(super) fn answers_are_anothers(pass: &Pass, vantage: &VantageId, at: Time) -> bool {
    let (before, after) = around(pass, vantage, at);
    let is_replaced = |control: &ControlResult| {
        let failure = control.failure.as_ref();
        control.url.starts_with("http:")
            && failure.is_some_and(|f| f.equals(ControlResult::REPLACED))
    };
    let looks = before.into_iter().chain(after);
    looks.flat_map(|v| &v.controls).any(is_replaced)
}

/// The newest controls of a vantage at or before a time of this pass, and the next ones after it.
fn around<'p>(
    pass: &'p Pass,
    vantage: &VantageId,
    at: Time,
) -> (Option<&'p VantageRound>, Option<&'p VantageRound>) {
    let own = || pass.vantages.iter().filter(|v| v.vantage == *vantage);
    let before = own().filter(|v| v.at <= at).max_by_key(|v| v.at);
    let after = own().filter(|v| v.at > at).min_by_key(|v| v.at);
    (before, after)
}

/// Opens the incident of a vantage that stopped working, and ends it when it works again.
fn move_incident(transaction: &mut StateTransaction<'_>, round: &VantageRound) {
    let open = transaction.open_at(&round.vantage, &[IncidentKind::Vantage]);
    match (open, round.usable) {
        (None, true) => {}
        (None, false) => open_incident(transaction, round),
        (Some(id), false) => transaction.edit_incident(id, |incident| {
            let code = round.code.unwrap_or(Code::VantageOffline);
            if incident.to != code {
                incident.to = code;
                incident.changes.push(StoryLine::note(
                    round.at,
                    round.text.clone(),
                    own_end(code, round),
                ));
            }
            incident.checks += 1;
            incident.checks_bad += 1;
            incident.controls.clone_from(&round.controls);
            incident.last_bad = incident.last_bad.max(Some(round.at));
            if let Some(part) = incident.vantages.get_mut(&round.vantage) {
                if part.observed.code != code {
                    part.turn(code, round.at);
                }
                part.count(true);
            }
        }),
        (Some(id), true) => {
            transaction.edit_incident(id, |incident| {
                incident.checks += 1;
                let end = round.at.max(incident.first_bad);
                if let Some(part) = incident.vantages.get_mut(&round.vantage) {
                    part.leave(end, None);
                }
                incident.ended = Some(end);
            });
            transaction.event(Event {
                vantage: Some(round.vantage.clone()),
                incident: Some(id),
                to: Some(Code::Ok),
                ..event(
                    round.at,
                    EventKind::Ended,
                    format!("vantage {} works again", round.vantage),
                )
            });
        }
    }
}

fn own_end(code: Code, round: &VantageRound) -> StoryRemark {
    StoryRemark::OwnEnd {
        code,
        in_trouble: round.in_trouble,
        silent: code == Code::VantageOffline && round.controls.is_empty(),
    }
}

fn open_incident(transaction: &mut StateTransaction<'_>, round: &VantageRound) {
    let code = round.code.unwrap_or(Code::VantageOffline);
    let id = transaction.open_incident(IncidentKind::Vantage, round.at, round.at);
    let passed = round.controls.iter().filter(|c| c.passed).count();
    transaction.edit_incident(id, |incident| {
        incident.to = code;
        incident.checks = 1;
        incident.checks_bad = 1;
        incident.last_bad = Some(round.at);
        incident.controls_ok = PassedControls {
            passed: count(passed),
            total: count(round.controls.len()),
        };
        incident.controls.clone_from(&round.controls);
        incident.vantages.insert(
            round.vantage.clone(),
            VantagePart {
                from: Code::Ok,
                observed: Observation::new(code, Locus::Vantage),
                last_good: None,
                first_bad: round.at,
                back: None,
                left_as: None,
                phases: vec![Phase {
                    checks: 1,
                    checks_bad: 1,
                    ..Phase::begin(code, round.at)
                }],
            },
        );
        incident.changes.push(StoryLine::note(
            round.at,
            round.text.clone(),
            own_end(code, round),
        ));
    });
    transaction.event(Event {
        vantage: Some(round.vantage.clone()),
        incident: Some(id),
        from: Some(Code::Ok),
        to: Some(code),
        ..event(
            round.at,
            EventKind::Opened,
            format!("vantage {} does not work: {}", round.vantage, round.text),
        )
    });
}

/// A control that fails from every one of several vantages is itself faulty; this is reported once
/// per pass. Vantages that do not work are ignored, because everything fails from there.
fn control_faults(transaction: &mut StateTransaction<'_>, pass: &Pass) {
    let mut newest: BTreeMap<(&str, &VantageId), (Time, bool)> = BTreeMap::new();
    for round in pass.vantages.iter().filter(|v| v.usable) {
        for control in &round.controls {
            let seen = newest
                .entry((&control.url, &round.vantage))
                .or_insert((round.at, control.passed));
            if round.at >= seen.0 {
                *seen = (round.at, control.passed);
            }
        }
    }
    let mut by_url: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for ((url, _), (_, passed)) in &newest {
        by_url.entry(url).or_default().push(*passed);
    }
    for (url, passed) in by_url {
        if passed.len() > 1 && passed.iter().all(|p| !p) {
            let text = format!(
                "the control {url} fails from every one of {} vantages: the fault is its own",
                passed.len()
            );
            transaction.event(Event {
                detail: Some(EventDetail::Control {
                    url: url.to_owned(),
                }),
                ..event(pass.at, EventKind::ControlFault, text)
            });
        }
    }
}
