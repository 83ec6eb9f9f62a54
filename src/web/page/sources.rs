//! `/sources`: the catalogue by group, searched by names in all languages and by hosts.

use std::collections::BTreeMap;

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::pager::part_of;
use super::state_view::StateView;
use super::times::TimedSentence;
use crate::i18n::pages::PageText;
use crate::i18n::pages::PageText as P;
use crate::model::Source;
use crate::text::clean;
use crate::track::state::SourceState;
use crate::web::visit::path_part;

/// A longer search is cut.
const LONGEST_SEARCH: usize = 100;
/// Lists are paged by this many rows.
const PAGE_ROWS: usize = 100;

#[derive(Template)]
#[template(path = "pages/sources.html")]
struct SourcesPage {
    frame: Frame,
    query: String,
    count: String,
    groups: Vec<(String, Vec<SourceLine>)>,
    pages: Vec<(String, usize, bool)>,
    tables: Vec<(String, &'static str)>,
}

/// One source.
pub struct SourceLine {
    pub href: String,
    pub name: String,
    pub other_name: Option<(&'static str, String)>,
    pub state: StateView,
    pub lasting: Option<TimedSentence>,
    pub why_not: Option<&'static str>,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let asked = context.visit.query_value("q").unwrap_or_default();
    let query = clean::line(asked, LONGEST_SEARCH);
    let wanted = query.to_lowercase();
    let mut found = context.sources();
    found.retain(|(source, _)| wanted.is_empty() || context.is_named(source, &wanted));
    found.sort_by(|(a, _), (b, _)| (&a.group, &a.id).cmp(&(&b.group, &b.id)));
    let all = found.len();
    let address = format!("/sources?q={}", path_part(&query));
    let (shown, pages) = part_of(context, &found, PAGE_ROWS, &address);
    let tables = tables(&found);
    let mut groups: BTreeMap<String, Vec<SourceLine>> = BTreeMap::new();
    for (source, state) in shown {
        let group = clean::line(&source.group, 40);
        groups
            .entry(group)
            .or_default()
            .push(context.source_line(source, state));
    }
    let page = SourcesPage {
        frame: Frame::in_context(context, context.say(PageText::NavSources), Section::Sources),
        count: context.fill(PageText::SourceCount, &[("n", &all.to_string())]),
        query,
        groups: groups.into_iter().collect(),
        pages,
        tables,
    };
    Ok(PageAnswer::Page(page.render()?))
}

/// The tables behind the list. The API knows no search, so a search leads to the tables of the one
/// source that it found, or to the whole ones.
fn tables(found: &[(&Source, SourceState)]) -> Vec<(String, &'static str)> {
    let filter = match found {
        [(only, _)] => format!("?source={}", path_part(only.id.as_str())),
        _ => String::new(),
    };
    ["sources.csv", "status.csv"]
        .map(|name| (format!("/api/v1/{name}{filter}"), name))
        .into()
}

impl PageContext<'_> {
    /// Whether a name, the id or a host has the text in it.
    fn is_named(&self, source: &Source, wanted: &str) -> bool {
        let names = [
            Some(source.id.as_str()),
            Some(source.name.as_str()),
            source.name_zh.as_deref(),
            source.name_ko.as_deref(),
            source.homepage.as_deref(),
        ];
        let has = |text: &str| text.to_lowercase().contains(wanted);
        names.into_iter().flatten().any(has)
            || self
                .catalogue()
                .probes_of(&source.id)
                .any(|probe| probe.host().is_some_and(has))
    }

    fn source_line(&self, source: &Source, state: &SourceState) -> SourceLine {
        SourceLine {
            href: format!("/sources/{}", path_part(source.id.as_str())),
            name: self.source_name(source),
            other_name: self.other_name(source),
            state: self.remarked(self.source_view(state), &self.pairs_of(source)),
            lasting: self.lasting(state.since),
            why_not: state.why_not.map(|reason| self.why_not(reason)),
        }
    }
}
