//! `/sign-in` and `/sign-out`.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use chrono::TimeDelta;

use super::accept::PeerAddress;
use super::form;
use super::gate::{session_cookie, set_retry};
use super::page::{PageNotice, notice, sign_in_page};
use super::respond;
use super::session::SESSION_SECONDS;
use super::site::WebSite;
use super::visit::Visit;
use crate::i18n::mail::{fill, texts};
use crate::i18n::pages::PageText;
use crate::model::Time;
use crate::model::rounded_duration::RoundedDuration;

/// The form.
pub async fn show(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
) -> Response<Body> {
    let next = safe_next(visit.query_value("next").unwrap_or("/"));
    sign_in_page(&site, &visit, next, (StatusCode::OK, None))
}

/// A token was typed.
pub async fn sign_in(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Extension(peer): Extension<PeerAddress>,
    request: Request,
) -> Response<Body> {
    let config = site.config();
    if !form::is_from_here(request.headers(), config.web().base_url.as_ref()) {
        return notice(&site, &visit, PageNotice::Refused);
    }
    let fields = match form::read(request, &site.limits).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let value = |name: &str| form::value(&fields, name);
    let next = safe_next(value("next"));
    let now = Instant::now();
    if let Some(wait) = site.throttle.wait(peer.0, now) {
        let fault = waiting(&visit, wait);
        let status = StatusCode::TOO_MANY_REQUESTS;
        let mut response = sign_in_page(&site, &visit, next, (status, Some(fault)));
        set_retry(&mut response, wait);
        return response;
    }
    let at = site.clock.now().timestamp();
    let Some(session) = config.sessions.cookie_for(value("token").trim(), at) else {
        site.throttle.fail(peer.0, now);
        let fault = PageText::TokenWrong.text(visit.language).to_owned();
        return sign_in_page(&site, &visit, next, (StatusCode::FORBIDDEN, Some(fault)));
    };
    let mut response = respond::lead_to(StatusCode::SEE_OTHER, next);
    let (name, secure) = (session_cookie(&config), config.is_https());
    respond::set_cookie(
        response.headers_mut(),
        name,
        &session,
        SESSION_SECONDS,
        secure,
    );
    response
}

fn waiting(visit: &Visit, wait: std::time::Duration) -> String {
    let say = &texts(visit.language).say;
    let until = TimeDelta::from_std(wait).unwrap_or_default() + TimeDelta::seconds(59);
    let minutes = match RoundedDuration::between(Time::default(), Time::default() + until) {
        RoundedDuration::Minutes(n) => n.max(1).to_string(),
        _ => "1".to_owned(),
    };
    let lasted = fill(say.duration_minutes, &[("n", &minutes)]);
    PageText::TokenWait.fill(visit.language, &[("lasted", &lasted)])
}

/// The session ends.
pub async fn sign_out(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Response<Body> {
    let config = site.config();
    let from_here = form::is_from_here(request.headers(), config.web().base_url.as_ref());
    let fields = match form::read(request, &site.limits).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let now = site.clock.now().timestamp();
    let word = form::value(&fields, "csrf");
    let is_own = visit
        .session
        .as_deref()
        .is_some_and(|session| config.sessions.is_csrf(session, word, now));
    if !(from_here && is_own) {
        return notice(&site, &visit, PageNotice::Refused);
    }
    let mut response = respond::lead_to(StatusCode::SEE_OTHER, "/");
    let (name, secure) = (session_cookie(&config), config.is_https());
    respond::set_cookie(response.headers_mut(), name, "", 0, secure);
    response
}

/// A path of ours: it begins with exactly one `/`, and has no backslash.
#[must_use]
pub fn safe_next(text: &str) -> &str {
    let is_path = text.starts_with('/') && !text.starts_with("//");
    let is_plain = !text.contains('\\') && !text.chars().any(char::is_control);
    if is_path && is_plain { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_to_paths_of_ours_only() {
        for (text, next) in [
            ("/sources?q=a", "/sources?q=a"),
            ("/", "/"),
            ("", "/"),
            ("//evil.example", "/"),
            ("/\\evil.example", "/"),
            ("https://evil.example/", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
        ] {
            assert_eq!(safe_next(text), next, "{text}");
        }
    }
}
