//! A probe's expectations, compiled once.

use globset::{Glob, GlobSet, GlobSetBuilder};
use scraper::Selector;

use super::value::plan::ValuePlan;
use crate::model::probe::{Level, Probe, ValueFrom};
use crate::text::normalise;
use crate::text::selector::SelectorCost;
use crate::text::tree::Tree;

/// A pattern as written, and in the form for comparison.
#[derive(Debug)]
pub(super) struct Marker {
    pub written: String,
    pub compared: String,
}

/// A selector as written. An invalid selector is not compiled (`check` reports it) and matches
/// nothing.
#[derive(Debug)]
pub(super) struct Css {
    pub written: String,
    pub selector: Option<Selector>,
}

/// One probe, compiled.
#[derive(Debug, Default)]
pub(super) struct ProbePlan {
    pub status: Vec<u16>,
    /// As written, for the record.
    pub hosts_written: Vec<String>,
    pub hosts: GlobSet,
    pub title: Vec<Marker>,
    pub title_not: Vec<Marker>,
    pub contains: Vec<Marker>,
    pub not_contains: Vec<Marker>,
    pub select: Vec<Css>,
    pub content_type: Option<String>,
    pub min_bytes: Option<u64>,
    pub max_bytes: Option<u64>,
    pub level: Vec<(Level, Vec<Css>)>,
    pub values: Vec<ValuePlan>,
    pub charset: Option<String>,
    /// The page is a record: it says the same every day.
    pub is_record: bool,
    /// The total cost of all its selectors.
    pub load: SelectorCost,
}

/// How many steps (see [`SelectorCost::steps`]) the selectors of a probe may take on one page: some
/// seconds.
const BUDGET: u64 = 200_000_000;

impl ProbePlan {
    pub(super) fn new(probe: &Probe) -> Self {
        let expect = &probe.expect;
        Self {
            status: if expect.status.is_empty() {
                vec![200]
            } else {
                expect.status.clone()
            },
            hosts_written: expect.final_host.clone(),
            hosts: globs(&expect.final_host),
            title: folded(&expect.title),
            title_not: folded(&expect.title_not),
            contains: markers(&expect.contains),
            not_contains: markers(&expect.not_contains),
            select: css(&expect.select),
            content_type: expect.content_type.as_ref().map(|t| t.to_ascii_lowercase()),
            min_bytes: expect.min_bytes,
            max_bytes: expect.max_bytes,
            level: expect
                .level
                .iter()
                .map(|(level, list)| (*level, css(list)))
                .collect(),
            values: probe.values.iter().map(ValuePlan::new).collect(),
            charset: probe.charset.clone(),
            is_record: matches!(probe.level, Level::Abstract | Level::Fulltext),
            load: load(probe),
        }
    }

    /// Whether its selectors can be evaluated on a page within the time limit for one page.
    pub(super) fn affords(&self, tree: &Tree) -> bool {
        self.load.is_empty() || self.load.steps(&tree.shape()) <= BUDGET
    }

    /// Whether the probe watches an interface that answers in JSON.
    pub(super) fn wants_json(&self) -> bool {
        let typed = self.content_type.as_ref();
        typed.is_some_and(|t| t.ends_with("/json") || t.ends_with("+json"))
            || self.values.iter().any(ValuePlan::is_of_json)
    }

    /// Whether the probe watches a file, by the type that it expects.
    pub(super) fn wants_file(&self) -> bool {
        let is_file = |t: &String| {
            t.starts_with("application/") && !["html", "xml", "json"].iter().any(|k| t.ends_with(k))
        };
        self.content_type.as_ref().is_some_and(is_file)
    }

    /// Whether the probe names the type of its answer.
    pub(super) fn names_type(&self) -> bool {
        self.content_type.is_some()
    }

    /// Whether the probe uses CSS selectors.
    pub(super) fn selects(&self) -> bool {
        !self.select.is_empty()
            || !self.level.is_empty()
            || self.values.iter().any(ValuePlan::selects)
    }

    /// Whether what is read of the page depends on the day.
    pub(super) fn asks_day(&self) -> bool {
        self.values.iter().any(ValuePlan::asks_day)
    }

    /// Whether the probe names something that only the right page has.
    pub(super) fn has_markers(&self) -> bool {
        !self.title.is_empty() || self.has_page_markers()
    }

    /// Whether that is something within the page, which is stronger than a title.
    pub(super) fn has_page_markers(&self) -> bool {
        !self.contains.is_empty()
            || !self.select.is_empty()
            || !self.level.is_empty()
            || !self.values.is_empty()
    }
}

/// The cost of every selector of a probe.
fn load(probe: &Probe) -> SelectorCost {
    let levels = probe.expect.level.values().flatten();
    let of_values = probe.values.iter().filter_map(|value| match &value.from {
        ValueFrom::Select(css) => Some(css),
        _ => None,
    });
    let mut load = SelectorCost::default();
    for css in probe.expect.select.iter().chain(levels).chain(of_values) {
        load.add(SelectorCost::of_selector(css));
    }
    load
}

fn globs(list: &[String]) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for text in list {
        if let Ok(glob) = Glob::new(&text.to_ascii_lowercase()) {
            builder.add(glob);
        }
    }
    builder.build().unwrap_or_default()
}

fn markers(list: &[String]) -> Vec<Marker> {
    let marker = |text: &String| Marker {
        written: text.clone(),
        compared: normalise::for_matching(text),
    };
    list.iter().map(marker).collect()
}

/// Titles are compared without regard to the case of Latin letters.
fn folded(list: &[String]) -> Vec<Marker> {
    let mut list = markers(list);
    for marker in &mut list {
        marker.compared.make_ascii_lowercase();
    }
    list
}

fn css(list: &[String]) -> Vec<Css> {
    list.iter()
        .map(|text| Css {
            written: text.clone(),
            selector: Selector::parse(text).ok(),
        })
        .collect()
}
