//! From a visit to an answer. A thread that reads the store makes the page, unless the browser
//! already has it.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::{Response, StatusCode};

use super::context::PageContext;
use super::notice::{PageNotice, notice};
use crate::store::StoreError;
use crate::web::readers::{OpenStore, PoolError};
use crate::web::respond;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// The result of making a page.
pub enum PageAnswer {
    Page(String),
    NotFound,
    /// It is at another address of ours.
    Elsewhere(String),
}

/// Why a page was not made.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
}

/// A page, its entity tag, or the reason why it was not made.
enum MadePage {
    Fresh { tag: String, answer: PageAnswer },
    Unchanged { tag: String },
    Failed(String),
}

/// Answers with the page that `make` makes.
pub async fn answer<F>(site: Arc<WebSite>, visit: Arc<Visit>, make: F) -> Response<Body>
where
    F: FnOnce(&PageContext<'_>) -> Result<PageAnswer, PageError> + Send + 'static,
{
    let (reading, asked) = (Arc::clone(&site), Arc::clone(&visit));
    let outcome = site
        .readers
        .read(move |open| make_page(&reading, &asked, open, make))
        .await;
    match outcome {
        Ok(MadePage::Unchanged { tag }) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            respond::set_tag(&mut response, &tag);
            response
        }
        Ok(MadePage::Fresh { tag, answer }) => match answer {
            PageAnswer::Page(text) => {
                let mut response = respond::html(StatusCode::OK, text);
                respond::set_tag(&mut response, &tag);
                response
            }
            PageAnswer::Elsewhere(place) => respond::lead_to(StatusCode::SEE_OTHER, &place),
            PageAnswer::NotFound => notice(&site, &visit, PageNotice::NotFound),
        },
        Ok(MadePage::Failed(error)) => {
            tracing::error!("a page was not made: {error}");
            notice(&site, &visit, PageNotice::Unreadable)
        }
        Err(error) => {
            if !matches!(error, PoolError::Full) {
                tracing::error!("a page was not made: {error}");
            }
            notice(&site, &visit, PageNotice::Unreadable)
        }
    }
}

fn make_page<F>(
    site: &WebSite,
    visit: &Visit,
    open: &OpenStore,
    make: F,
) -> Result<MadePage, StoreError>
where
    F: FnOnce(&PageContext<'_>) -> Result<PageAnswer, PageError>,
{
    let config = site.config();
    let context = PageContext::new(site, &config, visit, open);
    let has_documents = context.snapshot.has_documents;
    site.has_documents.store(has_documents, Ordering::Relaxed);
    let tag = tag_of(&context, &config.tag, open);
    if respond::matches(visit.if_none_match.as_deref(), &tag) {
        return Ok(MadePage::Unchanged { tag });
    }
    match make(&context) {
        Ok(answer) => Ok(MadePage::Fresh { tag, answer }),
        Err(PageError::Store(error)) => Err(error),
        Err(error) => Ok(MadePage::Failed(error.to_string())),
    }
}

/// The entity tag of everything that determines an answer, except ages in words.
#[must_use]
pub fn tag_of(context: &PageContext<'_>, config: &str, open: &OpenStore) -> String {
    let visit = context.visit;
    let mut states = String::new();
    for pair in &context.pairs {
        let reason = pair.reason.map_or("", |r| r.as_str());
        let _ = write!(states, "{}{reason},", pair.state.as_str());
    }
    let overdue = context.overdue.is_some().to_string();
    respond::entity_tag(&[
        env!("CARGO_PKG_VERSION"),
        config,
        &open.generation.to_text(),
        visit.role.as_str(),
        visit.session.as_deref().unwrap_or_default(),
        visit.language.as_str(),
        &visit.path,
        &visit.query_text(),
        &states,
        &overdue,
    ])
}
