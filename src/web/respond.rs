//! Answers and their headers.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Headers of every answer.
pub fn protect(headers: &mut HeaderMap, is_public: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    set(opener, "same-origin");
    set(header::VARY, "Accept-Language, Cookie, Authorization");
    if is_public {
        set(header::CACHE_CONTROL, "no-cache");
    } else {
        set(header::CACHE_CONTROL, "no-cache, private");
        set(HeaderName::from_static("x-robots-tag"), "noindex");
    }
}

/// A page.
#[must_use]
pub fn html(status: StatusCode, body: String) -> Response<Body> {
    with_type(status, "text/html; charset=utf-8", body)
}

/// One line of text.
#[must_use]
pub fn plain(status: StatusCode, body: impl Into<String>) -> Response<Body> {
    with_type(status, "text/plain; charset=utf-8", body.into())
}

fn with_type(status: StatusCode, media_type: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let value = HeaderValue::from_static(media_type);
    response.headers_mut().insert(header::CONTENT_TYPE, value);
    response
}

/// A redirect to another address of ours.
#[must_use]
pub fn lead_to(status: StatusCode, place: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    // Text that is not a valid header value is not an address of ours either.
    let value = HeaderValue::from_str(place).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, value);
    response
}

/// The entity tag of an answer that is made of these.
#[must_use]
pub fn entity_tag(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    format!("\"{}\"", HEXLOWER.encode(&hash.finalize()[..12]))
}

/// Whether `If-None-Match` names the tag.
#[must_use]
pub fn matches(if_none_match: Option<&str>, tag: &str) -> bool {
    let named = |one: &str| one == "*" || one.trim_start_matches("W/") == tag;
    if_none_match.is_some_and(|text| text.split(',').map(str::trim).any(named))
}

/// Sets the tag.
pub fn set_tag(response: &mut Response<Body>, tag: &str) {
    if let Ok(value) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, value);
    }
}

/// Says when to try again.
pub fn set_retry(response: &mut Response<Body>, wait: std::time::Duration) {
    let seconds = HeaderValue::from(wait.as_secs().max(1));
    response.headers_mut().insert(header::RETRY_AFTER, seconds);
}

/// Adds a cookie.
pub fn set_cookie(headers: &mut HeaderMap, name: &str, value: &str, seconds: i64, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

/// Adds a cookie that ends with the browser's session.
pub fn set_session_cookie(headers: &mut HeaderMap, name: &str, value: &str, secure: bool) {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_differ_by_where_their_parts_end() {
        assert_ne!(entity_tag(&["ab", "c"]), entity_tag(&["a", "bc"]));
        let tag = entity_tag(&["a"]);
        assert!(matches(Some(&format!("\"x\", W/{tag}")), &tag));
        assert!(matches(Some("*"), &tag));
        assert!(!matches(Some("\"x\""), &tag) && !matches(None, &tag));
    }
}
