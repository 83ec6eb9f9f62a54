//! `incident_phases.csv`: a row for each change within an incident and vantage.

use crate::model::Incident;
use crate::model::phase::Phase;
use crate::report::anonymise::Names;
use crate::report::cell::{Cell, Column, column};

/// The columns, in their order for ever; new ones come at the end.
pub const COLUMNS: &[Column] = &[
    column("incident_id", "number", "the number in mails and commands"),
    column(
        "source_id",
        "text",
        "empty for incidents of a vantage or a network",
    ),
    column("probe_id", "text", "the probe within the source"),
    column("vantage", "text", "from where"),
    column("code", "text", "the verdict that stood"),
    column("from_utc", "time", "since when"),
    column(
        "to_utc",
        "time",
        "until when: another verdict followed, or the vantage was back; empty while it lasts",
    ),
    column(
        "checks",
        "number",
        "rounds from there in that time; empty where they were not counted (an older version)",
    ),
    column(
        "checks_bad",
        "number",
        "of these, rounds in which something was worse than the baseline",
    ),
];

/// The rows of these incidents; changes folded into an incident of a network have none.
pub fn rows<'a>(
    incidents: &'a [Incident],
    names: &'a Names,
) -> impl Iterator<Item = Vec<Cell>> + 'a {
    let own = incidents.iter().filter(|i| i.folded_into.is_none());
    own.flat_map(move |incident| {
        incident.vantages.iter().flat_map(move |(vantage, part)| {
            let name = names.of(vantage.as_str());
            part.phases
                .iter()
                .map(move |phase| cells(incident, &name, phase))
        })
    })
}

fn cells(incident: &Incident, vantage: &str, phase: &Phase) -> Vec<Cell> {
    let counted = |n: u32| match phase.checks {
        0 => Cell::Empty,
        _ => Cell::Whole(n.into()),
    };
    vec![
        Cell::Whole(incident.id),
        Cell::of(incident.source.as_ref(), |s| Cell::text(s.as_str())),
        Cell::of(incident.probe.as_ref(), |p| Cell::text(p.probe.as_str())),
        Cell::text(vantage),
        Cell::text(phase.code.as_str()),
        Cell::Utc(phase.from),
        Cell::of(phase.to, Cell::Utc),
        counted(phase.checks),
        counted(phase.checks_bad),
    ]
}
