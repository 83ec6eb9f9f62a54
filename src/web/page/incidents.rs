//! `/incidents`: every incident, ongoing ones first.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::matrix::MatrixFilter;
use super::pager::{part_of, table_address};
use super::state_view::StateView;
use super::times::TimeView;
use crate::i18n::pages::PageText as P;
use crate::i18n::weight;
use crate::model::state::State;
use crate::model::{Incident, IncidentKind, VantageId};
use crate::store::IncidentFilter;
use crate::text::clean;
use crate::track::state::UnknownReason;
use crate::web::visit::path_part;

/// Lists are paged by this many rows.
const PAGE_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "pages/incidents.html")]
struct IncidentsPage {
    frame: Frame,
    only_ongoing: bool,
    /// Where the list is with the ended incidents, or without.
    toggle: String,
    filters: Vec<MatrixFilter>,
    source: Option<String>,
    rows: Vec<ListedIncident>,
    pages: Vec<(String, usize, bool)>,
    csv: String,
}

/// One incident in a list.
pub struct ListedIncident {
    pub href: String,
    pub title: String,
    pub about: String,
    pub state: StateView,
    pub seen: String,
    pub since: TimeView,
    pub end: String,
    pub looked_after: String,
}

/// Makes the page; `?open=1` leaves out what has ended, `?source=`, `?group=`, `?state=` and
/// `?vantage=` what is of others.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let visit = context.visit;
    let only_ongoing = visit.query_value("open").is_some_and(|v| !v.is_empty());
    let source = visit.query_value("source").filter(|id| !id.is_empty());
    let filter = IncidentFilter {
        open_only: only_ongoing,
        source: source.map(Into::into),
        ..IncidentFilter::default()
    };
    let wanted = |name: &str| visit.query_value(name).filter(|v| !v.is_empty());
    let chosen = [wanted("group"), wanted("state"), wanted("vantage")];
    let vantages: BTreeSet<&VantageId> = context.pairs.iter().map(|p| &p.vantage).collect();
    let mut found = context.reader.incidents(&filter)?;
    found.retain(|i| i.folded_into.is_none() && context.is_chosen(i, chosen));
    found.sort_by_key(|i| (!i.is_open(), Reverse(i.first_bad), i.id));
    let names = ["source", "group", "state", "vantage"];
    let kept = names
        .into_iter()
        .filter_map(|name| Some((name, wanted(name)?)));
    let kept = kept.map(|(name, value)| format!("{name}={}&", path_part(value)));
    let kept = kept.collect::<Vec<String>>().concat();
    let address = |open: bool| {
        let open = if open { "open=1&" } else { "" };
        let address = format!("/incidents?{open}{kept}");
        address.trim_end_matches(['?', '&']).to_owned()
    };
    let (shown, pages) = part_of(context, &found, PAGE_ROWS, &address(only_ongoing));
    let rows = shown.iter().map(|incident| context.incident_row(incident));
    let mut table = vec![
        ("source", source),
        ("group", chosen[0]),
        ("vantage", chosen[2]),
    ];
    table.push(("open", only_ongoing.then_some("true")));
    let page = IncidentsPage {
        frame: Frame::in_context(context, context.say(P::NavIncidents), Section::Incidents),
        only_ongoing,
        toggle: address(!only_ongoing),
        filters: context.matrix_filters(&vantages, chosen),
        source: source.map(str::to_owned),
        rows: rows.collect(),
        pages,
        csv: table_address("incidents", &table),
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    /// Whether an incident is of the chosen group, state and vantage.
    fn is_chosen(&self, incident: &Incident, [group, state, vantage]: [Option<&str>; 3]) -> bool {
        let source = incident.source.as_ref();
        let source = source.and_then(|id| self.catalogue().source(id));
        let class = self.incident_state(incident).class;
        // Our own end is a state that is not known.
        let class = if class == "own-end" { "unknown" } else { class };
        let mut vantages = incident.vantages.keys();
        group.is_none_or(|group| source.is_some_and(|source| source.group == group))
            && state.is_none_or(|state| state == class)
            && vantage.is_none_or(|id| vantages.any(|v| self.vantage_key(v) == id))
    }

    fn incident_row(&self, incident: &Incident) -> ListedIncident {
        ListedIncident {
            href: format!("/incidents/{}", incident.id),
            title: self.fill(P::ReportLink, &[("id", &incident.id.to_string())]),
            about: self.incident_about(incident),
            state: self.incident_state(incident),
            seen: self.incident_seen(incident),
            since: self.since(incident.first_bad),
            end: self.incident_end(incident),
            looked_after: if incident.is_open() {
                self.looked_after(incident)
            } else {
                String::new()
            },
        }
    }

    /// Ongoing, or when it ended.
    pub fn incident_end(&self, incident: &Incident) -> String {
        match incident.ended {
            None => self.say(P::Ongoing).to_owned(),
            Some(at) => self.fill(P::Ended, &[("day", &self.day_of(at))]),
        }
    }

    /// The source or the vantage of the incident.
    pub fn incident_about(&self, incident: &Incident) -> String {
        if let Some(id) = &incident.source {
            let source = self.catalogue().source(id);
            return source.map_or_else(
                || clean::line(id.as_str(), 80),
                |source| self.source_name(source),
            );
        }
        let names: Vec<String> = incident
            .vantages
            .keys()
            .map(|v| self.vantage_name(v))
            .collect();
        self.list(&names)
    }

    /// What readers get, or that our own end is down.
    pub fn incident_state(&self, incident: &Incident) -> StateView {
        match incident.kind {
            IncidentKind::Probe => self.state_view(weight::state_of(incident), None),
            _ if incident.is_open() => self.state_view(State::Unknown, Some(UnknownReason::OwnEnd)),
            _ => self.state_view(State::Open, None),
        }
    }
}
