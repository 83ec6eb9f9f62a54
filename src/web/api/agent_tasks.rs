//! `GET /api/v1/agent/tasks`: what an agent does besides its schedule. A task is leased; one whose
//! results do not come is given again.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use tokio::time::Instant;

use super::agent::{LOOK_EVERY, agent_of, agree_on_format, files_of, wait_of};
use super::answer::{JSON, describe};
use super::problem::ApiProblem;
use super::query::check;
use crate::model::agent::{AgentTasks, MOST_TASKS, TASK_LEASE};
use crate::model::{ProbeKey, Time, VantageId};
use crate::store::{Store, StoreError};
use crate::web::readers::{OpenStore, PoolError};
use crate::web::site::WebSite;
use crate::web::snapshot::StoreGeneration;
use crate::web::visit::Visit;

/// A lease that ended changes no file, so that the store is read again after this long.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// Answers with the tasks of a vantage, as soon as there are any.
pub async fn tasks(
    State(site): State<Arc<WebSite>>,
    Extension(visit): Extension<Arc<Visit>>,
    headers: HeaderMap,
) -> Response<Body> {
    match wait_for_tasks(&site, &visit, &headers).await {
        Ok(tasks) => {
            let text = serde_json::to_string(&tasks).unwrap_or_default();
            let mut response = Response::new(Body::from(text));
            describe(response.headers_mut(), JSON, false);
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn wait_for_tasks(
    site: &Arc<WebSite>,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<AgentTasks, ApiProblem> {
    let vantage = agent_of(visit)?;
    check(&visit.query, &["wait"])?;
    agree_on_format(headers)?;
    let until = Instant::now() + Duration::from_secs(wait_of(visit)?);
    let mut looked: Option<((String, StoreGeneration), Instant)> = None;
    loop {
        let config = site.config();
        let path = &config.workspace.settings.store.path;
        let here = (config.tag.clone(), StoreGeneration::at(path));
        let is_known = looked
            .as_ref()
            .is_some_and(|(known, at)| *known == here && at.elapsed() < LOOK_AGAIN);
        if !is_known {
            // What the vantage may not probe by the configuration of now is not given.
            let files = files_of(Arc::clone(&config), vantage.clone()).await?;
            let found = lease(site, path.clone(), vantage, files.probes().to_vec()).await?;
            if !found.is_empty() {
                return Ok(found);
            }
            looked = Some((here, Instant::now()));
        }
        if Instant::now() >= until {
            return Ok(leased(Vec::new()));
        }
        tokio::time::sleep_until(until.min(Instant::now() + LOOK_EVERY)).await;
    }
}

fn leased(rounds: Vec<ProbeKey>) -> AgentTasks {
    AgentTasks {
        lease_seconds: TASK_LEASE.num_seconds().unsigned_abs(),
        rounds,
    }
}

/// Leases what waits at a vantage. The store is written only when something does.
async fn lease(
    site: &WebSite,
    path: PathBuf,
    vantage: &VantageId,
    probes: Vec<ProbeKey>,
) -> Result<AgentTasks, ApiProblem> {
    let now = site.clock.now();
    let own = vantage.clone();
    let look = move |open: &OpenStore| {
        let mut waiting = open.reader.waiting_rounds(now)?;
        waiting.retain(|round| round.is_free(&own, now) && probes.contains(&round.probe));
        Ok(waiting.into_iter().map(|round| round.probe).collect())
    };
    let mut free: Vec<ProbeKey> = match site.readers.read(look).await {
        Ok(free) => free,
        Err(PoolError::Store(StoreError::Missing { .. })) => Vec::new(),
        Err(error) => {
            tracing::warn!("an agent was not answered: {error}");
            return Err(ApiProblem::unreadable());
        }
    };
    free.truncate(MOST_TASKS);
    if free.is_empty() {
        return Ok(leased(free));
    }
    let given = write_lease(path, vantage, free, now).await;
    given.map(leased).map_err(|error| {
        tracing::error!("the tasks of an agent were not leased: {error}");
        ApiProblem::unreadable()
    })
}

async fn write_lease(
    path: PathBuf,
    vantage: &VantageId,
    probes: Vec<ProbeKey>,
    now: Time,
) -> Result<Vec<ProbeKey>, StoreError> {
    // Opening a store blocks.
    let opened = tokio::task::spawn_blocking(move || Store::open(&path)).await;
    let store = opened.map_err(|_| StoreError::Closed)??;
    let until = now + TASK_LEASE;
    let given = store.lease_rounds(vantage, probes, now, until).await?;
    Ok(given.into_iter().map(|round| round.probe).collect())
}
