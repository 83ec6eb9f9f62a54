//! After a replay, a known incident keeps its number, its mail state and what people wrote about
//! it, so that mail threads continue and nobody gets the end of an incident without its beginning.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::incident::{MailState, StoryLine, StoryRemark};
use crate::model::{Incident, Time};

use super::replay::Replayed;

/// Gives the incidents of a replay their previous numbers, and new incidents new numbers. Returns
/// the numbers that no longer exist. `next` is the next number of the store; no number from it on
/// was used.
///
/// An incident is the same when it has the same kind and the same probe (or vantages) and overlaps
/// in time; of several, the one that began nearest. Nobody was mailed about new ones: the next pass
/// decides about open ones, and ended ones are done.
pub fn reconcile(replay: &mut Replayed, old: &BTreeMap<i64, Incident>, next: i64) -> Vec<i64> {
    let mut left: BTreeSet<i64> = old.keys().copied().collect();
    let mut fresh = next.max(old.keys().next_back().map_or(1, |id| id.saturating_add(1)));
    let mut ids: BTreeMap<i64, i64> = BTreeMap::new();
    for (&id, incident) in &replay.incidents {
        let same = left
            .iter()
            .filter_map(|id| old.get(id))
            .filter(|before| is_same(before, incident))
            .min_by_key(|before| ((before.first_bad - incident.first_bad).abs(), before.id))
            .map(|before| before.id);
        let number = same.unwrap_or_else(|| {
            fresh += 1;
            fresh - 1
        });
        left.remove(&number);
        ids.insert(id, number);
    }
    renumber(replay, &ids);
    for incident in replay.incidents.values_mut() {
        carry(incident, old.get(&incident.id));
    }
    for incident in replay.tracker.incidents.values_mut() {
        carry(incident, old.get(&incident.id));
    }
    replay.tracker.next_incident = replay.tracker.next_incident.max(fresh);
    left.into_iter().collect()
}

fn is_same(a: &Incident, b: &Incident) -> bool {
    let of_same = match (&a.probe, &b.probe) {
        (Some(a), Some(b)) => a == b,
        (None, None) => a.kind == b.kind && a.vantages.keys().any(|v| b.vantages.contains_key(v)),
        _ => false,
    };
    let ends = |i: &Incident| i.ended.unwrap_or(Time::MAX_UTC);
    of_same && a.first_bad <= ends(b) && b.first_bad <= ends(a)
}

fn renumber(replay: &mut Replayed, ids: &BTreeMap<i64, i64>) {
    let new = |id: i64| ids.get(&id).copied().unwrap_or(id);
    let moved = |incidents: &BTreeMap<i64, Incident>| {
        incidents
            .values()
            .cloned()
            .map(|mut incident| {
                incident.id = new(incident.id);
                incident.folded_into = incident.folded_into.map(new);
                (incident.id, incident)
            })
            .collect::<BTreeMap<_, _>>()
    };
    replay.incidents = moved(&replay.incidents);
    replay.tracker.incidents = moved(&replay.tracker.incidents);
    for status in replay.tracker.statuses.values_mut() {
        status.folded_into = status.folded_into.map(new);
    }
    for event in &mut replay.events {
        event.incident = event.incident.map(new);
    }
}

/// What only people and the outbox know.
fn carry(incident: &mut Incident, before: Option<&Incident>) {
    incident.mail = match before.map(|b| b.mail) {
        // It was mailed and has ended by the new rules: `rejudge` itself informs its readers.
        _ if !incident.is_open() => MailState::Done,
        Some(MailState::Done) | None if incident.mail == MailState::Mailed => MailState::Digest,
        Some(MailState::Done) | None => incident.mail,
        // A decision that was made is kept; what is not mailed yet is decided again after the next
        // pass.
        Some(decided) => decided,
    };
    if let Some(before) = before {
        incident.thread = before.thread;
        carry_lines(incident, before);
        incident.acknowledged_by.clone_from(&before.acknowledged_by);
        incident.silenced_until = before.silenced_until;
        if incident.human_checks.is_empty() {
            incident.human_checks.clone_from(&before.human_checks);
        }
    }
}

/// Whether a line records an action of a person that changes nothing else and that no replay makes
/// ([`super::edit`] writes them).
fn is_of_people(change: &StoryLine) -> bool {
    matches!(
        change.remark,
        Some(
            StoryRemark::Acknowledged { .. }
                | StoryRemark::Silenced { .. }
                | StoryRemark::Withdrawn { .. }
                | StoryRemark::SilenceEnded { .. }
                | StoryRemark::LookedAgain { .. }
        )
    )
}

/// The lines that people added to its story, each at its time.
fn carry_lines(incident: &mut Incident, before: &Incident) {
    let lines = before.changes.iter().filter(|c| is_of_people(c));
    for line in lines {
        if !incident.changes.contains(line) {
            let place = incident.changes.partition_point(|c| c.at <= line.at);
            incident.changes.insert(place, line.clone());
        }
    }
}
