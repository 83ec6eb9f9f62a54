//! `/sources/{source}`: how far a reader gets, 90 days, incidents, what is known about it.

use std::collections::BTreeSet;

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::catalogue::NoteView;
use super::context::PageContext;
use super::daily::{DayRow, SourceDays};
use super::frame::{Frame, Section};
use super::item::ItemView;
use super::ladder_view::LadderView;
use super::state_view::StateView;
use super::strip_view::StripView;
use crate::i18n::pages::PageText;
use crate::i18n::pages::PageText as P;
use crate::model::document::LinkFilter;
use crate::model::source::Access;
use crate::model::{Incident, Level, Probe, ProbeKey, Source, SourceId};
use crate::store::StoreError;
use crate::text::clean;
use crate::track::ladder::ladders;
use crate::track::state::{self, PairState};
use crate::web::visit::path_part;

/// The number of days in a strip.
const DAYS: u16 = 90;
/// A new watch is drawn over this many days at least.
const LEAST_DAYS: u16 = 30;
/// Incidents and lines of the timeline that are listed.
const MOST_LISTED: usize = 50;

#[derive(Template)]
#[template(path = "pages/source.html")]
struct SourcePage {
    frame: Frame,
    item: ItemView,
    why_not: Option<&'static str>,
    access: &'static str,
    homepage: Option<String>,
    ladders: Vec<LadderView>,
    ladder_vantages: Vec<String>,
    beside: Vec<BesideLine>,
    days: String,
    /// The day with which the strips begin.
    first_day: String,
    probes: Vec<ProbeDays>,
    incidents: Vec<IncidentLine>,
    timeline: Vec<KnownLine>,
    notes: Vec<KnownLine>,
    alternatives: Vec<String>,
    catalogue_notes: Vec<NoteView>,
    /// Address and words of the lists of links that documents cite on its hosts.
    cited: Vec<(String, String)>,
    /// The tables of the API behind the page.
    tables: Vec<(String, &'static str)>,
}

/// Data or an interface, which stands on no ladder.
struct BesideLine {
    name: String,
    href: Option<String>,
    cells: Vec<(String, StateView)>,
    /// The newest dates, and when the next are expected.
    newest: Vec<String>,
}

/// The days of a probe from each vantage.
struct ProbeDays {
    name: String,
    /// The probe's own page, for who may see it.
    href: Option<String>,
    rows: Vec<VantageDays>,
}

struct VantageDays {
    name: String,
    strip: StripView,
    figures: String,
}

/// One incident in a list.
struct IncidentLine {
    href: String,
    title: String,
    seen: String,
    since: super::times::TimeView,
    end: String,
}

/// A dated line with where it is known from.
struct KnownLine {
    day: String,
    text: String,
    kind: &'static str,
    href: Option<String>,
    reference: String,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>, id: &str) -> Result<PageAnswer, PageError> {
    let id = SourceId::from(id);
    let Some(source) = context.catalogue().source(&id) else {
        return Ok(PageAnswer::NotFound);
    };
    let pairs = context.pairs_of(source);
    let state = state::source(&context.known, source, &pairs);
    let days = context.source_days(&id, DAYS)?;
    let days = days.since_first_check(LEAST_DAYS);
    let ladders = ladders(&pairs);
    let vantages = ladders.first().map(|ladder| {
        let columns = ladder.columns.iter();
        columns.map(|c| context.vantage_name(&c.vantage)).collect()
    });
    let page = SourcePage {
        frame: Frame::in_context(context, &context.source_name(source), Section::Sources),
        item: context.item(source, &state)?,
        why_not: state.why_not.map(|reason| context.why_not(reason)),
        access: context.access(source.access),
        homepage: source.homepage.as_deref().and_then(safe_link),
        ladder_vantages: vantages.unwrap_or_default(),
        ladders: ladders.iter().map(|l| context.ladder_view(l)).collect(),
        beside: context.beside(source, &pairs)?,
        days: context.fill(PageText::DaysHeading, &[("n", &days.count.to_string())]),
        first_day: context.day(days.first),
        probes: context.probe_days(&days),
        incidents: context.incident_lines(source),
        timeline: context.timeline(source),
        notes: context.notes(source),
        alternatives: cleaned(&source.alternatives),
        catalogue_notes: context.catalogue_notes(source),
        cited: context.cited_on_hosts(source)?,
        tables: tables(&id),
    };
    Ok(PageAnswer::Page(page.render()?))
}

/// The tables of one source as CSV.
fn tables(id: &SourceId) -> Vec<(String, &'static str)> {
    let names = ["status.csv", "uptime.csv", "incidents.csv", "freshness.csv"];
    let id = path_part(id.as_str());
    let address = |name: &&'static str| (format!("/api/v1/{name}?source={id}"), *name);
    names.iter().map(address).collect()
}

fn cleaned(lines: &[String]) -> Vec<String> {
    lines.iter().map(|text| clean::line(text, 300)).collect()
}

/// An address that may be linked to.
pub(super) fn safe_link(text: &str) -> Option<String> {
    let url = url::Url::parse(text.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.to_string())
}

impl PageContext<'_> {
    fn access(&self, access: Access) -> &'static str {
        self.say(match access {
            Access::Public => P::AccessPublic,
            Access::Login => P::AccessLogin,
            Access::Subscription => P::AccessSubscription,
        })
    }

    /// Data and interfaces, which stand on no ladder.
    fn beside(
        &self,
        source: &Source,
        pairs: &[&PairState<'_>],
    ) -> Result<Vec<BesideLine>, StoreError> {
        let mut all: Vec<(&Probe, Vec<(String, StateView)>)> = Vec::new();
        let is_beside = |p: &&&PairState<'_>| matches!(p.probe.level, Level::Data | Level::Api);
        for pair in pairs.iter().filter(is_beside) {
            let cell = (self.vantage_name(&pair.vantage), self.pair_view(pair));
            match all.last_mut().filter(|(p, _)| p.id == pair.probe.id) {
                Some((_, cells)) => cells.push(cell),
                None => all.push((pair.probe, vec![cell])),
            }
        }
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let values = self.freshness_days(&source.id, DAYS)?;
        let lines = all.into_iter().map(|(probe, cells)| {
            let level = self.texts.level(probe.level);
            BesideLine {
                name: self.texts.marks.remark(&self.probe_name(probe), level),
                href: self.probe_link(&probe.key()),
                cells,
                newest: self.newest_dates(probe, &values),
            }
        });
        Ok(lines.collect())
    }

    fn probe_days(&self, days: &SourceDays) -> Vec<ProbeDays> {
        let mut all: Vec<ProbeDays> = Vec::new();
        let mut current = None;
        for ((probe, vantage), row) in &days.rows {
            let name = self.vantage_name(vantage);
            let entry = VantageDays {
                strip: self.strip_of(&probe.source, &name, days.first, &row.days),
                figures: self.figures(row),
                name,
            };
            if current != Some(probe) {
                all.push(ProbeDays {
                    name: self.probe_called(probe),
                    href: self.probe_link(probe),
                    rows: Vec::new(),
                });
                current = Some(probe);
            }
            if let Some(last) = all.last_mut() {
                last.rows.push(entry);
            }
        }
        all
    }

    /// The page of a probe; visitors do not see it.
    pub fn probe_link(&self, probe: &ProbeKey) -> Option<String> {
        let known = self.catalogue().probe(probe).is_some();
        let (source, id) = (
            path_part(probe.source.as_str()),
            path_part(probe.probe.as_str()),
        );
        (known && !self.is_public_view()).then(|| format!("/sources/{source}/{id}"))
    }

    /// `88 % ok of 100 % seen`.
    pub fn figures(&self, row: &DayRow) -> String {
        let Some((ok, seen)) = row.figures() else {
            return self.say(P::FiguresNone).to_owned();
        };
        let (ok, seen) = (rounded(ok), rounded(seen));
        self.fill(P::Figures, &[("ok", &ok), ("seen", &seen)])
    }

    fn incident_lines(&self, source: &Source) -> Vec<IncidentLine> {
        let incidents = self.known.tracker.incidents.values().rev();
        let own = incidents
            .filter(|i| i.source.as_ref() == Some(&source.id) && i.folded_into.is_none())
            .take(MOST_LISTED);
        own.map(|incident| IncidentLine {
            href: format!("/incidents/{}", incident.id),
            title: self.fill(P::ReportLink, &[("id", &incident.id.to_string())]),
            seen: self.incident_seen(incident),
            since: self.since(incident.first_bad),
            end: self.incident_end(incident),
        })
        .collect()
    }

    /// What an incident is of: in the present while it lasts.
    pub fn incident_seen(&self, incident: &Incident) -> String {
        let probe = incident.probe.as_ref();
        let known = probe.and_then(|key| self.catalogue().probe(key));
        let next = known.and_then(Probe::next_level);
        let said = (incident.to, incident.saying_of(incident.to));
        let seen = if incident.is_open() {
            self.texts.seen_as_now(said, next, None)
        } else {
            self.texts.seen_as(said, next, None)
        };
        match probe {
            Some(key) => {
                let name = self.probe_called(key);
                self.fill(P::Lost, &[("probe", &name), ("seen", &seen)])
            }
            None => seen,
        }
    }

    /// The links that documents cite on the hosts of a source, for who may see them.
    fn cited_on_hosts(&self, source: &Source) -> Result<Vec<(String, String)>, StoreError> {
        if self.is_public_view() || !self.snapshot.has_documents {
            return Ok(Vec::new());
        }
        let probes = self.catalogue().probes_of(&source.id);
        let hosts: BTreeSet<&str> = probes.filter_map(Probe::host).collect();
        let mut lines = Vec::new();
        for host in hosts {
            let filter = LinkFilter {
                host: Some(host.to_owned()),
                ..LinkFilter::default()
            };
            let counts = self.reader.link_counts(&filter)?;
            let count: u64 = counts.iter().map(|(_, links)| links).sum();
            if count > 0 {
                let (n, shown) = (count.to_string(), clean::line(host, 100));
                let text = self.fill(P::CitedHere, &[("n", &n), ("host", &shown)]);
                lines.push((format!("/links?host={}", path_part(host)), text));
            }
        }
        Ok(lines)
    }

    fn timeline(&self, source: &Source) -> Vec<KnownLine> {
        let known = self.catalogue().known_of(&source.id, self.now.date_naive());
        let lines = known.map(|event| KnownLine {
            day: crate::i18n::dates::day(self.language(), event.date, true),
            text: clean::line(&event.event, 400),
            kind: self.texts.known(event.kind),
            href: safe_link(&event.reference),
            reference: clean::line(&event.reference, 200),
        });
        lines.take(MOST_LISTED).collect()
    }

    fn notes(&self, source: &Source) -> Vec<KnownLine> {
        if self.is_public_view() {
            return Vec::new();
        }
        let notes = self.snapshot.notes.iter().rev();
        let own = notes.filter(|note| note.source == source.id);
        own.take(MOST_LISTED)
            .map(|note| {
                let from = self.day(note.from);
                let day = match note.to.filter(|to| *to != note.from) {
                    Some(to) => format!("{from} – {}", self.day(to)),
                    None => from,
                };
                let reference = note.reference.as_deref().unwrap_or_default();
                KnownLine {
                    day,
                    text: clean::line(&note.text, 400),
                    kind: "",
                    href: safe_link(reference),
                    reference: clean::line(reference, 200),
                }
            })
            .collect()
    }
}

/// A percentage: a figure after the point where it is not whole.
fn rounded(percent: f64) -> String {
    let text = format!("{percent:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}
