//! `/links`: the cited links, in the worst state first; by state, host and document.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::link_view::{CountedState, LinkLine, PAGE_ROWS, number};
use super::pager::pages;
use crate::i18n::pages::PageText as P;
use crate::model::document::LinkFilter;
use crate::model::link::LinkState;
use crate::store::{ListPart, StoreError};
use crate::text::clean;
use crate::web::visit::path_part;

#[derive(Template)]
#[template(path = "pages/links.html")]
struct LinksPage {
    frame: Frame,
    document: Option<(String, String)>,
    host: String,
    /// Every state, without the filter by state.
    counts: Vec<CountedState>,
    state: Option<&'static str>,
    state_name: String,
    all_href: String,
    rows: Vec<LinkLine>,
    pages: Vec<(String, usize, bool)>,
    csv: String,
}

/// Makes the page; `?state=`, `?host=` and `?document=` select.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let asked = |name| context.visit.query_value(name).filter(|v| !v.is_empty());
    let document = match asked("document") {
        Some(id) => match context.named_document(id)? {
            Some(found) => Some(found),
            None => return Ok(PageAnswer::NotFound),
        },
        None => None,
    };
    let host = clean::line(asked("host").unwrap_or_default(), 253).to_ascii_lowercase();
    let state = asked("state").and_then(|text| text.parse::<LinkState>().ok());
    let mut filter = LinkFilter {
        document: document.as_ref().map(|found| found.id),
        state: None,
        host: Some(host.clone()).filter(|host| !host.is_empty()),
    };
    let counts = context.reader.link_counts(&filter)?;
    filter.state = state;
    let mut selected = counts.clone();
    selected.retain(|(of, _)| state.is_none_or(|state| state == *of));
    let rows: u64 = selected.iter().map(|(_, count)| count).sum();
    let unfiltered = address("/links", &query(&filter, None));
    let shown = query(&filter, state);
    let (skip, pages) = pages(context, rows, PAGE_ROWS, &address("/links", &shown));
    let part = ListPart {
        skip,
        most: PAGE_ROWS,
    };
    let found = context.reader.link_part(&filter, &selected, part)?;
    let page = LinksPage {
        frame: Frame::in_context(context, context.say(P::LinksTitle), Section::Documents),
        document: document.map(|found| (document_href(found.id), found.title)),
        host,
        counts: context.counted_states(&counts, &unfiltered),
        state: state.map(<&'static str>::from),
        state_name: state.map_or_else(String::new, |state| context.link_word(state).to_owned()),
        all_href: unfiltered,
        rows: found
            .iter()
            .map(|link| context.link_line(link, None))
            .collect(),
        pages,
        csv: address("/api/v1/links.csv", &shown),
    };
    Ok(PageAnswer::Page(page.render()?))
}

/// The document whose links are listed.
struct NamedDocument {
    id: i64,
    title: String,
}

impl PageContext<'_> {
    fn named_document(&self, id: &str) -> Result<Option<NamedDocument>, StoreError> {
        let Some(id) = number(id, 'D') else {
            return Ok(None);
        };
        let found = self.reader.document(id)?;
        Ok(found.map(|found| NamedDocument {
            id,
            title: Self::document_title(&found),
        }))
    }
}

fn document_href(id: i64) -> String {
    format!("/documents/D{id}")
}

fn address(path: &str, query: &str) -> String {
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{query}")
    }
}

/// The filters as the query of an address.
fn query(filter: &LinkFilter, state: Option<LinkState>) -> String {
    let document = filter.document.map(|id| format!("document=D{id}"));
    let host = filter.host.as_deref();
    let host = host.map(|host| format!("host={}", path_part(host)));
    let state = state.map(|state| format!("state={state}"));
    let parts: Vec<String> = [document, host, state].into_iter().flatten().collect();
    parts.join("&")
}
