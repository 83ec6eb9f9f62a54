//! Answers in other formats than HTML, made on a thread that reads the store.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};

use crate::store::StoreError;
use crate::text::clean;
use crate::web::page::{PageContext, tag_of};
use crate::web::readers::PoolError;
use crate::web::respond;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// What was made.
pub struct FeedText {
    pub status: StatusCode,
    pub text: String,
}

impl FeedText {
    /// A text that was found.
    #[must_use]
    pub fn found(text: String) -> Self {
        Self {
            status: StatusCode::OK,
            text,
        }
    }
}

/// Why nothing was made.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a template failed: {0}")]
    Template(#[from] askama::Error),
}

/// Answers with the text that `make` makes; `further` is what it follows from besides the visit.
pub async fn answer<F>(
    site: &Arc<WebSite>,
    visit: &Arc<Visit>,
    (media_type, further): (&'static str, String),
    make: F,
) -> Response<Body>
where
    F: FnOnce(&PageContext<'_>) -> Result<FeedText, FeedError> + Send + 'static,
{
    let (reading, asked) = (Arc::clone(site), Arc::clone(visit));
    let outcome = site.readers.read(move |open| {
        let config = reading.config();
        let context = PageContext::new(&reading, &config, &asked, open);
        let tag = respond::entity_tag(&[&tag_of(&context, &config.tag, open), &further]);
        if respond::matches(asked.if_none_match.as_deref(), &tag) {
            return Ok(Ok((tag, None)));
        }
        match make(&context) {
            Ok(text) => Ok(Ok((tag, Some(text)))),
            Err(FeedError::Store(error)) => Err(error),
            Err(error) => Ok(Err(error.to_string())),
        }
    });
    match outcome.await {
        Ok(Ok((tag, Some(found)))) => {
            let mut response = Response::new(Body::from(found.text));
            *response.status_mut() = found.status;
            let kind = HeaderValue::from_static(media_type);
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            if found.status == StatusCode::OK {
                respond::set_tag(&mut response, &tag);
            }
            response
        }
        Ok(Ok((tag, None))) => {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            respond::set_tag(&mut response, &tag);
            response
        }
        Ok(Err(error)) => {
            tracing::error!("a feed was not made: {error}");
            respond::plain(StatusCode::INTERNAL_SERVER_ERROR, "this was not made\n")
        }
        Err(error) => unread(&error),
    }
}

/// The answer when the store cannot be read.
#[must_use]
pub fn unread(error: &PoolError) -> Response<Body> {
    if !matches!(error, PoolError::Full) {
        tracing::error!("a feed was not made: {error}");
    }
    let line = "accesswatch cannot read its records\n";
    respond::plain(StatusCode::SERVICE_UNAVAILABLE, line)
}

/// One line that XML may hold.
#[must_use]
pub fn line(text: &str, most: usize) -> String {
    let mut line = clean::line(text, most);
    line.retain(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'));
    line
}
