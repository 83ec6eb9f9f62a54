//! `GET /api/v1/agent/tasks`: what an agent does besides its schedule. A task is leased; one whose
//! results do not come is given again.

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
use crate::engine::agents::tasks::{self, FreeTasks};
use crate::model::agent::{AgentTasks, MOST_TASKS};
use crate::model::{Time, VantageId};
use crate::store::{Store, StoreError, StoreGeneration};
use crate::web::readers::{OpenStore, PoolError};
use crate::web::site::{SiteConfig, WebSite};
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
            let found = lease(site, &config, vantage).await?;
            if !found.is_empty() {
                return Ok(found);
            }
            looked = Some((here, Instant::now()));
        }
        if Instant::now() >= until {
            return Ok(AgentTasks::default());
        }
        tokio::time::sleep_until(until.min(Instant::now() + LOOK_EVERY)).await;
    }
}

/// Leases what waits at a vantage. The store is written only when something does.
async fn lease(
    site: &WebSite,
    config: &Arc<SiteConfig>,
    vantage: &VantageId,
) -> Result<AgentTasks, ApiProblem> {
    let now = site.clock.now();
    // What the vantage may not probe by the configuration of now is not given.
    let files = files_of(Arc::clone(config), vantage.clone()).await?;
    let (own, shared) = (vantage.clone(), Arc::clone(config));
    let look = move |open: &OpenStore| {
        let settings = &shared.workspace.settings;
        tasks::free(
            &open.reader,
            settings,
            &own,
            files.probes(),
            MOST_TASKS,
            now,
        )
    };
    let free = match site.readers.read(look).await {
        Ok(free) => free,
        Err(PoolError::Store(StoreError::Missing { .. })) => return Ok(AgentTasks::default()),
        Err(error) => {
            tracing::warn!("an agent was not answered: {error}");
            return Err(ApiProblem::unreadable());
        }
    };
    if free.is_empty() {
        return Ok(AgentTasks::default());
    }
    let given = write_lease(config, vantage, free, now).await;
    given.map_err(|error| {
        tracing::error!("the tasks of an agent were not leased: {error}");
        ApiProblem::unreadable()
    })
}

async fn write_lease(
    config: &SiteConfig,
    vantage: &VantageId,
    free: FreeTasks,
    now: Time,
) -> Result<AgentTasks, StoreError> {
    let settings = &config.workspace.settings;
    let path = settings.store.path.clone();
    // Opening a store blocks.
    let opened = tokio::task::spawn_blocking(move || Store::open(&path)).await;
    let store = opened.map_err(|_| StoreError::Closed)??;
    tasks::lease(&store, settings, vantage, free, now).await
}
