//! Compares the scenes with the observed incidents.

use crate::model::incident::MailState;
use crate::model::{Incident, IncidentKind, Time};

use super::story::{Expected, SCENES, Story, StoryScene};

/// A scene and its result.
#[derive(Debug, Clone, PartialEq)]
pub struct ComparisonRow {
    /// When it began; `None` for an incident without a scene.
    pub began: Option<Time>,
    pub says: String,
    /// The reported incident.
    pub incident: Option<Incident>,
    /// The report is what the scene requires.
    pub agrees: bool,
    /// In the program's terms: what should have been reported, and what was.
    pub detail: String,
}

impl ComparisonRow {
    /// Mailed at once instead of in the digest.
    #[must_use]
    pub fn is_mailed(&self) -> bool {
        self.incident.as_ref().is_some_and(is_mailed)
    }
}

/// One row per scene, then one per incident without a scene.
#[must_use]
pub fn compare(incidents: &[Incident], story: Story) -> Vec<ComparisonRow> {
    let mut left: Vec<&Incident> = incidents.iter().collect();
    let scenes = SCENES.iter();
    let mut rows: Vec<ComparisonRow> = scenes.map(|scene| row(scene, story, &mut left)).collect();
    rows.extend(left.into_iter().map(|incident| ComparisonRow {
        began: None,
        says: "Nothing happened.".to_owned(),
        incident: Some(incident.clone()),
        agrees: false,
        detail: format!("expected no incident, reported {}", describe(incident)),
    }));
    rows
}

fn row(scene: &StoryScene, story: Story, left: &mut Vec<&Incident>) -> ComparisonRow {
    let expected = &scene.expect;
    let found = left
        .iter()
        .position(|i| subject(i) == expected.subject && i.to == expected.code)
        .map(|at| left.remove(at));
    ComparisonRow {
        began: Some(story.at(scene.begins)),
        says: scene.says.to_owned(),
        incident: found.cloned(),
        agrees: found.is_some_and(|i| holds(i, scene)),
        detail: format!(
            "expected {}, reported {}",
            describe_expected(expected),
            found.map_or_else(|| "no incident".to_owned(), describe)
        ),
    }
}

fn is_mailed(incident: &Incident) -> bool {
    !matches!(incident.mail, MailState::Digest | MailState::Held { .. })
}

fn holds(incident: &Incident, scene: &StoryScene) -> bool {
    let expected = &scene.expect;
    let vantages: Vec<&str> = incident
        .vantages
        .keys()
        .map(super::super::model::ids::VantageId::as_str)
        .collect();
    let finding = expected.finding.is_none_or(|f| f == incident.finding);
    let from = scene.from.is_empty() || {
        let mut from = scene.from.to_vec();
        from.sort_unstable();
        vantages == from
    };
    finding
        && from
        && incident.is_open() != expected.ended
        && is_mailed(incident) == expected.mailed
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
        if is_mailed(incident) {
            "mailed"
        } else {
            "digest"
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
