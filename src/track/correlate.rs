//! Correlated change: when many sources turn at once from one vantage and from no other, the fault
//! is most likely in that vantage's network. The change becomes one incident, and the changes of
//! the sources are folded into it (`docs/verdicts.md`, Incidents and events).

use std::collections::BTreeSet;

use chrono::TimeDelta;

use crate::model::Observation;
use crate::model::event::{Event, EventKind};
use crate::model::incident::{MailState, StoryLine, StoryRemark, VantagePart};
use crate::model::round::Pass;
use crate::model::{
    Code, Finding, IncidentKind, Locus, ProbeKey, SourceId, Status, Time, VantageId,
};

use super::comparison_input::is_fresh;
use super::interval::interval;
use super::rounds::AppliedRound;
use super::state_transaction::{PairKey, StateTransaction, event};
use super::transition::{BaselineComparison, StatusTransition, against_baseline};

/// At least this many sources must turn,
pub const SOURCES: usize = 5;
/// and more than one in this many of those measured (20 %).
pub const ONE_IN: usize = 5;
/// Passes of a daemon within this time count as one.
pub const WINDOW: TimeDelta = TimeDelta::minutes(90);

const KINDS: [IncidentKind; 2] = [IncidentKind::Network, IncidentKind::PathToChina];

/// Folds what turned together. It runs after all rounds are applied and before incidents open.
pub(super) fn fold(
    transaction: &mut StateTransaction<'_>,
    applied: &[AppliedRound],
    pass: &Pass,
    now: Time,
) {
    let turned: BTreeSet<VantageId> = applied
        .iter()
        .filter(|a| a.step == StatusTransition::Turn)
        .map(|a| a.key.1.clone())
        .collect();
    let from = applied.iter().map(|a| a.at).min().unwrap_or(now).min(now) - WINDOW;
    for vantage in turned {
        let keys = candidates(transaction, &vantage, from, now);
        let open = transaction.open_at(&vantage, &KINDS);
        if open.is_none() && !is_many(transaction, &vantage, &keys, from) {
            continue;
        }
        let id = open.unwrap_or_else(|| open_network(transaction, &vantage, &keys, now));
        for key in keys {
            fold_one(transaction, id, &key, now);
        }
        summarise(transaction, id, &vantage, now);
    }
    for (vantage, failed, of) in &pass.path_controls {
        if *of > 0 && failed == of {
            blame_path(transaction, vantage, now);
        }
    }
}

/// Ends network incidents whose sources are back: fewer than five of them still fail, or at most a
/// fifth. These sources are handled individually when they fail again.
pub(super) fn end(transaction: &mut StateTransaction<'_>, applied: &[AppliedRound]) {
    let vantages: BTreeSet<&VantageId> = applied.iter().map(|a| &a.key.1).collect();
    for vantage in vantages {
        let Some(id) = transaction.open_at(vantage, &KINDS) else {
            continue;
        };
        let own = |a: &&AppliedRound| a.key.1 == *vantage && a.step != StatusTransition::Skip;
        let folded = transaction
            .incident(id)
            .map(|i| i.folded.clone())
            .unwrap_or_default();
        let seen: Vec<&AppliedRound> = applied
            .iter()
            .filter(own)
            .filter(|a| folded.contains(&a.key.0))
            .collect();
        let Some(at) = seen.iter().map(|a| a.at).max() else {
            continue;
        };
        let bad = seen.iter().filter(|a| a.bad > 0).count();
        transaction.edit_incident(id, |incident| {
            incident.checks += u32::try_from(seen.len()).unwrap_or(u32::MAX);
            incident.checks_bad += u32::try_from(bad).unwrap_or(u32::MAX);
            if bad > 0 {
                incident.last_bad = incident.last_bad.max(Some(at));
            }
        });
        let still = |probe: &&ProbeKey| {
            transaction
                .status(&((*probe).clone(), vantage.clone()))
                .is_some_and(|s| {
                    s.folded_into == Some(id) && against_baseline(s) == BaselineComparison::Bad
                })
        };
        let failing: BTreeSet<&SourceId> = folded.iter().filter(still).map(|p| &p.source).collect();
        let all: BTreeSet<&SourceId> = folded.iter().map(|p| &p.source).collect();
        if failing.len() < SOURCES || failing.len() * ONE_IN <= all.len() {
            close(transaction, id, vantage, at);
        }
    }
}

/// What may be folded for a vantage: failures in this window on a transport code that no other
/// vantage shares, and that nobody was notified of. When a network begins to fail during a pass,
/// only the next pass shows all of it: sources that turned one schedule interval ago and still fail
/// count as turned together.
fn candidates(
    transaction: &StateTransaction<'_>,
    vantage: &VantageId,
    from: Time,
    now: Time,
) -> Vec<PairKey> {
    let turned_lately = |s: &&Status| {
        let limit = interval(transaction.probe(&s.probe), transaction.settings, now);
        let since = TimeDelta::from_std(limit)
            .ok()
            .and_then(|i| from.checked_sub_signed(i));
        s.last_checked >= from && s.first_bad >= since
    };
    transaction
        .tracker
        .statuses
        .values()
        .filter(|s| s.vantage == *vantage && against_baseline(s) == BaselineComparison::Bad)
        .filter(|s| {
            s.observed.code.is_transport()
                && s.observed.locus != Locus::Site
                && s.folded_into.is_none()
        })
        .filter(turned_lately)
        .filter(|s| !is_reported(transaction, s) && !is_shared(transaction, s, now))
        .map(Status::key)
        .collect()
}

/// The incident was mailed already, or has other vantages in it.
fn is_reported(transaction: &StateTransaction<'_>, status: &Status) -> bool {
    transaction
        .open_of(&status.probe)
        .and_then(|id| transaction.incident(id))
        .is_some_and(|incident| {
            incident.mail == MailState::Mailed
                || incident.vantages.keys().any(|v| *v != status.vantage)
        })
}

/// Another usable vantage fails in transport on the same probe too, and its network is not the
/// reason.
fn is_shared(transaction: &StateTransaction<'_>, status: &Status, now: Time) -> bool {
    let limit = interval(transaction.probe(&status.probe), transaction.settings, now);
    transaction.tracker.statuses_of(&status.probe).any(|other| {
        other.vantage != status.vantage
            && transaction.tracker.is_usable(&other.vantage)
            && other.observed.code.is_transport()
            && other.folded_into.is_none()
            && is_fresh(other, now, limit)
    })
}

/// At least five sources, and more than a fifth of those measured in the window.
fn is_many(
    transaction: &StateTransaction<'_>,
    vantage: &VantageId,
    keys: &[PairKey],
    from: Time,
) -> bool {
    let sources: BTreeSet<&SourceId> = keys.iter().map(|(probe, _)| &probe.source).collect();
    let measured: BTreeSet<&SourceId> = transaction
        .tracker
        .statuses
        .values()
        .filter(|s| s.vantage == *vantage && s.last_checked >= from)
        .map(|s| &s.probe.source)
        .collect();
    sources.len() >= SOURCES && sources.len() * ONE_IN > measured.len()
}

fn open_network(
    transaction: &mut StateTransaction<'_>,
    vantage: &VantageId,
    keys: &[PairKey],
    now: Time,
) -> i64 {
    let first_bad = keys
        .iter()
        .filter_map(|key| transaction.status(key)?.first_bad)
        .min()
        .unwrap_or(now);
    let id = transaction.open_incident(IncidentKind::Network, first_bad, now.max(first_bad));
    let others = transaction.tracker.vantages.values();
    let alone = !others
        .into_iter()
        .any(|v| v.usable && v.vantage != *vantage);
    let controls = super::incidents::controls(transaction, [vantage]);
    transaction.edit_incident(id, |incident| {
        incident.finding = if alone {
            Finding::Insufficient
        } else {
            Finding::Divided
        };
        incident.controls_ok = controls;
        incident.vantages.insert(
            vantage.clone(),
            VantagePart {
                from: Code::Ok,
                observed: Observation::new(Code::TcpTimeout, Locus::Unknown),
                last_good: None,
                first_bad,
                back: None,
                left_as: None,
                phases: Vec::new(),
            },
        );
    });
    let sources: BTreeSet<&SourceId> = keys.iter().map(|(probe, _)| &probe.source).collect();
    let text = format!(
        "{} sources turned together from vantage {vantage} and from no other",
        sources.len()
    );
    transaction.event(Event {
        vantage: Some(vantage.clone()),
        incident: Some(id),
        ..event(now, EventKind::Opened, text)
    });
    id
}

/// Folds one status, and its incident if nobody was notified of it.
fn fold_one(transaction: &mut StateTransaction<'_>, id: i64, key: &PairKey, now: Time) {
    let Some(status) = transaction.status(key).cloned() else {
        return;
    };
    if let Some(own) = transaction.open_of(&key.0) {
        transaction.edit_incident(own, |incident| {
            incident.folded_into = Some(id);
            incident.ended = Some(now.max(incident.first_bad));
            incident.mail = MailState::Done;
        });
    }
    transaction.edit_status(key, |s| s.folded_into = Some(id));
    transaction.edit_incident(id, |incident| {
        incident.first_bad = incident.first_bad.min(status.first_bad.unwrap_or(now));
        incident.last_bad = incident.last_bad.max(Some(status.last_checked));
        incident.evidence.extend(status.measurement.clone());
        if !incident.folded.contains(&key.0) {
            incident.folded.push(key.0.clone());
            incident.changes.push(StoryLine::note(
                status.since,
                format!("{}: {}", key.0, status.observed.code),
                StoryRemark::Folded {
                    probe: key.0.clone(),
                    code: status.observed.code,
                },
            ));
        }
    });
}

/// Sets the most common code and the highest severity of the folded statuses.
fn summarise(transaction: &mut StateTransaction<'_>, id: i64, vantage: &VantageId, now: Time) {
    let folded = transaction
        .incident(id)
        .map(|i| i.folded.clone())
        .unwrap_or_default();
    let codes: Vec<Code> = folded
        .iter()
        .filter_map(|probe| transaction.status(&(probe.clone(), vantage.clone())))
        .filter(|s| s.folded_into == Some(id))
        .map(|s| s.observed.code)
        .collect();
    let Some(to) = super::incidents::commonest(codes.iter().copied()) else {
        return;
    };
    let severity = codes.iter().filter_map(|c| c.severity()).max().unwrap_or(0);
    transaction.edit_incident(id, |incident| {
        incident.to = to;
        incident.severity = incident.severity.max(severity);
        if let Some(part) = incident.vantages.get_mut(vantage) {
            let from = if part.phases.is_empty() {
                incident.first_bad
            } else {
                now
            };
            if part.phases.is_empty() || part.observed.code != to {
                part.turn(to, from);
            }
        }
    });
}

/// Path controls fail together, so the fault is in the path to China.
fn blame_path(transaction: &mut StateTransaction<'_>, vantage: &VantageId, now: Time) {
    let Some(id) = transaction.open_at(vantage, &[IncidentKind::Network]) else {
        return;
    };
    transaction.edit_incident(id, |incident| {
        incident.kind = IncidentKind::PathToChina;
        incident.changes.push(StoryLine::note(
            now,
            "the path controls fail together: the path to China",
            StoryRemark::PathToChina,
        ));
    });
    transaction.updated.insert(id);
}

fn close(transaction: &mut StateTransaction<'_>, id: i64, vantage: &VantageId, at: Time) {
    transaction.edit_incident(id, |incident| {
        let end = at.max(incident.first_bad);
        incident.ended = Some(end);
        if let Some(part) = incident.vantages.get_mut(vantage) {
            part.leave(end, None);
        }
    });
    transaction.event(Event {
        vantage: Some(vantage.clone()),
        incident: Some(id),
        ..event(
            at,
            EventKind::Ended,
            format!("the sources are back from vantage {vantage}"),
        )
    });
}
