//! The sections of a report, as its template shows them.

use std::collections::BTreeMap;

use askama::Template;
use data_encoding::BASE64;
use sha2::{Digest as _, Sha256};

use super::data::ReportData;
use super::figures::CheckSums;
use super::incident_view::{IncidentView, IncidentViews};
use super::links_view::CitedLinks;
use super::states::SourceChange;
use super::summary::StateCounts;
use super::survival_view::SurvivalSection;
use super::tables::TableSums;
use super::vantage_view::ReportVantage;
use super::words::{ReportWords, StateWord, named};
use crate::i18n::dates;
use crate::i18n::pages::PageText as P;
use crate::i18n::report::ReportText as R;
use crate::model::page::Value;
use crate::model::state::State;
use crate::model::{Level, ProbeKey, VantageId};
use crate::report::tables::freshness::FreshnessEntry;
use crate::store::FreshnessRow;
use crate::text::clean;

const STYLE: &str = include_str!("../../../assets/report.css");

#[derive(Template)]
#[template(path = "report/report.html")]
struct ReportPage<'a> {
    words: ReportWords<'a>,
    tag: &'static str,
    style: &'static str,
    style_hash: String,
    title: String,
    scope: String,
    as_of: Option<String>,
    first_sentences: Vec<String>,
    summary: Vec<String>,
    heads: [&'static str; 4],
    groups: Vec<CountRow>,
    levels: Vec<(&'static str, CountRow)>,
    /// What stands in place of the sources that changed.
    unchanged: &'static str,
    changed: Vec<ChangeRow>,
    before_note: String,
    comparison: Vec<(&'static str, String, String)>,
    incidents: Vec<IncidentView>,
    availability: Vec<SourceFigures>,
    freshness: Vec<FreshRow>,
    cited: Vec<CitedLinks>,
    link_heads: Vec<&'static str>,
    survival: Option<SurvivalSection>,
    definitions: Vec<(StateWord, &'static str)>,
    rules: Vec<&'static str>,
    limits: Vec<&'static str>,
    vantages: Vec<ReportVantage>,
    sums: &'a TableSums,
    list_sum: String,
    cite: String,
}

/// A group, or a group's level: how many are watched, and how many have each state.
struct CountRow {
    name: String,
    all: String,
    counts: [String; 4],
}

/// A source whose state changed.
struct ChangeRow {
    name: String,
    start: StateWord,
    end: StateWord,
    reports: String,
}

/// The checks of a source, by page and vantage.
struct SourceFigures {
    name: String,
    rows: Vec<FigureRow>,
}

struct FigureRow {
    probe: String,
    vantage: String,
    availability: String,
    coverage: String,
    due: u64,
    by_state: [u64; 4],
    outage: String,
}

/// The newest value of a page.
struct FreshRow {
    source: String,
    probe: String,
    value: String,
    newest: String,
    expected: String,
    late: String,
}

impl ReportData<'_> {
    /// The whole report.
    pub fn render(&self) -> Result<String, askama::Error> {
        let words = self.words;
        let changes = self.states.changes();
        let (from, to) = dates::span(words.language, self.period.from, self.period.to);
        let title = words.fill(R::Title, &[("from", &from), ("to", &to)]);
        let (first, last) = self.period.before();
        let (first, last) = dates::span(words.language, first, last);
        let page = ReportPage {
            words,
            tag: words.texts.tag,
            style: STYLE,
            style_hash: BASE64.encode(&Sha256::digest(STYLE)),
            scope: self.scope(),
            as_of: self.as_of(),
            first_sentences: self.first_sentences(),
            summary: self.summary(&changes),
            heads: [State::Open, State::Less, State::Closed, State::Unknown]
                .map(|state| words.texts.state(state)),
            groups: self.groups(&changes),
            levels: self.levels(),
            changed: self.changed_sources(&changes),
            unchanged: words.say(if self.has_start() {
                R::StateUnchanged
            } else {
                R::StateNoStart
            }),
            before_note: words.fill(R::BeforeNote, &[("from", &first), ("to", &last)]),
            comparison: self.comparison(&changes),
            incidents: self.incidents(),
            availability: self.availability(),
            freshness: self.fresh_rows(),
            cited: self.cited_links(),
            link_heads: self.link_heads(),
            survival: self.survival(),
            definitions: self.definitions(),
            rules: [
                P::MethodSource,
                P::MethodUsual,
                P::MethodAvailability,
                P::MethodCoverage,
            ]
            .map(|text| words.page(text))
            .to_vec(),
            limits: vec![words.page(P::MethodLimits), words.say(R::LimitsPeople)],
            vantages: self.vantages(),
            list_sum: words.fill(R::FiguresList, &[("sum", &self.sums.of_list)]),
            sums: &self.sums,
            cite: self.cite(&title),
            title,
        };
        page.render()
    }

    fn scope(&self) -> String {
        let scope = &self.request.scope;
        match (&scope.source, &scope.group) {
            (Some(id), _) => {
                let source = self.words.source_called(id);
                self.words.fill(R::ScopeSource, &[("source", &source)])
            }
            (None, Some(group)) => {
                let group = named(group);
                self.words.fill(R::ScopeGroup, &[("group", &group)])
            }
            (None, None) => self.words.say(R::ScopeAll).to_owned(),
        }
    }

    fn as_of(&self) -> Option<String> {
        let time = self.words.moment(self.period.now?);
        Some(self.words.fill(R::AsOf, &[("time", &time)]))
    }

    fn cite(&self, title: &str) -> String {
        let time = self
            .period
            .now
            .map_or_else(|| "–".to_owned(), |at| self.words.moment(at));
        let values = [
            ("title", title),
            ("scope", &self.scope()),
            ("time", &time),
            ("sum", &self.sums.of_list),
        ];
        self.words.fill(R::Cite, &values)
    }

    /// `3`, or `3 (5)` where it was another number at the beginning.
    fn count(&self, n: usize, before: usize) -> String {
        let (shown, before_shown) = (n.to_string(), before.to_string());
        if n == before || !self.has_start() {
            return shown;
        }
        self.words
            .fill(R::Was, &[("n", &shown), ("before", &before_shown)])
    }

    /// Whether anything is known about the beginning.
    fn has_start(&self) -> bool {
        !self.figures.day_at_start.is_empty()
    }

    fn count_row(&self, name: String, end: [usize; 4], start: [usize; 4]) -> CountRow {
        CountRow {
            name,
            all: self.count(end.iter().sum(), start.iter().sum()),
            counts: std::array::from_fn(|at| self.count(end[at], start[at])),
        }
    }

    fn groups(&self, changes: &[SourceChange<'_>]) -> Vec<CountRow> {
        let mut groups: BTreeMap<&str, Vec<&SourceChange<'_>>> = BTreeMap::new();
        for change in changes {
            groups.entry(&change.source.group).or_default().push(change);
        }
        let rows = groups.into_iter().filter_map(|(group, own)| {
            let end = StateCounts::count(own.iter().copied(), true).by_state;
            let start = StateCounts::count(own.iter().copied(), false).by_state;
            let watched = end.iter().chain(&start).any(|n| *n > 0);
            watched.then(|| self.count_row(clean::line(group, 40), end, start))
        });
        rows.collect()
    }

    fn levels(&self) -> Vec<(&'static str, CountRow)> {
        let counts = self.states.by_level();
        let rows = counts.into_iter().map(|((group, level), [end, start])| {
            let name = clean::line(&group, 40);
            (self.level(level), self.count_row(name, end, start))
        });
        rows.collect()
    }

    fn level(&self, level: Level) -> &'static str {
        self.words.texts.level(level)
    }

    fn changed_sources(&self, changes: &[SourceChange<'_>]) -> Vec<ChangeRow> {
        let differ = changes
            .iter()
            .filter(|c| self.has_start() && c.start.state != c.end.state);
        let rows = differ.map(|change| ChangeRow {
            name: self.words.source(change.source),
            start: self
                .words
                .state_or_none(change.start.state, change.start.reason),
            end: self
                .words
                .state_or_none(change.end.state, change.end.reason),
            reports: {
                let own = self.states.incidents.iter();
                let own = own.filter(|i| i.source.as_ref() == Some(&change.source.id));
                let numbers: Vec<String> = own.map(|i| format!("#{}", i.id)).collect();
                self.words.list(&numbers)
            },
        });
        rows.collect()
    }

    fn comparison(&self, changes: &[SourceChange<'_>]) -> Vec<(&'static str, String, String)> {
        let (now, before) = (&self.figures.total, &self.figures.before);
        let open = State::Open as usize;
        let end = StateCounts::count(changes.iter(), true);
        let start = StateCounts::count(changes.iter(), false);
        let of = |n: usize, counts: &StateCounts| match counts.total() {
            0 => "–".to_owned(),
            all => format!("{n} / {all}"),
        };
        let percent = |value| self.words.percent(value);
        let say = |text| self.words.say(text);
        vec![
            (
                say(R::FigureDue),
                now.due.to_string(),
                before.due.to_string(),
            ),
            (
                say(R::FigureSeen),
                now.seen.to_string(),
                before.seen.to_string(),
            ),
            (
                say(R::FigureAvailability),
                percent(now.availability()),
                percent(before.availability()),
            ),
            (
                say(R::FigureCoverage),
                percent(now.coverage()),
                percent(before.coverage()),
            ),
            (
                say(R::FigureBegan),
                self.incident_counts().began.to_string(),
                self.states.began_before.to_string(),
            ),
            (
                say(R::FigureOpen),
                of(end.by_state[open], &end),
                of(start.by_state[open], &start),
            ),
        ]
    }

    fn incidents(&self) -> Vec<IncidentView> {
        let views = IncidentViews {
            words: self.words,
            catalogue: self.request.catalogue,
            period: self.period,
            notes: self.notes,
            evidence: &self.evidence,
        };
        let all = self.states.incidents.iter();
        all.map(|incident| views.view(incident)).collect()
    }

    fn availability(&self) -> Vec<SourceFigures> {
        let mut all: Vec<SourceFigures> = Vec::new();
        let mut current = None;
        for ((probe, vantage), sums) in &self.figures.by_pair {
            if current != Some(&probe.source) {
                current = Some(&probe.source);
                all.push(SourceFigures {
                    name: self.words.source_called(&probe.source),
                    rows: Vec::new(),
                });
            }
            if let Some(own) = all.last_mut() {
                own.rows.push(self.figure_row(probe, vantage, sums));
            }
        }
        all
    }

    fn figure_row(&self, probe: &ProbeKey, vantage: &VantageId, sums: &CheckSums) -> FigureRow {
        let outage = sums.longest_outage_hours;
        FigureRow {
            probe: self.words.probe(probe),
            vantage: self.words.vantage(vantage),
            availability: self.words.percent(sums.availability()),
            coverage: self.words.percent(sums.coverage()),
            due: sums.due,
            by_state: [
                sums.open,
                sums.less,
                sums.closed,
                sums.unknown + sums.offline + sums.gaps,
            ],
            outage: if outage > 0.0 {
                format!("{outage:.1}")
            } else {
                "–".to_owned()
            },
        }
    }

    /// The newest value of each series, and how many days it was late.
    fn fresh_rows(&self) -> Vec<FreshRow> {
        let mut rows: Vec<FreshRow> = Vec::new();
        let all = &self.freshness;
        let same =
            |a: &FreshnessRow, b: &FreshnessRow| a.probe == b.probe && a.value_name == b.value_name;
        for series in all.chunk_by(|a, b| same(a, b)) {
            let late = series.iter().filter(|row| self.is_late(row)).count();
            let newest = &series[series.len() - 1];
            let (catalogue, calendars) = (self.request.catalogue, self.request.calendars);
            let entry = FreshnessEntry::new(newest, catalogue, calendars);
            let expected = entry.expected_by().map(|day| self.words.day(day));
            let has_limit = expected.is_some();
            rows.push(FreshRow {
                source: self.words.source_called(&newest.probe.source),
                probe: self.words.probe(&newest.probe),
                value: named(&newest.value_name),
                newest: match &newest.value {
                    Value::Date(day) => self.words.day(*day),
                    other => clean::line(&other.show(), 40),
                },
                expected: expected.unwrap_or_default(),
                late: if has_limit {
                    late.to_string()
                } else {
                    String::new()
                },
            });
        }
        rows
    }

    fn is_late(&self, row: &FreshnessRow) -> bool {
        let entry = FreshnessEntry::new(row, self.request.catalogue, self.request.calendars);
        entry.expected_by().is_some_and(|by| row.day > by)
    }

    fn definitions(&self) -> Vec<(StateWord, &'static str)> {
        let words = self.words;
        let state = |state, text| (words.state(state, None), words.page(text));
        let own_end = words.state(
            State::Unknown,
            Some(crate::track::state::UnknownReason::OwnEnd),
        );
        vec![
            state(State::Open, P::MethodOpen),
            state(State::Less, P::MethodLess),
            state(State::Closed, P::MethodClosed),
            state(State::Unknown, P::MethodUnknown),
            (own_end, words.page(P::MethodOwnEnd)),
        ]
    }
}
