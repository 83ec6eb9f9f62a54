//! Forms: who sent them, and what is in them.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode, header};
use url::Url;

use super::accept::{BodyError, read_body};
use super::limits::WebLimits;
use super::respond;
use super::visit::pairs_of;

/// Whether a page of ours sent the form: by `Origin`, or by `Sec-Fetch-Site` where there is no
/// `Origin`.
#[must_use]
pub fn is_from_here(headers: &HeaderMap, base_url: Option<&Url>) -> bool {
    let text = |name: header::HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(origin) = text(header::ORIGIN) {
        let Ok(origin) = Url::parse(origin) else {
            return false;
        };
        if let Some(base) = base_url {
            return origin.origin() == base.origin();
        }
        let host = text(header::HOST).unwrap_or_default();
        let own = Url::parse(&format!("http://{host}/"));
        return own.is_ok_and(|own| own.origin() == origin.origin());
    }
    let site = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok());
    site == Some("same-origin")
}

/// The fields of a form, or the answer to one that cannot be taken.
pub async fn read(
    request: Request,
    limits: &WebLimits,
) -> Result<Vec<(String, String)>, Response<Body>> {
    let kind = request.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|v| v.to_str().ok()).unwrap_or_default();
    let media_type = kind.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let line = "a form is sent as application/x-www-form-urlencoded\n";
        return Err(respond::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, line));
    }
    let body = read_body(request.into_body(), limits.form_bytes, limits).await;
    body.map(|bytes| pairs_of(&bytes)).map_err(refused)
}

/// The answer to a body that was not taken.
#[must_use]
pub fn refused(error: BodyError) -> Response<Body> {
    let (status, line) = match error {
        BodyError::TooLong => (StatusCode::PAYLOAD_TOO_LARGE, "this is too long\n"),
        BodyError::TooSlow => (StatusCode::REQUEST_TIMEOUT, "this came too slowly\n"),
        BodyError::Broken => (StatusCode::BAD_REQUEST, "this cannot be read\n"),
    };
    respond::plain(status, line)
}

/// A field; empty when it is missing.
#[must_use]
pub fn value<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    let found = fields.iter().find(|(key, _)| key == name);
    found.map_or("", |(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn only_our_own_pages_send_forms() {
        let base = Url::parse("https://access.example").ok();
        for (base, host, origin, fetch, ours) in [
            (
                None,
                "127.0.0.1:8080",
                Some("http://127.0.0.1:8080"),
                None,
                true,
            ),
            (
                None,
                "127.0.0.1:8080",
                Some("http://127.0.0.1:9090"),
                None,
                false,
            ),
            (
                None,
                "localhost:8080",
                Some("https://localhost:8080"),
                None,
                false,
            ),
            (
                None,
                "localhost:8080",
                Some("null"),
                Some("same-origin"),
                false,
            ),
            (None, "localhost:8080", None, Some("same-origin"), true),
            (None, "localhost:8080", None, Some("cross-site"), false),
            (None, "localhost:8080", None, None, false),
            (
                base.as_ref(),
                "127.0.0.1:8080",
                Some("https://access.example"),
                None,
                true,
            ),
            (
                base.as_ref(),
                "access.example",
                Some("http://access.example"),
                None,
                false,
            ),
        ] {
            let mut headers = HeaderMap::new();
            let mut set = |name: &'static str, value: &str| {
                headers.insert(name, HeaderValue::from_str(value).unwrap());
            };
            set("host", host);
            if let Some(value) = origin {
                set("origin", value);
            }
            if let Some(value) = fetch {
                set("sec-fetch-site", value);
            }
            assert_eq!(is_from_here(&headers, base), ours, "{origin:?} {fetch:?}");
        }
    }
}
