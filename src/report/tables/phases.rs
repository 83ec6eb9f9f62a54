//! `incident_phases.csv`: one row per phase of an incident at a vantage.

use crate::model::Incident;
use crate::model::phase::Phase;
use crate::report::anonymise::VantageAliases;
use crate::report::cell::Cell;
use crate::report::column::{Column, Tabular, columns};

/// The table.
pub struct IncidentPhaseTable;

/// A phase of an incident at a vantage.
pub struct IncidentPhaseRow<'a> {
    incident: &'a Incident,
    vantage: String,
    phase: &'a Phase,
}

impl Tabular for IncidentPhaseTable {
    const NAME: &'static str = "incident_phases";
    type Row<'a> = IncidentPhaseRow<'a>;
    const COLUMNS: &'static [Column<Self>] = columns! {
        "incident_id" Number "the number in mails and commands" => |r| Cell::Whole(r.incident.id);
        "source_id" Text "empty for incidents of a vantage or a network" =>
            |r| Cell::maybe(r.incident.source.as_ref(), |s| Cell::text(s.as_str()));
        "probe_id" Text "the probe within the source" =>
            |r| Cell::maybe(r.incident.probe.as_ref(), |p| Cell::text(p.probe.as_str()));
        "vantage" Text "from where" => |r| Cell::text(&r.vantage);
        "code" Text "the verdict that stood" => |r| Cell::text(r.phase.code.as_str());
        "from_utc" Time "since when" => |r| Cell::Utc(r.phase.from);
        "to_utc" Time
            "until when: another verdict followed, or the vantage was back; empty while it lasts" =>
            |r| Cell::maybe(r.phase.to, Cell::Utc);
        "checks" Number
            "rounds from there in that time; empty where they were not counted (an older version)" =>
            |r| r.counted(r.phase.checks);
        "checks_bad" Number "of these, rounds in which something was worse than the baseline" =>
            |r| r.counted(r.phase.checks_bad);
    };
}

impl IncidentPhaseRow<'_> {
    /// A number of rounds, if they were counted.
    fn counted(&self, rounds: u32) -> Cell<'_> {
        match self.phase.checks {
            0 => Cell::Empty,
            _ => Cell::whole(rounds),
        }
    }
}

/// The rows of these incidents; changes that were folded into a network incident have none.
pub fn rows<'a>(
    incidents: &'a [Incident],
    names: &'a VantageAliases,
) -> impl Iterator<Item = IncidentPhaseRow<'a>> + 'a {
    let own = incidents.iter().filter(|i| i.folded_into.is_none());
    own.flat_map(move |incident| {
        incident.vantages.iter().flat_map(move |(vantage, part)| {
            part.phases.iter().map(move |phase| IncidentPhaseRow {
                incident,
                vantage: names.called(vantage.as_str()),
                phase,
            })
        })
    })
}
