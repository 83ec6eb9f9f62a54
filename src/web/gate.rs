//! What every request passes before it is answered: the name in `Host`, the form of the path, the
//! role.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, Version, header};
use axum::middleware::Next;

use super::accept::PeerAddress;
use super::acts::NAME_COOKIE;
use super::admission::{Credentials, WrongBearer, role_of};
use super::api;
use super::assets;
use super::feed_address;
use super::host::{host_of, is_loopback, is_ours};
use super::language;
use super::respond;
use super::role::Role;
use super::site::{SiteConfig, WebSite};
use super::visit::{LANGUAGE_COOKIE, Visit, cookie, pairs_of};

pub use super::respond::set_retry;

/// A language is kept for a year.
const LANGUAGE_SECONDS: i64 = 365 * 24 * 3600;

/// Paths that are open to everyone and show no names.
const HEALTH: [&str; 2] = ["/livez", "/healthz"];

/// The name of the session's cookie.
#[must_use]
pub fn session_cookie(config: &SiteConfig) -> &'static str {
    if config.is_https() { "__Host-aw" } else { "aw" }
}

/// Lets a request through, or answers it; puts the headers on every answer.
pub async fn pass(
    State(site): State<Arc<WebSite>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let config = site.config();
    let is_api = request.uri().path().starts_with(api::FOLDER);
    let mut response = admit(&site, &config, request, next).await;
    if is_api {
        response = api::as_problem(response);
    }
    respond::protect(response.headers_mut(), config.web().public);
    response
}

async fn admit(
    site: &Arc<WebSite>,
    config: &SiteConfig,
    mut request: Request,
    next: Next,
) -> Response<Body> {
    if header_bytes(&request) > site.limits.header_bytes {
        let status = StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE;
        return respond::plain(status, "the header is too long\n");
    }
    let path = request.uri().path().to_owned();
    if HEALTH.contains(&path.as_str()) {
        return next.run(request).await;
    }
    let Some(host) = host_of_request(&request, config) else {
        let line = "this name is not served here; name it in [web] base_url or hosts\n";
        return respond::plain(StatusCode::MISDIRECTED_REQUEST, line);
    };
    if let Some(answer) = other_path(&path, request.uri().query()) {
        return answer;
    }
    if path.starts_with(assets::FOLDER) {
        return assets::serve(&path, request.headers());
    }
    let peer = request
        .extensions()
        .get::<PeerAddress>()
        .map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    let Ok(visit) = visit_of(site, config, &request, &host) else {
        if api::is_of_agents(&path) {
            tracing::warn!("{peer} sent a token to {path} that is of no vantage");
        }
        return refuse_bearer(site, peer);
    };
    if visit.agent.is_none() && !is_open_to(visit.role, &path) {
        return ask_for_role(&request, &path);
    }
    let keeps = visit.keeps_language && is_page(&path);
    let keeps = keeps.then_some(visit.language);
    request.extensions_mut().insert(Arc::new(visit));
    let mut response = next.run(request).await;
    if let Some(language) = keeps {
        let headers = response.headers_mut();
        let (name, value) = (LANGUAGE_COOKIE, language.as_str());
        respond::set_cookie(headers, name, value, LANGUAGE_SECONDS, config.is_https());
    }
    response
}

/// How long the header was, as it was sent; hyper reads a little beyond its limit.
fn header_bytes(request: &Request) -> usize {
    let lines = request.headers().iter();
    let lines = lines.map(|(name, value)| name.as_str().len() + value.len() + 4);
    lines.sum::<usize>() + request.uri().to_string().len()
}

/// The host that the request is meant for, where it is ours.
fn host_of_request(request: &Request, config: &SiteConfig) -> Option<url::Host> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let (first, second) = (named.next(), named.next());
    if second.is_some() {
        return None;
    }
    let host = host_of(first?.to_str().ok()?)?;
    // An address in absolute form names the host too.
    let in_target = request.uri().authority();
    let agrees = in_target.is_none_or(|a| host_of(a.as_str()).as_ref() == Some(&host));
    let web = config.web();
    let ours = is_ours(&host, web.base_url.as_ref(), &web.hosts);
    (ours && agrees).then_some(host)
}

/// Redirects paths that lead to others, and refuses malformed paths.
fn other_path(path: &str, query: Option<&str>) -> Option<Response<Body>> {
    if path.contains("//") || path.contains('\\') {
        return Some(respond::plain(StatusCode::NOT_FOUND, "not found\n"));
    }
    let shorter = path.strip_suffix('/').filter(|rest| !rest.is_empty())?;
    if path.starts_with(api::FOLDER) {
        return Some(respond::plain(StatusCode::NOT_FOUND, "not found\n"));
    }
    let place = match query {
        Some(query) => format!("{shorter}?{query}"),
        None => shorter.to_owned(),
    };
    Some(respond::lead_to(StatusCode::PERMANENT_REDIRECT, &place))
}

fn visit_of(
    site: &WebSite,
    config: &SiteConfig,
    request: &Request,
    host: &url::Host,
) -> Result<Visit, WrongBearer> {
    let headers = request.headers();
    let now = site.clock.now().timestamp();
    let session = cookie(headers, session_cookie(config));
    let session = session.filter(|text| config.sessions.role_of_cookie(text, now).is_some());
    let credentials = Credentials {
        bearer: bearer(headers),
        session,
        host_is_loopback: is_loopback(host),
        is_http11: request.version() == Version::HTTP_11,
        is_forwarded: is_forwarded(headers),
    };
    let agent = agent_of(config, request, credentials.bearer);
    let mut role = match &agent {
        Some(_) => Role::Nobody,
        None => role_of(&site.role_rules(config), &credentials, now)?,
    };
    let query = pairs_of(request.uri().query().unwrap_or_default().as_bytes());
    let key = query.iter().find(|(name, _)| name == "key");
    if feed_address::is_feed(request.uri().path())
        && key.is_some_and(|(_, key)| config.sessions.is_feed_key(key))
    {
        role = role.max(Role::Reader);
    }
    let asked = query.iter().find(|(key, _)| key == "lang");
    let asked = asked.map(|(_, value)| value.as_str());
    let accepted = headers.get(header::ACCEPT_LANGUAGE);
    Ok(Visit {
        role,
        has_bearer: credentials.bearer.is_some(),
        agent,
        language: language::choose(
            asked,
            cookie(headers, LANGUAGE_COOKIE),
            accepted.and_then(|value| value.to_str().ok()),
            config.web().language,
        ),
        keeps_language: asked
            .is_some_and(|text| text.parse::<crate::model::settings::Language>().is_ok()),
        path: request.uri().path().to_owned(),
        csrf: session.and_then(|text| config.sessions.csrf(text, now)),
        session: session.map(str::to_owned),
        name: cookie(headers, NAME_COOKIE).map(|text| {
            percent_encoding::percent_decode_str(text)
                .decode_utf8_lossy()
                .into_owned()
        }),
        if_none_match: headers
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        query,
    })
}

/// The vantage whose agent sends records; its token opens nothing else.
fn agent_of(
    config: &SiteConfig,
    request: &Request,
    bearer: Option<&str>,
) -> Option<crate::model::VantageId> {
    let (method, path) = (request.method(), request.uri().path());
    let sends = match path {
        api::MEASUREMENTS | api::AGENT_HELLO => *method == Method::POST,
        api::AGENT_WORKSPACE | api::AGENT_TASKS => *method == Method::GET,
        _ => false,
    };
    bearer
        .filter(|_| sends)
        .and_then(|token| config.agents.vantage_of(token))
}

/// The token after `Bearer`; an authorization of another kind counts as a wrong token.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or("");
    let (kind, token) = value.split_once(' ').unwrap_or((value, ""));
    Some(if kind.eq_ignore_ascii_case("bearer") {
        token.trim()
    } else {
        ""
    })
}

fn is_forwarded(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| {
        let name = name.as_str();
        matches!(name, "forwarded" | "x-real-ip" | "via") || name.starts_with("x-forwarded-")
    })
}

fn refuse_bearer(site: &WebSite, peer: IpAddr) -> Response<Body> {
    let now = Instant::now();
    if let Some(wait) = site.throttle.wait(peer, now) {
        return too_many(wait);
    }
    site.throttle.fail(peer, now);
    unauthorized()
}

/// Too many failures.
#[must_use]
pub fn too_many(wait: std::time::Duration) -> Response<Body> {
    let mut response = respond::plain(StatusCode::TOO_MANY_REQUESTS, "too many attempts\n");
    set_retry(&mut response, wait);
    response
}

fn unauthorized() -> Response<Body> {
    let mut response = respond::plain(StatusCode::UNAUTHORIZED, "a token is needed\n");
    let kind = HeaderValue::from_static("Bearer");
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, kind);
    response
}

/// Whether a role may see a path at all.
fn is_open_to(role: Role, path: &str) -> bool {
    match role {
        Role::Writer | Role::Reader => true,
        Role::Visitor => !hidden_from_visitors(path),
        Role::Nobody => matches!(path, "/sign-in" | "/sign-out"),
    }
}

/// What a public installation leaves out.
fn hidden_from_visitors(path: &str) -> bool {
    const HIDDEN: [&str; 10] = [
        "health",
        "vantages",
        "metrics",
        "reports",
        "documents",
        "links",
        "measurements",
        "citations",
        "copies",
        "comparison",
    ];
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let path = path.strip_suffix(".csv").unwrap_or(path);
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let first = parts.next().unwrap_or_default();
    // `/sources/{source}/{probe}` shows how a probe is configured.
    let is_probe = first == "sources" && parts.count() >= 2;
    HIDDEN.contains(&first) || is_probe
}

/// Whether a person reads the answer in a browser: feeds, badges, files and the API are for
/// programs.
fn is_page(path: &str) -> bool {
    const OTHERS: [&str; 6] = [
        "/api/",
        "/metrics",
        "/feed.",
        "/calendar.",
        "/badge/",
        "/reports/",
    ];
    !OTHERS.iter().any(|start| path.starts_with(start))
}

/// A page redirects to the sign-in, and everything else is refused.
fn ask_for_role(request: &Request, path: &str) -> Response<Body> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !(reads && is_page(path)) {
        return unauthorized();
    }
    let asked = match request.uri().query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let next = super::visit::path_part(&asked);
    let place = if asked == "/" {
        "/sign-in".to_owned()
    } else {
        format!("/sign-in?next={next}")
    };
    respond::lead_to(StatusCode::SEE_OTHER, &place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_see_what_is_public() {
        for (path, hidden) in [
            ("/", false),
            ("/sources", false),
            ("/sources/cnki", false),
            ("/sources/cnki/thesis", true),
            ("/incidents/3", false),
            ("/vantages", true),
            ("/vantages/berlin", true),
            ("/health", true),
            ("/healthy", false),
            ("/api/v1/measurements", true),
            ("/api/v1/measurements.csv", true),
            ("/api/v1/vantages.csv", true),
            ("/api/v1/uptime.csv", false),
            ("/api/v1/sources", false),
            ("/reports/report.html", true),
        ] {
            assert_eq!(hidden_from_visitors(path), hidden, "{path}");
        }
    }

    #[test]
    fn a_trailing_slash_leads_to_the_path_without_it() {
        let place = |path: &str, query: Option<&str>| {
            let answer = other_path(path, query)?;
            let place = answer.headers().get(header::LOCATION)?;
            Some((answer.status(), place.to_str().ok()?.to_owned()))
        };
        let moved = StatusCode::PERMANENT_REDIRECT;
        assert_eq!(
            place("/sources/", Some("q=a")),
            Some((moved, "/sources?q=a".to_owned()))
        );
        assert!(other_path("/", None).is_none() && other_path("/sources", None).is_none());
        for path in ["//evil.example", "/a//b", "/\\evil.example"] {
            assert_eq!(
                other_path(path, None).map(|a| a.status()),
                Some(StatusCode::NOT_FOUND)
            );
        }
    }
}
