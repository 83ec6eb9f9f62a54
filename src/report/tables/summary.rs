//! The sentence of an incident's `summary` column.

use crate::i18n::mail::texts;
use crate::model::settings::Language;
use crate::model::time::iso;
use crate::model::{Incident, IncidentKind};

/// Neutral: what was seen, since when, from how many vantages.
pub(super) fn sentence(incident: &Incident, name: &str) -> String {
    let words = texts(Language::En);
    let what = match incident.kind {
        IncidentKind::Probe => {
            let level = incident
                .level
                .map_or_else(String::new, |l| format!(", {l}"));
            format!("{name}{level}: {}", (words.seen)(incident.to))
        }
        IncidentKind::Vantage => format!("A vantage did not work: {}", (words.seen)(incident.to)),
        IncidentKind::Network => format!(
            "{} probes turned at once from one vantage: its network, not the sources",
            incident.folded.len()
        ),
        IncidentKind::PathToChina => {
            "Path controls in the mainland failed together: the way there".to_owned()
        }
    };
    let count = incident.vantages.len();
    let vantages = if count == 1 { "vantage" } else { "vantages" };
    let life = match incident.ended {
        Some(ended) => format!("from {} to {}", iso(incident.first_bad), iso(ended)),
        None => format!("since {}", iso(incident.first_bad)),
    };
    format!("{what}, {life}, from {count} {vantages}.")
}
