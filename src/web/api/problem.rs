//! What went wrong, in the format of RFC 9457: the status, and a detail that names the fix.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};

use crate::web::accept::BodyError;

/// Why a request was not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiProblem {
    pub status: StatusCode,
    /// What is wrong, and how to put it right.
    pub detail: String,
}

impl From<BodyError> for ApiProblem {
    fn from(error: BodyError) -> Self {
        Self::standard(match error {
            BodyError::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            BodyError::TooSlow => StatusCode::REQUEST_TIMEOUT,
            BodyError::Broken => StatusCode::BAD_REQUEST,
        })
    }
}

impl ApiProblem {
    /// A problem with a detail of its own.
    #[must_use]
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
        }
    }

    /// The request is not valid.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// What was asked for does not exist.
    #[must_use]
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// The records cannot be read now.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::standard(StatusCode::SERVICE_UNAVAILABLE)
    }

    /// A problem with the usual detail of a status.
    #[must_use]
    pub fn standard(status: StatusCode) -> Self {
        Self::new(status, usual_detail(status))
    }

    /// The problem as an answer.
    #[must_use]
    pub fn into_response(self) -> Response<Body> {
        let body = serde_json::json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static(MEDIA_TYPE);
        headers.insert(header::CONTENT_TYPE, kind);
        if self.status == StatusCode::UNAUTHORIZED {
            let kind = HeaderValue::from_static("Bearer");
            headers.insert(header::WWW_AUTHENTICATE, kind);
        }
        response
    }
}

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// An error that was answered as a page or a line of text, as a problem; its headers stay.
#[must_use]
pub fn as_problem(response: Response<Body>) -> Response<Body> {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    if !is_error || is_problem(response.headers()) {
        return response;
    }
    let mut problem = ApiProblem::standard(status).into_response();
    for name in [
        header::ALLOW,
        header::RETRY_AFTER,
        header::WWW_AUTHENTICATE,
        header::CONNECTION,
    ] {
        if let Some(value) = response.headers().get(&name) {
            problem.headers_mut().insert(name, value.clone());
        }
    }
    problem
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes() == MEDIA_TYPE.as_bytes())
}

fn usual_detail(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => {
            "Send `Authorization: Bearer` with `token` or `read_token` of [web]."
        }
        StatusCode::FORBIDDEN => "Send `Authorization: Bearer` with `token` of [web].",
        StatusCode::NOT_FOUND => "There is no such address; /api/v1/openapi.json lists every one.",
        StatusCode::METHOD_NOT_ALLOWED => {
            "This address does not take that method; the header `Allow` lists those that it takes."
        }
        StatusCode::MISDIRECTED_REQUEST => {
            "This name is not served here; name it in `base_url` or `hosts` of [web]."
        }
        StatusCode::TOO_MANY_REQUESTS => {
            "Too many wrong tokens were sent; try again after `Retry-After` seconds."
        }
        StatusCode::PAYLOAD_TOO_LARGE => "The body is too long; send less at once.",
        StatusCode::REQUEST_TIMEOUT => "The body came too slowly; send it again.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Send the body as /api/v1/openapi.json describes it.",
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => "The header is too long; shorten it.",
        StatusCode::SERVICE_UNAVAILABLE => {
            "accesswatch cannot read its records now; try again, then run `accesswatch doctor`."
        }
        status if status.is_server_error() => {
            "This is a fault of accesswatch; its log says more. Try again later."
        }
        _ => "Send the request as /api/v1/openapi.json describes it.",
    }
}
