//! What was played next to what was seen.

use crate::model::incident::MailState;
use crate::model::{Incident, IncidentKind};

use super::story::{Expected, SCENES, Scene};

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub played: String,
    pub expected: String,
    pub seen: String,
    pub agrees: bool,
}

/// A line for each scene, then one for each incident that nobody played.
#[must_use]
pub fn compare(incidents: &[Incident]) -> Vec<Row> {
    let mut left: Vec<&Incident> = incidents.iter().collect();
    let mut rows: Vec<Row> = SCENES.iter().map(|scene| row(scene, &mut left)).collect();
    rows.extend(left.into_iter().map(|incident| Row {
        played: "nothing".to_owned(),
        expected: "no incident".to_owned(),
        seen: describe(incident),
        agrees: false,
    }));
    rows
}

fn row(scene: &Scene, left: &mut Vec<&Incident>) -> Row {
    let expected = &scene.expect;
    let found = left
        .iter()
        .position(|i| subject(i) == expected.subject && i.to == expected.code)
        .map(|at| left.remove(at));
    Row {
        played: scene.told.to_owned(),
        expected: describe_expected(expected),
        seen: found.map_or_else(|| "no incident".to_owned(), describe),
        agrees: found.is_some_and(|i| holds(i, scene)),
    }
}

fn holds(incident: &Incident, scene: &Scene) -> bool {
    let expected = &scene.expect;
    let vantages: Vec<&str> = incident
        .vantages
        .keys()
        .map(super::super::model::ids::VantageId::as_str)
        .collect();
    let told_at_once = !matches!(incident.mail, MailState::Digest | MailState::Held { .. });
    let finding = expected.finding.is_none_or(|f| f == incident.finding);
    let from = scene.from.is_empty() || {
        let mut from = scene.from.to_vec();
        from.sort_unstable();
        vantages == from
    };
    finding && from && incident.is_open() != expected.ended && told_at_once == expected.mailed
}

/// `source/probe`, or the vantage.
fn subject(incident: &Incident) -> String {
    match (&incident.kind, &incident.probe) {
        (IncidentKind::Probe, Some(probe)) => probe.to_string(),
        _ => incident
            .vantages
            .keys()
            .next()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

fn describe(incident: &Incident) -> String {
    let vantages: Vec<&str> = incident
        .vantages
        .keys()
        .map(super::super::model::ids::VantageId::as_str)
        .collect();
    format!(
        "#{} {}: {}, {}, from {}, {}, {}",
        incident.id,
        subject(incident),
        incident.to,
        incident.finding,
        vantages.join(" "),
        if incident.is_open() { "open" } else { "ended" },
        if matches!(incident.mail, MailState::Digest | MailState::Held { .. }) {
            "digest"
        } else {
            "mailed"
        },
    )
}

fn describe_expected(expected: &Expected) -> String {
    let finding = expected
        .finding
        .map(|f| format!(", {f}"))
        .unwrap_or_default();
    format!(
        "{}: {}{finding}, {}, {}",
        expected.subject,
        expected.code,
        if expected.ended { "ended" } else { "open" },
        if expected.mailed { "mailed" } else { "digest" },
    )
}
