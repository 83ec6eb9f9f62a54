//! An incident in one English sentence, as in tables and the store's views, and the rows behind its
//! finding.

use super::evidence;
use super::mail::texts;
use crate::model::finding_basis::FindingBasis;
use crate::model::phase::Phase;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Incident, IncidentKind, Level, VantageId};

/// The names of vantages.
pub struct VantageNames<'a> {
    pub called: &'a dyn Fn(&VantageId) -> String,
    /// Names are hidden: the replacement says what it counts.
    pub are_hidden: bool,
}

/// The text after the name of the probe: each phase in order with its time, then the places. For
/// incidents of a vantage or its network it is the whole sentence. `next` is the next level after
/// the probe's.
#[must_use]
pub fn course(incident: &Incident, next: Option<Level>, names: &VantageNames<'_>) -> String {
    let vantages: Vec<String> = incident.vantages.keys().map(names.called).collect();
    let there = vantages.join(", ");
    let vantage = if names.are_hidden {
        there.clone()
    } else {
        format!("vantage {there}")
    };
    let life = life(incident.first_bad, incident.ended);
    match (incident.kind, vantages.len()) {
        (IncidentKind::Probe, 1) => {
            format!("{}, from 1 vantage ({there}).", phases(incident, next))
        }
        (IncidentKind::Probe, n) => {
            format!("{}, from {n} vantages ({there}).", phases(incident, next))
        }
        (IncidentKind::Vantage, _) => format!(
            "{}: {}.",
            capital(&format!("{vantage} did not work")),
            own_end(incident)
        ),
        (IncidentKind::Network, _) => format!(
            "{} probes turned at once from {vantage}: its network, not the sources, {life}.",
            incident.folded.len()
        ),
        (IncidentKind::PathToChina, _) => format!(
            "Path controls in the mainland failed together from {vantage}: the way there, {life}."
        ),
    }
}

/// The rows that a finding rests on. A vantage that took part and is in none of them (it had left,
/// or joined later) gets its own row.
#[must_use]
pub fn rows(incident: &Incident, country: impl Fn(&VantageId) -> String) -> Vec<FindingBasis> {
    let has_row = |vantage: &VantageId| {
        let mut grounds = incident.finding_basis.iter();
        grounds.any(|g| matches!(g, FindingBasis::Vantage { vantage: v, .. } if v == vantage))
    };
    let rest = incident
        .vantages
        .iter()
        .filter(|(vantage, _)| incident.kind == IncidentKind::Probe && !has_row(vantage))
        .map(|(vantage, part)| FindingBasis::Vantage {
            vantage: vantage.clone(),
            country: country(vantage),
            network: String::new(),
            code: part.observed.code,
            locus: part.observed.locus,
            served: false,
            said: Vec::new(),
        });
    incident.finding_basis.iter().cloned().chain(rest).collect()
}

/// The finding in words, then the [`rows`] that it rests on, separated by ` | `.
#[must_use]
pub fn finding(
    incident: &Incident,
    next: Option<Level>,
    country: impl Fn(&VantageId) -> String,
    called: impl Fn(&VantageId) -> String,
) -> String {
    let rows = rows(incident, country);
    let says = texts(Language::En).finding_of(incident).to_owned();
    let row = |ground: &FindingBasis| evidence::ground(Language::En, ground, next, &called);
    let all: Vec<String> = std::iter::once(says).chain(rows.iter().map(row)).collect();
    all.join(" | ")
}

/// Each phase with its time.
fn phases(incident: &Incident, next: Option<Level>) -> String {
    let seen = |phase: &Phase| {
        let seen = (phase.code, incident.saying_of(phase.code));
        let what = texts(Language::En).seen_as(seen, next, None);
        let said = phase.words.as_ref().map(|words| format!(" (“{words}”)"));
        let life = life(phase.from, phase.to);
        format!("{what}{}, {life}", said.unwrap_or_default())
    };
    let all: Vec<String> = incident.phases_together().iter().map(seen).collect();
    all.join("; then ")
}

/// The same as [`phases`] for our own end; a state without changes is described as the controls
/// showed it.
fn own_end(incident: &Incident) -> String {
    if incident.phases_together().len() > 1 {
        return phases(incident, None);
    }
    let says = texts(Language::En).own_end(incident);
    format!("{says}, {}", life(incident.first_bad, incident.ended))
}

fn life(from: crate::model::Time, to: Option<crate::model::Time>) -> String {
    match to {
        Some(to) => format!("from {} to {}", iso(from), iso(to)),
        None => format!("since {}", iso(from)),
    }
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}
