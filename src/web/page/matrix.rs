//! `/matrix` and `/vantages`: every source from every vantage.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::daily::days_of;
use super::frame::{Frame, Section};
use super::pager::{part_of, table_address};
use super::state_view::StateView;
use super::strip_view::StripView;
use super::times::{TimeView, TimedSentence};
use crate::i18n::pages::PageText as P;
use crate::model::state::State;
use crate::model::time::iso;
use crate::model::tracker_state::VantageStatus;
use crate::model::{Incident, IncidentKind, Source, Time, VantageId};
use crate::store::StoreError;
use crate::text::clean;
use crate::track::state::{self, PairState, UnknownReason};
use crate::web::visit::path_part;

/// The number of sources on a page of the table.
const PAGE_ROWS: usize = 50;
/// The number of days in the small strips.
const DAYS: u16 = 90;

#[derive(Template)]
#[template(path = "pages/matrix.html")]
struct MatrixPage {
    frame: Frame,
    vantages: Vec<String>,
    rows: Vec<SourceCells>,
    filters: Vec<MatrixFilter>,
    days: String,
    pages: Vec<(String, usize, bool)>,
    /// The names of the tables, and where they are.
    tables: [(&'static str, String); 2],
}

/// One source from each vantage.
struct SourceCells {
    href: String,
    name: String,
    cells: Vec<Option<MatrixCell>>,
    strip: StripView,
}

/// A choice that leaves rows or columns out.
pub struct MatrixFilter {
    pub name: &'static str,
    pub label: &'static str,
    /// The value, its words, and whether it is chosen.
    pub options: Vec<(String, String, bool)>,
}

/// What is seen, and how old the newest check is.
struct MatrixCell {
    state: StateView,
    age: Option<TimeView>,
}

/// Makes the matrix; `?group=` and `?state=` leave rows out, and `?vantage=` columns.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let wanted = |name: &str| context.visit.query_value(name).filter(|v| !v.is_empty());
    let chosen = [wanted("group"), wanted("state"), wanted("vantage")];
    let [group, wanted_state, vantage] = chosen;
    let all: BTreeSet<&VantageId> = context.pairs.iter().map(|p| &p.vantage).collect();
    let is_shown = |v: &&&VantageId| vantage.is_none_or(|id| context.vantage_key(v) == id);
    let vantages: Vec<&VantageId> = all.iter().filter(is_shown).copied().collect();
    let filters = context.matrix_filters(&all, chosen);
    let mut sources = context.sources();
    sources.retain(|(source, state)| {
        let in_group = group.is_none_or(|g| source.group == g);
        let in_state =
            wanted_state.is_none_or(|s| state.state.is_some_and(|own| own.as_str() == s));
        state.state.is_some() && in_group && in_state
    });
    let kept = [
        ("group", group),
        ("state", wanted_state),
        ("vantage", vantage),
    ];
    let kept: String = kept
        .iter()
        .filter_map(|(name, value)| Some(format!("{name}={}&", path_part((*value)?))))
        .collect();
    let table = [("group", group), ("vantage", vantage)];
    let address = format!("/matrix?{kept}");
    let address = address.trim_end_matches(['?', '&']);
    let (shown, pages) = part_of(context, &sources, PAGE_ROWS, address);
    let rows: Result<Vec<SourceCells>, StoreError> = shown
        .iter()
        .map(|(source, _)| context.source_cells(source, &vantages))
        .collect();
    let page = MatrixPage {
        frame: Frame::in_context(context, context.say(P::NavMatrix), Section::Matrix),
        rows: rows?,
        filters,
        days: context.fill(P::MatrixDays, &[("n", &DAYS.to_string())]),
        vantages: vantages.iter().map(|v| context.vantage_name(v)).collect(),
        pages,
        tables: ["status", "uptime"].map(|name| (name, table_address(name, &table))),
    };
    Ok(PageAnswer::Page(page.render()?))
}

#[derive(Template)]
#[template(path = "pages/vantages.html")]
struct VantagesPage {
    frame: Frame,
    rows: Vec<VantageSummary>,
}

/// One vantage.
pub struct VantageSummary {
    pub href: String,
    pub name: String,
    pub place: String,
    pub state: StateView,
    pub since: Option<TimedSentence>,
    pub text: String,
    pub coverage: Option<String>,
    pub outages: Vec<(String, String)>,
    pub only_here: Vec<(String, String)>,
}

/// Makes the list of vantages.
pub fn vantages(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let as_of = context.snapshot.as_of.unwrap_or_default();
    let coverage = context.reader.coverage(as_of)?;
    let configured = context.known.settings.vantages.iter().map(|v| v.id.clone());
    let known = context.known.tracker.vantages.keys().cloned();
    let all: BTreeSet<VantageId> = configured.chain(known).collect();
    let page = VantagesPage {
        frame: Frame::in_context(context, context.say(P::NavVantages), Section::Vantages),
        rows: all
            .iter()
            .map(|id| context.vantage_row(id, &coverage))
            .collect(),
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    /// A vantage in addresses: its number where names are left out.
    pub fn vantage_key(&self, id: &VantageId) -> String {
        let order = &self.snapshot.vantage_order;
        match order.iter().position(|v| v == id) {
            Some(at) if self.is_public_view() => (at + 1).to_string(),
            _ => id.to_string(),
        }
    }

    fn source_cells(
        &self,
        source: &Source,
        vantages: &[&VantageId],
    ) -> Result<SourceCells, StoreError> {
        let pairs = self.pairs_of(source);
        let cells = vantages.iter().map(|vantage| {
            let own = pairs.iter().copied().filter(|p| p.vantage == **vantage);
            let own: Vec<&PairState<'_>> = own.collect();
            (!own.is_empty()).then(|| {
                let seen = state::source(&self.known, source, &own);
                let newest = own.iter().filter_map(|p| p.last_checked).max();
                MatrixCell {
                    state: self.remarked(self.source_view(&seen), &own),
                    age: newest.map(|at| self.aged(at)),
                }
            })
        });
        let first = self.first_day_of(DAYS);
        let sums = self.reader.source_sums(&source.id, first)?;
        let name = self.source_name(source);
        Ok(SourceCells {
            href: format!("/sources/{}", path_part(source.id.as_str())),
            cells: cells.collect(),
            strip: self.strip_of(&source.id, &name, first, &days_of(&sums, first, DAYS)),
            name,
        })
    }

    /// The choices of a group, a state and a vantage.
    pub fn matrix_filters(
        &self,
        vantages: &BTreeSet<&VantageId>,
        [group, state, vantage]: [Option<&str>; 3],
    ) -> Vec<MatrixFilter> {
        let sources = self.catalogue().sources.values();
        let groups: BTreeSet<&str> = sources.map(|s| s.group.as_str()).collect();
        let groups = groups.iter().map(|g| {
            let is_chosen = group == Some(*g);
            ((*g).to_owned(), clean::line(g, 40), is_chosen)
        });
        let states = State::ALL.iter().map(|s| {
            let is_chosen = state == Some(s.as_str());
            (
                s.as_str().to_owned(),
                self.texts.state(*s).to_owned(),
                is_chosen,
            )
        });
        let vantages = vantages.iter().map(|id| {
            let key = self.vantage_key(id);
            let is_chosen = vantage == Some(key.as_str());
            (key, self.vantage_name(id), is_chosen)
        });
        let filter = |name, label, options| MatrixFilter {
            name,
            label: self.say(label),
            options,
        };
        vec![
            filter("group", P::Group, groups.collect()),
            filter("state", P::HeadState, states.collect()),
            filter("vantage", P::HeadVantage, vantages.collect()),
        ]
    }

    fn aged(&self, at: Time) -> TimeView {
        TimeView {
            iso: iso(at),
            text: self.age(at),
        }
    }

    /// What is known about a vantage.
    pub fn vantage_row(
        &self,
        id: &VantageId,
        coverage: &BTreeMap<VantageId, f64>,
    ) -> VantageSummary {
        let status = self.known.tracker.vantages.get(id);
        let state = match status {
            Some(v) if v.usable => self.state_view(State::Open, None),
            Some(_) => self.state_view(State::Unknown, Some(UnknownReason::OwnEnd)),
            None => self.state_view(State::Unknown, None),
        };
        let outages = self
            .known
            .tracker
            .incidents
            .values()
            .rev()
            .filter(|i| i.kind != IncidentKind::Probe && i.vantages.contains_key(id));
        VantageSummary {
            href: format!("/vantages/{}", path_part(id.as_str())),
            name: self.vantage_name(id),
            place: self.place(id),
            state: StateView {
                word: if status.is_some_and(|v| v.usable) {
                    self.say(P::VantageWorks).to_owned()
                } else {
                    state.word
                },
                class: state.class,
            },
            since: status.and_then(|v| self.lasting(Some(v.since))),
            text: status.map(|v| self.why_unusable(v)).unwrap_or_default(),
            coverage: coverage.get(id).map(|percent| {
                let shown = format!("{percent:.1}");
                self.fill(P::VantageCoverage, &[("n", &shown)])
            }),
            outages: outages.take(20).map(|i| self.outage(i)).collect(),
            only_here: self.only_here(id),
        }
    }

    fn why_unusable(&self, status: &VantageStatus) -> String {
        if status.usable {
            return String::new();
        }
        let code = status.code.unwrap_or(crate::model::Code::Insufficient);
        self.texts.seen_now(code, None, None)
    }

    /// The address of an outage's page, and its words.
    fn outage(&self, incident: &Incident) -> (String, String) {
        let title = self.fill(P::ReportLink, &[("id", &incident.id.to_string())]);
        let text = format!(
            "{title}{}{}{}{}",
            self.texts.marks.clause,
            self.day_of(incident.first_bad),
            self.texts.marks.clause,
            self.incident_end(incident)
        );
        (format!("/incidents/{}", incident.id), text)
    }

    /// Sources that are restricted from here alone.
    fn only_here(&self, id: &VantageId) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (source, _) in self.sources() {
            let pairs = self.pairs_of(source);
            let known = || pairs.iter().filter(|p| p.is_known());
            let here = known().any(|p| p.vantage == *id && p.state != State::Open);
            let elsewhere = known().any(|p| p.vantage != *id && p.state != State::Open);
            let open = known().any(|p| p.vantage != *id && p.state == State::Open);
            if here && open && !elsewhere {
                let href = format!("/sources/{}", path_part(source.id.as_str()));
                found.push((href, clean::line(&self.source_name(source), 80)));
            }
        }
        found
    }
}
