//! `/api/v1/agent/`: what an agent measures, and what it reports.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use tokio::time::Instant;

use super::answer::{Accepted, ApiBody, JSON, describe, fresh, unchanged};
use super::problem::ApiProblem;
use super::query::check;
use crate::engine::agents::hello::{format_fault, heard as known_agent};
use crate::engine::agents::workspace::AgentFiles;
use crate::model::agent::{AgentHello, AgentWorkspace, FORMAT_HEADER, HelloAnswer, KnownAgent};
use crate::model::politeness::BackOff;
use crate::model::tracker_state::TrackerState;
use crate::model::{Vantage, VantageId};
use crate::store::{Store, StoreError, StoreGeneration};
use crate::web::accept::read_body;
use crate::web::readers::{OpenStore, PoolError};
use crate::web::respond;
use crate::web::role::Role;
use crate::web::site::{SiteConfig, WebSite};
use crate::web::visit::Visit;

/// The longest wait for a change, in seconds.
const LONGEST_WAIT: u64 = 60;
/// How often the store is read while an agent waits.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The vantage whose token was sent.
pub(super) fn agent_of(visit: &Visit) -> Result<&VantageId, ApiProblem> {
    visit.agent.as_ref().ok_or_else(|| {
        let status = if visit.role <= Role::Visitor {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::FORBIDDEN
        };
        ApiProblem::new(
            status,
            "Send the `token` of a [[vantage]] with `via = \"agent\"` as bearer.",
        )
    })
}

/// Refuses a program that writes another format, and names the version to install.
pub(super) fn agree_on_format(headers: &HeaderMap) -> Result<(), ApiProblem> {
    let Some(stated) = headers.get(FORMAT_HEADER) else {
        return Ok(());
    };
    let stated = stated.to_str().unwrap_or("?");
    let Some(detail) = format_fault(Some(stated)) else {
        return Ok(());
    };
    Err(ApiProblem::new(StatusCode::UPGRADE_REQUIRED, detail))
}

/// The workspace of the vantage: at once when it differs from the agent's, otherwise after `wait`
/// seconds without a change.
pub async fn workspace(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    headers: HeaderMap,
) -> Response<Body> {
    let accepted = Accepted {
        csv: false,
        ..Accepted::read(&headers)
    };
    match wait_for_change(&site, &visit, &headers).await {
        Ok((tag, Some(workspace))) => match serde_json::to_vec(&workspace) {
            Ok(json) => {
                let body = ApiBody {
                    json,
                    ..ApiBody::default()
                };
                fresh(&tag, body, accepted)
            }
            Err(error) => {
                tracing::error!("the workspace of an agent was not written: {error}");
                ApiProblem::standard(StatusCode::INTERNAL_SERVER_ERROR).into_response()
            }
        },
        Ok((tag, None)) => unchanged(&tag),
        Err(problem) => problem.into_response(),
    }
}

async fn wait_for_change(
    site: &Arc<WebSite>,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<(String, Option<AgentWorkspace>), ApiProblem> {
    let vantage = agent_of(visit)?;
    check(&visit.query, &["wait"])?;
    agree_on_format(headers)?;
    let until = Instant::now() + Duration::from_secs(wait_of(visit)?);
    let known = visit.if_none_match.as_deref();
    let mut looked: Option<(String, StoreGeneration)> = None;
    let mut tag = String::new();
    loop {
        let config = site.config();
        let path = &config.workspace.settings.store.path;
        let here = (config.tag.clone(), StoreGeneration::at(path));
        if looked.as_ref() != Some(&here) {
            let files = files_of(Arc::clone(&config), vantage.clone()).await?;
            let version = read(site, Arc::clone(&files), AgentFiles::version).await?;
            tag = respond::entity_tag(&[&version]);
            if !respond::matches(known, &tag) {
                let workspace = read(site, files, AgentFiles::workspace).await?;
                let tag = respond::entity_tag(&[&workspace.version]);
                return Ok((tag, Some(workspace)));
            }
            looked = Some(here);
        }
        if Instant::now() >= until {
            return Ok((tag, None));
        }
        tokio::time::sleep_until(until.min(Instant::now() + LOOK_EVERY)).await;
    }
}

pub(super) fn wait_of(visit: &Visit) -> Result<u64, ApiProblem> {
    let Some(text) = visit.query_value("wait") else {
        return Ok(0);
    };
    let wait = text.parse().ok().filter(|wait| *wait <= LONGEST_WAIT);
    wait.ok_or_else(|| {
        ApiProblem::bad_request(format!(
            "`wait` is a number of seconds up to {LONGEST_WAIT}."
        ))
    })
}

/// Reads the files, on a thread that may wait for the disk.
pub(super) async fn files_of(
    config: Arc<SiteConfig>,
    id: VantageId,
) -> Result<Arc<AgentFiles>, ApiProblem> {
    let work = tokio::task::spawn_blocking(move || read_files(&config, &id));
    work.await.unwrap_or_else(|error| {
        tracing::error!("the workspace of an agent was not read: {error}");
        Err(ApiProblem::standard(StatusCode::INTERNAL_SERVER_ERROR))
    })
}

fn read_files(config: &SiteConfig, id: &VantageId) -> Result<Arc<AgentFiles>, ApiProblem> {
    let vantages = &config.workspace.settings.vantages;
    let vantage: Option<&Vantage> = vantages.iter().find(|v| v.id == *id);
    let vantage = vantage.ok_or_else(|| ApiProblem::standard(StatusCode::UNAUTHORIZED))?;
    config.files_of(vantage).map_err(|error| {
        tracing::error!("the workspace of vantage {id} cannot be sent: {error}");
        ApiProblem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "The workspace cannot be sent now; the log of the hub says why.",
        )
    })
}

type Make<T> = fn(&AgentFiles, &TrackerState, &[BackOff], crate::model::Time) -> T;

/// Calls `make` with the files and the newest state. A missing store counts as empty.
async fn read<T: Send + 'static>(
    site: &Arc<WebSite>,
    files: Arc<AgentFiles>,
    make: Make<T>,
) -> Result<T, ApiProblem> {
    let now = site.clock.now();
    let own = Arc::clone(&files);
    let work = move |open: &OpenStore| {
        let (back_offs, _) = open.reader.politeness()?;
        Ok(make(&own, &open.snapshot.tracker, &back_offs, now))
    };
    match site.readers.read(work).await {
        Ok(answer) => Ok(answer),
        Err(PoolError::Store(StoreError::Missing { .. })) => {
            Ok(make(&files, &TrackerState::default(), &[], now))
        }
        Err(error) => {
            tracing::warn!("an agent was not answered: {error}");
            Err(ApiProblem::unreadable())
        }
    }
}

/// Keeps what an agent reports, and answers with the clock of the hub.
pub async fn hello(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    request: Request,
) -> Response<Body> {
    match heard(&site, &visit, request).await {
        Ok(answer) => {
            let text = serde_json::to_string(&answer).unwrap_or_default();
            let mut response = Response::new(Body::from(text));
            describe(response.headers_mut(), JSON, false);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn heard(
    site: &Arc<WebSite>,
    visit: &Visit,
    request: Request,
) -> Result<HelloAnswer, ApiProblem> {
    let vantage = agent_of(visit)?.clone();
    check(&visit.query, &[])?;
    agree_on_format(request.headers())?;
    let limits = site.limits;
    let body = read_body(request.into_body(), limits.form_bytes, &limits).await?;
    let hello: AgentHello = serde_json::from_slice(&body)
        .map_err(|error| ApiProblem::bad_request(format!("The report cannot be read: {error}.")))?;
    let now = site.clock.now();
    let agent = known_agent(vantage, &hello, now);
    let path = site.config().workspace.settings.store.path.clone();
    keep(&path, agent).await.map_err(|error| {
        tracing::error!("the report of an agent was not kept: {error}");
        ApiProblem::unreadable()
    })?;
    Ok(HelloAnswer { clock: now })
}

async fn keep(path: &std::path::Path, agent: KnownAgent) -> Result<(), StoreError> {
    let path = path.to_owned();
    // Opening a store blocks.
    let opened = tokio::task::spawn_blocking(move || Store::open(&path)).await;
    let store = opened.map_err(|_| StoreError::Closed)??;
    store.put_agent(agent).await
}
