//! The addresses of the API and what answers them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::answer::{Accepted, answer_json};
use super::paths::{AGENT_HELLO, AGENT_TASKS, AGENT_WORKSPACE, MEASUREMENTS};
use super::query::{TableQuery, check};
use super::table::ApiTable;
use super::{acts, agent, agent_tasks, csv, list, measurements, openapi, single};
use crate::web::site::WebSite;
use crate::web::visit::Visit;

type Site = State<Arc<WebSite>>;
type Visitor = Extension<Arc<Visit>>;

/// Every address.
pub fn routes() -> Router<Arc<WebSite>> {
    let mut router = acts::routes()
        .route(MEASUREMENTS, post(measurements::receive))
        .route(AGENT_WORKSPACE, get(agent::workspace))
        .route(AGENT_HELLO, post(agent::hello))
        .route(AGENT_TASKS, get(agent_tasks::tasks))
        .route("/api/v1/sources/{source}", get(source))
        .route("/api/v1/incidents/{id}", get(incident))
        .route("/api/v1/openapi.json", get(description));
    for table in ApiTable::ALL.iter().copied() {
        let page = move |State(site): Site, Extension(visit): Visitor, headers: HeaderMap| {
            read(site, visit, table, Accepted::read(&headers))
        };
        let whole = move |State(site): Site, Extension(visit): Visitor, headers: HeaderMap| {
            let accepted = Accepted::read(&headers);
            let csv = Accepted {
                csv: true,
                ..accepted
            };
            read(site, visit, table, csv)
        };
        let path = table.path();
        router = router
            .route(&format!("{path}.csv"), get(whole))
            .route(&path, get(page));
    }
    router
}

async fn read(
    site: Arc<WebSite>,
    visit: Arc<Visit>,
    table: ApiTable,
    accepted: Accepted,
) -> Response<Body> {
    let query = match TableQuery::read(table, &visit.query, !accepted.csv) {
        Ok(query) => query,
        Err(problem) => return problem.into_response(),
    };
    if accepted.csv {
        return csv::stream(site, visit, table, query, accepted).await;
    }
    answer_json(&site, &visit, accepted, move |context| {
        list::page(context, table, &query)
    })
    .await
}

/// What an address of one object takes: JSON, and no parameters.
fn accepted_object(headers: &HeaderMap) -> Accepted {
    let accepted = Accepted::read(headers);
    Accepted {
        csv: false,
        ..accepted
    }
}

async fn source(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Err(problem) = check(&visit.query, &[]) {
        return problem.into_response();
    }
    let accepted = accepted_object(&headers);
    answer_json(&site, &visit, accepted, move |context| {
        single::source(context, &id)
    })
    .await
}

async fn incident(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    if let Err(problem) = check(&visit.query, &[]) {
        return problem.into_response();
    }
    let accepted = accepted_object(&headers);
    answer_json(&site, &visit, accepted, move |context| {
        single::incident(context, &id)
    })
    .await
}

async fn description(Extension(visit): Visitor) -> Response<Body> {
    if let Err(problem) = check(&visit.query, &[]) {
        return problem.into_response();
    }
    openapi::answer(&visit)
}
