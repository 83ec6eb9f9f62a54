//! From a request to an answer. A thread that reads the store makes the answer, unless the
//! requester already has it.

use std::convert::Infallible;
use std::io::Write as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::Frame;

use super::problem::ApiProblem;
use crate::report::ExportError;
use crate::store::StoreError;
use crate::web::assets::takes_gzip;
use crate::web::page::{PageContext, tag_of};
use crate::web::readers::{OpenStore, PoolError};
use crate::web::respond;
use crate::web::site::WebSite;
use crate::web::visit::Visit;

/// Bodies below this size are not compressed.
const WORTH_PACKING: usize = 1_024;
/// Longer bodies are sent in parts.
const LONGEST_WHOLE: usize = 256 * 1024;
/// The size of a part.
const PART: usize = 64 * 1024;
/// The media type of tables and objects.
pub const JSON: &str = "application/json";

/// Why the content of an answer was not made.
#[derive(Debug, thiserror::Error)]
pub enum ApiFailure {
    #[error("{}", .0.detail)]
    Problem(ApiProblem),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Write(std::io::Error),
}

impl From<ApiProblem> for ApiFailure {
    fn from(problem: ApiProblem) -> Self {
        Self::Problem(problem)
    }
}

impl From<std::io::Error> for ApiFailure {
    fn from(error: std::io::Error) -> Self {
        Self::Write(error)
    }
}

impl From<ExportError> for ApiFailure {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::Store(error) => Self::Store(error),
            ExportError::Write(error) => Self::Write(error),
            other @ ExportError::Damaged { .. } => Self::Write(std::io::Error::other(other)),
        }
    }
}

/// The content of an answer.
#[derive(Debug, Default)]
pub struct ApiBody {
    pub json: Vec<u8>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The requester is sent to this address of ours, which has the answer.
    pub elsewhere: Option<String>,
}

/// Which formats a requester accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    pub gzip: bool,
    pub csv: bool,
}

impl Accepted {
    /// Reads the headers of a request.
    #[must_use]
    pub fn read(headers: &HeaderMap) -> Self {
        let text = |name| {
            headers
                .get(name)
                .and_then(|v: &HeaderValue| v.to_str().ok())
        };
        Self {
            gzip: text(header::ACCEPT_ENCODING).is_some_and(takes_gzip),
            csv: text(header::ACCEPT).is_some_and(prefers_csv),
        }
    }

    /// The format as a part of an entity tag.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match (self.csv, self.gzip) {
            (false, false) => "json",
            (false, true) => "json gzip",
            (true, false) => "csv",
            (true, true) => "csv gzip",
        }
    }
}

/// Whether `Accept` prefers CSV to JSON.
fn prefers_csv(accepted: &str) -> bool {
    let (mut csv, mut json) = (0.0_f32, 0.0_f32);
    for part in accepted.split(',').take(50) {
        let mut fields = part.split(';').map(str::trim);
        let kind = fields.next().unwrap_or_default().to_ascii_lowercase();
        let quality = fields.find_map(|field| field.strip_prefix("q="));
        let quality = quality.map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        match kind.as_str() {
            "text/csv" => csv = csv.max(quality),
            "application/json" | "application/*" | "*/*" => json = json.max(quality),
            _ => {}
        }
    }
    csv > 0.0 && csv >= json
}

/// The outcome of work on a thread that reads the store.
pub enum Outcome<T> {
    Fresh { tag: String, made: T },
    Unchanged { tag: String },
    Failed(ApiFailure),
}

/// Runs `make` on a thread that reads the store.
pub async fn on_reader<T, F>(
    site: &Arc<WebSite>,
    visit: &Arc<Visit>,
    format: &'static str,
    make: F,
) -> Result<Outcome<T>, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&PageContext<'_>) -> Result<T, ApiFailure> + Send + 'static,
{
    let (reading, asked) = (Arc::clone(site), Arc::clone(visit));
    let work = move |open: &OpenStore| {
        let config = reading.config();
        let context = PageContext::new(&reading, &config, &asked, open);
        let tag = respond::entity_tag(&[&tag_of(&context, &config.tag, open), format]);
        if respond::matches(asked.if_none_match.as_deref(), &tag) {
            return Ok(Outcome::Unchanged { tag });
        }
        Ok(match make(&context) {
            Ok(answer) => Outcome::Fresh { tag, made: answer },
            // The thread opens the store again after an error of the store.
            Err(ApiFailure::Store(error)) => return Err(error),
            Err(failure) => Outcome::Failed(failure),
        })
    };
    site.readers.read(work).await
}

/// Answers with the JSON that `make` returns.
pub async fn answer_json<F>(
    site: &Arc<WebSite>,
    visit: &Arc<Visit>,
    accepted: Accepted,
    make: F,
) -> Response<Body>
where
    F: FnOnce(&PageContext<'_>) -> Result<ApiBody, ApiFailure> + Send + 'static,
{
    match on_reader(site, visit, accepted.as_str(), make).await {
        Ok(Outcome::Fresh { tag, made }) => fresh(&tag, made, accepted),
        Ok(Outcome::Unchanged { tag }) => unchanged(&tag),
        Ok(Outcome::Failed(failure)) => failed(&failure),
        Err(error) => unread(&error),
    }
}

pub(super) fn fresh(tag: &str, made: ApiBody, accepted: Accepted) -> Response<Body> {
    if let Some(place) = made.elsewhere {
        return respond::lead_to(StatusCode::SEE_OTHER, &place);
    }
    let packed = (accepted.gzip && made.json.len() >= WORTH_PACKING)
        .then(|| pack(&made.json))
        .flatten();
    let is_packed = packed.is_some();
    let bytes = Bytes::from(packed.unwrap_or(made.json));
    let body = if bytes.len() > LONGEST_WHOLE {
        Body::new(PartedBody(bytes))
    } else {
        Body::from(bytes)
    };
    let mut response = Response::new(body);
    respond::set_tag(&mut response, tag);
    describe(response.headers_mut(), JSON, is_packed);
    let link = made.next.map(|next| format!("<{next}>; rel=\"next\""));
    if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

/// A body that is sent part by part, as fast as the requester takes it.
struct PartedBody(Bytes);

impl HttpBody for PartedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let size = PART.min(self.0.len());
        let part = (size > 0).then(|| self.0.split_to(size));
        Poll::Ready(part.map(|part| Ok(Frame::data(part))))
    }
}

/// Sets the headers that every answer of this module with a body has.
pub fn describe(headers: &mut HeaderMap, kind: &'static str, is_packed: bool) {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::VARY, HeaderValue::from_static(VARY));
    if is_packed {
        let gzip = HeaderValue::from_static("gzip");
        headers.insert(header::CONTENT_ENCODING, gzip);
    }
}

const VARY: &str = "Accept, Accept-Encoding, Accept-Language, Cookie, Authorization";

fn pack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok()
}

/// The answer when the requester already has the content.
#[must_use]
pub fn unchanged(tag: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    respond::set_tag(&mut response, tag);
    let vary = HeaderValue::from_static(VARY);
    response.headers_mut().insert(header::VARY, vary);
    response
}

/// The answer when the content was not made.
#[must_use]
pub fn failed(failure: &ApiFailure) -> Response<Body> {
    match failure {
        ApiFailure::Problem(problem) => problem.clone().into_response(),
        other => {
            tracing::error!("an answer of the API was not made: {other}");
            ApiProblem::standard(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}

/// The answer when the store was not read.
#[must_use]
pub fn unread(error: &PoolError) -> Response<Body> {
    if !matches!(error, PoolError::Full) {
        tracing::error!("an answer of the API was not made: {error}");
    }
    ApiProblem::unreadable().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_sent_to_requesters_that_prefer_it() {
        for (accepted, csv) in [
            ("text/csv", true),
            ("text/csv, */*;q=0.1", true),
            ("application/json, text/csv;q=0.5", false),
            ("text/csv;q=0", false),
            ("*/*", false),
            ("text/html,application/xhtml+xml,*/*;q=0.8", false),
            ("TEXT/CSV;charset=utf-8", true),
            ("", false),
        ] {
            assert_eq!(prefers_csv(accepted), csv, "{accepted}");
        }
    }
}
