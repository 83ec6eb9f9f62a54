//! The paths and what answers them.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use axum::{Extension, Router};

use super::page::{self, PageAnswer, PageNotice, answer, notice};
use super::site::WebSite;
use super::visit::Visit;
use super::{acts, api, feeds, gate, health, metrics, report, respond, sign_in};

type Site = State<Arc<WebSite>>;
type Visitor = Extension<Arc<Visit>>;

/// Every path, behind the gate.
pub fn router(site: Arc<WebSite>) -> Router {
    Router::new()
        .route("/", get(today))
        .route("/sources", get(sources))
        .route("/sources/{source}", get(source))
        .route("/sources/{source}/{probe}", get(probe))
        .route("/sources/{source}/{probe}/observe", post(acts::on_probe))
        .route("/matrix", get(matrix))
        .route("/incidents", get(incidents))
        .route("/incidents/{id}", get(incident))
        .route("/incidents/{id}/{act}", post(acts::on_incident))
        .route("/incidents/{id}/{act}/undo", post(acts::on_incident))
        .route("/vantages", get(vantages))
        .route("/vantages/{id}", get(vantage))
        .route("/documents", get(documents))
        .route("/documents/{id}", get(document))
        .route("/links", get(links))
        .route("/links/{id}", get(link))
        .route("/links/{id}/{act}", post(acts::on_link))
        .route("/links/{id}/{act}/undo", post(acts::on_link))
        .route("/health", get(health_page))
        .route("/method", get(method))
        .route("/reports", get(reports))
        .route("/reports/report.html", get(report::download))
        .route("/sign-in", get(sign_in::show).post(sign_in::sign_in))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/livez", get(health::livez))
        .route("/healthz", get(health::healthz))
        .route("/metrics", get(metrics::show))
        .merge(api::routes())
        .merge(feeds::routes())
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(from_fn_with_state(Arc::clone(&site), gate::pass))
        .with_state(site)
}

async fn today(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::today).await
}

async fn sources(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::sources).await
}

async fn source(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
) -> Response<Body> {
    answer(site, visit, move |context| page::source(context, &id)).await
}

async fn probe(
    State(site): Site,
    Extension(visit): Visitor,
    Path((source, probe)): Path<(String, String)>,
) -> Response<Body> {
    let make = move |context: &page::PageContext<'_>| page::probe(context, &source, &probe);
    answer(site, visit, make).await
}

async fn method(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::method).await
}

async fn reports(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::reports).await
}

async fn matrix(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::matrix).await
}

async fn vantages(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::vantages).await
}

async fn vantage(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
) -> Response<Body> {
    answer(site, visit, move |context| page::vantage(context, &id)).await
}

async fn documents(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::documents).await
}

async fn document(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
) -> Response<Body> {
    answer(site, visit, move |context| page::document(context, &id)).await
}

async fn links(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::links).await
}

async fn link(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
) -> Response<Body> {
    answer(site, visit, move |context| page::link(context, &id)).await
}

async fn health_page(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::health).await
}

async fn incidents(State(site): Site, Extension(visit): Visitor) -> Response<Body> {
    answer(site, visit, page::incidents).await
}

async fn incident(
    State(site): Site,
    Extension(visit): Visitor,
    Path(id): Path<String>,
) -> Response<Body> {
    answer(site, visit, move |context| page::incident(context, &id)).await
}

async fn not_found(State(site): Site, request: Request) -> Response<Body> {
    if request.uri().path().starts_with(api::FOLDER) {
        return api::ApiProblem::standard(StatusCode::NOT_FOUND).into_response();
    }
    match request.extensions().get::<Arc<Visit>>().cloned() {
        // The answer is made like a page, so that it has the same frame.
        Some(visit) => {
            let found = answer(site.clone(), visit.clone(), |_| Ok(PageAnswer::NotFound)).await;
            if found.status() == StatusCode::NOT_MODIFIED {
                return notice(&site, &visit, PageNotice::NotFound);
            }
            found
        }
        None => respond::plain(StatusCode::NOT_FOUND, "not found\n"),
    }
}

async fn not_allowed() -> Response<Body> {
    let line = "this address does not take that method\n";
    respond::plain(StatusCode::METHOD_NOT_ALLOWED, line)
}
