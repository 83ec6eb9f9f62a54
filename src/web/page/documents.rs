//! `/documents`: every imported document, with its links by state.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::frame::{Frame, Section};
use super::link_view::{CountedState, PAGE_ROWS, TITLE};
use super::pager::pages;
use crate::i18n::pages::PageText as P;
use crate::model::document::{DocumentRow, LinkFilter};
use crate::store::ListPart;
use crate::text::clean;

#[derive(Template)]
#[template(path = "pages/documents.html")]
struct DocumentsPage {
    frame: Frame,
    counts: Vec<CountedState>,
    rows: Vec<DocumentLine>,
    pages: Vec<(String, usize, bool)>,
}

/// A document in a list.
pub struct DocumentLine {
    pub href: String,
    pub title: String,
    pub date: Option<String>,
    pub is_watched: bool,
    pub links: u32,
    pub states: Vec<CountedState>,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>) -> Result<PageAnswer, PageError> {
    let reader = context.reader;
    let (skip, pages) = pages(context, reader.document_count()?, PAGE_ROWS, "/documents");
    let part = ListPart {
        skip,
        most: PAGE_ROWS,
    };
    let rows = reader.document_part(part)?;
    let counts = reader.link_counts(&LinkFilter::default())?;
    let page = DocumentsPage {
        frame: Frame::in_context(context, context.say(P::NavDocuments), Section::Documents),
        counts: context.counted_states(&counts, "/links"),
        rows: rows.iter().map(|row| context.document_line(row)).collect(),
        pages,
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    /// The title of a document; without a title, the name of its file.
    pub(super) fn document_title(document: &DocumentRow) -> String {
        let file = document.path.rsplit('/').next().unwrap_or_default();
        let title = document.title.as_deref().unwrap_or(file);
        clean::line(title, TITLE)
    }

    pub(super) fn document_line(&self, document: &DocumentRow) -> DocumentLine {
        let counts: Vec<_> = document
            .states
            .iter()
            .map(|(state, count)| (*state, u64::from(*count)))
            .collect();
        DocumentLine {
            href: format!("/documents/D{}", document.id),
            title: Self::document_title(document),
            date: document.date.as_deref().map(|date| clean::line(date, 10)),
            is_watched: document.is_watched,
            links: document.links,
            states: self.counted_states(&counts, &format!("/links?document=D{}", document.id)),
        }
    }
}
