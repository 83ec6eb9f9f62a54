//! `/documents/{id}`: what one document cites, the links in the worst state first.

use askama::Template;

use super::answer::{PageAnswer, PageError};
use super::context::PageContext;
use super::documents::DocumentLine;
use super::frame::{Frame, Section};
use super::link_view::{LinkLine, PAGE_ROWS, TITLE, number};
use super::pager::pages;
use crate::i18n::pages::PageText as P;
use crate::i18n::places::place;
use crate::model::document::{CitationRow, LinkRow};
use crate::store::ListPart;
use crate::text::clean;

#[derive(Template)]
#[template(path = "pages/document.html")]
struct DocumentPage {
    frame: Frame,
    id: i64,
    document: DocumentLine,
    path: String,
    rows: Vec<CitationLine>,
    pages: Vec<(String, usize, bool)>,
}

/// A place in the document.
struct CitationLine {
    place: String,
    cited_on: Option<String>,
    link: LinkLine,
}

/// Makes the page.
pub fn page(context: &PageContext<'_>, id: &str) -> Result<PageAnswer, PageError> {
    let Some(id) = number(id, 'D') else {
        return Ok(PageAnswer::NotFound);
    };
    let Some(found) = context.reader.document(id)? else {
        return Ok(PageAnswer::NotFound);
    };
    let address = format!("/documents/D{id}");
    let (skip, pages) = pages(context, u64::from(found.citations), PAGE_ROWS, &address);
    let part = ListPart {
        skip,
        most: PAGE_ROWS,
    };
    let citations = context.reader.document_citations(id, part)?;
    let document = context.document_line(&found);
    let page = DocumentPage {
        frame: Frame::in_context(context, &document.title, Section::Documents),
        id,
        path: clean::line(&found.path, 300),
        rows: citations
            .iter()
            .map(|(citation, link)| context.citation_line(citation, link))
            .collect(),
        document,
        pages,
    };
    Ok(PageAnswer::Page(page.render()?))
}

impl PageContext<'_> {
    fn citation_line(&self, citation: &CitationRow, link: &LinkRow) -> CitationLine {
        CitationLine {
            place: clean::line(&place(self.language(), &citation.place), TITLE),
            cited_on: citation.cited_on.as_deref().map(|day| clean::line(day, 10)),
            link: self.link_line(link, citation.title.as_deref()),
        }
    }
}

impl DocumentPage {
    fn watched(&self) -> Option<&'static str> {
        let text = P::DocumentWatched;
        self.document.is_watched.then(|| self.frame.say(text))
    }
}
