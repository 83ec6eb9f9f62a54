//! The sentence of an incident's `summary` column.

use crate::i18n::mail::texts;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Incident, IncidentKind, Level};
use crate::report::anonymise::Names;

/// Neutral: what was seen of what, since when, from where. `of` is the probe as its readers know it, `next` the level
/// that it leads on to.
pub(super) fn sentence(
    incident: &Incident,
    of: &str,
    next: Option<Level>,
    names: &Names,
) -> String {
    let words = texts(Language::En);
    let vantages: Vec<String> = incident
        .vantages
        .keys()
        .map(|v| names.of(v.as_str()))
        .collect();
    let there = vantages.join(", ");
    // Left out, names are numbers that say what they count.
    let vantage = if names.are_hidden() {
        there.clone()
    } else {
        format!("vantage {there}")
    };
    let what = match incident.kind {
        IncidentKind::Probe => {
            format!("{of}: {}", words.seen_of(incident.to, next, None))
        }
        IncidentKind::Vantage => format!(
            "{}: {}",
            capital(&format!("{vantage} did not work")),
            words.own_end(incident)
        ),
        IncidentKind::Network => format!(
            "{} probes turned at once from {vantage}: its network, not the sources",
            incident.folded.len()
        ),
        IncidentKind::PathToChina => {
            format!("Path controls in the mainland failed together from {vantage}: the way there")
        }
    };
    let life = match incident.ended {
        Some(ended) => format!("from {} to {}", iso(incident.first_bad), iso(ended)),
        None => format!("since {}", iso(incident.first_bad)),
    };
    let from = match (incident.kind, vantages.len()) {
        (IncidentKind::Probe, 1) => format!(", from 1 vantage ({there})"),
        (IncidentKind::Probe, n) => format!(", from {n} vantages ({there})"),
        _ => String::new(),
    };
    format!("{what}, {life}{from}.")
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}
