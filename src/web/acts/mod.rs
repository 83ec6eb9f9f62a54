//! What people do on the pages: acknowledge, silence, say what they saw, add a note; and undo.

mod core;
mod links;

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode};

use super::form;
use super::page::{PageNotice, notice};
use super::respond;
use super::role::Role;
use super::site::{SiteConfig, WebSite};
use super::visit::Visit;
use crate::model::{ProbeKey, Time};

pub use self::links::on_link;

pub use self::core::{Act, ActError, ActFields, ActTarget, named, perform, read_act};

/// The cookie that keeps the name of whoever acts, for the browser's session.
pub const NAME_COOKIE: &str = "aw_by";

/// `POST /incidents/{id}/{act}` and `/incidents/{id}/{act}/undo`.
pub async fn on_incident(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Path(path): Path<Vec<(String, String)>>,
    request: Request,
) -> Response<Body> {
    let part = |name: &str| form::value(&path, name).to_owned();
    let undo = request.uri().path().ends_with("/undo");
    let (id, name) = (part("id"), part("act"));
    let Ok(id) = id.parse::<i64>() else {
        return notice(&site, &visit, PageNotice::NotFound);
    };
    act(site, visit, request, move |fields, now| {
        let by = named(fields)?;
        let act = read_act(&name, undo, fields, now)?;
        Ok((ActTarget::Incident(id), act, by))
    })
    .await
}

/// `POST /sources/{source}/{probe}/observe`.
pub async fn on_probe(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    Path((source, probe)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    act(site, visit, request, move |fields, now| {
        let by = named(fields)?;
        let act = read_act("observe", false, fields, now)?;
        let key = ProbeKey::new(source, probe);
        Ok((ActTarget::Probe(key), act, by))
    })
    .await
}

async fn act(
    site: Arc<WebSite>,
    visit: Arc<Visit>,
    request: Request,
    read: impl FnOnce(&ActFields, Time) -> Result<(ActTarget, Act, String), ActError>,
) -> Response<Body> {
    let clock = site.clock.now();
    let (config, fields) = match sent(&site, &visit, request).await {
        Ok(sent) => sent,
        Err(answer) => return answer,
    };
    let (target, act, by) = match read(&fields, clock) {
        Ok(act) => act,
        Err(error) => return refusal(&site, &visit, &error),
    };
    let place = match &target {
        ActTarget::Incident(id) => format!("/incidents/{id}"),
        ActTarget::Probe(key) => {
            format!("/sources/{}", super::visit::path_part(key.source.as_str()))
        }
    };
    match perform(Arc::clone(&config), target, act, by.clone(), clock).await {
        Ok(()) => led_back(&config, &place, &by),
        Err(error) => refusal(&site, &visit, &error),
    }
}

/// The workspace and the fields of a form that a writer sent from a page of ours; else the answer.
async fn sent(
    site: &WebSite,
    visit: &Visit,
    request: Request,
) -> Result<(Arc<SiteConfig>, ActFields), Response<Body>> {
    let config = site.config();
    let from_here = form::is_from_here(request.headers(), config.web().base_url.as_ref());
    let fields = form::read(request, &site.limits).await?;
    let csrf = form::value(&fields, "csrf");
    let now = site.clock.now().timestamp();
    let session = visit.session.as_deref();
    let is_own = session.is_some_and(|session| config.sessions.is_csrf(session, csrf, now));
    if visit.role != Role::Writer || !from_here || !is_own {
        return Err(notice(site, visit, PageNotice::Refused));
    }
    Ok((config, fields))
}

/// Leads to a page, and keeps the name of whoever acted.
fn led_back(config: &SiteConfig, place: &str, by: &str) -> Response<Body> {
    let mut response = respond::lead_to(StatusCode::SEE_OTHER, place);
    let kept = super::visit::path_part(by);
    let (headers, secure) = (response.headers_mut(), config.is_https());
    respond::set_session_cookie(headers, NAME_COOKIE, &kept, secure);
    response
}

fn refusal(site: &WebSite, visit: &Visit, error: &ActError) -> Response<Body> {
    let kind = match error {
        ActError::Refused(_) => PageNotice::Refused,
        ActError::Missing => PageNotice::NotFound,
        ActError::Over => PageNotice::Over,
        ActError::Failed(error) => {
            tracing::error!("an act was not written: {error}");
            PageNotice::Unreadable
        }
    };
    notice(site, visit, kind)
}
